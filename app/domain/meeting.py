"""Meetings that appraise households: who may hold them, when they count, how a vote comes out.

faults(meeting_values, rule, votes)        # quorum, people, votes: empty when the meeting counts
majority(rule, meeting_values, vote)       # Appraisal the votes give for one household
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from app.domain.calendar import parse_date
from app.domain.fault import Fault, error
from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    from app.domain.ids import Value

_f = partial(FieldDef, Kind.MEETING)

MEETING_FIELDS = field_table(
    _f("round", FieldType.ID),
    _f("body", FieldType.CODE, codelist="meeting_body"),
    _f("held_on", FieldType.DATE),
    _f("place", FieldType.TEXT),
    _f("chair", FieldType.TEXT),
    _f("recorder", FieldType.TEXT),
    _f("supervisor", FieldType.TEXT),
    _f("eligible", FieldType.COUNT),
    _f("present", FieldType.COUNT),
    _f("notified_on", FieldType.DATE),
    _f("minutes", FieldType.TEXT),
    _f("quorum_rule", FieldType.TEXT),
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)


class Basis(StrEnum):
    """Whom a quorum counts."""

    ADULTS = "adults"  # villagers of 18 and over
    HOUSEHOLDS = "households"  # households sending somebody
    REPRESENTATIVES = "representatives"
    MEMBERS = "members"  # of a committee


class MajorityBase(StrEnum):
    """What a majority is counted on."""

    PRESENT = "present"
    ELIGIBLE = "eligible"


class Appraisal(StrEnum):
    """What the votes on one household come to."""

    AGREE = "agree"
    DISAGREE = "disagree"


@dataclass(frozen=True, slots=True)
class Share:
    """A share that must be reached, or exceeded when ``strict``: more than a half, at least two thirds."""

    part: Fraction
    strict: bool

    def holds(self, count: int, base: int) -> bool:
        """Tell whether ``count`` of ``base`` is enough; never of nothing."""
        if base < 1:
            return False
        return count > self.part * base if self.strict else count >= self.part * base


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """One way a body can meet; a body may have several (adults or households).

    ``notice_days`` is how many natural days before the meeting people must be told (0 = no rule).
    ``recused_count`` tells whether those who left the room for a vote still count as present for it.
    """

    id: str
    body: str
    name: str
    basis: Basis
    quorum: Share
    passing: Share
    majority_base: MajorityBase = MajorityBase.PRESENT
    notice_days: int = 0
    recused_count: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Vote:
    """The ballots on one household; ``recused`` are the people who left the room for it."""

    votes_for: int = 0
    votes_against: int = 0
    votes_abstain: int = 0
    recused: int = 0

    @property
    def ballots(self) -> int:
        """Ballots cast."""
        return self.votes_for + self.votes_against + self.votes_abstain


def vote_of(case: Mapping[str, Value]) -> Vote:
    """Return the vote in a case's fields; names in ``recused`` are parted by "、", commas or spaces."""
    return Vote(
        _count(case, "votes_for"),
        _count(case, "votes_against"),
        _count(case, "votes_abstain"),
        len(_names(str(case.get("recused", "")))),
    )


def faults(
    meeting: Mapping[str, Value], rule: QuorumRule | None, votes: Iterable[Vote] = ()
) -> tuple[Fault, ...]:
    """Return why a meeting does not count; empty when it does.

    Codes: ``meeting.no_rule`` (the body is none of the pack's), ``meeting.no_date``, ``meeting.no_place``,
    ``meeting.no_chair``, ``meeting.no_recorder``, ``meeting.no_eligible``, ``meeting.no_present``,
    ``meeting.too_many_present``, ``meeting.no_quorum`` (params ``present``, ``eligible``, ``needs``),
    ``meeting.same_people``, ``meeting.short_notice`` (param ``days``) and ``meeting.ballots`` (params
    ``ballots``, ``present``, ``recused``: ballots and recusals must add up to those present).
    """
    if rule is None:
        return (error("meeting.no_rule"),)
    found = [fault for code, fault in _NEEDED.items() if not meeting.get(code)]
    found += _attendance(meeting, rule) + _people(meeting) + _notice(meeting, rule)
    present = _count(meeting, "present")
    for vote in votes:
        found += _ballots(vote, present)
    return tuple(found)


def needed_present(rule: QuorumRule, eligible: int) -> int:
    """Return how many must be present for a quorum of ``eligible`` people."""
    least = rule.quorum.part * eligible
    whole = int(least) if least == int(least) else int(least) + 1
    return whole + 1 if rule.quorum.strict and whole == least else whole


def majority(rule: QuorumRule, meeting: Mapping[str, Value], vote: Vote) -> Appraisal:
    """Return what the votes on one household come to.

    Source: the law before 2026 asks for more than half of those present; share and base are the pack's.
    """
    base = _count(meeting, rule.majority_base.value)
    if rule.majority_base is MajorityBase.PRESENT and not rule.recused_count:
        base -= vote.recused
    return Appraisal.AGREE if rule.passing.holds(vote.votes_for, base) else Appraisal.DISAGREE


def rule_for(rules: Iterable[QuorumRule], meeting: Mapping[str, Value]) -> QuorumRule | None:
    """Return the rule a meeting names, or the first of its body, or None."""
    named, body = meeting.get("quorum_rule", ""), meeting.get("body", "")
    of_body = [rule for rule in rules if rule.body == body]
    return next((rule for rule in of_body if rule.id == named), of_body[0] if of_body else None)


_NEEDED = {
    "held_on": error("meeting.no_date", "held_on"),
    "place": error("meeting.no_place", "place"),
    "chair": error("meeting.no_chair", "chair"),
    "recorder": error("meeting.no_recorder", "recorder"),
    "eligible": error("meeting.no_eligible", "eligible"),
    "present": error("meeting.no_present", "present"),
}
_PARTS = str.maketrans(dict.fromkeys("、，,;；\n", " "))


def _attendance(meeting: Mapping[str, Value], rule: QuorumRule) -> list[Fault]:
    present, eligible = _count(meeting, "present"), _count(meeting, "eligible")
    if present > eligible:
        return [error("meeting.too_many_present", present=present, eligible=eligible)]
    if not eligible or rule.quorum.holds(present, eligible):
        return []
    needs = needed_present(rule, eligible)
    return [error("meeting.no_quorum", present=present, eligible=eligible, needs=needs)]


def _people(meeting: Mapping[str, Value]) -> list[Fault]:
    names = [str(meeting.get(code, "")).strip() for code in ("chair", "recorder", "supervisor")]
    given = [name for name in names if name]
    return [error("meeting.same_people")] if len(given) != len(set(given)) else []


def _notice(meeting: Mapping[str, Value], rule: QuorumRule) -> list[Fault]:
    if not rule.notice_days:
        return []
    told, held = parse_date(meeting.get("notified_on")), parse_date(meeting.get("held_on"))
    if told is not None and held is not None and (held - told).days >= rule.notice_days:
        return []
    return [error("meeting.short_notice", days=rule.notice_days)]


def _ballots(vote: Vote, present: int) -> list[Fault]:
    if vote.ballots + vote.recused == present:
        return []
    return [error("meeting.ballots", ballots=vote.ballots, present=present, recused=vote.recused)]


def _count(values: Mapping[str, Value], code: str) -> int:
    value = values.get(code, "")
    return value if isinstance(value, int) else 0


def _names(text: str) -> list[str]:
    return text.translate(_PARTS).split()
