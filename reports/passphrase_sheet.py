"""A page with one person's passphrase, to be learnt and destroyed, or to lie in a locked cupboard."""

from __future__ import annotations

from dataclasses import dataclass

from reports.plain_list import Align, Column, PlainListSheet
from reports.plain_list import missing_characters as missing_in
from reports.plain_list import render as render_list

_COLUMNS = (Column("项目", 1), Column("内容", 4, Align.LEFT))
_NOTES = (
    "口令全用小写字母，词与词之间空一格，不用输入法。",
    "记熟以后请销毁本单；没记熟以前锁在柜里，不要贴在电脑上。",
    "换了口令，本单作废。",
)


@dataclass(frozen=True, slots=True)
class PassphraseSheet:
    """``passphrase`` as it is typed, ``reminder`` the same in characters; ``on`` is an ISO date."""

    name: str
    passphrase: str
    reminder: str
    on: str


def render(sheet: PassphraseSheet) -> bytes:
    """Return the page as PDF."""
    return render_list(_listed(sheet))


def missing_characters(sheet: PassphraseSheet) -> tuple[str, ...]:
    """Return the characters of the page that no font has, each once."""
    return missing_in(_listed(sheet))


def _listed(sheet: PassphraseSheet) -> PlainListSheet:
    rows = (("姓名", sheet.name), ("口令", sheet.passphrase), ("记法", sheet.reminder))
    return PlainListSheet("口令单", _COLUMNS, rows, _NOTES, sheet.on)
