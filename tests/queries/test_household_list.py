"""The list, its chips and the search, over SQLAlchemy and over the quick reader."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from app.domain.ids import EntityId, Kind
from app.queries.board import Look, get_board
from app.queries.household_list import (
    Chip,
    ChipCount,
    FormState,
    ListQuery,
    Sort,
    Tag,
    Tone,
    chip_counts,
    lines,
    list_ids,
)
from app.storage.line_sql import Source
from app.storage.quick import QuickReader
from tests.queries.conftest import COUNTY, KEY, OTHER, TODAY, TOWNSHIP, VILLAGE, Place, id_number

CASES = ListQuery(scope=VILLAGE, workflow="identify")
HOMES = ListQuery(scope=VILLAGE)


@contextmanager
def source_of(place: Place, how: str) -> Generator[Source]:
    if how == "quick":
        with QuickReader(place.workspace.folder, KEY) as reader:
            yield reader
    else:
        with place.workspace.read() as conn:
            yield conn


@pytest.fixture(params=["quick", "sqlalchemy"])
def how(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def village(place: Place) -> Place:
    """Five households here and one in the village beside; four have a case."""
    with place.workspace.write(place.actor) as tx:
        wang = place.household(tx, "王秀兰", members=3, risks="illness schooling")
        zhou = place.household(tx, "周建国", members=2, main_cause="no_labour")
        shan = place.household(tx, "单小英", members=4)
        ouyang = place.household(tx, "欧阳·阿依古丽", members=1)
        place.household(tx, "王建国", members=1)
        far = place.household(tx, "王秀英", members=1, village=OTHER)
        place.case(
            tx,
            wang,
            stage="visit",
            stage_on="2026-02-20",
            opened="visit=2026-02-20",
            investigator1=place.people["周国栋"],
        )
        place.case(tx, zhou, stage="visit", stage_on="2026-03-01", opened="visit=2026-03-01", urgent=1)
        place.case(tx, shan, stage="end", status="approved")
        place.case(tx, ouyang)
        place.case(tx, far)
        place.income(tx, wang, 900_000)
    return place


def heads(source: Source, look: Look, query: ListQuery) -> list[str]:
    return [line.head for line in lines(source, look, list_ids(source, look, query))]


def test_cases_of_a_step_by_limit(village: Place, how: str) -> None:
    with source_of(village, how) as source:
        found = lines(source, village.look, list_ids(source, village.look, replace(CASES, step="visit")))
        assert [line.head for line in found] == ["王秀兰", "周建国"]
        first = found[0]
        assert (first.code, first.group, first.size, first.village) == ("03-0001", "2组", 3, "石板村")
        assert first.income_fen == 300_000
        assert first.tags == (Tag("因病", Tone.RED), Tag("因学", Tone.BLUE))
        assert (first.step, first.step_name, first.status, first.person) == (
            "visit",
            "入户",
            "active",
            "周国栋",
        )
        assert first.overdue_days is not None
        assert first.overdue_days > 0
        assert first.due_on < TODAY.isoformat()
        assert found[1].tags == (Tag("缺劳力", Tone.BLUE),)
        assert found[1].urgent
        assert found[1].income_fen is None
        assert found[1].overdue_days is not None
        assert found[1].overdue_days < 0


def test_every_step_with_lines_without_limit_last(village: Place, how: str) -> None:
    with source_of(village, how) as source:
        assert heads(source, village.look, CASES) == ["王秀兰", "周建国", "单小英", "欧阳·阿依古丽"]
        found = lines(source, village.look, list_ids(source, village.look, CASES))
        closed, new = found[2:]
        assert (closed.step, closed.step_name, closed.due_on, closed.overdue_days) == (
            "end",
            "已批准",
            "",
            None,
        )
        assert (new.step, new.step_name, new.due_on, new.overdue_days) == ("apply", "申请", "", None)


def test_a_page_is_cut_off_and_a_vanished_number_left_out(village: Place, how: str) -> None:
    with source_of(village, how) as source:
        numbers = list_ids(source, village.look, CASES, limit=2)
        assert numbers == list_ids(source, village.look, CASES)[:2]
        found = lines(source, village.look, [*numbers, 99_999])
        assert [line.number for line in found] == list(numbers)
        assert lines(source, village.look, []) == ()


def test_households_with_and_without_a_case(village: Place, how: str) -> None:
    with source_of(village, how) as source:
        found = lines(source, village.look, list_ids(source, village.look, HOMES))
        by_head = {line.head: line for line in found}
        assert set(by_head) == {"王秀兰", "周建国", "单小英", "欧阳·阿依古丽", "王建国"}
        assert by_head["王秀兰"].step == "visit"
        assert by_head["王秀兰"].case
        assert (by_head["王建国"].case, by_head["王建国"].step_name, by_head["王建国"].status) == (
            "",
            "",
            "active",
        )
        assert {line.number for line in found} == set(list_ids(source, village.look, HOMES))


@pytest.mark.parametrize(
    ("scope", "total"), [(VILLAGE, 4), (OTHER, 1), (TOWNSHIP, 5), (COUNTY, 5), ("", 5), ("990101002000", 0)]
)
def test_a_wider_scope_holds_the_villages_inside_it(village: Place, how: str, scope: str, total: int) -> None:
    with source_of(village, how) as source:
        query = replace(CASES, scope=scope, round=village.round)
        assert len(list_ids(source, village.look, query)) == total
        assert chip_counts(source, village.look, query)[0] == ChipCount(Chip.ALL, total)


@pytest.mark.parametrize(
    ("sort", "down", "expected"),
    [
        (Sort.CODE, False, ["王秀兰", "周建国", "单小英", "欧阳·阿依古丽"]),
        (Sort.CODE, True, ["欧阳·阿依古丽", "单小英", "周建国", "王秀兰"]),
        (Sort.SIZE, False, ["欧阳·阿依古丽", "周建国", "王秀兰", "单小英"]),
        (Sort.HEAD, False, ["单小英", "欧阳·阿依古丽", "王秀兰", "周建国"]),
        (Sort.GROUP, False, ["单小英", "王秀兰", "欧阳·阿依古丽", "周建国"]),
    ],
)
def test_orders(village: Place, how: str, sort: Sort, down: bool, expected: Sequence[str]) -> None:
    with source_of(village, how) as source:
        assert heads(source, village.look, replace(CASES, sort=sort, descending=down)) == list(expected)


def test_income_sorts_unknown_last(village: Place, how: str) -> None:
    with source_of(village, how) as source:
        assert heads(source, village.look, replace(CASES, sort=Sort.INCOME))[0] == "王秀兰"
        # A household line has no income of its own; its list keeps the order of the groups.
        by_group = heads(source, village.look, replace(HOMES, sort=Sort.GROUP))
        assert heads(source, village.look, replace(HOMES, sort=Sort.INCOME)) == by_group


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("王", {"王秀兰", "王建国"}),
        ("秀兰", {"王秀兰"}),
        ("王秀", {"王秀兰"}),
        ("欧阳阿依", {"欧阳·阿依古丽"}),
        ("阿依", {"欧阳·阿依古丽"}),
        ("wxl", {"王秀兰"}),
        ("wangj", {"王建国"}),
        ("sxy", {"单小英"}),  # 单 as a surname is shan
        ("dxy", {"单小英"}),  # and as a common word dan
        ("03-0002", {"周建国"}),
        ("0002", {"周建国"}),
        ("  王 秀 ", {"王秀兰"}),
        ("张", set()),
        ("zzz", set()),
        ("98765", set()),
        ("-", set()),
        ("·", set()),
    ],
)
def test_search_in_households(village: Place, how: str, text: str, expected: set[str]) -> None:
    with source_of(village, how) as source:
        assert set(heads(source, village.look, replace(HOMES, text=text))) == expected


def test_search_by_id_number(village: Place, how: str) -> None:
    with village.workspace.read() as conn:
        table = (
            "SELECT m.id_number FROM p_member m JOIN household_line h ON h.uid = m.household WHERE h.head = ?"
        )
        numbers = [row[0] for row in conn.exec_driver_sql(table + " ORDER BY m.eid", ("周建国",))]
    with source_of(village, how) as source:
        for number in numbers:
            for text in (number[-4:], number[-6:].lower(), number, number[:17]):
                assert "周建国" in heads(source, village.look, replace(HOMES, text=text)), text
        assert heads(source, village.look, replace(HOMES, text=numbers[0])) == ["周建国"]


def test_an_id_number_that_ends_with_x(place: Place, how: str) -> None:
    number = next(n for n in (id_number("19700101", k) for k in range(1, 99)) if n.endswith("X"))
    with place.workspace.write(place.actor) as tx:
        home = place.household(tx, "石文斌")
        place.member(tx, home, "石小丽", id_number=number)
    with source_of(place, how) as source:
        for text in (number[-4:], number[-4:].lower(), number):
            assert heads(source, place.look, replace(HOMES, text=text)) == ["石文斌"]


def test_search_keeps_to_the_lines_asked_for(village: Place, how: str) -> None:
    with source_of(village, how) as source:
        assert heads(source, village.look, replace(CASES, text="王")) == ["王秀兰"]
        assert heads(source, village.look, replace(CASES, text="王", step="apply")) == []
        assert heads(source, village.look, replace(CASES, text="w", scope=TOWNSHIP, step="apply")) == [
            "王秀英"
        ]
        assert heads(source, village.look, replace(CASES, text="王", chip=Chip.OVERDUE)) == ["王秀兰"]
        assert heads(source, village.look, replace(CASES, text="王", chip=Chip.DUE_SOON)) == []
        counted = chip_counts(source, village.look, replace(CASES, text="王"))
        assert counted == (ChipCount(Chip.ALL, 1), ChipCount(Chip.OVERDUE, 1))


def test_chips(village: Place, how: str) -> None:
    with village.workspace.write(village.actor) as tx:
        home = village.household(tx, "石文斌", members=1)
        case = village.case(
            tx, home, stage="review", stage_on="2026-03-01", opened="review=2026-03-01", stale="visit"
        )
    look = replace(village.look, drafts=frozenset({case}))
    with source_of(village, how) as source:
        found = {count.chip: count.total for count in chip_counts(source, look, CASES)}
        assert found == {Chip.ALL: 5, Chip.OVERDUE: 1, Chip.DUE_SOON: 2, Chip.STALE: 1, Chip.DRAFT: 1}
        for chip, total in found.items():
            assert len(list_ids(source, look, replace(CASES, chip=chip))) == total
        (line,) = lines(source, look, list_ids(source, look, replace(CASES, chip=Chip.DRAFT)))
        assert (line.head, line.form) == ("石文斌", FormState.BEGUN)
        assert chip_counts(source, look, HOMES) == (ChipCount(Chip.ALL, 6), ChipCount(Chip.DRAFT, 1))
        assert heads(source, look, replace(HOMES, chip=Chip.DRAFT)) == ["石文斌"]
        assert heads(source, look, replace(HOMES, chip=Chip.OVERDUE)) == []
        by_step = chip_counts(source, look, replace(CASES, step="review"))
        assert by_step[0] == ChipCount(Chip.ALL, 1)


def test_conflicts_have_a_chip(village: Place, how: str) -> None:
    with village.workspace.write(village.actor) as tx:
        uid = EntityId(
            str(tx.conn.exec_driver_sql("SELECT uid FROM household_line WHERE head = '周建国'").scalar())
        )
        eid = tx.conn.exec_driver_sql("SELECT eid FROM entity WHERE uid = ?", (uid,)).scalar()
        # Two writes of one field that do not know of each other, as a merge would bring them.
        tx.record("household.edited", Kind.HOUSEHOLD, uid, {"note": "一"})
        tx.flush()
        folded = tx.folded(uid)
        tx.record("household.edited", Kind.HOUSEHOLD, uid, {"note": "二"})
        tx.flush()
        tx.conn.exec_driver_sql(
            "UPDATE journal SET body = json_remove(body, '$.p.note') WHERE eid = ? AND json_extract(body, '$.c.note') = '二'",
            (eid,),
        )
        assert folded.heads
    village.workspace.rebuild()
    with source_of(village, how) as source:
        assert heads(source, village.look, replace(CASES, chip=Chip.CONFLICT)) == ["周建国"]
        assert heads(source, village.look, replace(HOMES, chip=Chip.CONFLICT)) == ["周建国"]
        assert ChipCount(Chip.CONFLICT, 1) in chip_counts(source, village.look, CASES)
        assert ChipCount(Chip.CONFLICT, 1) in chip_counts(source, village.look, HOMES)


def test_void_households_and_their_cases_leave_the_lists(village: Place, how: str) -> None:
    with village.workspace.write(village.actor) as tx:
        uid = EntityId(
            str(tx.conn.exec_driver_sql("SELECT uid FROM household_line WHERE head = '王秀兰'").scalar())
        )
        tx.record("household.voided", Kind.HOUSEHOLD, uid, {"status": "void"})
    with source_of(village, how) as source:
        assert "王秀兰" not in heads(source, village.look, CASES)
        assert "王秀兰" not in heads(source, village.look, HOMES)
        assert heads(source, village.look, replace(HOMES, text="王秀兰")) == []
        assert chip_counts(source, village.look, CASES)[0] == ChipCount(Chip.ALL, 3)
        assert chip_counts(source, village.look, HOMES)[0] == ChipCount(Chip.ALL, 4)


def test_without_a_round_there_are_no_cases(place: Place, how: str) -> None:
    with place.workspace.write(place.actor) as tx:
        tx.record("round.moved", Kind.ROUND, place.round, {"scope": "110101001001"})
        place.household(tx, "王秀兰")
    with source_of(place, how) as source:
        assert len(list_ids(source, place.look, CASES)) == 0
        assert chip_counts(source, place.look, CASES) == (ChipCount(Chip.ALL, 0),)
        assert heads(source, place.look, HOMES) == ["王秀兰"]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (CASES, "ix_case_line_due"),
        (replace(CASES, step="visit"), "ix_case_line_step"),
        (replace(CASES, chip=Chip.STALE), "ix_case_line_stale"),
        (replace(CASES, chip=Chip.CONFLICT), "ix_case_line_conflict"),
        (HOMES, "ix_household_line_sort"),
        (replace(HOMES, chip=Chip.CONFLICT), "ix_household_line_conflict"),
    ],
)
def test_the_long_lists_are_read_from_an_index(village: Place, query: ListQuery, index: str) -> None:
    seen: list[str] = []

    class Explaining(QuickReader):
        def exec_driver_sql(self, statement, parameters=None, /):
            plan = super().exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
            seen.append(" ".join(str(row[3]) for row in plan))
            return super().exec_driver_sql(statement, parameters)

    with Explaining(village.workspace.folder, KEY) as reader:
        list_ids(reader, village.look, query)
    assert index in seen[-1]
    if query.chip is Chip.ALL:
        assert "TEMP B-TREE" not in seen[-1]
        assert "COVERING" in seen[-1]


def test_a_case_with_two_open_steps_stands_at_both(village: Place, how: str) -> None:
    with village.workspace.read() as conn:
        case = str(conn.exec_driver_sql("SELECT uid FROM case_line WHERE head = '王秀兰'").scalar())
    village.move(
        case, stage="appraise compare", stage_on="2026-02-20", opened="appraise=2026-02-20 compare=2026-02-20"
    )
    with source_of(village, how) as source:
        for step in ("compare", "appraise"):
            query = replace(CASES, step=step)
            assert heads(source, village.look, query) == ["王秀兰"]
            assert heads(source, village.look, replace(query, text="王")) == ["王秀兰"]
            assert heads(source, village.look, replace(query, chip=Chip.OVERDUE)) == ["王秀兰"]
            counted = (ChipCount(Chip.ALL, 1), ChipCount(Chip.OVERDUE, 1))
            assert chip_counts(source, village.look, query) == counted
        assert "王秀兰" not in heads(source, village.look, replace(CASES, step="visit"))
        board = get_board(source, village.look, VILLAGE, "", "identify")
        assert {step.step: (step.total, step.overdue) for step in board.steps if step.overdue} == {
            "compare": (1, 1),
            "appraise": (1, 1),
        }
        assert board.total == 4
        assert chip_counts(source, village.look, CASES)[0] == ChipCount(Chip.ALL, 4)
