"""Steps that many households take together, filled from the open office."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId, Kind
from app.ui.desks.batch import BatchDesk, BatchDone, BatchPlace
from app.wiring.step import acting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.workflow import Workflow
    from app.queries.case_card import CaseAction
    from app.queries.linked import CandidateLine
    from app.ui.desks.batch import BatchAct
    from app.usecases.cases import Batch
    from app.wiring.room import Room

_LISTS = (
    "meeting_body",
    "objection_channel",
    "objection_finding",
    "objection_action",
    "sample_result",
)
_FIRST = "identify"


def batch_desk(room: Room) -> BatchDesk:
    """Return the callables shared by the pages of the many."""
    return BatchDesk(
        place=partial(_place, room),
        candidates=partial(_candidates, room),
        linked=partial(_linked, room),
        actions=partial(_actions, room),
        act=partial(_act, room),
    )


def told(room: Room, batch: Batch) -> BatchDone:
    """Return what an act on many cases did, with names for the cases that were refused."""
    from app.queries import rows
    from app.queries.verdicts import members_of
    from app.storage.derive import head_of

    def head(conn: object, case: str) -> str:
        household = str(rows.get(conn, Kind.CASE, case).get("household", ""))  # type: ignore[arg-type]  # a connection
        members = ((0, uid, values) for uid, values in members_of(conn, household))  # type: ignore[arg-type]  # the same
        return str((head_of(members) or {}).get("name", ""))

    with room.read() as conn:
        refused = tuple((head(conn, case), error) for case, error in batch.refused)
    return BatchDone(batch.changes, tuple(batch.done), refused)


def _place(room: Room, page: str, case: str, workflow: str) -> BatchPlace | None:
    from app.queries import rows
    from app.queries.board import find_round

    with room.read() as conn:
        values = rows.find(conn, Kind.CASE, case) if case else None
        round_id = str(values["round"]) if values else ""
        found = find_round(conn, room.facts.scope, round_id)
    if found is None:
        return None
    pack = room.policy.pack(found.pack)
    chosen = str(values["workflow"]) if values else workflow or _FIRST
    offered = {name: flow for name, flow in pack.workflows.items() if _page_step(flow, page)}
    step_id = _page_step(offered[chosen], page) if chosen in offered else ""
    if not step_id:
        return None
    flow = offered[chosen]
    lists = {name: room.policy.codes(name).choices(room.look().today) for name in _LISTS}
    return BatchPlace(
        round=found.id,
        round_name=found.name,
        workflow=chosen,
        step=step_id,
        step_name=flow.step(step_id).name,
        workflows=tuple((name, one.name) for name, one in offered.items()),
        choices={
            "village": tuple(room.places.items()),
            **{name: tuple((c.code, c.label) for c in codes) for name, codes in lists.items()},
        },
    )


def _page_step(workflow: Workflow, page: str) -> str:
    return next((step.id for step in workflow.steps if step.page == page), "")


def _candidates(room: Room, place: BatchPlace) -> Sequence[CandidateLine]:
    from app.queries.linked import Wanted, candidates

    wanted = Wanted(room.facts.scope, place.round, place.workflow, place.step)
    with room.read() as conn:
        return candidates(conn, room.look(), wanted)


def _linked(room: Room, link: str, record: str) -> Sequence[CandidateLine]:
    from app.domain.workflow import Link
    from app.queries.linked import cases_linked

    with room.read() as conn:
        return cases_linked(conn, room.look(), Link(link), record)


def _actions(room: Room, case: str, step: str) -> tuple[CaseAction, ...]:
    from app.queries.case import actions_of

    with room.read() as conn:
        found = actions_of(conn, room.policy, case, acting(room))
    return tuple(action for action in found if action.step == step)


def _act(room: Room, wanted: BatchAct) -> BatchDone:
    from app.usecases.cases import act_on_cases

    on = date.fromisoformat(wanted.on) if wanted.on else None
    cases = [EntityId(case) for case in wanted.cases]
    return told(room, act_on_cases(room.office, cases, wanted.action, wanted.data, on))
