"""Forks: every branch is kept whole, in whatever order parts arrive, and a revocation names one of them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Generator

import pytest
from sqlalchemy import func, select

from app.domain.ids import EntityId
from app.domain.trust import StreamEnd
from app.journal.authority import EntryState
from app.storage import branches, tables
from app.storage.merge import StreamPart, reauthorise
from tests.storage.nodes import Always, Node, NoLines

UID = EntityId("e" * 32)


@pytest.fixture
def laptop() -> Generator[Node]:
    made = Node("laptop")
    yield made
    made.close()


@pytest.fixture
def hub() -> Generator[Node]:
    made = Node("hub")
    yield made
    made.close()


def grow(laptop: Node, start: bytes, names: str) -> tuple[bytes, StreamPart]:
    """Go on from a file with one entry for each letter; return the file and the stream as it is then."""
    laptop.restore(start)
    for letter in names:
        laptop.write(UID, {"group": letter})
    (part,) = [one for one in laptop.export() if one.entries]
    return laptop.snapshot(), part


@pytest.fixture
def tree(laptop: Node) -> dict[str, StreamPart]:
    """A stem of two entries, three branches of it and a branch that leaves one of them later."""
    laptop.reset(b"\1" * 16)
    stem, _ = grow(laptop, laptop.snapshot(), "ab")
    longer, _ = grow(laptop, stem, "cd")
    return {
        "main": grow(laptop, longer, "ef")[1],
        "late": grow(laptop, longer, "E")[1],  # leaves the main one at entry 5
        "early": grow(laptop, stem, "C")[1],
        "other": grow(laptop, stem, "XYZ")[1],
        "inner": grow(laptop, grow(laptop, stem, "W")[0], "123")[1],
        "stem": grow(laptop, stem, "")[1],
    }


def held(node: Node) -> dict[str, int]:
    """Return the head of every branch here with its length."""
    return {part.entries[-1].decode(): len(part.entries) for part in node.export()}


def test_every_order_keeps_every_branch_once(hub: Node, tree: dict[str, StreamPart]) -> None:
    whole = {id(part): part for part in tree.values()}
    entries = {entry for part in tree.values() for entry in part.entries}
    rng = random.Random(5)
    orders = list(itertools.permutations(whole.values()))
    digests: set[str] = set()
    for order in rng.sample(orders, 60):
        hub.reset(b"\2" * 16)
        for part in order:
            hub.take([part])
        digests.add(hub.digest())
        assert hub.conn.execute(select(func.count()).select_from(tables.journal)).scalar() == len(entries)
        tips = {part.entries[-1].decode(): len(part.entries) for name, part in tree.items() if name != "stem"}
        assert held(hub) == tips
        assert all(hub.take([part]).new == 0 for part in order)
    assert len(digests) == 1


def test_a_branch_of_a_branch_stands_on_the_row_it_agrees_with_longest(
    laptop: Node, hub: Node, tree: dict[str, StreamPart]
) -> None:
    hub.take([tree["main"], tree["other"]])
    laptop.restore(laptop.snapshot())
    leaves = StreamPart(
        tree["other"].uid,
        "laptop",
        tree["other"].scope,
        [*tree["other"].entries[:4], *tree["early"].entries[2:]],
    )
    assert hub.take([leaves]).new == 1
    rows = branches.of_stream(hub.conn, leaves.uid)
    main, other, inner = rows.values()
    assert (main.parent, other.parent, inner.parent) == (None, main.sid, other.sid)
    assert (other.fork, inner.fork) == (2, 4)
    assert held(hub)[leaves.entries[-1].decode()] == 5
    assert [part.entries for part in hub.export()][2] == leaves.entries


def test_a_fork_is_told_in_the_same_import_and_only_once(hub: Node, tree: dict[str, StreamPart]) -> None:
    hub.take([tree["main"]])
    assert hub.alerts() == []
    done = hub.take([tree["early"], tree["stem"]])
    assert [(one.device, one.number) for one in done.forked] == [("laptop", 3)]
    assert hub.alerts() == ["fork"]
    hub.take([tree["early"], tree["main"]])
    assert hub.alerts() == ["fork"]
    hub.take([tree["late"]])
    assert hub.alerts() == ["fork", "fork"]


def test_our_own_stream_that_comes_back_longer_is_adopted_and_left(laptop: Node, hub: Node) -> None:
    laptop.reset(b"\1" * 16)
    early, _ = grow(laptop, laptop.snapshot(), "ab")
    _, whole = grow(laptop, early, "cd")
    hub.take([whole])
    laptop.restore(early)  # a whole disk was rolled back: no witness notices
    before = laptop.incarnation
    done = laptop.take(hub.export())
    assert (done.new, [one.number for one in done.returned], done.forked) == (2, [4], [])
    assert laptop.alerts() == ["own_stream_returned"]
    assert laptop.incarnation != before
    laptop.write(UID, {"group": "z"})
    assert hub.take(laptop.export()).forked == []
    assert hub.digest() == laptop.digest()


def test_our_own_stream_that_comes_back_different_is_kept_beside_ours(laptop: Node, hub: Node) -> None:
    laptop.reset(b"\1" * 16)
    early, _ = grow(laptop, laptop.snapshot(), "ab")
    _, whole = grow(laptop, early, "cd")
    hub.take([whole])
    grow(laptop, early, "x")
    done = laptop.take(hub.export())
    assert (done.new, len(done.forked), len(done.returned)) == (2, 1, 1)
    assert laptop.alerts() == ["own_stream_returned"]
    assert hub.take(laptop.export()).new == 1
    assert hub.alerts() == ["fork"]
    assert hub.ids() == laptop.ids()
    assert hub.digest() == laptop.digest()
    before = laptop.incarnation
    assert laptop.take(hub.export()).new == 0
    assert (laptop.incarnation, laptop.alerts()) == (before, ["own_stream_returned"])


def counted(node: Node) -> set[str]:
    """Return the bodies that count."""
    table = tables.journal
    query = select(table.c.body).where(table.c.state == EntryState.PROJECTED)
    return set(node.conn.execute(query).scalars())


def end_of(hub: Node, part: StreamPart, number: int) -> StreamEnd:
    """Return the end a revocation names: entry ``number`` of this branch."""
    hub.reset(b"\3" * 16)
    hub.take([part])
    table = tables.journal
    entry = hub.conn.execute(select(table.c.id).where(table.c.seq == number)).scalar_one()
    return StreamEnd(part.uid, number, entry)


@pytest.mark.parametrize(
    ("branch", "number", "standing"),
    [
        ("main", 6, "abcdef"),
        ("main", 4, "abcd"),
        ("late", 5, "abcdE"),
        ("early", 3, "abC"),
        ("other", 2, "ab"),
    ],
)
def test_a_revocation_leaves_the_way_to_the_entry_it_names(
    hub: Node, tree: dict[str, StreamPart], branch: str, number: int, standing: str
) -> None:
    end = end_of(hub, tree[branch], number)
    expected = {entry.decode() for entry in tree[branch].entries[:number]}
    assert len(expected) == len(standing)
    judge = Always(revoked={end.stream: (end,)})
    rng = random.Random(7)
    for _ in range(12):
        hub.reset(b"\2" * 16)
        parts = list(tree.values())
        rng.shuffle(parts)
        late = rng.randrange(len(parts) + 1)
        for part in parts[:late]:
            hub.take([part])
        reauthorise(hub.conn, judge, NoLines())
        for part in parts[late:]:
            hub.take([part], judge)
        assert counted(hub) == expected


def test_two_revocations_leave_what_stands_on_the_way_to_both(hub: Node, tree: dict[str, StreamPart]) -> None:
    ends = (end_of(hub, tree["main"], 6), end_of(hub, tree["late"], 5))
    hub.reset(b"\2" * 16)
    hub.take(tree.values(), Always(revoked={ends[0].stream: ends}))
    assert counted(hub) == {entry.decode() for entry in tree["main"].entries[:4]}
    assert reauthorise(hub.conn, Always(revoked={ends[0].stream: ()}), NoLines()) == 4
    assert counted(hub) == set()


def test_while_the_named_entry_is_missing_what_all_branches_share_counts(
    hub: Node, tree: dict[str, StreamPart]
) -> None:
    end = end_of(hub, tree["main"], 6)
    judge = Always(revoked={end.stream: (end,)})
    hub.reset(b"\2" * 16)
    hub.take([tree["stem"]], judge)
    assert len(counted(hub)) == 2
    hub.take([tree["early"]], judge)
    assert len(counted(hub)) == 3  # one way only, and shorter than the one named
    hub.take([tree["other"]], judge)
    assert len(counted(hub)) == 2
    hub.take([tree["main"]], judge)
    assert len(counted(hub)) == 6


def test_a_branch_as_long_as_the_one_named_counts_for_nothing(hub: Node, tree: dict[str, StreamPart]) -> None:
    end = end_of(hub, tree["main"], 5)
    hub.reset(b"\2" * 16)
    hub.take([tree["other"]], Always(revoked={end.stream: (end,)}))
    assert counted(hub) == set()


def test_an_empty_stream_leaves_nothing(hub: Node, tree: dict[str, StreamPart]) -> None:
    done = hub.take([StreamPart(tree["main"].uid, "laptop", tree["main"].scope, [])])
    assert (done.new, done.known, branches.of_stream(hub.conn, tree["main"].uid)) == (0, 0, {})
