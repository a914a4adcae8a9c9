"""Where a live workspace may lie: on a disk of the computer itself, nowhere else.

A database that is being written does not survive a stick pulled out, and network shares and FAT give neither
the locks nor the shared memory its log needs. What is decided is a pure function of ``Facts``; one adapter
for Linux and one for Windows gather them. Only reading: nothing is ever written to ask. Backups and packages
may lie anywhere. Nothing heavy is imported here: the window asks before its first page.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Protocol, cast

from app.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

MOUNTS = Path("/proc/self/mountinfo")
BLOCKS = Path("/sys/dev/block")

_FAT = frozenset({"fat", "fat12", "fat16", "fat32", "vfat", "msdos", "umsdos", "exfat", "fuse.exfat"})
# NTFS through FUSE (ntfs-3g, also on the inner disk of a computer with two systems) cannot be told from exFAT
# there, and shared memory maps, which WAL needs, are not kept coherent. The kernel's own ntfs3 is fine.
_FUSE_BLOCK = frozenset({"fuseblk", "fuse.ntfs-3g", "fuse.ntfs"})
_NETWORK = frozenset(
    {"afs", "beegfs", "ceph", "cifs", "coda", "davfs", "glusterfs", "lustre", "ncpfs"}
    | {"nfs", "nfs4", "prl_fs", "smb3", "smbfs", "sshfs", "vboxsf", "vmhgfs"}
    | {"fuse.ceph", "fuse.ceph-fuse", "fuse.cephfs", "fuse.curlftpfs", "fuse.davfs", "fuse.davfs2"}
    | {"fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.jmtpfs", "fuse.onedriver", "fuse.rclone", "fuse.s3fs"}
    | {"fuse.smbnetfs", "fuse.sshfs", "fuse.vmhgfs-fuse"}
)
"""File systems of another computer, of a cloud or of a telephone; 9p, overlay and the like stay allowed."""


class Reason(StrEnum):
    """Why a folder cannot hold a live workspace."""

    REMOVABLE = "removable"
    FAT = "fat"
    NETWORK = "network"


_CODES = {
    Reason.REMOVABLE: "workspace.place_removable",
    Reason.FAT: "workspace.place_fat",
    Reason.NETWORK: "workspace.place_network",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the system says of the place: its file system in small letters, "" when it is not known."""

    system: str
    is_removable: bool = False
    is_network: bool = False


def objection(facts: Facts) -> Reason | None:
    """Return why such a place is refused, None for a good one."""
    if facts.is_network or facts.system in _NETWORK:
        return Reason.NETWORK
    if facts.is_removable:
        return Reason.REMOVABLE
    return Reason.FAT if facts.system in _FAT | _FUSE_BLOCK else None


def objection_to(folder: Path) -> Reason | None:
    """Return why ``folder``, which need not exist yet, cannot hold a live workspace; None if it can."""
    return objection(_facts(folder.resolve()))


def refuse_unsafe(folder: Path) -> None:
    """Refuse to keep a live workspace on a stick, FAT or a network share.

    Raises:
        Refused: ``workspace.place_removable``, ``workspace.place_fat`` or ``workspace.place_network``
            (param ``folder``).
    """
    reason = objection_to(folder)
    if reason is not None:
        raise Refused(_CODES[reason], folder=str(folder))


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of mountinfo; ``device`` is "major:minor", major 0 without a device of its own."""

    point: PurePosixPath
    system: str
    device: str
    source: str


def read_mounts(text: bytes) -> Iterator[Mount]:
    """Yield what is mounted, in the kernel's order. Source: proc_pid_mountinfo(5)."""
    for line in text.splitlines():
        left, _, right = line.partition(b" - ")
        before, after = left.split(b" "), right.split(b" ")
        if len(before) > 5 and len(after) > 1:  # noqa: PLR2004 -- optional fields stand between the two halves
            yield Mount(
                PurePosixPath(_plain(before[4])), _plain(after[0]), _plain(before[2]), _plain(after[1])
            )


def _plain(field: bytes) -> str:
    r"""Undo the kernel's escapes: a space is written as \040."""
    return os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8) & 255]), field))


def mount_of(mounts: list[Mount], folder: Path) -> Mount | None:
    """Return what ``folder`` lies on: the longest mount point above it, the last one mounted there."""
    above = [one for one in enumerate(mounts) if folder.is_relative_to(one[1].point)]
    return max(above, key=lambda one: (len(one[1].point.parts), one[0]))[1] if above else None


def linux_facts(folder: Path, mountinfo: Path, blocks: Path) -> Facts:
    """Return the facts of an absolute folder from the kernel's list of mounts and its block devices."""
    try:
        mounts = list(read_mounts(mountinfo.read_bytes()))
    except OSError:  # no Linux, or no /proc
        return Facts("")
    mount = mount_of(mounts, folder)
    if mount is None:
        return Facts("")
    disks = _disks_of(mount, blocks)
    root = mount_of(mounts, Path("/"))
    # A computer that runs from a disk on its own USB bus has no other: that one is not pulled out.
    is_own = root is not None and disks <= _disks_of(root, blocks)
    return Facts(mount.system.lower(), not is_own and any(map(_is_removable, disks)))


def _disks_of(mount: Mount, blocks: Path) -> frozenset[Path]:
    device = mount.device
    if device.startswith("0:"):  # btrfs numbers its volumes itself; the disk is the one it names
        try:
            number = os.stat(mount.source).st_rdev if mount.source.startswith("/dev/") else 0  # noqa: PTH116 -- one call
        except OSError:
            number = 0
        device = f"{os.major(number)}:{os.minor(number)}"
    place = blocks / device
    return _disks(place.resolve()) if place.exists() else frozenset()


def _disks(block: Path) -> frozenset[Path]:
    """Return the whole disks of a block device: of a partition its disk, of an encrypted one those below."""
    slaves = block / "slaves"
    below = [one.resolve() for one in slaves.iterdir()] if slaves.is_dir() else []
    if below:
        return frozenset[Path]().union(*map(_disks, below))
    return frozenset({block.parent if (block / "partition").exists() else block})


def _is_removable(disk: Path) -> bool:
    """Tell whether a disk can be pulled out: on USB, with a removable medium, or an SD card in a slot.

    The kernel calls neither SD cards nor inner flash removable; only the card says that it is one.
    """
    if any(re.fullmatch(r"usb\d+", part) for part in disk.parts):
        return True
    return _word(disk / "removable") == "1" or _word(disk / "device" / "type") == "SD"


def _word(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


class Kernel(Protocol):
    """What is asked of Windows' kernel32; buffers are ctypes arrays, 0 says that a call failed."""

    def GetVolumePathNameW(self, path: str, buffer: object, size: int) -> int: ...  # noqa: N802, D102 -- the system's name
    def GetDriveTypeW(self, root: str) -> int: ...  # noqa: N802, D102 -- as above
    def GetVolumeInformationW(self, *arguments: object) -> int: ...  # noqa: N802, D102 -- as above
    def GetVolumeNameForVolumeMountPointW(self, root: str, buffer: object, size: int) -> int: ...  # noqa: N802, D102 -- as above
    def CreateFileW(self, *arguments: object) -> int: ...  # noqa: N802, D102 -- as above
    def DeviceIoControl(self, *arguments: object) -> int: ...  # noqa: N802, D102 -- as above
    def CloseHandle(self, handle: int) -> int: ...  # noqa: N802, D102 -- as above


_DRIVE_REMOVABLE, _DRIVE_REMOTE = 2, 4
_BUS_USB, _BUS_SD, _BUS_MMC = 7, 12, 13
_QUERY_PROPERTY = 0x2D1400  # IOCTL_STORAGE_QUERY_PROPERTY
_LENGTH = 1024


def windows_facts(folder: str, kernel: Kernel) -> Facts:
    """Return the facts of an absolute folder as Windows tells them."""
    import ctypes

    if re.match(r"\\\\(?![?.]\\)|\\\\\?\\UNC\\", folder, re.IGNORECASE):
        return Facts("", is_network=True)
    buffer = ctypes.create_unicode_buffer(_LENGTH)
    found = kernel.GetVolumePathNameW(folder, buffer, _LENGTH)
    root = buffer.value if found else PureWindowsPath(folder).anchor
    kind = kernel.GetDriveTypeW(root)
    if kind in {_DRIVE_REMOVABLE, _DRIVE_REMOTE}:
        return Facts("", kind == _DRIVE_REMOVABLE, kind == _DRIVE_REMOTE)
    found = kernel.GetVolumeInformationW(root, None, 0, None, None, None, buffer, _LENGTH)
    return Facts(buffer.value.lower() if found else "", _on_removable_bus(root, kernel))


def _on_removable_bus(root: str, kernel: Kernel) -> bool:
    """Tell whether a drive that calls itself fixed hangs on USB: Windows says so of USB hard disks.

    Inner flash of cheap computers is on the SD bus as well; there the medium has to be removable.
    """
    import ctypes

    name = ctypes.create_unicode_buffer(_LENGTH)
    if not kernel.GetVolumeNameForVolumeMountPointW(root, name, _LENGTH):
        return False
    handle = kernel.CreateFileW(
        name.value.rstrip("\\"), 0, 3, None, 3, 0, None
    )  # asks only: no rights needed
    if handle in {0, -1}:
        return False
    query, answer, size = (ctypes.c_uint32 * 3)(), ctypes.create_string_buffer(_LENGTH), ctypes.c_uint32()
    try:
        done = kernel.DeviceIoControl(
            handle, _QUERY_PROPERTY, query, ctypes.sizeof(query), answer, _LENGTH, ctypes.byref(size), None
        )
    finally:
        kernel.CloseHandle(handle)
    # STORAGE_DEVICE_DESCRIPTOR: RemovableMedia is its byte 10, BusType the word at 28.
    bus, is_loose = int.from_bytes(answer.raw[28:32], "little"), answer.raw[10] != 0
    return bool(done) and (bus == _BUS_USB or (bus in {_BUS_SD, _BUS_MMC} and is_loose))


if sys.platform == "win32":

    def _facts(folder: Path) -> Facts:
        import ctypes

        return windows_facts(str(folder), cast("Kernel", ctypes.WinDLL("kernel32")))
else:

    def _facts(folder: Path) -> Facts:
        return linux_facts(folder, MOUNTS, BLOCKS)
