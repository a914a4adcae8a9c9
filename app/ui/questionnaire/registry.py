"""Which editor serves which question: (control, type of answer, appearance) -> editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.questionnaire.definition import ControlKind
from app.questionnaire.xpath.values import text_number
from app.ui.questionnaire.choosers import ListEditor, RadioEditor, TicksEditor
from app.ui.questionnaire.editors import (
    CodeText,
    DateEditor,
    DateLine,
    Editor,
    FileEditor,
    LineEditor,
    LongEditor,
    NoteEditor,
    NumberLine,
    RangeEditor,
    ShownEditor,
    TextLine,
    TickEditor,
)
from app.ui.texts import has, t

if TYPE_CHECKING:
    from app.questionnaire.engine import Engine
    from app.questionnaire.state import Entry

MOST_RADIOS = 7
"""More choices than this stand in a list."""

_SHORT_CHOICES = 8  # characters of all choices together that fit one column
_WIDE_LOOKS = frozenset({"multiline", "wide"})
_LIST_LOOKS = frozenset({"minimal", "autocomplete", "search"})


@dataclass(frozen=True, slots=True)
class Question:
    """What an editor is made for; ``attach`` fetches a file and returns its name."""

    engine: Engine
    entry: Entry
    attach: Callable[[], str] | None = None

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
        options = self.entry.control.options if self.entry.control is not None else {}
        number = text_number(options.get(name, ""))
        return number if number == number else default  # noqa: PLR0124 - NaN


Maker = Callable[[Question], Editor]


def _text(_question: Question) -> Editor:
    return LineEditor(TextLine())


def _code(_question: Question) -> Editor:
    return LineEditor(CodeText())


def _long(_question: Question) -> Editor:
    return LongEditor()


def _whole(question: Question) -> Editor:
    return LineEditor(NumberLine(question.unit, decimals=False, separated="year" not in question.looks))


def _decimal(question: Question) -> Editor:
    return LineEditor(NumberLine(question.unit, decimals=True, separated=True))


def _date(_question: Question) -> Editor:
    return DateEditor(DateLine())


def _select_one(question: Question) -> Editor:
    many = len(question.engine.choices(question.entry)) > MOST_RADIOS
    listed = many or _LIST_LOOKS.intersection(question.looks)
    return ListEditor() if listed else RadioEditor()


def _select_many(_question: Question) -> Editor:
    return TicksEditor()


def _range(question: Question) -> Editor:
    return RangeEditor(question.option("start", 0), question.option("end", 10), question.option("step", 1))


def _tick(_question: Question) -> Editor:
    return TickEditor()


def _file(question: Question) -> Editor:
    return FileEditor(question.attach)


def _shown(question: Question) -> Editor:
    return ShownEditor(question.unit)


def _note(_question: Question) -> Editor:
    return NoteEditor()


REGISTRY: dict[tuple[ControlKind, str, str], Maker] = {
    (ControlKind.INPUT, "string", ""): _text,
    (ControlKind.INPUT, "string", "multiline"): _long,
    (ControlKind.INPUT, "string", "numbers"): _code,
    (ControlKind.INPUT, "int", ""): _whole,
    (ControlKind.INPUT, "integer", ""): _whole,
    (ControlKind.INPUT, "decimal", ""): _decimal,
    (ControlKind.INPUT, "date", ""): _date,
    (ControlKind.INPUT, "time", ""): _code,
    (ControlKind.INPUT, "dateTime", ""): _code,
    (ControlKind.INPUT, "geopoint", ""): _code,
    (ControlKind.INPUT, "barcode", ""): _code,
    (ControlKind.SELECT_ONE, "", ""): _select_one,
    (ControlKind.SELECT_MANY, "", ""): _select_many,
    (ControlKind.RANGE, "", ""): _range,
    (ControlKind.TRIGGER, "", ""): _tick,
    (ControlKind.UPLOAD, "", ""): _file,
}
"""Editors by (control, type, appearance); "" stands for any. What is not here is shown and kept."""


def is_note(question: Question) -> bool:
    """A read-only text without calculation says something and asks nothing."""
    bind, control = question.entry.bind, question.entry.control
    return (
        control is not None
        and control.kind == ControlKind.INPUT
        and question.type == "string"
        and bind is not None
        and bind.readonly is not None
        and bind.calculate is None
        and question.entry.readonly
    )


def editor_for(question: Question) -> Editor:
    """Make the editor of a question."""
    control = question.entry.control
    if control is None:
        return _shown(question)
    if is_note(question):
        return _note(question)
    if question.entry.readonly:
        return _shown(question)
    keys = [(control.kind, question.type, look) for look in question.looks]
    keys += [(control.kind, question.type, ""), (control.kind, "", "")]
    maker = next((REGISTRY[key] for key in keys if key in REGISTRY), _shown)
    return maker(question)


def span_of(question: Question, editor: Editor) -> int:
    """Columns (1 to 3) an editor wants."""
    if isinstance(editor, (NoteEditor, LongEditor, TicksEditor)) or _WIDE_LOOKS.intersection(question.looks):
        return 3
    if isinstance(editor, RadioEditor):
        letters = sum(len(c.label) for c in question.engine.choices(question.entry))
        return 1 if letters <= _SHORT_CHOICES else 3
    return 1
