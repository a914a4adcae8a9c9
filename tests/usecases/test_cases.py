"""Cases: opened once, moved by the level that owns the step, one entry for each act."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level
from app.domain.person import Actor
from app.domain.verdict import Verdict
from app.usecases import cases, households, rounds
from tests.usecases.exchange import count
from tests.usecases.expect import refused, written
from tests.usecases.journal import bodies, standing
from tests.usecases.village import SCOPES, VILLAGE, only

NOBODY = EntityId("0" * 32)
NEIGHBOUR = "990101001202"


def neighbour(village):
    """The same computer with the next village's person at it, as when a township writes for it."""
    return village.office.acting(Actor(village.people[Level.VILLAGE][0], "石正华", Level.VILLAGE, NEIGHBOUR))


def test_a_case_begins_at_the_first_step_with_the_line_of_its_round(village):
    home = village.add_home("吴福生")
    changes = cases.open_case(village.office, home, "identify", {"applicant": "吴福生", "source": "self"})
    [body] = written(village.office, changes)
    assert body.op == "case.opened"
    assert body.extras == {"action": "open", "to": "apply", "on": "2026-03-02", "level": "village"}
    expected = {"household": home, "stage": "apply", "status": "active", "stage_on": "2026-03-02"}
    assert expected.items() <= body.changes.items()
    assert (body.changes["line_fen"], body.changes["pack"]) == (880000, "s8/v1")
    assert body.changes["opened"] == "apply=2026-03-02"


def test_what_no_case_is_opened_for(village, tmp_path):
    home = village.add_home("吴福生")
    case = only(cases.open_case(village.office, home, "identify", {}), Kind.CASE)
    with refused(village.office, "case.already_open"):
        cases.open_case(village.office, home, "identify", {})
    with refused(village.office, "entity.unknown"):
        cases.open_case(village.office, NOBODY, "identify", {})
    with refused(village.office, "region.outside", place=VILLAGE):
        cases.open_case(neighbour(village), home, "exit", {})
    cases.act_on_case(village.office, case, "withdraw", {"reason": "本人不再申请"})
    assert cases.open_case(village.office, home, "identify", {}).entries
    gone = village.add_home("赵六")
    with village.office.workspace.write(village.office.actor) as tx:
        tx.record("household.voided", Kind.HOUSEHOLD, gone, {"status": "void"})
    with refused(village.office, "household.not_active"):
        cases.open_case(village.office, gone, "identify", {})


def test_an_act_is_one_entry_with_all_the_timeline_needs(village):
    case = village.open("吴福生")
    village.pass_days(3)
    given = {"applicant": "吴福生", "source": "self", "documents": "application", "auth_signed": 1}
    changes = cases.act_on_case(
        village.office, case, "apply.accept", given, village.today - timedelta(days=1)
    )
    [body] = written(village.office, changes)
    assert body.op == "case.advanced"
    assert body.extras == {
        "action": "apply.accept",
        "from": "apply",
        "to": "review",
        "on": "2026-03-04",
        "level": "village",
    }
    assert given.items() <= body.changes.items()
    stage = {"stage": "review", "status": "active", "stage_on": "2026-03-04", "opened": "review=2026-03-04"}
    assert stage.items() <= body.changes.items()


def test_what_an_act_is_refused_for(village):
    case = village.open("吴福生")
    act = cases.act_on_case
    with refused(village.office, "workflow.no_such_action", action="审一下"):
        act(village.office, case, "审一下", {})
    with refused(village.office, "workflow.unknown_field", name="decision"):
        act(village.office, case, "apply.accept", {"decision": "approve"})
    with refused(village.office, "workflow.future_date"):
        act(village.office, case, "apply.save", {"applied_on": "2026-03-09"})
    with refused(village.office, "workflow.before_stage", since="2026-03-02", on="2026-03-01"):
        act(village.office, case, "apply.save", {"applicant": "吴"}, village.today - timedelta(days=1))
    with refused(village.office, "workflow.reason_needed"):
        act(village.office, case, "withdraw", {})
    with refused(village.office, "field.bad_value", field="auth_signed"):
        act(village.office, case, "apply.save", {"auth_signed": 7})
    with refused(village.office, "workflow.not_yet"):
        act(village.office, case, "apply.accept", {})
    with refused(village.office, "entity.unknown"):
        act(village.office, NOBODY, "apply.accept", {})


def test_only_the_level_of_a_step_and_only_inside_its_area(village):
    case = village.open("吴福生")
    for level in (Level.TOWNSHIP, Level.COUNTY):
        with refused(village.office, "workflow.for_village"):
            cases.act_on_case(village.at(level), case, "apply.save", {"applicant": "吴福生"})
    with refused(village.office, "region.outside", place=VILLAGE):
        cases.act_on_case(neighbour(village), case, "apply.save", {"applicant": "吴福生"})
    village.bring(case, "check")
    with refused(village.office, "workflow.for_township"):
        cases.act_on_case(village.office, case, "check.save", {"check_opinion": "同意"})
    village.bring(case, "audit")
    with refused(village.office, "workflow.for_county"):
        cases.act_on_case(village.at(Level.TOWNSHIP), case, "audit.save", {"approval_no": "1号"})


def test_a_township_does_not_edit_a_household_unless_it_sits_down_for_the_village(village):
    home = village.add_home("吴福生")
    change = [households.Edit(Kind.HOUSEHOLD, home, {"address": "五组5号"})]
    with refused(village.office, "authority.for_village"):
        households.edit(village.at(Level.TOWNSHIP), home, change)
    person = village.people[Level.TOWNSHIP][0]
    proxy = village.office.acting(Actor(person, "周建华", Level.VILLAGE, SCOPES[Level.VILLAGE]))
    [body] = written(village.office, households.edit(proxy, home, change))
    assert (body.actor, body.changes) == (person, {"address": "五组5号"})


def test_many_cases_at_once_leave_out_those_that_cannot(village):
    ready, other = village.bring(village.open("吴福生"), "compare"), village.open("赵六")
    before = village.values(Kind.CASE, other)
    done = cases.act_on_cases(village.office, [ready, other, NOBODY], "compare.none", {"auth_signed": 1})
    assert done.done == (ready,)
    assert [(case, error.code) for case, error in done.refused] == [
        (other, "workflow.no_such_action"),
        (NOBODY, "entity.unknown"),
    ]
    [body] = written(village.office, done.changes)
    assert (body.entity, body.extras["action"]) == (ready, "compare.none")
    assert village.values(Kind.CASE, other) == before


def test_a_decision_stays_as_seen_until_what_was_seen_changes(village):
    case = village.bring(village.open("吴福生"), "end")
    assert str(village.values(Kind.CASE, case)["seen"]).startswith("sha256:")

    def changed_since():
        with village.office.workspace.read() as conn:
            query = "SELECT changed_since FROM case_line WHERE uid = ?"
            return conn.exec_driver_sql(query, (case,)).scalar()

    assert changed_since() == 0
    cases.override_verdict(village.office, case, "food", Verdict.FAIL, "冬天口粮不够")
    assert changed_since() == 1
    assert village.values(Kind.CASE, case)["status"] == "approved"


def test_a_judgement_by_hand_keeps_its_reason(village):
    case = village.bring(village.open("吴福生"), "visit")
    changes = cases.override_verdict(village.office, case, "food", Verdict.FAIL, " 冬天口粮不够 ")
    [body] = written(village.office, changes)
    assert (body.op, body.changes) == (
        "case.verdict_set",
        {"override_food": "fail", "override_reason_food": "冬天口粮不够"},
    )
    with refused(village.office, "verdict.reason_needed", dimension="不愁吃"):
        cases.override_verdict(village.office, case, "food", Verdict.PASS, " ")
    with refused(village.office, "verdict.unknown_dimension", dimension="luck"):
        cases.override_verdict(village.office, case, "luck", Verdict.PASS, "运气")
    with refused(village.office, "region.outside", place=VILLAGE):
        cases.override_verdict(neighbour(village), case, "food", Verdict.PASS, "核对后")
    cases.override_verdict(village.office, case, "food", Verdict.UNCHECKED, "")
    assert village.values(Kind.CASE, case)["override_food"] == ""


def test_a_judgement_that_turns_after_the_appraisal_sends_the_case_back(village):
    case = village.bring(village.open("吴福生"), "publicise")
    changes = cases.override_verdict(village.office, case, "housing", Verdict.FAIL, "房屋鉴定为危房")
    found = bodies(village.office)[-2:]
    assert [body.op for body in found] == ["case.verdict_set", "case.corrected"]
    assert len(changes.entries) == 2
    values = village.values(Kind.CASE, case)
    assert values["status"] == "returned"
    assert values["stage"] == found[1].extras["to"]
    assert found[1].extras["reason"] == "房屋鉴定为危房"


def test_an_empty_batch_writes_nothing(village):
    before = standing(village.office)
    assert cases.act_on_cases(village.office, [], "compare.none", {}).changes.entries == ()
    assert standing(village.office) == before
    assert count(village.office, "entity") > 0


def test_ready_outcome_names_the_way_forward_or_what_it_lacks(village):
    case = village.bring(village.open("吴福生"), "compare")
    step = village.office.policy.workflow(village.values(Kind.CASE, case)).step("compare")
    with village.office.workspace.write(village.office.actor) as tx:
        assert cases.ready_outcome(tx, village.office, case, step) == "compare.none"
    fresh = village.open("赵六")
    step = village.office.policy.workflow(village.values(Kind.CASE, fresh)).step("apply")
    with (
        pytest.raises(Refused, match=r"workflow\.(missing|not_yet)"),
        village.office.workspace.write(village.office.actor) as tx,
    ):
        cases.ready_outcome(tx, village.office, fresh, step)


def test_ready_outcome_of_a_step_that_is_not_open(village):
    case = village.open("吴福生")
    step = village.office.policy.workflow(village.values(Kind.CASE, case)).step("compare")
    with village.office.workspace.write(village.office.actor) as tx, pytest.raises(Refused) as caught:
        cases.ready_outcome(tx, village.office, case, step)
    assert (caught.value.code, caught.value.params) == ("workflow.no_such_action", {"action": "compare"})


def test_a_round_covers_its_own_village_whatever_its_number_ends_in(village):
    with village.office.workspace.write(village.office.actor) as tx:
        tx.record("round.closed", Kind.ROUND, rounds.open_rounds(tx, VILLAGE)[0][0], {"status": "closed"})
        tx.record("round.opened", Kind.ROUND, tx.new_id(), {"scope": "990101001200", "status": "open"})
    with village.office.workspace.write(village.office.actor) as tx:
        assert rounds.round_in_force(tx, "990101001200")
        with pytest.raises(Refused, match=r"round\.none_open"):
            rounds.round_in_force(tx, VILLAGE)
