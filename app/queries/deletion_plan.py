"""What a lawful deletion would take with it, and where else the person is named; nothing is changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import LargeBinary, cast, func, literal, or_, select

from app.domain.deletion import Reach, holds_against
from app.domain.ids import EntityId, Kind
from app.journal.authority import EntryState
from app.journal.entry import trusted
from app.journal.redaction import is_redaction
from app.queries import rows
from app.queries.deletions import deleted_by, redactions_about
from app.queries.family import entities_of, household_of
from app.storage import tables
from app.storage.projector import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from sqlalchemy import ColumnElement, Connection

    from app.domain.fault import Fault
    from app.journal.entry import Body

_FILES = ((Kind.SUBMISSION, "blob"), (Kind.ATTACHMENT, "file"), (Kind.DOCUMENT, "file"))
_WORDS = {
    Kind.MEMBER: ("name", "id_number", "phone", "disability_no"),
    Kind.HOUSEHOLD: ("bank_account",),
    Kind.CASE: ("applicant",),
}
_SHORTEST = 2  # characters; one alone says nothing
_AROUND = 12  # characters shown on either side
_MOST = 300  # places listed


@dataclass(frozen=True, slots=True)
class Written:
    """One entry in full: id, number of its entity, scope of its stream, whether it counts, line and body."""

    entry: str
    scope: str
    counts: bool
    line: bytes
    body: Body


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A record that is not deleted with the person but names them; ``entries`` say so.

    ``household`` is the number of the household it belongs to, "" for a record of the village; ``text`` what
    stands there around the name; ``files`` are deleted with it when it is ticked.
    """

    entity: EntityId
    kind: Kind
    household: str
    field: str
    text: str
    entries: tuple[str, ...]
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeletionPlan:
    """Everything a deletion concerns.

    ``counts`` are entities by kind; ``files`` the "sha256:<hex>" names deleted with them; ``linked`` the
    numbers of other registrations of the same people; ``words`` what was looked for elsewhere.
    """

    root: EntityId
    reach: Reach
    household: str
    village: str
    code: str
    name: str
    counts: Mapping[Kind, int]
    entries: tuple[Written, ...]
    files: tuple[str, ...]
    holds: tuple[Fault, ...]
    elsewhere: tuple[Elsewhere, ...]
    linked: tuple[str, ...] = ()
    words: tuple[str, ...] = field(default=(), repr=False)


def plan_of(conn: Connection, reach: Reach, root: str, on: date, years: int) -> DeletionPlan:
    """Return what deleting a household or one member would take with it on day ``on``.

    Raises:
        Refused: ``entity.unknown``.
    """
    kind = Kind(str(reach))
    values = rows.get(conn, kind, root)
    household = root if reach is Reach.HOUSEHOLD else str(values.get("household", ""))
    home = rows.find(conn, Kind.HOUSEHOLD, household) or {}
    family = dict(_family(conn, reach, root))
    family.update(_of_before(conn, root))
    entries = tuple(written_about(conn, family))
    words = _words(entries, kind)
    village = str(home.get("village", "")) or _scope(conn, root)
    return DeletionPlan(
        root=EntityId(root),
        reach=reach,
        household=household,
        village=village,
        code=str(home.get("code", "")),
        name=str(values.get("name", "")) or _head_name(conn, household),
        counts=_counts(family, entries),
        entries=entries,
        files=tuple(_files(conn, entries, family)),
        holds=_holds(conn, household, on, years),
        elsewhere=tuple(_elsewhere(conn, (family, household), words, village)),
        linked=tuple(_linked(conn, household, home) if reach is Reach.HOUSEHOLD else ()),
        words=words,
    )


def _family(conn: Connection, reach: Reach, root: str) -> Iterator[tuple[str, Kind]]:
    if reach is Reach.HOUSEHOLD:
        yield from ((uid, kind) for kind, uid in entities_of(conn, root))
        return
    yield root, Kind.MEMBER
    for kind in (Kind.INCOME, Kind.EXPENSE, Kind.HIT):
        table = tables.PROJECTED[kind]
        for uid in conn.execute(select(table.c.uid).where(table.c.member == root)).scalars():
            yield uid, kind


def _of_before(conn: Connection, root: str) -> Iterator[tuple[str, Kind]]:
    """Yield what earlier requests deleted with this root: nothing else tells any more what belonged to it."""
    entity = tables.entity
    requests = {str(body.extras.get("request", "")) for body in redactions_about(conn, [root])}
    for request in sorted(requests):
        for uid in deleted_by(conn, request, root):
            kind = conn.execute(select(entity.c.kind).where(entity.c.uid == uid)).scalar_one()
            if kind in set(Kind):
                yield uid, Kind(kind)


def _scope(conn: Connection, uid: str) -> str:
    return str(conn.execute(select(tables.entity.c.scope).where(tables.entity.c.uid == uid)).scalar() or "")


def written_about(conn: Connection, uids: Iterable[str]) -> Iterator[Written]:
    """Yield every entry that is here in full about these entities, but for those that delete."""
    entity, journal, stream = tables.entity, tables.journal, tables.stream
    eids = [
        conn.execute(select(entity.c.eid).where(entity.c.uid == uid)).scalar_one()
        for uid in sorted(set(uids))
    ]
    for chunk in chunks(eids):
        query = (
            select(journal.c.id, journal.c.state, journal.c.body, stream.c.scope)
            .join(stream, stream.c.sid == journal.c.sid)
            .where(journal.c.eid.in_(chunk), journal.c.state != EntryState.REDACTED)
            .order_by(journal.c.lid)
        )
        for row in conn.execute(query):
            body = trusted(row.body)
            if not is_redaction(body):
                yield Written(row.id, row.scope, row.state == EntryState.PROJECTED, row.body.encode(), body)


def _counts(family: Mapping[str, Kind], entries: Iterable[Written]) -> dict[Kind, int]:
    written = {one.body.entity for one in entries}
    found: dict[Kind, int] = {}
    for uid, kind in family.items():
        if uid in written:
            found[kind] = found.get(kind, 0) + 1
    return found


def _words(entries: Iterable[Written], reach: Kind) -> tuple[str, ...]:
    """Return what names the people: every name and number ever written, in the household or of the member."""
    found: set[str] = set()
    for one in entries:
        kind = Kind(one.body.kind) if one.body.kind in set(Kind) else reach
        values = one.body.changes
        found |= {str(values.get(code, "")).strip() for code in _WORDS.get(kind, ())}
    return tuple(sorted(word for word in found if len(word) >= _SHORTEST))


def _files(conn: Connection, entries: Iterable[Written], family: Mapping[str, Kind]) -> Iterator[str]:
    """Yield the files these entries name and nothing else does."""
    named = {
        str(one.body.changes[code])
        for one in entries
        for kind, code in _FILES
        if one.body.kind == kind and one.body.changes.get(code)
    }
    for name in sorted(named):
        users = {
            uid
            for kind, code in _FILES
            for uid in conn.execute(
                select(tables.PROJECTED[kind].c.uid).where(tables.PROJECTED[kind].c[code] == name)
            ).scalars()
        }
        if users <= family.keys():
            yield name


def _holds(conn: Connection, household: str, on: date, years: int) -> tuple[Fault, ...]:
    cases = rows.where(conn, Kind.CASE, household=household)
    objections = [one for uid, _ in cases for _, one in rows.where(conn, Kind.OBJECTION, case=uid)]
    rounds = rows.many(conn, Kind.PUBLICITY, (str(case.get("publicity", "")) for _, case in cases))
    running = [one for one in rounds.values() if not one.get("void") and not one.get("taken_down_on")]
    return holds_against([case for _, case in cases], objections, running, on, years)


def _linked(conn: Connection, household: str, home: Mapping[str, int | str]) -> Iterator[str]:
    table = tables.PROJECTED[Kind.HOUSEHOLD]
    named = [str(home.get(code, "")) for code in ("alias_of", "came_from")]
    same = or_(table.c.alias_of == household, table.c.came_from == household, table.c.uid.in_(named))
    for row in conn.execute(select(table.c.code, table.c.uid).where(same).order_by(table.c.code)):
        if row.uid != household:
            yield str(row.code or row.uid)


def _head_name(conn: Connection, household: str) -> str:
    line = tables.household_line
    return str(conn.execute(select(line.c.head).where(line.c.uid == household)).scalar() or "")


def _elsewhere(
    conn: Connection, own: tuple[Mapping[str, Kind], str], words: tuple[str, ...], village: str
) -> Iterator[Elsewhere]:
    family, household = own
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    kinds: dict[str, Kind] = {}
    for entry, body in _naming(conn, words, village):
        if body.entity in family or body.kind not in set(Kind):
            continue
        kinds[body.entity] = Kind(body.kind)
        for code, text in _texts(body):
            if any(word in text for word in words):
                found.setdefault((body.entity, code), []).append((entry, _around(text, words)))
    for (entity, code), hits in list(found.items())[:_MOST]:
        kind = kinds[entity]
        number = _number(conn, kind, entity)
        ids = tuple(dict.fromkeys(entry for entry, _ in hits))
        yield Elsewhere(EntityId(entity), kind, number, code, hits[-1][1], ids)
    yield from _papers(conn, family, household, words)


def _naming(conn: Connection, words: tuple[str, ...], village: str) -> Iterator[tuple[str, Body]]:
    """Yield the entries of a village whose text holds one of the words."""
    if not words or not village:
        return
    journal, stream = tables.journal, tables.stream
    query = (
        select(journal.c.id, journal.c.body)
        .join(stream, stream.c.sid == journal.c.sid)
        .where(stream.c.scope == village, journal.c.state != EntryState.REDACTED)
        .where(or_(*(journal.c.body.contains(word, autoescape=True) for word in words)))
        .order_by(journal.c.lid)
    )
    for row in conn.execute(query):
        yield row.id, trusted(row.body)


def _texts(body: Body) -> Iterator[tuple[str, str]]:
    yield from ((code, str(value)) for code, value in body.changes.items())
    yield from ((code, str(value)) for code, value in body.extras.items())


_LONG_NUMBER = re.compile(r"[0-9]{7,}[Xx]?")


def _ends(found: re.Match[str]) -> str:
    number = found[0]
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


def _around(text: str, words: Iterable[str]) -> str:
    at = min(text.index(word) for word in words if word in text)
    start, end = max(0, at - _AROUND), at + _AROUND + 4
    # A number is told by its ends: enough to recognise it, too little to use it.
    cut = _LONG_NUMBER.sub(_ends, re.sub(r"\s+", " ", text[start:end]))
    return ("…" if start else "") + cut + ("…" if end < len(text) else "")


def _number(conn: Connection, kind: Kind, uid: str) -> str:
    household = household_of(conn, kind, uid)
    values = rows.find(conn, Kind.HOUSEHOLD, household) if household else None
    return str((values or {}).get("code", ""))


def _papers(
    conn: Connection, family: Mapping[str, Kind], household: str, words: tuple[str, ...]
) -> Iterator[Elsewhere]:
    """Yield questionnaires whose answers name the people, photos of the household, and issued notices."""
    blob, case = tables.blob, tables.PROJECTED[Kind.CASE]
    submission, attachment, document = (tables.PROJECTED[kind] for kind, _ in _FILES)
    if words:
        told = (func.instr(blob.c.data, cast(literal(word), LargeBinary)) > 0 for word in words)
        holding = submission.c.blob.in_(select(blob.c.hash).where(or_(*told)))
        yield from _with_files(conn, Kind.SUBMISSION, ("blob", "finished_on"), holding, family)
    photos = attachment.c.household == household
    yield from _with_files(conn, Kind.ATTACHMENT, ("file", "caption"), photos, family)
    shown = select(case.c.publicity).where(case.c.household == household, case.c.publicity != "")
    notices = document.c.publicity.in_(shown)
    yield from _with_files(conn, Kind.DOCUMENT, ("file", "issued_on"), notices, family)


def _with_files(
    conn: Connection,
    kind: Kind,
    codes: tuple[str, str],
    condition: ColumnElement[bool],
    family: Mapping[str, Kind],
) -> Iterator[Elsewhere]:
    table, (code, told) = tables.PROJECTED[kind], codes
    query = select(table.c.uid, table.c[code].label("file"), table.c[told].label("told")).where(condition)
    for row in conn.execute(query):
        if row.uid in family or not row.file:
            continue
        entries = tuple(
            one.entry for one in written_about(conn, [row.uid]) if one.body.changes.get(code) == row.file
        )
        number = _number(conn, kind, row.uid)
        yield Elsewhere(EntityId(row.uid), kind, number, code, str(row.told or ""), entries, (row.file,))
