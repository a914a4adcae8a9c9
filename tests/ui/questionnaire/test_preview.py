"""Looking at a form before it is published."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest
from PySide6.QtWidgets import QLabel

from app.ui.questionnaire.preview import FindingLine, FormPreview, Previewed
from app.usecases.clock import FixedClock
from app.wiring.preview import preview_of
from tests.questionnaire.forms import engine_of
from tests.ui.questionnaire.all_types import ALL_TYPES, picture

ROOT = Path(__file__).resolve().parents[3]
CLOCK = FixedClock(datetime(2026, 11, 22, 2, 30, tzinfo=UTC))


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "form.md"
    path.write_text(dedent(ALL_TYPES), encoding="utf-8")
    folder = tmp_path / "form-media"
    folder.mkdir()
    for name in ("house.png", "tile.png", "mud.png"):
        (folder / name).write_bytes(picture(name))
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    return path


@pytest.fixture
def open_preview(qtbot):
    def opened(shown):
        made = FormPreview(shown)
        qtbot.addWidget(made)
        made.resize(1286, 728)
        made.show()
        return made

    return opened


def said(widget):
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]


def test_a_form_is_tried_out_in_either_language_and_forgotten(workbook, open_preview, qtbot):
    shown = preview_of(workbook, CLOCK)
    page = open_preview(shown)
    assert page.windowTitle() == "预览：全部题型"
    assert "预览：不保存" in page.frame._pill.text()
    assert not any(finding.severe for finding in shown.findings)
    first = page.view.engine
    page.view.answer("/data/texts/line", "王秀兰")
    box = page.view.card.languages
    box.setCurrentIndex(box.findData("English(en)"))
    box.activated.emit(box.currentIndex())
    assert page.view.nav.buttons[0].text() == "Text"
    page.again.click()
    assert page.view.engine is not first
    assert page.view.engine.at("/data/texts/line")[0].stored == ""
    assert page.view.nav.buttons[0].text() == "Text"


def test_pictures_beside_the_workbook_are_shown(workbook, open_preview):
    shown = preview_of(workbook, CLOCK)
    assert shown.files.picture("jr://images/house.png") == picture("house.png")
    assert shown.files.picture("other.png") == b""


def test_finishing_says_so_and_keeps_nothing(open_preview, qtbot):
    table = "| survey |\n| | type | name | label |\n| | text | a | 甲 |"
    page = open_preview(Previewed("小表", lambda: engine_of(table)))
    page.frame.primary.click()
    assert "不保存" in page.frame._pill.text()
    assert page.frame._pill.text().startswith("填完了")


def test_a_form_with_errors_shows_its_findings_alone(tmp_path, open_preview):
    path = tmp_path / "bad.md"
    path.write_text("| survey |\n| | type | name | label |\n| | wrong | a | 甲 |\n", encoding="utf-8")
    shown = preview_of(path, CLOCK)
    assert shown.start is None
    page = open_preview(shown)
    assert page.view is None
    assert any("wrong" in words for words in said(page.findings))
    assert any("第 2 行" in words for words in said(page.findings))
    assert not page.again.isVisible()
    page.restart()
    assert page.view is None


def test_what_goes_wrong_at_opening_is_a_finding_too(tmp_path):
    path = tmp_path / "circle.md"
    path.write_text(
        "| survey |\n| | type | name | label | calculation |\n"
        "| | calculate | a | | ${b} + 1 |\n| | calculate | b | | ${a} + 1 |\n| | text | c | 丙 | |\n",
        encoding="utf-8",
    )
    severe = [one for one in preview_of(path, CLOCK).findings if one.severe]
    assert any("绕了一圈" in one.sentence for one in severe)
    assert any("第 2 行" in one.place for one in severe)


def test_a_file_that_is_not_there(tmp_path):
    shown = preview_of(tmp_path / "none.xlsx", CLOCK)
    assert shown.start is None
    assert "none.xlsx" in shown.findings[0].sentence


def test_findings_stand_with_the_worst_first(open_preview, assert_no_clipped_labels):
    findings = (FindingLine(False, "survey 第 9 行", "提示一"), FindingLine(True, "", "错误一"))
    page = open_preview(Previewed("小表", None, findings))
    told = said(page.findings)
    assert told.index("错误一") < told.index("提示一")
    assert_no_clipped_labels(page)


def run_cli(*arguments):
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "app.cli", "form", "preview", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_the_command_line_opens_it_in_another_process(workbook):
    done = run_cli(str(workbook), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    os.kill(told["process"], signal.SIGKILL)  # it was running, or this would fail
    assert told["file"] == str(workbook)


def test_the_command_line_refuses_a_file_that_is_not_there(tmp_path):
    done = run_cli(str(tmp_path / "none.xlsx"))
    assert done.returncode == 1
    assert "none.xlsx" in done.stderr
