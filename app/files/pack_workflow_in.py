"""Read one workflow of a policy pack and check its graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.calendar import DayType
from app.domain.case import CASE_FIELDS
from app.domain.correction import ChangeKind
from app.domain.errors import BadInput
from app.domain.evidence import FACT_NAMES
from app.domain.field_types import FieldType
from app.domain.ids import Level
from app.domain.workflow import (
    Evidence,
    EvidenceKind,
    Leads,
    Limit,
    Link,
    Note,
    Outcome,
    Reason,
    ReopenRule,
    Step,
    Verb,
    Workflow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from app.domain.ids import Value
    from app.files.toml_table import TomlTable


def read_workflow(table: TomlTable, publicity: Collection[str]) -> Workflow:
    """Return the workflow in a file; ``publicity`` are the ids of the pack's publicity rules.

    Raises:
        BadInput: codes of ``TomlTable``; with ``file`` and ``key``: ``pack.no_steps``, ``pack.duplicate``,
            ``pack.unknown_step`` (param ``step``), ``pack.cycle`` (param ``step``), ``pack.loose_step``
            (param ``step``: nothing leads to the end through it), ``pack.no_way_on`` (param ``step``),
            ``pack.unknown_field`` (param ``name``), ``pack.unknown_fact`` (param ``name``),
            ``pack.unknown_outcome``, ``pack.unknown_rule``, ``pack.no_fields``.
    """
    rows = table.tables("step")
    if not rows:
        raise BadInput("pack.no_steps", file=table.file, key=table.key("step"))
    steps = tuple(_step(row, publicity) for row in rows)
    table.refuse_twice("step", (step.id for step in steps))
    _check_graph(rows, steps)
    ids = [step.id for step in steps]
    workflow = Workflow(
        id=table.text("id"),
        name=table.text("name"),
        steps=steps,
        labels=_labels(table),
        reasons=_reasons(table),
        reopen=tuple(_reopen(row, ids) for row in table.tables("reopen")),
        urgent_skip=_known(table, "urgent_skip", ids),
        total_limit=_limit(table, "total_limit"),
    )
    table.done()
    return workflow


def _step(row: TomlTable, publicity: Collection[str]) -> Step:
    outcomes = tuple(_outcome(one) for one in row.tables("outcome"))
    row.refuse_twice("outcome", (outcome.id for outcome in outcomes))
    step = Step(
        id=row.text("id"),
        name=row.text("name"),
        short=row.text("short"),
        level=row.choice("level", Level),
        page=row.text("page"),
        after=row.texts("after"),
        people=_fields(row, "people"),
        people_label=row.text("people_label", ""),
        fields=_fields(row, "fields"),
        late_fields=_fields(row, "late_fields"),
        outcome_field=_field(row, "outcome_field"),
        date_field=_field(row, "date_field"),
        link=row.choice("link", Link, Link.NONE),
        publicity=row.text("publicity", ""),
        questionnaire=row.text("questionnaire", ""),
        limit=_limit(row, "limit"),
        evidence=tuple(_evidence(one, outcomes) for one in row.tables("evidence")),
        outcomes=outcomes,
        notes=tuple(_note(one) for one in row.tables("note")),
    )
    if step.publicity and step.publicity not in publicity:
        raise BadInput("pack.unknown_rule", file=row.file, key=row.key("publicity"), name=step.publicity)
    if not any(outcome.leads.is_forward for outcome in outcomes):
        raise BadInput("pack.no_way_on", file=row.file, key=row.key("outcome"), step=step.id)
    row.done()
    return step


def _outcome(row: TomlTable) -> Outcome:
    sets = row.table("sets")
    outcome = Outcome(
        id=row.text("id"),
        label=row.text("label"),
        leads=row.choice("leads", Leads),
        target=row.text("target", ""),
        needs_reason=row.flag("needs_reason", default=False),
        sets=_sets(sets) if sets else (),
        reason_field=_field(row, "reason_field"),
    )
    row.done()
    return outcome


def _sets(table: TomlTable) -> tuple[tuple[str, Value], ...]:
    pairs = tuple((_known_field(table, name, name), table.value(name)) for name in table.names())
    for name, value in pairs:
        if CASE_FIELDS[name].type.is_integer != isinstance(value, int):
            raise BadInput("pack.wrong_type", file=table.file, key=table.key(name))
    return pairs


def _evidence(row: TomlTable, outcomes: tuple[Outcome, ...]) -> Evidence:
    kind = row.choice("kind", EvidenceKind)
    evidence = Evidence(
        kind=kind,
        label=row.text("label"),
        fields=_fields(row, "fields"),
        value=row.value("value") if row.has("value") else "",
        fact=_fact(row) if kind is EvidenceKind.FACT else "",
        at_least=row.whole("at_least", 0),
        at_most=row.whole("at_most") if row.has("at_most") else None,
        outcomes=row.texts("outcomes"),
        when_field=_field(row, "when_field"),
        when_value=row.value("when_value") if row.has("when_value") else "",
    )
    for outcome in evidence.outcomes:
        if outcome not in {one.id for one in outcomes}:
            raise BadInput("pack.unknown_outcome", file=row.file, key=row.key("outcomes"), name=outcome)
    if kind in _FIELD_KINDS and not evidence.fields:
        raise BadInput("pack.no_fields", file=row.file, key=row.key("fields"))
    row.done()
    return evidence


_FIELD_KINDS = frozenset({EvidenceKind.FILLED, EvidenceKind.ANY, EvidenceKind.EQUALS})


def _note(row: TomlTable) -> Note:
    note = Note(_fact(row), row.text("text"))
    row.done()
    return note


def _fact(row: TomlTable) -> str:
    name = row.text("fact")
    if name not in FACT_NAMES:
        raise BadInput("pack.unknown_fact", file=row.file, key=row.key("fact"), name=name)
    return name


def _labels(table: TomlTable) -> Mapping[Verb, str]:
    labels = table.table("labels")
    if labels is None:
        raise BadInput("pack.missing", file=table.file, key=table.key("labels"))
    verbs = frozenset(Verb) - {Verb.ADVANCE}
    found = {verb: labels.text(verb.value) for verb in Verb if verb in verbs}
    labels.done()
    return found


def _reasons(table: TomlTable) -> tuple[Reason, ...]:
    rows = table.tables("reason")
    reasons: list[Reason] = []
    for row in rows:
        reasons.append(Reason(row.text("id"), row.text("label"), row.choices("verbs", Verb)))
        row.done()
    table.refuse_twice("reason", (reason.id for reason in reasons))
    return tuple(reasons)


def _reopen(row: TomlTable, ids: Collection[str]) -> ReopenRule:
    rule = ReopenRule(
        when=tuple(kind.value for kind in row.choices("when", ChangeKind)),
        after=_known_step(row, "after", row.text("after"), ids),
        to=_known_step(row, "to", row.text("to"), ids) if row.has("to") else "",
        redo=_known(row, "redo", ids),
    )
    row.done()
    return rule


def _limit(row: TomlTable, name: str) -> Limit | None:
    table = row.table(name)
    if table is None:
        return None
    limit = Limit(table.whole("days", least=1, most=3660), table.choice("day_type", DayType, DayType.NATURAL))
    table.done()
    return limit


def _fields(row: TomlTable, name: str) -> tuple[str, ...]:
    return tuple(_known_field(row, name, code) for code in row.texts(name))


def _field(row: TomlTable, name: str) -> str:
    code = row.text(name, "")
    return _known_field(row, name, code) if code else ""


def _known_field(row: TomlTable, name: str, code: str) -> str:
    if code not in CASE_FIELDS:
        raise BadInput("pack.unknown_field", file=row.file, key=row.key(name), name=code)
    wanted = _TYPES.get(name)
    if wanted is not None and CASE_FIELDS[code].type is not wanted:
        raise BadInput("pack.wrong_type", file=row.file, key=row.key(name))
    return code


_TYPES = {"people": FieldType.ID, "date_field": FieldType.DATE, "outcome_field": FieldType.CODE}


def _known(row: TomlTable, name: str, ids: Collection[str]) -> tuple[str, ...]:
    return tuple(_known_step(row, name, step, ids) for step in row.texts(name))


def _known_step(row: TomlTable, name: str, step: str, ids: Collection[str]) -> str:
    if step not in ids:
        raise BadInput("pack.unknown_step", file=row.file, key=row.key(name), step=step)
    return step


def _check_graph(rows: tuple[TomlTable, ...], steps: tuple[Step, ...]) -> None:
    ids = [step.id for step in steps]
    for row, step in zip(rows, steps, strict=True):
        _known(row, "after", ids)
        for one, outcome in zip(row.tables("outcome"), step.outcomes, strict=True):
            if outcome.target:
                _known_step(one, "target", outcome.target, ids)
    _check_cycles(rows, steps)
    for row, step in zip(rows, steps, strict=True):
        for one, outcome in zip(row.tables("outcome"), step.outcomes, strict=True):
            _check_target(one, outcome, step, steps)
    _check_loose(rows, steps)


def _check_cycles(rows: tuple[TomlTable, ...], steps: tuple[Step, ...]) -> None:
    """Take steps away whose prerequisites are gone, until none is left; what stays goes in circles."""
    left = dict(zip((step.id for step in steps), zip(rows, steps, strict=True), strict=True))
    free = [""]
    while free:
        free = [one for one, (_, step) in left.items() if not set(step.after) & left.keys()]
        for one in free:
            del left[one]
    for row, step in left.values():
        raise BadInput("pack.cycle", file=row.file, key=row.key("after"), step=step.id)


def _check_target(row: TomlTable, outcome: Outcome, step: Step, steps: tuple[Step, ...]) -> None:
    """Refuse a way back to a step that does not lie before, and a target of any other outcome."""
    if not outcome.target:
        return
    graph = Workflow("", "", steps, {})
    if outcome.leads is not Leads.RETURN or outcome.target not in graph.ancestors(step.id):
        raise BadInput("pack.bad_target", file=row.file, key=row.key("target"), step=outcome.target)


def _check_loose(rows: tuple[TomlTable, ...], steps: tuple[Step, ...]) -> None:
    """Refuse a second end: a step that nothing waits for although it is not the last one."""
    needed = {one for step in steps for one in step.after}
    for row, step in zip(rows[:-1], steps[:-1], strict=True):
        if step.id not in needed:
            raise BadInput("pack.loose_step", file=row.file, key=row.key("id"), step=step.id)
