"""The slip a courier takes home: what was received from whom, up to when, and what is still lacking.

It names areas, moments and numbers, never a household or a person of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.kit.closing import Closing
from reports.kit.flow import Flow, Style
from reports.kit.fonts import Role, vendored
from reports.kit.page import BODY_CHARACTERS, BODY_LEADING, BODY_SIZE, BODY_TRACKING, OFFICIAL, Paper

if TYPE_CHECKING:
    from collections.abc import Iterator

_TITLE = Style(Role.TITLE, 22, 32)
_TO = Style(Role.FANG, BODY_SIZE, BODY_LEADING, 0, BODY_CHARACTERS, BODY_TRACKING)
_BODY = Style(Role.FANG, BODY_SIZE, BODY_LEADING, 2, BODY_CHARACTERS, BODY_TRACKING)
_NOTE = Style(Role.SONG, 10.5, 16)


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """Everything printed on a receipt, in this order.

    ``to`` is who handed the files over, ``lines`` what was received and what is lacking, ``signatures`` the
    lines to sign on, ``note`` the small print.
    """

    title: str
    to: str
    lines: tuple[str, ...]
    signatures: tuple[str, ...]
    issuer: str
    date: str
    note: str = ""


def render(sheet: ReceiptSheet) -> bytes:
    """Return the receipt as PDF; a character no font has is printed as 〓 (``missing_characters`` tells)."""
    paper = Paper(OFFICIAL, vendored(), "receipt")
    flow = Flow(paper)
    flow.title(sheet.title, _TITLE)
    flow.skip(BODY_LEADING * 0.6)
    flow.lines(flow.slots((sheet.to,), _TO))
    flow.lines(flow.slots(sheet.lines, _BODY))
    flow.skip(BODY_LEADING)
    flow.lines(flow.slots(sheet.signatures, _BODY))
    Closing(sheet.issuer, sheet.date, Role.FANG).draw(flow)
    flow.lines(flow.slots((sheet.note,), _NOTE))
    return paper.save()


def missing_characters(sheet: ReceiptSheet) -> tuple[str, ...]:
    """Return the characters of the sheet that no font has, each once."""
    return vendored().missing(_texts(sheet))


def _texts(sheet: ReceiptSheet) -> Iterator[tuple[str, Role]]:
    """Yield every text with the typeface it is set in."""
    yield sheet.title, Role.TITLE
    for text in (sheet.to, *sheet.lines, *sheet.signatures, sheet.issuer, sheet.date):
        yield text, Role.FANG
    yield sheet.note, Role.SONG
