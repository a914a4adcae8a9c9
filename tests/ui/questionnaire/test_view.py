"""Filling in the visit questionnaire in the window, by keyboard."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QInputMethodEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QRadioButton,
    QSlider,
)

from app.ui.questionnaire.files import Files
from app.ui.questionnaire.numbers import grouped
from app.ui.questionnaire.shown import ElsewhereEditor, ShownEditor
from tests.questionnaire.forms import engine_of
from tests.ui.questionnaire.looking import WAGE, field, index_of, live, titles


def test_income_per_head_follows_every_keystroke_with_its_arithmetic(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "收入情况"))
    view.focus_first()
    box = view.focusWidget()
    assert isinstance(box, QLineEdit)
    qtbot.keyClicks(box, "18600")
    assert engine.at(WAGE)[0].value == "18600"
    assert "人均纯收入 14,200 元" in live(view)
    shown = field(view, "/data/income/income_result/per_head")
    assert isinstance(shown.editor, ShownEditor)
    assert shown.editor.shown.text() == "14,200"
    assert shown.said() == "28400 ÷ 2 人"
    net = field(view, "/data/income/income_result/net_income")
    assert net.said() == "18600＋9800＋0＋0－0"


def test_a_number_shows_its_thousands_only_while_the_cursor_is_elsewhere(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "收入情况"))
    box = field(view, "/data/income/income_operating/crops").editor.line
    assert box.text() == "9,800"
    box.setFocus()
    assert box.text() == "9800"
    assert box.selectedText() == "9800"
    qtbot.keyClicks(box, "12345.5")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.text() == "12,345.5"


def test_enter_goes_on_and_shift_enter_back(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "支出情况"))
    view.focus_first()
    first = view.focusWidget()
    qtbot.keyClick(first, Qt.Key.Key_Return)
    second = view.focusWidget()
    assert second is field(view, "/data/expense/education_cost").editor.line
    qtbot.keyClick(second, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert view.focusWidget() is first


def test_enter_on_the_last_field_opens_the_next_section(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "支出情况"))
    last = field(view, "/data/expense/other_cost").editor.line
    last.setFocus()
    qtbot.keyClick(last, Qt.Key.Key_Return)
    assert view.nav.buttons[view.current].text() == "住房饮水"
    assert view.focusWidget() is field(view, "/data/housing/house/house_structure").editor.box


def test_a_missing_answer_is_told_after_the_cursor_was_there(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "支出情况"))
    medical = field(view, "/data/expense/medical")
    assert medical.said() == "报销以后自己付的"
    medical.take_focus()
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Return)
    assert medical.said() == "没有请填 0"
    assert medical.editor.line.property("state") == "error"
    assert view.nav.buttons[view.current].line() == "1 处需改正"
    medical.take_focus()
    qtbot.keyClicks(view.focusWidget(), "0")
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Return)
    assert medical.said() == "报销以后自己付的"
    qtbot.waitUntil(lambda: "教育支出" in titles(view), timeout=5000)
    assert "合规自付医疗支出" not in titles(view)


def test_text_that_is_no_number_is_told_and_not_kept(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "支出情况"))
    medical = field(view, "/data/expense/medical")
    medical.take_focus()
    qtbot.keyClicks(view.focusWidget(), "12a")
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Return)
    assert medical.said() == "请填数字，例如 1234.50"
    assert medical.entry.stored == ""
    assert medical.editor.line.text() == "12a"


def test_questions_come_and_go_with_the_answers(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "住房饮水"))
    distance = field(view, "/data/housing/water/water_distance")
    assert not distance.isVisible()
    source = field(view, "/data/housing/water/water_source").editor.box
    assert isinstance(source, QComboBox)
    source.setFocus()
    qtbot.keyClick(source, "4")
    assert engine.at("/data/housing/water/water_source")[0].value == "river"
    assert distance.entry.relevant
    qtbot.waitUntil(distance.isVisible, timeout=5000)
    qtbot.keyClick(source, "1")
    assert not distance.isVisible()


def test_radio_buttons_by_digit_and_delete(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "吃穿家产"))
    food = field(view, "/data/food_clothes/food")
    food.take_focus()
    assert isinstance(view.focusWidget(), QRadioButton)
    qtbot.keyClick(view.focusWidget(), "2")
    assert food.entry.value == "0"
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Delete)
    assert food.entry.value == ""


def test_a_digit_presses_a_button_though_the_window_has_digits_of_its_own(engine, open_view, qtbot):
    view = open_view(engine)
    steps: list[int] = []
    for number in range(10):
        action = QAction("步骤", view)
        action.setShortcut(QKeySequence(str(number)))
        action.triggered.connect(partial(steps.append, number))
        view.addAction(action)
    view.show_section(index_of(view, "吃穿家产"))
    food = field(view, "/data/food_clothes/food")
    food.take_focus()
    qtbot.keyClick(view.focusWidget(), "2")
    assert (food.entry.value, steps) == ("0", [])
    assets = field(view, "/data/food_clothes/assets")
    assets.take_focus()
    qtbot.keyClick(view.focusWidget(), "1")
    assert (assets.entry.value, steps) == ("none", [])
    qtbot.keyClick(view.focusWidget(), "9")  # no such choice: the window's own key again
    assert steps == [9]


def test_several_choices_and_a_tick(engine, open_view, qtbot):
    view = open_view(engine)
    causes = field(view, "/data/basic/other_causes")
    boxes = {b.text(): b for b in causes.findChildren(QCheckBox)}
    for name in ("因学", "因病", "因残"):
        qtbot.mouseClick(boxes[name], Qt.MouseButton.LeftButton, pos=boxes[name].rect().center() / 2)
    assert causes.entry.value == "disability illness schooling"
    assert causes.said().startswith("最多选 2 项")
    informed = field(view, "/data/basic/informed")
    informed.take_focus()
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Space)
    assert informed.entry.value == "OK"


def test_a_slider_is_blank_until_it_is_moved(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "核查结论"))
    certainty = field(view, "/data/verdict/certainty")
    certainty.take_focus()
    assert isinstance(view.focusWidget(), QSlider)
    assert certainty.entry.value == ""
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Right)
    assert certainty.entry.value == "2"


def test_a_date_is_taken_however_it_is_written(engine, open_view, qtbot):
    view = open_view(engine)
    visited = field(view, "/data/basic/visited_on")
    visited.take_focus()
    qtbot.keyClicks(view.focusWidget(), "2026.10.5")
    assert visited.entry.value == "2026-10-05"
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Return)
    assert visited.editor.line.text() == "2026-10-05"


def test_numbers_and_dates_keep_the_input_method_out(engine, open_view):
    view = open_view(engine)
    asked = Qt.InputMethodQuery.ImEnabled
    assert field(view, "/data/basic/visited_on").editor.line.inputMethodQuery(asked) is False
    assert field(view, "/data/basic/respondent").editor.line.inputMethodQuery(asked) is not False
    view.show_section(index_of(view, "收入情况"))
    assert field(view, WAGE).editor.line.inputMethodQuery(asked) is False


def test_nothing_is_kept_or_judged_while_chinese_is_being_composed(engine, open_view):
    view = open_view(engine)
    respondent = field(view, "/data/basic/respondent")
    respondent.take_focus()
    QApplication.sendEvent(respondent.editor.line, QInputMethodEvent("wang", []))
    assert respondent.entry.stored == ""
    done = QInputMethodEvent("", [])
    done.setCommitString("王秀兰")
    QApplication.sendEvent(respondent.editor.line, done)
    assert respondent.entry.stored == "王秀兰"


def test_rows_are_shown_added_and_removed(engine, open_view, qtbot, ask):
    view = open_view(engine, ask=ask)
    view.show_section(index_of(view, "家庭成员"))
    name = field(view, "/data/family/member[1]/name")
    assert name.editor.line.text() == "王秀兰"
    roster = view.block.rosters()[0]
    qtbot.mouseClick(roster.add_button, Qt.MouseButton.LeftButton)
    assert len(roster.spread.rows) == 3
    assert view.focusWidget() is field(view, "/data/family/member[3]/name").editor.line
    done = QInputMethodEvent("", [])
    done.setCommitString("周小燕")
    QApplication.sendEvent(view.focusWidget(), done)
    assert engine.at("/data/family/persons")[0].value == "3"
    ask.answers = [False, True]
    qtbot.mouseClick(roster.remove_button, Qt.MouseButton.LeftButton)
    assert len(roster.spread.rows) == 3
    qtbot.mouseClick(roster.remove_button, Qt.MouseButton.LeftButton)
    assert len(roster.spread.rows) == 2
    assert view.fields()[0].entry.ref == "/data/family/member[2]/name"


def test_enter_past_the_last_question_of_a_row_opens_the_next_row(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "家庭成员"))
    last = [f for f in view.fields() if f.can_focus()][-1]
    last.take_focus()
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Return)
    assert view.focusWidget() is field(view, "/data/family/member[2]/name").editor.line


def test_f8_visits_the_problems_in_every_section_and_row(engine, open_view, qtbot):
    view = open_view(engine)
    view.finish()
    assert view.focusWidget() is field(view, "/data/basic/respondent").editor.line
    qtbot.keyClick(view, Qt.Key.Key_F8)
    assert view.focusWidget() is field(view, "/data/basic/informed").editor.box
    qtbot.keyClick(view, Qt.Key.Key_F8)
    assert view.focusWidget() is field(view, "/data/family/member[2]/labour").editor.box
    qtbot.keyClick(view, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert view.focusWidget() is field(view, "/data/basic/informed").editor.box


def test_finishing_needs_everything_right(open_view, qtbot):
    engine = engine_of("""
    | survey |
    |        | type        | name | label | required |
    |        | begin_group | g    | 第一  | |
    |        | text        | a    | 甲    | yes |
    |        | end_group   |      |       | |
    |        | begin_group | h    | 第二  | |
    |        | integer     | b    | 乙    | |
    |        | end_group   |      |       | |
    """)
    view = open_view(engine)
    assert view.primary_text() == "下一节：第二"
    view.go_on()
    assert view.primary_text() == "完成核查表"
    heard = []
    view.finished.connect(lambda: heard.append(1))
    view.go_on()
    assert heard == []
    assert view.current == 0
    qtbot.keyClicks(view.focusWidget(), "x")
    view.go_on()
    view.go_on()
    assert heard == [1]


def test_every_change_is_told_and_the_draft_has_it(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "收入情况"))
    view.focus_first()
    with qtbot.waitSignal(view.changed, timeout=5000):
        qtbot.keyClicks(view.focusWidget(), "7")
    assert "<wage_away>7</wage_away>" in view.draft_xml()


def test_last_year_stands_beside_and_fills_what_is_empty(engine, open_view):
    before = {"income.wage.wage_away": "21000", "income.operating.crops": "2980"}
    view = open_view(engine, before)
    view.show_section(index_of(view, "收入情况"))
    view.reuse_previous()
    assert engine.at(WAGE)[0].value == "21000"
    assert engine.at("/data/income/income_operating/crops")[0].value == "9800"
    assert field(view, WAGE).reuse.text() == "上年 21,000"
    assert view.can_undo()
    view.undo()
    assert engine.at(WAGE)[0].value == ""
    assert not view.can_undo()


def test_answers_are_taken_back_one_question_at_a_time(engine, open_view, qtbot):
    view = open_view(engine)
    view.show_section(index_of(view, "吃穿家产"))
    food, clothing = (field(view, f"/data/food_clothes/{name}") for name in ("food", "clothing"))
    for made in (food, clothing):
        made.take_focus()
        qtbot.keyClick(view.focusWidget(), "1")
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (food.entry.value, clothing.entry.value) == ("1", "")
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert food.entry.value == ""
    field(view, "/data/food_clothes/livestock").take_focus()
    qtbot.keyClicks(view.focusWidget(), "0012")
    assert engine.at("/data/food_clothes/livestock")[0].value == "12"
    view.undo()
    assert engine.at("/data/food_clothes/livestock")[0].value == ""


def test_a_photo_is_fetched_by_the_page(engine, open_view, qtbot):
    asked = []

    def attach(ref):
        asked.append(ref)
        return "photo-1.jpg"

    view = open_view(engine, files=Files(choose=attach))
    view.show_section(index_of(view, "住房饮水"))
    photo = field(view, "/data/housing/house/house_photo")
    qtbot.mouseClick(photo.editor.choose, Qt.MouseButton.LeftButton)
    assert asked == ["/data/housing/house/house_photo"]
    assert photo.entry.value == "photo-1.jpg"


def test_a_kind_of_question_we_do_not_know_is_shown_and_kept(open_view):
    table = """
    | survey |
    |        | type       | name | label |
    |        | text       | a    | 甲 |
    |        | geotrace   | line | 路线 |
    """
    first = engine_of(table)
    draft = first.to_xml().replace("<line/>", "<line>1 2 0.0 0.0;3 4 0.0 0.0</line>")
    engine = engine_of(table, draft)
    view = open_view(engine)
    line = field(view, "/data/line")
    assert isinstance(line.editor, ElsewhereEditor)
    assert not line.can_focus()
    assert "1.0 2.0 0.0 0.0; 3.0 4.0 0.0 0.0" in view.draft_xml()


def test_narrow_windows_fold_the_hints_but_keep_the_result(engine, open_view, qtbot):
    view = open_view(engine, width=1000)
    assert not view.hints.isVisible()
    assert "人均纯收入 4,900 元" in view.card.remark.text()
    qtbot.mouseClick(view.card.fold, Qt.MouseButton.LeftButton)
    assert view.hints.isVisible()


@pytest.mark.parametrize("section", range(8))
def test_nothing_is_clipped_and_everything_has_a_name(
    engine, open_view, section, assert_no_clipped_labels, assert_accessible_names
):
    view = open_view(engine, {"income.wage.wage_away": "21000"})
    view.show_section(section)
    assert_no_clipped_labels(view)
    assert_accessible_names(view)


@pytest.mark.parametrize("section", range(8))
def test_nothing_is_clipped_in_large_type(large, engine, open_view, section, assert_no_clipped_labels):
    view = open_view(engine, {"income.wage.wage_away": "21000"}, width=1222, height=540)
    view.show_section(section)
    assert_no_clipped_labels(view)
    assert view.minimumSizeHint().width() <= 1222


def test_numbers_are_grouped() -> None:
    assert [grouped(x) for x in ("1234567.5", "1234.0", "-1234", "12a", "")] == [
        "1,234,567.5",
        "1,234",
        "-1,234",
        "12a",
        "",
    ]
