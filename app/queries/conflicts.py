"""Fields whose writes disagree, each with the values that stand beside each other, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.errors import Refused
from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.domain.settling import alike, combined
from app.domain.stage import resolving_level
from app.queries import rows
from app.queries.case_card import ConflictHead, ConflictLine
from app.queries.case_facts import heads_in_conflict
from app.queries.contests import STAGE, contests, eids_within
from app.queries.family import entities_of
from app.queries.field_value import shown
from app.queries.journal_rows import eids_of, writers
from app.queries.origins import Origins
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.queries.contests import Contest
    from app.queries.journal_rows import Written
    from app.queries.policy import Policy

NAMED = {
    Kind.PERSON: "name",
    Kind.MEMBER: "name",
    Kind.INCOME: "name",
    Kind.EXPENSE: "name",
    Kind.HIT: "item",
    Kind.DOCUMENT: "no",
}
"""The field by which a child of a household is told from its sisters."""


def conflicts(conn: Connection, policy: Policy, scope: str) -> tuple[ConflictLine, ...]:
    """Return every conflict of an area, grouped by household; ``scope`` is a 12-digit code."""
    found = lines_of(conn, policy, eids_within(conn, scope))
    return tuple(
        sorted(found, key=lambda line: (line.village, line.code, line.household, line.kind, line.entity))
    )


def conflicts_of(conn: Connection, policy: Policy, household: str) -> tuple[ConflictLine, ...]:
    """Return the conflicts of one household and all that belongs to it."""
    eids = eids_of(conn, (uid for _, uid in entities_of(conn, household)))
    return tuple(lines_of(conn, policy, eids.values()))


def lines_of(conn: Connection, policy: Policy, eids: Iterable[int]) -> list[ConflictLine]:
    """Return the conflicts of these entities in words; the empty list costs one read."""
    found, written = contests(conn, eids)
    if not found:
        return []
    speaker = _Speaker(conn, policy, written)
    return [speaker.line(one) for one in found]


class _Speaker:
    def __init__(self, conn: Connection, policy: Policy, written: Mapping[str, Written]) -> None:
        self._conn = conn
        self._policy = policy
        self._written = written
        self._names = writers(conn, written.values())
        self._origins = Origins(conn, policy, written.values())
        self._places: dict[str, tuple[str, str, str]] = {}

    def line(self, contest: Contest) -> ConflictLine:
        kind, code = contest.kind, contest.field
        values = rows.find(self._conn, kind, contest.entity) or {}
        heads = tuple(self._head(contest, values, self._written[side.entry]) for side in contest.sides)
        definition = FIELDS[kind].get(code)
        together = None
        if definition is not None and not contest.of_stage:
            together = combined(definition, [side.value for side in contest.sides])
        head, village, number = self._place(contest.household)
        return ConflictLine(
            str(kind),
            contest.entity,
            code,
            f"field.{kind}.{code}",
            tuple(one.text for one in heads),
            heads,
            contest.household,
            head,
            village,
            of_stage=contest.of_stage,
            level=self._level(contest, values),
            code=number,
            about=str(values.get(NAMED.get(kind, ""), "")),
            base=None if contest.base is None else self._head(contest, values, contest.base),
            combined="" if together is None else self._words(kind, code, together, values),
            rule="" if contest.of_stage else alike(contest.sides)[0].value,
        )

    def _head(self, contest: Contest, values: Mapping[str, Value], written: Written) -> ConflictHead:
        body = written.body
        origin = self._origins.of(written, contest.household)
        return ConflictHead(
            written.entry,
            self._words(contest.kind, contest.field, body.changes[contest.field], values, body.changes),
            self._names.get(body.actor, ""),
            written.at,
            device=origin.device,
            here=origin.here,
            copy=origin.copy,
            scope=origin.scope,
            proxy=origin.proxy,
            step=origin.step,
            paper=origin.paper,
            form=origin.form,
            on=origin.on,
        )

    def _words(
        self,
        kind: Kind,
        code: str,
        value: Value,
        values: Mapping[str, Value],
        beside: Mapping[str, Value] | None = None,
    ) -> str:
        if kind is not Kind.CASE or code != STAGE:
            return shown(self._policy, kind, code, value, {})
        ended = self._policy.codes("case_status").label(str((beside or {}).get("status", "closed")))
        try:
            steps = {step.id: step.name for step in self._policy.workflow(values).steps}
        except Refused:
            steps = {}  # of a pack that has not arrived
        return "、".join(steps.get(step, ended) for step in str(value).split())

    def _level(self, contest: Contest, case: Mapping[str, Value]) -> str:
        if not contest.of_stage:
            return ""
        heads = heads_in_conflict(self._conn, contest.entity)
        try:
            return resolving_level(self._policy.workflow(case), heads).value
        except Refused:
            return ""

    def _place(self, household: str) -> tuple[str, str, str]:
        """Return the head's name, the village code and the household's code."""
        if household not in self._places:
            line = tables.household_line
            query = select(line.c.head, line.c.village, line.c.code).where(line.c.uid == household)
            row = self._conn.execute(query).first()
            self._places[household] = (row.head, row.village, row.code) if row is not None else ("", "", "")
        return self._places[household]
