"""Checks of the survey's rows: types, names, labels, groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.questionnaire.lint.finding import Fix, FixKind
from app.questionnaire.lint.names import is_ascii_name, nearest, propose
from app.questionnaire.lint.outline import ItemKind
from app.questionnaire.lint.tables import (
    KOBO_ONLY,
    LATER,
    TYPES_SAID,
    is_known_type,
    is_silent,
    type_names,
)
from app.questionnaire.lint.width import half_width_code, wide_signs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.questionnaire.lint.cells import Cell, Row, Sheet
    from app.questionnaire.lint.finding import Report
    from app.questionnaire.lint.outline import Item, Outline

_BLANKS = re.compile(r"[ \t\r\n\xa0]+")
_UNSPOKEN = frozenset({"text", "integer", "decimal", "date", "time", "note"})
_NAMELESS = frozenset({"note", "audit"})
_NEEDS_LIST = ("select_one", "select_multiple", "rank", "select_one_from_file", "select_multiple_from_file")


def replace(cell: Cell, new: str, kind: FixKind = FixKind.REPLACE) -> Fix:
    """A repair of a whole cell."""
    return Fix(kind, cell.spot.sheet, cell.spot.row, cell.spot.column, cell.text, new)


def check_codes(report: Report, cell: Cell) -> str:
    """Check a cell whose words are for the program; returns the text with plain signs.

    Curly quotes are left: in such cells they stand for nothing and the converter makes them straight.
    """
    plain = half_width_code(cell.text)
    if plain != _BLANKS.sub(" ", cell.text):
        report.error(
            "lint.full_width", cell.spot, replace(cell, plain), signs=wide_signs(cell.text), plain=plain
        )
    return plain


def check_survey(report: Report, sheet: Sheet, outline: Outline) -> None:
    """Check everything about rows but their expressions and lists."""
    known = {item.row.number for item in outline.items} | outline.endings
    for row in sheet.rows:
        if row.number not in known:
            _untyped(report, row)
    taken = {item.name for item in outline.items}
    for item in outline.items:
        _check_type(report, item)
        _check_name(report, item, taken)
        _check_label(report, item)
    _check_twins(report, outline.items)
    _check_repeat_names(report, outline)
    _check_edges(report, outline)


def _untyped(report: Report, row: Row) -> None:
    if not row.text("type") and (row.text("name") or any(row.below("label"))):
        report.error("lint.no_type", row.spot)


def _check_type(report: Report, item: Item) -> None:
    cell = item.row.cells["type"]
    if item.kind is not ItemKind.QUESTION:
        check_codes(report, cell)
        return
    if item.command in LATER or (item.command == "osm"):
        report.warning("lint.later_type", cell.spot, type=item.command)
    if item.list_name:
        if item.other:
            report.warning("lint.or_other", cell.spot, list=item.list_name)
        return
    _check_plain_type(report, cell)


def _check_plain_type(report: Report, cell: Cell) -> None:
    text = check_codes(report, cell)
    head, *more = text.split() or [""]
    if head in KOBO_ONLY:
        report.error("lint.kobo_type", cell.spot, type=text)
    elif text in _NEEDS_LIST or (head in _NEEDS_LIST and not more):
        report.error("lint.no_list", cell.spot, type=text, example=f"{text} yes_no")
    elif is_known_type(text) or head == "osm":
        return
    elif text == cell.text or not _is_plain(text):
        _propose_type(report, cell, text)


def _is_plain(text: str) -> bool:
    """Whether a type with plain signs is one the converter knows, with or without its list."""
    return (
        is_known_type(text) or text.split(maxsplit=1)[0] in _NEEDS_LIST or text.startswith(("begin", "end"))
    )


def _propose_type(report: Report, cell: Cell, text: str) -> None:
    head, _, rest = text.partition(" ")
    said = TYPES_SAID.get(text) or TYPES_SAID.get(head) or TYPES_SAID.get(text.casefold())
    if said:
        new = f"{said} {rest}" if rest and said != TYPES_SAID.get(text) else said
        report.error("lint.type_near", cell.spot, replace(cell, new), type=text, near=new)
        return
    near = nearest(text, type_names()) or nearest(head, type_names())
    if not near:
        report.error("lint.type_unknown", cell.spot, type=text)
        return
    new = f"{near} {rest}" if near.startswith("select") and rest else near
    report.error("lint.type_near", cell.spot, replace(cell, new), type=text, near=new)


def _check_name(report: Report, item: Item, taken: set[str]) -> None:
    cell = item.row.cells.get("name")
    if cell is None:
        if item.command not in _NAMELESS:
            report.error("lint.no_name", item.row.spot)
        return
    if is_ascii_name(cell.text):
        if item.parent.count("/") == 1 and cell.text == "meta":
            report.error("lint.name_reserved", cell.spot, name=cell.text)
        return
    plain = half_width_code(cell.text)
    new = plain if is_ascii_name(plain) and plain not in taken else propose(plain, taken)
    taken.add(new)
    fix = replace(cell, new, FixKind.RENAME_QUESTION)
    if not plain.isascii():
        report.error("lint.chinese_name", cell.spot, fix, name=cell.text, proposed=new)
    elif plain != cell.text:
        report.error("lint.full_width", cell.spot, fix, signs=wide_signs(cell.text), plain=new)
    else:
        report.error("lint.name_form", cell.spot, fix, name=cell.text, proposed=new)


def _check_label(report: Report, item: Item) -> None:
    """The converter refuses a question without any words; a repeat without label it only mentions."""
    row = item.row
    if any(row.below("label")) or any(row.below("media")):
        return
    if item.kind is ItemKind.REPEAT:
        report.warning("lint.repeat_label", row.spot, name=item.name)
    if item.kind is not ItemKind.QUESTION or is_silent(item.command) or _is_computed(item):
        return
    if any(row.below("hint")):
        report.warning("lint.only_hint", row.spot, name=item.name)
    else:
        report.error("lint.no_label", row.spot, name=item.name)


def _is_computed(item: Item) -> bool:
    """Whether the converter makes a question without words into a computed one."""
    computed = item.row.text("bind::calculate") or item.row.text("trigger")
    unknown = not item.list_name and not is_known_type(item.command)
    return unknown or (bool(computed) and item.command in _UNSPOKEN - {"note"})


def _check_twins(report: Report, items: Sequence[Item]) -> None:
    levels: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        if item.name:
            levels.setdefault((item.parent, item.name), []).append(item)
    for twins in levels.values():
        for item in twins if len(twins) > 1 else ():
            others = "、".join(str(t.row.number) for t in twins if t is not item)
            report.error("lint.name_twice", item.row.spot_of("name"), name=item.name, rows=others)


def _check_repeat_names(report: Report, outline: Outline) -> None:
    """A repeat's name must be its own in the whole form, and not the form's."""
    seen: dict[str, list[Item]] = {}
    for item in outline.items:
        if item.kind is ItemKind.REPEAT and item.name:
            seen.setdefault(item.name, []).append(item)
            if item.name == outline.root:
                report.error("lint.name_reserved", item.row.spot_of("name"), name=item.name)
    for twins in seen.values():
        if len({t.parent for t in twins}) > 1:
            for item in twins:
                others = "、".join(str(t.row.number) for t in twins if t is not item)
                report.error("lint.name_twice", item.row.spot_of("name"), name=item.name, rows=others)


_BEGIN: Mapping[str, str] = {"group": "begin_group", "repeat": "begin_repeat", "loop": "begin_loop"}
_END: Mapping[str, str] = {"group": "end_group", "repeat": "end_repeat", "loop": "end_loop"}


def _check_edges(report: Report, outline: Outline) -> None:
    for lone in outline.unmatched:
        spot = lone.row.spot_of("type")
        if not lone.is_end:
            report.error("lint.not_closed", spot, begin=_BEGIN[lone.kind], end=_END[lone.kind])
        elif lone.opened is None:
            report.error("lint.not_opened", spot, begin=_BEGIN[lone.kind], end=_END[lone.kind])
        else:
            opened = lone.opened
            report.error(
                "lint.wrong_end",
                spot,
                end=_END[lone.kind],
                begin=_BEGIN[opened.kind],
                row=opened.row.number,
                wanted=_END[opened.kind],
            )
    filled = {item.parent for item in outline.items}
    for item in outline.items:
        if item.kind is not ItemKind.QUESTION and item.path not in filled:
            report.error("lint.empty_group", item.row.spot_of("type"), name=item.name)
