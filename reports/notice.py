"""The public notice (公示): title, basis, result, list, period, objections, contacts, issuer and date.

The wording comes with the sheet, from the policy pack; this module lays it out. A notice hangs on a wall: the
sheet has no field for a number of identity, a phone of a household, an account or health.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.kit.closing import Closing
from reports.kit.flow import Flow, Style
from reports.kit.fonts import Role, vendored
from reports.kit.grid import Align, Column, Grid, GridStyle
from reports.kit.page import BODY_CHARACTERS, BODY_LEADING, BODY_SIZE, BODY_TRACKING, MM, OFFICIAL, Paper

if TYPE_CHECKING:
    from collections.abc import Iterator

_TITLE = Style(Role.TITLE, 22, 32)
_BODY = Style(Role.FANG, BODY_SIZE, BODY_LEADING, 2, BODY_CHARACTERS, BODY_TRACKING)
_NOTE = Style(Role.SONG, 10.5, 16)
_TABLE = GridStyle(size=12, min_row=9 * MM)
_COLUMNS = ((14.0, Align.CENTRE), (50.0, Align.CENTRE), (60.0, Align.CENTRE), (32.0, Align.CENTRE))  # mm
_PAGE_NUMBER = 14.0
_PAGE_NUMBER_DROP = 7 * MM


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One household of the list; all that may be said of it in public."""

    number: int
    group: str
    head: str
    persons: int


@dataclass(frozen=True, slots=True)
class Contact:
    """An office where objections go: what is named (office, hotline, address) and its number or address."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class NoticeSheet:
    """Everything printed on a notice, in this order; ``title`` may contain line breaks.

    ``behalf`` says who entered the records for the issuer, if another office did; empty otherwise.
    """

    title: str
    basis: tuple[str, ...]
    result: str
    rows: tuple[NoticeRow, ...]
    period: str
    objections: tuple[str, ...]
    contacts: tuple[Contact, ...]
    issuer: str
    date: str
    behalf: str = ""
    headings: tuple[str, str, str, str] = ("序号", "村民小组", "户主姓名", "家庭人口数")


def render(sheet: NoticeSheet) -> bytes:
    """Return the notice as PDF; a character no font has is printed as 〓 (``missing_characters`` tells)."""
    paper = Paper(OFFICIAL, vendored(), "notice")
    flow = Flow(paper)
    flow.title(sheet.title, _TITLE)
    flow.skip(BODY_LEADING * 0.6)
    flow.lines(flow.slots((*sheet.basis, sheet.result), _BODY))
    flow.skip(2 * MM)
    columns = [
        Column(title, width, align) for title, (width, align) in zip(sheet.headings, _COLUMNS, strict=True)
    ]
    Grid(flow, columns, _TABLE).draw([_cells(row) for row in sheet.rows])
    flow.skip(4 * MM)
    _ending(flow, sheet)
    paper.number_pages(Role.SONG, _PAGE_NUMBER, _PAGE_NUMBER_DROP)
    return paper.save()


def missing_characters(sheet: NoticeSheet) -> tuple[str, ...]:
    """Return the characters of the sheet that no font has, each once."""
    return vendored().missing(_texts(sheet))


def _cells(row: NoticeRow) -> tuple[str, str, str, str]:
    return (str(row.number), row.group, row.head, str(row.persons))


def _ending(flow: Flow, sheet: NoticeSheet) -> None:
    """Set everything after the list; the closing block keeps the last lines with it."""
    closing = Closing(sheet.issuer, sheet.date, Role.FANG)
    note = flow.slots((sheet.behalf,), _NOTE) if sheet.behalf else []
    contacts = [f"{contact.label}：{contact.value}" for contact in sheet.contacts]
    slots = flow.slots((sheet.period, *sheet.objections, *contacts), _BODY)
    flow.lines(slots, reserve=closing.height + sum(slot.style.leading for slot in note))
    closing.draw(flow)
    flow.lines(note)


def _texts(sheet: NoticeSheet) -> Iterator[tuple[str, Role]]:
    """Yield every text with the typeface it is set in."""
    yield sheet.title, Role.TITLE
    for text in (*sheet.basis, sheet.result, sheet.period, *sheet.objections, sheet.issuer, sheet.date):
        yield text, Role.FANG
    for contact in sheet.contacts:
        yield contact.label + contact.value, Role.FANG
    for heading in sheet.headings:
        yield heading, Role.HEI
    for row in sheet.rows:
        yield row.group + row.head, Role.SONG
    yield sheet.behalf, Role.SONG
