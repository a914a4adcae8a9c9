"""The second stage of projection: one household and its cases become lines and search keys.

What a pack decides (which of two stages stands, when a step is due) comes in through ``Judge``;
everything else is read from the first stage's rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from sqlalchemy import Connection, Table, select

from app.domain.ids import Value
from app.domain.income import counted_persons, net_income_fen, per_head
from app.domain.stage import StageHead
from app.journal.fold import Folded, winner
from app.storage import aliases, search_keys, tables
from app.storage.approval import approval_digest
from app.storage.household_rows import Household, load
from app.storage.projector import fold_entity

Values = Mapping[str, Value]
_NO_CASES = frozenset({"void", "alias"})  # households that stand in no list of cases


class Judge(Protocol):
    """What the policy packs decide about a case."""

    def standing(self, case: Values, heads: Sequence[StageHead]) -> StageHead:
        """Return the head that stands when several writes of the stage disagree."""
        ...

    def first_step(self, case: Values) -> str:
        """Return the first open step in pack order, "end" for a closed case."""
        ...

    def due_on(self, case: Values) -> str:
        """Return the ISO date the open step is due, "" when it has no limit."""
        ...

    def approval_fields(self, case: Values) -> Sequence[str]:
        """Return the "kind.field" references an approval of this case vouches for."""
        ...


_NONE: Mapping[str, Household] = {}


class Deriver:
    """Makes the derived rows of households; one per workspace."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def derive(self, conn: Connection, uids: Iterable[str], ready: Mapping[str, Household] = _NONE) -> None:
        """Make the derived rows of these households anew; those that are ``ready`` have none yet."""
        everything = aliases.with_partners(conn, uids)
        others = [uid for uid in everything if uid not in ready]
        for start in range(0, len(others), 400):
            chunk = others[start : start + 400]
            _forget(conn, chunk)
            self._add(conn, load(conn, chunk))
        if len(others) < len(everything):
            self._add(conn, (ready[uid] for uid in everything if uid in ready))

    def _add(self, conn: Connection, households: Iterable[Household]) -> None:
        lines: list[dict[str, Value | None]] = []
        cases: list[dict[str, Value | None]] = []
        keys: list[dict[str, Value | None]] = []
        for household in households:
            line = _household_line(household)
            if line["status"] == "alias" and aliases.stands(conn, household.uid):
                line["status"] = "active"
            lines.append(line)
            if line["status"] not in _NO_CASES:
                cases += [self._case_line(conn, household, line, *case) for case in household.cases]
            keys += _search_rows(household)
        _insert(conn, tables.household_line, lines)
        _insert(conn, tables.case_line, cases)
        _insert(conn, tables.search_key, keys)

    def _case_line(
        self,
        conn: Connection,
        household: Household,
        line: Mapping[str, Value | None],
        eid: int,
        uid: str,
        case: Values,
    ) -> dict[str, Value | None]:
        split = False
        if eid in household.conflicted:
            case, split = self._settled(conn, eid, case)
        of_round = [item for item in household.incomes if item.get("round") == case.get("round")]
        costs = [item for item in household.expenses if item.get("round") == case.get("round")]
        income = net_income_fen(of_round, costs) if of_round or costs else None
        persons = counted_persons([values for _, _, values in household.members])
        due_on = self._judge.due_on(case)
        return {
            **{code: line[code] for code in _SHARED},
            "eid": eid,
            "uid": uid,
            "round": case.get("round", ""),
            "workflow": case.get("workflow", ""),
            "pack": case.get("pack", ""),
            "household": household.uid,
            "stage": case.get("stage", ""),
            "step": self._judge.first_step(case),
            "status": case.get("status", ""),
            "stage_on": case.get("stage_on", ""),
            "due_on": due_on,
            "due_key": due_on or tables.NEVER,
            "income_fen": income,
            "per_head_fen": per_head(income, persons) if income is not None and persons else None,
            "persons": persons,
            "person": str(case.get("investigator1", "")) or str(case.get("reviewer1", "")),
            "urgent": int(case.get("urgent") == 1),
            "stale": int(bool(case.get("stale", ""))),
            "stage_conflict": int(split),
            "changed_since": int(self._changed_since(conn, household.uid, uid, case)),
        }

    def _changed_since(self, conn: Connection, household: str, uid: str, case: Values) -> bool:
        seen = case.get("seen", "")
        if not seen:
            return False
        fields = self._judge.approval_fields(case)
        return approval_digest(conn, fields, household, uid, case.get("round", "")) != seen

    def _settled(self, conn: Connection, eid: int, case: Values) -> tuple[Values, bool]:
        """Return the case with the stage that stands, and whether writes of it disagree."""
        query = select(tables.conflict.c.field).where(
            tables.conflict.c.eid == eid, tables.conflict.c.field.in_(("stage", "status"))
        )
        if conn.execute(query).first() is None:
            return case, False
        stands = self._judge.standing(case, stage_heads(fold_entity(conn, eid)))
        return settled(case, stands), True


def stage_heads(folded: Folded) -> tuple[StageHead, ...]:
    """Return the heads of a case's stage, each with what its own entry wrote beside it."""
    heads = folded.heads.get("stage", ())
    entries = frozenset(head.entry for head in heads)
    return tuple(
        StageHead(
            entry=head.entry,
            stage=str(head.value),
            **{code: _beside(folded, code, head.entry, entries - {head.entry}) for code in _BESIDE},
        )
        for head in heads
    )


_BESIDE = ("status", "stage_on", "opened", "closed_stage", "suspended_on", "stale", "redo")


def _beside(folded: Folded, code: str, entry: str, others: frozenset[str]) -> str:
    """Return what stood beside a head: its own write, else one the other heads did not make."""
    heads = folded.heads.get(code, ())
    own = [head for head in heads if head.entry == entry]
    own = own or [head for head in heads if head.entry not in others] or list(heads)
    return str(winner(tuple(own)).value) if own else ""


def settled(case: Values, stands: StageHead) -> dict[str, Value]:
    """Return the case with the standing that counts while two writes of its stage disagree."""
    return {
        **case,
        "stage": stands.stage,
        "status": stands.status,
        "stage_on": stands.stage_on,
        "opened": stands.opened,
    }


_SHARED = ("village", "code", "head", "head_py", "team", "size", "tags", "conflicts", "contested", "sort")
"""Columns of ``household_line`` repeated in ``case_line``, so that a list page needs no join."""

_DERIVED_BY: tuple[tuple[Table, str], ...] = (
    (tables.household_line, "uid"),
    (tables.case_line, "household"),
)


def _forget(conn: Connection, uids: list[str]) -> None:
    marks = ", ".join("?" * len(uids))
    for table, column in _DERIVED_BY:
        conn.exec_driver_sql(f"DELETE FROM {table.name} WHERE {column} IN ({marks})", tuple(uids))  # noqa: S608 -- names are constants of ours
    homes = f"SELECT eid FROM entity WHERE uid IN ({marks})"  # noqa: S608 -- marks only
    conn.exec_driver_sql(f"DELETE FROM search_key WHERE home IN ({homes})", tuple(uids))  # noqa: S608 -- marks only


def _insert(conn: Connection, table: Table, lines: list[dict[str, Value | None]]) -> None:
    """Insert lines, all with the same columns in the same order, by the driver's own executemany."""
    if lines:
        names, marks = ", ".join(lines[0]), ", ".join("?" * len(lines[0]))
        query = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 -- names are constants of ours
        conn.exec_driver_sql(query, [tuple(line.values()) for line in lines])


def head_of(members: Iterable[tuple[int, str, Values]]) -> Values:
    """Return the values of the household's head: the first with relation "01", else the first member."""
    everything = [values for _, _, values in members]
    present = [m for m in everything if m.get("status", "present") in {"", "present"}]
    heads = [m for m in present if m.get("relation") == search_keys.HEAD_RELATION]
    for head in heads or present or everything:
        return head
    return {}


def _household_line(household: Household) -> dict[str, Value | None]:
    values = household.values
    head = head_of(household.members)
    present = [m for _, _, m in household.members if m.get("status", "present") in {"", "present"}]
    team = str(values.get("group", ""))
    digits = "".join(c for c in team if c.isdigit())
    village, code, name = (
        str(values.get("village", "")),
        str(values.get("code", "")),
        str(head.get("name", "")),
    )
    return {
        "eid": household.eid,
        "uid": household.uid,
        "village": village,
        "team": team,
        "head": name,
        "head_py": search_keys.readings(name)[0][0],
        "head_id_tail": str(head.get("id_number", ""))[-4:],
        "code": code,
        "size": len(present),
        "status": str(values.get("status", "")) or "active",
        "tags": _tags(values),
        "conflicts": sum(household.conflicted.values()),
        "contested": household.contested,
        "sort": f"{village}|{digits.zfill(4)}|{team}|{code}",
    }


def _tags(values: Values) -> str:
    """Return the risks of a household, or its causes, as "list.code" joined by spaces."""
    risks = str(values.get("risks", "")).split()
    if risks:
        return " ".join(f"risk.{code}" for code in risks)
    causes = [str(values.get("main_cause", "")), *str(values.get("other_causes", "")).split()]
    return " ".join(f"cause.{code}" for code in causes if code)


def _search_rows(household: Household) -> Iterator[dict[str, Value | None]]:
    for eid, _, member in household.members:
        name, number = str(member.get("name", "")), str(member.get("id_number", ""))
        for n, (py, initials) in enumerate(search_keys.readings(name)):
            yield {
                "eid": eid,
                "n": n,
                "home": household.eid,
                "village": str(household.values.get("village", "")),
                "name_norm": search_keys.normalise(name),
                "py": py,
                "initials": initials,
                "id_rev": number[::-1].lower(),
            }
