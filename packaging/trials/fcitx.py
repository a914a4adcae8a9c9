"""A real fcitx 5 with pinyin, configured in a home of its own."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from screen import until

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

_PROFILE = """\
[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin

[Groups/0/Items/0]
Name=keyboard-us
Layout=

[Groups/0/Items/1]
Name=pinyin
Layout=

[GroupOrder]
0=Default
"""
_ABSENT = "cloudpinyin,notifications,notificationitem,wayland,waylandim,kimpanel"
"""Parts that would look for a network or a desktop."""

_ACTIVE = "2"
_NAME = "org.fcitx.Fcitx5"


class Fcitx:
    """The running daemon."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def is_active(self) -> bool:
        """Tell whether letters typed now go through pinyin."""
        return self._ask() == _ACTIVE and self._ask("-n") == "pinyin"

    def is_there(self) -> bool:
        """Tell whether the daemon has its name on the bus; to ask itself would start another one."""
        ask = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus"]
        ask += ["/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner", f"string:{_NAME}"]
        asked = subprocess.run(
            ask, env=self._environment, capture_output=True, text=True, check=False, timeout=30
        )
        return "boolean true" in asked.stdout

    def _ask(self, *options: str) -> str:
        command = ["fcitx5-remote", *options]
        asked = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, check=False, timeout=30
        )
        return asked.stdout.strip()


@contextmanager
def running(home: Path, environment: Mapping[str, str]) -> Generator[Fcitx]:
    """Start fcitx on the screen and the bus of ``environment``."""
    folder = home / ".config" / "fcitx5"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profile").write_text(_PROFILE, encoding="utf-8")
    with (home / "fcitx.log").open("wb") as log:
        command = ["fcitx5", f"--disable={_ABSENT}"]
        daemon = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
        try:
            fcitx = Fcitx(environment)
            until(fcitx.is_there, 30, "an answer of fcitx")
            yield fcitx
        finally:
            daemon.terminate()
            daemon.wait(timeout=10)
