"""A screen nobody sees: Xvfb with a window manager, and what a person does in front of it.

    with open_screen(folder) as screen:
        program = subprocess.Popen([…], env={**os.environ, **screen.environment()})
        window = screen.until_painted("八步通")
        screen.shot(Path("picture.png"), window)
        screen.press("alt+F4")

No waiting for a time: everything is asked again until it holds or its patience ends.
"""

from __future__ import annotations

import os
import secrets
import select
import struct
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

T = TypeVar("T")

SOCKETS = Path("/", "tmp", ".X11-unix")
"""Where X servers of a computer listen, whatever TMPDIR says."""

_SIZE = "1366x768x24"
_ANY_DISPLAY = 0xFFFF
_STILL = 3
_SECOND_TRY = 5.0
_COLOURS = 100  # a window that is mapped but not yet painted has a handful


def until(look: Callable[[], T], patience: float, what: str | Callable[[], object]) -> T:
    """Ask again and again until the answer is true, and return it; ``what`` may be asked for at the end.

    Raises:
        RuntimeError: it never was within ``patience`` seconds.
    """
    end = time.monotonic() + patience
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            said = what if isinstance(what, str) else what()
            raise RuntimeError(f"never within {patience:.0f} s: {said}")
        threading.Event().wait(0.1)


@dataclass(frozen=True)
class Screen:
    """A running X server, reached through its socket and a cookie."""

    number: str
    cookie: Path

    def environment(self) -> dict[str, str]:
        """Return the variables a program on this screen needs."""
        return {"DISPLAY": f":{self.number}", "XAUTHORITY": str(self.cookie)}

    def socket(self) -> Path:
        """Return the socket of the server."""
        return SOCKETS / f"X{self.number}"

    def windows(self) -> dict[str, str]:
        """Return the titles of all visible windows by their number."""
        found = self._ask("xdotool", "search", "--onlyvisible", "--name", ".").split()
        return {one: self._ask("xdotool", "getwindowname", one) for one in found}

    def until_painted(self, title: str, patience: float = 60) -> str:
        """Wait for a window whose title holds ``title`` and which shows more than a few colours."""

        def look() -> str:
            for window, name in self.windows().items():
                if title in name and self._is_viewable(window) and self.colours(window) >= _COLOURS:
                    return window
            return ""

        return until(look, patience, lambda: f"painted: {title!r}; there are {self.windows()}")

    def until_still(self, window: str, patience: float = 30) -> None:
        """Wait until nothing moves any more: three pictures in a row are the same."""
        seen: list[bytes] = []

        def look() -> bool:
            seen.append(self._picture(window))
            return len(seen) > _STILL and len(set(seen[-_STILL:])) == 1

        until(look, patience, "a picture that stays")

    def colours(self, window: str) -> int:
        """Return how many colours a window shows now."""
        asked = ["identify", "-format", "%k", "ppm:-"]
        picture = self._picture(window)
        counted = subprocess.run(asked, input=picture, capture_output=True, check=False, timeout=60)
        return int(counted.stdout or b"0")

    def _picture(self, window: str) -> bytes:
        asked = ["import", "-silent", "-window", window, "ppm:-"]
        return subprocess.run(asked, env=self._env(), capture_output=True, check=False, timeout=60).stdout

    def shot(self, path: Path, window: str = "root") -> Path:
        """Take a picture of a window or of the whole screen."""
        path.parent.mkdir(parents=True, exist_ok=True)
        asked = ["import", "-silent", "-window", window, str(path)]
        subprocess.run(asked, env=self._env(), check=True, timeout=60)
        return path

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        subprocess.run(["xdotool", "key", "--delay", "30", *keys], env=self._env(), check=True, timeout=60)

    def insist(self, key: str, done: Callable[[], object], what: str) -> None:
        """Press a key, and again if nothing comes of it, as a person does.

        Raises:
            RuntimeError: nothing came of it in a minute.
        """

        def look() -> object:
            if not done():
                self.press(key)
            try:
                return until(done, _SECOND_TRY, what)
            except RuntimeError:
                return None

        until(look, 60, what)

    def type(self, text: str) -> None:
        """Type letters key by key, as fast as a quick typist."""
        asked = ["xdotool", "type", "--delay", "60", text]
        subprocess.run(asked, env=self._env(), check=True, timeout=60)

    def paste(self, text: str) -> None:
        """Put a text on the clipboard and press the keys that paste it."""
        # It stays in the background and hands the text out until another one is copied or the screen ends.
        copy = ["xclip", "-selection", "clipboard", "-in"]
        subprocess.run(
            copy,
            input=text.encode(),
            env=self._env(),
            check=True,
            timeout=60,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.press("ctrl+v")

    def _is_viewable(self, window: str) -> bool:
        return "IsViewable" in self._ask("xwininfo", "-id", window)

    def _ask(self, *command: str) -> str:
        """Return what a program said; nothing when the window is gone by now."""
        asked = subprocess.run(
            command, env=self._env(), capture_output=True, text=True, check=False, timeout=60
        )
        return asked.stdout.strip()

    def _env(self) -> dict[str, str]:
        return {**os.environ, **self.environment()}


@contextmanager
def open_screen(folder: Path) -> Generator[Screen]:
    """Start an X server and a window manager; both end with the block."""
    cookie = folder / "cookie"
    _write_cookie(cookie)
    reading, writing = os.pipe()
    server = ["Xvfb", "-displayfd", str(writing), "-auth", str(cookie), "-screen", "0", _SIZE]
    server += ["-nolisten", "tcp", "-noreset"]
    with (folder / "screen.log").open("wb") as log, _running(server, log, writing):
        os.close(writing)
        screen = Screen(_number(reading), cookie)
        environment = {**os.environ, **screen.environment()}
        with _running(["openbox"], log, environment=environment):
            ready = ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]
            until(lambda: "window id" in screen._ask(*ready), 30, "a window manager")  # noqa: SLF001 -- its maker
            # The first key makes the server change keyboards; the window manager grabs its keys anew then.
            screen.press("Shift_L")
            yield screen


def _write_cookie(path: Path) -> None:
    """Write a cookie that holds for whatever number the server takes (the format of Xau(3))."""
    name, data = b"MIT-MAGIC-COOKIE-1", secrets.token_bytes(16)
    parts = b"".join(struct.pack(">H", len(part)) + part for part in (b"", b"", name, data))
    path.touch(mode=0o600)
    path.write_bytes(struct.pack(">H", _ANY_DISPLAY) + parts)


def _number(reading: int) -> str:
    with os.fdopen(reading) as said:
        if not select.select([said], [], [], 30)[0]:
            raise RuntimeError("the X server names no display")
        return said.readline().strip()


@contextmanager
def _running(
    command: list[str], log: IO[bytes], passed: int = -1, environment: dict[str, str] | None = None
) -> Generator[None]:
    keep = (passed,) if passed >= 0 else ()
    process = subprocess.Popen(
        command,
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
        pass_fds=keep,
        env=environment,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
