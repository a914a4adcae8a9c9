"""Households that split, turn out to be one, move to another village or should not be there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.ids import EntityId, Kind, Level
from app.domain.person import Actor
from app.storage import tables
from app.storage.aliases import stands, with_partners
from app.storage.digest import digest
from app.usecases import belonging, households
from app.usecases.belonging import Move, NewHome
from app.usecases.households import Edit
from app.usecases.workspaces import name_places
from tests.usecases.expect import refused
from tests.usecases.village import VILLAGE, found_village

OTHER = "990101001202"


@pytest.fixture
def village(tmp_path):
    made = found_village(tmp_path / "w")
    name_places(made.office, {OTHER: "新田村"})
    return made


def members(village, home):
    with village.office.workspace.read() as conn:
        table = tables.PROJECTED[Kind.MEMBER]
        rows = conn.execute(select(table.c.name, table.c.uid).where(table.c.household == home))
        return {row.name: EntityId(row.uid) for row in rows}


def line(village, home):
    with village.office.workspace.read() as conn:
        table = tables.household_line
        return conn.execute(select(table).where(table.c.uid == home)).first()


def new_home(changes, old):
    [uid] = [uid for kind, uid in changes.touched if kind is Kind.HOUSEHOLD and uid != old]
    return uid


def rebuilt_same(village):
    office = village.office
    with office.workspace.read() as conn:
        before = digest(conn), [tuple(row) for row in conn.execute(select(tables.household_line))]
    office.workspace.rebuild()
    with office.workspace.read() as conn:
        assert (digest(conn), [tuple(row) for row in conn.execute(select(tables.household_line))]) == before


def test_members_split_off_with_what_they_earn(village):
    home = village.add_home("吴福生", ["吴大山", "吴小山"])
    who = members(village, home)
    case = village.open("吴福生")
    round_id = village.values(Kind.CASE, case)["round"]
    wage = {"round": round_id, "member": who["吴大山"], "category": "wage", "amount_fen": 120000}
    cost = {"round": round_id, "member": who["吴大山"], "category": "operating", "amount_fen": 5000}
    edits = [Edit(Kind.INCOME, "", wage), Edit(Kind.EXPENSE, "", cost)]
    households.edit(village.office, home, edits)
    going = {who["吴大山"]: "01", who["吴小山"]: "25"}
    changes = belonging.split(village.office, home, going, NewHome("五组"), "已经分家单过")
    fresh = new_home(changes, home)
    assert set(members(village, home)) == {"吴福生"}
    assert set(members(village, fresh)) == {"吴大山", "吴小山"}
    values = village.values(Kind.HOUSEHOLD, fresh)
    assert (values["split_from"], values["group"], values["address"]) == (home, "五组", "三组12号")
    assert (line(village, fresh).head, line(village, fresh).size, line(village, home).size) == (
        "吴大山",
        2,
        1,
    )
    with village.office.workspace.read() as conn:
        for kind in (Kind.INCOME, Kind.EXPENSE):
            table = tables.PROJECTED[kind]
            assert conn.execute(select(table.c.household)).scalars().all() == [fresh]
    rebuilt_same(village)


@pytest.mark.parametrize(
    ("going", "code"),
    [
        ({}, "belonging.nobody_goes"),
        ({"吴福生": "01"}, "belonging.head_goes"),
        ({"吴福生": "01", "吴大山": "03"}, "belonging.nobody_stays"),
        ({"吴大山": "03"}, "belonging.one_head"),
        ({"外人": "01"}, "belonging.not_of_it"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused(village, going, code):
    home = village.add_home("吴福生", ["吴大山"])
    who = members(village, home)
    with refused(village.office, code):
        given = {who.get(name, EntityId("0" * 32)): relation for name, relation in going.items()}
        belonging.split(village.office, home, given, NewHome(), "分家")


def test_a_split_after_the_appraisal_is_a_correction(village):
    home = village.add_home("吴福生", ["吴大山"])
    case = village.open("吴福生")
    village.bring(case, "publicise")
    who = members(village, home)
    belonging.split(village.office, home, {who["吴大山"]: "01"}, NewHome(), "已经分家单过")
    assert village.stage(case) != "publicise"
    assert village.values(Kind.CASE, case)["stale"] or village.values(Kind.CASE, case)["redo"]


def test_who_lives_on_elsewhere_is_not_written_about_any_more(village):
    struck, double, kept = (village.add_home(name) for name in ("吴福生", "吴福升", "李四喜"))
    belonging.void(village.office, struck, "登记错了")
    belonging.unite(village.office, kept, double, {}, "同一户登记了两次")
    for home in (struck, double):
        with refused(village.office, "household.elsewhere"):
            households.edit(village.office, home, [Edit(Kind.HOUSEHOLD, home, {"address": "一组3号"})])
    belonging.restore(village.office, struck, "没有登记错")
    households.edit(village.office, struck, [Edit(Kind.HOUSEHOLD, struck, {"address": "一组3号"})])


def test_every_act_asks_for_a_reason(village):
    home = village.add_home("吴福生", ["吴大山"])
    office = village.office
    for act in (
        lambda: belonging.split(office, home, {}, NewHome(), " "),
        lambda: belonging.unite(office, home, home, {}, ""),
        lambda: belonging.part(office, home, ""),
        lambda: belonging.void(office, home, ""),
        lambda: belonging.restore(office, home, ""),
        lambda: belonging.move(office, home, Move(OTHER, "2026-03-02")),
        lambda: belonging.take_back_move(office, home, ""),
    ):
        with refused(office, "belonging.no_reason"):
            act()


def test_two_registrations_become_one_and_two_again(village):
    kept, double = village.add_home("吴福生"), village.add_home("吴福升", ["吴大山"])
    son = members(village, double)["吴大山"]
    belonging.unite(village.office, kept, double, {son: "03"}, "同一户登记了两次")
    assert (line(village, kept).size, line(village, double).status) == (2, "alias")
    with refused(village.office, "belonging.not_active"):
        belonging.unite(village.office, kept, double, {}, "再来一次")
    rebuilt_same(village)
    belonging.part(village.office, double, "弄错了，是两户")
    assert (line(village, double).status, village.values(Kind.HOUSEHOLD, double)["alias_of"]) == (
        "active",
        "",
    )
    with refused(village.office, "belonging.no_double"):
        belonging.part(village.office, double, "再来一次")


def test_what_was_decided_is_kept(village):
    kept, double = village.add_home("吴福生"), village.add_home("吴福升")
    village.bring(village.open("吴福升"), "end")
    with refused(village.office, "belonging.keep_the_other"):
        belonging.unite(village.office, kept, double, {}, "同一户登记了两次")
    with refused(village.office, "belonging.decided"):
        belonging.void(village.office, double, "登记错了")
    belonging.unite(village.office, double, kept, {}, "同一户登记了两次")
    assert line(village, kept).status == "alias"


def test_a_household_is_no_double_of_itself(village):
    home = village.add_home("吴福生")
    with refused(village.office, "belonging.same_one"):
        belonging.unite(village.office, home, home, {}, "同一户")
    other = village.add_home("李四喜")
    with refused(village.office, "belonging.not_of_it"):
        belonging.unite(village.office, home, other, {EntityId("1" * 32): ""}, "同一户")


def test_a_township_unites_across_villages_without_moving_anybody(village):
    kept = village.add_home("吴福生")
    with village.office.workspace.write(village.office.actor) as tx:
        fields = {"village": OTHER, "status": "active", "group": "一组"}
        double = tx.new_id()
        tx.record("household.added", Kind.HOUSEHOLD, double, fields, scope=OTHER)
        son = tx.new_id()
        tx.record("member.added", Kind.MEMBER, son, {"household": double, "name": "吴大山"}, scope=OTHER)
    township = village.at(Level.TOWNSHIP)
    with refused(township, "belonging.bring_apart"):
        belonging.unite(township, kept, double, {son: ""}, "同一户在两个村登记")
    belonging.unite(township, kept, double, {}, "同一户在两个村登记")
    assert line(village, double).status == "alias"
    with refused(village.office, "region.outside"):
        belonging.part(village.office, double, "不是")


def test_doubles_that_point_at_each_other_leave_one_standing(village):
    """As when two laptops of a village each struck the other registration, and then met."""
    one, two, three = sorted(village.add_home(name) for name in ("吴福生", "吴福升", "李四喜"))
    with village.office.workspace.write(village.office.actor) as tx:
        for double, kept in ((one, two), (two, one), (three, two)):
            tx.record("household.alias", Kind.HOUSEHOLD, double, {"status": "alias", "alias_of": kept})
    assert [line(village, uid).status for uid in (one, two, three)] == ["active", "alias", "alias"]
    with village.office.workspace.read() as conn:
        assert with_partners(conn, [three]) == [one, two, three]
        assert [stands(conn, uid) for uid in (one, two, three)] == [True, False, False]
    rebuilt_same(village)
    belonging.part(village.office, two, "留下这一户")
    assert [line(village, uid).status for uid in (one, two)] == ["alias", "active"]


def test_a_wrong_registration_is_struck_and_brought_back(village):
    home = village.add_home("吴福生")
    belonging.void(village.office, home, "登记错了")
    assert line(village, home).status == "void"
    with refused(village.office, "belonging.not_active"):
        belonging.void(village.office, home, "再来")
    belonging.restore(village.office, home, "没有登记错")
    assert line(village, home).status == "active"
    with refused(village.office, "belonging.not_void"):
        belonging.restore(village.office, home, "再来")


def test_a_household_moves_to_another_village_and_back(village):
    home = village.add_home("吴福生", ["吴大山"])
    township = village.at(Level.TOWNSHIP)
    to = Move(OTHER, "2026-03-01", "二组", "二组7号", "全家搬迁", ("公示 2026-1", "退出证书 2026-1"))
    with refused(village.office, "belonging.only_above"):
        belonging.move(village.office, home, to)
    changes = belonging.move(township, home, to)
    fresh = new_home(changes, home)
    old, new = village.values(Kind.HOUSEHOLD, home), village.values(Kind.HOUSEHOLD, fresh)
    assert (old["status"], old["status_on"]) == ("moved", "2026-03-01")
    assert (new["came_from"], new["village"], new["group"]) == (home, OTHER, "二组")
    assert new["came_with"] == "公示 2026-1；退出证书 2026-1"
    assert new["bank_account"] == old["bank_account"]
    assert (line(village, fresh).head, line(village, fresh).size) == ("吴福生", 2)
    assert members(village, home).keys() == members(village, fresh).keys()
    with village.office.workspace.read() as conn:
        entity = tables.entity
        scopes = conn.execute(
            select(entity.c.scope).where(entity.c.uid.in_(members(village, fresh).values()))
        )
        assert set(scopes.scalars()) == {OTHER}
    with refused(township, "belonging.not_active"):
        belonging.move(township, home, to)
    belonging.take_back_move(township, fresh, "没有搬成")
    assert (line(village, home).status, line(village, fresh).status) == ("active", "void")
    with refused(township, "belonging.no_move"):
        belonging.take_back_move(township, fresh, "再来")


def test_a_move_is_not_undone_once_the_new_village_has_written(village):
    home = village.add_home("吴福生")
    township = village.at(Level.TOWNSHIP)
    fresh = new_home(belonging.move(township, home, Move(OTHER, "2026-03-01", reason="搬迁")), home)
    there = village.office.acting(Actor(village.people[Level.VILLAGE][0], "新村干部", Level.VILLAGE, OTHER))
    households.edit(there, fresh, [Edit(Kind.HOUSEHOLD, fresh, {"address": "一组3号"})])
    with refused(township, "belonging.used_there", count=1):
        belonging.take_back_move(township, fresh, "没有搬成")


def test_a_move_waits_for_what_is_open(village):
    home = village.add_home("吴福生")
    township = village.at(Level.TOWNSHIP)
    to = Move(OTHER, "2026-03-01", reason="搬迁")
    with refused(township, "belonging.same_village"):
        belonging.move(township, home, replace(to, village=VILLAGE))
    with refused(township, "region.outside"):
        belonging.move(township, home, replace(to, village="990102001201"))
    with refused(township, "belonging.no_village"):
        belonging.move(township, home, replace(to, village="990101001000"))
    with refused(township, "belonging.unknown_village", place="990101001299"):
        belonging.move(township, home, replace(to, village="990101001299"))
    with refused(township, "belonging.bad_date", text="2026-02-30"):
        belonging.move(township, home, replace(to, on="2026-02-30"))
    with refused(township, "workflow.future_date"):
        belonging.move(township, home, replace(to, on="2026-12-31"))
    village.open("吴福生")
    with refused(township, "belonging.running", step="农户申请"):
        belonging.move(township, home, to)


def test_a_move_waits_for_a_conflict_to_be_settled(village):
    home = village.add_home("吴福生")
    office = village.office
    with office.workspace.write(office.actor) as tx:
        tx.record("household.edited", Kind.HOUSEHOLD, home, {"note": "甲"})
    with office.workspace.bookkeeping() as conn:
        table = tables.PROJECTED[Kind.HOUSEHOLD]
        eid = conn.execute(select(table.c.eid).where(table.c.uid == home)).scalar_one()
        conn.execute(tables.conflict.insert().values(eid=eid, field="note", heads="[]"))
    with refused(village.at(Level.TOWNSHIP), "belonging.conflict", count=1):
        belonging.move(village.at(Level.TOWNSHIP), home, Move(OTHER, "2026-03-01", reason="搬迁"))
