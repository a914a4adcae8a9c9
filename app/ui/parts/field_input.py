"""The right input for a field of the domain."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.field_types import FieldType
from app.ui.parts.choices import CodeInput, CodesInput, FlagInput
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
from app.ui.parts.masked_input import MaskedInput, PlainField
from app.ui.texts import has, t

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.field_types import FieldDef
    from app.ui.parts.choices import Choice

_DM2 = "dm2"
_YEAR = "year"
_ID_NUMBERS = frozenset({"id_number"})
_CODES = frozenset({"phone", "code", "bank_account", "village", "disability_no", "accepted_no", "auth_no"})
_LONG = frozenset({"note", "notes", "minutes", "finding", "explanation", "reason", "content"})


AnyInput = PlainField | MaskedInput


class YearInput(NumberInput):
    """A year of the calendar: nobody groups its digits."""

    def set_value(self, value: int | str) -> None:
        """Show the year as it is."""
        self.setText(str(value))


def make_input(definition: FieldDef, choices: Sequence[Choice] = ()) -> PlainField:
    """Return an empty input for ``definition``; ``choices`` are the codes of its list today.

    Raises:
        ValueError: for ids and digests, which nobody types.
    """
    makers: dict[FieldType, Callable[[], PlainField]] = {
        FieldType.TEXT: partial(_text, definition.code),
        FieldType.CODE: partial(CodeInput, choices),
        FieldType.CODES: partial(CodesInput, choices),
        FieldType.DATE: DateInput,
        FieldType.FLAG: FlagInput,
        FieldType.FEN: partial(MoneyInput, t("app.unit_yuan")),
        FieldType.AREA: partial(AreaInput, t("app.unit_mu")),
        FieldType.COUNT: partial(NumberInput, unit_words(definition.unit)),
        # Floors are measured in square metres and kept in square decimetres.
        FieldType.NUMBER: partial(AreaInput, t("app.unit_m2"))
        if definition.unit == _DM2
        else partial(YearInput if definition.unit == _YEAR else NumberInput, unit_words(definition.unit)),
    }
    maker = makers.get(definition.type)
    if maker is None:
        message = f"{definition.kind}.{definition.code} is not typed by hand"
        raise ValueError(message)
    return maker()


def unit_words(unit: str) -> str:
    """Return the word for a unit code of the domain; units without a word are not shown."""
    key = f"app.unit_{unit.replace('/', '_')}"
    return t(key) if unit and has(key) else ""


def _text(code: str) -> LineInput | LongInput:
    if code in _ID_NUMBERS:
        return IdNumberInput()
    if code in _CODES:
        return CodeLine()
    if code in _LONG:
        return LongInput()
    return LineInput()
