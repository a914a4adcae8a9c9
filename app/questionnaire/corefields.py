"""Between a form's answers and the fields of households: the workbook column ``bind::hh:field``.

A field is ``<kind>.<code>`` as in ``app.domain.fields`` (``household.address``, ``member.health``,
``conditions.house_grade``, ``case.visited_on``), or ``income.<category>.<item>`` and
``expense.<category>`` with an amount. ``member.id`` in a repeat is the member's entity id; an amount in the
same repeat is that member's own. ``check.per_head`` is the form's own income per head in yuan: it is compared
with ours when the form is finished and never written. ``known.<field>`` shows what is recorded already and is
never written back.
Forms speak yuan, mu and square metres; the journal fen, 0.01 mu and square decimetres.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.field_types import FieldType
from app.domain.fields import FIELDS
from app.domain.ids import Kind, Value
from app.questionnaire.building import below
from app.questionnaire.xpath.values import number_text, text_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.submission import Cell
    from app.questionnaire.definition import FormModel
    from app.questionnaire.engine import Engine
    from app.questionnaire.state import Entry

CHECKS = frozenset({"check.per_head"})
"""What a question may be tied to only to be compared."""

_HUNDRED = 100
_NEW_ROW = "+"
_MONEY = (Kind.INCOME, Kind.EXPENSE)
_WHOLE = frozenset({FieldType.FLAG, FieldType.COUNT, FieldType.NUMBER})
_ROW_ID = "id"

KNOWN = "known."
"""Beginning of a field that is shown and never written back."""


@dataclass(frozen=True, slots=True)
class CoreAnswer:
    """One answer for the household's records; ``row`` is the path of the repeat's row, "" outside."""

    row: str
    field: str
    value: Value


def _factor(field: str) -> int:
    """How many journal units one unit of the form has; 0 for what is no number."""
    kind, _, code = field.partition(".")
    if kind in _MONEY:
        return _HUNDRED
    definition = FIELDS[Kind(kind)].get(code) if kind in list(Kind) else None
    if definition is None:
        return 0
    if definition.type in {FieldType.FEN, FieldType.AREA} or definition.unit == "dm2":
        return _HUNDRED
    return 1 if definition.type in _WHOLE else 0


def is_sensitive(field: str) -> bool:
    """Whether a field is an identity number, a telephone, an account or the like, to be covered on screen."""
    kind, _, code = field.removeprefix(KNOWN).partition(".")
    definition = FIELDS[Kind(kind)].get(code) if kind in list(Kind) else None
    return definition is not None and definition.sensitive


def _is_codes(field: str) -> bool:
    kind, _, code = field.partition(".")
    definition = FIELDS[Kind(kind)].get(code) if kind in list(Kind) else None
    return definition is not None and definition.type is FieldType.CODES


def journal_value(field: str, text: str) -> Value:
    """An answer as the journal keeps it; "" for a blank or something that is no number where one must be."""
    factor = _factor(field)
    if factor:
        plain = "1" if text == "OK" else text
        number = text_number(plain) * factor
        return "" if math.isnan(number) else math.floor(round(number, 6) + 0.5)
    return " ".join(sorted(text.split())) if _is_codes(field) else text


def form_text(field: str, value: Value) -> str:
    """A value of the journal as the form writes it."""
    factor = _factor(field)
    if not factor or not isinstance(value, int):
        return str(value)
    whole, rest = divmod(value, factor)
    return number_text(float(value) / factor) if rest else str(whole)


def _row_of(entry: Entry) -> Entry | None:
    here: Entry | None = entry
    while here is not None and here.row_of is None:
        here = here.parent
    return here


def core_fields(engine: Engine) -> tuple[CoreAnswer, ...]:
    """All answers that belong to the household's records, in the form's order.

    What is not relevant is left out; a question left blank gives "".
    """
    found: list[CoreAnswer] = []
    for entry in engine.entries():
        if not entry.core or not entry.relevant or entry.repeat is not None:
            continue
        if entry.core.startswith(KNOWN):
            continue
        row = _row_of(entry)
        found.append(
            CoreAnswer(row.ref if row is not None else "", entry.core, journal_value(entry.core, entry.value))
        )
    return tuple(found)


def row_path(form: FormModel, kind: str) -> str:
    """The repeat that lists entities of a kind: the one whose rows hold ``<kind>.id``; "" for none."""
    wanted = f"{kind}.{_ROW_ID}"
    path = next((bind.path for bind in form.binds.values() if bind.core == wanted), "")
    return max((p for p in form.repeats if path.startswith(f"{p}/")), key=len, default="")


def own_amounts(form: FormModel) -> frozenset[str]:
    """The income and expense fields asked of each member."""
    rows = row_path(form, Kind.MEMBER)
    inside = (b.core for b in form.binds.values() if rows and b.path.startswith(f"{rows}/"))
    return frozenset(core for core in inside if core.partition(".")[0] in _MONEY)


def cells(engine: Engine) -> dict[Cell, Value]:
    """All answers that belong to the household's records by field and owner; amounts asked twice are added.

    What is not relevant is left out; a question left blank gives "".
    """
    return cells_of(core_fields(engine))


def cells_of(answers: Sequence[CoreAnswer]) -> dict[Cell, Value]:
    """Core answers by field and owner, the member whose row they stand in; amounts asked twice are added."""
    ids = {a.row: str(a.value) for a in answers if a.field == f"{Kind.MEMBER}.{_ROW_ID}"}
    found: dict[Cell, Value] = {}
    for answer in answers:
        if answer.field in CHECKS:
            continue
        row = next((ref for ref in ids if answer.row == ref or answer.row.startswith(f"{ref}/")), "")
        cell = (answer.field, (ids[row] or f"{_NEW_ROW}{row}") if row else "")
        before = found.get(cell, "")
        if answer.field.partition(".")[0] in _MONEY and isinstance(before, int):
            found[cell] = before + (answer.value if isinstance(answer.value, int) else 0)
        else:
            found[cell] = answer.value
    return found


def is_new_row(owner: str) -> bool:
    """Whether a cell's owner is a row nobody is registered for yet."""
    return owner.startswith(_NEW_ROW)


def stated_per_head(engine: Engine) -> int | None:
    """The income per head by the form's own arithmetic, in fen; None when it has none or shows nothing."""
    texts = [a.value for a in core_fields(engine) if a.field in CHECKS]
    number = text_number(str(texts[0])) if texts else math.nan
    return None if math.isnan(number) else math.floor(round(number * _HUNDRED, 6) + 0.5)


def _range_of(engine: Engine, kind: str) -> Entry | None:
    path = row_path(engine.form, kind)
    return next((e for e in engine.at(path) if e.repeat is not None), None)


def _fill(engine: Engine, entries: list[Entry], values: Mapping[str, Value]) -> None:
    for entry in entries:
        if entry.core in values and entry.repeat is None and entry.row_of is None:
            engine.put(entry, form_text(entry.core, values[entry.core]))


def prefill(
    engine: Engine,
    values: Mapping[str, Value],
    rows: Mapping[str, Sequence[Mapping[str, Value]]] | None = None,
) -> None:
    """Write what is known already: ``values`` by core field, ``rows`` by kind (``member``) and code or field.

    Rows replace those the form has; read-only questions are filled too.
    """
    for kind, items in (rows or {}).items():
        spread = _range_of(engine, kind)
        if spread is None or spread.repeat is None or spread.repeat.control.count is not None:
            continue
        while len(spread.rows) > len(items):
            engine.remove_row(spread, len(spread.rows) - 1)
        while len(spread.rows) < len(items):
            engine.add_row(spread)
        for row, item in zip(spread.rows, items, strict=True):
            known = {code if "." in code else f"{kind}.{code}": value for code, value in item.items()}
            _fill(engine, list(below(row)), known)
    outside = [e for e in engine.entries() if _row_of(e) is None]
    _fill(engine, outside, values)
