"""One act on a case: check it, and return what to write. The only place where a stage changes.

    given = given_from({"reviewer1": "…", "reason": "…"})
    step = act(workflow, view, "review.pass", given, Acting(Level.VILLAGE, person, today))
    tx.record(step.op, Kind.CASE, case_id, step.fields, extras=step.extras)

``view.facts`` should be computed on the case's fields with the given ones merged in. A transition writes
``stage``, ``status``, ``stage_on`` and ``opened`` together, so that the heads of a conflict belong to the
same entries. ``fields`` holds only what differs, except for those four; a save writes none of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.action import Action, candidate_actions, missing_for
from app.domain.calendar import parse_date
from app.domain.case import CASE_FIELDS
from app.domain.errors import Refused
from app.domain.evidence import CONFLICTS, CaseView
from app.domain.fault import refuse_errors
from app.domain.field_types import FieldType
from app.domain.given import Given, target_of
from app.domain.ids import Kind, Level
from app.domain.move import Turn, fields_of, go_back
from app.domain.returned import checked_marks
from app.domain.stage import TOGETHER, done_steps, pair_text, read_state, stage_text
from app.domain.values import checked_fields
from app.domain.workflow import Leads, Verb

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from app.domain.action import Acting
    from app.domain.correction import Effect
    from app.domain.ids import Value
    from app.domain.stage import State
    from app.domain.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Transition:
    """What to record: the operation, the case's fields, and the extras the timeline is read from.

    ``decides`` tells that this is the decision of the case, so that ``seen`` is to be written with it;
    ``returns`` that it sends the case back.
    """

    op: str
    fields: Mapping[str, Value]
    extras: Mapping[str, Value]
    decides: bool = False
    returns: bool = False


def act(workflow: Workflow, view: CaseView, action_id: str, given: Given, acting: Acting) -> Transition:
    """Take one action on a case.

    Raises:
        Refused: ``workflow.in_conflict``, ``workflow.no_such_action`` (param ``action``),
            ``household.not_active`` (its household was struck, moved away or is a second registration),
            ``workflow.for_village``, ``workflow.for_township``, ``workflow.for_county`` (the level is wrong),
            ``workflow.unknown_field`` (param ``name``), ``workflow.future_date`` and
            ``workflow.before_stage`` (dates), ``workflow.reason_needed``, ``workflow.unknown_reason``,
            ``workflow.no_target``, ``workflow.stale``, ``returned.no_return`` (marks with another act) and
            the codes of ``checked_marks``, any one code of ``missing``, or for several
            ``workflow.not_yet`` (params ``what``: labels joined by "、", ``count``); besides the codes of
            ``checked_fields`` and ``read_state``.
    """
    state = read_state(workflow, view.values)
    action = _action(workflow, view, state, action_id, acting)
    _check_given(action, given, state, acting.on)
    dated = _dated(workflow, view, action, given, acting.on)
    merged = CaseView({**view.values, **dated}, view.facts)
    lacking = missing_for(workflow, action, merged, acting.on)
    # A conflict comes before all else: what is said of the household is not sure.
    refuse_errors(fault for fault in lacking if len(lacking) == 1 or fault.field == CONFLICTS)
    if lacking:
        what = "、".join(str(dict(fault.params)["what"]) for fault in lacking)
        raise Refused("workflow.not_yet", what=what, count=len(lacking))
    if action.stale and not given.keep and not any(value != "" for value in given.fields.values()):
        raise Refused("workflow.stale", step=workflow.step(action.step).name)
    turn = Turn(workflow, merged, state, action, replace(given, fields=dated), acting.on)
    changed = fields_of(turn)
    # The shown value of a field in conflict may be the one taken; it is written all the same.
    settles = action.verb is Verb.RESOLVE
    fields = {**dated, **changed} if settles else _only_changed(view.values, {**dated, **changed})
    extras = _extras(turn, acting, fields) | _marks(action, given)
    return Transition(f"case.{_OPS[action.verb]}", fields, extras, _decides(turn), action.returns)


def correct(
    workflow: Workflow, values: Mapping[str, Value], effect: Effect, reason: str, acting: Acting
) -> Transition | None:
    """Return the re-opening a correction brings, or None when the case stays where it is.

    Raises:
        Refused: ``workflow.reason_needed``.
    """
    if not reason.strip():
        raise Refused("workflow.reason_needed")
    state = read_state(workflow, values)
    redo = _redo_fields(workflow, values, state, effect.redo)
    going_back = effect.to and effect.to not in state.open and effect.to in done_steps(workflow, state)
    if not going_back and not redo:
        return None
    action = _correction(workflow, acting)
    turn = Turn(workflow, CaseView(values), state, action, Given(reason=reason.strip()), acting.on)
    fields = go_back(turn, effect.to) if going_back else {}
    return Transition("case.corrected", {**fields, **redo}, _extras(turn, acting, fields))


def _action(workflow: Workflow, view: CaseView, state: State, action_id: str, acting: Acting) -> Action:
    actions = {action.id: action for action in candidate_actions(workflow, view, state)}
    found = actions.get(action_id)
    if found is None:
        if Verb.RESOLVE in actions:
            raise Refused("workflow.in_conflict", action=action_id)
        raise Refused(
            "household.not_active" if view.facts.elsewhere else "workflow.no_such_action", action=action_id
        )
    if acting.level not in found.levels:
        lowest = min(found.levels, key=list(Level).index)
        raise Refused(_WRONG_LEVEL[lowest])
    return found


def _check_given(action: Action, given: Given, state: State, on: date) -> None:
    _check_fields(action, given, on)
    if state.stage_on is not None and on < state.stage_on:
        raise Refused("workflow.before_stage", since=state.stage_on.isoformat(), on=on.isoformat())
    if action.needs_reason and not given.reason and not given.reason_code:
        raise Refused("workflow.reason_needed")
    if given.reason_code and given.reason_code not in {reason.id for reason in action.reasons}:
        raise Refused("workflow.unknown_reason", reason=given.reason_code)
    if action.targets and target_of(action, given) not in action.targets:
        raise Refused("workflow.no_target", to=given.to)


def _check_fields(action: Action, given: Given, on: date) -> None:
    for code in given.fields:
        if code not in action.fields:
            raise Refused("workflow.unknown_field", name=code)
    for code, value in checked_fields(Kind.CASE, given.fields).items():
        day = parse_date(value) if CASE_FIELDS[code].type is FieldType.DATE else None
        if day is not None and day > on:
            raise Refused("workflow.future_date", date=day.isoformat(), on=on.isoformat())


def _dated(workflow: Workflow, view: CaseView, action: Action, given: Given, on: date) -> dict[str, Value]:
    """Return the given fields, with the step's date filled in when it is closed and nobody gave one."""
    fields = dict(given.fields)
    if action.verb is not Verb.ADVANCE:
        return fields
    step = workflow.step(action.step)
    empty = step.date_field and not fields.get(step.date_field) and not view.values.get(step.date_field)
    if empty and step.outcome(action.outcome).leads is not Leads.STAY:
        fields[step.date_field] = on.isoformat()
    return fields


def _redo_fields(
    workflow: Workflow, values: Mapping[str, Value], state: State, steps: tuple[str, ...]
) -> dict[str, Value]:
    old = {step: str(values.get(workflow.step(step).link.value, "")) for step in steps}
    redo = {**(state.redo or {}), **{step: record for step, record in old.items() if record}}
    return {"redo": pair_text(redo)} if redo != (state.redo or {}) else {}


def _correction(workflow: Workflow, acting: Acting) -> Action:
    return Action(Verb.CORRECT, Verb.CORRECT, workflow.labels[Verb.CORRECT], frozenset({acting.level}))


def _only_changed(old: Mapping[str, Value], new: Mapping[str, Value]) -> dict[str, Value]:
    together = TOGETHER if "stage" in new else frozenset[str]()
    return {code: value for code, value in new.items() if code in together or old.get(code, "") != value}


def _extras(turn: Turn, acting: Acting, fields: Mapping[str, Value]) -> dict[str, Value]:
    before = stage_text(turn.state.open)
    extras: dict[str, Value] = {
        "action": turn.action.id,
        "from": turn.action.step or before,
        "to": fields.get("stage", before),
        "on": acting.on.isoformat(),
        "level": acting.level.value,
        "reason": turn.given.reason,
        "reason_code": turn.given.reason_code,
        "kept": int(turn.given.keep and turn.action.stale),
        "resent": int(turn.given.resent),
    }
    return {key: value for key, value in extras.items() if value not in {"", 0}}


def _marks(action: Action, given: Given) -> dict[str, Value]:
    marks = checked_marks(given.wrong, given.notes)
    if marks and not action.returns:
        raise Refused("returned.no_return")
    return marks


def _decides(turn: Turn) -> bool:
    if turn.action.verb is not Verb.ADVANCE:
        return False
    outcome = turn.workflow.step(turn.action.step).outcome(turn.action.outcome)
    return outcome.leads is Leads.APPROVE


_WRONG_LEVEL = {
    Level.VILLAGE: "workflow.for_village",
    Level.TOWNSHIP: "workflow.for_township",
    Level.COUNTY: "workflow.for_county",
}
_OPS = {
    Verb.ADVANCE: "advanced",
    Verb.SAVE: "saved",
    Verb.RETURN: "returned",
    Verb.WITHDRAW: "withdrawn",
    Verb.SUSPEND: "suspended",
    Verb.RESUME: "resumed",
    Verb.URGENT: "made_urgent",
    Verb.STRIKE: "struck",
    Verb.REOPEN: "reopened",
    Verb.CLOSE: "closed",
    Verb.RESOLVE: "resolved",
}
