"""One trial of the tree inside a minimal system; started by ``old_systems.py`` in namespaces of its own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import namespaces
from chroots import HOME, PROGRAM, USER, System
from screen import Screen, until
from story import Story, read_notice, require
from verdicts import Verdicts

TITLE = "八步通"
_LACKING = re.compile(
    r"plugin|librar|shared object|cannot open|could not|not found|no such file", re.IGNORECASE
)


@dataclass(frozen=True)
class Order:
    """What to try; written by the caller, read by the process inside."""

    name: str
    root: str
    out: str  # the folder for what comes back: lines.json, notice.pdf, window.png, home.png
    villages: int
    households: int
    patience: float
    display: str = ""  # number of an X server; without one the window is not opened
    cookie: str = ""

    def save(self, path: Path) -> Path:
        """Write it down."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")
        return path


def main() -> int:
    """Carry out the order in the file named on the command line."""
    order = Order(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    say = Verdicts(order.name)
    try:
        _try_all(order, say)
    finally:
        say.keep(Path(order.out) / "lines.json")
    return 0


def _try_all(order: Order, say: Verdicts) -> None:
    require(namespaces.is_first(), "started by hand; use old_systems.py")
    if not order.display and not namespaces.has_binfmt():
        namespaces.teach_arm64()
    system = System(Path(order.root))
    system.prepare()
    say.say("no network", namespaces.network() == "lo down", f"interfaces: {namespaces.network()}")
    say.attempt("a bare system", lambda: _bare(system))
    folder = f"{HOME}/demo"
    story = Story(lambda line: _cli(system, line, order.patience), folder, order.villages, order.households)
    story.tell(say)
    paper = system.root / folder.lstrip("/") / "notice.pdf"
    if paper.is_file():
        kept = shutil.copyfile(paper, Path(order.out) / "notice.pdf")
        say.attempt("the notice's text", lambda: read_notice(kept))
    if order.display:
        screen = Screen(order.display, Path(order.cookie))
        system.show(screen.socket())
        cookie = system.give(screen.cookie, "cookie")
        look = _Looking(system, screen, cookie, Path(order.out))
        say.attempt("the window: painted, closed, exit 0", lambda: look.start("window"))
        if (system.root / folder.lstrip("/") / "passphrase.txt").is_file():
            say.attempt("a workspace unlocked in the window", lambda: look.unlock(folder))


def _cli(system: System, line: list[str], patience: float) -> tuple[int, str, str]:
    return system.ask(f"{PROGRAM}/babutong-cli", *line, patience=patience)


def _bare(system: System) -> str:
    """Check that nothing our program needs is there and who we are."""
    for name in ("python3", "python", "fc-list", "qmake"):
        require(system.ask("sh", "-c", f"command -v {name}")[0] != 0, f"{name} is installed")
    require(not (system.root / "usr/share/fonts").exists(), "fonts are installed")
    libraries = list(system.root.glob("usr/lib/*/libX11*")) + list(system.root.glob("usr/lib/*/libQt*"))
    require(not libraries, libraries)
    asked = "id -u; . /etc/os-release; echo $VERSION_ID; uname -m"
    user, release, machine = system.ask("sh", "-c", asked)[1].split()
    require(user == USER, user)
    libc = system.ask("sh", "-c", "ldd --version 2>&1 | head -n 1")[1].split()[-1]
    return f"Debian {release} {machine}, glibc {libc}, uid {user}, no python3, fonts, Qt, X"


@dataclass(frozen=True)
class _Looking:
    """Opens the window of the program inside on a screen outside."""

    system: System
    screen: Screen
    cookie: str
    out: Path

    def start(self, name: str, *arguments: str) -> str:
        """Start, wait for the first painted window, take a picture, close it as a person does."""
        process, errors = self._open(*arguments)
        try:
            window = self.screen.until_painted(TITLE)
            self.screen.until_still(window)
            self.screen.shot(self.out / f"{name}.png", window)
            colours = self.screen.colours(window)
            return f"{colours} colours, {self._close(process, errors)}"
        finally:
            process.kill()

    def unlock(self, folder: str) -> str:
        """Open a village made on the command line with its passphrase."""
        passphrase = (self.system.root / folder.lstrip("/") / "passphrase.txt").read_text(encoding="utf-8")
        process, errors = self._open("--workspace", f"{folder}/village-01")
        try:
            self.screen.until_painted(TITLE)
            self.screen.paste(passphrase.strip())  # Chinese words: no keyboard has them
            # Then the first of three people says who works.
            until(self._comes_home, 60, "the home of the village")
            window = self.screen.until_painted("石板村")
            self.screen.until_still(window)
            self.screen.shot(self.out / "home.png", window)
            return f"{self.screen.colours(window)} colours, {self._close(process, errors)}"
        except RuntimeError:
            self.screen.shot(self.out / "failed.png")
            raise
        finally:
            process.kill()

    def _comes_home(self) -> bool:
        if any("石板村" in title for title in self.screen.windows().values()):
            return True
        self.screen.press("Return")
        return False

    def _open(self, *arguments: str) -> tuple[subprocess.Popen[bytes], Path]:
        errors = self.out / "stderr.txt"
        more = {"DISPLAY": f":{self.screen.number}", "XAUTHORITY": self.cookie}
        command = self.system.command(f"{PROGRAM}/babutong", *arguments, **more)
        with errors.open("wb") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL), errors

    def _close(self, process: subprocess.Popen[bytes], errors: Path) -> str:
        # The window manager asks the window to close, as its cross does.
        self.screen.insist("alt+F4", lambda: process.poll() is not None, "the end of the program")
        code = process.wait()
        until(lambda: not self.screen.windows(), 10, "no window left")
        said = errors.read_text(encoding="utf-8", errors="replace").strip()
        require(code == 0, f"exit {code}; {said[-400:]}")
        require(_LACKING.search(said) is None, said)
        return f"exit 0, stderr {said or 'empty'}"


if __name__ == "__main__":
    sys.exit(main())
