"""Disputes that repeat: decided together only when they are of one kind, never all of them.

for pattern in patterns(conn, policy, scope):
    pattern.number, pattern.rule, pattern.choices      # how many, why, what can be taken

"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.settling import Rule, alike, by_side
from app.queries.conflicts import lines_of
from app.queries.contests import contests, eids_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from app.queries.case_card import ConflictHead, ConflictLine
    from app.queries.contests import Contest
    from app.queries.policy import Policy

REPEATED = 2
"""From how many disputes on a pattern is offered."""


@dataclass(frozen=True, slots=True)
class PatternChoice:
    """One way to decide a whole pattern.

    ``side`` is a device, or a writer where one device wrote all, "" where the rule says what is taken.
    ``takes`` are the heads kept, one for each line of the pattern and in their order.
    """

    side: str
    takes: tuple[ConflictHead, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Several disputes of one kind; ``label`` is the field's key for the rule "sides", "" for all others."""

    id: str
    rule: Rule
    label: str
    lines: tuple[ConflictLine, ...]
    choices: tuple[PatternChoice, ...]

    @property
    def number(self) -> int:
        """Return how many disputes it decides."""
        return len(self.lines)


def patterns(conn: Connection, policy: Policy, scope: str) -> tuple[Pattern, ...]:
    """Return the repeated disputes of an area, the most frequent first; a dispute may stand in two."""
    eids = eids_within(conn, scope)
    found, _ = contests(conn, eids)
    lines = {(line.entity, line.field): line for line in lines_of(conn, policy, eids)}
    grouped: dict[str, list[Contest]] = {}
    for one in found:
        if not one.of_stage:
            for name in _names(one):
                grouped.setdefault(name, []).append(one)
    made = [_pattern(name, group, lines) for name, group in grouped.items() if len(group) >= REPEATED]
    return tuple(sorted(made, key=lambda pattern: (-pattern.number, pattern.id)))


def _names(contest: Contest) -> list[str]:
    rule, _ = alike(contest.sides)
    found = [] if rule is Rule.SIDES else [rule.value]
    devices = by_side(contest.sides)
    if devices:
        found.append(f"{Rule.SIDES}:{contest.kind}.{contest.field}:{'+'.join(sorted(devices))}")
    return found


def _pattern(name: str, group: Sequence[Contest], lines: dict[tuple[str, str], ConflictLine]) -> Pattern:
    told = sorted(group, key=lambda one: _order(lines[one.entity, one.field]))
    mine = tuple(lines[one.entity, one.field] for one in told)
    rule = Rule(name.partition(":")[0])
    if rule is Rule.SIDES:
        sides = sorted(by_side(told[0].sides))
        wanted = [(side, [by_side(one.sides)[side] for one in told]) for side in sides]
    else:
        wanted = [("", [alike(one.sides)[1] for one in told])]
    choices = tuple(
        PatternChoice(side, tuple(_head(line, entry) for line, entry in zip(mine, entries, strict=True)))
        for side, entries in wanted
    )
    return Pattern(name, rule, mine[0].label if rule is Rule.SIDES else "", mine, choices)


def _order(line: ConflictLine) -> tuple[str, ...]:
    return (line.village, line.code, line.household, line.kind, line.entity, line.field)


def _head(line: ConflictLine, entry: str) -> ConflictHead:
    return next(head for head in line.heads if head.entry == entry)
