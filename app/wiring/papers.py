"""Papers, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId
from app.ui.desks.papers import IssuedPaper, PapersDesk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.changes import Changes
    from app.domain.document import ListKind, Output, Paper
    from app.wiring.room import Room


def papers_desk(room: Room) -> PapersDesk:
    """Return the callables of everything that prints; the typesetter is loaded at the first paper."""
    return PapersDesk(
        notice=partial(_notice, room),
        certificate=partial(_certificate, room),
        listing=partial(_listing, room),
        issue=partial(_issue, room),
        reprint=partial(_reprint, room),
        void=partial(_void, room),
        note=partial(_note, room),
    )


def _notice(room: Room, publicity: str) -> Paper:
    from app.usecases.papers import preview_notice

    return preview_notice(room.office, EntityId(publicity))


def _certificate(room: Room, case: str) -> Paper:
    from app.usecases.papers import preview_certificate

    return preview_certificate(room.office, EntityId(case))


def _listing(room: Room, kind: ListKind, of: Sequence[str]) -> Paper:
    from app.usecases.papers import preview_list

    return preview_list(room.office, kind, [EntityId(one) for one in of])


def _issue(room: Room, case: str) -> IssuedPaper:
    from app.usecases.papers import issue_certificate

    issued = issue_certificate(room.office, EntityId(case))
    return IssuedPaper(issued.changes, issued.paper, issued.document)


def _reprint(room: Room, document: str, reason: str) -> IssuedPaper:
    from app.usecases.papers import reprint

    issued = reprint(room.office, EntityId(document), reason)
    return IssuedPaper(issued.changes, issued.paper, issued.document)


def _void(room: Room, document: str, reason: str) -> Changes:
    from app.usecases.papers import void_document

    return void_document(room.office, EntityId(document), reason)


def _note(room: Room, paper: Paper, how: Output) -> None:
    from app.usecases.papers import note_output

    note_output(room.office, paper, how)
