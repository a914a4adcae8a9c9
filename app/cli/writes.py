"""Commands that change a workspace; each prints its entries only once they are durable."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.cli.desk import Desk, Result, save_paper, target_folder, written
from app.cli.reads import find_actions, find_household, problems
from app.domain.calendar import parse_date
from app.domain.document import Output
from app.domain.errors import BadInput, Refused
from app.domain.fields import FIELDS
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.lines import Line
from app.domain.parsed import is_object
from app.domain.values import parse_typed
from app.files.roster_in import map_header
from app.storage import tables
from app.usecases import backups, cases, households, papers, rosters, rounds, workspaces
from app.usecases import demo as demos
from app.usecases.rounds import NewRound

if TYPE_CHECKING:
    from argparse import Namespace


MAX_DATA = 1_000_000


def demo(desk: Desk, arguments: Namespace) -> Result:
    """Make the demonstration."""
    plan = demos.Plan(arguments.villages, arguments.households, arguments.seed)
    made = demos.make_demo(Path(arguments.dir), plan, desk.now)
    return {
        "county": str(made.county),
        "township": str(made.township),
        "villages": [str(folder) for folder in made.villages],
        "passphrase_file": str(made.passphrase),
    }


def create(desk: Desk, arguments: Namespace) -> Result:
    """Make a workspace with its first person; its round is opened by ``round open`` or comes from above."""
    places = {arguments.scope: arguments.name}
    setup = workspaces.Setup(
        Level(arguments.level), arguments.scope, places, {"name": arguments.person}, desk.passphrase
    )
    office = desk.keep(workspaces.create(desk.folder, setup, desk.clock))
    return {"workspace": str(desk.folder), "person": office.actor.person}


def backup(desk: Desk, arguments: Namespace) -> Result:
    """Write a backup file."""
    made = backups.back_up(desk.office, target_folder(arguments.to) if arguments.to else None)
    return {"file": str(made.path), "size": made.size}


def restore(desk: Desk, arguments: Namespace) -> Result:
    """Unpack a backup."""
    backups.restore(Path(arguments.file), Path(arguments.to), desk.passphrase, desk.clock)
    return {"workspace": arguments.to}


def rebuild(desk: Desk, _arguments: Namespace) -> Result:
    """Drop and remake the projections."""
    desk.office.workspace.rebuild()
    return {"rebuilt": True}


def import_roster(desk: Desk, arguments: Namespace) -> Result:
    """Import a roster or show what it would bring."""
    path = Path(arguments.file)
    mapping = None
    if arguments.header_row:
        mapping = map_header(path, arguments.sheet, arguments.header_row)
    options = rosters.Options(arguments.village, mapping, open_cases=arguments.open_cases)
    if arguments.dry_run:
        draft = rosters.dry_run(desk.office, path, options)
        return {
            "households": len(draft.households),
            "persons": draft.persons,
            "clean": draft.is_clean,
            "problems": problems(draft.problems),
        }
    return written(rosters.import_roster(desk.office, path, options))


def roster_template(desk: Desk, arguments: Namespace) -> Result:
    """Write the roster workbook to fill in."""
    rosters.write_template(desk.office, Path(arguments.out))
    return {"file": arguments.out}


def household_edit(desk: Desk, arguments: Namespace) -> Result:
    """Change fields of a household or of one of its members."""
    uid = find_household(desk, arguments.id)
    kind = Kind.MEMBER if arguments.member else Kind.HOUSEHOLD
    fields = _assignments(desk, kind, arguments.fields)
    one = households.Edit(kind, arguments.member or uid, fields)
    return written(households.edit(desk.office, uid, [one], arguments.reason))


def round_open(desk: Desk, arguments: Namespace) -> Result:
    """Open a round; unfinished cases are all taken along or all closed."""
    line = None
    if arguments.line_yuan:
        scope = desk.office.actor.scope
        line = Line(
            "given",
            scope,
            "identify",
            "人均纯收入",
            arguments.line_yuan * 100,
            date(arguments.year, 1, 1),
            doc=arguments.line_doc,
        )
    carried: bool = arguments.carry == "take"
    along = {str(case): carried for case in rounds.unfinished_cases(desk.office)}
    new = NewRound(arguments.name, arguments.year, arguments.pack, line, along)
    return written(rounds.open_round(desk.office, new))


def case_open(desk: Desk, arguments: Namespace) -> Result:
    """Open a case."""
    household = find_household(desk, arguments.household)
    return written(cases.open_case(desk.office, household, arguments.workflow, {}))


def case_act(desk: Desk, arguments: Namespace) -> Result:
    """Take an action on a case, or print an empty data file for it."""
    from app.domain.given import template

    if arguments.template:
        for action in find_actions(desk, arguments.case):
            if action.id == arguments.action:
                return template(action)
        raise Refused("workflow.no_such_action", action=arguments.action)
    data = _data(arguments.data)
    if arguments.reason:
        data["reason"] = arguments.reason
    on = parse_date(arguments.on) if arguments.on else None
    if arguments.on and on is None:
        raise BadInput("cli.bad_date", value=arguments.on)
    case = EntityId(arguments.case)
    return written(cases.act_on_case(desk.office, case, arguments.action, data, on))


def print_notice(desk: Desk, arguments: Namespace) -> Result:
    """Write the notice of a publicity round as PDF; the latest one when none is named."""
    publicity = EntityId(arguments.id) if arguments.id else _latest_publicity(desk)
    return save_paper(papers.print_notice(desk.office, publicity, Output.SAVE), arguments.out)


def print_certificate(desk: Desk, arguments: Namespace) -> Result:
    """Issue the certificate of an exit case, or print the issued one again, as PDF."""
    issued = papers.print_certificate(desk.office, EntityId(arguments.id))
    return {**save_paper(issued.paper, arguments.out), "entries": list(issued.changes.entries)}


def _latest_publicity(desk: Desk) -> EntityId:
    table = tables.PROJECTED[Kind.PUBLICITY]
    query = (
        select(table.c.uid).where(table.c.void.is_(None)).order_by(table.c.from_on.desc(), table.c.eid.desc())
    )
    with desk.office.workspace.read() as conn:
        found = conn.execute(query.limit(1)).scalar()
    if found is None:
        raise Refused("publicity.none_yet")
    return EntityId(found)


def _data(path: str | None) -> dict[str, Value]:
    if path is None:
        return {}
    file = Path(path)
    try:
        if file.stat().st_size > MAX_DATA:
            raise BadInput("cli.bad_data", file=file.name)
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput("cli.bad_data", file=file.name) from error
    values = {
        key: value
        for key, value in (found.items() if is_object(found) else ())
        if isinstance(value, (int, str)) and not isinstance(value, bool)
    }
    if not is_object(found) or len(values) != len(found):
        raise BadInput("cli.bad_data", file=file.name)
    return values


def _assignments(desk: Desk, kind: Kind, given: list[str]) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for one in given:
        code, sign, text = one.partition("=")
        if not sign:
            raise BadInput("cli.bad_assignment", value=one)
        fields[code] = typed(desk, kind, code, text)
    return fields


def typed(desk: Desk, kind: Kind, code: str, text: str) -> Value:
    """Return the value typed words stand for.

    Raises:
        Refused: ``field.unknown``.
    """
    definition = FIELDS[kind].get(code)
    if definition is None:
        raise Refused("field.unknown", kind=str(kind), field=code)
    return parse_typed(definition, text, desk.office.policy.lists)
