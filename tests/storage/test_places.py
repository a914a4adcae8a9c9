"""Whose an entity is does not depend on what arrives first, and nobody else can write about it."""

from __future__ import annotations

import itertools
from collections.abc import Generator

import pytest
from sqlalchemy import select

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level
from app.journal.authority import Authority as Rules
from app.journal.authority import EntryState, OwnRole, Place, refuse_misplaced
from app.journal.entry import Body, trusted
from app.storage import tables
from app.storage.merge import StreamPart
from app.storage.reproject import reproject, settle_homes
from tests.storage.nodes import Always, Node, NoLines
from tests.trust_setting import usual

A, B = "990101001201", "990101001202"


class Placed(Always):
    """Allows everything that stands in its place."""

    def judged(self, device: str, stream: str, scope: str, number: int, body: Body) -> EntryState:
        try:
            refuse_misplaced(scope, body)
        except Refused:
            return EntryState.UNAUTHORISED
        return EntryState.PROJECTED


@pytest.fixture
def three() -> Generator[tuple[Node, Node, Node]]:
    made = Node("a", scope=A), Node("b", scope=B), Node("hub", Level.TOWNSHIP, "990101001000")
    yield made
    for node in made:
        node.close()


def new(node: Node, kind: Kind, changes: dict[str, str], *, bound: bool = True) -> EntityId:
    tx = node.tx()
    uid = tx.new_id(kind) if bound else tx.new_id()
    tx.record(f"{kind}.added", kind, uid, changes)
    node.done(tx)
    return uid


STAND_IN = "d" * 32


def forged(node: Node, uid: EntityId, kind: Kind, changes: dict[str, str], household: str = STAND_IN) -> None:
    """Write about another village's entity past the program's own refusal."""
    own = new(node, kind, changes, bound=False)
    table = tables.journal
    row = node.conn.execute(select(table.c.lid, table.c.body).order_by(table.c.lid.desc()).limit(1)).one()
    doc = row.body.replace(own, uid).replace(STAND_IN, household)
    node.conn.execute(table.update().where(table.c.lid == row.lid).values(body=doc))
    node.conn.commit()


def rows(hub: Node, kind: Kind) -> dict[str, str]:
    table = tables.PROJECTED[kind]
    return {row.uid: row.entity_scope for row in hub.conn.execute(select(table.c.uid, table.c.entity_scope))}


def test_another_village_cannot_write_about_a_household_whose_id_it_has_learnt(
    three: tuple[Node, Node, Node],
) -> None:
    a, b, hub = three
    uid = new(a, Kind.HOUSEHOLD, {"group": "一组", "village": A})
    hub.take(a.export(), Placed())
    before = hub.digest()
    forged(b, uid, Kind.HOUSEHOLD, {"group": "九组", "village": B})
    forged(b, EntityId("f" * 32), Kind.MEMBER, {"household": STAND_IN, "name": "石文斌"}, uid)
    for order in itertools.permutations([*a.export(), *b.export()]):
        hub.reset(b"9" * 16)
        held = sum(hub.take([part], Placed()).held for part in order)
        assert (held, hub.digest()) == (2, before)
        assert rows(hub, Kind.HOUSEHOLD) == {uid: A}
        assert rows(hub, Kind.MEMBER) == {}


def test_an_old_id_has_the_same_kind_and_area_everywhere(three: tuple[Node, Node, Node]) -> None:
    a, b, hub = three
    uid = new(a, Kind.HOUSEHOLD, {"group": "一组", "village": A}, bound=False)
    new(a, Kind.MEMBER, {"household": uid, "name": "石文斌"}, bound=False)
    forged(b, uid, Kind.HOUSEHOLD, {"group": "九组"})
    forged(b, uid, Kind.CASE, {"household": STAND_IN})
    forged(a, uid, Kind.DOCUMENT, {"no": "1"})
    ends: set[tuple[str, str]] = set()
    for order in itertools.permutations([*a.export(), *b.export()]):
        hub.reset(b"9" * 16)
        for part in order:
            hub.take([part])
        ends.add((hub.digest(), str(sorted(rows(hub, Kind.CASE).items()))))
        assert rows(hub, Kind.HOUSEHOLD) == {}
        before = hub.digest()
        assert hub.rebuilt() == before
    assert len(ends) == 1
    assert rows(hub, Kind.CASE) == {uid: B}


def test_a_kind_nobody_here_knows_never_takes_the_place_of_one_we_know(
    three: tuple[Node, Node, Node],
) -> None:
    a, _, hub = three
    uid = new(a, Kind.HOUSEHOLD, {"group": "一组"}, bound=False)
    [part] = a.export()
    strange = part.entries[0].replace(b'"t":"household"', b'"t":"aardvark"')
    for entries in ([strange, *part.entries], [*part.entries, strange]):
        hub.reset(b"9" * 16)
        hub.take([StreamPart(part.uid, part.device, part.scope, entries)])
        kind = hub.conn.execute(select(tables.entity.c.kind).where(tables.entity.c.uid == uid)).scalar()
        assert kind == Kind.HOUSEHOLD
    hub.reset(b"9" * 16)
    hub.take([StreamPart(part.uid, part.device, part.scope, [strange])])
    assert hub.tx().folded(uid).heads == {}


def test_what_would_be_held_elsewhere_is_not_written_here(three: tuple[Node, Node, Node]) -> None:
    a, b, _ = three
    uid = new(a, Kind.HOUSEHOLD, {"group": "一组"})
    tx = b.tx()
    with pytest.raises(Refused, match=r"authority\.misplaced"):
        tx.record("household.edited", Kind.HOUSEHOLD, uid, {"group": "二组"})
    with pytest.raises(Refused, match=r"authority\.misplaced"):
        tx.record("member.added", Kind.MEMBER, tx.new_id(Kind.MEMBER), {"household": uid, "name": "石文斌"})


def test_the_judgement_itself_holds_what_stands_elsewhere(three: tuple[Node, Node, Node]) -> None:
    a, _, _ = three
    uid = new(a, Kind.HOUSEHOLD, {"group": "一组"})
    body = trusted(a.export()[0].entries[0])
    assert body.entity == uid
    rules = Rules(usual().trust, OwnRole("me", Level.COUNTY, "990101000000"))
    village = Rules(usual().trust, OwnRole("me", Level.VILLAGE, A))
    elsewhere = Rules(usual().trust, OwnRole("me", Level.VILLAGE, B))
    assert village.state(Place("me", "5" * 32, A, 1), body) is EntryState.PROJECTED
    assert elsewhere.state(Place("me", "5" * 32, B, 1), body) is EntryState.UNAUTHORISED
    assert rules.state(Place("me", "5" * 32, A, 1), body) is EntryState.UNAUTHORISED  # the village's business


def test_what_is_taken_back_leaves_area_and_kind_as_they_were(three: tuple[Node, Node, Node]) -> None:
    a, b, hub = three
    uid = new(a, Kind.HOUSEHOLD, {"group": "一组", "village": A}, bound=False)
    hub.take(a.export())
    before = hub.digest()
    forged(b, uid, Kind.HOUSEHOLD, {"group": "九组"})
    forged(b, uid, Kind.CASE, {"household": STAND_IN})
    done = hub.take(b.export())
    assert rows(hub, Kind.CASE) == {uid: B}
    table = tables.journal
    hub.conn.execute(table.delete().where(table.c.lid.between(done.first_lid, done.last_lid)))
    eids = hub.conn.execute(select(tables.entity.c.eid)).scalars().all()
    settle_homes(hub.conn, eids)
    reproject(hub.conn, eids, NoLines())
    assert (rows(hub, Kind.CASE), rows(hub, Kind.HOUSEHOLD), hub.digest()) == ({}, {uid: A}, before)
