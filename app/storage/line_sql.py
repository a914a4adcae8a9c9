"""The statements behind the board, the household list and the search box.

Plain SQL, because the quick reader runs them before SQLAlchemy is imported. ``Statement`` is the text with
its parameters. Nothing heavy is imported here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from app.domain.region import significant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.ids import Value

Row = Sequence[Any]
"""What the driver returns for one line: integers, strings and None."""
Statement = tuple[str, tuple["Value", ...]]


class Source(Protocol):
    """What runs a statement: a SQLAlchemy ``Connection`` or the ``QuickReader``."""

    def exec_driver_sql(
        self, statement: str, parameters: tuple[Value, ...] | None = None, /
    ) -> Iterable[Row]:
        """Run one statement and return its rows."""
        ...


@dataclass(frozen=True, slots=True)
class Where:
    """Which lines are wanted.

    ``workflow`` empty means households instead of cases. ``chip`` is "all", "overdue", "due_soon", "draft",
    "stale", "conflict", "contested", "changed" or "returned";
    ``today`` and ``soon`` (the last day that counts as near) are ISO dates; ``drafts``
    are the case ids with an unfinished form; ``beside`` the local numbers of cases whose first open step is
    another one, but at which ``step`` is open too.
    """

    scope: str
    today: str
    soon: str
    round: str = ""
    workflow: str = ""
    step: str = ""
    chip: str = "all"
    drafts: tuple[str, ...] = ()
    beside: tuple[int, ...] = ()

    @property
    def of_households(self) -> bool:
        """Tell whether households are wanted, whether or not they have a case."""
        return not self.workflow


@dataclass(frozen=True, slots=True)
class Order:
    """A sort key: "due", "code", "head", "group", "size" or "income"."""

    key: str = "due"
    descending: bool = False


SEARCH_LIMIT: Final = 200
"""Households a search returns at most."""
_TOP: Final = "\U0010ffff"  # sorts after every character a name may hold

_ORDERS: Final = {
    "due": ("c.due_key", "c.sort", "c.eid"),
    "code": ("c.code", "c.sort", "c.eid"),
    "head": ("c.head_py", "c.head", "c.sort", "c.eid"),
    "group": ("c.sort", "c.eid"),
    "size": ("c.size", "c.sort", "c.eid"),
    "income": ("c.per_head_fen IS NULL", "c.per_head_fen", "c.sort", "c.eid"),
}
_CASE_COLUMNS: Final = (
    "eid", "household", "uid", "code", "head", "team", "size", "village", "step", "status", "due_on",
    "tags", "conflicts", "per_head_fen", "person", "urgent", "stale", "workflow", "pack", "stage_on",
)  # fmt: skip
_HOUSEHOLD_COLUMNS: Final = (
    "eid", "uid", "code", "head", "team", "size", "village", "status", "tags", "conflicts",
)  # fmt: skip


def rounds() -> Statement:
    """Return every round: uid, name, status, scope, pack, workflows, line_fen, line_demo, opened_on."""
    columns = "uid, name, status, scope, pack, workflows, line_fen, line_demo, opened_on"
    return f"SELECT {columns} FROM p_round ORDER BY opened_on DESC, uid", ()  # noqa: S608 -- the parts are constants of ours


def counts(where: Where) -> Statement:
    """Return cases by step and status: step, status, all, overdue, due soon, stale, in conflict."""
    text = (
        "SELECT step, status, SUM(n), SUM(CASE WHEN due_on <> '' AND due_on < ? THEN n ELSE 0 END),"
        " SUM(CASE WHEN due_on >= ? AND due_on <= ? THEN n ELSE 0 END),"
        " SUM(CASE WHEN stale = 1 THEN n ELSE 0 END), SUM(CASE WHEN in_conflict = 1 THEN n ELSE 0 END)"
        " FROM board_count WHERE round = ? AND workflow = ?"
    )
    inside, ends = _range("village", where.scope)
    given = (where.today, where.today, where.soon, where.round, where.workflow, *ends)
    return f"{text}{inside} GROUP BY step, status", given


def parallel_counts(where: Where) -> Statement:
    """Return cases with several open steps: stage, first step, then the numbers as in ``counts``."""
    text = (
        "SELECT stage, step, COUNT(*), SUM(due_on <> '' AND due_on < ?), SUM(due_on >= ? AND due_on <= ?),"
        " SUM(stale), SUM(conflicts > 0) FROM case_line INDEXED BY ix_case_line_parallel"
        " WHERE instr(stage, ' ') > 0 AND round = ? AND workflow = ?"
    )
    inside, ends = _range("village", where.scope)
    given = (where.today, where.today, where.soon, where.round, where.workflow, *ends)
    return f"{text}{inside} GROUP BY stage, step", given


def beside(where: Where) -> Statement:
    """Return the local numbers of cases at which ``where.step`` is open, though not as the first step."""
    return (
        "SELECT eid FROM case_line INDEXED BY ix_case_line_parallel WHERE instr(stage, ' ') > 0 AND round = ?"
        " AND workflow = ? AND step <> ? AND instr(' ' || stage || ' ', ' ' || ? || ' ') > 0"
    ), (where.round, where.workflow, where.step, where.step)


def households(scope: str) -> Statement:
    """Return households by status: status, households, persons."""
    inside, ends = _range("village", scope)
    text = "SELECT status, SUM(households), SUM(persons) FROM village_count WHERE 1 = 1"
    return f"{text}{inside} GROUP BY status", ends


def ids(where: Where, order: Order, limit: int = -1) -> Statement:
    """Return the local numbers of the lines in order; ``limit`` negative means all."""
    if where.of_households:
        filters, given = _household_filters(where)
        text = f"SELECT c.eid FROM household_line AS c{_by_chip(where)} WHERE {filters}"  # noqa: S608 -- the parts are constants of ours
    else:
        filters, given = _case_filters(where)
        inside, ends = _range("c.sort", where.scope)
        text = f"SELECT c.eid FROM case_line AS c{_by_chip(where)} WHERE {filters}{inside}"  # noqa: S608 -- the parts are constants of ours
        given += ends
    return f"{text} ORDER BY {_order(where, order)} LIMIT ?", (*given, limit)


def ordered(where: Where, order: Order, numbers: Sequence[int]) -> Statement:
    """Return these local numbers in order."""
    table = "household_line" if where.of_households else "case_line"
    text = f"SELECT c.eid FROM {table} AS c WHERE c.eid IN ({_marks(numbers)})"  # noqa: S608 -- the parts are constants of ours
    return f"{text} ORDER BY {_order(where, order)}", tuple(numbers)


def count_chip(where: Where) -> Statement:
    """Return how many lines a chip leaves, for chips the board's counts do not know."""
    if where.of_households:
        filters, given = _household_filters(where)
        return f"SELECT COUNT(*) FROM household_line AS c{_by_chip(where)} WHERE {filters}", given  # noqa: S608 -- the parts are constants of ours
    filters, given = _case_filters(where)
    inside, ends = _range("c.sort", where.scope)
    return f"SELECT COUNT(*) FROM case_line AS c{_by_chip(where)} WHERE {filters}{inside}", (*given, *ends)  # noqa: S608 -- the parts are constants of ours


def case_rows(numbers: Sequence[int]) -> Statement:
    """Return what the list shows of cases, in the order of ``CASE_COLUMNS``, in no order of rows."""
    columns = ", ".join(_CASE_COLUMNS)
    return f"SELECT {columns} FROM case_line WHERE eid IN ({_marks(numbers)})", tuple(numbers)  # noqa: S608 -- the parts are constants of ours


def household_rows(numbers: Sequence[int]) -> Statement:
    """Return what the list shows of households."""
    columns = ", ".join(_HOUSEHOLD_COLUMNS)
    return f"SELECT {columns} FROM household_line WHERE eid IN ({_marks(numbers)})", tuple(numbers)  # noqa: S608 -- the parts are constants of ours


def cases_of(uids: Sequence[str]) -> Statement:
    """Return the cases of these households, the latest stage last."""
    columns = ", ".join(_CASE_COLUMNS)
    return (
        f"SELECT {columns} FROM case_line WHERE household IN ({_marks(uids)}) ORDER BY stage_on, eid",  # noqa: S608 -- the parts are constants of ours
        tuple(uids),
    )


def with_submission(uids: Sequence[str]) -> Statement:
    """Return those of these cases that name a finished questionnaire."""
    return f"SELECT uid FROM p_case WHERE uid IN ({_marks(uids)}) AND submission <> ''", tuple(uids)  # noqa: S608 -- the parts are constants of ours


def person_names(uids: Sequence[str]) -> Statement:
    """Return uid and name of these persons."""
    return f"SELECT uid, name FROM p_person WHERE uid IN ({_marks(uids)})", tuple(uids)  # noqa: S608 -- the parts are constants of ours


def searches(text: str, where: Where) -> tuple[tuple[Statement, ...], ...]:
    """Return the statements that look for what was typed, in groups; a later one if the others find nothing.

    Digits (a final X belongs to them) seek ends and beginnings of ID numbers and household codes, letters
    initials and pinyin, everything else names, from their beginning and then anywhere.
    """
    plain = "".join(c for c in text.casefold() if not c.isspace() and c != "·")
    if not plain:
        return ()
    if plain.rstrip("x").isdigit() and plain.isascii():
        return _digit_searches(plain, where)
    if plain.isascii() and plain.isalpha():
        by_letters = tuple(_prefix(column, plain, where) for column in ("initials", "py"))
        return by_letters, (_code(plain, where),)
    if plain.isascii():
        return ((_code(text.strip(), where),),)
    return (_prefix("name_norm", plain, where),), (_anywhere(plain, where),)


def warming() -> tuple[Statement, ...]:
    """Return statements that read the search indexes, so that the first keystroke finds them in memory."""
    return tuple(
        (f"SELECT max(length({column})) FROM search_key INDEXED BY {index}", ())  # noqa: S608 -- constants of ours
        for column, index in _INDEX_OF.items()
    )


def _digit_searches(plain: str, where: Where) -> tuple[tuple[Statement, ...], ...]:
    by_end = _prefix("id_rev", plain[::-1], where)
    beginning = (_beginning(plain, where),) if len(plain) >= _REGION_DIGITS else ()
    return (by_end, _code(plain, where), *beginning), (_code(f"%{plain}", where, exact=False),)


_REGION_DIGITS: Final = 6
_INDEX_OF: Final = {
    "name_norm": "ix_search_name",
    "py": "ix_search_py",
    "initials": "ix_search_initials",
    "id_rev": "ix_search_id_rev",
}


def _prefix(column: str, start: str, where: Where) -> Statement:
    found = f"search_key AS s INDEXED BY {_INDEX_OF[column]}"
    villages, ends = _each_village(where)
    condition = f"{villages} AND s.{column} >= ? AND s.{column} < ?"
    return _joined(found, _HOME, condition, (*ends, start, start + _TOP), where)


def _anywhere(part: str, where: Where) -> Statement:
    found = "search_key AS s INDEXED BY ix_search_name"
    inside, ends = _range("s.village", where.scope)
    return _joined(found, _HOME, f"instr(s.name_norm, ?) > 0{inside}", (part, *ends), where)


def _beginning(start: str, where: Where) -> Statement:
    """Return the search for the beginning of an ID number; the number itself stands with the member."""
    found = "p_member AS m CROSS JOIN household_line AS s"
    inside, ends = _range("s.village", where.scope)
    condition = f"m.id_number >= ? AND m.id_number < ? AND s.uid = m.household{inside}"
    return _joined(found, _LINE, condition, (start.upper(), start.upper() + _TOP, *ends), where)


def _code(code: str, where: Where, *, exact: bool = True) -> Statement:
    found = "household_line AS s INDEXED BY ix_household_line_code"
    villages, ends = _each_village(where)
    if exact:
        condition = f"{villages} AND s.code >= ? AND s.code < ?"
        return _joined(found, _LINE, condition, (*ends, code, code + _TOP), where)
    return _joined(found, _LINE, f"{villages} AND s.code LIKE ?", (*ends, code), where)


def _each_village(where: Where) -> Statement:
    """Return the condition that lets an index be sought in each village of the area, one after another."""
    inside, ends = _range("village", where.scope)
    return f"s.village IN (SELECT village FROM village_count WHERE 1 = 1{inside})", ends  # noqa: S608 -- the parts are constants of ours


_HOME: Final = ("s.home", "(SELECT h.uid FROM household_line AS h WHERE h.eid = s.home)")
_LINE: Final = ("s.eid", "s.uid")
"""Local number and id of the household a search row, or a line, is about."""


def _joined(
    found: str, home: tuple[str, str], condition: str, given: tuple[Value, ...], where: Where
) -> Statement:
    """Return a search joined to the lines it is about; CROSS JOIN keeps the search on the outside."""
    if where.of_households:
        filters, more = _household_filters(replace(where, scope=""))
        table = "household_line"
        link = f"c.eid = {home[0]}"
    else:
        filters, more = _case_filters(where)
        table = "case_line"
        link = f"c.household = {home[1]}"
    text = (
        f"SELECT DISTINCT c.eid FROM {found} CROSS JOIN {table} AS c"  # noqa: S608 -- the parts are constants of ours
        f" WHERE {condition} AND {link} AND {filters} LIMIT {SEARCH_LIMIT}"
    )
    return text, (*given, *more)


def _case_filters(where: Where) -> tuple[str, tuple[Value, ...]]:
    parts = ["c.round = ?", "c.workflow = ?"]
    given: list[Value] = [where.round, where.workflow]
    if where.step:
        beside = f" OR c.eid IN ({_marks(where.beside)})" if where.beside else ""
        parts.append(f"(c.step = ?{beside})")
        given += [where.step, *where.beside]
    if where.chip == "draft":
        parts.append(f"c.uid IN ({_marks(where.drafts)})")
        given += where.drafts
    elif where.chip in _CHIPS:
        condition, dates = _CHIPS[where.chip]
        parts.append(condition)
        given += [getattr(where, date) for date in dates]
    return " AND ".join(parts), tuple(given)


_CHIPS: Final = {
    "overdue": ("c.due_key < ?", ("today",)),
    "due_soon": ("c.due_key >= ? AND c.due_key <= ?", ("today", "soon")),
    "stale": ("c.stale = 1", ()),
    "conflict": ("c.conflicts > 0", ()),
    "contested": ("c.contested > 0", ()),
    "changed": ("c.changed_since = 1", ()),
    "returned": ("c.status = 'returned'", ()),
}


_SMALL_INDEX: Final = {
    ("case", "stale"): "ix_case_line_stale",
    ("case", "conflict"): "ix_case_line_conflict",
    ("case", "contested"): "ix_case_line_contested",
    ("case", "changed"): "ix_case_line_changed",
    ("case", "returned"): "ix_case_line_returned",
    ("household", "conflict"): "ix_household_line_conflict",
    ("household", "contested"): "ix_household_line_contested",
}


def _by_chip(where: Where) -> str:
    """Name the small index of a chip: without statistics SQLite would walk the whole list."""
    index = _SMALL_INDEX.get(("household" if where.of_households else "case", where.chip), "")
    return f" INDEXED BY {index}" if index else ""


def _household_filters(where: Where) -> tuple[str, tuple[Value, ...]]:
    inside, ends = _range("c.sort", where.scope)
    text = f"c.status IN ('active', 'moved'){inside}"
    if where.chip in {"conflict", "contested"}:
        return f"{text} AND {_CHIPS[where.chip][0]}", ends
    if where.chip == "draft":
        cases = f"SELECT household FROM case_line WHERE uid IN ({_marks(where.drafts)})"  # noqa: S608 -- the parts are constants of ours
        return f"{text} AND c.uid IN ({cases})", (*ends, *where.drafts)
    # The other chips are about deadlines and steps, which a household has only through a case.
    return (text if where.chip == "all" else f"{text} AND 0"), ends


def _order(where: Where, order: Order) -> str:
    columns = _ORDERS[order.key]
    if where.of_households and order.key in {"due", "income"}:
        columns = _ORDERS["group"]
    return ", ".join(f"{column} DESC" if order.descending else column for column in columns)


def _range(column: str, scope: str) -> Statement:
    prefix = significant(scope)
    # "~" sorts after the digits of a code and after the "|" that follows it in a sort key.
    return (f" AND {column} >= ? AND {column} < ?", (prefix, prefix + "~")) if prefix else ("", ())


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
