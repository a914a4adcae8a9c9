"""Checks of ``bind::hh:field``: which questions belong to the household's records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.field_types import FieldType
from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.domain.income import ExpenseCategory, IncomeCategory
from app.questionnaire.corefields import CHECKS, KNOWN
from app.questionnaire.lint.names import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.fields import FieldDef
    from app.questionnaire.lint.cells import Cell
    from app.questionnaire.lint.finding import Report
    from app.questionnaire.lint.outline import Item

COLUMN = "bind::hh:field"
_ROW_ID = "member.id"
_WRITTEN = (Kind.HOUSEHOLD, Kind.MEMBER, Kind.CONDITIONS, Kind.CASE)
_PHOTOS = "attachment."
_NUMBERS = frozenset({"integer", "int", "decimal", "range", "calculate", "hidden", "q int", "q decimal"})
_DATES = frozenset({"date", "dateTime", "datetime", "today", "calculate", "hidden", "q date"})
_CODES = frozenset({"calculate", "hidden", "acknowledge", "trigger"})
_NUMERIC = frozenset({FieldType.FEN, FieldType.AREA, FieldType.COUNT, FieldType.NUMBER})


def known_fields() -> tuple[str, ...]:
    """Fields a form may name; an income's item (``income.wage.…``) is the pack's."""
    plain = [f"{kind}.{code}" for kind in _WRITTEN for code in FIELDS[kind]]
    money = [f"income.{c}" for c in IncomeCategory] + [f"expense.{c}" for c in ExpenseCategory]
    return (*plain, _ROW_ID, *money, *sorted(CHECKS))


def _definition(field: str) -> FieldDef | None:
    kind, _, code = field.partition(".")
    return FIELDS[Kind(kind)].get(code) if kind in list(Kind) else None


def _is_known(field: str) -> bool:
    if field.startswith(KNOWN):
        rest = field.removeprefix(KNOWN)
        return "." not in rest or _is_known(rest)
    kind, _, rest = field.partition(".")
    if kind == Kind.INCOME:
        category, _, item = rest.partition(".")
        return category in list(IncomeCategory) and "." not in item
    if kind == Kind.EXPENSE:
        return rest in list(ExpenseCategory)
    return field.startswith(_PHOTOS) or field in known_fields()


def _is_money(field: str) -> bool:
    return field.partition(".")[0] in {Kind.INCOME, Kind.EXPENSE}


def check_core(report: Report, items: Sequence[Item]) -> None:
    """Check every field: known, of a fitting type, once, at the right place."""
    bound = [(item, item.row.cells[COLUMN]) for item in items if COLUMN in item.row.cells]
    rows = {item.repeats[-1] for item, cell in bound if cell.text == _ROW_ID and item.repeats}
    seen: dict[tuple[tuple[str, ...], str], list[Item]] = {}
    for item, cell in bound:
        if not _is_known(cell.text):
            near = nearest(cell.text, known_fields())
            if near:
                report.error("lint.field_near", cell.spot, field=cell.text, near=near)
            else:
                report.error("lint.field_unknown", cell.spot, field=cell.text)
            continue
        seen.setdefault((item.repeats, cell.text), []).append(item)
        _check_place(report, item, cell, rows)
        _check_fit(report, item, cell)
    for (_, field), twins in seen.items():
        for item in twins if len(twins) > 1 and not field.startswith(_PHOTOS) else ():
            others = "、".join(str(t.row.number) for t in twins if t is not item)
            report.error("lint.field_twice", item.row.spot_of(COLUMN), field=field, rows=others)


def _check_place(report: Report, item: Item, cell: Cell, rows: set[str]) -> None:
    if not cell.text.startswith("member."):
        if item.repeats and not cell.text.startswith((_PHOTOS, KNOWN)):
            report.error("lint.field_in_repeat", cell.spot, field=cell.text)
        return
    if not rows.intersection(item.repeats):
        report.error("lint.field_no_row", cell.spot, field=cell.text, needed=_ROW_ID)


def _is_total(item: Item) -> bool:
    return item.command == "calculate" or bool(item.row.text("bind::calculate"))


def _wanted(type_: FieldType, item: Item) -> str:
    """The type of question a field needs, "" when this one will do."""
    if type_ in _NUMERIC and item.command not in _NUMBERS:
        return "decimal" if type_ in {FieldType.FEN, FieldType.AREA} else "integer"
    if type_ is FieldType.DATE and item.command not in _DATES:
        return "date"
    if type_ in {FieldType.CODE, FieldType.CODES} and not item.list_name and item.command not in _CODES:
        return "select_one" if type_ is FieldType.CODE else "select_multiple"
    return ""


def _check_fit(report: Report, item: Item, cell: Cell) -> None:
    field, given = cell.text, item.command
    if _is_money(field):
        if _is_total(item):
            report.error("lint.field_total", cell.spot, field=field)
        elif given not in _NUMBERS:
            report.warning("lint.field_type", cell.spot, field=field, type=given, wanted="decimal")
        return
    found = _definition(field)
    wanted = _wanted(found.type, item) if found is not None else ""
    if wanted:
        report.warning("lint.field_type", cell.spot, field=field, type=given, wanted=wanted)
