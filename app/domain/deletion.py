"""Lawful deletion of what is known about a person: who asked, on what basis, what stands against it.

request = checked_request(Request(number, basis, …), today)
holds = holds_against(cases, objections, today, years)     # what must be kept first
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.domain.calendar import parse_date
from app.domain.errors import Refused
from app.domain.fault import Fault, error
from app.domain.identity import LONG_NUMBER
from app.domain.stage import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.domain.ids import Value

    Values = Mapping[str, Value]

KEEP_YEARS: Final = 10
"""⚙ Years an approved household's file is kept when the county has set nothing else.

The archive rules for these files name classes (for ever, 30 years, 10 years); which one applies is the
county's to say, so the number can be changed with every request.
"""

MOST_YEARS: Final = 100
_NUMBER = re.compile(r"[0-9A-Za-z年号第字依删申请〔〕\[\]()（）_/-]{1,40}")


class Basis(StrEnum):
    """Why the law asks for the deletion."""

    WITHDRAWN = "withdrawn"  # consent withdrawn
    DONE = "done"  # the purpose is reached or no longer needs the data
    EXPIRED = "expired"  # the time to keep them is over
    UNLAWFUL = "unlawful"  # they were handled against the law
    OTHER = "other"  # said in words


class AskedBy(StrEnum):
    """Who asked."""

    SELF = "self"
    GUARDIAN = "guardian"
    KIN = "kin"  # of somebody who died
    OFFICE = "office"  # nobody: the office acts by itself


class Channel(StrEnum):
    """How the request came in."""

    COUNTER = "counter"
    LETTER = "letter"
    PHONE = "phone"
    NONE = "none"  # the office acts by itself


class Reach(StrEnum):
    """What is deleted."""

    HOUSEHOLD = "household"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Request:
    """What is written down about a request; no field may name the person.

    ``asked_on`` is an ISO date; ``words`` the basis in words, needed with ``Basis.OTHER``; ``years`` how
    long a file is kept here (1 to 100).
    """

    number: str
    basis: Basis
    asked_on: str
    asked_by: AskedBy = AskedBy.SELF
    channel: Channel = Channel.COUNTER
    words: str = ""
    years: int = KEEP_YEARS

    def facts(self) -> dict[str, Value]:
        """Return what the entries that delete say of it."""
        return {
            "request": self.number,
            "basis": str(self.basis),
            "asked_on": self.asked_on,
            "asked_by": str(self.asked_by),
            "channel": str(self.channel),
        }


def refuse_request(request: Request, today: date, names: Iterable[str]) -> None:
    """Refuse a request that is not complete, or whose words name the person (one of ``names``).

    Raises:
        Refused: ``deletion.bad_number``, ``deletion.bad_date``, ``deletion.words_needed``,
            ``deletion.bad_years`` (param ``most``), ``deletion.names_person``.
    """
    if not _NUMBER.fullmatch(request.number) or LONG_NUMBER.search(request.number):
        raise Refused("deletion.bad_number")
    day = parse_date(request.asked_on)
    if day is None or day > today:
        raise Refused("deletion.bad_date")
    if request.basis is Basis.OTHER and not request.words.strip():
        raise Refused("deletion.words_needed")
    if not 1 <= request.years <= MOST_YEARS:
        raise Refused("deletion.bad_years", most=MOST_YEARS)
    if any(name in request.words or name in request.number for name in names if name):
        raise Refused("deletion.names_person")


def holds_against(
    cases: Iterable[Values], objections: Iterable[Values], publicity: Iterable[Values], on: date, years: int
) -> tuple[Fault, ...]:
    """Return what must be kept or settled before a deletion on day ``on``, by the household's own records.

    Errors: ``deletion.hold_open``, ``deletion.hold_objection``, ``deletion.hold_publicity`` (param ``date``),
    ``deletion.hold_years`` (params ``date``, ``years``).
    """
    found: list[Fault] = []
    every = list(cases)
    if any(_status(case) is not None and not _is_ended(case) for case in every):
        found.append(error("deletion.hold_open"))
    if any(one.get("closed") != 1 for one in objections):
        found.append(error("deletion.hold_objection"))
    for one in publicity:
        until = parse_date(one.get("to_on"))
        if until is not None and until >= on:
            found.append(error("deletion.hold_publicity", date=until.isoformat()))
    until = keep_until(every, years)
    if until is not None and until >= on:
        found.append(error("deletion.hold_years", date=until.isoformat(), years=years))
    return tuple(found)


def keep_until(cases: Iterable[Values], years: int) -> date | None:
    """Return the last day approved cases are kept: ``years`` after the year of their last decision ended."""
    days = [
        day
        for case in cases
        if _status(case) is Status.APPROVED
        for code in ("decided_on", "registered_on", "stage_on")
        if (day := parse_date(case.get(code))) is not None
    ]
    return date(max(days).year + years, 12, 31) if days else None


def _status(case: Values) -> Status | None:
    text = str(case.get("status", ""))
    return Status(text) if text in set(Status) else None


def _is_ended(case: Values) -> bool:
    status = _status(case)
    return status is not None and status.is_ended
