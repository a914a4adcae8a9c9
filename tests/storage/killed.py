"""Programs that are killed: what they do until then, and how they are started quickly.

Each works in a process forked from a server that has everything imported, and appends to a log what is done:
a line there is a promise. What a killed process wrote to a file stays, so the log needs no pipe.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from app.files.package import PackageKind
from app.storage import tables
from app.usecases import backups, exports, keys, merges, workspaces
from app.usecases.clock import FixedClock

CLOCK = datetime(2026, 10, 7, 4, 0, tzinfo=UTC)
WORDS = ("石榴 毛竹 豆腐 山泉 木桥 77", "灯笼 锄头 梨花 小路 磨盘 88")
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.storage.killed", "app.usecases.policy", "pypinyin"])


@dataclass(frozen=True)
class Desk:
    """A township's computer: its folder, the packages that lie there, where its own files go."""

    folder: Path
    packages: tuple[Path, ...]
    out: Path
    log: Path

    def said(self) -> list[tuple[str, str]]:
        """Return what was promised; a line cut off by the death is none."""
        if not self.log.exists():
            return []
        whole = self.log.read_text(encoding="utf-8").split("\n")[:-1]
        return [(word, rest) for word, _, rest in (line.partition(" ") for line in whole)]


def unlock(folder: Path):
    """Open with the passphrase that holds: which one it is, is not known after a death."""
    for words in WORDS:
        try:
            return workspaces.unlock(folder, words, FixedClock(CLOCK)), words
        except workspaces.Refused as error:
            if error.code != "keys.wrong_passphrase":
                raise
    raise AssertionError("no passphrase opens it")


def at_work(desk: Desk, seed: int) -> None:
    """Take every package in; between them write, export, back up and change the passphrase."""
    dice = random.Random(seed)
    log = os.open(desk.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def promise(line: str) -> None:
        os.write(log, f"{line}\n".encode())

    office, words = unlock(desk.folder)
    with office.workspace.read() as conn:
        there = {row.package for row in conn.execute(tables.import_log.select())}
    for number, path in enumerate(desk.packages):
        if sha256(path) in there:
            continue
        [outcome] = merges.merge_files(office, [path])
        assert outcome.refused is None, outcome.refused
        promise(f"took {sha256(path)}")
        name = f"韦{chr(0x4E00 + dice.randrange(20_000))}"
        made = workspaces.add_person(office, {"name": name})
        promise(f"wrote {made.touched[0][1]} {name}")
        if number % 2:
            for sent in exports.export(office, desk.out, PackageKind.DOWN):
                for file in sent.files:
                    promise(f"sent {file.name}")
        if number % 3 == 0:
            promise(f"kept {backups.back_up(office, desk.out).path.name}")
        if number % 2 == 0:
            words = WORDS[1 - WORDS.index(words)]
            keys.change_passphrase(desk.folder, WORDS[1 - WORDS.index(words)], words)
            promise(f"words {WORDS.index(words)}")
    promise("complete")
    workspaces.close(office)


def log_before_data(desk: Desk, seed: int) -> None:
    """The control: a program that notes a package as taken in before it is, in a transaction of its own."""
    inner = merges._take

    def take(office, conn, package, path=None):
        inner(office, conn, package, path)
        rows = [dict(row) for row in conn.execute(tables.import_log.select()).mappings()]
        row = max(rows, key=lambda one: one["lid"])
        conn.exec_driver_sql("ROLLBACK")
        conn.exec_driver_sql("BEGIN IMMEDIATE")
        conn.execute(tables.import_log.insert().values(**row))
        conn.exec_driver_sql("COMMIT")
        Event().wait(0.2)  # the moment in which it is wrong, long enough to be met by few deaths
        conn.exec_driver_sql("BEGIN IMMEDIATE")
        return inner(office, conn, package, path)

    merges._take = take
    at_work(desk, seed)


def migrating(desk: Desk, _seed: int) -> None:
    """Open what an older program left, again and again from the start."""
    office = workspaces.unlock(desk.folder, desk.out.read_text(encoding="utf-8").strip(), FixedClock(CLOCK))
    workspaces.close(office)
    os.close(os.open(desk.log, os.O_CREAT | os.O_WRONLY))


def sha256(path: Path) -> str:
    from app.storage.backup import digest_of

    return digest_of(path)


def killed_after(work: Callable[[Desk, int], None], desk: Desk, seed: int, seconds: float) -> bool:
    """Let ``work`` go on for a while and kill it; return whether it was done by then."""
    child = _SERVER.Process(target=work, args=(desk, seed))
    child.start()
    until = time.monotonic() + seconds
    child.join(max(0.0, until - time.monotonic()))
    if child.exitcode is None:
        child.kill()
    child.join()
    code = child.exitcode
    child.close()
    assert code in {0, -signal.SIGKILL}, code
    return code == 0


def halves(folder: Path, patterns: Sequence[str] = ("*.part", "*.copy")) -> list[Path]:
    """Return the half files a death left behind."""
    return [path for pattern in patterns for path in folder.rglob(pattern)]
