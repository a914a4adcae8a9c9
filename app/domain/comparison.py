"""Hits of the comparison with other registers: how they are judged and what they mean for the case.

adjudicate(hit, Ruling(verdict, reason, explanation, first, second, on), severity)  # fields, or Refused
result_of(hits, has_placeholder)      # CompareResult for the case
open_hits(hits), blocking_hits(hits)  # counts for CaseFacts
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from app.domain.ids import Value

_f = partial(FieldDef, Kind.HIT)

HIT_FIELDS = field_table(
    _f("case", FieldType.ID),
    _f("household", FieldType.ID),
    _f("member", FieldType.ID),
    _f("register", FieldType.CODE, codelist="register"),
    _f("item", FieldType.TEXT),
    _f("value", FieldType.TEXT),
    _f("as_of", FieldType.DATE),
    _f("feedback_no", FieldType.TEXT),
    _f("source", FieldType.CODE, codelist="hit_source"),
    _f("verdict", FieldType.CODE, codelist="hit_verdict"),
    _f("reason", FieldType.CODE, codelist="hit_reason"),
    _f("explanation", FieldType.TEXT),
    _f("adjudicator1", FieldType.ID),
    _f("adjudicator2", FieldType.ID),
    _f("adjudicated_on", FieldType.DATE),
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)


class HitVerdict(StrEnum):
    """What people found out about a hit; codes of the list ``hit_verdict``."""

    VETO = "veto"  # true, and it rules the household out
    NO_EFFECT = "no_effect"  # true, without effect
    CORRECT = "correct"  # true, income or members must be corrected
    DATA_ERROR = "data_error"  # not true
    PENDING = "pending"


class Severity(StrEnum):
    """What a register's hit means by the pack."""

    FLAG = "flag"  # people judge
    VETO = "veto"  # rules out unless the data are wrong
    RISK = "risk"  # a hint at need, never against the household


class CompareResult(StrEnum):
    """What all hits come to; codes of the list ``compare_result``."""

    NONE = "none"
    EXPLAINED = "explained"
    VETO = "veto"
    DATA_ERROR = "data_error"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Register:
    """One register compared with: its code, name, owner and the severity of its hits."""

    id: str
    name: str
    owner: str
    severity: Severity = Severity.FLAG
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """The judgement of two people on one hit."""

    verdict: HitVerdict
    reason: str
    explanation: str
    first: str
    second: str
    on: date


def adjudicate(ruling: Ruling, severity: Severity) -> dict[str, Value]:
    """Return the fields that record a judgement.

    A pending hit needs no reason. A hit of a VETO register may only be waved aside as a data error; one of a
    RISK register never rules a household out.

    Raises:
        Refused: ``comparison.explanation_needed``, ``comparison.two_people``, ``comparison.veto_register``
            or ``comparison.risk_register``.
    """
    if ruling.verdict is HitVerdict.PENDING:
        return {"verdict": HitVerdict.PENDING.value, "explanation": ruling.explanation.strip()}
    if not ruling.explanation.strip() and not ruling.reason:
        raise Refused("comparison.explanation_needed")
    if not ruling.first or not ruling.second or ruling.first == ruling.second:
        raise Refused("comparison.two_people")
    if severity is Severity.VETO and ruling.verdict is HitVerdict.NO_EFFECT:
        raise Refused("comparison.veto_register")
    if severity is Severity.RISK and ruling.verdict is HitVerdict.VETO:
        raise Refused("comparison.risk_register")
    return {
        "verdict": ruling.verdict.value,
        "reason": ruling.reason,
        "explanation": ruling.explanation.strip(),
        "adjudicator1": ruling.first,
        "adjudicator2": ruling.second,
        "adjudicated_on": ruling.on.isoformat(),
    }


def is_open(hit: Mapping[str, Value]) -> bool:
    """Tell whether a hit still waits for its judgement."""
    return hit.get("verdict", "") in {"", HitVerdict.PENDING} and not hit.get("void")


def open_hits(hits: Iterable[Mapping[str, Value]]) -> int:
    """Return how many hits wait for their judgement."""
    return sum(is_open(hit) for hit in hits)


def blocking_hits(hits: Iterable[Mapping[str, Value]]) -> int:
    """Return how many hits were found to rule the household out."""
    return sum(hit.get("verdict") == HitVerdict.VETO and not hit.get("void") for hit in hits)


def result_of(hits: Iterable[Mapping[str, Value]], *, comparable: bool = True) -> CompareResult:
    """Return what the judged hits come to; struck ones do not count.

    ``comparable`` is False when a member has no usable ID number.

    Raises:
        Refused: ``comparison.open_hits`` (param ``count``).
    """
    live = [hit for hit in hits if not hit.get("void")]
    waiting = open_hits(live)
    if waiting:
        raise Refused("comparison.open_hits", count=waiting)
    verdicts = {hit.get("verdict") for hit in live}
    if HitVerdict.VETO in verdicts:
        return CompareResult.VETO
    if not comparable:
        return CompareResult.NOT_COMPARABLE
    if not verdicts:
        return CompareResult.NONE
    return CompareResult.DATA_ERROR if verdicts == {HitVerdict.DATA_ERROR} else CompareResult.EXPLAINED
