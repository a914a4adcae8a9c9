"""The board of deliveries, the log of imports, the waiting list and the status."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import insert

from app.domain.ids import Level
from app.domain.trust import Certificate, ordered, parse_trust
from app.queries.exchange import Delivery, import_log, village_board, waiting
from app.storage import tables
from tests.queries.conftest import COUNTY, OTHER, PLACES, TOWNSHIP, VILLAGE, Place, SetClock, found, send

ROOT_KEY = "a" * 64
RECIPIENT = "age1" + "q" * 58


@pytest.fixture
def township(place: Place, tmp_path: Path, clock: SetClock) -> Generator[Place]:
    made = found(tmp_path / "township", clock, TOWNSHIP, Level.TOWNSHIP)
    yield Place(made, place.policy, place.actor)
    made.close()


def certificate(key: str, level: Level, scope: str, *, proxy: bool = False) -> Certificate:
    return Certificate(
        key, RECIPIENT, level, scope, "2026-01-01", "2030-01-01", ROOT_KEY, key == ROOT_KEY, proxy,
        signature="0" * 128,
    )  # fmt: skip


def trust(township: Place, *certificates: Certificate) -> None:
    root = certificate(ROOT_KEY, Level.TOWNSHIP, TOWNSHIP)
    doc = ordered((ROOT_KEY,), {root, *certificates}, set(), set())
    assert parse_trust(doc.to_bytes()).certificates
    with township.workspace.bookkeeping() as conn:
        conn.execute(insert(tables.trust).values(k=1, epoch=1, doc=doc.to_bytes()))


def board(township: Place) -> dict[str, Delivery]:
    with township.workspace.read() as conn:
        return {line.scope: line.state for line in village_board(conn, PLACES, TOWNSHIP)}


def test_nobody_is_enrolled_yet(township: Place) -> None:
    assert board(township) == {VILLAGE: Delivery.NOT_ENROLLED, OTHER: Delivery.NOT_ENROLLED}


def test_who_has_delivered_and_up_to_when(place: Place, township: Place) -> None:
    third = "990101001203"
    proxy = certificate("c" * 64, Level.VILLAGE, third, proxy=True)
    trust(
        township,
        certificate("b" * 64, Level.VILLAGE, VILLAGE),
        certificate("d" * 64, Level.VILLAGE, OTHER),
        proxy,
    )
    with place.workspace.write(place.actor) as tx:
        place.household(tx, "王秀兰")
    done = send(place, township)
    with township.workspace.bookkeeping() as conn:
        row = {"package": "p", "sender": "one", "scope": VILLAGE, "at": "2026-03-02T03:00:00+00:00", "new": done.new,
               "known": 0, "first_lid": done.first_lid, "last_lid": done.last_lid,
               "summary": '{"conflicts": 2, "held": 1, "kind": "up"}'}  # fmt: skip
        conn.execute(insert(tables.import_log).values(row))
        kept = {
            "package": "q",
            "name": "村.hhpkg",
            "sender": "x",
            "scope": OTHER,
            "at": "2026-03-02T04:00:00+00:00",
            "data": b"12345",
        }
        conn.execute(insert(tables.waiting).values(kept))
    assert board(township) == {VILLAGE: Delivery.DELIVERED, OTHER: Delivery.NEVER, third: Delivery.NEVER}
    with township.workspace.read() as conn:
        delivered, other, by_proxy = village_board(conn, PLACES, TOWNSHIP)
        (read,) = import_log(conn, PLACES)
        (waits,) = waiting(conn, PLACES)
    assert (delivered.name, delivered.entries, delivered.devices) == ("石板村", done.new, 1)
    assert delivered.received_at == "2026-03-02T11:00:00+08:00"
    assert delivered.up_to.startswith("2026-03-02T10:")
    assert (other.waiting, other.up_to, other.received_at, other.by_proxy) == (1, "", "", False)
    assert (by_proxy.by_proxy, by_proxy.name) == (True, third)
    assert (read.new, read.conflicts, read.held, read.kind, read.place) == (done.new, 2, 1, "up", "石板村")
    assert read.at == "2026-03-02T11:00:00+08:00"
    assert (waits.file, waits.size, waits.place, waits.at) == (
        "村.hhpkg",
        5,
        "河口村",
        "2026-03-02T12:00:00+08:00",
    )


def test_something_came_without_a_certificate(place: Place, township: Place) -> None:
    send(place, township)
    assert board(township)[VILLAGE] is Delivery.DELIVERED


def test_ones_own_entries_are_no_delivery(place: Place) -> None:
    with place.workspace.read() as conn:
        lines = village_board(conn, PLACES, COUNTY)
    assert [line.state for line in lines] == [Delivery.NOT_ENROLLED] * 2
