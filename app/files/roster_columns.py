"""Which column of a roster means what: known headings, and the row they stand in.

A target is "member.<field>", "household.<field>", "insurance.<code>" or "pension.<code>" for yes/no
columns, or "place.<level>" for names that are only compared.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.domain.codes import plain
from app.domain.roster import Mapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.files.workbook_in import Sheet, Workbook

HEADER_ROWS: Final = 15
"""So many rows from the top are looked at for the headings."""

_FILE: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_WORDS: Final[Mapping[str, list[str]]] = MappingProxyType(_FILE["headings"])

EXAMPLE_SHEET: Final[str] = _FILE["words"]["example_sheet"]
"""A sheet of this name is never read."""

NOTE_WORDS: Final = tuple[str, ...](_FILE["words"]["notes"])
VILLAGE_ENDINGS: Final = tuple[str, ...](_FILE["words"]["village_endings"])

TARGETS: Final = tuple(_WORDS)
"""Everything a column can lead to, in the order it is offered."""

REQUIRED: Final = ("member.name", "member.relation", "member.id_number")
"""Without these columns a roster cannot be read."""

# Several columns may lead to one of these; their codes are put together.
MANY: Final = frozenset({"household.risks", "household.other_causes", "member.health", "member.insurance"})

_BY_WORD: Final = {plain(word): target for target, words in _WORDS.items() for word in words}
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_MARKS: Final = re.compile(r"[*:、,，/（）()\-_.·\"“”]")


def heading(target: str) -> str:
    """Return the heading our own template gives to a target."""
    return _WORDS[target][0]


def target_of(title: str) -> str:
    """Return where a heading leads, "" for an unknown one."""
    whole = plain(title)
    for reading in (_MARKS.sub("", whole), _MARKS.sub("", _BRACKETS.sub("", whole))):
        if reading in _BY_WORD:
            return _BY_WORD[reading]
    return ""


def guess_mapping(book: Workbook) -> Mapped | None:
    """Return the sheet and row with the most known headings, or None when no row looks like headings."""
    best: Mapped | None = None
    for sheet in _readable(book):
        for row in range(min(HEADER_ROWS, len(sheet.rows))):
            found = map_row(sheet, row)
            if _score(found) > (_score(best) if best else _LEAST):
                best = found
    return best


def map_row(sheet: Sheet, row: int) -> Mapped:
    """Return the mapping when the headings stand in ``row`` (counted from 0)."""
    columns: dict[int, str] = {}
    ignored: list[str] = []
    for column in range(len(sheet.rows[row])):
        title = sheet.text(row, column)
        target = target_of(title)
        if target and (target in MANY or target not in columns.values()):
            columns[column] = target
        elif title:
            ignored.append(title)
    return Mapped(sheet.name, row + 1, MappingProxyType(columns), tuple(ignored))


def other_rosters(book: Workbook, chosen: str) -> tuple[str, ...]:
    """Return the names of further sheets that look like a roster."""
    return tuple(
        sheet.name
        for sheet in _readable(book)
        if sheet.name != chosen
        and any(_is_roster(map_row(sheet, r)) for r in range(min(HEADER_ROWS, len(sheet.rows))))
    )


def missing_targets(columns: Iterable[str]) -> tuple[str, ...]:
    """Return the required targets that no column leads to."""
    given = set(columns)
    return tuple(target for target in REQUIRED if target not in given)


def _readable(book: Workbook) -> list[Sheet]:
    return [sheet for sheet in book.sheets if sheet.name != EXAMPLE_SHEET]


_LEAST: Final = 3  # a row of notes may hold a word or two that are headings elsewhere


def _score(mapped: Mapped) -> int:
    required = sum(target in mapped.columns.values() for target in REQUIRED)
    return len(mapped.columns) + 2 * required


def _is_roster(mapped: Mapped) -> bool:
    return not missing_targets(mapped.columns.values())
