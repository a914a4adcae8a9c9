"""An edit the township did not know when it moved the household: told, compared, carried over."""

from __future__ import annotations

import pytest

from app.domain.alert import AlertKind
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind
from app.files.package import PackageKind
from app.queries import rows
from app.queries.alerts import AlertLine
from app.queries.late_moves import late_changes, new_home_of
from app.ui.alert_words import alert_words
from app.usecases import alerts, belonging, households
from app.usecases.belonging import Move
from app.usecases.enrolment import open_proxy
from app.usecases.households import Edit
from app.usecases.late_moves import carry_over
from app.usecases.office import Office
from app.usecases.workspaces import name_places
from tests.usecases.exchange import Computers, value

OTHER = "990101001202"


def settled(office: Office) -> EntityId:
    """A household nothing is under way for."""
    with office.workspace.read() as conn:
        busy = {rows.text(case, "household") for _, case in rows.where(conn, Kind.CASE)}
        return EntityId(min(uid for uid, _ in rows.where(conn, Kind.HOUSEHOLD) if uid not in busy))


def members(office: Office, home: str) -> dict[str, EntityId]:
    with office.workspace.read() as conn:
        found = rows.where(conn, Kind.MEMBER, household=home)
    return {rows.text(values, "name"): EntityId(uid) for uid, values in found}


def late(office: Office, home: str) -> dict[str, str]:
    """What is late by key without the entity, with what the old village wrote, in words."""
    with office.workspace.read() as conn:
        found = late_changes(conn, office.policy, home)
    return {one.key.partition("@")[0] + (f" {one.about}" if one.about else ""): one.late for one in found}


def told(office: Office) -> list[AlertLine]:
    return [line for line in alerts.listing(office) if line.kind is AlertKind.LATE_MOVE]


def key_of(office: Office, home: str) -> str:
    with office.workspace.read() as conn:
        return late_changes(conn, office.policy, home)[0].key


@pytest.fixture
def moved(computers: Computers) -> tuple[Office, Office, EntityId]:
    """A household the township moved while the old village was still writing about it."""
    village, township = computers.office("village-01"), computers.office("township")
    name_places(township, {OTHER: "新田村"})
    home = settled(village)
    first, *_ = members(village, home).values()
    edits = [
        Edit(Kind.HOUSEHOLD, home, {"note": "低保户", "address": "五组9号"}),
        Edit(Kind.MEMBER, first, {"phone": "19900001234"}),
        Edit(Kind.MEMBER, "", {"name": "吴新生", "sex": "1", "relation": "03", "born": "2026-09-01"}),
        Edit(Kind.CONDITIONS, "", {"round": "", "food": 1}),
    ]
    households.edit(village, home, edits, "走访")
    belonging.move(township, home, Move(OTHER, "2026-10-01", "二组", "二组7号", "全家搬迁"))
    assert told(township) == []
    computers.later(minutes=5)
    computers.send(village, township, PackageKind.UP)
    return village, township, home


def test_it_is_told_and_compared(moved, computers: Computers) -> None:
    village, township, home = moved
    found = late(township, home)
    name = min(name for name, uid in members(village, home).items() if f"member.phone {name}" in found)
    assert found["household.note"] == "低保户"
    assert found[f"member.phone {name}"] == "199****1234"  # masked
    assert found["member 吴新生"] == "吴新生"
    assert len(found) == 3  # the address is another one there anyway
    [line] = told(township)
    assert (line.kind, line.household, line.place, line.to) == (
        AlertKind.LATE_MOVE,
        home,
        "石板村",
        "新田村",
    )
    assert (line.count, line.beside) == (3, 1)
    assert "有 3 处和带过去的不一样" in alert_words(line)
    assert "另有 1 条" in alert_words(line)
    computers.send(village, township, PackageKind.UP)
    assert len(told(township)) == 1
    assert told(village) == []
    computers.send(township, village, PackageKind.DOWN)
    assert told(village) == []  # a village does not see the new record
    county = computers.office("county")
    computers.send(township, county, PackageKind.UP)
    assert late(county, home) == found
    assert told(county) == []  # the township of both villages is told


def test_the_county_is_told_of_a_move_between_townships(computers: Computers) -> None:
    village, county = computers.office("village-01"), computers.office("county")
    name_places(county, {"990101002201": "远山村"})
    home = settled(village)
    households.edit(village, home, [Edit(Kind.HOUSEHOLD, home, {"note": "低保户"})], "走访")
    belonging.move(county, home, Move("990101002201", "2026-10-01", reason="搬迁"))
    computers.later(minutes=5)
    computers.send(village, computers.office("township"), PackageKind.UP)
    assert told(computers.office("township")) == []
    computers.send(computers.office("township"), county, PackageKind.UP)
    [line] = told(county)
    assert (line.household, line.to, line.count) == (home, "远山村", 1)
    with pytest.raises(Refused, match=r"enrol\.proxy_only_township"):
        carry_over(county, home, [key_of(county, home)], "核对过")


def test_what_is_chosen_is_written_on_the_new_record(moved, computers: Computers) -> None:
    _, township, home = moved
    with township.workspace.read() as conn:
        new = new_home_of(conn, home)
        keys = {one.key for one in late_changes(conn, township.policy, home)}
    note = f"household.note@{new}"
    with pytest.raises(Refused, match=r"belonging\.no_late"):
        carry_over(township, home, [], "核对过")
    with pytest.raises(Refused, match=r"belonging\.no_late"):
        carry_over(township, home, [note, "household.note@gone"], "核对过")
    changes = carry_over(township, home, [note], "电话核对过")
    assert changes.entries
    assert value(township, EntityId(new), "note") == "低保户"
    assert "household.note" not in late(township, home)
    assert len(told(township)) == 1
    carry_over(township, home, keys - {note}, "电话核对过")
    desk = open_proxy(township, OTHER)
    stranger = {"name": "周外来", "sex": "1", "relation": "99", "born": "1990-01-01"}
    households.edit(desk, EntityId(new), [Edit(Kind.MEMBER, "", stranger)], "新来的")
    assert late(township, home) == {}
    assert told(township) == []
    assert "吴新生" in members(township, new)
    assert value(township, home, "note") == "低保户"  # the old record stays as it was
    assert len(members(township, new)) == len(members(township, home)) + 1


def test_a_move_that_missed_nothing_is_silent(computers: Computers) -> None:
    village, township = computers.office("village-01"), computers.office("township")
    name_places(township, {OTHER: "新田村"})
    home = settled(village)
    belonging.move(township, home, Move(OTHER, "2026-10-01", reason="搬迁"))
    computers.later(minutes=5)
    first, *_ = members(village, home).values()
    households.edit(village, home, [Edit(Kind.HOUSEHOLD, home, {"group": "九组"})], "走访")
    computers.send(village, township, PackageKind.UP)
    assert late(township, home) == {}
    assert told(township) == []
    assert first in members(township, home).values()
