"""A plain list: title, a table over as many pages as it needs, and who printed it when.

Every paper without a form of its own is one of these. It may hold what is not public, so each page carries
the print mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.kit.flow import Flow, Style
from reports.kit.fonts import Role, vendored
from reports.kit.grid import Align, Column, Grid, GridStyle
from reports.kit.page import LIST_LANDSCAPE, LIST_PORTRAIT, MM, Paper

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Align", "Column", "PlainListSheet", "missing_characters", "render"]

_TITLE = Style(Role.TITLE, 18, 26)
_SUBTITLE = Style(Role.SONG, 10.5, 16)
_TABLE = GridStyle(size=10.5, min_row=7 * MM)
_FOOT = 9.0
_FOOT_DROP = 5 * MM


@dataclass(frozen=True, slots=True)
class PlainListSheet:
    """A list to print; every row has one text per column, a line break in a cell is obeyed.

    ``footer`` says who printed it and when; it stands at the foot of every page.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    subtitle: tuple[str, ...] = ()
    footer: str = ""
    landscape: bool = False


def render(sheet: PlainListSheet) -> bytes:
    """Return the list as PDF; a character no font has is printed as 〓 (``missing_characters`` tells)."""
    paper = Paper(LIST_LANDSCAPE if sheet.landscape else LIST_PORTRAIT, vendored(), "list")
    flow = Flow(paper)
    flow.title(sheet.title, _TITLE)
    flow.lines(flow.slots(sheet.subtitle, _SUBTITLE))
    flow.skip(2 * MM)
    Grid(flow, sheet.columns, _TABLE).draw(sheet.rows)
    paper.number_pages(Role.SONG, _FOOT, _FOOT_DROP, note=sheet.footer)
    return paper.save()


def missing_characters(sheet: PlainListSheet) -> tuple[str, ...]:
    """Return the characters of the sheet that no font has, each once."""
    return vendored().missing(_texts(sheet))


def _texts(sheet: PlainListSheet) -> Iterator[tuple[str, Role]]:
    """Yield every text with the typeface it is set in."""
    yield sheet.title, Role.TITLE
    for column in sheet.columns:
        yield column.title, Role.HEI
    for text in (*sheet.subtitle, sheet.footer, *(cell for row in sheet.rows for cell in row)):
        yield text, Role.SONG
