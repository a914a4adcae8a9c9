"""Put a waiting submission down to a case, and take back what was taken in by mistake."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Value
from app.queries import rows
from app.queries.phone_submissions import read_blob
from app.usecases.forms import form_of
from app.usecases.office import need_inside
from app.usecases.phone_matching import read_answers, with_member_ids
from app.usecases.phone_records import apply_answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.changes import Changes
    from app.storage.tx import Tx
    from app.usecases.office import Office


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a claim did; ``is_read`` tells that the answers were put down in the records too."""

    changes: Changes
    is_read: bool


def claim_submission(office: Office, submission: EntityId, case: EntityId, reason: str = "") -> Claimed:
    """Put a submission down to a case; its core answers become the records as after a visit made here.

    One taken in while this workspace did not hold its form is only put down, nothing is read out of it.

    Raises:
        Refused: ``entity.unknown``, ``region.outside``, ``phone.claimed``, ``phone.void``,
            ``phone.no_content`` (the bytes have not arrived), and the codes of ``apply_answers``.
        BadInput: the codes of ``read_answers``.
    """
    with office.workspace.write(office.actor) as tx:
        values = tx.load(Kind.SUBMISSION, submission)
        if values.get("void"):
            raise Refused("phone.void")
        if values.get("case"):
            raise Refused("phone.claimed")
        household = str(tx.load(Kind.CASE, case)["household"])
        need_inside(tx, tx.scope_of(case))
        fields: dict[str, Value] = {"household": household, "case": case}
        tx.record("submission.claimed", Kind.SUBMISSION, submission, fields)
        is_read = bool(values.get("form_hash"))
        if is_read:
            form = form_of(office, rows.text(values, "form"), rows.text(values, "form_hash"))
            xml = read_blob(tx.conn, rows.text(values, "blob"))
            if xml is None:
                raise Refused("phone.no_content")
            carried = read_answers(office, form, xml)
            answers = with_member_ids(tx.conn, household, carried.answers)
            apply_answers(tx, office, submission, replace(carried, answers=answers), reason)
    return Claimed(tx.changes, is_read)


def void_submissions(office: Office, submissions: Sequence[EntityId], reason: str) -> Changes:
    """Take back submissions nothing was built on, with their attachments; all or none.

    Raises:
        Refused: ``workflow.reason_needed``, ``entity.unknown``, ``region.outside``, ``phone.built_on``
            (param ``count``) when some were put down to a case or edited from.
    """
    if not reason.strip():
        raise Refused("workflow.reason_needed")
    with office.workspace.write(office.actor) as tx:
        built = [uid for uid in submissions if _is_built_on(tx, uid, submissions)]
        if built:
            raise Refused("phone.built_on", count=len(built))
        gone: dict[str, Value] = {"void": 1, "void_reason": reason.strip()}
        for uid in submissions:
            need_inside(tx, tx.scope_of(uid))
            for file, _ in tx.children(Kind.ATTACHMENT, "submission", uid):
                tx.record("attachment.struck", Kind.ATTACHMENT, file, gone)
            tx.record("submission.struck", Kind.SUBMISSION, uid, gone)
    return tx.changes


def _is_built_on(tx: Tx, uid: EntityId, together: Sequence[EntityId]) -> bool:
    later = {other for other, _ in tx.children(Kind.SUBMISSION, "replaces", uid)}
    return bool(tx.load(Kind.SUBMISSION, uid).get("case")) or bool(later - set(together))
