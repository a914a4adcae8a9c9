"""A form by keyboard: Enter goes on, marks say what is wrong, F8 finds them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from app.ui.parts.choices import Choice, CodeInput, CodesInput, FlagInput
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import DateInput, LineInput, LongInput, MoneyInput


@pytest.fixture
def form(qtbot):
    made = FormGrid(3)
    made.section("收入", "填报期 2025 年")
    made.add("name", "姓名", LineInput(), required=True, hint="与户口簿一致")
    made.add("wage", "工资性收入", MoneyInput("元/年"), required=True)
    made.add("kind", "原因", CodeInput((Choice("01", "因病"), Choice("02", "因学"))))
    made.add("signed", "户主签字", FlagInput())
    made.add("on", "日期", DateInput())
    made.add("note", "备注", LongInput(), span=3)
    made.add("risks", "风险", CodesInput((Choice("01", "因病"), Choice("02", "因学"))), span=3)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def here(form):
    return form._focused()


def test_enter_goes_through_all_fields_and_out(form, qtbot):
    form.focus("name")
    seen = []
    with qtbot.waitSignal(form.finished):
        for _ in range(7):
            seen.append(here(form))
            modifier = (
                Qt.KeyboardModifier.ControlModifier if seen[-1] == "note" else Qt.KeyboardModifier.NoModifier
            )
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, modifier)
    assert seen == ["name", "wage", "kind", "signed", "on", "note", "risks"]


def test_shift_enter_goes_back(form, qtbot):
    form.focus("wage")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert here(form) == "name"


def test_enter_makes_a_new_line_in_a_note(form, qtbot):
    form.focus("note")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert here(form) == "note"


def test_disabled_fields_are_passed_over(form, qtbot):
    form.field("wage").setEnabled(False)
    form.focus("name")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert here(form) == "kind"


def test_check_marks_what_is_lacking_and_how_to_fill_it(form):
    assert form.check() == ("name", "wage")
    texts = {label.text() for label in form.findChildren(QLabel)}
    assert "必填；没有请填 0" in texts
    assert "必填，还没有填" in texts
    form.fill({"name": "王秀兰", "wage": 0})
    assert form.check() == ()


def test_only_wrong_writing_is_marked_on_leaving(form, qtbot):
    form.focus("name")
    with qtbot.waitSignal(form.edited) as edited:
        qtbot.keyClicks(QApplication.focusWidget(), "W")
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert edited.args == ["name"]
    assert form.problems() == ()
    form.focus("on")
    qtbot.keyClicks(QApplication.focusWidget(), "2026-02-30")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert form.problems() == ("on",)


def test_the_next_problem_goes_round(form):
    form.set_problem("wage", "偏大")
    form.set_warning("note", "请确认")
    form.focus("name")
    form.next_problem()
    assert here(form) == "wage"
    form.next_problem()
    assert here(form) == "note"
    form.next_problem()
    assert here(form) == "wage"
    form.next_problem(backwards=True)
    assert here(form) == "note"


def test_marks_do_not_move_the_fields(form, qtbot):
    before = form.field("kind").mapTo(form, form.field("kind").rect().topLeft())
    height = form.sizeHint().height()
    form.check()
    assert form.sizeHint().height() == height
    assert form.field("kind").mapTo(form, form.field("kind").rect().topLeft()) == before


def test_values_come_and_go(form):
    values = {
        "name": "王秀兰",
        "wage": 1_860_000,
        "kind": "02",
        "signed": 1,
        "on": "2026-10-05",
        "note": "在家",
        "risks": "01 02",
    }
    form.fill(values)
    assert form.values() == values


def test_nothing_is_clipped_and_everything_has_a_name(
    form, assert_no_clipped_labels, assert_accessible_names
):
    form.check()
    assert_no_clipped_labels(form)
    assert_accessible_names(form)


def test_nothing_is_clipped_in_large_type(large, form, assert_no_clipped_labels):
    form.check()
    assert_no_clipped_labels(form)
