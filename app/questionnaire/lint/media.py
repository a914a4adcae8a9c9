"""Checks of what lies beside the workbook: lists in files, pictures and sounds."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.questionnaire.lint.lists import uses_file
from app.questionnaire.lint.names import nearest
from app.questionnaire.secondary import delimiter_of, from_attachment, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.questionnaire.lint.cells import Book, Spot
    from app.questionnaire.lint.circles import Rule
    from app.questionnaire.lint.finding import Report
    from app.questionnaire.lint.outline import Item, Outline

_PULLDATA = re.compile(
    r"pulldata\s*\(\s*['\"]([^'\"]+)['\"]\s*,\s*['\"]([^'\"]+)['\"]\s*,\s*['\"]([^'\"]+)['\"]"
)
_SEARCH = re.compile(r"search\s*\(\s*['\"]([^'\"]+)['\"]")
_PARAMETER = re.compile(r"(value|label)\s*=\s*(\S+)")
_ENDS = (".csv", ".xml", ".geojson")
_SOURCES = {"csv-external": ".csv", "xml-external": ".xml"}


def _file_of(name: str) -> str:
    return name if name.endswith(_ENDS) else f"{name}.csv"


class _Files:
    """The files given, with what was told about each already."""

    def __init__(self, report: Report, media: Mapping[str, bytes]) -> None:
        self._report = report
        self._media = media
        self._told: set[str] = set()

    def table(self, name: str, spot: Spot) -> list[list[str]] | None:
        """Rows of a CSV file, None when it is missing, damaged or no table."""
        if not self.present(name, spot):
            return None
        try:
            from_attachment(name, self._media)
            text = text_of(self._media[name], name) if name.endswith(".csv") else ""
        except BadInput as error:
            self._once(error.code, name, spot)
            return None
        if not text:
            return None
        head = text.partition("\n")[0]
        return [r for r in csv.reader(io.StringIO(text), delimiter=delimiter_of(head)) if any(r)]

    def _once(self, code: str, name: str, spot: Spot) -> None:
        if name not in self._told:
            self._told.add(name)
            self._report.error(_DAMAGED.get(code, "lint.file_damaged"), spot, file=name)

    def present(self, name: str, spot: Spot) -> bool:
        """Whether the file is there; tells when it is not."""
        if name in self._media:
            return True
        near = nearest(name, self._media)
        if near:
            self._report.error("lint.file_near", spot, file=name, near=near)
        else:
            self._report.error("lint.file_missing", spot, file=name)
        return False

    def columns(self, name: str, spot: Spot, wanted: Iterable[str]) -> None:
        """Tell which columns a list lacks and which keys stand twice (the last column asked for)."""
        table = self.table(name, spot)
        if table is None:
            return
        heads = [h.strip() for h in table[0]]
        asked = list(wanted)
        for column in asked:
            if column not in heads:
                near = nearest(column, heads)
                self._report.error(
                    "lint.file_column",
                    spot,
                    file=name,
                    column=column,
                    columns="、".join(heads),
                    near=near or "…",
                )
        if asked and asked[0] in heads:
            self._twins(name, spot, table, heads.index(asked[0]))

    def _twins(self, name: str, spot: Spot, table: Sequence[Sequence[str]], at: int) -> None:
        seen: dict[str, int] = {}
        for number, row in enumerate(table[1:], 2):
            key = row[at] if at < len(row) else ""
            if key in seen:
                self._report.warning(
                    "lint.file_key_twice", spot, file=name, value=key, line=number, other=seen[key]
                )
                return
            seen[key] = number


_DAMAGED = {
    "questionnaire.list_encoding": "lint.file_encoding",
    "questionnaire.list_empty": "lint.file_empty",
}


def check_media(
    report: Report, book: Book, outline: Outline, rules: Sequence[Rule], media: Mapping[str, bytes]
) -> None:
    """Check every file the form names against those given."""
    files = _Files(report, media)
    for item in outline.items:
        _lists(files, item)
        for match in _SEARCH.finditer(item.row.text("control::appearance")):
            report.warning("lint.search", item.row.spot_of("control::appearance"), list=match[1])
    for rule in rules:
        for match in _PULLDATA.finditer(rule.text):
            files.columns(_file_of(match[1]), rule.cell.spot, (match[3], match[2]))
    _pictures(report, book, media)


def _lists(files: _Files, item: Item) -> None:
    spot = item.row.spot_of("type")
    if uses_file(item):
        asked = dict(_PARAMETER.findall(item.row.text("parameters")))
        if item.list_name.endswith(".csv"):
            names = (str(asked.get("value", "name")), str(asked.get("label", "label")))
            files.columns(item.list_name, spot, names)
        else:
            files.table(item.list_name, spot)
    elif item.command in _SOURCES and item.name:
        files.table(f"{item.name}{_SOURCES[item.command]}", spot)


def _pictures(report: Report, book: Book, media: Mapping[str, bytes]) -> None:
    for kind in ("survey", "choices"):
        for row in book.rows(kind):
            for cell in row.below("media"):
                name = cell.text.rpartition("/")[2]
                if name not in media and "${" not in name:
                    report.error("lint.picture_missing", cell.spot, file=name)
