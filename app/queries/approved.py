"""An approval and what it vouched for: the fields that changed after it, and what can be done about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import literal_column, select

from app.domain.ids import Kind
from app.domain.region import significant
from app.domain.workflow import Leads
from app.queries import rows
from app.queries.journal_rows import eids_of, entries_of, writers
from app.queries.since import Seen, changed_in
from app.storage import tables
from app.storage.approval import approval_digest, entities_seen, matches
from app.storage.projector import fold_entity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.domain.workflow import Step, Workflow
    from app.queries.journal_rows import Written
    from app.queries.policy import Policy
    from app.queries.since import Delta


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approval vouched for, against what is recorded now.

    ``by``, ``level`` and ``at`` (ISO, China) are the approval's, ``on`` its declared date. ``exact`` tells
    that ``deltas`` are measured from what the approver had; otherwise from the approver's clock. ``deltas``
    is empty with ``changed`` where something was changed and changed back. ``step`` names the deciding step,
    ``decider`` its level.
    """

    case: str
    changed: bool
    by: str
    level: str
    at: str
    on: str
    step: str
    decider: str
    exact: bool
    deltas: tuple[Delta, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One case whose content changed after its approval."""

    case: str
    household: str
    code: str
    head: str
    village: str


def changed_cases(conn: Connection, scope: str) -> tuple[ChangedLine, ...]:
    """Return the cases of an area that changed after their approval, by village and household."""
    line = tables.case_line
    query = (
        select(line.c.uid, line.c.household, line.c.code, line.c.head, line.c.village)
        .where(line.c.changed_since == literal_column("1"))
        .where(line.c.village.startswith(significant(scope), autoescape=True))
        .order_by(line.c.sort, line.c.uid)
    )
    return tuple(ChangedLine(*row) for row in conn.execute(query))


def approval_of(conn: Connection, policy: Policy, case: str) -> Approval | None:
    """Return the approval a case stands on, None for a case nobody approved.

    Raises:
        Refused: ``entity.unknown`` and the pack's codes.
    """
    values = rows.get(conn, Kind.CASE, case)
    written = approving_entry(conn, case)
    if written is None:
        return None
    household, round_id = rows.text(values, "household"), values.get("round", "")
    references = _references(policy, values)
    seen = Seen.of(written)
    wanted: dict[str, list[str]] = {}
    for reference in references:
        kind, _, pattern = reference.partition(".")
        wanted.setdefault(kind, []).append(pattern)
    told = tuple(
        delta
        for delta in changed_in(conn, policy, entities_seen(conn, household, case, round_id), seen)
        if matches(delta.field, wanted.get(delta.kind, ()))
    )
    step = deciding_step(policy.workflow(values))
    said = written.body.extras
    return Approval(
        case=case,
        changed=approval_digest(conn, references, household, case, round_id) != values.get("seen", ""),
        by=writers(conn, [written]).get(written.body.actor, ""),
        level=str(said.get("level", "")),
        at=written.at,
        on=str(said.get("on", "")),
        step="" if step is None else step.name,
        decider="" if step is None else step.level.value,
        exact=seen.is_exact,
        deltas=told,
    )


def approving_entry(conn: Connection, case: str) -> Written | None:
    """Return the entry whose ``seen`` a case shows, None without one."""
    (eid,) = eids_of(conn, [case]).values()
    heads = fold_entity(conn, eid).heads.get("seen", ())
    if not heads or not max(heads, key=lambda head: (head.hlc, head.entry)).value:
        return None
    newest = max(heads, key=lambda head: (head.hlc, head.entry)).entry
    return next(one for one in entries_of(conn, [eid]) if one.entry == newest)


def deciding_step(workflow: Workflow) -> Step | None:
    """Return the step whose outcome approves a case; None for a workflow without one."""
    return next((s for s in workflow.steps if any(o.leads is Leads.APPROVE for o in s.outcomes)), None)


def _references(policy: Policy, values: Mapping[str, Value]) -> tuple[str, ...]:
    return policy.pack(rows.text(values, "pack")).parameters.approval_fields


def seen_now(conn: Connection, policy: Policy, case: str, values: dict[str, Value]) -> str:
    """Return the digest an approval of this case would carry now."""
    references = _references(policy, values)
    return approval_digest(conn, references, rows.text(values, "household"), case, values.get("round", ""))
