"""Commands that only look."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.action import Acting, Action, available_actions
from app.domain.calendar import civil_date
from app.domain.errors import AppError, Refused
from app.domain.fields import FIELDS
from app.domain.ids import EntityId, Kind, is_entity_id
from app.queries.board import Look, find_round, round_lines
from app.queries.case import get_case_card, list_cases
from app.queries.case_facts import case_view
from app.queries.history import history
from app.queries.household import get_household
from app.queries.household_list import Chip, ListQuery, Sort, lines, list_ids
from app.storage import tables
from app.ui.texts import has, sentence, t

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from app.cli.desk import Desk, Result
    from app.domain.roster import Problem
    from app.queries.case_card import Said
    from app.queries.field_value import FieldValue
    from app.usecases.checks import Finding

_PAGE = 128


def look_of(desk: Desk) -> Look:
    """Return with what eyes lists are read."""
    office = desk.office
    return Look(office.policy, civil_date(desk.now), office.workspace.standing().places)


def status(desk: Desk, _arguments: Namespace) -> Result:
    """Counts of the workspace, its role and scope."""
    standing = desk.office.workspace.standing()
    with desk.office.workspace.read() as conn:
        cases = _cases_by_step(conn)
        in_force = find_round(conn, standing.scope)
        return {
            "households": _count(conn, Kind.HOUSEHOLD),
            "persons": _count(conn, Kind.MEMBER),
            "cases": cases,
            "conflicts": conn.execute(select(func.count()).select_from(tables.conflict)).scalar() or 0,
            "entries": conn.execute(select(func.count()).select_from(tables.journal)).scalar() or 0,
            "waiting": conn.execute(select(func.count()).select_from(tables.waiting)).scalar() or 0,
            "role": str(standing.level),
            "scope": standing.scope,
            "round": in_force.name if in_force else "",
            "line_fen": in_force.line_fen if in_force else None,
            "demo": standing.demo,
        }


def fields(_desk: Desk, _arguments: Namespace) -> Result:
    """Every field of every kind."""
    return {
        "fields": [
            {
                "kind": str(kind),
                "code": one.code,
                "type": str(one.type),
                "unit": one.unit,
                "sensitive": one.sensitive,
            }
            for kind, known in FIELDS.items()
            for one in known.values()
        ]
    }


def self_check(desk: Desk, arguments: Namespace) -> Result:
    """Check the program, this computer and, with a workspace, that projections agree with the journal.

    A workspace that cannot be opened ends the command with its own sentence, after what was found until then.
    """
    from app.usecases import checks

    show = _findings_json if arguments.json else _findings_text
    found = {"program": checks.check_program(clock=desk.clock)}
    if desk.has_workspace:
        found["place"] = (checks.place_finding(desk.folder),)
    if desk.has_workspace and found["place"][0].ok:
        try:
            office = desk.office
        except AppError:
            desk.show(show(found))
            raise
        found["workspace"] = checks.workspace_findings(checks.check_workspace(office))
    failed = [t(f"check.title_{one.name}") for part in found.values() for one in part if not one.ok]
    if failed:
        desk.refusals.append(t("cli.self_check_failed", what="、".join(failed)))
    return show(found)


def _findings_json(found: Mapping[str, Sequence[Finding]]) -> Result:
    told = [
        {"name": one.name, "ok": one.ok, "sentence": t(one.code, **one.params), "advice": _advice(one)}
        for part in found.values()
        for one in part
    ]
    verdicts: dict[str, object] = {
        part: {one.name: None if one.code == "check.files_source" else one.ok for one in findings}
        for part, findings in found.items()
    }
    if "place" in found:
        verdicts["place"] = found["place"][0].ok
    return {**verdicts, "findings": told}


def _findings_text(found: Mapping[str, Sequence[Finding]]) -> Result:
    """Return one line a finding: how it stands and about what, then what was found and what to do."""
    lines: dict[str, str] = {}
    for one in (one for part in found.values() for one in part):
        state = "bad" if not one.ok else "good" if one.code.endswith("_ok") else "note"
        title = f"[{t(f'check.{state}')}] {t(f'check.title_{one.name}')}"
        lines[title] = t(one.code, **one.params) + _advice(one)
    return lines


def _advice(finding: Finding) -> str:
    return t(f"{finding.code}_do") if has(f"{finding.code}_do") else ""


def household_list(desk: Desk, arguments: Namespace) -> Result:
    """Households in order, or those a search finds."""
    scope = desk.office.actor.scope
    query = ListQuery(
        scope=scope,
        workflow=arguments.workflow,
        chip=Chip(arguments.chip),
        text=arguments.search,
        sort=Sort.CODE,
    )
    look = look_of(desk)
    with desk.office.workspace.read() as conn:
        numbers = list_ids(conn, look, query)
        found = [
            line
            for start in range(0, len(numbers), _PAGE)
            for line in lines(conn, look, numbers[start : start + _PAGE])
        ]
    return {
        "households": [
            {
                "id": line.household,
                "code": line.code,
                "head": line.head,
                "group": line.group,
                "size": line.size,
                "case": line.case,
                "step": line.step,
                "status": line.status,
                "conflicts": line.conflicts,
            }
            for line in found
        ]
    }


def household_show(desk: Desk, arguments: Namespace) -> Result:
    """One household; sensitive fields are masked unless ``--reveal``."""
    uid = find_household(desk, arguments.id)
    with desk.office.workspace.read() as conn:
        sheet = get_household(conn, look_of(desk), uid)
    if arguments.reveal:
        with desk.office.workspace.write(desk.office.actor) as tx:
            tx.audit("reveal", uid, {"by": "cli"})
    clear = bool(arguments.reveal)
    return {
        "id": uid,
        "code": sheet.code,
        "village": sheet.village,
        "status": sheet.status,
        "round": sheet.round_name,
        "fields": _values(desk, sheet.fields, clear=clear),
        "members": [
            {"id": m.id, "name": m.name, "present": m.present, "fields": _values(desk, m.fields, clear=clear)}
            for m in sheet.members
        ],
        "incomes": [asdict(item) for item in sheet.incomes],
        "expenses": [asdict(item) for item in sheet.expenses],
        "conditions": _values(desk, sheet.conditions, clear=clear),
        "income": asdict(sheet.statement),
        "cases": [asdict(case) for case in sheet.cases],
        "conflicts": [asdict(conflict) for conflict in sheet.conflicts],
    }


def household_history(desk: Desk, arguments: Namespace) -> Result:
    """Every value a household and its children ever had."""
    uid = find_household(desk, arguments.id)
    with desk.office.workspace.read() as conn:
        found = history(conn, uid, clear=bool(arguments.reveal))
    return {
        "history": [
            {
                "entry": row.entry,
                "entity": row.entity,
                "kind": row.kind,
                "field": row.field,
                "value": row.value,
                "replaces": list(row.replaces),
                "by": row.by,
                "at": row.at,
                "state": str(row.state),
                "op": row.op,
                "reason": row.reason,
            }
            for row in found
        ]
    }


def round_list(desk: Desk, _arguments: Namespace) -> Result:
    """Rounds that concern the desk's area, the one in force first."""
    with desk.office.workspace.read() as conn:
        return {"rounds": [asdict(line) for line in round_lines(conn, desk.office.actor.scope)]}


def case_list(desk: Desk, arguments: Namespace) -> Result:
    """Cases of the area, all or those at one step."""
    with desk.office.workspace.read() as conn:
        found = list_cases(conn, look_of(desk), desk.office.actor.scope)
    wanted = [line for line in found if line.workflow == arguments.workflow]
    if arguments.step:
        wanted = [line for line in wanted if arguments.step in line.stage.split()]
    return {"cases": [asdict(line) for line in wanted]}


def case_show(desk: Desk, arguments: Namespace) -> Result:
    """One case with its timeline."""
    look = look_of(desk)
    acting = Acting(desk.office.level, desk.office.actor.person, look.today)
    with desk.office.workspace.read() as conn:
        view = case_view(conn, arguments.case, desk.office.policy)
        household = str(view.values.get("household", ""))
        card = get_case_card(conn, look, household, arguments.case, acting)
    return {"case": arguments.case, "values": dict(view.values), "card": asdict(card)}


def case_actions(desk: Desk, arguments: Namespace) -> Result:
    """What this desk may do with a case now, and what each action still lacks."""
    return {
        "actions": [
            {
                "action": action.id,
                "label": action.label,
                "step": action.step,
                "needs_reason": action.needs_reason,
                "reasons": [reason.id for reason in action.reasons],
                "targets": list(action.targets),
                "fields": list(action.fields),
                "stale": action.stale,
                "missing": [sentence(AppError(fault.code, **dict(fault.params))) for fault in action.missing],
            }
            for action in find_actions(desk, arguments.case)
        ]
    }


def find_actions(desk: Desk, case: str) -> Sequence[Action]:
    """Return the actions of a case for this desk."""
    office = desk.office
    acting = Acting(office.level, office.actor.person, civil_date(desk.now))
    with office.workspace.read() as conn:
        view = case_view(conn, case, office.policy)
    return available_actions(office.policy.workflow(view.values), view, acting)


def village_board(desk: Desk, _arguments: Namespace) -> Result:
    """Every area below: enrolled or not, never delivered or delivered up to when."""
    from app.queries import exchange

    office = desk.office
    standing = office.workspace.standing()
    with office.workspace.read() as conn:
        return {
            "areas": [asdict(line) for line in exchange.village_board(conn, standing.places, standing.scope)]
        }


def find_household(desk: Desk, given: str) -> EntityId:
    """Return the household with this id, beginning of an id, or household code.

    Raises:
        Refused: ``household.not_found``, ``household.several`` (param ``count``).
    """
    if is_entity_id(given):
        return EntityId(given)
    table = tables.household_line
    query = select(table.c.uid).where(
        (table.c.code == given) | table.c.uid.startswith(given, autoescape=True)
    )
    with desk.office.workspace.read() as conn:
        found = list(conn.execute(query.limit(3)).scalars())
    if not found:
        raise Refused("household.not_found", given=given)
    if len(found) > 1:
        raise Refused("household.several", count=len(found))
    return EntityId(found[0])


def problems(found: Iterable[Problem]) -> list[dict[str, object]]:
    """Return findings with their place and sentence."""
    return [
        {
            "sheet": one.sheet,
            "row": one.row,
            "column": one.column,
            "title": one.title,
            "severity": str(one.severity),
            "code": one.code,
            "text": sentence(AppError(one.code, **dict(one.params))),
        }
        for one in found
    ]


def said(found: Said) -> str:
    """Return the words of a sentence a query gave as a code."""
    return t(found.code, **dict(found.params)) if has(found.code) else found.code


def _values(desk: Desk, found: Iterable[FieldValue], *, clear: bool) -> dict[str, object]:
    """Return values by field: raw ones, masked where they are sensitive and nobody asked."""
    from app.queries.household import reveal

    values: dict[str, object] = {}
    with desk.office.workspace.read() as conn:
        for one in found:
            hidden = FIELDS[Kind(one.kind)][one.field].sensitive
            if one.entity and clear and hidden:
                values[one.field] = reveal(conn, Kind(one.kind), one.entity, one.field)
            else:
                values[one.field] = one.text if hidden else one.value
    return {code: value for code, value in values.items() if value not in {"", None}}


def _count(conn: Connection, kind: Kind) -> int:
    table = tables.PROJECTED[kind]
    gone = ("void", "left", "deceased", "alias", "moved")
    query = select(func.count()).select_from(table).where(func.coalesce(table.c.status, "").not_in(gone))
    return int(conn.execute(query).scalar() or 0)


def _cases_by_step(conn: Connection) -> dict[str, dict[str, int]]:
    table = tables.case_line
    query = select(table.c.workflow, table.c.step, func.count()).group_by(table.c.workflow, table.c.step)
    found: dict[str, dict[str, int]] = {}
    for workflow, step, count in conn.execute(query):
        found.setdefault(workflow, {})[step] = count
    return found
