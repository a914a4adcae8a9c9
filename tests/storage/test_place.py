"""Where a live workspace may lie: decided on plain facts, gathered from the kernel's lists and from Windows."""

# ruff: noqa: N802 -- the fake of kernel32 has the system's names

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest

from app.domain.errors import Refused
from app.storage import place
from app.storage.place import Facts, Reason, linux_facts, objection, read_mounts, windows_facts
from app.ui.texts import sentence

HOME = Path("/home/cadre/资料")


@pytest.mark.parametrize("system", ["vfat", "exfat", "msdos", "fat32", "fat", "fuseblk", "fuse.ntfs-3g"])
def test_the_formats_of_sticks_are_refused_wherever_they_are(system: str) -> None:
    assert objection(Facts(system)) is Reason.FAT


@pytest.mark.parametrize(
    "system",
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "fuse.sshfs",
        "davfs",
        "fuse.davfs2",
        "fuse.gvfsd-fuse",
        "fuse.rclone",
        "afs",
        "ceph",
        "glusterfs",
        "fuse.glusterfs",
        "vboxsf",
    ],
)
def test_shares_are_refused(system: str) -> None:
    assert objection(Facts(system)) is Reason.NETWORK
    assert objection(Facts(system, is_removable=True)) is Reason.NETWORK


@pytest.mark.parametrize(
    "system",
    [
        "ext4",
        "ext3",
        "xfs",
        "btrfs",
        "zfs",
        "f2fs",
        "overlay",
        "tmpfs",
        "9p",
        "ntfs3",
        "ntfs",
        "apfs",
        "refs",
        "",
    ],
)
def test_other_disks_of_the_computer_are_fine_and_none_is_when_it_can_be_pulled_out(system: str) -> None:
    assert objection(Facts(system)) is None
    assert objection(Facts(system, is_removable=True)) is Reason.REMOVABLE


def test_a_stick_is_called_a_stick_whatever_its_format() -> None:
    assert objection(Facts("vfat", is_removable=True)) is Reason.REMOVABLE


# --- Linux -----------------------------------------------------------------------------------------------------------


class Computer:
    """A made-up kernel: a mountinfo file and a sysfs tree."""

    def __init__(self, folder: Path) -> None:
        self.mountinfo = folder / "mountinfo"
        self.sys = folder / "kernel"
        self.blocks = self.sys / "dev" / "block"
        self.blocks.mkdir(parents=True)
        self._lines: list[str] = []
        self.mount("/", "ext4", self.disk("pci0000:00/ata1/host0/block/sda", "8:0", part="8:1"), "/dev/sda1")

    def disk(self, path: str, number: str, *, part: str = "", removable: int = 0, kind: str = "") -> str:
        disk = self.sys / "devices" / path
        (disk / "device").mkdir(parents=True)
        (disk / "removable").write_text(f"{removable}\n")
        if kind:
            (disk / "device" / "type").write_text(f"{kind}\n")
        (self.blocks / number).symlink_to(disk)
        if not part:
            return number
        (disk / "part1").mkdir()
        (disk / "part1" / "partition").write_text("1\n")
        (self.blocks / part).symlink_to(disk / "part1")
        return part

    def mount(self, point: str, system: str, device: str = "0:50", source: str = "none") -> None:
        number = len(self._lines) + 20
        options = "shared:1 master:2" if number % 2 else ""
        middle = f" {options} - " if options else " - "
        self._lines.append(f"{number} 1 {device} / {point} rw,relatime{middle}{system} {source} rw\n")
        self.mountinfo.write_text("".join(self._lines), encoding="utf-8")

    def facts(self, folder: Path | str) -> Facts:
        return linux_facts(Path(folder), self.mountinfo, self.blocks)


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


def test_the_inner_disk_is_fine(computer: Computer) -> None:
    assert computer.facts(HOME) == Facts("ext4")


def test_the_longest_mount_point_counts_and_the_last_one_there(computer: Computer) -> None:
    computer.mount("/home/cadre", "nfs4", source="server:/home")
    computer.mount("/home", "xfs")
    assert computer.facts(HOME).system == "nfs4"
    assert computer.facts("/home/other").system == "xfs"
    assert computer.facts("/home/cadre2").system == "xfs"
    computer.mount("/home/cadre", "btrfs")
    assert computer.facts(HOME).system == "btrfs"


def test_escapes_in_names_are_undone(computer: Computer) -> None:
    computer.mount("/media/我的\\040优\\134盘\\011", "vfat")
    assert computer.facts("/media/我的 优\\盘\t/八步通").system == "vfat"
    assert computer.facts("/media/我的").system == "ext4"
    (mount,) = read_mounts(b"36 35 98:0 / /a\\040b rw - fuse.sshfs me@host:/x\\040y rw\n")
    assert (mount.point, mount.system, mount.source) == (PurePosixPath("/a b"), "fuse.sshfs", "me@host:/x y")


def test_lines_that_are_no_mounts_are_passed_over(computer: Computer) -> None:
    with computer.mountinfo.open("a") as out:
        out.write("\nhalf a line\n1 2 3 - \n")
    assert computer.facts(HOME) == Facts("ext4")


@pytest.mark.parametrize(
    ("system", "path", "removable", "kind"),
    [
        ("vfat", "pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host6/block/sdb", 1, ""),
        ("ntfs3", "pci0000:00/0000:00:14.0/usb2/2-1/host7/block/sdb", 0, "0"),  # a USB hard disk
        ("ext4", "pci0000:00/card/block/sdb", 1, ""),
        ("ext4", "platform/mmc1/mmc1:0001/block/mmcblk1", 0, "SD"),
    ],
)
def test_what_can_be_pulled_out(
    computer: Computer, system: str, path: str, removable: int, kind: str
) -> None:
    device = computer.disk(path, "8:16", part="8:17", removable=removable, kind=kind)
    computer.mount("/media/cadre/U", system, device, "/dev/sdb1")
    assert objection(computer.facts("/media/cadre/U/八步通/工作区")) is Reason.REMOVABLE
    assert objection(computer.facts(HOME)) is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("platform/mmc0/mmc0:0001/block/mmcblk0", "MMC"),  # flash soldered in
        ("pci0000:00/nvme/nvme0/nvme0n1", ""),
        ("pci0000:00/usbish/block/sdc", "0"),
    ],
)
def test_what_cannot_be_pulled_out(computer: Computer, path: str, kind: str) -> None:
    computer.mount("/data", "ntfs3", computer.disk(path, "9:0", part="9:1", kind=kind), "/dev/x1")
    assert computer.facts("/data/工作区") == Facts("ntfs3")


def test_an_encrypted_stick_is_a_stick(computer: Computer) -> None:
    stick = computer.disk("pci/usb3/3-1/block/sdb", "8:16", part="8:17")
    mapped = computer.disk("virtual/block/dm-0", "253:0")
    slaves = computer.sys / "devices" / "virtual" / "block" / "dm-0" / "slaves"
    slaves.mkdir()
    (slaves / "sdb1").symlink_to((computer.blocks / stick).resolve())
    computer.mount("/media/secret", "ext4", mapped, "/dev/mapper/luks")
    assert objection(computer.facts("/media/secret/工作区")) is Reason.REMOVABLE


def test_a_file_system_with_numbers_of_its_own_is_found_by_its_device(computer: Computer) -> None:
    number = Path("/dev/null").stat().st_rdev  # any device does: only its number is looked at
    computer.disk("pci/usb3/3-1/block/sdb", f"{os.major(number)}:{os.minor(number)}")
    computer.mount("/media/b", "btrfs", "0:44", "/dev/null")
    computer.mount("/media/c", "btrfs", "0:45", "/dev/there-is-no-such-disk")
    assert computer.facts("/media/b/x") == Facts("btrfs", is_removable=True)
    assert computer.facts("/media/c/x") == Facts("btrfs")


def test_a_computer_that_runs_from_its_usb_bus_has_no_other_disk(tmp_path: Path) -> None:
    computer = Computer(tmp_path)
    own = computer.disk("platform/usb1/1-1/block/sdz", "65:0", part="65:1")
    computer.mount("/", "ext4", own, "/dev/sdz1")
    computer.mount("/media/stick", "ext4", computer.disk("platform/usb1/1-2/block/sdy", "65:16"), "/dev/sdy")
    assert computer.facts(HOME) == Facts("ext4")
    assert computer.facts("/media/stick").is_removable


def test_a_system_that_tells_nothing_refuses_nothing(tmp_path: Path) -> None:
    assert linux_facts(HOME, tmp_path / "no-mountinfo", tmp_path) == Facts("")
    (tmp_path / "empty").write_bytes(b"")
    assert linux_facts(HOME, tmp_path / "empty", tmp_path) == Facts("")


def test_this_computer_holds_the_tests(tmp_path: Path) -> None:
    place.refuse_unsafe(tmp_path / "not" / "there" / "yet")


@pytest.mark.parametrize(
    ("system", "code", "words"),
    [("vfat", "workspace.place_fat", "老式格式"), ("cifs", "workspace.place_network", "网络")],
)
def test_the_refusal_names_the_folder(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, system: str, code: str, words: str
) -> None:
    computer.mount("/media/cadre/U", system)
    monkeypatch.setattr(place, "MOUNTS", computer.mountinfo)
    with pytest.raises(Refused) as caught:
        place.refuse_unsafe(Path("/media/cadre/U/工作区"))
    assert caught.value.code == code
    said = sentence(caught.value)
    assert "“/media/cadre/U/工作区”" in said
    assert words in said
    assert "请放在电脑自己的硬盘上" in said


def test_a_link_to_a_stick_leads_to_the_stick(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "资料").symlink_to(tmp_path / "stick")
    computer.mount(str(tmp_path / "stick"), "vfat")
    monkeypatch.setattr(place, "MOUNTS", computer.mountinfo)
    assert place.objection_to(tmp_path / "资料" / "工作区") is Reason.FAT


# --- Windows ---------------------------------------------------------------------------------------------------------


class Kernel32:
    """What Windows answers for one volume; as there, 0 says that a call failed."""

    def __init__(
        self, kind: int = 3, system: str = "NTFS", bus: int = 11, *, loose: int = 0, fails: str = ""
    ) -> None:
        self.kind, self.system, self.bus, self.loose, self.fails = kind, system, bus, loose, fails
        self.opened: list[str] = []
        self.closed: list[int] = []

    def GetVolumePathNameW(self, path, buffer, size):
        buffer.value = path[:3]
        return int(self.fails != "path")

    def GetDriveTypeW(self, root):
        assert root == "D:\\"
        return self.kind

    def GetVolumeInformationW(self, root, *rest):
        rest[-2].value = self.system
        return int(self.fails != "information")

    def GetVolumeNameForVolumeMountPointW(self, root, buffer, size):
        buffer.value = "\\\\?\\Volume{1f}\\"
        return int(self.fails != "name")

    def CreateFileW(self, name, access, *rest):
        assert access == 0  # asking needs no rights
        self.opened.append(name)
        return -1 if self.fails == "open" else 77

    def DeviceIoControl(self, handle, code, query, query_size, answer, size, got, overlapped):
        assert (handle, code, list(query)) == (77, 0x2D1400, [0, 0, 0])
        answer[10] = bytes([self.loose])
        answer[28:32] = self.bus.to_bytes(4, "little")
        return int(self.fails != "ask")

    def CloseHandle(self, handle):
        self.closed.append(handle)
        return 1


FOLDER = "D:\\八步通\\工作区"


@pytest.mark.parametrize(
    ("kernel", "reason"),
    [
        (Kernel32(), None),
        (Kernel32(kind=2), Reason.REMOVABLE),
        (Kernel32(kind=4), Reason.NETWORK),
        (Kernel32(system="FAT32"), Reason.FAT),
        (Kernel32(system="exFAT"), Reason.FAT),
        (Kernel32(system="FAT"), Reason.FAT),
        (Kernel32(bus=7), Reason.REMOVABLE),  # a USB hard disk calls itself fixed
        (Kernel32(bus=7, system="exFAT"), Reason.REMOVABLE),
        (Kernel32(bus=12, loose=1), Reason.REMOVABLE),
        (Kernel32(bus=13, loose=1), Reason.REMOVABLE),
        (Kernel32(bus=12), None),  # flash soldered in
        (Kernel32(bus=17), None),
        (Kernel32(bus=7, fails="path"), Reason.REMOVABLE),
        (Kernel32(bus=7, fails="name"), None),
        (Kernel32(bus=7, fails="open"), None),
        (Kernel32(bus=7, fails="ask"), None),
        (Kernel32(system="FAT32", fails="information"), None),
    ],
)
def test_windows(kernel: Kernel32, reason: Reason | None) -> None:
    assert objection(windows_facts(FOLDER, kernel)) is reason
    assert kernel.closed == ([77] if kernel.opened and kernel.fails != "open" else [])
    assert set(kernel.opened) <= {"\\\\?\\Volume{1f}"}


@pytest.mark.parametrize(
    "folder", ["\\\\server\\share\\工作区", "\\\\?\\UNC\\server\\share\\x", "\\\\?\\unc\\server\\share\\x"]
)
def test_windows_shares_are_known_by_their_names(folder: str) -> None:
    assert objection(windows_facts(folder, Kernel32())) is Reason.NETWORK


def test_a_long_name_is_no_share() -> None:
    kernel = Kernel32()
    kernel.GetDriveTypeW = lambda root: 3  # type: ignore[method-assign]  # the root is the long name's
    assert objection(windows_facts("\\\\?\\D:\\八步通", kernel)) is None
