"""The board's counts, the rounds and the places of the header."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.errors import Refused
from app.domain.ids import Kind
from app.queries.board import ScopeName, get_board, round_lines, scope_names
from tests.queries.conftest import COUNTY, OTHER, PLACES, TOWNSHIP, VILLAGE, Place


@pytest.fixture
def village(place: Place) -> Place:
    """Cases at three steps here and one in the village beside."""
    with place.workspace.write(place.actor) as tx:
        for n, name in enumerate(("王秀兰", "周建国", "石文斌", "吴福生")):
            home = place.household(tx, name)
            opened = ("2026-02-20", "2026-02-27", "2026-03-02", "2026-03-02")[n]
            place.case(tx, home, stage="visit", stage_on=opened, opened=f"visit={opened}")
        for status in ("approved", "rejected", "withdrawn"):
            place.case(tx, place.household(tx, "单小英"), stage="end", status=status)
        place.case(tx, place.household(tx, "罗秀兰", village=OTHER), stage="check", status="suspended")
        place.household(tx, "周国栋")
    return place


def test_counts_by_step(village: Place) -> None:
    with village.workspace.read() as conn:
        board = get_board(conn, village.look, VILLAGE, "", "identify")
    assert (board.round_id, board.round_name, board.workflow) == (village.round, "2026年第一批", "identify")
    assert (board.total, board.done, board.households) == (7, 2, 8)
    assert (board.line_fen, board.line_demo) == (400_000, True)
    assert [step.name for step in board.steps] == [
        "申请",
        "初审",
        "入户",
        "比对",
        "评议",
        "公示",
        "核查",
        "审核",
    ]
    visit = board.steps[2]
    assert (visit.step, visit.total, visit.overdue, visit.due_soon, visit.has_form) == (
        "visit",
        4,
        1,
        3,
        True,
    )
    assert sum(step.total for step in board.steps) == 4


def test_a_township_sees_its_villages_together(village: Place) -> None:
    with village.workspace.read() as conn:
        board = get_board(conn, village.look, TOWNSHIP, village.round, "identify")
        assert (board.total, board.households) == (8, 9)
        assert next(step.total for step in board.steps if step.step == "check") == 1
        assert get_board(conn, village.look, VILLAGE, "", "exit").total == 0


def test_counts_follow_every_write(village: Place) -> None:
    with village.workspace.read() as conn:
        case = str(conn.exec_driver_sql("SELECT uid FROM case_line WHERE head = '王秀兰'").scalar())
    village.move(case, stage="compare", stage_on="2026-03-02")
    with village.workspace.read() as conn:
        before = get_board(conn, village.look, VILLAGE, "", "identify")
    assert {step.step: step.total for step in before.steps if step.total} == {"visit": 3, "compare": 1}
    village.workspace.rebuild()
    with village.workspace.read() as conn:
        assert get_board(conn, village.look, VILLAGE, "", "identify") == before
        gone = conn.exec_driver_sql("SELECT COUNT(*) FROM board_count WHERE n < 1").scalar()
    assert gone == 0


def test_before_a_round_was_opened(place: Place) -> None:
    with place.workspace.read() as conn:
        board = get_board(conn, place.look, "110101001001", "", "identify")
        assert get_board(conn, place.look, VILLAGE, "f" * 32, "identify").round_id == ""
    assert (board.round_id, board.round_name, board.total, board.steps) == ("", "", 0, ())


def test_a_round_of_an_unknown_pack_is_refused(place: Place) -> None:
    with place.workspace.write(place.actor) as tx:
        tx.record("round.opened", Kind.ROUND, place.round, {"pack": "x9/v1"})
    with place.workspace.read() as conn, pytest.raises(Refused) as caught:
        get_board(conn, place.look, VILLAGE, "", "identify")
    assert caught.value.code == "pack.unknown"


def test_the_round_in_force_is_the_narrowest_open_one_above(place: Place) -> None:
    with place.workspace.write(place.actor) as tx:
        place.open_round(tx, "去年", opened_on="2025-02-01", status="closed")
        own = place.open_round(tx, "镇里的", scope=TOWNSHIP, opened_on="2026-01-01", line_fen="", line_demo=0)
        place.open_round(tx, "邻村的", scope=OTHER)
        place.open_round(tx, "别县的", scope="110101001001")
    with place.workspace.read() as conn:
        ours = round_lines(conn, VILLAGE)
        assert [(line.name, line.is_open) for line in ours] == [
            ("镇里的", True),
            ("2026年第一批", True),
            ("去年", False),
        ]
        assert [line.id for line in ours[:2]] == [own, place.round]
        assert [line.name for line in round_lines(conn, TOWNSHIP)] == [
            "镇里的",
            "2026年第一批",
            "邻村的",
            "去年",
        ]
        board = get_board(conn, place.look, VILLAGE, "", "identify")
    assert (board.round_name, board.line_fen, board.line_demo) == ("镇里的", None, False)


def test_places_of_the_header() -> None:
    assert scope_names(PLACES, TOWNSHIP) == (
        ScopeName(TOWNSHIP, "清溪镇"),
        ScopeName(VILLAGE, "石板村"),
        ScopeName(OTHER, "河口村"),
    )
    assert scope_names(PLACES, VILLAGE) == (ScopeName(VILLAGE, "石板村"),)
    assert len(scope_names(PLACES, COUNTY)) == 4


def test_a_limit_today_is_near_and_not_late(village: Place) -> None:
    with village.workspace.read() as conn:
        day = conn.exec_driver_sql("SELECT due_on FROM case_line WHERE head = '王秀兰'").scalar()
        look = replace(village.look, today=village.look.today.fromisoformat(str(day)))
        visit = get_board(conn, look, VILLAGE, "", "identify").steps[2]
    assert (visit.overdue, visit.due_soon) == (0, 1)
