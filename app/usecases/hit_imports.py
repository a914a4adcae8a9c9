"""Take a department's list of hits into the cases it is about: a look first, then all that match."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.identity import read_identity
from app.domain.ids import EntityId, Kind, Value
from app.files.hits_in import read_hits
from app.queries import rows
from app.queries.linked import Wanted, candidates
from app.queries.verdicts import members_of
from app.usecases.hits import put_hit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import Connection

    from app.domain.changes import Changes
    from app.files.hits_in import HitProblem, HitRow
    from app.queries.board import Look
    from app.usecases.office import Office

OTHER = "other"
"""The register of a department the pack does not name; its own word stays in the hit's item."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A hit of the list and the case, household member and register it goes to."""

    row: int
    head: str
    name: str
    case: EntityId
    fields: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A hit that goes nowhere, with the code of the reason."""

    row: int
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class HitCheck:
    """What an import would do; with ``problems`` it does nothing."""

    file: str
    sheet: str
    matched: tuple[Matched, ...]
    unmatched: tuple[Unmatched, ...]
    problems: tuple[HitProblem, ...]


@dataclass(frozen=True, slots=True)
class HitImport:
    """What an import did."""

    changes: Changes
    check: HitCheck


@dataclass(frozen=True, slots=True)
class _Person:
    uid: str
    name: str
    id_number: str
    case: str
    head: str
    authorised: bool


def check_hits(office: Office, look: Look, wanted: Wanted, path: Path) -> HitCheck:
    """Return what the list would do to the cases at a step: by ID number, else by a name that is unique.

    Raises:
        BadInput, Unavailable: the codes of ``read_hits``.
    """
    found = read_hits(path)
    with office.workspace.read() as conn:
        people = list(_people(conn, look, wanted))
        seen = {_mark(hit) for _, hit in _hits(conn, people)}
    by_id: dict[str, list[_Person]] = defaultdict(list)
    by_name: dict[str, list[_Person]] = defaultdict(list)
    for person in people:
        by_name[person.name].append(person)
        if person.id_number:
            by_id[person.id_number].append(person)
    matched: list[Matched] = []
    unmatched: list[Unmatched] = []
    for row in found.rows:
        whom, code = _find(row, by_id, by_name)
        if whom is None:
            unmatched.append(Unmatched(row.row, row.name or row.id_number, code))
            continue
        fields = _fields(office, row, whom)
        if _mark({**fields, "case": whom.case}) in seen:
            unmatched.append(Unmatched(row.row, row.name or row.id_number, "hits.known"))
            continue
        matched.append(Matched(row.row, whom.head, whom.name, EntityId(whom.case), fields))
    return HitCheck(found.file, found.sheet, tuple(matched), tuple(unmatched), found.problems)


def import_hits(office: Office, look: Look, wanted: Wanted, path: Path) -> HitImport:
    """Record every matched hit of a list in one write; unmatched ones are left out and told.

    Raises:
        Refused: ``hits.problems`` (param ``count``), ``hits.nothing``.
        BadInput, Unavailable: the codes of ``read_hits``.
    """
    check = check_hits(office, look, wanted, path)
    if check.problems:
        raise Refused("hits.problems", count=len(check.problems))
    if not check.matched:
        raise Refused("hits.nothing")
    with office.workspace.write(office.actor) as tx:
        for hit in check.matched:
            put_hit(tx, hit.case, hit.fields, "imported")
    return HitImport(tx.changes, check)


def _people(conn: Connection, look: Look, wanted: Wanted) -> Iterable[_Person]:
    lines = candidates(conn, look, wanted)
    cases = rows.many(conn, Kind.CASE, (line.case for line in lines))
    for line in lines:
        signed = cases[line.case].get("auth_signed") == 1
        for uid, member in members_of(conn, line.household):
            number = read_identity(rows.text(member, "id_number"))
            usable = rows.text(member, "id_number").upper() if number.comparable else ""
            yield _Person(uid, rows.text(member, "name"), usable, line.case, line.head, signed)


def _hits(conn: Connection, people: Iterable[_Person]) -> list[rows.Row]:
    return [row for case in {one.case for one in people} for row in rows.where(conn, Kind.HIT, case=case)]


def _find(
    row: HitRow, by_id: dict[str, list[_Person]], by_name: dict[str, list[_Person]]
) -> tuple[_Person | None, str]:
    """Return whom a row is about, or why nobody: the number decides, the name only where it stands alone."""
    found = by_id.get(row.id_number, []) if row.id_number else by_name.get(row.name, [])
    if not found and row.id_number:
        # Nobody has that number here: a member without a usable number may still be known by name.
        found = [one for one in by_name.get(row.name, []) if not one.id_number]
    if not found:
        return None, "hits.not_here"
    if len(found) > 1:
        return None, "hits.several"
    if not found[0].authorised:
        return None, "hits.not_authorised"
    return found[0], ""


def _fields(office: Office, row: HitRow, person: _Person) -> dict[str, Value]:
    code = office.policy.codes("register").code_for(row.register) or OTHER
    item = row.register if code == OTHER else ""
    fields: dict[str, Value] = {
        "register": code,
        "item": item,
        "value": row.value,
        "member": person.uid,
        "as_of": row.as_of,
        "feedback_no": row.feedback_no,
    }
    return {name: value for name, value in fields.items() if value != ""}


def _mark(hit: dict[str, Value]) -> tuple[str, ...]:
    return tuple(str(hit.get(code, "")) for code in ("case", "member", "register", "value", "as_of"))
