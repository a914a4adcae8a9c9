"""Every collected workbook opens in the window; read from BABUTONG_CASES, never copied here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.domain.errors import AppError
from app.questionnaire.compile import compile_workbook
from app.questionnaire.engine import Engine
from app.questionnaire.loader import load_form
from tests.questionnaire.forms import NOW

WHERE = os.environ.get("BABUTONG_CASES", "")
FORMS = sorted(Path(WHERE, "forms").glob("*.xls*")) if WHERE else []
pytestmark = pytest.mark.skipif(not WHERE, reason="BABUTONG_CASES does not name the folder of recorded cases")


def engine_of_workbook(path):
    """The opened form, None when the compiler or the loader refuses it in words."""
    try:
        form = load_form(compile_workbook(path.read_bytes(), path.name).xform_xml)
        return Engine(form, NOW)
    except AppError:
        return None


def test_most_of_them_open():
    opened = [path for path in FORMS if engine_of_workbook(path) is not None]
    assert len(opened) >= 0.9 * len(FORMS)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_section_row_and_language_is_drawn(path, open_view, qapp):
    engine = engine_of_workbook(path)
    if engine is None:
        pytest.skip("the compiler refuses this workbook")
    view = open_view(engine)
    before = view.draft_xml()
    for language in engine.form.languages[:3] or ("",):
        view.set_language(language)
        for index in range(len(view.nav.buttons)):
            view.show_section(index)
            for roster in view.block.rosters():
                for row in range(len(roster.spread.rows)):
                    roster.choose(row)
            view.grab()
    assert view.draft_xml() == before
    view.finish()
    view.next_problem()
