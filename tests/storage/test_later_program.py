"""What a later program writes passes through this one unchanged, and is shown after an upgrade."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.domain.ids import EntityId, Kind, Level
from app.journal import authority
from app.journal.authority import Authority, EntryState, OwnRole, Place
from app.journal.entry import Body
from app.storage import judging, projector, tables
from app.storage.judging import is_judged, judge_all, note_judgement, unknown_entries
from app.storage.merge import StreamPart
from tests.storage.nodes import VILLAGE, Always, Node, NoLines
from tests.trust_setting import usual

UID, OTHER = EntityId("e" * 32), EntityId("f" * 32)


@dataclass(frozen=True)
class Ruled(Always):
    """The program's own judgement, the writer being a village's computer."""

    def judged(self, device: str, stream: str, scope: str, number: int, body: Body) -> EntryState:
        rules = Authority(usual().trust, OwnRole(device, Level.VILLAGE, VILLAGE))
        return rules.state(Place(device, stream, scope, number), body)


@pytest.fixture
def nodes() -> Generator[tuple[Node, Node, Node]]:
    made = Node("later"), Node("old"), Node("upgraded")
    yield made
    for node in made:
        node.close()


def from_later(later: Node) -> StreamPart:
    """Return a stream with a known entry, one of version 2, one of a new kind and one with a new field."""
    later.write(UID, {"group": "1组"})
    later.write(UID, {"group": "2组"})
    later.write(OTHER, {"group": "3组"})
    later.write(UID, {"address": "新址", "colour": "red"})
    [part] = later.export()
    first, second, third, fourth = part.entries
    entries = [
        first,
        second.replace(b'"v":1', b'"v":2'),
        third.replace(b'"t":"household"', b'"t":"clue"'),
        fourth,
    ]
    return StreamPart(part.uid, part.device, part.scope, entries, part.key, part.incarnation, part.seal)


def test_it_is_kept_passed_on_byte_for_byte_and_counted(nodes: tuple[Node, Node, Node]) -> None:
    later, old, upgraded = nodes
    part = from_later(later)
    done = old.take([part], Ruled())
    assert (done.new, done.unknown, done.held, unknown_entries(old.conn)) == (4, 2, 0, 2)
    [passed] = [one for one in old.export() if one.uid == part.uid]
    assert list(passed.entries) == list(part.entries)
    assert old.values() == {
        (UID, "group"): ["1组"],
        (UID, "address"): ["新址"],
        (UID, "colour"): ["red"],
    }
    assert upgraded.take([passed], Ruled()).new == 4
    assert upgraded.ids() == old.ids()


def test_an_old_program_that_edits_loses_no_field_it_does_not_know(nodes: tuple[Node, Node, Node]) -> None:
    later, old, _ = nodes
    old.take([from_later(later)], Ruled())
    old.write(UID, {"address": "再改"})
    later.take(old.export())
    for node in (old, later):
        table = tables.PROJECTED[Kind.HOUSEHOLD]
        row = node.conn.execute(select(table).where(table.c.uid == UID))
        values = projector.row_values(row.mappings().first() or {})
        assert (values["colour"], values["address"]) == ("red", "再改")


def test_after_an_upgrade_it_is_shown_as_if_it_had_been_known_all_along(
    nodes: tuple[Node, Node, Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    later, old, upgraded = nodes
    part = from_later(later)
    old.take([part], Ruled())
    note_judgement(old.conn)
    before = old.digest()
    assert is_judged(old.conn)
    monkeypatch.setattr(authority, "VERSION", 2)
    monkeypatch.setattr(judging, "VERSION", 2)
    assert not is_judged(old.conn)
    upgraded.take([part], Ruled())
    assert judge_all(old.conn, Ruled(), NoLines()) == 1
    assert is_judged(old.conn)
    assert (old.digest() == upgraded.digest(), old.digest() == before) == (True, False)
    assert old.values()[UID, "group"] == ["2组"]
    monkeypatch.undo()
    assert judge_all(old.conn, Ruled(), NoLines()) == 1  # and back again
    assert old.digest() == before


def test_a_kind_that_becomes_known_is_shown(nodes: tuple[Node, Node, Node]) -> None:
    later, old, upgraded = nodes
    part = from_later(later)
    old.take([part], Ruled())
    clue = old.conn.execute(select(tables.entity.c.kind).where(tables.entity.c.uid == OTHER)).scalar()
    assert clue == "clue"
    # The same entity came as a household too, before either kind was known to the program that stored it.
    twice = StreamPart(
        part.uid,
        part.device,
        part.scope,
        [*part.entries, part.entries[2].replace(b'"t":"clue"', b'"t":"household"')],
    )
    upgraded.take([twice], Ruled())
    upgraded.conn.execute(tables.entity.update().where(tables.entity.c.uid == OTHER).values(kind="clue"))
    judge_all(upgraded.conn, Ruled(), NoLines())
    old.take([twice], Ruled())
    assert old.digest() == upgraded.digest()
    # An old id that held a later kind's place while both are known.
    upgraded.conn.execute(tables.entity.update().where(tables.entity.c.uid == OTHER).values(kind="member"))
    judge_all(upgraded.conn, Ruled(), NoLines())
    assert old.digest() == upgraded.digest()
