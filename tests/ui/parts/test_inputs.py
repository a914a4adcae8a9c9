"""Every input gives the value the journal wants, however it was typed, and no input method gets in."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.domain.field_types import FieldDef, FieldType
from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.ui.parts.choices import Choice, CodeInput, CodesInput, FlagInput
from app.ui.parts.field_input import make_input
from app.ui.parts.inputs import (
    AreaInput,
    CodeLine,
    DateInput,
    IdNumberInput,
    LineInput,
    LongInput,
    MoneyInput,
    NumberInput,
)

CHOICES = (Choice("01", "因病"), Choice("02", "因学"), Choice("03", "因残"))


@pytest.fixture
def shown(qtbot):
    def show(widget):
        qtbot.addWidget(widget)
        widget.show()
        widget.setFocus()
        return widget

    return show


@pytest.mark.parametrize("made", [CodeLine, IdNumberInput, NumberInput, MoneyInput, AreaInput, DateInput])
def test_no_input_method_in_fields_for_digits(shown, made):
    widget = shown(made())
    assert widget.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is False


def test_names_take_chinese_from_an_input_method(shown):
    widget = shown(LineInput())
    assert widget.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is True
    event = QInputMethodEvent()
    event.setCommitString("古丽·买买提")
    QApplication.sendEvent(widget, event)
    assert widget.value() == "古丽·买买提"


def test_an_id_number_ending_in_x_can_be_typed(shown, qtbot):
    widget = shown(IdNumberInput())
    qtbot.keyClicks(widget, "99010119900307001x")
    assert widget.value() == "99010119900307001X"


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("", ""),
        ("0", 0),
        ("18600", 1_860_000),
        ("18,600.5", 1_860_050),
        ("１２．３４", 1234),
        (".5", 50),
        ("7.", 700),
        ("7。5", 750),
    ],
)
def test_money_is_fen(shown, typed, fen):
    widget = shown(MoneyInput("元"))
    widget.setText(typed)
    assert widget.problem() == ""
    assert widget.value() == fen


@pytest.mark.parametrize("typed", ["abc", "1.234", "-5", "1e5", "9" * 16, "."])
def test_money_that_cannot_be_read_says_how_to_write_it(shown, typed):
    widget = shown(MoneyInput("元"))
    widget.setText(typed)
    assert "1234.50" in widget.problem()
    assert widget.value() == ""


@pytest.mark.parametrize(
    ("fen", "text"), [(1_860_000, "18,600"), (1_860_050, "18,600.50"), (0, "0"), ("", "")]
)
def test_money_is_shown_as_yuan(shown, fen, text):
    widget = shown(MoneyInput("元"))
    widget.set_value(fen)
    assert widget.text() == text
    assert widget.value() == fen


def test_leaving_the_field_puts_the_number_in_order(shown, qtbot):
    widget = shown(MoneyInput("元"))
    qtbot.keyClicks(widget, "18600")
    with qtbot.waitSignal(widget.left_field):
        qtbot.keyClick(widget, Qt.Key.Key_Return)
    assert widget.text() == "18,600"


@pytest.mark.parametrize(
    "typed",
    ["20261005", "2026-10-5", "2026.10.05", "2026/10/5", "2026年10月5日", "２０２６-10-05", " 2026-10-05 "],
)
def test_a_date_however_written(shown, typed):
    widget = shown(DateInput())
    widget.setText(typed)
    assert widget.value() == "2026-10-05"


@pytest.mark.parametrize("typed", ["2026-02-30", "5/10/2026", "明天", "202610"])
def test_a_date_that_does_not_exist(shown, typed):
    widget = shown(DateInput())
    widget.setText(typed)
    assert widget.problem()
    assert widget.value() == ""


def test_a_whole_number_takes_no_decimals(shown):
    widget = shown(NumberInput("人"))
    widget.setText("3.5")
    assert widget.problem()
    widget.setText("12")
    assert widget.value() == 12


def test_land_is_hundredths_of_a_mu(shown):
    widget = shown(AreaInput("亩"))
    widget.setText("2.35")
    assert widget.value() == 235


def test_a_text_loses_blanks_and_nul(shown):
    widget = shown(LineInput())
    widget.setText("  王\0秀兰 ")
    assert widget.value() == "王秀兰"


def test_yes_and_no_by_digit(shown, qtbot):
    widget = shown(FlagInput())
    assert widget.value() == ""
    qtbot.keyClick(widget._yes, "1")
    assert widget.value() == 1
    qtbot.keyClick(widget._yes, "0")
    assert widget.value() == 0
    widget.set_value("")
    assert widget.value() == ""


def test_one_code_by_digit(shown, qtbot):
    widget = shown(CodeInput(CHOICES))
    with qtbot.waitSignal(widget.left_field):
        qtbot.keyClick(widget, "2")
    assert widget.value() == "02"
    qtbot.keyClick(widget, "9")
    assert widget.value() == "02"


def test_a_code_the_list_no_longer_has_is_kept(shown):
    widget = shown(CodeInput(CHOICES))
    widget.set_value("77")
    assert widget.value() == "77"
    widget.offer(CHOICES)
    assert widget.value() == "77"


def test_several_codes_are_sorted(shown):
    widget = shown(CodesInput(CHOICES))
    widget.set_value("03 01")
    assert widget.value() == "01 03"
    widget.set_value("")
    assert widget.value() == ""
    widget.set_value("99")
    assert widget.value() == "99"


def test_several_lines_of_text(shown):
    widget = shown(LongInput())
    widget.set_value("第一行\n第二行")
    assert widget.value() == "第一行\n第二行"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_field_a_person_fills_in_has_an_input(qtbot, kind):
    for definition in FIELDS[kind].values():
        if definition.type in (FieldType.ID, FieldType.DIGEST):
            with pytest.raises(ValueError, match=definition.code):
                make_input(definition)
            continue
        widget = make_input(definition, CHOICES)
        qtbot.addWidget(widget)
        assert widget.value() == ""
        assert widget.problem() == ""


@pytest.mark.parametrize(
    ("field_type", "value"),
    [
        (FieldType.TEXT, "石板村"),
        (FieldType.CODE, "02"),
        (FieldType.CODES, "01 03"),
        (FieldType.DATE, "2026-10-05"),
        (FieldType.FLAG, 0),
        (FieldType.COUNT, 4),
        (FieldType.FEN, 1_860_050),
        (FieldType.AREA, 235),
    ],
)
def test_what_is_put_in_comes_out(qtbot, field_type, value):
    widget = make_input(FieldDef(Kind.HOUSEHOLD, "x", field_type), CHOICES)
    qtbot.addWidget(widget)
    widget.set_value(value)
    assert widget.value() == value
    widget.set_value("")
    assert widget.value() == ""
