"""The slip about a lawful deletion, filled: no name, no number of a household, only the request's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.errors import Refused
from app.queries.deletions import deletions
from app.storage import tables
from reports.deletion_slip import BEYOND, LABELS, WORDS, DeletionSlipSheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from app.queries.deletions import Deletion
    from app.queries.paper_words import Imprint
    from app.storage.copies import Copy

_PRINTED = ("print", "save", "submission_xml")


def slip_sheet(conn: Connection, imprint: Imprint, request: str, copies: Iterable[Copy]) -> DeletionSlipSheet:
    """Return the slip of a request; ``copies`` are the files here that still hold what was deleted.

    Raises:
        Refused: ``deletion.unknown`` (param ``number``).
    """
    found = next((one for one in deletions(conn, imprint.places) if one.request == request), None)
    if found is None:
        raise Refused("deletion.unknown", number=request)
    return DeletionSlipSheet(
        facts=tuple(_facts(found, imprint)),
        done=tuple(_done(found)),
        reached=tuple(
            (one.place, WORDS["reached.yes" if one.at else "reached.no"], one.at[:10])
            for one in found.reached
        ),
        beyond=tuple(_beyond(conn, copies)),
        footer=imprint.today.isoformat(),
    )


def _facts(found: Deletion, imprint: Imprint) -> Iterator[tuple[str, str]]:
    yield LABELS["request"], found.request
    yield LABELS["by"], WORDS[f"asked_by.{found.asked_by}"]
    channel = WORDS[f"channel.{found.channel}"]
    yield LABELS["asked"], f"{found.asked_on}　{channel}"
    yield LABELS["basis"], WORDS[f"basis.{found.basis}"]
    yield LABELS["reach"], WORDS[f"reach.{found.reach}"]
    yield LABELS["place"], imprint.address(found.scope) or found.place
    yield LABELS["on"], found.on


def _done(found: Deletion) -> Iterator[tuple[str, str]]:
    for kind, number in found.records.items():
        yield WORDS.get(f"record.{kind}", kind), str(number)
    yield LABELS["entries"], str(found.entries)
    yield LABELS["files"], str(found.files)
    if found.later:
        yield LABELS["later"], str(found.later)


def _beyond(conn: Connection, copies: Iterable[Copy]) -> Iterator[tuple[str, str, str]]:
    for copy in copies:
        name = WORDS[f"beyond.{copy.kind}"] + (f"（{copy.made_on}）" if copy.made_on else "")
        yield name, BEYOND["away" if copy.kind == "away" else "copy"], copy.leaves_on
    waiting = conn.execute(select(func.count()).select_from(tables.waiting)).scalar() or 0
    if waiting:
        yield f"{WORDS['beyond.waiting']}（{waiting}）", BEYOND["waiting"], ""
    printed, sent = _audited(conn, _PRINTED), _audited(conn, ("export",))
    yield f"{WORDS['beyond.papers']}（{printed}）", BEYOND["papers"], ""
    yield f"{WORDS['beyond.packages']}（{sent}）", BEYOND["packages"], ""
    yield WORDS["beyond.outside"], BEYOND["outside"], ""


def _audited(conn: Connection, actions: tuple[str, ...]) -> int:
    table = tables.audit
    query = select(func.count()).select_from(table).where(table.c.action.in_(actions))
    return int(conn.execute(query).scalar() or 0)
