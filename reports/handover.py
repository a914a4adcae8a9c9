"""The slip of a transfer of duty (交接单): what was handed over, by whom, to whom, with room to sign."""

from __future__ import annotations

from dataclasses import dataclass

from reports.plain_list import Align, Column, PlainListSheet
from reports.plain_list import missing_characters as missing_in
from reports.plain_list import render as render_list

_COLUMNS = (Column("事项", 2, Align.LEFT), Column("内容", 5, Align.LEFT))


@dataclass(frozen=True, slots=True)
class HandoverSheet:
    """``on`` is an ISO date; ``items`` are pairs of what and how much, in the order of the slip."""

    place: str
    outgoing: str
    incoming: str
    on: str
    items: tuple[tuple[str, str], ...]
    footer: str = ""


def render(sheet: HandoverSheet) -> bytes:
    """Return the slip as PDF, one copy each for the two and one for the office."""
    return render_list(_listed(sheet))


def missing_characters(sheet: HandoverSheet) -> tuple[str, ...]:
    """Return the characters of the slip that no font has, each once."""
    return missing_in(_listed(sheet))


def _listed(sheet: HandoverSheet) -> PlainListSheet:
    heads = (
        ("单位", sheet.place),
        ("移交人", sheet.outgoing),
        ("接收人", sheet.incoming),
        ("日期", sheet.on),
    )
    ends = (
        ("说明", "移交人的口令自即日起作废，以前的记录仍记在移交人名下。电脑的密钥不变。"),
        ("移交人签字", "\n"),
        ("接收人签字", "\n"),
        ("监交人签字", "\n"),
    )
    return PlainListSheet(
        "工作交接单",
        _COLUMNS,
        (*heads, *sheet.items, *ends),
        ("一式三份，双方和单位各存一份。",),
        sheet.footer,
    )
