"""One case: its card and its actions; and the list of cases for scripts.

get_case_card(conn, look, household, case, acting)   # CaseCard; case "" for a household without one
actions_of(conn, look.policy, case, acting)          # every action the level may take, with what it lacks
list_cases(conn, look, scope, round)                 # CaseLine
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.action import available_actions, open_levels
from app.domain.calendar import CHINA
from app.domain.identity import mask_field
from app.domain.ids import Kind, Level
from app.domain.lines import frozen_line
from app.domain.region import significant
from app.domain.stage import read_state
from app.domain.workflow import Verb
from app.journal.authority import EntryState
from app.journal.entry import trusted
from app.journal.hlc import wall_of
from app.queries import rows
from app.queries.case_card import CaseAction, CaseCard, MaskedField, Said
from app.queries.case_facts import case_view
from app.queries.case_timeline import events_of, timeline
from app.queries.conflicts import conflicts_of
from app.queries.family import entities_of
from app.queries.household_list import Tag, tags_of
from app.queries.journal_rows import eids_of
from app.queries.running import elsewhere, notice_of
from app.queries.verdicts import members_of, statement_of, verdict_rows
from app.storage import tables
from app.storage.derive import head_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection, Select

    from app.domain.action import Acting, Action
    from app.domain.evidence import CaseView
    from app.domain.fault import Fault
    from app.domain.ids import Value
    from app.domain.stage import State
    from app.domain.workflow import Workflow
    from app.queries.board import Look
    from app.queries.policy import Policy

    Values = Mapping[str, Value]

_OF_HEAD = ("phone", "id_number")
_HERE = frozenset({"", "present"})


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case as scripts list it; ``stage`` are the codes of its open steps, "end" when it is closed."""

    case: str
    household: str
    code: str
    head: str
    village: str
    round: str
    workflow: str
    stage: str
    status: str
    due_on: str
    overdue_days: int | None
    changed_since: bool


def get_case_card(conn: Connection, look: Look, household: str, case: str, acting: Acting) -> CaseCard:
    """Return the card of a household and one of its cases, "" for none.

    Raises:
        Refused: ``entity.unknown``; when the case's pack is not in this workspace, the pack's codes.
    """
    home = rows.get(conn, Kind.HOUSEHOLD, household)
    card = _household_part(conn, look, household, home)
    card = replace(card, conflicts=conflicts_of(conn, look.policy, household))
    if not case:
        return card
    view = case_view(conn, case, look.policy)
    return _with_case(conn, look, card, case, view, acting)


def actions_of(
    conn: Connection, policy: Policy, case: str, acting: Acting, given: Values | None = None
) -> tuple[CaseAction, ...]:
    """Return what ``acting`` may do with a case now, each action with what it still lacks.

    ``given`` are case fields somebody is typing; they count as written.

    Raises:
        Refused: ``entity.unknown`` and the pack's codes.
    """
    typed = {**rows.get(conn, Kind.CASE, case), **given} if given else None
    view = case_view(conn, case, policy, typed)
    return _actions(conn, policy, view, acting)


def list_cases(conn: Connection, look: Look, scope: str, round_id: str = "") -> tuple[CaseLine, ...]:
    """Return the cases of an area by village, group and household; ``round_id`` "" means every round."""
    line = tables.case_line
    query = select(line).where(line.c.village.startswith(significant(scope), autoescape=True))
    if round_id:
        query = query.where(line.c.round == round_id)
    return _case_lines(conn, look, query)


def list_cases_of(conn: Connection, look: Look, household: str) -> tuple[CaseLine, ...]:
    """Return the cases of one household over all rounds."""
    line = tables.case_line
    return _case_lines(conn, look, select(line).where(line.c.household == household))


def _case_lines(conn: Connection, look: Look, query: Select[tuple[object, ...]]) -> tuple[CaseLine, ...]:
    line = tables.case_line
    return tuple(
        CaseLine(
            case=row.uid,
            household=row.household,
            code=row.code,
            head=row.head,
            village=row.village,
            round=row.round,
            workflow=row.workflow,
            stage=row.stage,
            status=row.status,
            due_on=row.due_on,
            overdue_days=(look.today - look.today.fromisoformat(row.due_on)).days if row.due_on else None,
            changed_since=bool(row.changed_since),
        )
        for row in conn.execute(query.order_by(line.c.sort, line.c.stage_on, line.c.uid))
    )


def _household_part(conn: Connection, look: Look, uid: str, home: Values) -> CaseCard:
    members = members_of(conn, uid)
    head_uid, head = _head(members)
    line = tables.household_line
    tags = conn.execute(select(line.c.tags).where(line.c.uid == uid)).scalar()
    causes = [rows.text(home, "main_cause"), rows.text(home, "other_causes")]
    return CaseCard(
        household=uid,
        case="",
        code=rows.text(home, "code"),
        head=rows.text(head, "name"),
        group=rows.text(home, "group"),
        size=sum(rows.text(member, "status") in _HERE for _, member in members),
        village=look.places.get(rows.text(home, "village"), rows.text(home, "village")),
        address=rows.text(home, "address"),
        object_class=look.policy.codes("object_class").label(rows.text(home, "object_class")),
        causes=look.policy.codes("cause").labels(" ".join(causes)),
        changed_on=_changed_on(conn, uid),
        masked=tuple(_masked(uid, home, head_uid, head)),
        tags=tags_of(str(tags or ""), look),
        elsewhere=elsewhere(conn, uid),
    )


def _head(members: list[rows.Row]) -> rows.Row:
    head = head_of((0, uid, values) for uid, values in members)
    for uid, values in members:
        if values is head:
            return uid, values
    return "", {}


def _masked(household: str, home: Values, head_uid: str, head: Values) -> Iterable[MaskedField]:
    for code in _OF_HEAD:
        if head.get(code, ""):
            text = mask_field(code, rows.text(head, code))
            yield MaskedField(str(Kind.MEMBER), head_uid, code, f"field.member.{code}", text)
    if home.get("bank_account", ""):
        text = mask_field("bank_account", rows.text(home, "bank_account"))
        yield MaskedField(
            str(Kind.HOUSEHOLD), household, "bank_account", "field.household.bank_account", text
        )


def _changed_on(conn: Connection, household: str) -> str:
    """Return the moment of the last write about a household or what belongs to it."""
    eids = list(eids_of(conn, (uid for _, uid in entities_of(conn, household))).values())
    table = tables.journal
    whole = table.c.state != EntryState.REDACTED
    last = conn.execute(select(func.max(table.c.lid)).where(table.c.eid.in_(eids), whole)).scalar()
    body = conn.execute(select(table.c.body).where(table.c.lid == last)).scalar_one()
    return wall_of(trusted(body).hlc).astimezone(CHINA).isoformat(timespec="seconds")


def _with_case(
    conn: Connection, look: Look, card: CaseCard, uid: str, view: CaseView, acting: Acting
) -> CaseCard:
    values = view.values
    workflow = look.policy.workflow(values)
    state = read_state(workflow, values)
    actions = _actions(conn, look.policy, view, acting)
    forward = [action for action in actions if action.is_forward]
    first = min(forward, key=lambda action: len(action.missing), default=None)
    events = events_of(conn, workflow, uid)
    line = frozen_line(values)
    in_force = rows.find(conn, Kind.ROUND, rows.text(values, "round")) or {}
    calendar = look.policy.pack(rows.text(values, "pack")).calendar
    urgent = (Tag(workflow.labels[Verb.URGENT]),) if state.urgent and Verb.URGENT in workflow.labels else ()
    return replace(
        card,
        case=uid,
        status=state.status.value,
        status_label=look.policy.codes("case_status").label(state.status.value),
        steps=timeline(workflow, state, events, calendar, acting.on),
        tags=card.tags + urgent,
        next_action=first,
        other_actions=tuple(action for action in actions if action is not first),
        waits_for="" if first or not state.open else _waits(workflow, view),
        missing=first.missing if first else (),
        income_per_head_fen=statement_of(conn, card.household, rows.text(values, "round")).per_head_fen,
        line_fen=line.fen if line else None,
        line_demo=in_force.get("line_demo") == 1,
        verdict=verdict_rows(conn, look.policy, values),
        workflow=workflow.id,
        round=rows.text(values, "round"),
        stage=state.open,
        urgent=state.urgent,
        changed_since=_changed_since(conn, uid),
        notes=_notes(workflow, view, state),
        events=events,
    )


def _waits(workflow: Workflow, view: CaseView) -> str:
    levels = open_levels(workflow, view)
    return " ".join(level.value for level in Level if level in levels)


def _notes(workflow: Workflow, view: CaseView, state: State) -> tuple[str, ...]:
    steps = [workflow.step(step) for step in state.open]
    return tuple(note.text for step in steps for note in step.notes if view.facts.count(note.fact))


def _changed_since(conn: Connection, uid: str) -> bool:
    line = tables.case_line
    return bool(conn.execute(select(line.c.changed_since).where(line.c.uid == uid)).scalar())


def _actions(conn: Connection, policy: Policy, view: CaseView, acting: Acting) -> tuple[CaseAction, ...]:
    workflow = policy.workflow(view.values)
    warning = _leaves_notice(conn, policy, view.values)
    return tuple(
        replace(action, warning=warning) if action.action == Verb.WITHDRAW else action
        for action in (_action(workflow, view, one) for one in available_actions(workflow, view, acting))
    )


def _leaves_notice(conn: Connection, policy: Policy, values: Values) -> Said | None:
    """Return what must be known before a case that stands on a notice is taken off it."""
    notice = notice_of(conn, policy, values)
    if notice is None:
        return None
    code = "case.leaves_posted" if notice.posted_on else "case.leaves_planned"
    told: dict[str, str | int] = {"since": notice.from_on, "until": notice.to_on, "others": notice.others}
    return Said(code, tuple(sorted(told.items())))


def _action(workflow: Workflow, view: CaseView, action: Action) -> CaseAction:
    forward = False
    if action.verb is Verb.ADVANCE:
        forward = workflow.step(action.step).outcome(action.outcome).leads.is_forward
    return CaseAction(
        action=action.id,
        label=action.label,
        step=action.step,
        needs_reason=action.needs_reason,
        reasons=tuple((reason.id, reason.label) for reason in action.reasons),
        targets=tuple((target, _target(workflow, view, target)) for target in action.targets),
        fields=action.fields,
        stale=action.stale,
        missing=tuple(said(fault) for fault in action.missing),
        is_forward=forward,
        returns=action.returns,
    )


def _target(workflow: Workflow, view: CaseView, target: str) -> str:
    """Return the words for a step to return to, or for the stage an entry of a conflict wrote."""
    heads = {head.entry: head for head in view.facts.stage_heads}
    stage = heads[target].stage if target in heads else target
    names = {step.id: step.name for step in workflow.steps}
    words = "、".join(names.get(step, step) for step in stage.split())
    if target in heads and sum(head.stage == stage for head in heads.values()) > 1:
        words += f"（{heads[target].stage_on}）"  # both came to the same step, on different days
    return words


def said(fault: Fault) -> Said:
    """Return a finding of the domain as the window says it."""
    return Said(fault.code, fault.params, fault.field)
