"""A stick, FAT or share is refused at every door, and nothing is written there; a backup may lie there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.storage import place
from app.ui.texts import sentence
from app.usecases import backups, demo, workspaces
from app.wiring.room import Room
from tests.usecases.test_workspaces import CLOCK, fingerprint, setup
from tests.usecases.village import PASSPHRASE, found_village

CODES = {"vfat": "workspace.place_fat", "fuse.sshfs": "workspace.place_network"}


def _run(*command: str | Path) -> bool:
    tool = shutil.which(str(command[0]))
    return (
        tool is not None
        and subprocess.run([tool, *command[1:]], capture_output=True, check=False).returncode == 0
    )


@pytest.fixture
def fat(tmp_path: Path) -> Generator[Path]:
    """A real FAT or exFAT image as a stick has it, mounted."""
    image, folder = tmp_path / "stick.img", tmp_path / "stick"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(64 << 20)
    mounted = _run("mkfs.vfat", image) and _run("mount", "-o", "loop", image, folder)
    if not mounted and _run("mkfs.exfat", image):
        mounted = _run("mount", "-t", "exfat", "-o", "loop", image, folder) or _by_fuse(image, folder)
    if not mounted:
        pytest.skip(
            "no FAT image can be mounted here: needs root, a loop device and vfat, exfat or exfat-fuse"
        )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-d", folder], check=True)


def _by_fuse(image: Path, folder: Path) -> bool:
    asked = subprocess.run(["losetup", "-f", "--show", image], capture_output=True, text=True, check=False)
    return asked.returncode == 0 and _run("mount.exfat-fuse", asked.stdout.strip(), folder)


@pytest.fixture
def mounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, str], None]:
    """Let the kernel's list say that a folder is mounted from something."""

    def mount(folder: Path, system: str) -> None:
        lines = f"20 1 0:9 / / rw - ext4 none rw\n21 20 0:50 / {folder} rw - {system} none rw\n"
        (tmp_path / "mountinfo").write_text(lines, encoding="utf-8")
        monkeypatch.setattr(place, "MOUNTS", tmp_path / "mountinfo")

    return mount


def by_use_case(folder: Path) -> None:
    workspaces.unlock(folder, PASSPHRASE, CLOCK)


def by_room(folder: Path) -> None:
    Room(folder, workspaces.unlock_key(folder, PASSPHRASE)[0], "", CLOCK)


def by_office_with_lock(folder: Path) -> None:
    workspaces.open_office(folder, workspaces.unlock_key(folder, PASSPHRASE)[0], "", CLOCK)


def all_doors_refuse(stick: Path, code: str, backup: Path) -> None:
    """Try every way to make or open a workspace there; not one byte, not one folder may be left."""
    before = [fingerprint(stick), sorted(stick.rglob("*"))]
    ways: list[Callable[[], object]] = [
        lambda: workspaces.create(stick / "new" / "工作区", setup(), CLOCK),
        lambda: backups.restore(backup, stick / "restored", PASSPHRASE, CLOCK),
        lambda: backups.restore(backup, stick / "restored", "a wrong passphrase", CLOCK),
        lambda: demo.make_demo(stick / "演示", demo.Plan(1, 3), datetime(2026, 3, 2, tzinfo=UTC)),
        lambda: by_use_case(stick / "工作区"),
        lambda: by_room(stick / "工作区"),
        lambda: by_office_with_lock(stick / "工作区"),
    ]
    for way in ways:
        with pytest.raises(Refused) as caught:
            way()
        assert caught.value.code == code
        assert str(stick) in sentence(caught.value)
    assert [fingerprint(stick), sorted(stick.rglob("*"))] == before


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A workspace with a backup, closed and without a lock, as a copied one."""
    made = found_village(tmp_path / "closed")
    backups.back_up(made.office, tmp_path / "backups")
    workspaces.close(made.office)
    (tmp_path / "closed" / "workspace.lock").unlink()
    return tmp_path / "closed"


def test_a_real_stick(fat: Path, closed: Path, tmp_path: Path) -> None:
    shutil.copytree(closed, fat / "工作区")
    (backup,) = (tmp_path / "backups").glob("*.hhbak")
    all_doors_refuse(fat, "workspace.place_fat", backup)


@pytest.mark.parametrize("system", CODES)
def test_as_the_kernel_says(closed: Path, tmp_path: Path, mounted: Callable, system: str) -> None:
    stick = tmp_path / "stick"
    shutil.copytree(closed, stick / "工作区")
    mounted(stick, system)
    (backup,) = (tmp_path / "backups").glob("*.hhbak")
    all_doors_refuse(stick, CODES[system], backup)


def test_a_backup_goes_to_a_stick_and_comes_back(closed: Path, tmp_path: Path, mounted: Callable) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    mounted(stick, "vfat")
    office = workspaces.unlock(closed, PASSPHRASE, CLOCK)
    made = backups.back_up(office, stick)
    workspaces.close(office)
    assert made.path.parent == stick
    backups.restore(made.path, tmp_path / "again", PASSPHRASE, CLOCK)
    workspaces.close(workspaces.unlock(tmp_path / "again", PASSPHRASE, CLOCK))


def test_a_backup_goes_to_a_real_stick(fat: Path, closed: Path, tmp_path: Path) -> None:
    office = workspaces.unlock(closed, PASSPHRASE, CLOCK)
    made = backups.back_up(office, fat)
    workspaces.close(office)
    backups.restore(made.path, tmp_path / "again", PASSPHRASE, CLOCK)
