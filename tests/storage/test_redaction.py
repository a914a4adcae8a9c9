from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.ids import EntityId, Kind
from app.domain.person import Actor
from app.journal import chain
from app.journal import redaction as r
from app.journal.authority import EntryState
from app.journal.entry import Body, encode, trusted
from app.storage import redaction, tables
from app.storage.digest import digest
from app.storage.merge import Merged, StreamPart, merge, reauthorise, streams_of
from app.storage.workspace import Workspace
from tests.storage.conftest import VILLAGE, SetClock, found, household

WALL = 1_772_000_000_000
NAME = "吴福生"


def by_level(device: str, _stream: str, _scope: str, _seq: int, body: Body) -> EntryState:
    """Let the computer "county" delete and nobody else."""
    if body.op == r.OP and device != "county":
        return EntryState.UNAUTHORISED
    return EntryState.PROJECTED


def nobody_deletes(_device: str, _stream: str, _scope: str, _seq: int, body: Body) -> EntryState:
    return EntryState.UNAUTHORISED if body.op == r.OP else EntryState.PROJECTED


Rules = Callable[[str, str, str, int, Body], EntryState]


class Unrevoked:
    """Rules under which no computer was ever revoked."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def of_stream(self, device: str, stream: str, scope: str) -> Callable[[int, Body], EntryState]:
        return lambda number, body: self._rules(device, stream, scope, number, body)

    def ends(self, device: str, stream: str) -> None:
        return None


def export(source: Workspace) -> list[StreamPart]:
    with source.read() as conn:
        return streams_of(conn, [VILLAGE])


def take(target: Workspace, parts: list[StreamPart], rules: Rules = by_level) -> Merged:
    with target.bookkeeping() as conn:
        return merge(conn, parts, Unrevoked(rules), target.deriver, WALL)


def state(workspace: Workspace) -> str:
    with workspace.read() as conn:
        return digest(conn)


def whole(workspace: Workspace) -> dict[str, tuple[bytes, Body]]:
    """Return every entry that is here in full."""
    table = tables.journal
    with workspace.read() as conn:
        rows = conn.execute(select(table.c.id, table.c.body).where(table.c.state != EntryState.REDACTED))
        return {row.id: (row.body.encode(), trusted(row.body)) for row in rows}


def redactions(village: Workspace, *entities: str, blobs: str = "", device: str = "county") -> StreamPart:
    """Return a stream that deletes every entry about these entities."""
    doomed = [(e, line, b) for e, (line, b) in sorted(whole(village).items()) if b.entity in entities]
    lines = [
        encode(r.redaction(one, ("b" * 32, (WALL << 16) + n, secrets.token_hex(12)), (), {"blobs": blobs}))
        for n, one in enumerate(doomed)
    ]
    return StreamPart(secrets.token_hex(16), device, VILLAGE, lines)


def members(workspace: Workspace, uid: str) -> list[EntityId]:
    with workspace.read() as conn:
        table = tables.PROJECTED[Kind.MEMBER]
        return [
            EntityId(m) for m in conn.execute(select(table.c.uid).where(table.c.household == uid)).scalars()
        ]


def dump(workspace: Workspace) -> str:
    """Return every value of every table."""
    with workspace.read() as conn:
        names = conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        return repr([list(conn.exec_driver_sql(f'SELECT * FROM "{name}"')) for name in names])


@pytest.fixture
def three(tmp_path: Path, clock: SetClock) -> Generator[tuple[Workspace, ...]]:
    made = tuple(found(tmp_path / name, clock, name) for name in ("village", "hub", "county"))
    yield made
    for one in made:
        one.close()


def test_every_order_ends_the_same_and_holds_nothing(tmp_path: Path, clock: SetClock, actor: Actor) -> None:
    village = found(tmp_path / "village", clock, "village")
    with village.write(actor) as tx:
        uid = household(tx, NAME)
        other = household(tx, "钱七")
    early = export(village)
    with village.write(actor) as tx:
        tx.record("household.edited", Kind.HOUSEHOLD, uid, {"group": "5组"})
        tx.record("household.edited", Kind.HOUSEHOLD, other, {"group": "6组"})
    late = export(village)
    (member,) = members(village, uid)
    deleting = [redactions(village, uid, member)]
    twice = [redactions(village, uid, member)]  # another computer of the county did the same
    reached: set[str] = set()
    for number, order in enumerate(itertools.permutations([early, late, deleting, twice])):
        node = found(tmp_path / f"n{number}", clock, f"n{number}")
        for parts in order:
            take(node, parts)
        reached.add(state(node))
        assert NAME not in dump(node)
        assert "钱七" in dump(node)
        with node.read() as conn:
            assert list(conn.execute(select(tables.household_line.c.uid)).scalars()) == [other]
            assert redaction.withheld(conn) == 0
            assert redaction.needs_sweep(conn)
        node.rebuild()
        assert state(node) in reached
        node.close()
    village.close()
    assert len(reached) == 1


def test_later_writes_stand_and_the_chain_holds(three: tuple[Workspace, ...], actor: Actor) -> None:
    village, hub, county = three
    with village.write(actor) as tx:
        uid = household(tx, NAME)
    (member,) = members(village, uid)
    before = whole(village)
    take(county, export(village))
    deleting = redactions(village, member)
    take(county, [deleting])
    with village.write(actor) as tx:  # the village does not know yet
        tx.record("member.edited", Kind.MEMBER, member, {"sex": "1"})
    take(county, export(village))
    take(hub, export(county))
    assert take(village, export(hub)).deleted == 1
    assert state(village) == state(hub) == state(county)
    for node in three:
        with node.read() as conn:
            (row,) = conn.execute(select(tables.PROJECTED[Kind.MEMBER]))
            assert (row.sex, row.name, row.household) == ("1", "", "")
        for part in export(node):
            link = r.chain.genesis(part.uid)
            for number, line in enumerate(part.entries, start=1):
                link = r.link(link, part.uid, number, line)
            with node.read() as conn:
                heads = select(tables.stream.c.head).where(tables.stream.c.uid == part.uid)
                assert conn.execute(heads).scalar() == link
    with village.read() as conn:
        own = chain.stream_id(village.writer(conn).sign_key, village.writer(conn).incarnation, VILLAGE)
    stale = StreamPart(own, "village", VILLAGE, [line for line, _ in before.values()])
    for node in three:
        assert take(node, [stale]).restored == 0
        assert NAME not in dump(node)


def test_an_unauthorised_redaction_deletes_nothing_until_it_is_vouched_for(
    three: tuple[Workspace, ...], actor: Actor
) -> None:
    village, hub, county = three
    with village.write(actor) as tx:
        uid = household(tx, NAME)
    take(hub, export(village))
    before = state(hub)
    done = take(hub, [redactions(village, uid, *members(village, uid), device="forger")])
    assert (done.held, done.deleted) == (2, 0)
    assert state(hub) == before
    assert NAME in dump(hub)
    full = export(village)

    def all_count(*_: object) -> EntryState:
        return EntryState.PROJECTED

    with hub.bookkeeping() as conn:
        assert reauthorise(conn, Unrevoked(all_count), hub.deriver) == 2
    assert NAME not in dump(hub)
    take(county, export(hub), all_count)
    assert take(county, full, all_count).restored == 0
    assert state(county) == state(hub)
    # Vouched for no longer: what is gone here comes in again from whoever still has it.
    for node in (hub, county):
        with node.bookkeeping() as conn:
            assert reauthorise(conn, Unrevoked(nobody_deletes), node.deriver) == 2
        assert NAME not in dump(node)
        assert take(node, full, nobody_deletes).restored == 2
        assert state(node) == before
        assert NAME in dump(node)


def test_one_of_two_redactions_that_no_longer_counts_changes_nothing(
    three: tuple[Workspace, ...], actor: Actor
) -> None:
    village, hub, _ = three
    with village.write(actor) as tx:
        uid = household(tx, NAME)
    people = members(village, uid)
    one, other = redactions(village, uid, *people), redactions(village, uid, *people, device="other")
    full = export(village)
    take(hub, [*full, one, other], lambda *_: EntryState.PROJECTED)
    before = state(hub)

    def only_other(device: str, _s: str, _c: str, _n: int, body: Body) -> EntryState:
        counts = body.op != r.OP or device == "other"
        return EntryState.PROJECTED if counts else EntryState.REVOKED

    with hub.bookkeeping() as conn:
        assert reauthorise(conn, Unrevoked(only_other), hub.deriver) == 2
    assert take(hub, full, only_other).restored == 0
    assert state(hub) == before


def test_a_withheld_body_counts_for_nothing_and_comes_back_from_elsewhere(
    three: tuple[Workspace, ...], actor: Actor
) -> None:
    village, hub, county = three
    with village.write(actor) as tx:
        uid = household(tx, NAME)
    (part,) = export(village)
    cut = replace(part, entries=[r.reduced(line) if NAME.encode() in line else line for line in part.entries])
    done = take(hub, [cut])
    assert (done.new, done.withheld) == (3, 1)
    assert members(hub, uid) == []
    assert list(export(hub)[0].entries) == list(cut.entries)
    # A digest deletes nothing of what is held in full.
    take(county, [part])
    assert take(county, [cut]).withheld == 0
    assert NAME in dump(county)
    done = take(hub, export(county))
    assert (done.new, done.restored, done.withheld) == (0, 1, 0)
    assert state(hub) == state(county) == state(village)


def test_the_reason_may_come_after_the_digest(three: tuple[Workspace, ...], actor: Actor) -> None:
    village, hub, county = three
    with village.write(actor) as tx:
        uid = household(tx, NAME)
    deleting = redactions(village, uid, *members(village, uid))
    full = export(village)
    take(village, [deleting])
    own, reason = sorted(export(village), key=lambda part: part.device == "county")
    assert take(hub, [own]).withheld == 2
    assert take(hub, [reason]).withheld == 0
    assert take(hub, full).restored == 0
    take(county, [*full, reason])
    assert state(hub) == state(county) == state(village)


def test_files_go_and_stay_away(three: tuple[Workspace, ...], actor: Actor) -> None:
    village, *_ = three
    with village.write(actor) as tx:
        uid = household(tx, NAME)
        name = tx.put_blob(NAME.encode())
        answers = {"eid": 1, "blob": name, "form": "", "doc": NAME}
        tx.conn.execute(tables.answer_json.insert().values(**answers))
    first = take(village, [redactions(village, uid, *members(village, uid), blobs=name)])
    with village.read() as conn:
        assert name in redaction.gone(conn)
        assert conn.execute(select(tables.blob)).all() == []
        assert conn.execute(select(tables.answer_json)).all() == []
        assert first.deleted == 2


def test_a_redaction_is_never_deleted_itself(three: tuple[Workspace, ...], actor: Actor) -> None:
    village, hub, county = three
    with village.write(actor) as tx:
        uid = household(tx, NAME)
    full, deleting = export(village), redactions(village, uid)
    take(village, [deleting])
    again = [(e, v[0], v[1]) for e, v in whole(village).items() if v[1].op == r.OP]
    line = encode(r.redaction(again[0], ("b" * 32, WALL << 16, "d" * 24), (), {}))
    second = StreamPart(secrets.token_hex(16), "county", VILLAGE, [line])
    take(hub, [*full, deleting, second])
    take(county, [second, deleting, *full])
    assert state(hub) == state(county)
    for node in (hub, county):
        assert again[0][0] in whole(node)
        assert "03-0001" not in dump(node)
