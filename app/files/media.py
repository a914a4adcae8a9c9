"""Which USB sticks and other removable media are plugged in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_MOUNTS: Final = Path("/proc/self/mounts")
_DISKS: Final = Path("/sys/class/block")
_UNDER: Final = ("/media/", "/run/media/")
"""Where desktops mount what a person plugs in."""

_REMOVABLE_DRIVE: Final = 2  # DRIVE_REMOVABLE of Windows


def removable_media(mounts: Path = _MOUNTS, disks: Path = _DISKS) -> tuple[Path, ...]:
    """Return the folders of removable media by name; none when the system does not tell.

    ``mounts`` is the kernel's table of mounts, ``disks`` its folder of block devices.
    """
    if sys.platform == "win32":  # pragma: no cover -- only there; what is asked is tested as `drives`
        import ctypes

        return drives(ctypes.WinDLL("kernel32").GetDriveTypeW)
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    found: set[Path] = set()
    for line in lines:
        device, _, rest = line.partition(" ")
        folder = _plain(rest.partition(" ")[0])
        if device.startswith("/dev/") and (folder.startswith(_UNDER) or _is_removable(device, disks)):
            found.add(Path(folder))
    return tuple(sorted(found))


def _plain(text: str) -> str:
    """Undo the octal escapes of the table: blank, tab and backslash."""
    for code, sign in (("\\040", " "), ("\\011", "\t"), ("\\134", "\\")):
        text = text.replace(code, sign)
    return text


def _is_removable(device: str, disks: Path) -> bool:
    name = device.removeprefix("/dev/")
    # A partition lies inside its disk; only the disk knows whether it can be taken out.
    for flag in (disks / name / "removable", (disks / name).resolve().parent / "removable"):
        try:
            if flag.read_text(encoding="ascii").strip() == "1":
                return True
        except (OSError, UnicodeDecodeError):
            continue
    return False


def drives(kind_of: Callable[[str], int]) -> tuple[Path, ...]:
    """Return the removable drives of a Windows computer; ``kind_of`` tells the system's type of a drive."""
    letters = (Path(f"{letter}:\\") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return tuple(drive for drive in letters if kind_of(str(drive)) == _REMOVABLE_DRIVE)
