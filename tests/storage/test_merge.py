from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.domain.ids import EntityId, Kind, Level
from app.domain.person import Actor
from app.journal.authority import EntryState
from app.journal.entry import Body
from app.storage import tables
from app.storage.approval import approval_digest
from app.storage.digest import digest
from app.storage.merge import Merged, StreamPart, merge, reauthorise, streams_of
from app.storage.projector import fold_entity
from app.storage.workspace import Workspace
from tests.storage.conftest import BY_VILLAGE, VILLAGE, SetClock, found, household
from tests.storage.nodes import ALLOW, Always

WALL = 1_772_000_000_000


HOLD = Always(EntryState.UNAUTHORISED)


def export(source: Workspace) -> list[StreamPart]:
    with source.read() as conn:
        return streams_of(conn, [VILLAGE])


def take(target: Workspace, parts: list[StreamPart], authority: Always = ALLOW) -> Merged:
    with target.bookkeeping() as conn:
        return merge(conn, parts, authority, target.deriver, WALL)


def state(workspace: Workspace) -> str:
    with workspace.read() as conn:
        return digest(conn)


@pytest.fixture
def two(tmp_path: Path, clock: SetClock) -> Generator[tuple[Workspace, Workspace]]:
    one, other = found(tmp_path / "a", clock, "d1"), found(tmp_path / "b", clock, "d2")
    yield one, other
    one.close()
    other.close()


def test_the_same_file_twice_changes_nothing(two: tuple[Workspace, Workspace], actor: Actor) -> None:
    one, other = two
    with one.write(actor) as tx:
        household(tx)
    first = take(other, export(one))
    assert (first.new, first.known) == (3, 0)
    assert state(other) == state(one)
    again = take(other, export(one))
    assert (again.new, again.known) == (0, 3)
    assert state(other) == state(one)


def test_two_editors_give_a_visible_conflict_and_equal_digests(
    two: tuple[Workspace, Workspace], actor: Actor
) -> None:
    one, other = two
    with one.write(actor) as tx:
        uid = household(tx)
    take(other, export(one))
    for workspace, group in ((one, "4组"), (other, "5组")):
        with workspace.write(actor) as tx:
            tx.record("household.edited", Kind.HOUSEHOLD, uid, {"group": group, "address": "同一地址"})
    take(other, export(one))
    take(one, export(other))
    assert state(one) == state(other)
    for workspace in two:
        with workspace.read() as conn:
            assert [row.field for row in conn.execute(select(tables.conflict))] == ["group"]
            assert conn.execute(select(tables.household_line.c.conflicts)).scalar() == 1
            eid = conn.execute(select(tables.entity.c.eid).where(tables.entity.c.uid == uid)).scalar_one()
            assert {h.value for h in fold_entity(conn, eid).heads["group"]} == {"4组", "5组"}
    with one.write(actor) as tx:
        tx.record("conflict.resolved", Kind.HOUSEHOLD, uid, {"group": "4组"})
    take(other, export(one))
    for workspace in two:
        with workspace.read() as conn:
            assert conn.execute(select(func.count()).select_from(tables.conflict)).scalar() == 0
    assert state(one) == state(other)


def test_a_stage_written_twice_stands_at_the_earlier_step(
    two: tuple[Workspace, Workspace], actor: Actor
) -> None:
    one, other = two
    with one.write(actor) as tx:
        uid = household(tx)
        ((case, _),) = tx.children(Kind.CASE, "household", uid)
    take(other, export(one))
    for workspace, stage in ((one, "visit"), (other, "compare")):
        with workspace.write(actor) as tx:
            tx.record("case.advanced", Kind.CASE, case, {"stage": stage}, extras=BY_VILLAGE)
    take(one, export(other))
    take(other, export(one))
    for workspace in two:
        with workspace.read() as conn:
            row = conn.execute(select(tables.case_line)).one()
            assert (row.stage, row.stage_conflict) == ("visit", 1)


def test_a_forked_stream_keeps_both_branches(tmp_path: Path, clock: SetClock, actor: Actor) -> None:
    laptop, hub = found(tmp_path / "laptop", clock), found(tmp_path / "hub", clock, "hub")
    with laptop.write(actor) as tx:
        uid = household(tx)
    early = export(laptop)
    take(hub, early)
    with laptop.write(actor) as tx:
        tx.record("household.edited", Kind.HOUSEHOLD, uid, {"group": "7组"})
    late = export(laptop)
    # The file is rolled back in place: same stream, other entries with the same numbers.
    clone = found(tmp_path / "clone", clock, "d1")
    take(clone, early)
    with clone.bookkeeping() as conn, laptop.read() as source:
        incarnation = source.execute(select(tables.device.c.incarnation)).scalar_one()
        conn.execute(tables.device.update().values(incarnation=incarnation))
    with clone.write(actor) as tx:
        tx.record("household.edited", Kind.HOUSEHOLD, uid, {"group": "8组"})
        tx.record("household.edited", Kind.HOUSEHOLD, uid, {"address": "新址"})
    forked = export(clone)
    assert take(hub, late).new == 1
    done = take(hub, forked)
    assert (done.new, len(done.forked)) == (2, 1)
    assert take(hub, forked).new == 0
    assert take(laptop, export(hub)).new == 2
    assert take(clone, export(hub)).new == 1
    assert state(hub) == state(laptop) == state(clone)
    with hub.read() as conn:
        assert [row.field for row in conn.execute(select(tables.conflict))] == ["group"]
    for workspace in (laptop, hub, clone):
        workspace.close()


def test_held_entries_are_kept_but_not_shown_until_the_certificate_comes(
    two: tuple[Workspace, Workspace], actor: Actor
) -> None:
    one, other = two
    empty = state(other)
    with one.write(actor) as tx:
        household(tx)
    done = take(other, export(one), HOLD)
    assert (done.new, done.held) == (3, 3)
    assert state(other) == empty
    with other.read() as conn:
        assert conn.execute(select(func.count()).select_from(tables.household_line)).scalar() == 0
    with other.bookkeeping() as conn:
        assert reauthorise(conn, ALLOW, other.deriver) == 3
    assert state(other) == state(one)


def test_an_unauthorised_entry_names_nothing(two: tuple[Workspace, Workspace], actor: Actor) -> None:
    one, other = two
    with one.write(actor) as tx:
        uid = household(tx)
    take(other, export(one))
    before = state(other)
    with one.write(actor) as tx:
        tx.record("household.edited", Kind.HOUSEHOLD, uid, {"group": "9组"})
    take(other, export(one), HOLD)
    assert state(other) == before


def test_kinds_we_do_not_know_are_kept_and_passed_on(tmp_path: Path, clock: SetClock, actor: Actor) -> None:
    one, two_ = found(tmp_path / "a", clock, "d1"), found(tmp_path / "b", clock, "d2")
    with one.write(actor) as tx:
        household(tx)
    parts = export(one)
    strange = [body.replace(b'"t":"household"', b'"t":"hovercraft"') for body in parts[0].entries]
    part = StreamPart(parts[0].uid, parts[0].device, parts[0].scope, strange)
    take(two_, [part], Always(EntryState.UNKNOWN))
    assert list(export(two_)[0].entries) == strange
    one.close()
    two_.close()


def test_random_histories_converge(tmp_path: Path, clock: SetClock, actor: Actor) -> None:
    rng = random.Random(7)
    nodes = [found(tmp_path / f"n{n}", clock, f"d{n}") for n in range(3)]
    uids: list[EntityId] = []
    for step in range(40):
        node = rng.choice(nodes)
        with node.write(actor) as tx:
            known = [uid for uid in uids if tx.folded(uid).heads]
            if not known or rng.random() < 0.3:
                uids.append(household(tx, f"户{step}"))
            else:
                tx.record(
                    "household.edited", Kind.HOUSEHOLD, rng.choice(known), {"group": f"{rng.randint(1, 3)}组"}
                )
        if rng.random() < 0.5:
            take(rng.choice(nodes), export(rng.choice(nodes)))
    for source in nodes:
        for target in nodes:
            take(target, export(source))
    for source in reversed(nodes):
        for target in nodes:
            take(target, export(source))
    assert len({state(node) for node in nodes}) == 1
    for node in nodes:
        before = state(node)
        node.rebuild()
        assert state(node) == before
        node.close()


def test_a_change_after_an_approval_is_seen(workspace: Workspace, actor: Actor) -> None:
    with workspace.write(actor) as tx:
        uid = household(tx)
        ((case, values),) = tx.children(Kind.CASE, "household", uid)
        seen = approval_digest(tx.conn, ("member.*", "household.group"), uid, case, values["round"])
    county = replace(actor, level=Level.COUNTY)
    with workspace.write(county) as tx:
        tx.record("case.decided", Kind.CASE, case, {"seen": seen}, extras={"level": "county"})

    def changed() -> int:
        with workspace.read() as conn:
            return int(conn.execute(select(tables.case_line.c.changed_since)).scalar_one())

    assert changed() == 0
    with workspace.write(actor) as tx:
        tx.record("household.edited", Kind.HOUSEHOLD, uid, {"address": "不在审批范围"})
    assert changed() == 0
    with workspace.write(actor) as tx:
        ((member, _),) = tx.children(Kind.MEMBER, "household", uid)
        tx.record("member.edited", Kind.MEMBER, member, {"phone": "13800000000"})
    assert changed() == 1


def lines(workspace: Workspace) -> dict[str, int]:
    with workspace.read() as conn:
        return {row.uid: row.size for row in conn.execute(select(tables.household_line))}


def test_a_member_that_moved_or_counts_no_longer_leaves_the_old_line(
    two: tuple[Workspace, Workspace], actor: Actor
) -> None:
    one, other = two
    with one.write(actor) as tx:
        old, new, member = household(tx), household(tx, "赵六"), tx.new_id()
        tx.record("member.added", Kind.MEMBER, member, {"household": old, "name": "吴小妹", "relation": "03"})
    take(other, export(one))
    assert lines(other) == {old: 2, new: 1}
    with one.write(actor) as tx:
        tx.record("member.edited", Kind.MEMBER, member, {"household": new})
    take(other, export(one))
    assert lines(other) == lines(one) == {old: 1, new: 2}

    class ButTheMember(Always):
        def judged(self, device: str, stream: str, scope: str, number: int, body: Body) -> EntryState:
            return EntryState.REVOKED if body.entity == member else EntryState.PROJECTED

    with other.bookkeeping() as conn:
        assert reauthorise(conn, ButTheMember(), other.deriver) == 2
    before = lines(other)
    other.rebuild()
    assert before == lines(other) == {old: 1, new: 1}
