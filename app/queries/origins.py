"""Where a written value comes from: which computer, at which step of the case, in which paper.

    origins = Origins(conn, policy, written)        # of every entry that will be asked for
    origins.of(entry)                               # Origin

A use case writes all its entries with one reading of the clock, so an edit beside a finished questionnaire
came with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.errors import Refused
from app.domain.ids import Kind
from app.domain.trust import parse_trust
from app.domain.trust_chain import certificates_by_device
from app.journal.authority import EntryState
from app.journal.hlc import wall_of
from app.queries import rows
from app.queries.family import entities_of
from app.queries.journal_rows import eids_of, entries_of
from app.storage import tables
from app.storage.projector import chunks
from app.storage.tx import get_meta

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.domain.trust import Certificate
    from app.queries.journal_rows import Written
    from app.queries.policy import Policy

_PAPERS = {
    "imported": "roster",
    "added": "typed",
    "edited": "typed",
    "visited": "questionnaire",
    "received": "phone",
    "resolved": "settled",
}
"""The last word of an op -> where the value came from."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one entry comes from.

    ``here`` tells that this computer wrote it, ``copy`` that a copy of its workspace did;
    ``scope`` is the area its computer works for ("" when nobody
    vouches for it), ``proxy`` that the township wrote it for the village. ``step`` is the name of the step
    the case stood at, "" without a case. ``paper`` is "roster", "typed", "questionnaire", "phone", "settled",
    "step" (an act of the step) or "other"; ``form`` the questionnaire's id and ``on`` its date.
    """

    device: str
    here: bool
    copy: bool
    scope: str
    proxy: bool
    step: str
    paper: str
    form: str = ""
    on: str = ""


def devices_of(conn: Connection, entries: Iterable[Written]) -> dict[str, str]:
    """Return the device that wrote each of these entries, by entry id."""
    return {entry: device for entry, (device, _) in _places(conn, entries).items()}


def _places(conn: Connection, entries: Iterable[Written]) -> dict[str, tuple[str, str]]:
    """Return device and incarnation by entry id."""
    journal, stream = tables.journal, tables.stream
    found: dict[str, tuple[str, str]] = {}
    columns = (journal.c.id, stream.c.device, stream.c.incarnation)
    for chunk in chunks({one.eid for one in entries}):
        query = select(*columns).join(stream, stream.c.sid == journal.c.sid)
        for row in conn.execute(query.where(journal.c.eid.in_(chunk))):
            found[row.id] = (row.device, row.incarnation)
    return found


class Origins:
    """Knows the devices of this workspace; reads a household's acts when its first entry is asked for."""

    def __init__(self, conn: Connection, policy: Policy, entries: Iterable[Written]) -> None:
        self._conn = conn
        self._policy = policy
        self._places = _places(conn, entries)
        self._devices = {entry: device for entry, (device, _) in self._places.items()}
        self._now = bytes(conn.execute(select(tables.device.c.incarnation)).scalar() or b"").hex()
        self._own = get_meta(conn, "device") or ""
        doc = conn.execute(select(tables.trust.c.doc)).scalar()
        self._roles: Mapping[str, tuple[Certificate, ...]] = (
            certificates_by_device(parse_trust(doc)) if doc else {}
        )
        self._around: dict[str, _Around] = {}

    def of(self, written: Written, household: str) -> Origin:
        """Return where an entry of a household comes from."""
        device, incarnation = self._places.get(written.entry, ("", ""))
        roles = self._roles.get(device, ())
        around = self._around.get(household) or _Around(self._conn, self._policy, household)
        self._around[household] = around
        paper, form, on = around.paper(written, device, self._devices)
        return Origin(
            device=device,
            here=device == self._own and incarnation == self._now,
            copy=device == self._own and incarnation != self._now,
            scope=roles[-1].scope if roles else "",
            proxy=any(one.proxy for one in roles),
            step=around.step(written),
            paper=paper,
            form=form,
            on=on,
        )


class _Around:
    """The acts and questionnaires of one household, by the clock."""

    def __init__(self, conn: Connection, policy: Policy, household: str) -> None:
        kinds = {uid: kind for kind, uid in entities_of(conn, household)} if household else {}
        wanted = [uid for uid, kind in kinds.items() if kind in {Kind.CASE, Kind.SUBMISSION}]
        found = [one for one in entries_of(conn, eids_of(conn, wanted).values()) if _counts(one)]
        self._acts = [one for one in found if one.body.kind == Kind.CASE]
        self._forms = [one for one in found if one.body.kind == Kind.SUBMISSION]
        cases = rows.many(conn, Kind.CASE, (one.body.entity for one in self._acts))
        self._names = {uid: _step_names(policy, values) for uid, values in cases.items()}

    def step(self, written: Written) -> str:
        """Return the name of the step a case stood at, or of the one the act belongs to."""
        if written.body.extras.get("from"):
            return self._name(written.body.entity, str(written.body.extras["from"]))
        before = [
            one for one in self._acts if one.body.hlc <= written.body.hlc and "stage" in one.body.changes
        ]
        if not before:
            return ""
        return self._name(before[-1].body.entity, str(before[-1].body.changes["stage"]))

    def paper(self, written: Written, device: str, devices: Mapping[str, str]) -> tuple[str, str, str]:
        """Return from what paper an entry was written, with the questionnaire's id and date."""
        moment = wall_of(written.body.hlc)
        for one in self._forms:
            same = one.body.actor == written.body.actor and devices.get(one.entry, device) == device
            if same and wall_of(one.body.hlc) == moment:
                text = {code: str(one.body.changes.get(code, "")) for code in ("form", "finished_on")}
                return "questionnaire", text["form"], text["finished_on"]
        if "action" in written.body.extras:
            return "step", "", str(written.body.extras.get("on", ""))
        return _PAPERS.get(written.body.op.rpartition(".")[2], "other"), "", ""

    def _name(self, case: str, stage: str) -> str:
        names = self._names.get(case, {})
        return "、".join(names.get(step, step) for step in stage.split() if step in names)


def _counts(written: Written) -> bool:
    return written.state is EntryState.PROJECTED


def _step_names(policy: Policy, case: Mapping[str, Value]) -> dict[str, str]:
    try:
        return {step.id: step.short or step.name for step in policy.workflow(case).steps}
    except Refused:
        return {}  # the case belongs to a pack that has not arrived
