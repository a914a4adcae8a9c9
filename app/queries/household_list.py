"""The household list: the query, the line it shows and the counts of its chips.

The window imports this module before its first paint: no SQLAlchemy here. ``source`` is a SQLAlchemy
connection or the quick reader.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.domain.calendar import parse_date
from app.domain.errors import Refused
from app.queries.board import find_round, parallel_counts
from app.queries.tone import Tone
from app.storage import line_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.queries.board import Look
    from app.storage.line_sql import Row, Source, Where


class Chip(StrEnum):
    """The quick filters above the list."""

    ALL = "all"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    DRAFT = "draft"
    STALE = "stale"
    CONFLICT = "conflict"
    RETURNED = "returned"
    CHANGED = "changed"  # after an approval saw it
    CONTESTED = "contested"  # in conflict now or ever


class Sort(StrEnum):
    """Orders of the list; every one ends with the household code, so that it is total."""

    DUE = "due"
    CODE = "code"
    HEAD = "head"
    GROUP = "group"
    SIZE = "size"
    INCOME = "income"


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What the list shall show.

    ``scope`` is a 12-digit code (a township or county code means every village in it);
    ``round`` empty means the round now open; ``workflow`` empty means households whether or not
    they have a case; ``step`` empty means every step. ``text`` is what was typed in the search
    box: digits seek household codes and ends of ID numbers, letters seek initials, Chinese
    characters names.
    """

    scope: str = ""
    round: str = ""
    workflow: str = ""
    step: str = ""
    chip: Chip = Chip.ALL
    text: str = ""
    sort: Sort = Sort.DUE
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """A short coloured word beside a household: main cause, class, urgency."""

    text: str
    tone: Tone = Tone.NEUTRAL


class FormState(StrEnum):
    """How far the questionnaire of a case is."""

    NONE = "none"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class HouseholdLine:
    """One row of the list.

    ``number`` is the local row number the id array holds (never exported); ``household`` and
    ``case`` are entity ids, ``case`` empty when there is none. ``overdue_days`` counts civil
    days past ``due_on``: positive = overdue, 0 = due today, negative = days left, ``None`` =
    no limit. ``form`` is how far the visit's questionnaire is. ``income_fen`` is the income per
    head in fen, ``None`` when it cannot be told.
    """

    number: int
    household: str
    case: str
    code: str
    head: str
    group: str
    size: int
    village: str = ""
    step: str = ""
    step_name: str = ""
    status: str = ""
    due_on: str = ""
    overdue_days: int | None = None
    tags: tuple[Tag, ...] = ()
    conflicts: int = 0
    income_fen: int | None = None
    form: FormState = FormState.NONE
    person: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class ChipCount:
    """How many lines a chip would leave; chips without lines are left out, ``ALL`` never is."""

    chip: Chip
    total: int


def list_ids(source: Source, look: Look, query: ListQuery, *, limit: int = -1) -> array[int]:
    """Return the local numbers of the lines, in order; ``limit`` cuts the first page off a long list.

    A search returns at most some hundred lines. A query for cases finds nothing while no round is open.
    """
    where = _where(source, look, query)
    order = line_sql.Order(query.sort.value, query.descending)
    if where is None:
        return array("q")
    if query.text.strip():
        found = _search(source, where, query.text)
        if not found:
            return array("q")
        return _numbers(source.exec_driver_sql(*line_sql.ordered(where, order, found)))
    return _numbers(source.exec_driver_sql(*line_sql.ids(where, order, limit)))


def warm_search(source: Source) -> None:
    """Read the search indexes through; called in a worker once the first page is on the screen."""
    for statement, parameters in line_sql.warming():
        source.exec_driver_sql(statement, parameters)


def lines(source: Source, look: Look, numbers: Sequence[int]) -> tuple[HouseholdLine, ...]:
    """Return the lines of at most some hundred local numbers, in their order; vanished ones are left out."""
    if not numbers:
        return ()
    cases = [_CaseRow(*row) for row in source.exec_driver_sql(*line_sql.case_rows(numbers))]
    found = {case.eid: case for case in cases}
    rest = [number for number in numbers if number not in found]
    homes = list(source.exec_driver_sql(*line_sql.household_rows(rest))) if rest else []
    latest: dict[str, _CaseRow] = {}
    if homes:
        rows = source.exec_driver_sql(*line_sql.cases_of([str(row[1]) for row in homes]))
        latest = {case.household: case for case in (_CaseRow(*row) for row in rows)}
    found |= {home.eid: home for home in (_household_row(row, latest) for row in homes)}
    people, finished = _people(source, found.values()), _finished(source, found.values())
    return tuple(_line(found[number], look, people, finished) for number in numbers if number in found)


def chip_counts(source: Source, look: Look, query: ListQuery) -> tuple[ChipCount, ...]:
    """Return how many lines each chip would leave; chips without lines are left out, ``ALL`` never is."""
    where = _where(source, look, replace(query, chip=Chip.ALL))
    if where is None:
        return (ChipCount(Chip.ALL, 0),)
    if query.text.strip():
        totals = {chip: len(_search(source, replace(where, chip=chip.value), query.text)) for chip in Chip}
    elif where.of_households:
        chips = (Chip.DRAFT, Chip.CONFLICT, Chip.CONTESTED)
        totals = {chip: _count(source, where, chip) for chip in chips}
        homes = source.exec_driver_sql(*line_sql.households(where.scope))
        totals[Chip.ALL] = sum(int(row[1] or 0) for row in homes if row[0] in {"active", "moved"})
    else:
        totals = _totals(source, where)
        beside = (Chip.DRAFT, Chip.RETURNED, Chip.CHANGED, Chip.CONTESTED)
        totals |= {chip: _count(source, where, chip) for chip in beside}
    return tuple(
        ChipCount(chip, totals.get(chip, 0)) for chip in Chip if totals.get(chip) or chip is Chip.ALL
    )


def _where(source: Source, look: Look, query: ListQuery) -> Where | None:
    round_id = query.round
    if query.workflow and not round_id:
        current = find_round(source, query.scope)
        if current is None:
            return None
        round_id = current.id
    where = line_sql.Where(
        query.scope,
        look.today.isoformat(),
        look.soon,
        round_id,
        query.workflow,
        query.step,
        query.chip.value,
        tuple(sorted(look.drafts)),
    )
    if where.of_households or not where.step:
        return where
    beside = source.exec_driver_sql(*line_sql.beside(where))
    return replace(where, beside=tuple(row[0] for row in beside))


def _search(source: Source, where: Where, text: str) -> list[int]:
    for group in line_sql.searches(text, where):
        found = {number for statement in group for number in _numbers(source.exec_driver_sql(*statement))}
        if found:
            return sorted(found)
    return []


def _numbers(rows: Iterable[Row]) -> array[int]:
    return array("q", (row[0] for row in rows))


def _count(source: Source, where: Where, chip: Chip) -> int:
    (row,) = source.exec_driver_sql(*line_sql.count_chip(replace(where, chip=chip.value)))
    return int(row[0] or 0)


def _totals(source: Source, where: Where) -> dict[Chip, int]:
    chips = (Chip.ALL, Chip.OVERDUE, Chip.DUE_SOON, Chip.STALE, Chip.CONFLICT)
    totals: dict[Chip, int] = dict.fromkeys(chips, 0)
    for step, _status, *numbers in source.exec_driver_sql(*line_sql.counts(where)):
        if where.step in {"", step}:
            for chip, number in zip(chips, numbers, strict=True):
                totals[chip] += int(number or 0)
    for step, extra in parallel_counts(source, where) if where.step else ():
        if step == where.step:
            for chip, number in zip(chips, extra, strict=True):
                totals[chip] += number
    return totals


@dataclass(frozen=True, slots=True)
class _CaseRow:
    """The columns of ``line_sql.case_rows``; of a household without a case those of the case are empty."""

    eid: int
    household: str
    case: str
    code: str
    head: str
    team: str
    size: int
    village: str
    step: str = ""
    status: str = ""
    due_on: str = ""
    tags: str = ""
    conflicts: int = 0
    per_head_fen: int | None = None
    person: str = ""
    urgent: int = 0
    stale: int = 0
    workflow: str = ""
    pack: str = ""
    stage_on: str = ""


def _household_row(row: Row, latest: Mapping[str, _CaseRow]) -> _CaseRow:
    eid, uid, code, head, team, size, village, status, tags, conflicts = row
    case = latest.get(uid)
    if case is not None:
        return replace(case, eid=eid)
    none = _CaseRow(eid, uid, "", code, head, team, size, village)
    return replace(none, status=status, tags=tags, conflicts=conflicts)


def _people(source: Source, rows: Iterable[_CaseRow]) -> dict[str, str]:
    uids = sorted({row.person for row in rows} - {""})
    if not uids:
        return {}
    return {uid: name or "" for uid, name in source.exec_driver_sql(*line_sql.person_names(uids))}


def _finished(source: Source, rows: Iterable[_CaseRow]) -> frozenset[str]:
    """Return the cases that name a finished questionnaire."""
    uids = sorted({row.case for row in rows} - {""})
    found = source.exec_driver_sql(*line_sql.with_submission(uids)) if uids else ()
    return frozenset(str(row[0]) for row in found)


def _line(row: _CaseRow, look: Look, people: Mapping[str, str], finished: frozenset[str]) -> HouseholdLine:
    due = parse_date(row.due_on)
    form = FormState.DONE if row.case in finished else FormState.NONE
    form = FormState.BEGUN if row.case in look.drafts else form  # a change of a finished one is under way
    return HouseholdLine(
        number=row.eid,
        household=row.household,
        case=row.case,
        code=row.code,
        head=row.head,
        group=row.team,
        size=row.size,
        village=look.places.get(row.village, row.village),
        step=row.step,
        step_name=_step_name(row, look),
        status=row.status,
        due_on=row.due_on,
        overdue_days=(look.today - due).days if due else None,
        tags=tags_of(row.tags, look),
        conflicts=row.conflicts,
        income_fen=row.per_head_fen,
        form=form,
        person=people.get(row.person, ""),
        urgent=row.urgent == 1,
    )


def _step_name(row: _CaseRow, look: Look) -> str:
    if not row.case:
        return ""
    try:
        step = look.policy.workflow({"pack": row.pack, "workflow": row.workflow}).step(row.step)
    except Refused:
        # A closed case stands at no step; one of a pack that is not here is named by what it says.
        return look.policy.codes("case_status").label(row.status)
    return step.short or step.name


_TONES: Final = {
    "illness": Tone.RED,
    "disability": Tone.RED,
    "disaster": Tone.AMBER,
    "accident": Tone.AMBER,
    "industry": Tone.AMBER,
    "job": Tone.AMBER,
}


def tags_of(text: str, look: Look) -> tuple[Tag, ...]:
    """Return the coloured words for "list.code" pairs joined by spaces."""
    pairs = (pair.partition(".") for pair in text.split())
    return tuple(
        Tag(look.policy.codes(name).label(code), _TONES.get(code, Tone.BLUE)) for name, _, code in pairs
    )
