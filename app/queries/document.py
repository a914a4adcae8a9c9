"""Papers with legal effect and the photos and files kept as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.ids import Kind
from app.queries import rows
from app.storage import tables
from app.storage.projector import row_values

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.queries.policy import Policy


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One notice or certificate; ``file`` is "sha256:<hex>", ``replaces`` the one it was issued again for."""

    id: str
    type: str
    type_name: str
    no: str
    case: str
    household: str
    publicity: str
    issued_on: str
    file: str
    replaces: str
    void: bool


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """One photo or file of a case's step; ``size`` in bytes."""

    id: str
    case: str
    step: str
    file: str
    size: int
    mime: str
    caption: str
    taken_on: str


def documents(
    conn: Connection, policy: Policy, *, case: str = "", household: str = "", publicity: str = ""
) -> tuple[DocumentLine, ...]:
    """Return the papers of a case, a household or a publicity round, void ones too, oldest first."""
    table = tables.PROJECTED[Kind.DOCUMENT]
    query = select(table).order_by(table.c.issued_on, table.c.no, table.c.uid)
    for code, uid in (("case", case), ("household", household), ("publicity", publicity)):
        if uid:
            query = query.where(table.c[code] == uid)
    types = policy.codes("document_type")
    found: list[DocumentLine] = []
    for row in conn.execute(query).mappings():
        values = row_values(row)
        found.append(
            DocumentLine(
                id=row["uid"],
                type=rows.text(values, "type"),
                type_name=types.label(rows.text(values, "type")),
                no=rows.text(values, "no"),
                case=rows.text(values, "case"),
                household=rows.text(values, "household"),
                publicity=rows.text(values, "publicity"),
                issued_on=rows.text(values, "issued_on"),
                file=rows.text(values, "file"),
                replaces=rows.text(values, "replaces"),
                void=values.get("void") == 1,
            )
        )
    return tuple(found)


def attachments(conn: Connection, *, case: str = "", household: str = "") -> tuple[AttachmentLine, ...]:
    """Return the photos and files of a case or a household, struck ones left out."""
    wanted = {"case": case} if case else {"household": household}
    return tuple(
        AttachmentLine(
            id=uid,
            case=rows.text(values, "case"),
            step=rows.text(values, "step"),
            file=rows.text(values, "file"),
            size=rows.number(values, "size"),
            mime=rows.text(values, "mime"),
            caption=rows.text(values, "caption"),
            taken_on=rows.text(values, "taken_on"),
        )
        for uid, values in rows.where(conn, Kind.ATTACHMENT, **wanted)
    )
