"""Papers: make them, issue certificates, record what was printed.

    paper = preview_notice(office, publicity)          # nothing is recorded by looking
    note_output(office, paper, Output.PRINT)           # audit: who, when, what, file hash
    issued = issue_certificate(office, case)           # an entry, linked to the case

Only papers with legal effect are entries: a notice when it is posted, a certificate when it is issued,
printed again or declared void. Every print and save goes into the audit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.calendar import civil_date
from app.domain.document import DocumentType, ListKind, Output, Paper
from app.domain.errors import Refused, Unavailable
from app.domain.ids import EntityId, Kind, Value
from app.domain.workflow import Link
from app.queries import paper_home, paper_lists, papers, rows
from app.queries.paper_words import Imprint
from app.storage import tables
from app.usecases.cases import take_action
from app.usecases.meetings import step_linked
from app.usecases.office import need_inside
from reports import certificate, notice, plain_list
from reports.kit.page import DoesNotFit
from reports.kit.type0 import MissingCharacters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from app.domain.changes import Changes
    from app.storage.tx import Tx
    from app.usecases.office import Office
    from reports.certificate import CertificateSheet
    from reports.plain_list import PlainListSheet

_OF_CASES = {
    ListKind.STEP: paper_lists.step_list,
    ListKind.MISSING: paper_lists.missing_list,
    ListKind.COMPARE: paper_lists.compare_list,
    ListKind.AUDIT: paper_lists.audit_list,
}
_OF_ONE = {
    ListKind.SAMPLE: paper_lists.sample_list,
    ListKind.MINUTES: paper_home.minutes_sheet,
    ListKind.HOUSEHOLD: paper_home.household_sheet,
    ListKind.SLIP: paper_home.slip_sheet,
}
_NOT_IN_NAMES = re.compile(r"[^\w-]+")


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that was issued or printed again; ``document`` is its entity."""

    changes: Changes
    paper: Paper
    document: EntityId


def imprint_of(office: Office) -> Imprint:
    """Return where and by whom papers are made here, today."""
    workspace = office.workspace
    return Imprint(workspace.standing().places, civil_date(workspace.clock.now()), office.actor.name)


def preview_notice(office: Office, publicity: EntityId) -> Paper:
    """Return the notice of a publicity round; nothing is recorded.

    Raises:
        Refused: any code of ``app.queries.papers.notice_sheet``.
    """
    imprint = imprint_of(office)
    with office.workspace.read() as conn:
        return _notice(conn, office, publicity, imprint)


def print_notice(office: Office, publicity: EntityId, how: Output = Output.PRINT) -> Paper:
    """Return the notice and record in the audit that it was printed or saved; codes of ``preview_notice``."""
    paper = preview_notice(office, publicity)
    note_output(office, paper, how)
    return paper


def preview_list(office: Office, kind: ListKind, of: Sequence[EntityId]) -> Paper:
    """Return a plain list; ``of`` are cases, or the one record the kind is about. Nothing is recorded.

    Raises:
        Refused: ``paper.nobody``, ``paper.nothing_to_tell``, ``pack.no_wording``, ``entity.unknown`` and
            ``meeting.no_cases``.
    """
    if not of:
        raise Refused("paper.nobody")
    imprint = imprint_of(office)
    with office.workspace.read() as conn:
        if kind in _OF_CASES:
            sheet = _OF_CASES[kind](conn, office.policy, imprint, of)
        else:
            sheet = _OF_ONE[kind](conn, office.policy, imprint, of[0])
    subject = office.actor.scope if kind in _OF_CASES else of[0]
    return _list_paper(sheet, kind, subject, imprint)


def note_output(office: Office, paper: Paper, how: Output) -> None:
    """Record in this workspace's audit that a paper was printed or saved."""
    with office.workspace.write(office.actor) as tx:
        _audit(tx, paper, how)


def preview_certificate(office: Office, case: EntityId) -> Paper:
    """Return the certificate a case would get now, under the next number; nothing is recorded.

    Raises:
        Refused: ``workflow.not_at_step``, ``paper.already_issued`` (param ``no``) and the codes of
            ``issue_certificate``.
    """
    imprint = imprint_of(office)
    with office.workspace.read() as conn:
        values = rows.get(conn, Kind.CASE, case)
        step_linked(office, values, Link.CERTIFICATE)
        _refuse_second(conn, values)
        sheet = _certificate(conn, office, case, values, imprint)
    return _certificate_paper(sheet, case)


def issue_certificate(office: Office, case: EntityId) -> Issued:
    """Issue the certificate of an exit case: a number of its own, kept with its file, linked to the case.

    Raises:
        Refused: ``workflow.not_at_step``, ``paper.already_issued`` (param ``no``),
            ``paper.missing_characters`` (params ``chars``, ``count``), ``paper.does_not_fit``,
            ``region.outside`` and the codes of the step's save.
    """
    imprint = imprint_of(office)
    with office.workspace.write(office.actor) as tx:
        values = tx.load(Kind.CASE, case)
        need_inside(tx, tx.scope_of(case))
        step = step_linked(office, values, Link.CERTIFICATE)
        tx.flush()
        old = _refuse_second(tx.conn, values)
        sheet = _certificate(tx.conn, office, case, values, imprint)
        paper = _certificate_paper(sheet, case)
        document = tx.new_id(Kind.DOCUMENT, tx.scope_of(case))
        fields: dict[str, Value] = {
            "type": DocumentType.CERTIFICATE,
            "no": sheet.number,
            "case": case,
            "household": values["household"],
            "issued_on": tx.today.isoformat(),
            "file": tx.put_blob(paper.data),
            "replaces": old,
        }
        tx.record("document.issued", Kind.DOCUMENT, document, fields, scope=tx.scope_of(case))
        take_action(tx, office, case, f"{step.id}.save", {Link.CERTIFICATE.value: document})
        _audit(tx, paper, Output.PRINT)
    return Issued(tx.changes, paper, document)


def print_certificate(office: Office, case: EntityId) -> Issued:
    """Issue the certificate of a case, or print again the one it has; codes of both."""
    with office.workspace.read() as conn:
        held = str(rows.get(conn, Kind.CASE, case).get(Link.CERTIFICATE.value, ""))
        document = rows.find(conn, Kind.DOCUMENT, held) if held else None
    if document is None or document.get("void"):
        return issue_certificate(office, case)
    return reprint(office, EntityId(held))


def reprint(office: Office, document: EntityId, reason: str = "") -> Issued:
    """Return the very file of a document again, under its number, and record that it was printed again.

    Raises:
        Refused: ``paper.void``, ``entity.unknown``, ``region.outside``.
        Unavailable: ``paper.not_here`` when its file has not arrived yet.
    """
    with office.workspace.write(office.actor) as tx:
        values = tx.load(Kind.DOCUMENT, document)
        need_inside(tx, tx.scope_of(document))
        if values.get("void"):
            raise Refused("paper.void")
        title = office.policy.codes("document_type").label(str(values.get("type", "")))
        paper = _kept(tx.conn, values, document, title)
        extras: dict[str, Value] = {
            "action": "reprint",
            "on": tx.today.isoformat(),
            "level": str(tx.actor.level),
        }
        if reason.strip():
            extras["reason"] = reason.strip()
        tx.record("document.reprinted", Kind.DOCUMENT, document, {}, extras=extras)
        _audit(tx, paper, Output.PRINT)
    return Issued(tx.changes, paper, document)


def void_document(office: Office, document: EntityId, reason: str) -> Changes:
    """Declare a certificate void; its number is never used again. A notice is struck with its round.

    Raises:
        Refused: ``workflow.reason_needed``, ``paper.void``, ``paper.strike_notice``, ``entity.unknown``,
            ``region.outside``.
    """
    with office.workspace.write(office.actor) as tx:
        values = tx.load(Kind.DOCUMENT, document)
        need_inside(tx, tx.scope_of(document))
        if not reason.strip():
            raise Refused("workflow.reason_needed")
        if values.get("void"):
            raise Refused("paper.void")
        if values.get("type") == DocumentType.NOTICE:
            raise Refused("paper.strike_notice")
        fields: dict[str, Value] = {"void": 1, "void_reason": reason.strip()}
        tx.record("document.voided", Kind.DOCUMENT, document, fields)
        tx.audit("void", document, {"no": values.get("no", ""), "file": values.get("file", "")})
    return tx.changes


def put_notice(tx: Tx, office: Office, publicity: EntityId, imprint: Imprint) -> None:
    """Record a posted notice as a document with its file, inside the transaction of its posting."""
    tx.flush()
    paper = _notice(tx.conn, office, publicity, imprint)
    fields: dict[str, Value] = {
        "type": DocumentType.NOTICE,
        "publicity": publicity,
        "issued_on": tx.today.isoformat(),
        "file": tx.put_blob(paper.data),
    }
    scope = tx.scope_of(publicity)
    tx.record("document.posted", Kind.DOCUMENT, tx.new_id(Kind.DOCUMENT, scope), fields, scope=scope)


def file_name(*parts: str) -> str:
    """Return a file name from words that name no person; what a file system dislikes is left out."""
    words = (_NOT_IN_NAMES.sub("", part) for part in parts)
    return "-".join(word for word in words if word) + ".pdf"


def _notice(conn: Connection, office: Office, publicity: EntityId, imprint: Imprint) -> Paper:
    sheet = papers.notice_sheet(conn, office.policy, publicity, imprint)
    name = file_name(sheet.title, imprint.today.isoformat())
    missing = notice.missing_characters(sheet)
    return Paper(name, notice.render(sheet), missing, DocumentType.NOTICE.value, publicity)


def _list_paper(sheet: PlainListSheet, kind: ListKind, subject: str, imprint: Imprint) -> Paper:
    name = file_name(sheet.title, imprint.today.isoformat())
    missing = plain_list.missing_characters(sheet)
    return Paper(name, plain_list.render(sheet), missing, kind.value, subject)


def _certificate(
    conn: Connection, office: Office, case: EntityId, values: Mapping[str, Value], imprint: Imprint
) -> CertificateSheet:
    """Return the certificate of a case under the next free number of its village and year."""
    pack = office.policy.pack(str(values["pack"]))
    home = rows.get(conn, Kind.HOUSEHOLD, str(values["household"]))
    village = rows.text(home, "village")
    table = tables.PROJECTED[Kind.DOCUMENT]
    # Void ones too: a number that was given once is never given again.
    query = select(table.c.no).where(table.c.type == DocumentType.CERTIFICATE.value)
    taken = set(conn.execute(query).scalars())
    numbers = (pack.certificate_no(village, imprint.today.year, serial) for serial in count(1))
    number = next(number for number in numbers if number not in taken)
    return papers.certificate_sheet(conn, office.policy, case, imprint, number)


def _certificate_paper(sheet: CertificateSheet, case: EntityId) -> Paper:
    try:
        data = certificate.render(sheet)
    except MissingCharacters as error:
        chars = "、".join(error.characters)
        raise Refused("paper.missing_characters", chars=chars, count=len(error.characters)) from error
    except DoesNotFit as error:
        raise Refused("paper.does_not_fit") from error
    return Paper(file_name(sheet.title, sheet.number), data, (), DocumentType.CERTIFICATE.value, case)


def _refuse_second(conn: Connection, case: Mapping[str, Value]) -> str:
    """Refuse a second valid certificate; return the void one it replaces, "" for a first one."""
    old = str(case.get(Link.CERTIFICATE.value, ""))
    held = rows.find(conn, Kind.DOCUMENT, old) if old else None
    if held is not None and not held.get("void"):
        raise Refused("paper.already_issued", no=rows.text(held, "no"))
    return old


def _kept(conn: Connection, values: Mapping[str, Value], document: EntityId, title: str) -> Paper:
    """Return the file of a document as it was issued."""
    table = tables.blob
    data = conn.execute(select(table.c.data).where(table.c.hash == values.get("file", ""))).scalar()
    if data is None:
        raise Unavailable("paper.not_here")
    kind = str(values.get("type", ""))
    name = file_name(title, str(values.get("no", "")), str(values.get("issued_on", "")))
    subject = str(values.get("case") or values.get("publicity") or document)
    return Paper(name, data, (), kind, subject)


def _audit(tx: Tx, paper: Paper, how: Output) -> None:
    detail: dict[str, Value] = {"paper": paper.kind, "name": paper.name, "file": paper.digest}
    tx.audit(how.value, paper.subject, detail)
