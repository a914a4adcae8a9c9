"""Write the visit questionnaire: forms/questionnaires/visit/v1/visit.xlsx and the compiled visit.xml.

    .venv/bin/python packaging/visit_form.py

The questions stand in packaging/visit_survey.csv, one row each, in the columns of the survey sheet. The
choices come from the code lists of pack s8, so that answers are codes the records know. The files are byte
for byte the same on every run; tests/questionnaire/test_visit_form.py checks that visit.xml is what the
workbook compiles to.
"""

from __future__ import annotations

import csv
import io
import sys
import tomllib
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "forms" / "questionnaires" / "visit" / "v1"
CODES = ROOT / "forms" / "packs" / "s8" / "v1" / "codes.toml"
SURVEY = Path(__file__).with_name("visit_survey.csv")

_LABEL = "label::中文(zh)"
_OWN_CHOICES = (
    ("neighbour", "true", "情况属实"),
    ("neighbour", "untrue", "有出入"),
    ("neighbour", "unclear", "不清楚"),
)
_SETTINGS = {
    "form_title": "入户核查表",
    "form_id": "visit",
    "version": "1",
    "default_language": "中文(zh)",
    "style": "pages",
    "namespaces": 'hh="http://babutong/household"',
}
_BORN = datetime(2026, 1, 1)  # noqa: DTZ001 - workbooks keep naive times
_ZIP_TIME = (2026, 1, 1, 0, 0, 0)
_WIDTHS = {"type": 26, "name": 20, "calculation": 40, "constraint": 40, "relevant": 30}

Row = dict[str, str]


def survey() -> tuple[Sequence[str], list[Row]]:
    """Columns and rows of the survey sheet."""
    with SURVEY.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        rows = list(reader)
    return list(reader.fieldnames or ()), rows


def choices(rows: list[Row]) -> list[Row]:
    """Codes that are still valid, of the lists that the survey names."""
    lists = tomllib.loads(CODES.read_text(encoding="utf-8"))
    wanted = {r["type"].split()[1] for r in rows if r["type"].startswith("select_")}
    found = [
        {"list_name": name, "name": code["code"], _LABEL: code["label"]}
        for name in sorted(wanted & set(lists))
        for code in lists[name]["codes"]
        if "valid_to" not in code
    ]
    return found + [{"list_name": a, "name": b, _LABEL: c} for a, b, c in _OWN_CHOICES]


def _sheet(book: Workbook, title: str, columns: Sequence[str], lines: list[Row]) -> None:
    sheet = book.create_sheet(title)
    sheet.append(list(columns))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top")
    for line in lines:
        sheet.append([line.get(column, "") or None for column in columns])
    sheet.freeze_panes = "C2"
    for index, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = _WIDTHS.get(column, 24)


def workbook() -> bytes:
    """The workbook's bytes, the same on every run."""
    columns, rows = survey()
    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, "survey", columns, rows)
    _sheet(book, "choices", ("list_name", "name", _LABEL), choices(rows))
    _sheet(book, "settings", tuple(_SETTINGS), [_SETTINGS])
    book.properties.creator = "babutong"
    book.properties.created = book.properties.modified = _BORN
    out = io.BytesIO()
    book.save(out)
    return _steady(out.getvalue())


def _steady(data: bytes) -> bytes:
    """The same archive with fixed times in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            body = source.read(name)
            if name == "docProps/core.xml":
                body = body.replace(_modified(body), b"2026-01-01T00:00:00Z")
            target.writestr(info, body)
    return out.getvalue()


def _modified(body: bytes) -> bytes:
    start = body.index(b">", body.index(b"<dcterms:modified")) + 1
    return body[start : body.index(b"<", start)]


def main() -> None:
    """Write both files."""
    sys.path.insert(0, str(ROOT))
    from app.questionnaire.compile import compile_workbook

    data = workbook()
    compiled = compile_workbook(data, "visit.xlsx")
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "visit.xlsx").write_bytes(data)
    (FOLDER / "visit.xml").write_text(compiled.xform_xml, encoding="utf-8")
    for warning in compiled.warnings:
        print(warning)


if __name__ == "__main__":
    main()
