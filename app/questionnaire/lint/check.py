"""All checks of a workbook together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyxform.utils import default_is_dynamic

from app.domain.errors import BadInput
from app.questionnaire.compile import compile_workbook
from app.questionnaire.lint.cells import Spot, read_book
from app.questionnaire.lint.circles import RULES, Rule, check_circles
from app.questionnaire.lint.core import check_core
from app.questionnaire.lint.expressions import Context, check_expression
from app.questionnaire.lint.finding import Checked, Report
from app.questionnaire.lint.instances import check_filters, check_instances
from app.questionnaire.lint.lists import check_lists
from app.questionnaire.lint.media import check_media
from app.questionnaire.lint.outline import ItemKind, outline_of
from app.questionnaire.lint.paths import check_paths
from app.questionnaire.lint.scope import Scope, check_almost, check_references
from app.questionnaire.lint.settings import check_formulas, check_settings, check_sheets
from app.questionnaire.lint.survey import check_codes, check_survey
from app.questionnaire.lint.tables import CODES, EXPRESSIONS
from app.questionnaire.lint.told import tell_error, tell_warnings
from app.questionnaire.lint.width import half_width, half_width_code
from app.questionnaire.loader import load_form
from app.questionnaire.xpath.functions import FUNCTIONS, LAZY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.questionnaire.lint.cells import Book, Cell, Row
    from app.questionnaire.lint.finding import Finding
    from app.questionnaire.lint.outline import Item, Outline

_APART = frozenset({"type", "name", "default", "list name"})
"""Columns that other checks look at."""
_TRANSLATED = frozenset({"label", "media", "hint"})
_SETTINGS_IDS = frozenset({"id_string", "version", "style", "default_language", "namespaces"})


def _is_chinese(book: Book) -> bool:
    return any(
        "一" <= sign <= "鿿" for row in book.rows("survey") for c in row.below("label") for sign in c.text
    )


def _is_expression(cell: Cell, row: Row) -> bool:
    if cell.key in EXPRESSIONS:
        return True
    if cell.key != "default":
        return False
    plain = half_width(cell.text)
    if not default_is_dynamic(plain, row.text("type")):
        return False
    # A text in brackets of a Chinese keyboard is a text; only a function of ours makes it an expression.
    return plain == cell.text or any(f"{name}(" in plain for name in (*FUNCTIONS, *LAZY)) or "${" in plain


def _cells(context: Context, row: Row, item: Item | None) -> Iterator[Rule]:
    """Check all cells of a row of the survey; yields what could be parsed."""
    for cell in row.cells.values():
        if cell.key == "type" and item is not None and "${" in item.list_name:
            check_references(context.report, cell, context.scope, cell.text)
        elif _is_expression(cell, row):
            text = check_expression(context, cell, item)
            if text is not None and item is not None:
                yield Rule(item, cell, text)
        elif cell.key in CODES - {"type", "name"} or cell.key == "bind::hh:field":
            check_references(context.report, cell, context.scope, check_codes(context.report, cell))
        elif cell.key.partition("::")[0] not in _APART:
            check_references(context.report, cell, context.scope, cell.text)
            check_almost(context.report, cell, context.scope)


def _other_sheets(context: Context, book: Book) -> None:
    for row in book.rows("choices"):
        for cell in row.cells.values():
            if cell.key.partition("::")[0] in _TRANSLATED:
                check_references(context.report, cell, context.scope, cell.text)
                check_almost(context.report, cell, context.scope)
    for row in (*book.rows("settings"), *book.rows("entities")):
        for cell in row.cells.values():
            if cell.key in EXPRESSIONS:
                check_expression(context, cell, None)
            elif cell.key in _SETTINGS_IDS - {"namespaces"} and half_width_code(cell.text).isascii():
                check_codes(context.report, cell)


def _look(report: Report, book: Book, outline: Outline, media: Mapping[str, bytes]) -> None:
    survey = book.sheets.get("survey")
    check_sheets(report, book)
    check_settings(report, book)
    check_formulas(report, book)
    if survey is None:
        return
    check_survey(report, survey, outline)
    context = Context(report, Scope(outline.by_name()), _is_chinese(book))
    items = {item.row.number: item for item in outline.items}
    rules = [rule for item in items.values() for rule in _cells(context, item.row, item)]
    _other_sheets(context, book)
    check_lists(report, book, outline, rules)
    check_instances(report, book, outline, rules)
    check_filters(report, book, rules, media)
    circling = [rule for rule in rules if rule.cell.key in RULES]
    check_paths(report, outline, rules, context.scope)
    check_circles(report, circling, outline.items, context.scope)
    check_media(report, book, outline, rules, media)
    check_core(report, outline.items)


def _converted(report: Report, book: Book, data: bytes, name: str) -> str | None:
    try:
        compiled = compile_workbook(data, name)
    except BadInput as error:
        tell_error(report, book, error)
        return None
    tell_warnings(report, book, compiled.warnings)
    return compiled.xform_xml


def _loads(report: Report, xform_xml: str, media: Mapping[str, bytes]) -> None:
    """What converts and shows no error must open here."""
    try:
        load_form(xform_xml, media)
    except BadInput as error:
        report.error("lint.not_loaded", Spot("survey"), said=str(error))


def _in_order(book: Book, findings: list[Finding]) -> tuple[Finding, ...]:
    places = {name: at for at, name in enumerate(book.names)}
    once = {(f.code, f.sheet, f.row, f.column, tuple(f.params.items())): f for f in findings}
    return tuple(
        sorted(
            once.values(), key=lambda f: (places.get(f.sheet, len(places)), f.row, len(f.column), f.column)
        )
    )


def check_workbook(data: bytes, name: str, media: Mapping[str, bytes] | None = None) -> Checked:
    """Check a questionnaire's workbook (``.xlsx``; also ``.xls``, ``.csv`` and Markdown).

    ``media`` holds the files that go with it, by name. A workbook with errors may still have its XForm, to
    be looked at.

    Raises:
        BadInput: ``lint.unreadable`` (param ``file``).
    """
    report = Report()
    book = read_book(data, name)
    outline = outline_of(book)
    given = media or {}
    _look(report, book, outline, given)
    xform_xml = _converted(report, book, data, name)
    if xform_xml is not None and not report.has_error("", 0):
        _loads(report, xform_xml, given)
    return Checked(
        _in_order(book, report.findings),
        xform_xml,
        book.setting("id_string"),
        book.setting("version"),
        sum(1 for item in outline.items if item.kind is ItemKind.QUESTION),
    )
