"""The counts and flags around a case that the workflow engine asks for.

    facts(conn, case_id, policy, values)          # CaseFacts for values that may not be written yet
    case_view(conn, case_id, policy, values)      # CaseView; of two stages in conflict the earlier one

Inside a write the caller flushes first (``tx.flush()``), so that its own writes are counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from sqlalchemy import false, func, or_, select

from app.domain import comparison, meeting, objection, publicity
from app.domain.calendar import parse_date
from app.domain.errors import Refused
from app.domain.evidence import CaseFacts, CaseView
from app.domain.foreign import StageAct
from app.domain.identity import read_identity
from app.domain.ids import Kind
from app.domain.region import is_within
from app.domain.stage import STANDING_FIELDS, is_split, standing
from app.domain.verdict import Verdict
from app.domain.workflow import END, Link
from app.journal.authority import EntryState
from app.queries import rows
from app.queries.journal_rows import eids_of, entries_of
from app.queries.running import elsewhere
from app.queries.verdicts import conditions_of, members_of, verdicts_of
from app.storage import tables
from app.storage.derive import settled, stage_heads
from app.storage.projector import fold_entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.domain.pack import Pack
    from app.domain.stage import StageHead
    from app.queries.policy import Policy

    Values = Mapping[str, Value]

_HERE = frozenset({"", "present"})
_CERTIFICATE = "certificate"


class _Home(TypedDict, total=False):
    members: int
    unidentified: int
    duplicates: int
    no_labour: int
    income_items: int
    conditions: int


class _Meeting(TypedDict, total=False):
    meeting_counts: int
    majority_agrees: int
    majority_disagrees: int


class _Sample(TypedDict, total=False):
    sample_drawn: int
    in_sample: int
    sample_waiting: int


def facts(conn: Connection, uid: str, policy: Policy, values: Values) -> CaseFacts:
    """Return the facts around case ``uid``, seen with ``values`` as its fields."""
    pack = policy.pack(rows.text(values, "pack"))
    states = Counter(judged.state for judged in verdicts_of(conn, policy, values))
    hits = [hit for _, hit in rows.where(conn, Kind.HIT, case=uid)]
    objections = [found for _, found in rows.where(conn, Kind.OBJECTION, case=uid)]
    attached = rows.where(conn, Kind.ATTACHMENT, case=uid)
    found = CaseFacts(
        submissions=len(rows.where(conn, Kind.SUBMISSION, case=uid)),
        verdicts_failed=states[Verdict.FAIL],
        verdicts_unchecked=states[Verdict.UNCHECKED],
        hits=len(hits),
        hits_open=comparison.open_hits(hits),
        hits_veto=comparison.blocking_hits(hits),
        objections=len(objections),
        objections_open=objection.open_objections(objections),
        certificate_valid=_certificate(conn, rows.text(values, _CERTIFICATE)),
        attachments=dict(Counter(rows.text(one, "step") for _, one in attached)),
        stage_heads=heads_in_conflict(conn, uid),
        conflicts=conflicts_around(conn, uid, rows.text(values, "household")),
        elsewhere=int(bool(elsewhere(conn, rows.text(values, "household")))),
        **_home(conn, policy, values),
        **_meeting(conn, pack, values),
        **_sample(conn, uid, values),
    )
    return _with_publicity(conn, policy, pack, values, found)


def case_view(conn: Connection, uid: str, policy: Policy, values: Values | None = None) -> CaseView:
    """Return a case as the engine sees it; without ``values``, as it is recorded.

    Raises:
        Refused: ``entity.unknown``, or the pack's codes.
    """
    recorded = rows.get(conn, Kind.CASE, uid) if values is None else values
    found = facts(conn, uid, policy, recorded)
    if is_split(found.stage_heads):
        recorded = settled(recorded, standing(policy.workflow(recorded), found.stage_heads))
    return CaseView(recorded, found)


def heads_in_conflict(conn: Connection, uid: str) -> tuple[StageHead, ...]:
    """Return the writes of a case's stage when two of them disagree in any field of it, else nothing."""
    conflict, entity = tables.conflict, tables.entity
    query = (
        select(entity.c.eid)
        .join(conflict, conflict.c.eid == entity.c.eid)
        .where(entity.c.uid == uid, conflict.c.field.in_(STANDING_FIELDS))
    )
    eid = conn.execute(query.limit(1)).scalar()
    return () if eid is None else stage_heads(fold_entity(conn, eid))


def conflicts_around(conn: Connection, case: str, household: str) -> int:
    """Return how many fields of a household and of this case, with all that belongs to both, disagree.

    Where the case stands is left out: that stops every action already, and is settled by one of them.
    """
    conflict, entity = tables.conflict, tables.entity
    if conn.execute(select(conflict.c.eid).limit(1)).first() is None:
        return 0
    query = (
        select(conflict.c.field, entity.c.kind, entity.c.uid)
        .join(entity, entity.c.eid == conflict.c.eid)
        .where(entity.c.eid.in_(_around(conn, case, household)))
    )
    standing_of = {Kind.CASE: frozenset(STANDING_FIELDS)}
    return sum(row.field not in standing_of.get(Kind(row.kind), ()) for row in conn.execute(query))


def _around(conn: Connection, case: str, household: str) -> list[int]:
    """Return the local numbers of a household, one case of it, and what belongs to either."""
    found: list[int] = []
    for kind, table in tables.PROJECTED.items():
        wanted = [table.c.uid == {Kind.HOUSEHOLD: household, Kind.CASE: case}.get(kind, "")]
        if "household" in table.c and kind is not Kind.CASE:
            of_other = table.c.case.not_in(("", case)) if "case" in table.c else false()
            wanted.append((table.c.household == household) & ~func.coalesce(of_other, false()))
        if "case" in table.c:
            wanted.append(table.c.case == case)
        found += conn.execute(select(table.c.eid).where(or_(*wanted))).scalars()
    return found


def _home(conn: Connection, policy: Policy, values: Values) -> _Home:
    household, round_id = rows.text(values, "household"), rows.text(values, "round")
    members = [member for _, member in members_of(conn, household)]
    here = [member for member in members if rows.text(member, "status") in _HERE]
    numbers = [rows.text(member, "id_number") for member in here]
    return {
        "members": len(here),
        "unidentified": sum(not read_identity(number).comparable for number in numbers),
        "duplicates": duplicates_of(conn, household, numbers),
        "no_labour": _nobody_works(policy, here),
        "income_items": len(rows.where(conn, Kind.INCOME, household=household, round=round_id)),
        "conditions": int(bool(conditions_of(conn, household, round_id))),
    }


def duplicates_of(conn: Connection, household: str, numbers: Iterable[str]) -> int:
    """Return how many of these ID numbers a present member of another living household has too."""
    wanted = sorted(set(numbers) - {""})
    if not wanted:
        return 0
    member, home = tables.PROJECTED[Kind.MEMBER], tables.PROJECTED[Kind.HOUSEHOLD]
    query = (
        select(func.count(member.c.id_number.distinct()))
        .join(home, home.c.uid == member.c.household)
        .where(member.c.id_number.in_(wanted), member.c.household != household)
        .where(func.coalesce(member.c.status, "").in_(("", "present")))
        .where(func.coalesce(home.c.status, "").in_(("", "active")))
    )
    return int(conn.execute(query).scalar() or 0)


def _nobody_works(policy: Policy, members: Iterable[Values]) -> int:
    """Tell whether somebody's labour is known and nobody is able to work."""
    known = {rows.text(member, "labour") for member in members} - {""}
    labour = policy.codes("labour")
    return int(bool(known) and not any(labour.trait(code, "able") for code in known))


def _meeting(conn: Connection, pack: Pack, values: Values) -> _Meeting:
    held = rows.find(conn, Kind.MEETING, rows.text(values, Link.MEETING))
    rule = meeting.rule_for(pack.quorum, held or {})
    if held is None or held.get("void") or rule is None:
        return {}
    vote = meeting.vote_of(values)
    found: _Meeting = {"meeting_counts": int(not meeting.faults(held, rule, [vote]))}
    if vote.ballots:
        agreed = meeting.majority(rule, held, vote) is meeting.Appraisal.AGREE
        found |= {"majority_agrees": int(agreed), "majority_disagrees": int(not agreed)}
    return found


def _with_publicity(
    conn: Connection, policy: Policy, pack: Pack, values: Values, found: CaseFacts
) -> CaseFacts:
    posted = rows.find(conn, Kind.PUBLICITY, rows.text(values, Link.PUBLICITY))
    if posted is None or posted.get("void"):
        return found
    steps = policy.workflow(values).steps
    rule = next((pack.publicity_of(step) for step in steps if step.link is Link.PUBLICITY), None)
    try:
        counts = rule is not None and not publicity.faults(posted, rule, pack.calendar)
    except Refused:
        # Working days through a year without a holiday table cannot be counted, so nothing is confirmed.
        counts = False
    return replace(found, publicity_counts=int(counts), publicity_to=parse_date(posted.get("to_on")))


def _sample(conn: Connection, uid: str, values: Values) -> _Sample:
    """Tell about the draw the case stood in, or any draw over its area when it stood in none yet."""
    named = rows.find(conn, Kind.SAMPLE, rows.text(values, Link.SAMPLE))
    drawn = [named] if named and not named.get("void") else _draws(conn, uid, values)
    inside = any(uid in rows.text(sample, "cases").split() for sample in drawn)
    waiting = inside and not rows.text(values, "sample_result")
    return {"sample_drawn": int(bool(drawn)), "in_sample": int(inside), "sample_waiting": int(waiting)}


def _draws(conn: Connection, uid: str, values: Values) -> list[dict[str, Value]]:
    scope = scope_of(conn, uid)
    of_round = {code: rows.text(values, code) for code in ("round", "workflow")}
    found = rows.where(conn, Kind.SAMPLE, **of_round)
    return [sample for sample_id, sample in found if is_within(scope_of(conn, sample_id), scope)]


def scope_of(conn: Connection, uid: str) -> str:
    """Return the 12-digit scope an entity was born in, "" for an unknown one."""
    query = select(tables.entity.c.scope).where(tables.entity.c.uid == uid)
    return str(conn.execute(query).scalar() or "")


def _certificate(conn: Connection, uid: str) -> int:
    document = rows.find(conn, Kind.DOCUMENT, uid) if uid else None
    if document is None or document.get("void"):
        return 0
    return int(rows.text(document, "type") == _CERTIFICATE)


def stage_acts(conn: Connection, case: str) -> dict[str, StageAct]:
    """Return the acts that wrote a case's stage and count, by entry id."""
    found: dict[str, StageAct] = {}
    for written in entries_of(conn, eids_of(conn, [case]).values()):
        body = written.body
        unknown = written.state is EntryState.REDACTED
        if "stage" in body.changes and (unknown or written.state is EntryState.PROJECTED):
            step, level = str(body.extras.get("from", "")), str(body.extras.get("level", ""))
            before = tuple(body.parents.get("stage", ()))
            stage = END if unknown else str(body.changes["stage"])
            found[written.entry] = StageAct(body.op, level, step, stage, before, unknown)
    return found
