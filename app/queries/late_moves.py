"""What the old village wrote about a household that had moved away already, and the new record does not have.

late_changes(conn, policy, old)       # LateChange, compared with the values that went along

The move took the values of the day; what differs from them on the old record was not known then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.fields import FIELDS
from app.domain.ids import Kind, Value
from app.queries import rows
from app.queries.field_value import shown
from app.queries.journal_rows import eids_of, entries_of
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from app.queries.policy import Policy

    Values = Mapping[str, Value]

CARRIED = ("bank_name", "bank_account", "household_type", "object_class", "main_cause")
"""Fields of a household that go along when it moves; the address is another one there."""

ALSO_CARRIED = ("other_causes", "risks", "identified_on", "exited_on", "note")
_OWN = frozenset({"household", "joined_on", "joined_reason"})  # of the new record alone
_PRESENT = frozenset({"", "present"})
_NAMED_BY = (("id_number",), ("name", "born"), ("name",))


@dataclass(frozen=True, slots=True)
class LateChange:
    """One field that differs; ``key`` names it, ``about`` is the member's name, "" for the household.

    ``onto`` is the entity of the new record, "" for a member who is missing there: then ``field`` is "" and
    ``values`` holds all that is recorded. ``carried``, ``late`` and ``now`` are what went along, what the old
    record says and what the new one says, in words, masked where it is sensitive.
    """

    key: str
    kind: Kind
    field: str
    label: str
    about: str
    onto: str
    carried: str
    late: str
    now: str
    values: Mapping[str, Value]


def new_home_of(conn: Connection, old: str) -> str:
    """Return the household one that moved away goes on as, "" when there is none."""
    return moved_homes(conn).get(old, "")


def moved_homes(conn: Connection) -> dict[str, str]:
    """Return every household that moved away with the one it goes on as."""
    table = tables.PROJECTED[Kind.HOUSEHOLD]
    old = table.alias()
    query = (
        select(table.c.came_from, table.c.uid)
        .join(old, old.c.uid == table.c.came_from)
        .where(old.c.status == "moved", table.c.status != "void")
        .order_by(table.c.uid)
    )
    return {str(row.came_from): str(row.uid) for row in conn.execute(query)}


def late_changes(conn: Connection, policy: Policy, old: str) -> tuple[LateChange, ...]:
    """Return what the old record says otherwise than what went along, and the new one does not say yet."""
    new = new_home_of(conn, old)
    return tuple(_Late(conn, policy).of(old, new)) if new else ()


class _Late:
    """The comparison of one household's two records."""

    def __init__(self, conn: Connection, policy: Policy) -> None:
        self._conn = conn
        self._policy = policy

    def of(self, old: str, new: str) -> Iterator[LateChange]:
        """Yield what differs about the household, then about each person, then who is missing."""
        mine = rows.get(self._conn, Kind.HOUSEHOLD, old)
        base = self._carried(new)
        codes = (*CARRIED, *ALSO_CARRIED)
        yield from self._differing(Kind.HOUSEHOLD, codes, (base, mine), new, "")
        left = dict(rows.where(self._conn, Kind.MEMBER, household=old))
        member_codes = [code for code in FIELDS[Kind.MEMBER] if code not in _OWN]
        for uid, now in rows.where(self._conn, Kind.MEMBER, household=new):
            base = self._carried(uid)
            found = _same_person(base or now, left)
            if found:
                theirs = left.pop(found)
                about = rows.text(theirs, "name")
                yield from self._differing(Kind.MEMBER, member_codes, (base, theirs), uid, about)
        for uid, values in left.items():
            if rows.text(values, "status") in _PRESENT:
                yield self._missing(uid, values)

    def _carried(self, uid: str) -> Values:
        """Return the values an entity of the new record began with."""
        written = entries_of(self._conn, eids_of(self._conn, [uid]).values())
        began = [one.body.changes for one in written if one.body.op.endswith(".moved_in")]
        return began[0] if began else {}

    def _differing(
        self, kind: Kind, codes: Sequence[str], both: tuple[Values, Values], onto: str, about: str
    ) -> Iterator[LateChange]:
        base, late = both
        now = rows.get(self._conn, kind, onto)
        for code in codes if base else ():
            value = late.get(code, "")
            if value in {base.get(code, ""), now.get(code, "")}:
                continue
            carried, told, here = (
                shown(self._policy, kind, code, one.get(code, ""), {}) for one in (base, late, now)
            )
            key, label = f"{kind}.{code}@{onto}", f"field.{kind}.{code}"
            yield LateChange(key, kind, code, label, about, onto, carried, told, here, {code: value})

    def _missing(self, uid: str, values: Values) -> LateChange:
        name = rows.text(values, "name")
        known = {code: value for code, value in values.items() if code not in _OWN and value != ""}
        return LateChange(f"{Kind.MEMBER}@{uid}", Kind.MEMBER, "", "", name, "", "", name, "", known)


def _same_person(base: Values, people: Mapping[str, Values]) -> str:
    """Return who of the old record a member of the new one is; what identifies may be what was changed."""
    for codes in _NAMED_BY:
        wanted = [base.get(code, "") for code in codes]
        if all(wanted):
            for uid, values in people.items():
                if [values.get(code, "") for code in codes] == wanted:
                    return uid
    return ""
