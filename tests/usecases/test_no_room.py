"""A full disk, met by the real database: the person finishes what is on the screen, nothing is half written (T4)."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import event

from app.domain.errors import Unavailable
from app.files.package import PackageKind
from app.storage import room
from app.usecases import exports, merges
from app.usecases.office import Office
from tests.usecases.exchange import edit, household
from tests.usecases.journal import standing

ODD = "".join(chr(0x4E00 + n * 7 % 20_000) for n in range(9_000))  # does not fit into the room there is


class Disk:
    """A disk that is full until the reserve is given up: the database may have no more pages till then."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
        self._drafts = office.drafts._conn
        with office.workspace.read() as conn:
            self._pages = conn.exec_driver_sql("PRAGMA page_count").scalar() or 1
        event.listen(office.workspace.engine, "checkout", self._on_checkout)
        self._allow(0)
        inner = room.give_up

        def give_up(folder):
            made = inner(folder)
            if made:
                self._allow(4_000)
            return made

        monkeypatch.setattr(room, "give_up", give_up)

    def _allow(self, more: int) -> None:
        self._more = more
        (count,) = self._drafts.execute("PRAGMA page_count").fetchone()
        self._drafts.execute(f"PRAGMA max_page_count = {max(count, 1) + more}")

    def _on_checkout(self, connection, _record, _proxy) -> None:
        connection.execute(f"PRAGMA max_page_count = {self._pages + self._more}")


def test_a_draft_is_kept_without_a_word(village, monkeypatch):
    office = village.office
    room.lay_in(office.workspace.folder)
    Disk(monkeypatch, office)
    office.drafts.save("visit:1", ODD, village.clock.moment)
    assert office.drafts.load("visit:1") == (ODD, village.clock.moment.isoformat(timespec="seconds"))
    assert not (office.workspace.folder / room.RESERVE).exists()


def test_a_draft_without_a_reserve_is_refused_and_the_old_one_stays(village, monkeypatch):
    office = village.office
    office.drafts.save("visit:1", "旧的", village.clock.moment)
    Disk(monkeypatch, office)
    with pytest.raises(Unavailable) as full:
        office.drafts.save("visit:1", ODD, village.clock.moment)
    assert full.value.code == "disk.full"
    kept = office.drafts.load("visit:1")
    assert kept is not None
    assert kept[0] == "旧的"


def test_another_trouble_with_the_drafts_costs_no_reserve(village, monkeypatch):
    office = village.office
    room.lay_in(office.workspace.folder)
    office.drafts._conn.execute("PRAGMA query_only = ON")
    with pytest.raises(Unavailable, match=r"disk\.read_only"):
        office.drafts.save("visit:1", "x", village.clock.moment)
    assert (office.workspace.folder / room.RESERVE).exists()


def fill(office: Office, home: str, saved: list[object]) -> None:
    """Save until the disk is full; ``saved`` gets what stood after each save."""
    for number in range(400):
        edit(office, home, address=ODD[:200] + str(number))
        saved.append(standing(office))


def test_a_save_says_that_the_next_try_will_do(village, monkeypatch):
    home = village.add_home("吴福生")
    office = village.office
    room.lay_in(office.workspace.folder)
    Disk(monkeypatch, office)
    saved = [standing(office)]
    with pytest.raises(Unavailable) as full:
        fill(office, home, saved)
    before = saved[-1]
    assert (full.value.code, full.value.params) == ("disk.full_eased", {"freed_mb": 16})
    assert standing(office) == before
    edit(office, home, address="再点一次保存")
    assert standing(office) != before


def test_without_a_reserve_the_disk_is_simply_full(village, monkeypatch):
    home = village.add_home("吴福生")
    Disk(monkeypatch, village.office)
    with pytest.raises(Unavailable, match=r"disk\.full\("):
        fill(village.office, home, [])


def test_a_package_is_not_begun_without_room_for_it(computers, monkeypatch):
    village, township = computers.office("village-01"), computers.office("township")
    edit(village, household(village), address="新住址")
    [sent] = exports.export(village, computers.post, PackageKind.UP)
    before = standing(township)
    real = shutil.disk_usage
    calls = iter(range(100))

    def usage(folder):
        # Enough for the backup made first, not for what is to be taken in.
        return shutil._ntuple_diskusage(10**9, 0, 10**9 if next(calls) == 0 else 50_000)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    [outcome] = merges.merge_files(township, sent.files)
    assert outcome.refused is not None
    assert (outcome.refused.code, standing(township)) == ("disk.full_needs", before)
    monkeypatch.setattr(shutil, "disk_usage", real)
    [outcome] = merges.merge_files(township, sent.files)
    assert (outcome.refused, outcome.new) == (None, 1)
