"""Every day a backup by itself: when there is something to keep, here and at a second place."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import BadInput, Refused
from app.storage import backup, room
from app.usecases import attachments, backups, workspaces
from app.usecases.clock import FixedClock
from tests.usecases.exchange import digest_of
from tests.usecases.journal import audited
from tests.usecases.test_attachments import photo as photo  # noqa: PLC0414 -- a fixture
from tests.usecases.test_workspaces import as_nobody, in_child, opened_up
from tests.usecases.village import PASSPHRASE


def made_here(village) -> list[str]:
    folder = village.office.workspace.folder / backup.FOLDER
    return sorted(path.name for path in folder.glob("*.hhbak"))


@pytest.fixture
def usb(tmp_path) -> Path:
    made = tmp_path / "usb" / "备份"
    made.mkdir(parents=True)
    return made


def test_once_a_day_and_only_when_something_was_done(village):
    office = village.office
    first = backups.back_up_daily(office)
    assert first.made is not None
    assert "-daily." in first.made.name
    village.add_home("吴福生")
    assert backups.back_up_daily(office).made is None  # one today already
    village.pass_days(1)
    assert backups.back_up_daily(office).made is not None
    village.pass_days(1)
    assert backups.back_up_daily(office).made is None  # nothing new
    office.drafts.save("visit:1", "<data/>", village.clock.moment)
    assert backups.back_up_daily(office).made is not None
    assert len(made_here(village)) == 3


def test_at_close_what_was_done_today_is_kept_too(village):
    office = village.office
    backups.back_up_daily(office)
    village.add_home("吴福生")
    village.clock.moment += timedelta(minutes=30)
    assert backups.back_up_daily(office, closing=True).made is None
    village.clock.moment += timedelta(hours=1)
    assert backups.back_up_daily(office, closing=True).made is not None
    village.clock.moment += timedelta(hours=2)
    assert backups.back_up_daily(office, closing=True).made is None


def test_a_demonstration_is_not_backed_up(computers):
    office = computers.office("village-01")
    before = list((office.workspace.folder / backup.FOLDER).glob("*"))
    assert backups.back_up_daily(office) == backups.Daily()
    assert list((office.workspace.folder / backup.FOLDER).glob("*")) == before


def test_a_copy_goes_to_the_second_place_and_opens_there(village, usb, photo, tmp_path):
    office = village.office
    attachments.attach(office, village.open("吴福生"), "visit", photo)
    backups.choose_second_place(office, usb)
    assert backups.second_place(office) == str(usb)
    done = backups.back_up_daily(office)
    assert done.away is not None
    assert done.away.is_relative_to(usb)
    assert audited(office)[-1][0] == "backup"
    assert backups.back_up_daily(office).away is None  # it is there
    told = backups.describe(done.away)
    assert (told.place, told.households, told.persons, told.photos, told.missing) == ("石板村", 1, 1, 1, 0)
    before = digest_of(office)
    backups.restore(done.away, tmp_path / "new", PASSPHRASE, FixedClock(village.clock.moment))
    again = workspaces.unlock(tmp_path / "new", PASSPHRASE, FixedClock(village.clock.moment))
    assert digest_of(again) == before
    with again.workspace.read() as conn:
        file = conn.exec_driver_sql("SELECT file FROM p_attachment").scalar()
    assert attachments.read_attachment(again, file)
    workspaces.close(again)
    backups.choose_second_place(office, None)
    assert backups.second_place(office) == ""


def test_the_second_place_is_thinned_out_too(village, usb):
    office = village.office
    backups.choose_second_place(office, usb)
    for day in range(12):
        village.add_home("吴" + chr(0x4E00 + day))
        assert backups.back_up_daily(office).away is not None
        village.pass_days(1)
    kept = list(usb.rglob("*.hhbak"))
    assert 7 < len(kept) < 12


def test_a_stick_that_stays_away_is_said_after_a_week(village, usb):
    office = village.office
    backups.choose_second_place(office, usb)
    backups.back_up_daily(office)
    elsewhere = usb.parent.with_name("drawer")
    usb.parent.rename(elsewhere)
    village.pass_days(6)
    assert backups.back_up_daily(office).absent_days == 0
    village.pass_days(1)
    assert backups.back_up_daily(office).absent_days == 7
    # In again under another letter: found by the folder this workspace has there.
    village.add_home("吴福生")
    found = backups.back_up_daily(office, [elsewhere])
    assert (found.absent_days, found.away is not None) == (0, True)


def test_without_room_work_goes_on_and_it_is_said(village, usb, monkeypatch):
    backups.choose_second_place(village.office, usb)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    done = backups.back_up_daily(village.office)
    assert done.trouble is not None
    assert (done.made, done.trouble.code) == (None, "disk.full_needs")
    assert made_here(village) == []


@pytest.mark.parametrize("how", ["full", "pulled"])
def test_a_second_place_that_takes_nothing_is_said(village, usb, monkeypatch, how):
    backups.choose_second_place(village.office, usb)

    def fails(source: object, target: Path) -> None:
        target.write_bytes(b"half")
        if how == "pulled":
            shutil.rmtree(usb)
            usb.write_text("no folder any more")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", fails)
    done = backups.back_up_daily(village.office)
    assert done.trouble is not None
    assert (done.made is not None, done.away, done.trouble.code) == (True, None, "disk.full")
    assert [path for path in usb.parent.rglob("*") if path.suffix in {".part", ".hhbak"}] == []


def test_the_second_place_is_not_the_workspace_itself(village):
    with pytest.raises(Refused, match=r"backup\.same_place"):
        backups.choose_second_place(village.office, village.office.workspace.folder / "backups")


def test_a_folder_that_takes_nothing_is_no_second_place(village, usb):
    office = village.office
    backups.choose_second_place(office, usb)
    with pytest.raises(Refused, match=r"backup\.second_missing"):
        backups.choose_second_place(office, usb / "not there")
    closed = usb / "closed"
    closed.mkdir()
    opened_up(closed)
    told = in_child(as_nobody(lambda: str(backups.choose_second_place(office, closed))))
    closed.chmod(0o755)
    assert told == "backup.second_unwritable"
    assert backups.second_place(office) == str(usb)
    assert list(closed.iterdir()) == []
    (closed / backups._TRIAL).mkdir()  # in the way of what is written on trial
    with pytest.raises(Refused, match=r"backup\.second_unwritable"):
        backups.choose_second_place(office, closed)


def test_a_backup_dated_far_ahead_does_not_count_as_the_newest(village, usb):
    office, now = village.office, village.clock.moment
    backups.choose_second_place(office, usb)
    village.clock.moment = now + timedelta(days=3650)
    ahead = backups.back_up_daily(office).made
    village.clock.moment = now
    village.add_home("吴福生")
    village.clock.moment += timedelta(hours=2)
    done = backups.back_up_daily(office, closing=True)
    assert done.made is not None
    assert done.away is not None
    assert done.away.name == done.made.name
    assert ahead is not None
    assert ahead.exists()


def test_two_workspaces_may_share_a_stick(village, computers, usb, photo, tmp_path):
    """Both hold the same photo, each sealed with a key of its own."""
    other = computers.office("village-01")
    attachments.attach(village.office, village.open("吴福生"), "visit", photo)
    with other.workspace.read() as conn:
        case = conn.exec_driver_sql("SELECT uid FROM p_case").scalar()
    attachments.attach(other, case, "visit", photo)
    backups.back_up(other, usb)
    mine = backups.back_up(village.office, usb)
    backups.restore(mine.path, tmp_path / "new", PASSPHRASE, FixedClock(village.clock.moment))
    again = workspaces.unlock(tmp_path / "new", PASSPHRASE, FixedClock(village.clock.moment))
    with again.workspace.read() as conn:
        file = conn.exec_driver_sql("SELECT file FROM p_attachment").scalar()
    assert attachments.read_attachment(again, file)
    workspaces.close(again)


def test_a_backup_of_an_older_version_is_described_by_its_name(village, usb, photo):
    import json
    import zipfile

    attachments.attach(village.office, village.open("吴福生"), "visit", photo)
    made = backups.back_up(village.office, usb)
    old = usb / "backup-20260101-080910-manual.hhbak"
    with zipfile.ZipFile(made.path) as new, zipfile.ZipFile(old, "w") as archive:
        listed = json.loads(new.read("attachments.json"))
        for name in new.namelist():
            text = json.dumps(listed["files"]) if name == "attachments.json" else new.read(name)
            archive.writestr(name, text)
    told = backups.describe(old)
    assert (told.at, told.entries, told.photos, told.missing) == ("2026-01-01T08:09:10+08:00", -1, 1, 1)
    shutil.copytree(village.office.workspace.folder / "attachments", usb / "attachments")
    assert backups.describe(old).missing == 0
    bare = usb / "backup-other.hhbak"
    with zipfile.ZipFile(made.path) as new, zipfile.ZipFile(bare, "w") as archive:
        for name in ("workspace.db", "keys.json"):
            archive.writestr(name, new.read(name))
    assert (backups.describe(bare).at, backups.describe(bare).photos) == ("", 0)
    with zipfile.ZipFile(made.path) as new, zipfile.ZipFile(bare, "w") as archive:
        for name in new.namelist():
            archive.writestr(name, b"{" if name == "attachments.json" else new.read(name))
    with pytest.raises(BadInput, match=r"backup\.damaged"):
        backups.describe(bare)


def test_the_reserve_is_laid_in_once_and_only_where_there_is_plenty(village, monkeypatch):
    folder = village.office.workspace.folder
    backups.back_up_daily(village.office)
    assert (folder / room.RESERVE).stat().st_size == room.RESERVE_BYTES
    made = (folder / room.RESERVE).stat().st_mtime_ns
    assert room.lay_in(folder)
    assert (folder / room.RESERVE).stat().st_mtime_ns == made
    assert room.give_up(folder)
    assert not room.give_up(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 300_000_000))
    assert not room.lay_in(folder)
    monkeypatch.undo()
    (folder / room.RESERVE).mkdir()
    assert not room.lay_in(folder)
