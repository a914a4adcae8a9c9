"""Which editor serves which question: (control, type of answer, appearance) -> editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.questionnaire.corefields import is_sensitive
from app.questionnaire.definition import ControlKind
from app.questionnaire.xpath.values import text_number
from app.ui.questionnaire.check_list import PopupTicksEditor
from app.ui.questionnaire.choosers import RadioEditor, TicksEditor, columns_of
from app.ui.questionnaire.combos import ListEditor
from app.ui.questionnaire.editors import (
    CodeText,
    DigitsText,
    Editor,
    GeoLine,
    LineEditor,
    LongEditor,
    MaskedText,
    ShyText,
    TextLine,
    TickEditor,
)
from app.ui.questionnaire.files import NO_FILES, FileEditor, Files, PhotoEditor
from app.ui.questionnaire.moments import DateLine, MomentEditor, MomentLine, MonthLine, TimeLine
from app.ui.questionnaire.numbers import NumberLine
from app.ui.questionnaire.ranges import RangeEditor, Scale
from app.ui.questionnaire.shown import ElsewhereEditor, NoteEditor, ShownEditor, TotalEditor
from app.ui.texts import has, t

if TYPE_CHECKING:
    from datetime import date

    from app.questionnaire.engine import Engine
    from app.questionnaire.state import Entry

MOST_RADIOS = 7
"""More choices than this stand in a list."""

_COLUMN = 14  # letters that fit one column beside each other
_BUTTON = 2.5  # letters the circle of a choice and the gap after it take
_LABEL_COLUMN = 15  # letters of a label that fit one column
_MOST_PICKED = 300  # numbers a list may hold
_WIDE_LOOKS = frozenset({"multiline", "wide"})
_LIST_LOOKS = frozenset({"minimal", "autocomplete", "search"})
_TOTAL_LOOKS = frozenset({"live", "hh-total"})
_NUMBERS = frozenset({"int", "integer", "decimal"})
_LINES, _MOST_LINES = 3, 12  # of a box of several lines


@dataclass(frozen=True, slots=True)
class Question:
    """What an editor is made for; ``files`` is what the page does with files."""

    engine: Engine
    entry: Entry
    files: Files = NO_FILES

    @property
    def looks(self) -> tuple[str, ...]:
        """Words of the appearance column."""
        return self.entry.control.appearance if self.entry.control is not None else ()

    @property
    def type(self) -> str:
        """Type of the answer."""
        return self.entry.bind.type if self.entry.bind is not None else "string"

    @property
    def unit(self) -> str:
        """The word for the unit named in the appearance column, "" without one."""
        keys = (f"questionnaire.unit_{look}" for look in self.looks)
        return next((t(key) for key in keys if has(key)), "")

    def option(self, name: str, default: float) -> float:
        """A number among the control's attributes."""
        options = self.entry.control.options if self.entry.control is not None else dict[str, str]()
        number = text_number(options.get(name, ""))
        return number if number == number else default  # noqa: PLR0124 - NaN

    @property
    def today(self) -> date:
        """The day it is in the form's zone."""
        return self.engine.scope.now.astimezone(self.engine.zone).date()

    def ref(self) -> str:
        """The question's path with positions of rows, as it is now."""
        return self.entry.ref

    def media(self) -> str:
        """What may be uploaded: ``image``, ``audio``, ``video``, ``osm``, ``*`` for anything."""
        options = self.entry.control.options if self.entry.control is not None else dict[str, str]()
        return options.get("mediatype", "*").partition("/")[0]


Maker = Callable[[Question], Editor]


def _text(question: Question) -> Editor:
    return LineEditor(ShyText() if is_sensitive(question.entry.core) else TextLine())


def _masked(_question: Question) -> Editor:
    return LineEditor(MaskedText())


def _code(_question: Question) -> Editor:
    return LineEditor(CodeText())


def _digits(_question: Question) -> Editor:
    return LineEditor(DigitsText())


def _place(_question: Question) -> Editor:
    return LineEditor(GeoLine())


def _long(question: Question) -> Editor:
    return LongEditor(min(round(question.option("rows", _LINES)), _MOST_LINES))


def _whole(question: Question) -> Editor:
    return LineEditor(NumberLine(question.unit, decimals=False, separated="year" not in question.looks))


def _decimal(question: Question) -> Editor:
    return LineEditor(NumberLine(question.unit, decimals=True, separated=True))


def _date(question: Question) -> Editor:
    return MomentEditor(DateLine(), question.today)


def _month(_question: Question) -> Editor:
    return LineEditor(MonthLine())


def _year(_question: Question) -> Editor:
    return LineEditor(MonthLine(years=True))


def _time(question: Question) -> Editor:
    return LineEditor(TimeLine(question.engine.zone, question.today))


def _moment(question: Question) -> Editor:
    return MomentEditor(MomentLine(question.engine.zone), question.today)


def _select_one(question: Question) -> Editor:
    many = len(question.engine.choices(question.entry)) > MOST_RADIOS
    columns = columns_of(question.looks)
    if (many and not columns) or _LIST_LOOKS.intersection(question.looks):
        return ListEditor()
    return RadioEditor(columns, question.files)


def _select_many(question: Question) -> Editor:
    if _LIST_LOOKS.intersection(question.looks):
        return PopupTicksEditor()
    return TicksEditor(columns_of(question.looks), question.files)


def _scale(question: Question) -> Scale:
    return Scale(question.option("start", 0), question.option("end", 10), question.option("step", 1))


def _range(question: Question) -> Editor:
    return RangeEditor(_scale(question))


def _picker(question: Question) -> Editor:
    scale = _scale(question)
    if scale.last > _MOST_PICKED:
        return RangeEditor(scale)
    made = ListEditor()
    made.keep(scale.choices())
    return made


def _tick(_question: Question) -> Editor:
    return TickEditor()


def _file(question: Question) -> Editor:
    kind = question.media()
    if kind == "image":
        return PhotoEditor(question.files, question.ref)
    known = kind in {"*", "application", "text"}
    return FileEditor(question.files, question.ref) if known else ElsewhereEditor()


def _elsewhere(_question: Question) -> Editor:
    return ElsewhereEditor()


def _shown(question: Question) -> Editor:
    if _TOTAL_LOOKS.intersection(question.looks):
        return TotalEditor(question.unit)
    return ShownEditor(question.unit, number=question.type in _NUMBERS)


def _note(_question: Question) -> Editor:
    return NoteEditor()


REGISTRY: dict[tuple[ControlKind, str, str], Maker] = {
    (ControlKind.INPUT, "string", ""): _text,
    (ControlKind.INPUT, "string", "multiline"): _long,
    (ControlKind.INPUT, "string", "numbers"): _digits,
    (ControlKind.INPUT, "string", "masked"): _masked,
    (ControlKind.SECRET, "", ""): _masked,
    (ControlKind.INPUT, "int", ""): _whole,
    (ControlKind.INPUT, "integer", ""): _whole,
    (ControlKind.INPUT, "decimal", ""): _decimal,
    (ControlKind.INPUT, "date", ""): _date,
    (ControlKind.INPUT, "date", "month-year"): _month,
    (ControlKind.INPUT, "date", "year"): _year,
    (ControlKind.INPUT, "time", ""): _time,
    (ControlKind.INPUT, "dateTime", ""): _moment,
    (ControlKind.INPUT, "geopoint", ""): _place,
    (ControlKind.INPUT, "barcode", ""): _code,
    (ControlKind.SELECT_ONE, "", ""): _select_one,
    (ControlKind.SELECT_ONE, "", "label"): _note,
    (ControlKind.SELECT_MANY, "", ""): _select_many,
    (ControlKind.SELECT_MANY, "", "label"): _note,
    (ControlKind.RANGE, "", ""): _range,
    (ControlKind.RANGE, "", "picker"): _picker,
    (ControlKind.TRIGGER, "", ""): _tick,
    (ControlKind.UPLOAD, "", ""): _file,
    (ControlKind.UPLOAD, "", "signature"): _elsewhere,
    (ControlKind.UPLOAD, "", "draw"): _elsewhere,
    (ControlKind.UPLOAD, "", "annotate"): _elsewhere,
}
"""Editors by (control, type, appearance); "" stands for any. What is not here is shown and kept."""


def is_note(question: Question) -> bool:
    """A read-only text without calculation and answer says something and asks nothing."""
    bind, control = question.entry.bind, question.entry.control
    return (
        control is not None
        and control.kind == ControlKind.INPUT
        and question.type == "string"
        and bind is not None
        and bind.readonly is not None
        and bind.calculate is None
        and question.entry.readonly
        and not question.entry.stored
    )


def editor_for(question: Question) -> Editor:
    """Make the editor of a question."""
    control = question.entry.control
    if control is None:
        return _shown(question)
    if is_note(question):
        return _note(question)
    keys = [(control.kind, kind, look) for look in (*question.looks, "") for kind in (question.type, "")]
    maker = next((REGISTRY[key] for key in keys if key in REGISTRY), None)
    if maker is None:
        return ElsewhereEditor()
    return _shown(question) if question.entry.readonly else maker(question)


def letters(text: str) -> float:
    """Width of a text in Chinese letters; Latin ones take about half."""
    return sum(0.55 if ord(c) < 0x2000 else 1.0 for c in text)  # noqa: PLR2004 - where wide letters begin


def span_of(question: Question, editor: Editor) -> int:
    """Columns (1 to 3) a question wants: for its editor, and for its label in one line."""
    if isinstance(editor, (NoteEditor, LongEditor, TicksEditor)) or _WIDE_LOOKS.intersection(question.looks):
        return 3
    wide = min(3, 1 + int(letters(question.engine.wording.label(question.entry)) / _LABEL_COLUMN))
    if isinstance(editor, RadioEditor):
        choices = question.engine.choices(question.entry)
        total = sum(letters(c.label) + _BUTTON for c in choices)
        short = total <= _COLUMN and not any(c.image for c in choices) and not columns_of(question.looks)
        return wide if short else 3
    if isinstance(editor, PhotoEditor):
        return max(2, wide)
    return wide
