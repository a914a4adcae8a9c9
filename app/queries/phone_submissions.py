"""The finished questionnaires a desk holds, as lines to list, to claim and to export."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.ids import Kind
from app.domain.region import is_within
from app.queries import rows
from app.storage import tables
from app.storage.projector import row_values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

_MARKS = 400  # bound parameters per IN (...)


class State(StrEnum):
    """Where a submission stands."""

    WAITING = "waiting"  # of no household yet
    CLAIMED = "claimed"
    REPLACED = "replaced"  # a later one was edited from it
    VOID = "void"


@dataclass(frozen=True, slots=True)
class SubmissionQuery:
    """Which submissions are meant; "" and () leave a condition out.

    ``from_on`` and ``to_on`` are ISO dates, both days included; ``scope`` a 12-digit code; ``with_void``
    takes those that were taken back too.
    """

    form: str = ""
    from_on: str = ""
    to_on: str = ""
    scope: str = ""
    households: tuple[str, ...] = ()
    uids: tuple[str, ...] = ()
    with_void: bool = False


@dataclass(frozen=True, slots=True)
class ExchangeLine:
    """One submission; ``origin`` is "" for one filled in here, ``head`` the head of its household's name.

    ``has_content`` tells whether its bytes have arrived, ``files`` how many attachments it has.
    """

    uid: str
    form: str
    version: str
    origin: str
    instance_id: str
    finished_on: str
    blob: str
    household: str
    case: str
    head: str
    place: str
    state: State
    has_content: bool
    files: int


def list_submissions(conn: Connection, query: SubmissionQuery) -> tuple[ExchangeLine, ...]:
    """Return the submissions of a query, the latest day first."""
    table = tables.PROJECTED[Kind.SUBMISSION]
    wanted = select(table).order_by(table.c.finished_on.desc(), table.c.uid)
    if query.form:
        wanted = wanted.where(table.c.form == query.form)
    if query.from_on:
        wanted = wanted.where(table.c.finished_on >= query.from_on)
    if query.to_on:
        wanted = wanted.where(table.c.finished_on <= query.to_on)
    every = conn.execute(wanted).mappings()
    found = [(str(row["uid"]), str(row["entity_scope"]), row_values(row)) for row in every]
    replaced = {rows.text(values, "replaces") for _, _, values in found if not values.get("void")}
    kept = [one for one in found if _is_meant(query, one[0], one[2])]
    homes = rows.many(conn, Kind.HOUSEHOLD, (rows.text(values, "household") for _, _, values in kept))
    heads = _heads(conn, homes)
    arrived = _arrived(conn, (rows.text(values, "blob") for _, _, values in kept))
    lines: list[ExchangeLine] = []
    for uid, scope, values in kept:
        home = rows.text(values, "household")
        place = rows.text(homes.get(home, {}), "village") or scope
        if query.scope and not is_within(query.scope, place):
            continue
        lines.append(
            ExchangeLine(
                uid=uid,
                form=rows.text(values, "form"),
                version=rows.text(values, "form_version"),
                origin=rows.text(values, "origin"),
                instance_id=rows.text(values, "instance_id"),
                finished_on=rows.text(values, "finished_on"),
                blob=rows.text(values, "blob"),
                household=home,
                case=rows.text(values, "case"),
                head=heads.get(home, ""),
                place=place,
                state=_state(values, uid in replaced),
                has_content=rows.text(values, "blob") in arrived,
                files=len(rows.where(conn, Kind.ATTACHMENT, submission=uid)),
            )
        )
    return tuple(lines)


def read_blob(conn: Connection, name: str) -> bytes | None:
    """Return the content of "sha256:<hex>", None when it has not arrived."""
    table = tables.blob
    found: bytes | None = conn.execute(select(table.c.data).where(table.c.hash == name)).scalar()
    return found


def _is_meant(query: SubmissionQuery, uid: str, values: rows.Values) -> bool:
    return (
        (query.with_void or not values.get("void"))
        and (not query.uids or uid in query.uids)
        and (not query.households or rows.text(values, "household") in query.households)
    )


def _state(values: rows.Values, is_replaced: bool) -> State:
    if values.get("void"):
        return State.VOID
    if is_replaced:
        return State.REPLACED
    return State.CLAIMED if values.get("household") else State.WAITING


def _heads(conn: Connection, homes: Iterable[str]) -> dict[str, str]:
    table = tables.household_line
    found: dict[str, str] = {}
    wanted = sorted(homes)
    for start in range(0, len(wanted), _MARKS):
        query = select(table.c.uid, table.c.head).where(table.c.uid.in_(wanted[start : start + _MARKS]))
        found.update((str(row.uid), str(row.head)) for row in conn.execute(query))
    return found


def _arrived(conn: Connection, names: Iterable[str]) -> set[str]:
    table = tables.blob
    found: set[str] = set()
    wanted = sorted(set(names))
    for start in range(0, len(wanted), _MARKS):
        query = select(table.c.hash).where(table.c.hash.in_(wanted[start : start + _MARKS]))
        found.update(str(name) for name in conn.execute(query).scalars())
    return found
