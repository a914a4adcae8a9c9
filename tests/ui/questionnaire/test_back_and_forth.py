"""Undo and redo, rows that come back, last year's answers, unreadable texts, languages."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QRadioButton,
)

from tests.questionnaire.forms import engine_of
from tests.ui.questionnaire.looking import WAGE, field, index_of, titles

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_what_was_taken_back_can_be_done_again(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "收入情况"))
    view.focus_first()
    qtbot.keyClicks(view.focusWidget(), "700")
    assert view.card.undo.isEnabled()
    assert not view.card.redo.isEnabled()
    view.card.undo.click()
    assert engine.at(WAGE)[0].value == ""
    qtbot.keyClick(view, Qt.Key.Key_Y, CONTROL)
    assert engine.at(WAGE)[0].value == "700"
    view.undo()
    qtbot.keyClick(view, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert engine.at(WAGE)[0].value == "700"
    assert field(view, WAGE).editor.line.text() == "700"
    view.undo()
    qtbot.keyClicks(field(view, WAGE).editor.line, "5")
    assert not view.can_redo()
    view.redo()
    assert engine.at(WAGE)[0].value == "5"


def test_a_row_removed_by_mistake_comes_back_with_all_it_held(engine, open_view, ask):
    view = open_view(engine, ask=ask)
    view.show_section(index_of(view, "家庭成员"))
    before = view.draft_xml()
    roster = view.block.rosters()[0]
    ask.answers = [True]
    roster.remove_button.click()
    assert len(roster.spread.rows) == 1
    removed = view.draft_xml()
    view.undo()
    assert view.draft_xml() == before
    assert field(view, "/data/family/member[1]/name").editor.line.text() == "王秀兰"
    view.redo()
    assert view.draft_xml() == removed
    view.undo()
    roster.add_button.click()
    view.answer("/data/family/member[3]/name", "周小燕")
    view.undo()
    assert view.draft_xml() == before
    view.redo()
    assert len(roster.spread.rows) == 3


def test_rows_that_went_with_a_count_come_back_with_it(open_view, qtbot):
    engine = engine_of("""
    | survey |
    |        | type         | name | label | repeat_count |
    |        | integer      | n    | 几人  | |
    |        | begin_repeat | who  | 谁    | ${n} |
    |        | text         | name | 姓名  | |
    |        | end_repeat   |      |       | |
    """)
    view = open_view(engine)
    view.focus_first()
    qtbot.keyClicks(view.focusWidget(), "3")
    view.answer("/data/who[2]/name", "乙")
    number = field(view, "/data/n").editor.line
    view._history.close()
    number.selectAll()
    qtbot.keyClicks(number, "12")  # by way of 1
    assert engine.entry("/data/who[2]/name").value == ""
    view.undo()
    assert [entry.value for entry in engine.at("/data/who/name")] == ["", "乙", ""]
    view.redo()
    assert len(engine.at("/data/who/name")) == 12
    view.show_section(1)
    assert view.block.rosters()[0].add_button.isHidden()


def test_one_answer_of_last_year_can_be_taken_over(engine, open_view, qtbot):
    before = {"income.wage.wage_away": "21000", "income.wage.wage_local": "300"}
    view = open_view(engine, before)
    view.show_section(index_of(view, "收入情况"))
    field(view, WAGE).reuse.click()
    assert engine.at(WAGE)[0].value == "21000"
    view.undo()
    assert engine.at(WAGE)[0].value == ""
    local = field(view, WAGE.replace("away", "local"))
    local.take_focus()
    qtbot.keyClick(view, Qt.Key.Key_D, CONTROL)
    assert local.entry.value == "300"


def test_what_cannot_be_read_is_there_again_and_keeps_the_form_open(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "收入情况"))
    wage = field(view, WAGE)
    wage.take_focus()
    qtbot.keyClicks(view.focusWidget(), "1o0")
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "外出务工工资" in titles(view), timeout=5000)
    view.show_section(0)
    assert WAGE in view._progress.refs()
    view.go_to(WAGE)
    assert field(view, WAGE).editor.line.text() == "1o0"
    view.set_language("中文(zh)")
    assert field(view, WAGE).editor.line.text() == "1o0"


LANGUAGES = """
| survey  |
|         | type           | name | label::中文 | label::English | appearance |
|         | begin_group    | g    | 第一        | First          | |
|         | select_one yn  | a    | 甲          | Alpha          | |
|         | text           | b    | 乙          | Beta           | |
|         | end_group      |      |             |                | |
| choices |
|         | list_name | name | label::中文 | label::English |
|         | yn        | y    | 是          | Yes |
|         | yn        | n    | 否          | No  |
"""


def test_another_language_changes_words_only(open_view, qtbot):
    engine = engine_of(LANGUAGES)
    view = open_view(engine)
    view.answer("/data/g/b", "答")
    before = view.draft_xml()
    box = view.card.languages
    with qtbot.waitSignal(view.language_chosen) as told:
        box.setCurrentIndex(box.findData("English"))
        box.activated.emit(box.currentIndex())
    assert told.args == ["English"]
    assert [f.label() for f in view.fields()] == ["Alpha", "Beta"]
    assert [b.text() for b in view.fields()[0].findChildren(QRadioButton)] == ["Yes", "No"]
    assert view.nav.buttons[0].text() == "First"
    assert view.draft_xml() == before
    assert view.can_undo() is False


def test_a_form_in_one_language_offers_none(engine, open_view):
    assert open_view(engine).card.languages.isHidden()
