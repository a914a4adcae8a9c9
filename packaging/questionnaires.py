"""Write the questionnaires that ship: forms/questionnaires/<id>/v1/<id>.xlsx and the compiled <id>.xml.

    .venv/bin/python packaging/questionnaires.py            all of them
    .venv/bin/python packaging/questionnaires.py visit      one

The questions of each stand in packaging/questionnaires/<id>.csv, one row each, in the columns of the survey
sheet; what a workbook says about itself in forms.toml. Choices come from the code lists of pack s8, so that
answers are codes the records know, and else from choices.csv (which also holds their translations). Short
forms for what recurs:

    type "include"                the rows of the CSV named in the column "name"
    type "money"                  an amount in yuan with at most two decimals
    {total:group}                 the amounts of a group added up, blanks as 0
    {identity}                    18 digits of an identity number, the last one right

The files are byte for byte the same on every run; tests/packaging/test_questionnaires.py checks that each
.xml is what its workbook compiles to.
"""

from __future__ import annotations

import csv
import io
import re
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
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).resolve().parent.parent
FORMS = ROOT / "forms" / "questionnaires"
SOURCES = Path(__file__).resolve().parent / "questionnaires"
VERSION = "1"
CODES = ROOT / "forms" / "packs" / "s8" / "v1" / "codes.toml"

Row = dict[str, str]

_CHINESE = "label::中文(zh)"
_MONEY = {
    "type": "decimal",
    "constraint": ". >= 0 and . <= 10000000 and abs(. - round(., 2)) < 0.000001",
    "constraint_message::中文(zh)": "请填 0 到一千万，最多两位小数",
    "appearance": "yuan",
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DIGITS = "regex(., '^[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]$')"
_SUM = " + ".join(f"{weight} * number(substr(., {at}, {at + 1}))" for at, weight in enumerate(_WEIGHTS))
_LAST = f"selected-at('1 0 X 9 8 7 6 5 4 3 2', ({_SUM}) mod 11)"
_IDENTITY = f"{_DIGITS} and {_LAST} = translate(substr(., 17, 18), 'x', 'X')"
_TOTAL = re.compile(r"\{total:(\w+)\}")
_BORN = datetime(2026, 1, 1)  # noqa: DTZ001 - workbooks keep naive times
_ZIP_TIME = (2026, 1, 1, 0, 0, 0)
_WIDTHS = {"type": 26, "name": 20, "calculation": 40, "constraint": 40, "relevant": 30, "source": 18}


def form_ids() -> list[str]:
    """Every questionnaire that ships."""
    return list(_about())


def _about() -> dict[str, dict[str, str | list[str]]]:
    return tomllib.loads((SOURCES / "forms.toml").read_text(encoding="utf-8"))


def _read(name: str) -> tuple[list[str], list[Row]]:
    with (SOURCES / f"{name}.csv").open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        rows = list(reader)
    return list(reader.fieldnames or ()), rows


def survey(form_id: str) -> tuple[list[str], list[Row]]:
    """Columns and rows of the survey sheet, all short forms written out."""
    columns, rows = _read(form_id)
    whole: list[Row] = []
    for row in rows:
        whole += _read(row["name"])[1] if row["type"] == "include" else [row]
    amounts = _amounts(whole)
    return columns, [_written_out(row, amounts) for row in whole]


def _amounts(rows: Iterable[Row]) -> dict[str, list[str]]:
    """Names of the income amounts by the group they stand in."""
    found: dict[str, list[str]] = {}
    inside: list[str] = []
    for row in rows:
        if row["type"].startswith("begin_"):
            inside.append(row["name"])
        elif row["type"].startswith("end_"):
            inside.pop()
        elif row["type"] == "money" and row["bind::hh:field"].startswith("income."):
            found.setdefault(inside[-1], []).append(row["name"])
    return found


def _written_out(row: Row, amounts: dict[str, list[str]]) -> Row:
    made = dict(row)
    if row["type"] == "money":
        made |= {column: text for column, text in _MONEY.items() if column == "type" or not row[column]}
    made["constraint"] = made["constraint"].replace("{identity}", _IDENTITY)
    made["calculation"] = _TOTAL.sub(lambda m: _added(amounts[m[1]]), made["calculation"])
    return made


def _added(names: Iterable[str]) -> str:
    return f"round({' + '.join(f'coalesce(${{{name}}}, 0)' for name in names)}, 2)"


def choices(form_id: str) -> tuple[list[str], list[Row]]:
    """Columns and rows of the choices sheet: the lists that the survey names, without codes that ended."""
    columns, rows = survey(form_id)
    labels = [column for column in columns if column.startswith("label")]
    own = _read("choices")[1]
    lists = tomllib.loads(CODES.read_text(encoding="utf-8"))
    wanted = sorted({r["type"].split()[1] for r in rows if r["type"].startswith("select_")})
    found: list[Row] = []
    for name in wanted:
        codes = [c for c in lists.get(name, {"codes": []})["codes"] if "valid_to" not in c]
        mine = {r["name"]: r for r in own if r["list_name"] == name}
        found += [{**mine.get(c["code"], {}), "name": c["code"], _CHINESE: c["label"]} for c in codes]
        found += [] if codes else list(mine.values())
        for row in found:
            row.setdefault("list_name", name)
    return ["list_name", "name", *labels], found


def _sheet(book: Workbook, title: str, columns: Sequence[str], lines: Iterable[Row]) -> None:
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


def workbook(form_id: str) -> bytes:
    """The workbook's bytes, the same on every run."""
    about = _about()[form_id]
    settings = {
        "form_title": str(about["title"]),
        "form_id": form_id,
        "version": VERSION,
        "default_language": "中文(zh)",
        "style": "pages",
        "instance_name": str(about["instance_name"]),
        "namespaces": 'hh="http://babutong/household"',
    }
    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, "survey", *survey(form_id))
    _sheet(book, "choices", *choices(form_id))
    _sheet(book, "settings", tuple(settings), [settings])
    notes = book.create_sheet("notes")
    notes.column_dimensions["A"].width = 100
    for line in about["notes"]:
        notes.append([line])
        notes.cell(notes.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")
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


def write(form_id: str, forms: Path = FORMS) -> tuple[str, ...]:
    """Write the workbook and the compiled form of a questionnaire; return the compiler's warnings."""
    from app.questionnaire.compile import compile_workbook

    data = workbook(form_id)
    compiled = compile_workbook(data, f"{form_id}.xlsx")
    folder = forms / form_id / f"v{VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{form_id}.xlsx").write_bytes(data)
    (folder / f"{form_id}.xml").write_text(compiled.xform_xml, encoding="utf-8")
    return compiled.warnings


def main(wanted: Sequence[str]) -> None:
    """Write the questionnaires named, or all."""
    sys.path.insert(0, str(ROOT))
    for form_id in wanted or form_ids():
        for warning in write(form_id):
            print(f"{form_id}: {warning}")


if __name__ == "__main__":
    main(sys.argv[1:])
