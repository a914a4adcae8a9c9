"""Drives a case of a shipped pack through the engine: what each step needs to go on, and facts that satisfy it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from app.domain.action import Acting, Action, available_actions
from app.domain.errors import Refused
from app.domain.evidence import CaseFacts, CaseView
from app.domain.given import given_from
from app.domain.ids import Level, Value
from app.domain.stage import opening_fields
from app.domain.transition import Transition, act
from app.domain.workflow import Workflow

START = date(2026, 3, 2)
P1, P2 = "1" * 32, "2" * 32
MEETING, NOTICE, SAMPLE, CERTIFICATE = "a" * 32, "b" * 32, "c" * 32, "d" * 32

GOOD = CaseFacts(
    members=3,
    income_items=2,
    conditions=1,
    submissions=1,
    meeting_counts=1,
    majority_agrees=1,
    publicity_counts=1,
    publicity_to=START,
    certificate_valid=1,
)
"""Facts with which every step can go on, once START has passed."""

ENTERED: Mapping[str, Mapping[str, Value]] = {
    "apply": {"applicant": "甲", "source": "self", "documents": "application id_copies"},
    "review": {"relatives_filed": 0, "reviewer1": P1, "reviewer2": P2},
    "visit": {"household_signed": 1, "income_steady": 1, "investigator1": P1, "investigator2": P2},
    "compare": {"auth_signed": 1},
    "appraise": {"meeting": MEETING, "votes_for": 30, "votes_against": 0, "votes_abstain": 0},
    "publicise": {"publicity": NOTICE},
    "check": {"check_opinion": "同意", "checker1": P1, "checker2": P2},
    "audit": {"approval_no": "县批〔2026〕1号", "decider": P1},
    "criteria": {"income_steady": 1, "investigator1": P1, "investigator2": P2},
    "agree": {"household_signed": 1},
    "certify": {"certificate": CERTIFICATE},
    "register": {"announced_on": START.isoformat(), "registered_on": START.isoformat()},
}
"""What is entered at each step."""

FIRST: Mapping[str, Value] = {"applicant": "甲", "source": "found", "applied_on": START.isoformat()}
"""What a pack without an application step asks for at its visit."""

FORWARD = {
    "apply": "accept",
    "review": "pass",
    "visit": "consistent",
    "compare": "none",
    "appraise": "agree",
    "publicise": "none",
    "check": "approve",
    "audit": "approve",
    "criteria": "met",
    "agree": "agree",
    "certify": "issued",
    "register": "registered",
}
"""The outcome by which each step is done."""


@dataclass
class Drive:
    """One case; ``values`` are its folded fields, ``day`` moves on by one with every act."""

    workflow: Workflow
    facts: CaseFacts = GOOD
    values: dict[str, Value] = field(default_factory=dict)
    day: date = START
    log: list[Transition] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.values.update(opening_fields(self.workflow, self.day))

    @property
    def stage(self) -> str:
        return str(self.values["stage"])

    @property
    def status(self) -> str:
        return str(self.values["status"])

    def view(self, **facts: object) -> CaseView:
        return CaseView(dict(self.values), replace(self.facts, **facts))

    def actions(self, level: str) -> dict[str, Action]:
        found = available_actions(self.workflow, self.view(), Acting(Level(level), P1, self.day))
        return {action.id: action for action in found}

    def level_of(self, action: str) -> str:
        step = action.partition(".")[0]
        if step in self.workflow.order:
            return self.workflow.step(step).level
        open_step = self.stage.split()[0]
        return self.workflow.step(open_step).level if open_step != "end" else self.workflow.steps[-1].level

    def act(self, action: str, level: str | None = None, **data: Value) -> Transition:
        self.day += timedelta(days=1)
        acting = Acting(Level(level or self.level_of(action)), P1, self.day)
        done = act(self.workflow, self.view(), action, given_from(data), acting)
        self.values.update(done.fields)
        self.log.append(done)
        return done

    def forward(self, step: str, **data: Value) -> Transition:
        first = FIRST if step == "visit" and step == self.workflow.order[0] else {}
        return self.act(f"{step}.{FORWARD[step]}", **{**first, **ENTERED[step], **data})

    def until(self, step: str) -> Drive:
        """Go forward until ``step`` is open (or "end" is reached), always the first open step."""
        while step not in self.stage.split():
            self.forward(next(one for one in self.workflow.order if one in self.stage.split()))
        return self


def refusal(drive: Drive, action: str, level: str | None = None, **data: object) -> Refused:
    before = dict(drive.values)
    with pytest.raises(Refused) as caught:
        drive.act(action, level, **data)
    assert drive.values == before
    return caught.value
