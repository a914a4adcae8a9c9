"""Conflicts: nothing is lost, one later entry settles them, and a split case is settled as a whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.ids import EntityId, Kind
from app.files.package import PackageKind
from app.queries import case_facts, rows
from app.queries.conflicts import conflicts
from app.usecases import cases
from app.usecases import conflicts as settling
from tests.usecases.exchange import VILLAGE, Computers, count, digest_of, edit, household, value
from tests.usecases.expect import refused, written


@pytest.fixture
def pair(computers: Computers):
    """Two laptops of one village."""
    return computers.office("village-01"), computers.office("second", "village-01")


def swap(computers, one, two):
    computers.send(one, two, PackageKind.PEER)
    computers.send(two, one, PackageKind.PEER)
    assert digest_of(one) == digest_of(two)


def case_at(office, step):
    with office.workspace.read() as conn:
        query = "SELECT uid FROM case_line WHERE step = ? AND workflow = 'identify' ORDER BY sort LIMIT 1"
        return EntityId(conn.exec_driver_sql(query, (step,)).scalar())


def values(office, case):
    with office.workspace.read() as conn:
        return rows.get(conn, Kind.CASE, case)


def heads(office, case):
    with office.workspace.read() as conn:
        return {head.stage: head for head in case_facts.heads_in_conflict(conn, case)}


def fields_in_conflict(office, case):
    with office.workspace.read() as conn:
        query = "SELECT field FROM conflict JOIN entity USING (eid) WHERE uid = ? ORDER BY field"
        return conn.exec_driver_sql(query, (case,)).scalars().all()


def standing_of(office, case):
    found = values(office, case)
    return tuple(found.get(code, "") for code in ("stage", "status", "closed_stage", "suspended_on", "stale"))


def resolve(office, case, stage):
    data = {"to": heads(office, case)[stage].entry, "reason": "核对两台电脑"}
    return cases.act_on_case(office, case, "resolve", data)


def test_a_value_is_settled_by_one_entry_that_names_both(computers, pair):
    one, two = pair
    home = household(one)
    edit(one, home, address="一组1号")
    edit(two, home, address="一组2号")
    swap(computers, one, two)
    with two.workspace.read() as conn:
        [line] = conflicts(conn, two.policy, VILLAGE)
    with refused(two, "conflict.no_such_entry", entry="f" * 32):
        settling.resolve_conflicts(two, [settling.Settlement(home, "address", take="f" * 32)])
    with refused(two, "conflict.none", field="group"):
        settling.resolve_conflicts(two, [settling.Settlement(home, "group", value="二组")])
    with refused(two, "field.bad_value", field="address"):
        settling.resolve_conflicts(two, [settling.Settlement(home, "address", value=7)])
    with refused(two, "entity.unknown"):
        settling.resolve_conflicts(two, [settling.Settlement(EntityId("0" * 32), "address", value="一组3号")])
    both = [
        settling.Settlement(home, "address", value="一组3号"),
        settling.Settlement(home, "group", value="三组"),
    ]
    with refused(two, "conflict.none", field="group"):  # all or none
        settling.resolve_conflicts(two, both)
    [body] = written(two, settling.resolve_conflicts(two, both[:1]))
    assert (body.op, body.changes) == ("conflict.resolved", {"address": "一组3号"})
    assert sorted(body.parents["address"]) == sorted(head.entry for head in line.heads)
    swap(computers, one, two)
    assert [value(office, home, "address") for office in pair] == ["一组3号"] * 2
    assert [count(office, "conflict") for office in pair] == [0, 0]


def test_a_case_ended_on_one_laptop_and_advanced_on_the_other_goes_on(computers, pair):
    one, two = pair
    case = case_at(one, "apply")
    given = {"applicant": "本人", "source": "self", "documents": "application", "auth_signed": 1}
    cases.act_on_case(one, case, "apply.accept", given)
    computers.later(minutes=5)
    cases.act_on_case(two, case, "withdraw", {"reason": "本人不再申请"})
    swap(computers, one, two)
    found = heads(one, case)
    assert {stage: head.status for stage, head in found.items()} == {"review": "active", "end": "withdrawn"}
    with refused(one, "conflict.of_stage"):
        settling.resolve_conflicts(one, [settling.Settlement(case, "stage", value="review")])
    with refused(one, "workflow.in_conflict"):
        cases.act_on_case(one, case, "review.save", {"relatives_filed": 0})
    # The end of a pack is the county's, so is a split with it; the village is told so.
    with refused(one, "workflow.for_county"):
        resolve(one, case, "review")


def test_suspended_here_and_advanced_there(computers, pair):
    one, two = pair
    case = case_at(one, "apply")
    given = {"applicant": "本人", "source": "self", "documents": "application", "auth_signed": 1}
    cases.act_on_case(one, case, "apply.accept", given)
    computers.later(minutes=5)
    cases.act_on_case(two, case, "suspend", {"reason": "户主外出"})
    swap(computers, one, two)
    assert {stage: head.status for stage, head in heads(two, case).items()} == {
        "review": "active",
        "apply": "suspended",
    }
    resolve(two, case, "review")
    swap(computers, one, two)
    for office in pair:
        assert standing_of(office, case) == ("review", "active", "", "", "")
        assert fields_in_conflict(office, case) == []
    people = {"reviewer1": one.actor.person, "relatives_filed": 0}
    cases.act_on_case(one, case, "review.save", people)


@pytest.mark.parametrize("stage", ["apply", "review"])
def test_returned_to_two_steps_leaves_no_conflict_behind(computers, pair, stage):
    one, two = pair
    case = case_at(one, "compare")
    cases.act_on_case(one, case, "compare.return", {"to": "apply", "reason": "材料不全"})
    computers.later(minutes=5)
    cases.act_on_case(two, case, "compare.return", {"to": "review", "reason": "未核对近亲属"})
    own = {"apply": values(one, case), "review": values(two, case)}
    swap(computers, one, two)
    assert {"stage", "stale"} <= set(fields_in_conflict(one, case))
    resolve(two, case, stage)
    swap(computers, one, two)
    for office in pair:
        assert fields_in_conflict(office, case) == []
        shown = values(office, case)
        assert {code: shown.get(code) for code in ("stage", "status", "stale", "opened")} == {
            code: own[stage].get(code) for code in ("stage", "status", "stale", "opened")
        }


def test_the_same_step_on_different_days_is_settled_while_work_goes_on(computers, pair):
    one, two = pair
    case = case_at(one, "apply")
    given = {"applicant": "本人", "source": "self", "documents": "application", "auth_signed": 1}
    today = computers.clock.now().date()
    cases.act_on_case(one, case, "apply.accept", given, today - timedelta(days=1))
    cases.act_on_case(two, case, "apply.accept", given, today)
    swap(computers, one, two)
    assert {"opened", "stage_on"} <= set(fields_in_conflict(one, case))
    assert "stage" not in fields_in_conflict(one, case)
    cases.act_on_case(one, case, "review.save", {"relatives_filed": 0})
    with one.workspace.read() as conn:
        found = case_facts.heads_in_conflict(conn, case)
    earliest = min(found, key=lambda head: head.stage_on)
    with refused(one, "workflow.reason_needed"):
        cases.act_on_case(one, case, "resolve", {"to": earliest.entry})
    cases.act_on_case(one, case, "resolve", {"to": earliest.entry, "reason": "以先办的为准"})
    swap(computers, one, two)
    for office in pair:
        assert not {"opened", "stage_on", "stage"} & set(fields_in_conflict(office, case))
        assert values(office, case)["stage_on"] == earliest.stage_on


def test_kind_of_tells_what_an_entity_is(pair):
    one, _ = pair
    assert settling.kind_of(one, household(one)) is Kind.HOUSEHOLD
    with refused(one, "entity.unknown"):
        settling.kind_of(one, EntityId("0" * 32))
