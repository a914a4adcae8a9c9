"""Lines made of what has just arrived, of the tables, and by a rebuild are the same lines."""

from __future__ import annotations

import random
from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.ids import EntityId, Kind, Value
from app.domain.person import Actor
from app.storage import projector, tables
from app.storage.merge import StreamPart, merge, streams_of
from app.storage.tx import Tx
from app.storage.workspace import Workspace
from tests.storage.conftest import VILLAGE, SetClock, found, household
from tests.storage.nodes import ALLOW

WALL = 1_772_000_000_000
DERIVED = (
    tables.household_line,
    tables.case_line,
    tables.search_key,
    tables.board_count,
    tables.village_count,
)

Lines = dict[str, list[tuple[Value | None, ...]]]


@pytest.fixture
def two(tmp_path: Path, clock: SetClock) -> Generator[tuple[Workspace, Workspace]]:
    one, other = found(tmp_path / "a", clock, "d1"), found(tmp_path / "b", clock, "d2")
    yield one, other
    one.close()
    other.close()


def export(source: Workspace) -> list[StreamPart]:
    with source.read() as conn:
        return streams_of(conn, [VILLAGE])


def take(target: Workspace, parts: list[StreamPart]) -> None:
    with target.bookkeeping() as conn:
        merge(conn, parts, ALLOW, target.deriver, WALL)


def lines(workspace: Workspace) -> Lines:
    with workspace.read() as conn:
        return {table.name: sorted(map(tuple, conn.execute(select(table))), key=str) for table in DERIVED}


def check(workspace: Workspace) -> Lines:
    """Return the lines, the same whichever way they are made."""
    arrived = lines(workspace)
    with workspace.bookkeeping() as conn:
        every = list(conn.execute(select(tables.PROJECTED[Kind.HOUSEHOLD].c.uid)).scalars())
        workspace.deriver.derive(conn, every)
    assert lines(workspace) == arrived
    for batch in (1, 3, 1000):
        with workspace.bookkeeping() as conn:
            projector.rebuild(conn, workspace.deriver, batch=batch)
        assert lines(workspace) == arrived
    return arrived


def family(tx: Tx, name: str) -> EntityId:
    home = household(tx, name)
    ((_, case),) = tx.children(Kind.CASE, "household", home)
    own: dict[str, Value] = {"household": home, "round": case["round"]}
    item = {"category": "operating", "name": "种植业收入", "amount_fen": 123_400}
    tx.record("income.added", Kind.INCOME, tx.new_id(), {**own, **item})
    tx.record("expense.added", Kind.EXPENSE, tx.new_id(), {**own, "category": "production", "amount_fen": 7})
    tx.record("conditions.set", Kind.CONDITIONS, tx.new_id(), {**own, "house_safe": 1})
    left: dict[str, Value] = {"household": home, "name": "单小妹", "relation": "03", "status": "left"}
    tx.record("member.added", Kind.MEMBER, tx.new_id(), left)
    return home


def test_families_that_arrive_whole(two: tuple[Workspace, Workspace], actor: Actor) -> None:
    one, other = two
    with one.write(actor) as tx:
        homes = [family(tx, name) for name in ("单一", "吴二", "赵三")]
    take(other, export(one))
    found_lines = check(other)
    assert len(found_lines["household_line"]) == len(found_lines["case_line"]) == len(homes)
    assert len(found_lines["search_key"]) == 4  # 单 has two readings; who left is not found


def test_what_came_before_its_household_counts_with_it(
    two: tuple[Workspace, Workspace], actor: Actor
) -> None:
    one, other = two
    with one.write(actor) as tx:
        home = family(tx, "吴二")
    take(other, export(one))
    with other.write(actor) as tx:
        child: dict[str, Value] = {"household": home, "name": "吴小二", "relation": "03"}
        tx.record("member.added", Kind.MEMBER, tx.new_id(), child)
    third = found(one.folder.parent / "c", SetClock(), "d3")
    parts = [export(other), export(one)]
    both = [part for part in parts[0] if part.uid not in {own.uid for own in parts[1]}]
    take(third, both)  # the child first
    assert lines(third)["household_line"] == []
    take(third, export(one))
    ((*_, size, _status, _tags, _conflicts, _contested, _sort),) = check(third)["household_line"]
    assert size == 2
    third.close()


def test_a_paper_that_came_before_its_household_brings_its_conflict(
    two: tuple[Workspace, Workspace], actor: Actor
) -> None:
    one, other = two
    with one.write(actor) as tx:
        home = family(tx, "吴二")
    with other.write(actor) as tx:
        photo = tx.new_id()
        tx.record("attachment.added", Kind.ATTACHMENT, photo, {"household": home, "note": "门前"})
    third = found(one.folder.parent / "c", SetClock(), "d3")
    take(third, export(other))
    for writer, note in ((third, "屋后"), (other, "院里")):
        with writer.write(actor) as tx:
            tx.record("attachment.edited", Kind.ATTACHMENT, photo, {"note": note})
    take(third, export(other))
    take(third, export(one))
    ((*_, conflicts, contested, _sort),) = check(third)["household_line"]
    assert (conflicts, contested) == (1, 1)
    third.close()


def test_a_number_written_as_a_text_is_the_number_a_column_makes_of_it(
    two: tuple[Workspace, Workspace], actor: Actor
) -> None:
    one, other = two
    with one.write(actor) as tx:
        home = family(tx, "吴二")
        ((_, case),) = tx.children(Kind.CASE, "household", home)
        odd: dict[str, Value] = {"household": home, "round": case["round"], "category": "wage"}
        tx.record("income.added", Kind.INCOME, tx.new_id(), {**odd, "amount_fen": "5000"})
    take(other, export(one))
    before = check(other)
    assert before["case_line"] == check(one)["case_line"]


@pytest.mark.parametrize("seed", range(8))
def test_at_random(two: tuple[Workspace, Workspace], actor: Actor, seed: int) -> None:
    draw, homes = random.Random(seed), list[EntityId]()
    with two[0].write(actor) as tx:
        homes += [family(tx, name) for name in ("单一", "吴二")]
    for _ in range(6):
        writer = draw.choice(two)
        with writer.write(actor) as tx:
            if draw.random() < 0.4:
                homes.append(family(tx, draw.choice(["赵三", "解四"])))
            home = draw.choice(homes)
            if tx.conn.execute(select(tables.entity).where(tables.entity.c.uid == home)).first():
                tx.record("household.edited", Kind.HOUSEHOLD, home, {"group": f"{draw.randrange(9)}组"})
                for member, _ in tx.children(Kind.MEMBER, "household", home):
                    tx.record("member.edited", Kind.MEMBER, member, {"name": draw.choice(["钱五", "曾六"])})
                target = draw.choice(homes)
                if draw.random() < 0.3 and target != home:
                    alias = {"status": "alias", "alias_of": target}
                    tx.record("household.alias", Kind.HOUSEHOLD, home, alias)
        if draw.random() < 0.5:
            sender, receiver = draw.sample(two, 2)
            take(receiver, export(sender))
    take(two[0], export(two[1]))
    take(two[1], export(two[0]))
    for workspace in two:
        check(workspace)
