"""Objections (异议) to a notice: record, settle; only the household concerned waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Value
from app.domain.objection import Answer, close
from app.domain.values import checked_fields
from app.usecases.office import need_inside, refuse_future

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.changes import Changes
    from app.usecases.office import Office

INVESTIGATORS = ("investigator1", "investigator2", "reviewer1", "reviewer2")


def add_objection(
    office: Office, publicity: EntityId, case: EntityId, fields: Mapping[str, Value]
) -> Changes:
    """Record an objection to one household of a notice; the number is given here.

    Raises:
        Refused: ``publicity.not_posted``, ``publicity.struck``, ``objection.no_content``,
            ``objection.other_notice``, ``workflow.future_date``, ``region.outside`` and the codes of the
            field checks.
    """
    with office.workspace.write(office.actor) as tx:
        notice = tx.load(Kind.PUBLICITY, publicity)
        need_inside(tx, tx.scope_of(case))
        if notice.get("void"):
            raise Refused("publicity.struck")
        if not notice.get("posted_on"):
            raise Refused("publicity.not_posted")
        if tx.load(Kind.CASE, case).get("publicity") != publicity:
            raise Refused("objection.other_notice")
        clean = checked_fields(Kind.OBJECTION, fields)
        refuse_future(tx, clean.get("received_on"))
        if not str(clean.get("content", "")).strip():
            raise Refused("objection.no_content")
        number = len(tx.children(Kind.OBJECTION, "publicity", publicity)) + 1
        given = {"received_on": tx.today.isoformat(), "no": f"{tx.today.year}-{number:03d}", **clean}
        whole = {**given, "publicity": publicity, "case": case, "closed": 0}
        scope = tx.scope_of(case)
        tx.record("objection.received", Kind.OBJECTION, tx.new_id(Kind.OBJECTION, scope), whole, scope=scope)
    return tx.changes


def settle_objection(office: Office, objection: EntityId, answer: Answer) -> Changes:
    """Record what was found, what follows and how the objector was answered.

    Raises:
        Refused: any code of ``app.domain.objection.close``, ``workflow.future_date``, ``region.outside``.
    """
    with office.workspace.write(office.actor) as tx:
        values = tx.load(Kind.OBJECTION, objection)
        need_inside(tx, tx.scope_of(objection))
        refuse_future(tx, answer.on.isoformat())
        case = tx.load(Kind.CASE, str(values["case"]))
        people = {str(case.get(code, "")) for code in INVESTIGATORS} - {""}
        tx.record("objection.settled", Kind.OBJECTION, objection, close(values, answer, people))
    return tx.changes
