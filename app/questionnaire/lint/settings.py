"""Checks of the workbook as a whole: its sheets, its columns, its settings, formulas of Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaire.lint.cells import Spot
from app.questionnaire.lint.finding import Fix, FixKind
from app.questionnaire.lint.names import nearest
from app.questionnaire.lint.tables import HEADERS_SAID, SHEETS, SHEETS_SAID, known_headers
from app.questionnaire.lint.width import half_width_code, wide_signs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.questionnaire.lint.cells import Book, Header, Sheet
    from app.questionnaire.lint.finding import Report

_NEEDED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "survey": (("type", "type"), ("name", "name")),
    "choices": (("list name", "list_name"), ("name", "name")),
}
"""Columns a sheet must have: the converter's name and the one clerks write."""
_SHEETS = ("survey", "choices", "settings")
_LANGUAGE_COLUMNS = ("label", "hint", "guidance_hint")


def check_sheets(report: Report, book: Book) -> None:
    """Check names of sheets and columns."""
    wanted = [kind for kind in _SHEETS if kind not in book.sheets]
    for name in book.names:
        said = SHEETS_SAID.get(name.strip()) or nearest(name.strip(), wanted)
        if said in wanted and name.lower() not in SHEETS:
            report.error("lint.sheet_name", Spot(name), sheet=name, near=said)
    if "survey" not in book.sheets:
        report.error("lint.no_survey", Spot("survey"), sheet="survey")
    for sheet in book.sheets.values():
        if sheet.kind in {"survey", "choices", "settings"}:
            _check_columns(report, sheet)


def _check_columns(report: Report, sheet: Sheet) -> None:
    lacking = [title for key, title in _NEEDED.get(sheet.kind, ()) if not sheet.has(key)]
    known = known_headers(sheet.kind)
    for header in sheet.headers:
        _check_header(report, sheet, header, known)
    for title in lacking:
        report.error("lint.no_column", Spot(sheet.name, 1), sheet=sheet.name, column=title)
    seen: dict[str, Header] = {}
    for header in sheet.headers:
        twin = seen.setdefault(header.key, header)
        if twin is not header:
            report.error("lint.column_twice", header.spot, column=header.spot.header, other=twin.spot.column)


def _check_header(report: Report, sheet: Sheet, header: Header, known: frozenset[str]) -> None:
    title = header.spot.header
    plain = half_width_code(title)
    first, rest = plain.partition(":")[0].strip(), plain.partition(":")[1:]
    word = "_".join(first.split()).lower()
    if plain != title and (word in known or word in HEADERS_SAID):
        fix = Fix(FixKind.REPLACE, sheet.name, 1, header.spot.column, title, plain)
        report.error("lint.full_width", header.spot, fix, signs=wide_signs(title), plain=plain)
        return
    if word in known or header.key.split("::")[0] in known:
        return
    said = HEADERS_SAID.get(first)
    near = said or nearest(word, known)
    if near and (said or sheet.kind != "choices" or near in {"list_name", "name", "label"}):
        new = near + "".join(rest)
        fix = Fix(FixKind.REPLACE, sheet.name, 1, header.spot.column, title, new)
        report.warning("lint.column_near", header.spot, fix, column=title, near=new)


def check_settings(report: Report, book: Book) -> None:
    """Check the form's id, version, languages and what this program cannot do."""
    sheet = book.sheets.get("settings")
    if sheet is None or not sheet.rows:
        report.warning("lint.no_settings", Spot("settings"), sheet="settings", columns="form_id、version")
        return
    row = sheet.rows[0]
    if not row.text("id_string"):
        report.warning("lint.no_form_id", row.spot, column="form_id")
    elif not row.text("id_string").isascii():
        report.warning("lint.chinese_form_id", row.spot_of("id_string"), id=row.text("id_string"))
    if not row.text("version"):
        report.warning("lint.no_version", row.spot, column="version")
    if row.text("public_key"):
        report.error("lint.encrypted", row.spot_of("public_key"), column="public_key")
    for more in sheet.rows[1:]:
        report.warning("lint.setting_row", more.spot, row=row.number)
    _check_language(report, book)


def _check_language(report: Report, book: Book) -> None:
    wanted = book.setting("default_language")
    survey = book.sheets.get("survey")
    if not wanted or survey is None:
        return
    languages = {
        h.key.partition("::")[2] for h in survey.headers if h.key.partition("::")[0] in _LANGUAGE_COLUMNS
    } - {""}
    if languages and wanted not in languages:
        spot = book.rows("settings")[0].spot_of("default_language")
        report.warning("lint.language", spot, language=wanted, languages="、".join(sorted(languages)))


def check_formulas(report: Report, book: Book) -> None:
    """A cell that begins with ``=`` is computed by Excel; only what it shows gets into the form."""
    for one in book.formulas:
        if one.value is None or one.value.startswith("#"):
            report.error("lint.formula_broken", one.spot, formula=one.formula)
        else:
            report.warning("lint.formula", one.spot, formula=one.formula, value=one.value)
