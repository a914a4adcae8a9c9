"""Type pinyin into the packaged tree through a real fcitx 5 and 4, and an ID number that ends in X.

    /usr/bin/python3 packaging/trials/pinyin.py [--tree DIR]

Run by the system's own Python, which has the bindings of AT-SPI; ``packaging/trials.sh`` installs them.
The same tree without the fcitx plugin must give no Chinese, so that the trial can fail. Pictures go to
``artefacts/trials/``.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import fcitx
import fcitx4
from screen import Screen, open_screen, until
from trees import KEPT, SHOTS, find_tree, version_of
from verdicts import Verdicts, finish

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager

    from accessible import Eyes
    from fcitx import Fcitx
    from fcitx4 import Fcitx4

_PLUGIN = "site/PySide6/Qt/plugins/platforminputcontexts/libfcitxplatforminputcontextplugin-qt6.so"
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_DESKTOP = {"XMODIFIERS": "@im=fcitx"}
_ENVIRONMENTS: tuple[tuple[dict[str, str], str], ...] = (
    (_DESKTOP, "fcitx"),
    ({"GTK_IM_MODULE": "fcitx5"}, "fcitx"),
    ({"QT_IM_MODULES": "wayland;fcitx;ibus"}, "fcitx"),
    ({"QT4_IM_MODULE": "fcitx"}, "fcitx"),
    ({"XMODIFIERS": "@im=ibus"}, "ibus"),
    ({}, ""),
)
"""What sessions set, and the input method the program shall be told of."""

_NAME, _NUMBER, _BORN = "姓名", "身份证号", "出生日期"


def main() -> int:
    """Try with the plugin and without; every act has a home, a screen and a session bus of its own."""
    parser = argparse.ArgumentParser(prog="pinyin.py")
    parser.add_argument("--tree", type=Path)
    parser.add_argument("--act", choices=sorted(_ACTS), help=argparse.SUPPRESS)
    parser.add_argument("--fcitx", choices=sorted(_DAEMONS), default="5", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    tree = find_tree(arguments.tree)
    if arguments.act:
        return _act(tree, arguments.act, arguments.fcitx)
    say = Verdicts("pinyin")
    sys.stderr.write("pinyin\n")
    say.attempt("the starter names the input method", lambda: _named(tree))
    say.attempt("nihao in the wizard, fcitx 5", lambda: _in_session(tree, "wizard"))
    say.attempt("a household, ID number with x", lambda: _in_session(tree, "household"))
    if os.geteuid() == 0 and shutil.which("debootstrap"):
        say.attempt("nihao in the wizard, fcitx 4", lambda: _in_session(tree, "wizard", "4"))
        say.attempt("a household, fcitx 4", lambda: _in_session(tree, "household", "4"))
    else:
        say.say("fcitx 4", None, "needs root and debootstrap")
    with _without_plugin(tree) as bare:
        say.attempt("without the plugin no Chinese", lambda: _in_session(bare, "without"))
    return finish(say.lines)


def _named(tree: Path) -> str:
    """Ask a process of the tree what input method Qt is told to use."""
    ask = [str(version_of(tree) / "run"), "python", "-c"]
    ask += ["import os; print(os.environ.get('QT_IM_MODULE', ''))"]
    for given, wanted in _ENVIRONMENTS:
        done = subprocess.run(
            ask, env={**_ours(), **given}, capture_output=True, text=True, check=True, timeout=60
        )
        if done.stdout.strip() != wanted:
            raise AssertionError(f"{given}: {done.stdout.strip()!r} instead of {wanted!r}")
    return f"{len(_ENVIRONMENTS)} sessions"


@dataclass
class Desk:
    """Everything before a person: the screen, the input method, and eyes for the widgets."""

    screen: Screen
    fcitx: Fcitx | Fcitx4
    eyes: Eyes
    name: str

    def shot(self, what: str) -> None:
        """Take a picture of the whole screen."""
        self.screen.shot(SHOTS / f"{self.name}-{what}.png")

    def switch(self) -> None:
        """Turn pinyin on with the keys people use, unless it is on."""
        self.screen.insist("ctrl+space", self.fcitx.is_active, "pinyin turned on")

    def compose(self, field: str, letters: str) -> str:
        """Type letters and take the first candidate; returns what stands in the field then."""
        self.screen.type(letters)
        self.shot("composing")
        self.screen.press("space")
        self.wait(field, lambda text: _HAN.search(text) is not None, "Chinese")
        return self.eyes.text(field)

    def wait(self, field: str, holds: Callable[[str], bool], what: str) -> None:
        """Wait until the text of a field is as it should be."""
        until(
            lambda: holds(self.eyes.text(field)),
            10,
            lambda: f"{what} in {field}: {self.eyes.text(field)!r}",
        )

    def to_place(self) -> str:
        """Go to the wizard's page of the place; returns the label of a field for a name."""
        self.eyes.press("下一步", 60)
        field = "村（社区）"
        self.eyes.focus(field)
        return field


def _wizard(desk: Desk) -> str:
    field = desk.to_place()
    desk.switch()
    text = desk.compose(field, "nihao")
    desk.shot("done")
    if text != "你好":
        raise AssertionError(f"{text!r} instead of 你好")
    return text


def _household(desk: Desk) -> str:
    """Add a household in the demonstration: a name in pinyin, then a number whose last sign is a letter."""
    desk.eyes.press("先看演示", 60)
    desk.eyes.press("周国栋", 120)  # one of the three who may work in it
    desk.eyes.press("新增农户", 60)
    desk.eyes.focus(_NAME)
    desk.switch()
    name = desk.compose(_NAME, "zhangwei")
    number = number_with_x("990101", "19800307")
    until(desk.fcitx.is_active, 10, "pinyin on before the number is typed")
    desk.eyes.focus(_NUMBER)
    desk.screen.type(number.lower())
    desk.wait(_NUMBER, lambda text: len(text) == len(number), "every sign")
    desk.screen.press("Tab")
    desk.wait(_NUMBER, lambda text: text == number, "a capital X")
    desk.wait(_BORN, lambda text: text.startswith("1980"), "the date of birth")
    desk.shot("done")
    desk.eyes.focus(_NAME)
    until(desk.fcitx.is_active, 10, "pinyin is still on in the next field for words")
    return f"{name}, {number[:6]}…{number[-4:]}, born {desk.eyes.text(_BORN)}"


def _no_chinese(desk: Desk) -> str:
    field = desk.to_place()
    desk.screen.press("ctrl+space")
    desk.screen.type("nihao")
    desk.screen.press("space")
    desk.wait(field, lambda text: "nihao " in text, "letters")
    desk.shot("done")
    text = desk.eyes.text(field)
    if _HAN.search(text) or desk.fcitx.is_active():
        raise AssertionError(f"{text!r}: the trial cannot tell whether the plugin works")
    return repr(text)


_DAEMONS: dict[str, Callable[..., AbstractContextManager[Fcitx | Fcitx4]]] = {
    "4": fcitx4.running,
    "5": fcitx.running,
}
_ACTS = {"wizard": _wizard, "household": _household, "without": _no_chinese}


def _in_session(tree: Path, act: str, number: str = "5") -> str:
    """Make a home, a screen and a session bus, and act there in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="babutong-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        with open_screen(home) as screen:
            inner = [sys.executable, __file__, "--tree", str(tree), "--act", act, "--fcitx", number]
            done = subprocess.run(
                ["dbus-run-session", "--", *inner],
                env=_environment(home, screen),
                capture_output=True,
                text=True,
                check=False,
                timeout=600,
            )
        log = home / "program.log"
        program = _said(log) if log.is_file() else ""
    if done.returncode:
        raise RuntimeError(f"{done.stdout.strip() or done.stderr[-600:]} {program}")
    # The registry of AT-SPI greets first.
    return f"{done.stdout.strip().splitlines()[-1]}; stderr {program or 'empty'}"


def _said(log: Path) -> str:
    """Return what the program said, less that a widget was gone when the trial asked about it."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return " / ".join(line for line in lines if "Could not find accessible on path" not in line)


def _act(tree: Path, name: str, number: str) -> int:
    """Inside the session: start fcitx and the program, act, and end them."""
    from accessible import Eyes  # only the system's Python has what it needs

    home = Path(os.environ["HOME"])
    screen = Screen(os.environ["DISPLAY"].lstrip(":"), Path(os.environ["XAUTHORITY"]))
    with _DAEMONS[number](home, os.environ) as daemon, _program(tree, home):
        desk = Desk(screen, daemon, Eyes(), f"pinyin-{name}" if number == "5" else f"pinyin{number}-{name}")
        try:
            print(_ACTS[name](desk))
        except (AssertionError, LookupError, RuntimeError) as error:
            desk.shot("failed")
            print(error)
            return 1
    return 0


def _ours() -> dict[str, str]:
    """Return our own environment without what it says of input methods and buses."""
    names = ("IM_MODULE", "XMODIFIERS", "DBUS_SESSION", "AT_SPI", "QT_")
    return {name: value for name, value in os.environ.items() if not any(one in name for one in names)}


def _environment(home: Path, screen: Screen) -> dict[str, str]:
    """Return the variables of a desktop session with fcitx and a screen reader."""
    folders = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    for name, inside in (("CONFIG", ".config"), ("DATA", ".local/share"), ("STATE", ".local/state")):
        folders[f"XDG_{name}_HOME"] = str(home / inside)
    reader = {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    return {**_ours(), **folders, **screen.environment(), **_DESKTOP, **reader}


@contextmanager
def _program(tree: Path, home: Path) -> Generator[None]:
    with (home / "program.log").open("wb") as log:
        start = [str(tree / "babutong")]
        program = subprocess.Popen(start, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            yield
        finally:
            program.terminate()
            program.wait(timeout=30)


@contextmanager
def _without_plugin(tree: Path) -> Generator[Path]:
    """Make a copy of the tree that lacks the plugin for fcitx."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="without-", dir=KEPT) as folder:
        copy = Path(folder) / "babutong"
        subprocess.run(["cp", "-a", "--reflink=auto", str(tree), str(copy)], check=True)
        plugin = version_of(copy) / _PLUGIN
        shutil.move(plugin, Path(folder) / plugin.name)
        yield copy


def number_with_x(region: str, born: str) -> str:
    """Return a number of a made-up region whose check sign by GB 11643 is X."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    for order in range(1, 1000):
        body = f"{region}{born}{order:03d}"
        total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
        if "10X98765432"[total % 11] == "X":
            return f"{body}X"
    raise LookupError("no such number")


if __name__ == "__main__":
    sys.exit(main())
