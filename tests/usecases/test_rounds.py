"""Open rounds, take cases along or close them, set the line; what is refused writes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.errors import Refused
from app.domain.ids import Kind, Level
from app.queries.board import Look
from app.queries.household import get_household
from app.queries.round import round_sheets, unfinished_lines
from app.usecases import cases, rounds
from app.usecases.rounds import NewRound, open_round, round_in_force, set_line, unfinished_cases
from tests.usecases.journal import bodies, ops, standing
from tests.usecases.village import LINE, PLACES, VILLAGE, found_village, only

NEXT = NewRound("2026年第二批", 2026, "s8/v1")


def in_force(village):
    with village.office.workspace.write(village.office.actor) as tx:
        return round_in_force(tx, VILLAGE)[0]


def refused(village, work, code):
    before = standing(village.office)
    with pytest.raises(Refused) as error:
        work()
    assert error.value.code == code
    assert standing(village.office) == before
    return error.value.params


def test_a_round_freezes_pack_and_line(village):
    values = village.values(Kind.ROUND, in_force(village))
    pack = village.office.policy.pack("s8/v1")
    assert (values["pack"], values["pack_hash"]) == ("s8/v1", pack.hash)
    assert (values["line_fen"], values["line_doc"], values["status"]) == (880000, "清农〔2026〕1号", "open")
    assert values["workflows"] == "exit identify"


def test_the_next_round_closes_the_one_before(village):
    old = in_force(village)
    changes = open_round(village.office, NEXT)
    assert ops(village.office)[-2:] == ["round.opened", "round.closed"]
    assert len(changes.entries) == 2
    assert village.values(Kind.ROUND, old)["status"] == "closed"
    assert village.values(Kind.ROUND, old)["closed_on"] == "2026-03-02"
    assert in_force(village) != old


def test_without_a_line_nothing_is_guessed(village):
    open_round(village.office, NEXT)
    assert "line_fen" not in village.values(Kind.ROUND, in_force(village))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(NEXT, name="  "), "round.name_missing"),
        (replace(NEXT, year=2016), "round.year_strange"),
        (replace(NEXT, pack="s9/v1"), "pack.unknown"),
    ],
)
def test_what_no_round_can_be(village, wrong, code):
    refused(village, lambda: open_round(village.office, wrong), code)


def test_every_unfinished_case_is_decided(village):
    first, second = village.open("吴福生"), village.open("赵大山")
    village.bring(second, "visit")
    assert set(unfinished_cases(village.office)) == {first, second}
    params = refused(
        village,
        lambda: open_round(village.office, replace(NEXT, along={first: True})),
        "round.cases_undecided",
    )
    assert params == {"left": 1}
    old = in_force(village)
    open_round(village.office, replace(NEXT, along={first: False, second: True}))
    closed, along = village.values(Kind.CASE, first), village.values(Kind.CASE, second)
    assert (closed["status"], closed["stage"], closed["round"]) == ("closed", "end", old)
    assert (along["stage"], along["round"]) == ("visit", in_force(village))
    assert unfinished_cases(village.office) == (second,)
    (last,) = [body for body in bodies(village.office) if body.op == "case.closed"]
    assert (last.extras["reason_code"], last.extras["to"]) == ("round_over", "end")


@pytest.mark.parametrize(
    ("step", "code"), [("check", "workflow.for_township"), ("audit", "workflow.for_county")]
)
def test_a_case_that_waits_above_can_only_be_taken_along(village, step, code):
    case = village.bring(village.open("吴福生"), step)
    refused(village, lambda: open_round(village.office, replace(NEXT, along={case: False})), code)
    look = Look(village.office.policy, village.today, PLACES)
    with village.office.workspace.read() as conn:
        (line,) = unfinished_lines(conn, look, [case], Level.VILLAGE)
    assert not line.may_close
    open_round(village.office, replace(NEXT, along={case: True}))
    assert village.stage(case) == step


def test_finished_cases_stay_where_they_are(village):
    case = village.bring(village.open("吴福生"), "end")
    old = in_force(village)
    assert unfinished_cases(village.office) == ()
    open_round(village.office, NEXT)
    assert village.values(Kind.CASE, case)["round"] == old


def test_incomes_begin_empty_with_last_years_beside(village):
    case = village.open("吴福生")
    village.fill_living(case)
    village.pass_days(30)
    open_round(village.office, replace(NEXT, along={case: True}))
    look = Look(village.office.policy, village.today, PLACES)
    with village.office.workspace.read() as conn:
        sheet = get_household(conn, look, village.homes["吴福生"])
    (line,) = sheet.incomes
    assert (line.id, line.amount_fen, line.before_fen) == ("", None, 2_600_000)
    assert (sheet.before_name, sheet.statement.recorded) == ("2026年度", False)
    assert sheet.statement_before.per_head_fen == 2_600_000
    assert sheet.members[0].name == "吴福生"


def test_the_line_is_corrected_and_running_cases_keep_theirs(village):
    case = village.open("吴福生")
    set_line(village.office, in_force(village), replace(LINE, fen=900_000, doc="清农〔2026〕2号"))
    assert village.values(Kind.ROUND, in_force(village))["line_fen"] == 900_000
    assert bodies(village.office)[-1].op == "round.line_set"
    assert village.values(Kind.CASE, case)["line_fen"] == 880_000
    later = village.open("赵大山")
    assert village.values(Kind.CASE, later)["line_doc"] == "清农〔2026〕2号"


def test_the_line_of_a_closed_round_stays(village):
    old = in_force(village)
    open_round(village.office, NEXT)
    refused(village, lambda: set_line(village.office, old, LINE), "round.closed")
    assert refused(village, lambda: set_line(village.office, "0" * 32, LINE), "entity.unknown")


def test_the_narrowest_round_counts_and_none_is_said(tmp_path, village):
    own = in_force(village)
    rounds.open_round(village.at(Level.COUNTY), replace(NEXT, name="全县"))
    assert in_force(village) == own
    with village.office.workspace.write(village.office.actor) as tx:
        tx.record("round.closed", Kind.ROUND, own, {"status": "closed"})
    assert village.values(Kind.ROUND, in_force(village))["name"] == "全县"
    with village.office.workspace.write(village.office.actor) as tx:
        tx.record("round.closed", Kind.ROUND, in_force_inside(tx), {"status": "closed"})
    home = village.add_home("吴福生")
    refused(village, lambda: cases.open_case(village.office, home, "identify", {}), "round.none_open")


def in_force_inside(tx):
    return round_in_force(tx, VILLAGE)[0]


def test_rounds_as_the_page_shows_them(village):
    case = village.bring(village.open("吴福生"), "visit")
    village.bring(village.open("赵大山"), "end")
    look = Look(village.office.policy, village.today, PLACES)
    with village.office.workspace.read() as conn:
        (one,) = round_sheets(conn, look, VILLAGE)
        (line,) = unfinished_lines(conn, look, unfinished_cases_of(village), Level.VILLAGE)
    assert (one.name, one.is_open, one.own, one.cases, one.unfinished) == ("2026年度", True, True, 2, 1)
    assert (one.line_fen, one.pack_name) == (880_000, village.office.policy.pack("s8/v1").name)
    assert (line.case, line.head, line.group, line.step) == (case, "吴福生", "三组", "入户调查")
    assert line.may_close


def unfinished_cases_of(village):
    return unfinished_cases(village.office)


def test_a_round_from_above_is_not_ours(village):
    rounds.open_round(village.at(Level.COUNTY), replace(NEXT, name="全县"))
    look = Look(village.office.policy, village.today, PLACES)
    with village.office.workspace.read() as conn:
        found = {one.name: one.own for one in round_sheets(conn, look, VILLAGE)}
    assert found == {"2026年度": True, "全县": False}


def test_a_round_of_the_seven_steps(tmp_path):
    from app.usecases import workspaces

    village = found_village(tmp_path / "seven", pack="monitor-2021/v1")
    try:
        assert village.values(Kind.ROUND, in_force(village))["pack"] == "monitor-2021/v1"
        case = village.open("吴福生")
        assert only(open_round(village.office, replace(NEXT, along={case: True})), Kind.CASE) == case
    finally:
        workspaces.close(village.office)
