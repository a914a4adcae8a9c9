"""Types into a questionnaire until it is killed, telling after each kept draft how many keys it holds."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.questionnaire.engine import Engine
from app.storage.drafts import Drafts
from app.ui.questionnaire.autosave import Autosave
from app.ui.questionnaire.view import QuestionnaireView
from app.ui.runner import Runner
from tests.questionnaire.forms import NOW, form_of

KEY = b"k" * 32
FORM = """
| survey |
|        | type | name | label |
|        | text | a    | 甲 |
|        | text | b    | 乙 |
|        | text | c    | 丙 |
"""


def keys_in(xml: str) -> int:
    """How many keys a draft holds."""
    body = xml[xml.index("<a") : xml.index("<meta")] if "<meta" in xml else xml[xml.index("<a") :]
    return body.count("5")


def main() -> int:
    """Type a five every 20 ms into the next field."""
    app = QApplication(sys.argv[:1])
    drafts = Drafts(Path(sys.argv[1]), KEY)
    view = QuestionnaireView(Engine(form_of(FORM), NOW))
    view.show()
    view.activateWindow()
    runner = Runner(ThreadPoolExecutor(1), ThreadPoolExecutor(2))
    held = 0

    def write(text: str) -> None:
        nonlocal held
        drafts.save("visit:1", text, NOW)
        held = keys_in(text)

    keeper = Autosave(view.draft_xml, write, runner.read, view)
    view.changed.connect(keeper.touch)
    keeper.saved.connect(lambda: print(held, flush=True))
    fields = view.fields()
    typed = iter(range(1_000_000))

    def type_one() -> None:
        QTest.keyClicks(fields[next(typed) % 3].editor.line, "5")

    timer = QTimer()
    timer.setInterval(20)
    timer.timeout.connect(type_one)
    timer.start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
