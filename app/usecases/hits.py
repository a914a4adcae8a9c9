"""Comparison hits (比对): enter or import them, and judge each by two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.comparison import Ruling, adjudicate
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Value
from app.domain.values import checked_fields
from app.usecases.office import need_inside, refuse_future

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.changes import Changes
    from app.storage.tx import Tx
    from app.usecases.office import Office


def add_hits(
    office: Office, case: EntityId, hits: Sequence[Mapping[str, Value]], source: str = "entered"
) -> Changes:
    """Record hits of a case; nothing may be compared before the household signed its authorisation.

    Raises:
        Refused: ``comparison.not_authorised``, ``comparison.no_register``, ``comparison.other_household``,
            ``region.outside`` and the codes of the field checks.
    """
    with office.workspace.write(office.actor) as tx:
        for hit in hits:
            put_hit(tx, case, hit, source)
    return tx.changes


def put_hit(tx: Tx, case: EntityId, hit: Mapping[str, Value], source: str) -> EntityId:
    """Record one hit inside a transaction; see ``add_hits``."""
    values = tx.load(Kind.CASE, case)
    need_inside(tx, tx.scope_of(case))
    if values.get("auth_signed") != 1:
        raise Refused("comparison.not_authorised")
    clean = checked_fields(Kind.HIT, hit)
    if not clean.get("register"):
        raise Refused("comparison.no_register")
    member = str(clean.get("member", ""))
    if member and tx.load(Kind.MEMBER, member).get("household") != values["household"]:
        raise Refused("comparison.other_household")
    uid = tx.new_id(Kind.HIT, tx.scope_of(case))
    whole = {**clean, "case": case, "household": values["household"], "source": source}
    tx.record("hit.added", Kind.HIT, uid, whole, scope=tx.scope_of(case))
    return uid


def judge_hit(office: Office, hit: EntityId, ruling: Ruling) -> Changes:
    """Record what two people found out about a hit.

    Raises:
        Refused: any code of ``app.domain.comparison.adjudicate``, ``workflow.future_date``,
            ``region.outside``.
    """
    with office.workspace.write(office.actor) as tx:
        values = tx.load(Kind.HIT, hit)
        need_inside(tx, tx.scope_of(hit))
        refuse_future(tx, ruling.on.isoformat())
        pack = office.policy.pack(str(tx.load(Kind.CASE, str(values["case"]))["pack"]))
        severity = pack.severity_of(str(values.get("register", "")))
        tx.record("hit.judged", Kind.HIT, hit, adjudicate(ruling, severity))
    return tx.changes


def strike_hit(office: Office, hit: EntityId, reason: str) -> Changes:
    """Strike a wrongly entered hit.

    Raises:
        Refused: ``workflow.reason_needed``, ``region.outside``.
    """
    with office.workspace.write(office.actor) as tx:
        tx.load(Kind.HIT, hit)
        need_inside(tx, tx.scope_of(hit))
        if not reason.strip():
            raise Refused("workflow.reason_needed")
        tx.record("hit.struck", Kind.HIT, hit, {"void": 1, "void_reason": reason.strip()})
    return tx.changes
