"""Finished questionnaires of a household: which, by whom, replaced by which; and their XML.

submission_lines(conn, household=uid)      # newest first
blob_of(conn, uid)                         # the XML, byte for byte
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.errors import Refused
from app.domain.ids import Kind
from app.queries import rows
from app.queries.journal_rows import eids_of, entries_of, writers
from app.storage import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.domain.ids import Value


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """One finished questionnaire.

    ``replaces`` and ``replaced_by`` are ids of others, "" for none; ``by`` is the writer's name, "" when
    unknown here, ``at`` ISO to the second in China. ``arrived`` tells whether its XML is here.
    """

    id: str
    form: str
    version: str
    form_hash: str
    household: str
    case: str
    blob: str
    instance_id: str
    finished_on: str
    by: str
    at: str
    replaces: str
    replaced_by: str
    arrived: bool


def submission_lines(conn: Connection, **equal: Value) -> tuple[SubmissionLine, ...]:
    """Return the finished questionnaires whose fields equal the given values, newest first."""
    found = rows.where(conn, Kind.SUBMISSION, **equal)
    later: dict[str, str] = {}
    for uid, _ in found:
        for other, _values in rows.where(conn, Kind.SUBMISSION, replaces=uid):
            later[uid] = other
    eids = eids_of(conn, (uid for uid, _ in found))
    entries = entries_of(conn, eids.values())
    names = writers(conn, entries)
    first = {one.eid: one for one in reversed(entries)}
    lines: list[tuple[int, SubmissionLine]] = []
    for uid, values in found:
        written = first[eids[uid]]
        lines.append(
            (
                written.body.hlc,
                SubmissionLine(
                    id=uid,
                    form=rows.text(values, "form"),
                    version=rows.text(values, "form_version"),
                    form_hash=rows.text(values, "form_hash"),
                    household=rows.text(values, "household"),
                    case=rows.text(values, "case"),
                    blob=rows.text(values, "blob"),
                    instance_id=rows.text(values, "instance_id"),
                    finished_on=rows.text(values, "finished_on"),
                    by=names.get(written.body.actor, ""),
                    at=written.at,
                    replaces=rows.text(values, "replaces"),
                    replaced_by=later.get(uid, ""),
                    arrived=_has_blob(conn, rows.text(values, "blob")),
                ),
            )
        )
    return tuple(line for _, line in sorted(lines, key=lambda pair: (pair[0], pair[1].id), reverse=True))


def submission_line(conn: Connection, uid: str) -> SubmissionLine:
    """Return one finished questionnaire.

    Raises:
        Refused: ``entity.unknown``.
    """
    for line in submission_lines(conn, uid=uid):
        return line
    raise Refused("entity.unknown", kind=str(Kind.SUBMISSION))


def _has_blob(conn: Connection, digest: str) -> bool:
    query = select(tables.blob.c.hash).where(tables.blob.c.hash == digest)
    return conn.execute(query).first() is not None


def blob_of(conn: Connection, uid: str) -> bytes:
    """Return the XML of a finished questionnaire.

    Raises:
        Refused: ``entity.unknown``, ``submission.no_file`` when it has not arrived.
    """
    digest = rows.text(rows.get(conn, Kind.SUBMISSION, uid), "blob")
    data = conn.execute(select(tables.blob.c.data).where(tables.blob.c.hash == digest)).scalar()
    if data is None:
        raise Refused("submission.no_file")
    return bytes(data)
