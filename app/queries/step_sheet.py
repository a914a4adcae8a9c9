"""One step of one case as its page shows it: facts, fields with their choices, what may be done.

get_step_sheet(conn, look, case, step, acting)   # StepSheet; step "" for the first open one
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.field_types import FieldType
from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.domain.stage import done_steps, read_state
from app.domain.workflow import Link
from app.queries import rows
from app.queries.case import actions_of, get_case_card
from app.queries.document import AttachmentLine, attachments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from app.domain.action import Acting
    from app.domain.ids import Value
    from app.domain.workflow import Step
    from app.queries.board import Look
    from app.queries.case_card import CaseAction, CaseCard

_NOT_TYPED = frozenset({FieldType.ID, FieldType.DIGEST})


@dataclass(frozen=True, slots=True)
class StepSheet:
    """A step of a case.

    ``fields`` are the case fields typed at the step, ``late`` those still typed when it is done, ``people``
    those that hold persons; ``values`` are the case's fields and ``names`` the persons in them. ``choices``
    are (code, words) by code list. ``actions`` belong to the step, ``whole`` to the case. ``mine`` tells
    whether this desk's level works at the step; ``linked`` is the meeting, notice, draw or certificate the
    case points at here ("" for none), ``submitted_on`` the day its questionnaire was finished.
    """

    card: CaseCard
    step: str
    name: str
    number: int
    page: str
    level: str
    is_open: bool
    is_done: bool
    stale: bool
    mine: bool
    date_field: str
    fields: tuple[str, ...]
    late: tuple[str, ...]
    people: tuple[str, ...]
    people_label: str
    questionnaire: str
    link: str
    linked: str
    submission: str
    submitted_on: str
    stage_on: str
    values: Mapping[str, Value]
    names: Mapping[str, str]
    choices: Mapping[str, tuple[tuple[str, str], ...]]
    actions: tuple[CaseAction, ...]
    whole: tuple[CaseAction, ...]
    notes: tuple[str, ...]
    attachments: tuple[AttachmentLine, ...]


def get_step_sheet(conn: Connection, look: Look, case: str, step: str, acting: Acting) -> StepSheet:
    """Return a step of a case; an empty ``step`` means the first open one, or the last of a closed case.

    Raises:
        Refused: ``entity.unknown``, ``workflow.unknown_step`` and the pack's codes.
    """
    values = rows.get(conn, Kind.CASE, case)
    card = get_case_card(conn, look, rows.text(values, "household"), case, acting)
    workflow = look.policy.workflow(values)
    state = read_state(workflow, values)
    shown = workflow.step(step or next(iter(card.stage), workflow.order[-1]))
    typed = _typed(shown)
    people = [rows.text(values, code) for code in shown.people]
    actions = actions_of(conn, look.policy, case, acting)
    submission, submitted_on = _submitted(conn, case, shown.questionnaire)
    is_done = shown.id in done_steps(workflow, state)
    return StepSheet(
        card=card,
        step=shown.id,
        name=shown.name,
        number=workflow.order.index(shown.id) + 1,
        page=shown.page,
        level=shown.level.value,
        is_open=shown.id in card.stage,
        is_done=is_done,
        stale=shown.id in state.stale,
        mine=acting.level is shown.level,
        date_field=shown.date_field,
        fields=typed,
        late=shown.late_fields,
        people=shown.people,
        people_label=shown.people_label,
        questionnaire=shown.questionnaire,
        link=shown.link.value,
        linked="" if shown.link is Link.NONE else rows.text(values, shown.link.value),
        submission=submission,
        submitted_on=submitted_on,
        stage_on=rows.text(values, "stage_on"),
        values=values,
        names=rows.names(conn, people),
        choices=_choices(look, (*typed, *shown.late_fields)),
        actions=tuple(action for action in actions if action.step == shown.id),
        whole=tuple(action for action in actions if not action.step),
        notes=card.notes if shown.id in card.stage else (),
        attachments=tuple(one for one in attachments(conn, case=case) if one.step == shown.id),
    )


def _submitted(conn: Connection, case: str, form: str) -> tuple[str, str]:
    """Return the case's finished questionnaire of this form that stands, and its day; both "" without one."""
    finished = rows.where(conn, Kind.SUBMISSION, case=case, form=form) if form else []
    replaced = {values.get("replaces") for _, values in finished}
    standing = [(rows.text(values, "finished_on"), uid) for uid, values in finished if uid not in replaced]
    day, uid = max(standing, default=("", ""))
    return uid, day


def _typed(step: Step) -> tuple[str, ...]:
    """Return the fields somebody types at a step: not its people, its date and its linked record."""
    apart = {*step.people, *step.late_fields, step.date_field, step.link.value}
    table = FIELDS[Kind.CASE]
    return tuple(code for code in step.fields if code not in apart and table[code].type not in _NOT_TYPED)


def _choices(look: Look, fields: tuple[str, ...]) -> dict[str, tuple[tuple[str, str], ...]]:
    lists = {FIELDS[Kind.CASE][code].codelist for code in fields} - {""}
    return {
        name: tuple((code.code, code.label) for code in look.policy.codes(name).choices(look.today))
        for name in sorted(lists)
    }
