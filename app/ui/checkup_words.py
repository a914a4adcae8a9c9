"""What a 体检 found, in words: lines for the window and the terminal, and a report for the technician."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from app.ui.texts import has, t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.usecases.checks import Finding


class State(StrEnum):
    """How one thing stands, the worst first."""

    BAD = "bad"
    NOTE = "note"
    GOOD = "good"


class Act(StrEnum):
    """What can be done about a finding at once."""

    NONE = ""
    BACK_UP = "act_back_up"
    REBUILD = "act_rebuild"
    SHARING = "act_sharing"
    RENEW = "act_renew"


_ACTS: Mapping[str, Act] = {
    "projections_differ": Act.REBUILD,
    "chains_broken": Act.BACK_UP,
    "backup_none": Act.BACK_UP,
    "backup_old": Act.BACK_UP,
    "backup_damaged": Act.BACK_UP,
    "backup_undated": Act.BACK_UP,
    "away_ahead": Act.BACK_UP,
    "away_none": Act.BACK_UP,
    "away_old": Act.BACK_UP,
    "files_damaged": Act.BACK_UP,
    "unsent_some": Act.SHARING,
    "certificate_expired": Act.RENEW,
    "certificate_expiring": Act.RENEW,
    "recovery_none": Act.SHARING,
}


@dataclass(frozen=True, slots=True)
class CheckupLine:
    """One thing that was looked at: what it is, how it stands, what was found, what to do."""

    name: str
    title: str
    state: State
    text: str
    advice: str = ""
    act: Act = Act.NONE


def lines_of(findings: Sequence[Finding]) -> tuple[CheckupLine, ...]:
    """Return the findings in words, the bad ones first, then those to know of."""
    lines = [_line(one) for one in findings]
    return tuple(sorted(lines, key=lambda line: list(State).index(line.state)))


def _line(found: Finding) -> CheckupLine:
    state = State.BAD if not found.ok else State.GOOD if found.code.endswith("_ok") else State.NOTE
    advice = f"{found.code}_do"
    return CheckupLine(
        name=found.name,
        title=t(f"checkup.title_{found.name}"),
        state=state,
        text=t(found.code, **found.params),
        advice=t(advice) if has(advice) else "",
        act=_ACTS.get(found.code.partition(".")[2], Act.NONE),
    )


def report(lines: Sequence[CheckupLine], at: str, version: str, place: str) -> str:
    """Return the text for the technician; the name of the computer's user, in paths, is left out."""
    told = [t("checkup.report_title"), t("checkup.report_head", at=at, version=version, place=place), ""]
    told += [f"[{t(f'check.{line.state}')}] {line.title}: {line.text}{line.advice}" for line in lines]
    told += ["", t("checkup.report_foot"), ""]
    return "\n".join(told).replace(str(Path.home()), "~")
