"""A real fcitx 4 with pinyin, as older desktops have it.

Debian cannot install it beside fcitx 5, so it runs out of a minimal system of its own, on the screen and the
bus of the session. Started as a script, this module enters that system: ``fcitx4.py ROOT HOME``.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import chroots
from screen import SOCKETS, until

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

NAME = "bookworm-fcitx4"
_PACKAGES = (
    "fcitx-bin",
    "fcitx-pinyin",
    "fcitx-module-dbus",
    "fcitx-module-x11",
    "fcitx-ui-classic",
    "fonts-droid-fallback",
)
_PROFILE = "[Profile]\nIMName=\nEnabledIMList=fcitx-keyboard-us:True,pinyin:True\n"
_ACTIVE = "int32 2"


class Fcitx4:
    """The running daemon."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._name = f"org.fcitx.Fcitx-{environment['DISPLAY'].lstrip(':').partition('.')[0]}"

    def is_active(self) -> bool:
        """Tell whether letters typed now go through pinyin."""
        asked = self._call(self._name, "/inputmethod", "org.fcitx.Fcitx.InputMethod.GetCurrentState")
        return _ACTIVE in asked and '"pinyin"' in self._call(
            self._name, "/inputmethod", "org.fcitx.Fcitx.InputMethod.GetCurrentIM"
        )

    def is_there(self) -> bool:
        """Tell whether the daemon has its name on the bus."""
        bus = "org.freedesktop.DBus"
        return "boolean true" in self._call(
            bus, "/org/freedesktop/DBus", f"{bus}.NameHasOwner", f"string:{self._name}"
        )

    def _call(self, service: str, path: str, method: str, *words: str) -> str:
        ask = ["dbus-send", "--session", "--print-reply", f"--dest={service}", path, method, *words]
        asked = subprocess.run(
            ask, env=self._environment, capture_output=True, text=True, check=False, timeout=30
        )
        return asked.stdout


def system() -> Path:
    """Return the minimal system that has it."""
    root = chroots.base("bookworm", name=NAME, include=_PACKAGES)
    identity = root / "etc" / "machine-id"
    if not identity.is_file() or not identity.read_text().strip():
        identity.write_text(f"{secrets.token_hex(16)}\n")
    return root


@contextmanager
def running(home: Path, environment: Mapping[str, str]) -> Generator[Fcitx4]:
    """Start fcitx 4 on the screen and the bus of ``environment``."""
    folder = home / ".config" / "fcitx"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profile").write_text(_PROFILE, encoding="utf-8")
    enter = ["unshare", "--mount", sys.executable, __file__, str(system()), str(home)]
    with (home / "fcitx.log").open("wb") as log:
        daemon = subprocess.Popen(
            enter, env=dict(environment), stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
        try:
            fcitx = Fcitx4(environment)
            until(fcitx.is_there, 30, lambda: (home / "fcitx.log").read_text(errors="replace")[-600:])
            yield fcitx
        finally:
            daemon.terminate()
            daemon.wait(timeout=10)


def _enter(root: Path, home: Path) -> None:
    """Inside a mount namespace: show the system the session's sockets and home, and become fcitx."""
    chroots.mount("--bind", str(root), str(root))
    chroots.mount("-t", "proc", "proc", str(root / "proc"))
    chroots.mount_devices(root / "dev")
    address = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    bus = Path(address.partition("path=")[2].partition(",")[0])
    chroots.mount("-t", "tmpfs", "tmpfs", str(root / "tmp"))
    for path in (SOCKETS, home, bus):
        target = root / str(path).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            target.touch()
        chroots.mount("--bind", str(path), str(target))
    os.execvp("chroot", ["chroot", str(root), "/usr/bin/fcitx", "-D"])  # noqa: S606 -- becomes the daemon


if __name__ == "__main__":
    _enter(Path(sys.argv[1]), Path(sys.argv[2]))
