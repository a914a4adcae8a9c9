"""Papers about exchange: the summary of an import, the receipt for a courier."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.calendar import civil_date
from app.domain.errors import Refused
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.document import Paper
    from app.queries.exchange import ImportLine, VillageLine
    from app.wiring.room import Room

_MINUTE = len("2026-10-07T09:30")
_WEIGHTS = (2.6, 2.6, 1.4, 1.4, 1.4, 1.4, 1.4, 1.4)


def summary(room: Room, numbers: Sequence[int]) -> Paper:
    """Return the summary of these imports as a paper.

    Raises:
        Refused: ``imports.unknown`` when one is not in the log any more.
    """
    from app.queries.exchange import import_log
    from app.usecases.import_papers import Align, Column, PlainListSheet, summary_paper

    with room.read() as conn:
        found = {line.number: line for line in import_log(conn, room.places)}
    lines = [found[number] for number in sorted(numbers) if number in found]
    if not lines:
        raise Refused("imports.unknown", number=next(iter(numbers), 0))
    heads = ("time", "from", "new", "households", "persons", "known", "conflicts", "held")
    columns = tuple(
        Column(t(f"slip.{head}"), weight, Align.CENTRE) for head, weight in zip(heads, _WEIGHTS, strict=True)
    )
    sheet = PlainListSheet(
        title=t("slip.summary_title"),
        columns=columns,
        rows=tuple(_cells(line) for line in lines),
        subtitle=(
            t(
                "slip.summary_sum",
                place=room.places.get(room.own.scope, room.own.scope),
                files=len(lines),
                new=sum(line.new for line in lines),
                conflicts=sum(line.more_conflicts for line in lines),
            ),
            *_unknown(lines),
            t("slip.summary_note"),
        ),
        footer=t("slip.printed", person=room.office.actor.name, day=civil_date(room.clock.now()).isoformat()),
        landscape=True,
    )
    return summary_paper(sheet, room.own.scope)


def _unknown(lines: Sequence[ImportLine]) -> tuple[str, ...]:
    number = sum(line.unknown for line in lines)
    return (t("arrival.unknown_kinds", number=number),) if number else ()


def _cells(line: ImportLine) -> tuple[str, ...]:
    numbers = (line.new, line.households, line.persons, line.known, line.more_conflicts, line.held)
    return (line.at[:_MINUTE].replace("T", " "), line.place, *map(str, numbers))


def receipt(room: Room, village: str) -> Paper:
    """Return the receipt for what a village has delivered so far.

    Raises:
        Refused: ``imports.nothing_received`` (param ``place``).
    """
    from app.queries.exchange import village_board
    from app.usecases.import_papers import ReceiptSheet, receipt_paper

    places, own = room.places, room.own.scope
    with room.read() as conn:
        lines = {line.scope: line for line in village_board(conn, places, own)}
    line = lines.get(village)
    if line is None or not line.entries:
        raise Refused("imports.nothing_received", place=places.get(village, village))
    today = civil_date(room.clock.now())
    sheet = ReceiptSheet(
        title=t("slip.receipt_title"),
        to=t("slip.receipt_to", place=line.name),
        lines=tuple(_received(line)),
        signatures=(t("slip.sign_courier"), t("slip.sign_receiver")),
        issuer=places.get(own, own),
        date=t("slip.day", year=today.year, month=today.month, day=today.day),
        note=t("slip.receipt_note"),
    )
    return receipt_paper(sheet, village)


def _received(line: VillageLine) -> list[str]:
    told = [
        t("slip.received", number=line.packages, at=_moment(line.heard_at or line.received_at)),
        t("slip.safe_until", at=_moment(line.up_to), entries=line.entries),
    ]
    if line.volumes:
        told.append(t("slip.volumes_lack", number=line.volumes))
    if line.waiting:
        told.append(t("slip.waiting", number=line.waiting))
    if line.unseen:
        told.append(t("slip.take_home", number=line.unseen))
    return told


def _moment(iso: str) -> str:
    at = datetime.fromisoformat(iso)
    return t("slip.moment", year=at.year, month=at.month, day=at.day, time=at.strftime("%H:%M"))
