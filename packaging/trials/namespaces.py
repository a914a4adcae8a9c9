"""Run a command with mounts, processes and a network of its own: nothing outlives it or leaves the computer.

Where programs of another architecture are not known to the kernel, ``own_users`` makes a user namespace
besides: in it binfmt_misc can be mounted anew (Linux 6.7), so that this computer's own table is left alone.
"""

from __future__ import annotations

import fcntl
import os
import re
import socket
import struct
import subprocess
from pathlib import Path
from typing import IO

TABLE = Path("/proc/sys/fs/binfmt_misc")
_FORMATS = (Path("/usr/lib/binfmt.d/qemu-aarch64.conf"), Path("/usr/share/qemu/binfmt.d/qemu-aarch64.conf"))
_FLAGS_OF_INTERFACE = 0x8913
_UP = 0x1
_USERS = 65536


def command(inside: list[str]) -> list[str]:
    """Return the command that runs another in namespaces of its own."""
    return ["unshare", "--mount", "--net", "--fork", "--pid", "--kill-child", *inside]


def run(line: list[str], patience: float, *, own_users: bool = False, out: IO[bytes] | None = None) -> int:
    """Run a command to its end; returns its exit code.

    Raises:
        subprocess.TimeoutExpired: longer than ``patience`` seconds; it was killed with all it started.
    """
    # The shell waits until the table of users was written from outside, where that is allowed.
    wait = ["unshare", "--user", "sh", "-c", 'echo up; read go; exec "$@" >&2', "sh"]
    process = subprocess.Popen(
        [*wait, *line] if own_users else line,
        stdin=subprocess.PIPE if own_users else subprocess.DEVNULL,
        stdout=subprocess.PIPE if own_users else out,
        stderr=out,
    )
    try:
        if own_users:
            _let_in(process)
        return process.wait(timeout=patience)
    finally:
        process.kill()  # the kernel ends the whole namespace with it
        process.wait()


def _let_in(process: subprocess.Popen[bytes]) -> None:
    """Give the process the same users as outside, and let it go on."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    process.stdout.readline()
    for name in ("uid_map", "gid_map"):
        Path(f"/proc/{process.pid}/{name}").write_text(f"0 0 {_USERS}\n")
    process.stdin.write(b"go\n")
    process.stdin.close()


def has_binfmt() -> bool:
    """Tell whether this kernel runs programs for arm64 in any folder."""
    entry = TABLE / "qemu-aarch64"
    if not entry.is_file():
        return False
    said = entry.read_text()
    return said.startswith("enabled") and re.search(r"^flags:.*F", said, re.MULTILINE) is not None


def teach_arm64() -> None:
    """Inside ``own_users``: let the kernel start programs for arm64 with qemu.

    Raises:
        OSError: this kernel has one table for all.
    """
    line = next((path.read_text().strip() for path in _FORMATS if path.is_file()), "")
    if not line:
        raise OSError("qemu-user-static brings no description of its format")
    mounted = subprocess.run(["mount", "-t", "binfmt_misc", "none", str(TABLE)], check=False)
    if mounted.returncode:
        raise OSError("binfmt_misc cannot be mounted here")
    # F opens the interpreter now, so that it is found inside a chroot as well.
    (TABLE / "register").write_text(line)


def can_own_binfmt() -> bool:
    """Tell whether a user namespace may have a table of its own, by trying."""
    if not any(path.is_file() for path in _FORMATS):
        return False
    attempt = ["unshare", "--map-root-user", "--mount", "mount", "-t", "binfmt_misc", "none", str(TABLE)]
    return subprocess.run(attempt, capture_output=True, check=False, timeout=60).returncode == 0


def network() -> str:
    """Return what network this process has, such as ``lo down``."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _number, name in socket.if_nameindex():
            request = struct.pack("16sh14x", name.encode(), 0)
            answer = fcntl.ioctl(asking, _FLAGS_OF_INTERFACE, request)
            flags = struct.unpack("16sh14x", answer)[1]
            found.append(f"{name} {'up' if flags & _UP else 'down'}")
    return ", ".join(sorted(found))


def is_first() -> bool:
    """Tell whether this process is the first of its namespace, as every trial inside has to be."""
    return os.getpid() == 1
