"""Repeated disputes, values in one, the lasting mark, and what a conflict stops."""

from __future__ import annotations

import pytest

from app.domain.ids import EntityId, Kind
from app.domain.person import Actor
from app.domain.settling import Rule
from app.files.package import PackageKind
from app.queries.conflict_patterns import patterns
from app.queries.conflicts import conflicts
from app.queries.household_list import Chip, ListQuery, chip_counts, list_ids
from app.usecases import cases, households
from app.usecases import conflicts as settling
from tests.usecases.exchange import VILLAGE, Computers, count, digest_of, edit, household, value
from tests.usecases.expect import refused, written


@pytest.fixture
def pair(computers: Computers):
    """Two laptops of one village, the second with another person at it."""
    one, two = computers.office("village-01"), computers.office("second", "village-01")
    with two.workspace.read() as conn:
        found = conn.exec_driver_sql("SELECT uid, name FROM p_person WHERE entity_scope = ?", (VILLAGE,))
        uid, name = next((uid, name) for uid, name in found if uid != two.actor.person)
    return one, two.acting(Actor(EntityId(uid), name, two.level, two.actor.scope))


def swap(computers, one, two):
    computers.send(one, two, PackageKind.PEER)
    computers.send(two, one, PackageKind.PEER)
    assert digest_of(one) == digest_of(two)


def lines(office):
    with office.workspace.read() as conn:
        return conflicts(conn, office.policy, VILLAGE)


def repeated(office):
    with office.workspace.read() as conn:
        return {one.rule: one for one in patterns(conn, office.policy, VILLAGE)}


def listed(office, chip, workflow=""):
    from app.queries.board import Look

    look = Look(office.policy, office.workspace.clock.now().date())
    query = ListQuery(scope=VILLAGE, chip=chip, workflow=workflow)
    with office.workspace.read() as conn:
        numbers = list(list_ids(conn, look, query))
        counted = {one.chip: one.total for one in chip_counts(conn, look, query)}
        assert counted.get(chip, 0) == len(numbers)
        table = "case_line" if workflow else "household_line"
        key = "household" if workflow else "uid"
        return [
            conn.exec_driver_sql(f"SELECT {key} FROM {table} WHERE eid = ?", (number,)).scalar()
            for number in numbers
        ]


def apart(computers, pair, number=3):
    one, two = pair
    homes = [household(one, at) for at in range(number)]
    for at, home in enumerate(homes):
        edit(one, home, address=f"一组{at}号")
    computers.later(minutes=5)
    for at, home in enumerate(homes):
        edit(two, home, address=f"二组{at}号")
    swap(computers, *pair)
    return homes


def test_each_value_says_who_when_and_where_and_what_stood_there_before(computers, pair):
    home = household(pair[0])
    before = value(pair[0], home, "address")
    apart(computers, pair, 1)
    [line] = lines(pair[1])
    assert (line.base.text, line.base.paper) == (str(before), "roster")
    told = [(head.here, head.copy) for head in sorted(line.heads, key=lambda head: head.at)]
    assert told == [(False, True), (True, False)]  # a copied laptop has the same keys
    assert {head.scope for head in line.heads} == {VILLAGE}
    assert {head.paper for head in line.heads} == {"typed"}
    assert all(head.step for head in line.heads)
    assert line.combined == "；".join(sorted(line.values, key=line.values.index))


def test_values_are_written_in_one(computers, pair):
    home, *_ = apart(computers, pair, 1)
    one = pair[0]
    both = settling.Settlement(home, "address", combine=True)
    [body] = written(one, settling.resolve_conflicts(one, [both]))
    assert set(str(body.changes["address"]).split("；")) == {"一组0号", "二组0号"}


def test_what_cannot_be_combined_is_refused(computers, pair):
    one, two = pair
    home = household(one)
    edit(one, home, main_cause="illness")
    edit(two, home, main_cause="disaster")
    swap(computers, one, two)
    with refused(one, "conflict.no_union", field="main_cause"):
        settling.resolve_conflicts(one, [settling.Settlement(home, "main_cause", combine=True)])


def test_only_what_repeats_is_settled_together(computers, pair):
    homes = apart(computers, pair)
    one, two = pair
    edit(one, homes[0], bank_name="农信社")
    edit(two, homes[0], bank_name="邮储银行")  # once only: no pattern
    swap(computers, one, two)
    [pattern] = repeated(two).values()
    assert (pattern.rule, pattern.number, len(pattern.choices)) == (Rule.SIDES, 3, 2)
    choice = next(one for one in pattern.choices if one.takes[0].text.startswith("二组"))
    with refused(two, "conflict.no_side"):
        settling.resolve_pattern(two, pattern.id)
    bodies = written(two, settling.resolve_pattern(two, pattern.id, choice.side))
    assert [body.op for body in bodies] == ["conflict.resolved"] * 3
    assert [value(two, home, "address") for home in homes] == ["二组0号", "二组1号", "二组2号"]
    assert [line.field for line in lines(two)] == ["bank_name"]
    with refused(two, "conflict.no_pattern"):
        settling.resolve_pattern(two, pattern.id, choice.side)


def test_a_rule_keeps_what_was_filled_in_later(computers, pair):
    one, two = pair
    homes = [household(one, at) for at in range(2)]
    for home in homes:
        edit(one, home, bank_name="农信社")
    swap(computers, one, two)
    for home in homes:
        edit(one, home, bank_name="")
    computers.later(minutes=1)
    for home in homes:
        edit(two, home, bank_name="邮储银行")
    swap(computers, one, two)
    pattern = repeated(one)[Rule.BLANK]
    assert (pattern.number, pattern.label, [c.side for c in pattern.choices]) == (2, "", [""])
    settling.resolve_pattern(one, pattern.id)
    assert {value(one, home, "bank_name") for home in homes} == {"邮储银行"}


def test_the_mark_stays_after_the_conflict_is_settled_and_a_rebuild_finds_it_again(computers, pair):
    homes = apart(computers, pair)
    one, two = pair
    assert sorted(listed(one, Chip.CONFLICT)) == sorted(listed(one, Chip.CONTESTED)) == sorted(homes)
    for home in homes[:2]:
        settling.resolve_conflicts(one, [settling.Settlement(home, "address", combine=True)])
    swap(computers, one, two)
    for office in pair:
        assert listed(office, Chip.CONFLICT) == [homes[2]]
        assert sorted(listed(office, Chip.CONTESTED)) == sorted(homes)
    marked = sorted(listed(two, Chip.CONTESTED, "identify"))
    two.workspace.rebuild()
    assert sorted(listed(two, Chip.CONTESTED)) == sorted(homes)
    assert sorted(listed(two, Chip.CONTESTED, "identify")) == marked


def test_the_same_value_written_twice_needs_nobody(computers, pair):
    one, two = pair
    home = household(one)
    edit(one, home, bank_name="农信社")
    edit(two, home, bank_name="农信社")
    swap(computers, one, two)
    assert [lines(office) for office in pair] == [(), ()]
    assert [listed(office, Chip.CONTESTED) for office in pair] == [[], []]
    assert count(one, "conflict") == 0


def case_at(office, step):
    with office.workspace.read() as conn:
        query = "SELECT uid, household FROM case_line WHERE step = ? AND workflow = 'identify' ORDER BY sort"
        return conn.exec_driver_sql(query, (step,)).first()


@pytest.mark.parametrize("part", [Kind.HOUSEHOLD, Kind.MEMBER])
def test_a_conflict_stops_the_household_from_going_on(computers, pair, part):
    one, two = pair
    case, home = case_at(one, "apply")
    with one.workspace.read() as conn:
        query = "SELECT uid FROM p_member WHERE household = ? ORDER BY uid"
        member = str(conn.exec_driver_sql(query, (home,)).scalar())
    uid, code = (home, "address") if part is Kind.HOUSEHOLD else (member, "work_place")
    for office, text in ((one, "甲"), (two, "乙")):
        households.edit(office, EntityId(home), [households.Edit(part, uid, {code: text})], "核对")
    swap(computers, one, two)
    given = {"applicant": "本人", "source": "self", "documents": "application", "auth_signed": 1}
    with refused(one, "workflow.conflicts", number=1):
        cases.act_on_case(one, EntityId(case), "apply.accept", given)
    cases.act_on_case(one, EntityId(case), "apply.save", given)  # filling in goes on
    [line] = lines(one)
    settling.resolve_conflicts(
        one, [settling.Settlement(EntityId(line.entity), code, take=line.heads[0].entry)]
    )
    cases.act_on_case(one, EntityId(case), "apply.accept", {})


def test_a_decision_is_made_anew_for_the_value_that_lost(computers, pair):
    home, other, _ = apart(computers, pair)
    one, two = pair
    [line] = [line for line in lines(one) if line.household == home]
    kept, lost = line.heads
    with refused(one, "conflict.no_such_entry", entry=lost.entry):
        settling.revise(one, home, "address", lost.entry)  # not decided yet
    settling.resolve_conflicts(one, [settling.Settlement(home, "address", take=kept.entry)])
    [body] = written(one, settling.revise(one, home, "address", lost.entry))
    assert (body.op, body.changes) == ("conflict.revised", {"address": lost.text})
    with refused(one, "conflict.no_such_entry", entry=kept.entry):
        settling.revise(one, home, "address", kept.entry)  # written since
    case = EntityId(case_at(one, "apply")[0])
    with refused(one, "conflict.of_stage"):
        settling.revise(one, case, "stage", kept.entry)
    swap(computers, one, two)
    assert value(two, home, "address") == lost.text
    assert other in listed(two, Chip.CONFLICT)
