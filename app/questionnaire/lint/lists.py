"""Checks of the choices: lists that are used, missing, doubled, or written with signs phones refuse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyxform import aliases
from pyxform.constants import EXTERNAL_INSTANCE_EXTENSIONS

from app.questionnaire.lint.finding import FixKind
from app.questionnaire.lint.names import nearest, propose
from app.questionnaire.lint.scope import REFERENCE
from app.questionnaire.lint.survey import check_codes, replace
from app.questionnaire.lint.width import half_width_code, wide_signs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from app.questionnaire.lint.cells import Book, Row, Spot
    from app.questionnaire.lint.circles import Rule
    from app.questionnaire.lint.finding import Report
    from app.questionnaire.lint.outline import Item, Outline

INSTANCE = re.compile(r"instance\s*\(\s*['\"]([^'\"]+)['\"]\s*\)")
PULLED = re.compile(r"pulldata\s*\(\s*['\"]([^'\"]+)['\"]")
_EXTERNAL = "select_one_external"
_LIST = "list name"
_NUMBERS = frozenset({"integer", "decimal", "int", "range", "date", "time"})
_NUMBER = re.compile(r"[0-9.:\-]+")

Lists = dict[str, list["Row"]]
"""Rows of each list."""


def lists_of(book: Book, kind: str = "choices") -> Lists:
    """Choices by the name of their list."""
    found: Lists = {}
    for row in book.rows(kind):
        if row.text(_LIST):
            found.setdefault(row.text(_LIST), []).append(row)
    return found


def uses_file(item: Item) -> bool:
    """Tell whether a question takes its choices from a file."""
    return any(item.list_name.endswith(end) for end in EXTERNAL_INSTANCE_EXTENSIONS)


def check_lists(report: Report, book: Book, outline: Outline, rules: Sequence[Rule]) -> None:
    """Check the choices and their use; ``rules`` are the form's expressions, which may name lists."""
    lists = lists_of(book)
    for row in book.rows("choices"):
        _check_row(report, row)
    for name, rows in lists.items():
        _check_list(report, book, name, rows)
    used = _used(report, book, outline, lists)
    used |= {name for rule in rules for name in INSTANCE.findall(rule.text)}
    used |= {
        n for i in outline.items for n in re.findall(r"tick_labelset\s*=\s*(\S+)", i.row.text("parameters"))
    }
    for name, rows in lists.items():
        if name not in used:
            report.warning("lint.list_unused", rows[0].spot_of(_LIST), list=name)
    shown = {i.list_name for i in outline.items if "search(" not in i.row.text("control::appearance")}
    for rule in rules:
        for name in PULLED.findall(rule.text):
            _clash(report, rule.cell.spot, name, lists.keys() & shown)
    _check_spaces(report, outline, lists)
    _check_defaults(report, outline, lists)


def _check_row(report: Report, row: Row) -> None:
    if not row.text(_LIST):
        if row.text("name") or any(row.below("label")):
            report.warning("lint.choice_no_list", row.spot)
        return
    if not row.text("name"):
        report.error("lint.choice_no_name", row.spot, list=row.text(_LIST))
    elif not any(row.below("label")) and not any(row.below("media")):
        report.warning("lint.choice_no_label", row.spot, name=row.text("name"))


def _check_list(report: Report, book: Book, name: str, rows: Sequence[Row]) -> None:
    cell = rows[0].cells[_LIST]
    plain = half_width_code(name)
    if plain != name and plain.isascii():
        fix = replace(cell, plain, FixKind.RENAME_LIST)
        report.error("lint.full_width", cell.spot, fix, signs=wide_signs(name), plain=plain)
    elif not name.isascii():
        new = propose(plain, {n for n in lists_of(book) if n.isascii()})
        fix = replace(cell, new, FixKind.RENAME_LIST)
        report.warning("lint.chinese_list", cell.spot, fix, list=name, proposed=new)
    allowed = aliases.yes_no.get(book.setting("allow_choice_duplicates"), False)
    seen: dict[str, list[Row]] = {}
    for row in rows:
        if row.text("name"):
            seen.setdefault(row.text("name"), []).append(row)
    for value, twins in seen.items():
        for row in twins if len(twins) > 1 and not allowed else ():
            others = "、".join(str(t.number) for t in twins if t is not row)
            report.error("lint.choice_twice", row.spot_of("name"), name=value, list=name, rows=others)
    _check_values(report, seen)


def _check_values(report: Report, seen: Mapping[str, Sequence[Row]]) -> None:
    taken = {value for value in seen if value.isascii()}
    for value, rows in seen.items():
        if value.isascii():
            continue
        cell = rows[0].cells["name"]
        plain = half_width_code(value)
        if plain.isascii():
            fix = replace(cell, plain, FixKind.RENAME_VALUE)
            report.error("lint.full_width", cell.spot, fix, signs=wide_signs(value), plain=plain)
            continue
        new = propose(plain, taken)
        taken.add(new)
        fix = replace(cell, new, FixKind.RENAME_VALUE)
        report.warning("lint.chinese_value", cell.spot, fix, name=value, proposed=new)


def _used(report: Report, book: Book, outline: Outline, lists: Lists) -> set[str]:
    outside = lists_of(book, "external_choices")
    used: set[str] = set()
    for item in outline.items:
        name = item.list_name
        if uses_file(item):
            _clash(report, item.row.spot_of("type"), item.list_name.rpartition(".")[0], lists.keys())
        if not name or uses_file(item) or REFERENCE.search(name):
            continue
        used.add(name)
        known = outside if item.command == _EXTERNAL else lists
        if name not in known:
            _missing(report, item, known)
    return used


def _clash(report: Report, spot: Spot, stem: str, lists: Collection[str]) -> None:
    """The converter keeps files and lists in one place, by their names."""
    if stem in lists:
        report.error("lint.list_clash", spot, list=stem)


def _missing(report: Report, item: Item, lists: Lists) -> None:
    cell = item.row.cells["type"]
    plain = check_codes(report, cell)
    if plain != cell.text and plain.rpartition(" ")[2] in lists:
        return
    near = nearest(item.list_name, lists)
    if near:
        report.error("lint.list_near", cell.spot, list=item.list_name, near=near)
    elif lists:
        report.error("lint.list_missing", cell.spot, list=item.list_name)
    else:
        report.error("lint.no_choices", cell.spot, list=item.list_name, sheet="choices")


def _check_spaces(report: Report, outline: Outline, lists: Lists) -> None:
    """Answers to a question with several choices are kept with spaces between."""
    many = {
        i.list_name
        for i in outline.items
        if aliases.select.get(i.command) == "select all that apply" or i.command == "rank"
    }
    for name in sorted(many & lists.keys()):
        for row in lists[name]:
            if " " in row.text("name"):
                proposed = row.text("name").replace(" ", "_")
                fix = replace(row.cells["name"], proposed, FixKind.RENAME_VALUE)
                spot = row.spot_of("name")
                report.error("lint.choice_space", spot, fix, name=row.text("name"), proposed=proposed)


def _check_default_signs(report: Report, item: Item, values: set[str]) -> bool:
    """A fixed default of a number or a choice in signs of a Chinese keyboard."""
    cell = item.row.cells["default"]
    plain = half_width_code(cell.text)
    fits = plain in values or (item.command in _NUMBERS and _NUMBER.fullmatch(plain) is not None)
    if plain == cell.text or cell.text in values or not fits:
        return False
    fix = replace(cell, plain)
    report.error("lint.full_width", cell.spot, fix, signs=wide_signs(cell.text), plain=plain)
    return True


def _check_defaults(report: Report, outline: Outline, lists: Lists) -> None:
    for item in outline.items:
        default = item.row.text("default")
        choices = {row.text("name") for row in lists.get(item.list_name, ())}
        if default and _check_default_signs(report, item, choices):
            continue
        rows = lists.get(item.list_name, ())
        if not default or not rows or any(sign in default for sign in "${(+*|"):
            continue
        given = default.split() if aliases.select.get(item.command) == "select all that apply" else [default]
        strange = [value for value in given if value not in choices and value != "other"]
        if strange:
            report.warning(
                "lint.default_strange", item.row.spot_of("default"), value=strange[0], list=item.list_name
            )
