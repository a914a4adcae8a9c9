"""Removable media in the kernel's table of mounts."""

from __future__ import annotations

from pathlib import Path

from app.files.media import drives, removable_media


def disks(folder: Path, **removable: str) -> Path:
    """Make a folder of block devices: a disk with its flag and one partition."""
    made = folder / "block"
    for name, flag in removable.items():
        disk = folder / "devices" / name
        (disk / f"{name}1").mkdir(parents=True)
        (disk / "removable").write_text(flag)
        made.mkdir(exist_ok=True)
        (made / name).symlink_to(disk)
        (made / f"{name}1").symlink_to(disk / f"{name}1")
    return made


def mounts(folder: Path, *lines: str) -> Path:
    """Write a table of mounts."""
    table = folder / "mounts"
    table.write_text("\n".join(lines) + "\n")
    return table


def test_what_the_desktop_mounted_and_what_can_be_taken_out(tmp_path: Path) -> None:
    table = mounts(
        tmp_path,
        "/dev/sda1 / ext4 rw 0 0",
        "/dev/sdb1 /media/chen/U\\040盘 vfat rw 0 0",
        "/dev/sdc1 /mnt/stick exfat rw 0 0",
        "tmpfs /media/chen/none tmpfs rw 0 0",
        "proc /proc proc rw 0 0",
    )
    found = removable_media(table, disks(tmp_path, sda="0\n", sdb="0\n", sdc="1\n"))
    assert found == (Path("/media/chen/U 盘"), Path("/mnt/stick"))


def test_a_system_that_does_not_tell(tmp_path: Path) -> None:
    assert removable_media(tmp_path / "none", tmp_path) == ()


def test_a_device_nobody_describes_is_no_stick(tmp_path: Path) -> None:
    table = mounts(tmp_path, "/dev/mapper/root /data ext4 rw 0 0")
    assert removable_media(table, tmp_path) == ()


def test_blanks_tabs_and_backslashes_in_names(tmp_path: Path) -> None:
    table = mounts(tmp_path, "/dev/sdb1 /media/a\\011b\\134c vfat rw 0 0")
    assert removable_media(table, tmp_path) == (Path("/media/a\tb\\c"),)


def test_the_drives_of_windows_that_can_be_taken_out() -> None:
    kinds = {"C:\\": 3, "D:\\": 5, "E:\\": 2, "Z:\\": 2, "N:\\": 4}
    asked: list[str] = []

    def kind_of(drive: str) -> int:
        asked.append(drive)
        return kinds.get(drive, 1)

    assert drives(kind_of) == (Path("E:\\"), Path("Z:\\"))
    assert (asked[0], asked[-1], len(asked)) == ("A:\\", "Z:\\", 26)
