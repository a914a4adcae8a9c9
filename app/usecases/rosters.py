"""Import a roster: dry run first, then all of it or nothing, after an automatic backup."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.errors import BadInput, Refused
from app.domain.fault import Severity
from app.domain.ids import EntityId, Kind, Value
from app.domain.roster import Problem, RosterDraft
from app.domain.synthetic import synthetic_people
from app.files import roster_in
from app.files.roster_columns import TARGETS, heading
from app.files.roster_errors import render_error_copy
from app.files.roster_in import Setting, read_roster
from app.files.roster_template import render_roster
from app.files.workbook_in import column_letter
from app.files.workbook_save import save_workbook
from app.storage import tables
from app.storage.backup import back_up
from app.storage.tx import CIVIL_ZONE
from app.usecases.cases import start_case
from app.usecases.office import need_inside, never, no_report
from app.usecases.rounds import round_in_force

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

    from app.domain.changes import Changes
    from app.domain.roster import Mapped, RosterHousehold, RosterPreview
    from app.storage.tx import Tx
    from app.usecases.office import Office

_STEP = 20  # households between two looks at progress and cancel


@dataclass(frozen=True, slots=True)
class Options:
    """How a roster is taken in.

    ``village`` is the 12-digit code its households get (the desk's own for a village); ``open_cases``
    opens a case on ``workflow`` for every household.
    """

    village: str = ""
    mapping: Mapped | None = None
    open_cases: bool = False
    workflow: str = "identify"
    confirmed_old: frozenset[str] = frozenset()


def dry_run(office: Office, path: Path, options: Options | None = None) -> RosterDraft:
    """Return what a file would bring with every finding, our own records looked at too; writes nothing.

    Raises:
        BadInput, Unavailable: when the file cannot be read at all.
    """
    chosen = options or Options()
    village = chosen.village or office.actor.scope
    today = office.workspace.clock.now().astimezone(CIVIL_ZONE).date()
    setting = Setting(office.policy.lists, village, today, confirmed_old=chosen.confirmed_old)
    draft = read_roster(path, setting, chosen.mapping)
    with office.workspace.read() as conn:
        return replace(draft, problems=(*draft.problems, *_known_here(conn, draft, village)))


def import_roster(
    office: Office,
    path: Path,
    options: Options | None = None,
    report: Callable[[int, int], None] = no_report,
    cancelled: Callable[[], bool] = never,
) -> Changes:
    """Import a roster whose dry run is clean; a backup is made first.

    Raises:
        BadInput: ``roster.not_clean`` (params ``file``, ``count`` and the first finding's ``sheet``,
            ``row``, ``column``); nothing is written then.
        Refused: ``work.cancelled``; nothing is written then either.
    """
    chosen = options or Options()
    draft = dry_run(office, path, chosen)
    if not draft.is_clean:
        raise not_clean(draft)
    back_up(office.workspace, reason="import")
    village = chosen.village or office.actor.scope
    total = len(draft.households)
    with office.workspace.write(office.actor) as tx:
        need_inside(tx, village)
        round_id = round_in_force(tx, village)[0] if _needs_round(draft, chosen) else None
        for done, household in enumerate(draft.households):
            if done % _STEP == 0:
                report(done, total)
                if cancelled():
                    raise Refused("work.cancelled")
            uid = put_roster_household(tx, household, village, round_id)
            if chosen.open_cases:
                start_case(tx, office, uid, chosen.workflow, {})
        report(total, total)
    return tx.changes


def preview_roster(path: Path) -> RosterPreview:
    """Return the first rows of every sheet of a file and where its headings seem to stand.

    Raises:
        BadInput, Unavailable: when the file cannot be read at all.
    """
    return roster_in.preview_roster(path)


def map_header(path: Path, sheet: str, row: int) -> Mapped:
    """Return where the columns lead when somebody points at ``row`` (from 1) as the row of the headings.

    Raises:
        BadInput, Unavailable: the codes of ``app.files.roster_in.map_header``.
    """
    return roster_in.map_header(path, sheet, row)


def roster_targets() -> tuple[tuple[str, str], ...]:
    """Return everything a column can lead to, with the heading our own template gives it."""
    return tuple((target, heading(target)) for target in TARGETS)


def write_error_copy(
    office: Office, source: Path, target: Path, options: Options, describe: Callable[[Problem], str]
) -> None:
    """Write a copy of a roster with the list of its findings and red cells; ``describe`` words a finding.

    Raises:
        BadInput, Unavailable: when ``source`` cannot be read any more or ``target`` not be written.
    """
    draft = dry_run(office, source, options)
    save_workbook(target, render_error_copy(source, draft, describe))
    with office.workspace.write(office.actor) as tx:
        # The copy holds identity numbers as the roster does: who took it out is kept.
        tx.audit("export", "roster_errors", {"file": target.name, "findings": len(draft.problems)})


def write_template(office: Office, path: Path) -> None:
    """Write the roster workbook to fill in, with an example sheet of synthetic people.

    Raises:
        Unavailable: ``workbook.cannot_write`` (param ``file``).
    """
    today = office.workspace.clock.now().astimezone(CIVIL_ZONE).date()
    save_workbook(path, render_roster(office.policy.lists, (), synthetic_people(1, 3, today)))


def not_clean(draft: RosterDraft) -> BadInput:
    """Return the error that names the first finding of a draft."""
    if not draft.errors:
        return BadInput("roster.empty", file=draft.file)
    first = draft.errors[0]
    return BadInput(
        "roster.not_clean",
        file=draft.file,
        count=len(draft.errors),
        sheet=first.sheet,
        row=first.row,
        column=first.column,
    )


def put_roster_household(
    tx: Tx, household: RosterHousehold, village: str, round_id: EntityId | None
) -> EntityId:
    """Record one household of a checked roster with all that stands in it."""
    uid = tx.new_id(Kind.HOUSEHOLD, village)
    fields: dict[str, Value] = {**household.values, "village": village, "status": "active"}
    tx.record("household.imported", Kind.HOUSEHOLD, uid, fields, scope=village)
    members: list[EntityId] = []
    for member in household.members:
        members.append(tx.new_id(Kind.MEMBER, village))
        values = {"status": "present", **member.values, "household": uid}
        tx.record("member.imported", Kind.MEMBER, members[-1], values, scope=village)
    if round_id is not None:
        own: dict[str, Value] = {"household": uid, "round": round_id}
        for kind, items in ((Kind.INCOME, household.incomes), (Kind.EXPENSE, household.expenses)):
            for item in items:
                whose: dict[str, Value] = {} if item.member is None else {"member": members[item.member]}
                whole = {**item.values, **own, **whose}
                tx.record(f"{kind}.imported", kind, tx.new_id(kind, village), whole, scope=village)
        if household.conditions:
            whole = {**household.conditions, **own}
            conditions = tx.new_id(Kind.CONDITIONS, village)
            tx.record("conditions.imported", Kind.CONDITIONS, conditions, whole, scope=village)
    return uid


def _needs_round(draft: RosterDraft, chosen: Options) -> bool:
    return chosen.open_cases or any(h.incomes or h.expenses or h.conditions for h in draft.households)


def _known_here(conn: Connection, draft: RosterDraft, village: str) -> list[Problem]:
    """Return a finding for every person and household code of the file that we already have."""
    member, home = tables.PROJECTED[Kind.MEMBER], tables.PROJECTED[Kind.HOUSEHOLD]
    query = (
        select(member.c.id_number, home.c.village)
        .join(home, home.c.uid == member.c.household)
        .where(member.c.id_number != "", member.c.status.in_(("", "present")))
    )
    people = {row.id_number: row.village for row in conn.execute(query)}
    codes = set(conn.execute(select(home.c.code).where(home.c.village == village)).scalars())
    found: list[Problem] = []
    for household in draft.households:
        code = household.values.get("code", "")
        if code and code in codes:
            found.append(
                _problem(draft, household.row, "roster.code_known", Severity.ERROR, number=str(code))
            )
        for one in household.members:
            where = people.get(str(one.values.get("id_number", "")))
            if where is not None:
                same = where == village
                code_ = "roster.person_known" if same else "roster.person_elsewhere"
                severity = Severity.ERROR if same else Severity.WARNING
                found.append(_problem(draft, one.row, code_, severity, name=str(one.values.get("name", ""))))
    return found


def _problem(draft: RosterDraft, row: int, code: str, severity: Severity, **params: str | int) -> Problem:
    target = "household.code" if code == "roster.code_known" else "member.id_number"
    column = next((c for c, t in draft.mapping.columns.items() if t == target), None)
    letter = "" if column is None else column_letter(column)
    return Problem(draft.mapping.sheet, row, letter, "", code, severity, tuple(sorted(params.items())))
