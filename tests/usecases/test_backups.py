"""Backups: one file with all there is, made while the program works; restored anywhere."""

from __future__ import annotations

import resource
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import BadInput, Refused, Unavailable
from app.usecases import attachments, backups, workspaces
from tests.usecases.exchange import digest_of, value
from tests.usecases.journal import audited, standing
from tests.usecases.test_attachments import photo as photo  # noqa: PLC0414 -- a fixture
from tests.usecases.test_workspaces import CLOCK, as_nobody, fingerprint, in_child, opened_up
from tests.usecases.village import PASSPHRASE


@pytest.fixture
def stick(tmp_path):
    """A folder on another medium."""
    return tmp_path / "stick"


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_backup_opens_with_the_original_gone(village, stick, tmp_path, photo):
    case = village.open("吴福生")
    attachments.attach(village.office, case, "visit", photo)
    office = village.office
    office.drafts.save(f"visit:{case}", "<data>刚写下的</data>", office.workspace.clock.now())
    made = backups.back_up(office, stick)
    assert made.size == made.path.stat().st_size
    before = digest_of(office)
    workspaces.close(office)
    shutil.rmtree(office.workspace.folder)
    backups.restore(made.path, tmp_path / "new", PASSPHRASE, CLOCK)
    again = workspaces.unlock(tmp_path / "new", PASSPHRASE, CLOCK)
    assert digest_of(again) == before
    assert value(again, village.homes["吴福生"], "address") == "三组12号"
    draft = again.drafts.load(f"visit:{case}")
    assert draft is not None
    assert draft[0] == "<data>刚写下的</data>"  # stood only in the log of the open file
    with again.workspace.read() as conn:
        file = conn.exec_driver_sql("SELECT file FROM p_attachment").scalar()
    assert attachments.read_attachment(again, file)
    workspaces.close(again)


def test_a_backup_stands_in_the_audit_and_nowhere_in_the_journal(village, stick):
    before = standing(village.office)
    made = backups.back_up(village.office, stick)
    assert standing(village.office) == before
    action, subject, detail = audited(village.office)[-1]
    assert (action, subject) == ("backup", "workspace")
    assert made.path.name in detail
    assert files(stick) == [made.path.name]


def test_without_a_folder_it_lies_in_the_workspace(village):
    made = backups.back_up(village.office)
    assert made.path.parent == village.office.workspace.folder / "backups"


def test_old_backups_are_thinned_by_day_and_week(village):
    folder = village.office.workspace.folder / "backups"
    folder.mkdir()
    foreign = folder / "backup-mine.hhbak"
    foreign.write_bytes(b"somebody's own")
    for _ in range(70):
        village.clock.moment += timedelta(days=1)
        stamp = village.today.strftime("%Y%m%d")
        for hour in ("080000", "170000"):
            (folder / f"backup-{stamp}-{hour}-daily.hhbak").write_bytes(b"old")
    made = backups.back_up(village.office)
    left = [name for name in files(folder) if name not in {foreign.name, made.path.name}]
    assert foreign.exists()
    days = sorted({name.split("-")[1] for name in left}, reverse=True)
    today = village.today
    assert days[:7] == [(today - timedelta(days=n)).strftime("%Y%m%d") for n in range(7)]
    assert len(days) == 7 + 4
    assert all(name.split("-")[2] == "170000" for name in left if name.split("-")[1] != days[0])


def test_a_wrong_passphrase_or_a_spoiled_file_restores_nothing(village, stick, tmp_path):
    made = backups.back_up(village.office, stick)
    target = tmp_path / "new"
    with pytest.raises(Refused) as wrong:
        backups.restore(made.path, target, PASSPHRASE + "!", CLOCK)
    assert (wrong.value.code, target.exists()) == ("keys.wrong_passphrase", False)
    (stick / "cut.hhbak").write_bytes(made.path.read_bytes()[:-100])
    with zipfile.ZipFile(stick / "other.hhbak", "w") as archive:
        archive.writestr("letter.txt", "你好")
    for name, code in (
        ("cut.hhbak", "backup.damaged"),
        ("other.hhbak", "backup.not_ours"),
        ("gone.hhbak", "backup.missing"),
    ):
        with pytest.raises(BadInput) as caught:
            backups.restore(stick / name, target, PASSPHRASE, CLOCK)
        assert (caught.value.code, caught.value.params, target.exists()) == (code, {"file": name}, False)
    backups.restore(made.path, target, PASSPHRASE, CLOCK)
    before = fingerprint(target)
    with pytest.raises(Refused, match=r"workspace\.exists"):
        backups.restore(made.path, target, PASSPHRASE, CLOCK)
    assert fingerprint(target) == before


@pytest.mark.parametrize("left", ["workspace.db-wal", "keys.json", "drafts.db"])
def test_nothing_is_restored_over_what_is_left_of_another(village, stick, tmp_path, left):
    made = backups.back_up(village.office, stick)
    target = tmp_path / "new"
    target.mkdir()
    (target / left).write_bytes(b"of another")
    with pytest.raises(Refused, match=r"workspace\.exists"):
        backups.restore(made.path, target, PASSPHRASE, CLOCK)
    assert files(target) == [left]


def test_a_read_only_folder_takes_no_backup(village, stick):
    stick.mkdir()
    opened_up(stick)
    folder = village.office.workspace.folder
    before = standing(village.office)

    def work() -> str:
        return str(backups.back_up(village.office, stick))

    for path in (folder, *folder.iterdir()):
        path.chmod(0o777)  # the workspace itself stays in reach
    told = in_child(as_nobody(work))
    stick.chmod(0o755)
    assert (told, files(stick), standing(village.office)) == ("disk.read_only", [], before)


def test_a_workspace_in_which_no_new_file_can_be_made_says_so(village):
    folder = village.office.workspace.folder
    before = standing(village.office)
    opened_up(folder)
    told = in_child(as_nobody(lambda: str(backups.back_up(village.office))))
    folder.chmod(0o755)
    assert told == "disk.read_only"
    assert not (folder / "backups").exists()
    assert standing(village.office) == before


@pytest.mark.parametrize("kib", [8, 200])
def test_a_full_disk_leaves_no_half_backup(village, stick, kib):
    before = standing(village.office)

    def work() -> str:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kib * 1024, kib * 1024))
        return str(backups.back_up(village.office, stick))

    assert in_child(work) in {"disk.full", "disk.failing"}
    assert files(stick) == []
    assert standing(village.office) == before
    made = backups.back_up(village.office, stick)
    assert made.path.exists()


def test_a_full_disk_leaves_no_half_restored_workspace(village, stick, tmp_path):
    made = backups.back_up(village.office, stick)
    target = tmp_path / "new"

    def work() -> str:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100 * 1024, 100 * 1024))
        backups.restore(made.path, target, PASSPHRASE, CLOCK)
        return "done"

    assert in_child(work) == "disk.full"
    assert files(target) == []
    backups.restore(made.path, target, PASSPHRASE, CLOCK)


def test_too_little_space_is_said_before_anything_is_written(village, stick, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(Unavailable) as caught:
        backups.back_up(village.office, stick)
    assert caught.value.code == "disk.full_needs"
    assert (caught.value.params["folder"], caught.value.params["free_mb"]) == (str(stick), 0)
    assert caught.value.params["needed_mb"] >= 2
    assert files(stick) == []
