"""Filling in the visit questionnaire in the window, by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QDate, QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QInputMethodEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSlider,
)

from app.questionnaire.engine import Engine
from app.ui.questionnaire.files import Files
from app.ui.questionnaire.hints import HintButton
from app.ui.questionnaire.numbers import grouped
from app.ui.questionnaire.shown import ElsewhereEditor, ShownEditor, TotalEditor
from tests.questionnaire.forms import NOW, engine_of, form_of
from tests.ui.questionnaire.all_types import ALL_TYPES, ANSWERS, picture

WAGE = "/data/income/income_wage/wage_away"


def field(view, ref):
    return next(f for f in view.fields() if f.entry.ref == ref)


def index_of(view, title):
    return next(i for i, b in enumerate(view.nav.buttons) if b.text() == title)


def titles(view):
    return {h.hint.title for h in view.hints.findChildren(HintButton) if not h.isHidden()}


def live(view):
    return {w.accessibleName() for w in view.hints.findChildren(object) if hasattr(w, "accessibleName")}


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
    assert "1 2 0.0 0.0;3 4 0.0 0.0" in view.draft_xml()


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


def test_rows_within_rows_come_and_go(open_view, qtbot):
    engine = engine_of("""
    | survey |
    |        | type         | name   | label |
    |        | begin_repeat | member | 成员  |
    |        | text         | name   | 姓名  |
    |        | begin_repeat | job    | 经历  |
    |        | text         | place  | 地点  |
    |        | end_repeat   |        |       |
    |        | end_repeat   |        |       |
    """)
    view = open_view(engine)
    outer = view.block.rosters()[0]
    inner = view.block.rosters()[1]
    inner.add_button.click()
    view.answer("/data/member[1]/job[2]/place", "东莞")
    outer.add_button.click()
    outer.choose(0)
    assert len(view.block.rosters()[1].spread.rows) == 2
    view.go_to("/data/member[1]/job[2]/place")
    assert view.focusWidget().text() == "东莞"
    before = view.draft_xml()
    outer.remove_button.click()
    view.undo()
    assert view.draft_xml() == before


def test_a_long_roster_is_a_list_with_one_row_of_widgets(open_view, qtbot):
    engine = engine_of("""
    | survey |
    |        | type         | name   | label |
    |        | begin_repeat | member | 成员  |
    |        | text         | name   | 姓名  |
    |        | end_repeat   |        |       |
    """)
    spread = engine.at("/data/member")[0]
    for _ in range(39):
        engine.add_row(spread)
    for number, entry in enumerate(engine.at("/data/member/name"), 1):
        engine.answer(entry, f"成员{number}")
    view = open_view(engine)
    roster = view.block.rosters()[0]
    assert len(view.fields()) == 1
    strip = roster.strip
    assert strip.box.currentText() == "1 成员1"
    strip.forth.click()
    assert view.fields()[0].editor.line.text() == "成员2"
    strip.back.click()
    assert not strip.back.isEnabled()
    strip.box.finder.activated.emit("40 成员40")
    assert view.fields()[0].editor.line.text() == "成员40"
    strip.box.activated.emit(9)
    assert view.fields()[0].editor.line.text() == "成员10"
    assert roster.title() == "成员10"


def test_cascades_offer_what_fits_the_answer_before(open_view, qtbot):
    engine = engine_of("""
    | survey  |
    |         | type           | name | label | choice_filter |
    |         | select_one t   | town | 乡镇  | |
    |         | select_one h   | home | 小组  | town = ${town} |
    | choices |
    |         | list_name | name | label | town |
    |         | t | t1 | 东乡 | |
    |         | t | t2 | 西乡 | |
    |         | h | h1 | 一组 | t1 |
    |         | h | h2 | 二组 | t2 |
    """)
    view = open_view(engine)
    town, home = view.fields()
    assert home.findChildren(QRadioButton) == []
    town.take_focus()
    qtbot.keyClick(view.focusWidget(), "1")
    assert [b.text() for b in home.editor.stops] == ["一组"]
    home.take_focus()
    qtbot.keyClick(view.focusWidget(), "1")
    town.take_focus()
    qtbot.keyClick(view.focusWidget(), "2")
    assert home.entry.stored == ""
    assert [b.text() for b in home.editor.stops] == ["二组"]


def test_kinds_from_elsewhere_keep_their_answers_while_others_are_edited(open_view):
    engine = Engine(form_of(ALL_TYPES), NOW)
    for name, text in ANSWERS.items():
        engine.put(engine.at(f"/data/{name}")[0], text)
    view = open_view(Engine(engine.form, NOW, engine.to_xml()), files=Files(picture=picture))
    view.answer("/data/texts/line", "周国强")
    view.show_section(4)
    for made in view.fields():
        assert isinstance(made.editor, ElsewhereEditor)
        assert made.said() == "这里不能填，内容原样保留"
        assert not made.can_focus()
    kept = view.engine.to_xml()
    for name, text in ANSWERS.items():
        if name.startswith("foreign/"):
            assert f">{text}</{name.rpartition('/')[2]}>" in kept


@pytest.mark.parametrize("section", range(5))
def test_every_kind_is_whole_and_named(open_view, section, assert_no_clipped_labels, assert_accessible_names):
    view = open_view(Engine(form_of(ALL_TYPES), NOW), files=Files(picture=picture))
    view.show_section(section)
    assert_no_clipped_labels(view)
    assert_accessible_names(view)


@pytest.mark.parametrize("section", range(5))
def test_every_kind_is_whole_in_large_type(large, open_view, section, assert_no_clipped_labels):
    view = open_view(Engine(form_of(ALL_TYPES), NOW), files=Files(picture=picture), width=1222, height=540)
    view.show_section(section)
    assert_no_clipped_labels(view)


def test_explanations_open_and_a_picture_stands_with_its_question(open_view, qtbot):
    view = open_view(Engine(form_of(ALL_TYPES), NOW), files=Files(picture=picture))
    name = field(view, "/data/texts/line")
    assert not name._guidance.isVisible()
    name._guide.click()
    assert name._guidance.isVisible()
    assert "户口簿" in name._guidance.said()
    view.show_section(1)
    roof = field(view, "/data/chosen/roof")
    assert not roof._picture.pixmap().isNull()
    assert [b.iconSize().width() for b in roof.editor.stops] == [72, 72]


def test_a_note_follows_the_answers(open_view, qtbot):
    view = open_view(Engine(form_of(ALL_TYPES), NOW))
    note = field(view, "/data/texts/hello")
    assert note._label.said() == "您好，，请如实填写。斜体，红字。"
    view.answer("/data/texts/line", "<b>王</b>*兰*")
    assert "<b>王</b>" in note._label.said()


def test_a_total_is_read_back_in_large_type_and_in_words(open_view):
    view = open_view(Engine(form_of(ALL_TYPES), NOW))
    view.answer("/data/texts/people", "4")
    view.answer("/data/texts/wage", "18600")
    total = field(view, "/data/texts/total").editor
    assert isinstance(total, TotalEditor)
    assert (total.shown.text(), total.aloud()) == ("4,650", "四千六百五十元")


def test_the_calendar_picks_and_clears_a_day(open_view, qtbot):
    view = open_view(Engine(form_of(ALL_TYPES), NOW))
    view.show_section(2)
    day, moment = field(view, "/data/others/day"), field(view, "/data/others/moment")
    for made, expected in ((day, "2026-11-22"), (moment, "2026-11-22T00:00:00.000+08:00")):
        made.editor.pick.trigger()
        made.editor.popup.findChildren(QPushButton)[0].click()
        assert made.entry.stored == expected
    moment.editor.open_calendar()
    moment.editor.popup.calendar.clicked.emit(QDate(2026, 10, 5))
    assert moment.editor.line.text() == "2026-10-05 00:00"
    day.editor.open_calendar()
    day.editor.popup.findChildren(QPushButton)[1].click()
    assert day.entry.stored == ""


def test_photos_are_dropped_pasted_and_taken_away(open_view, tmp_path, qtbot):
    got = []

    def take(ref, path):
        got.append((ref, path.name))
        return path.name

    def paste(ref, image):
        got.append((ref, image.width()))
        return "pasted.png"

    view = open_view(Engine(form_of(ALL_TYPES), NOW), files=Files(take=take, paste=paste))
    view.show_section(2)
    photo = field(view, "/data/others/photo")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "notes.txt"))])
    photo.editor.zone.dropped.emit(data)
    assert photo.entry.stored == ""
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "house.JPG"))])
    photo.editor.zone.dropped.emit(data)
    assert photo.entry.stored == "house.JPG"
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(0)
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(photo.editor.choose, Qt.Key.Key_V, CONTROL)
    assert photo.entry.stored == "pasted.png"
    qtbot.keyClick(photo.editor.choose, Qt.Key.Key_Delete)
    assert photo.entry.stored == ""
    assert got == [(photo.entry.ref, "house.JPG"), (photo.entry.ref, 30)]
    QGuiApplication.clipboard().clear()


def test_many_choices_that_come_late_stand_in_a_list(open_view, qtbot):
    rows = "\n".join(f"| | h | h{n} | {n} 组 | t1 |" for n in range(1, 12))
    engine = engine_of(f"""| survey |
| | type | name | label | choice_filter |
| | text | town | 乡镇 | |
| | select_one h | home | 小组 | town = ${{town}} |
| choices |
| | list_name | name | label | town |
{rows}
""")
    view = open_view(engine)
    home = field(view, "/data/home")
    assert not isinstance(home.editor.widget, QComboBox)
    view.answer("/data/town", "t1")
    assert isinstance(home.editor.widget, QComboBox)
    home.take_focus()
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Return, SHIFT)
    assert view.focusWidget() is field(view, "/data/town").editor.line
    assert home.touched
    view.answer("/data/home", "h11")
    assert home.editor.box.currentText() == "11 组"
