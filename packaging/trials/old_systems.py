"""Try the Linux tree on minimal systems of Debian 11 and 12 without network, and for arm64 under emulation.

    .venv/bin/python packaging/trials/old_systems.py                  everything
    .venv/bin/python packaging/trials/old_systems.py bookworm arm64   only these
    … --tree DIR --arm64-tree DIR                                     other trees than those under build/

As root on Debian with the packages ``packaging/trials.sh`` names. The minimal systems are kept under
``build/trials/``; each trial runs on a copy, in namespaces of its own. Pictures go to ``artefacts/trials/``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import namespaces
from chroots import base, fresh_copy
from inside import Order
from screen import open_screen
from story import Story, read_notice
from trees import KEPT, OWN, SHOTS, find_tree, version_of
from verdicts import Line, Verdicts, finish

RELEASES = ("bullseye", "bookworm")
ARM = "arm64"
_ENDED = "the trial came to its end"
_QEMU = "qemu-aarch64-static"


def main() -> int:
    """Try what was asked for and print one table."""
    parser = argparse.ArgumentParser(prog="old_systems.py")
    parser.add_argument("systems", nargs="*", metavar="SYSTEM", help=f"of {', '.join((*RELEASES, ARM))}")
    parser.add_argument("--tree", type=Path)
    parser.add_argument("--arm64-tree", type=Path)
    parser.add_argument("--villages", type=int, default=2)
    arguments = parser.parse_args()
    systems = arguments.systems or [*RELEASES, ARM]
    if set(systems) - {*RELEASES, ARM}:
        parser.error(f"unknown system among {systems}")
    KEPT.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # copies are removed on the way out
    lines: list[Line] = []
    for name in systems:
        say = Verdicts(name)
        sys.stderr.write(f"{name}\n")
        if name == ARM:
            _emulated(arguments.arm64_tree, say)
        else:
            say.attempt(_ENDED, partial(_native, name, arguments, say))
        lines += say.lines
    return finish(lines)


def _native(release: str, arguments: argparse.Namespace, say: Verdicts) -> str:
    """Try the tree on one release, with its window on a screen outside."""
    tree = find_tree(arguments.tree)
    root = base(release)
    with tempfile.TemporaryDirectory(prefix="babutong-") as folder:
        out = Path(folder)
        with open_screen(out) as screen, fresh_copy(root, tree) as copy:
            order = Order(
                release,
                str(copy),
                folder,
                arguments.villages,
                households=30,
                patience=300,
                display=screen.number,
                cookie=str(screen.cookie),
            )
            code = _carry_out(order, 1800)
        _collect(out, release, say)
    _require_end(code)
    return "its copy is removed"


def _emulated(given: Path | None, say: Verdicts) -> None:
    """Try the arm64 tree in the best way this computer has."""
    if shutil.which(_QEMU) is None:
        say.say("emulation", None, f"{_QEMU} is not installed")
        return
    tree = find_tree(given, ARM)
    if namespaces.has_binfmt() or namespaces.can_own_binfmt():
        say.attempt(_ENDED, partial(_in_arm_system, tree, say))
    else:
        say.say(
            "a minimal arm64 system", None, "this kernel gives no table of binary formats; loader under qemu"
        )
        _under_qemu(tree, say)


def _in_arm_system(tree: Path, say: Verdicts) -> str:
    own_users = not namespaces.has_binfmt()
    root = base("bookworm", ARM)
    with tempfile.TemporaryDirectory(prefix="babutong-") as folder, fresh_copy(root, tree) as copy:
        order = Order(ARM, str(copy), folder, villages=1, households=8, patience=1200)
        code = _carry_out(order, 7200, own_users=own_users)
        _collect(Path(folder), ARM, say)
    way = "binfmt_misc of a user namespace" if own_users else "binfmt_misc of this computer"
    _require_end(code)
    return f"a chroot, {way}"


def _under_qemu(tree: Path, say: Verdicts) -> None:
    """Start the tree's own loader under qemu: without a shell, and no second process can be started."""
    version = version_of(tree)
    runtime = version / "runtime"
    loader = next((runtime / "lib").glob("ld-linux-*"))
    python = next((runtime / "bin").glob("python3*"))
    start = [_QEMU, str(loader), "--library-path", str(runtime / "lib"), "--argv0", str(python), str(python)]

    with tempfile.TemporaryDirectory(prefix="babutong-") as folder:
        clean = {"HOME": folder, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        clean |= {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}  # as versions/*/run sets them

        def cli(line: list[str]) -> tuple[int, str, str]:
            command = namespaces.command([*start, "-s", "-P", "-m", "app.cli", *line])
            done = subprocess.run(
                command, env=clean, capture_output=True, text=True, check=False, timeout=1200
            )
            return done.returncode, done.stdout, done.stderr

        say.say("self-check", None, "it starts a second process for the window, which only a kernel can do")
        Story(cli, f"{folder}/demo", 1, 8).tell(say, with_check=False)
        say.attempt("the notice's text", lambda: read_notice(Path(folder) / "demo" / "notice.pdf"))


def _carry_out(order: Order, patience: float, *, own_users: bool = False) -> int:
    written = order.save(Path(order.out) / "order.json")
    inside = [sys.executable, str(Path(__file__).with_name("inside.py")), str(written)]
    return namespaces.run(namespaces.command(inside), patience, own_users=own_users)


def _collect(out: Path, name: str, say: Verdicts) -> None:
    """Take what came back: the lines, the notice and the pictures."""
    if (out / "lines.json").is_file():
        say.take(out / "lines.json")
    SHOTS.mkdir(parents=True, exist_ok=True)
    for file in (*out.glob("*.png"), *out.glob("*.pdf")):
        shutil.copyfile(file, SHOTS / f"{name}-{file.name}")


def _require_end(code: int) -> None:
    if code:
        raise RuntimeError(f"the process inside ended with {code}")


if __name__ == "__main__":
    if OWN == "":
        sys.exit("only on amd64 and arm64")
    sys.exit(main())
