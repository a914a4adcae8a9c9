"""Minimal systems of Debian in folders: made once, copied for each trial, entered as an ordinary user.

``base`` and ``fresh_copy`` work on the computer itself; everything of ``System`` has to run in namespaces of
its own (``namespaces.py``), so that its mounts end with the process whatever happens.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import namespaces
from trees import KEPT, OWN

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import debian  # the path is set just above

if TYPE_CHECKING:
    from collections.abc import Generator

USER = "1000"
HOME = "/home/cadre"
PROGRAM = "/opt/babutong"
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")


def base(release: str, arch: str = OWN, *, name: str = "", include: tuple[str, ...] = ()) -> Path:
    """Return the untouched minimal system of a release, made now unless it was kept from the last time.

    With packages besides it has a name of its own.
    """
    root = KEPT / (name or (release if arch == OWN else f"{release}-{arch}"))
    if root.is_dir():
        return root
    making = root.with_name(f"{root.name}.new")
    shutil.rmtree(making, ignore_errors=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    sys.stderr.write(f"  debootstrap {release} {arch} …\n")
    archive, _security = debian.mirrors()
    command = ["debootstrap", "--variant=minbase", f"--keyring={debian.KEYRING}", f"--arch={arch}"]
    command += [] if arch == OWN else ["--foreign"]
    command += [f"--include={','.join(include)}"] if include else []
    _quietly([*command, release, str(making), archive], making)
    if arch != OWN:
        finish = [sys.executable, str(Path(__file__).with_name("second_stage.py")), str(making)]
        _quietly(namespaces.command(finish), making, own_users=not namespaces.has_binfmt())
    making.rename(root)
    return root


def _quietly(command: list[str], root: Path, *, own_users: bool = False) -> None:
    log = root.with_name(f"{root.name}.log")
    with log.open("ab") as out:
        code = namespaces.run(command, 1800, own_users=own_users, out=out)
    if code:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
        raise RuntimeError(f"exit {code}; {log} ends with: {' / '.join(tail)}")


@contextmanager
def fresh_copy(root: Path, tree: Path) -> Generator[Path]:
    """Copy a minimal system with the tree under ``/opt/babutong``; the copy is removed at the end."""
    copy = Path(tempfile.mkdtemp(prefix=f"{root.name}-", dir=KEPT))
    try:
        inside = copy / "root"
        subprocess.run(["cp", "-a", "--reflink=auto", str(root), str(inside)], check=True)
        target = inside / PROGRAM.lstrip("/")
        subprocess.run(["cp", "-a", "--reflink=auto", str(tree), str(target)], check=True)
        subprocess.run(["chown", "-R", "0:0", str(target)], check=True)
        yield inside
    finally:
        # Nothing is mounted here: mounts are made in another namespace, which has ended.
        shutil.rmtree(copy, ignore_errors=True)


@dataclass(frozen=True)
class System:
    """A minimal system to be entered."""

    root: Path

    def prepare(self) -> None:
        """Mount what a program needs and add the user."""
        mount("-t", "proc", "proc", str(self.root / "proc"))
        mount_devices(self.root / "dev")
        add = ["useradd", "--uid", USER, "--create-home", "--home-dir", HOME, "--shell", "/bin/sh", "cadre"]
        subprocess.run(["chroot", str(self.root), *add], check=True, timeout=300)

    def show(self, path: Path) -> None:
        """Show one file of the computer, such as a socket, at the same place inside."""
        target = self.root / str(path).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.parent.chmod(0o1777)
        target.touch()
        mount("--bind", str(path), str(target))

    def give(self, path: Path, name: str) -> str:
        """Copy a file into the user's home; returns its path inside."""
        target = self.root / HOME.lstrip("/") / name
        shutil.copyfile(path, target)
        shutil.chown(target, int(USER), int(USER))
        target.chmod(0o600)
        return f"{HOME}/{name}"

    def command(self, *words: str, **more: str) -> list[str]:
        """Return how to run something inside as the user, with nothing of our environment."""
        environment = {"HOME": HOME, "USER": "cadre", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **more}
        line = ["chroot", f"--userspec={USER}:{USER}", str(self.root), "/usr/bin/env", "-i", "-C", HOME]
        return [*line, *(f"{name}={value}" for name, value in environment.items()), *words]

    def ask(self, *words: str, patience: float = 300) -> tuple[int, str, str]:
        """Run something inside as the user; returns exit code, stdout and stderr."""
        command = self.command(*words)
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=patience)
        return done.returncode, done.stdout, done.stderr


def mount(*words: str) -> None:
    """Mount something in this namespace."""
    subprocess.run(["mount", *words], check=True, timeout=60)


def mount_devices(target: Path) -> None:
    """Mount a small /dev: seven devices and shared memory."""
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", str(target))
    for name in _DEVICES:
        (target / name).touch()
        mount("--bind", f"/dev/{name}", str(target / name))
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        (target / name).symlink_to(f"/proc/self/fd/{number}")
    (target / "fd").symlink_to("/proc/self/fd")
    (target / "shm").mkdir()
    mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(target / "shm"))
