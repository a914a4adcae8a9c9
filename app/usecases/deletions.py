"""Delete what is known about a person or a household because the law asks for it; the county's act.

    plan = preview(office, Reach.MEMBER, member)        # changes nothing
    done = delete(office, Order(Reach.MEMBER, member, request, ticked), request.number)

Every entry that names them is replaced by one that says it was deleted, here at once and on every other
computer when the packages get there; the chain of the streams holds throughout.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import structs
from sqlalchemy import select

from app.domain.calendar import civil_date
from app.domain.changes import Changes
from app.domain.deletion import KEEP_YEARS, Basis, Reach, Request, keep_until, refuse_request
from app.domain.document import Paper
from app.domain.errors import Refused
from app.domain.ids import Kind, Level
from app.domain.region import is_within
from app.journal import chain, hlc, redaction
from app.journal.entry import encode
from app.queries import rows
from app.queries.deletion_plan import Elsewhere, Written, plan_of, written_about
from app.queries.deletion_slip import slip_sheet
from app.queries.deletions import deletions
from app.storage import tables
from app.storage.merge import StreamPart, merge
from app.storage.tx import append_audit, get_meta, set_meta
from app.usecases.keys import unlock_key
from app.usecases.papers import file_name, imprint_of
from app.usecases.traces import Swept, standing_copies, sweep
from app.usecases.trust import authority, judge_of, load_trust
from app.usecases.workspaces import person_actor
from reports import deletion_slip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from app.domain.ids import EntityId, Value
    from app.journal.entry import Body
    from app.queries.deletion_plan import DeletionPlan
    from app.queries.deletions import Deletion
    from app.storage.merge import Merged
    from app.usecases.office import Office


@dataclass(frozen=True, slots=True)
class Override:
    """Two people stand for deleting what ought to be kept: the second one's passphrase, and why."""

    passphrase: str
    reason: str


@dataclass(frozen=True, slots=True)
class Order:
    """What to delete, on whose request.

    ``ticked`` are the entities, of those found elsewhere, that are cleared of the names too.
    """

    reach: Reach
    root: EntityId
    request: Request
    ticked: frozenset[str] = frozenset()
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was done: entries and files removed, how many records of each kind, what clearing up found."""

    request: str
    entries: int
    files: int
    counts: Mapping[Kind, int]
    swept: Swept
    changes: Changes = field(default_factory=Changes)


def preview(office: Office, reach: Reach, root: EntityId, years: int = KEEP_YEARS) -> DeletionPlan:
    """Return what a deletion would take with it and what stands against it; nothing is changed.

    Raises:
        Refused: ``deletion.only_county``, ``entity.unknown``, ``region.outside``.
    """
    with office.workspace.read() as conn:
        return _plan(office, conn, reach, root, years)


def delete(office: Office, order: Order, confirmed: str) -> Deleted:
    """Delete, in one transaction, then clear this computer of what is left in its files.

    ``confirmed`` is the request's number, typed again.

    Raises:
        Refused: the codes of ``preview`` and of ``domain.deletion.refuse_request``; ``deletion.held`` when
            something must be kept and nobody stands for it; ``deletion.not_expired`` (param ``date``);
            ``deletion.not_confirmed``, ``deletion.same_person``, ``deletion.reason_needed``,
            ``keys.wrong_passphrase``.
        Unavailable: any ``disk.…`` code; what was written by then stands, the next start does the rest.
    """
    _need_county(office)
    if confirmed != order.request.number:
        raise Refused("deletion.not_confirmed")
    second = _second(office, order)
    today = civil_date(office.workspace.clock.now())
    with office.workspace.bookkeeping() as conn:
        plan = _plan(office, conn, order.reach, order.root, order.request.years)
        refuse_request(order.request, today, (*plan.words, plan.name))
        _refuse_early(conn, plan, order, second)
        doomed = list(_doomed(conn, plan, order.ticked))
        facts = {**order.request.facts(), "of": str(order.reach), "root": order.root}
        if second:
            facts["second"] = second
        done = _write(office, conn, doomed, facts)
        files = sorted({name for one in doomed for name in one.files})
        _note(office, conn, order, (len(doomed), len(files), len(plan.holds)))
    swept = sweep(office) or Swept(0, 0, (), 0, 0)
    touched = Changes((), tuple(done.touched))
    return Deleted(order.request.number, len(doomed), len(files), plan.counts, swept, touched)


def _plan(office: Office, conn: Connection, reach: Reach, root: EntityId, years: int) -> DeletionPlan:
    _need_county(office)
    plan = plan_of(conn, reach, root, civil_date(office.workspace.clock.now()), years)
    if not is_within(office.actor.scope, plan.village):
        raise Refused("region.outside", place=plan.village)
    return plan


def _need_county(office: Office) -> None:
    if office.level is not Level.COUNTY:
        raise Refused("deletion.only_county")


def _second(office: Office, order: Order) -> str:
    """Return the second person who stands for an override, "" without one."""
    if order.override is None:
        return ""
    if not order.override.reason.strip():
        raise Refused("deletion.reason_needed")
    _, owner = unlock_key(office.workspace.folder, order.override.passphrase)
    person = person_actor(office.workspace, owner).person
    if person == office.actor.person:
        raise Refused("deletion.same_person")
    return person


def _refuse_early(conn: Connection, plan: DeletionPlan, order: Order, second: str) -> None:
    if order.request.basis is Basis.EXPIRED:
        cases = [case for _, case in rows.where(conn, Kind.CASE, household=plan.household)]
        until = keep_until(cases, order.request.years)
        if until is not None and any(hold.code == "deletion.hold_years" for hold in plan.holds):
            raise Refused("deletion.not_expired", date=until.isoformat())
    if plan.holds and not second:
        raise Refused("deletion.held", count=len(plan.holds))


@dataclass(frozen=True, slots=True)
class _Doomed:
    """One entry to delete, the fields whose values stay, and the files that go with it."""

    written: Written
    kept: frozenset[str]
    files: tuple[str, ...]


def _doomed(conn: Connection, plan: DeletionPlan, ticked: frozenset[str]) -> Iterator[_Doomed]:
    """Yield what is deleted: the people's own entries whole, others without the fields that name them."""
    for written in plan.entries:
        values = set(map(str, written.body.changes.values()))
        yield _Doomed(written, frozenset(), tuple(name for name in plan.files if name in values))
    cleared: dict[str, tuple[set[str], set[str]]] = {}
    for one in plan.elsewhere:
        if one.entity in ticked:
            _clear(cleared, one)
    for entity in sorted({one.entity for one in plan.elsewhere} & ticked):
        for written in written_about(conn, [entity]):
            if written.entry in cleared:
                codes, files = cleared[written.entry]
                yield _Doomed(written, frozenset(written.body.changes) - codes, tuple(sorted(files)))


def _clear(cleared: dict[str, tuple[set[str], set[str]]], one: Elsewhere) -> None:
    for entry in one.entries:
        codes, files = cleared.setdefault(entry, (set(), set()))
        codes.add(one.field)
        files.update(one.files)


def _write(office: Office, conn: Connection, doomed: Iterable[_Doomed], facts: Mapping[str, Value]) -> Merged:
    """Write the redactions into this computer's streams of the scopes concerned, as if they came in."""
    wall = int(office.workspace.clock.now().timestamp() * 1000)
    clock = int(get_meta(conn, "hlc") or 0)
    lines: dict[str, list[bytes]] = defaultdict(list)
    for one in doomed:
        clock = hlc.tick(clock, wall)
        stamp = (office.actor.person, clock, secrets.token_hex(12))
        told = {**facts, "blobs": " ".join(one.files)}
        body = redaction.redaction(_counting(one.written), stamp, one.kept, told)
        lines[one.written.scope].append(encode(body))
    set_meta(conn, "hlc", str(clock))
    parts = [_continued(office, conn, scope, added) for scope, added in sorted(lines.items())]
    judge = judge_of(authority(conn, load_trust(conn)))
    return merge(conn, parts, judge, office.workspace.deriver, wall)


def _counting(written: Written) -> tuple[str, bytes, Body]:
    """Return an entry with only what counts of it: one that is not shown as fact changes nothing."""
    body = written.body if written.counts else structs.replace(written.body, changes={}, parents={})
    return written.entry, written.line, body


def _continued(office: Office, conn: Connection, scope: str, added: list[bytes]) -> StreamPart:
    """Return this computer's stream of a scope with more entries at its end."""
    writer = office.workspace.writer(conn)
    uid = chain.stream_id(writer.sign_key, writer.incarnation, scope)
    stream, journal = tables.stream, tables.journal
    query = select(journal.c.body).join(stream, stream.c.sid == journal.c.sid).order_by(journal.c.seq)
    query = query.where(stream.c.uid == uid, stream.c.parent_sid.is_(None))
    known = [body.encode() for body in conn.execute(query).scalars()]
    key, incarnation = writer.sign_key.hex(), writer.incarnation.hex()
    return StreamPart(uid, writer.device, scope, [*known, *added], key, incarnation)


def _note(office: Office, conn: Connection, order: Order, numbers: tuple[int, int, int]) -> None:
    """Write the act into the audit: what only this computer may know, without a name."""
    entries, files, holds = numbers
    detail: dict[str, Value] = {
        **order.request.facts(),
        "of": str(order.reach),
        "words": order.request.words,
        "years": order.request.years,
        "entries": entries,
        "files": files,
        "holds": holds,
        "override": order.override.reason if order.override else "",
    }
    row = {
        "at": office.workspace.clock.now().isoformat(timespec="seconds"),
        "person": office.actor.person,
        "action": "deletion",
        "subject": order.request.number,
        "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True),
    }
    append_audit(conn, row)


def listing(office: Office) -> tuple[Deletion, ...]:
    """Return every deletion known here, newest first."""
    places = office.workspace.standing().places
    with office.workspace.read() as conn:
        return deletions(conn, places)


def slip(office: Office, request: str) -> Paper:
    """Return the slip of a request as a paper; it may be printed again whenever more receipts are in.

    Raises:
        Refused: ``deletion.unknown`` (param ``number``).
        Unavailable: any ``disk.…`` code.
    """
    copies = standing_copies(office)
    imprint = imprint_of(office)
    with office.workspace.read() as conn:
        sheet = slip_sheet(conn, imprint, request, copies)
    name = file_name("依法删除办理单", request, imprint.today.isoformat())
    return Paper(
        name, deletion_slip.render(sheet), deletion_slip.missing_characters(sheet), "deletion", request
    )
