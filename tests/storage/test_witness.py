"""Restored, copied, moved: what the witness notices when the workspace is opened, and what it cannot."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from app import paths
from app.domain.person import Actor
from app.storage import alerts, tables, witness
from app.storage.merge import merge, streams_of
from app.storage.workspace import Workspace
from tests.storage.conftest import KEY, VILLAGE, PlainJudge, SetClock, found, household
from tests.storage.nodes import ALLOW


def opened(folder: Path, clock: SetClock) -> Workspace:
    return Workspace.open(folder, KEY, PlainJudge(), clock)


def incarnation(workspace: Workspace) -> bytes:
    with workspace.read() as conn:
        found_one: bytes = conn.execute(select(tables.device.c.incarnation)).scalar_one()
        return found_one


def whys(workspace: Workspace) -> list[object]:
    with workspace.read() as conn:
        return [one.detail["why"] for one in alerts.open_alerts(conn) if one.kind == "rotated"]


Change = Callable[[Path, pytest.MonkeyPatch], Path]


def nothing(folder: Path, _patch: pytest.MonkeyPatch) -> Path:
    return folder


def old_file_back(folder: Path, _patch: pytest.MonkeyPatch) -> Path:
    shutil.copyfile(folder.parent / "old.db", folder / "workspace.db")
    return folder


def copied_here(folder: Path, _patch: pytest.MonkeyPatch) -> Path:
    return Path(shutil.copytree(folder, folder.parent / "copy"))


def other_machine(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    patch.setattr(platform, "node", lambda: "another")
    return folder


def copied_to_another(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    patch.setenv("BABUTONG_STATE", str(folder.parent / "elsewhere"))
    return copied_here(folder, patch)


def sidecar_damaged(folder: Path, _patch: pytest.MonkeyPatch) -> Path:
    [sidecar] = (paths.state_dir() / "witness").glob("*.json")
    sidecar.write_text("[]", encoding="utf-8")
    return folder


def whole_disk_back(folder: Path, _patch: pytest.MonkeyPatch) -> Path:
    shutil.copyfile(folder.parent / "old.db", folder / "workspace.db")
    shutil.copytree(folder.parent / "old_state", paths.state_dir(), dirs_exist_ok=True)
    return folder


@pytest.fixture
def used(tmp_path: Path, clock: SetClock, actor: Actor) -> Path:
    """A closed workspace that was used twice, with its file and witness as they were between."""
    made = found(tmp_path / "w", clock)
    with made.write(actor) as tx:
        household(tx)
    made.close()
    shutil.copyfile(made.folder / "workspace.db", tmp_path / "old.db")
    shutil.copytree(paths.state_dir(), tmp_path / "old_state")
    again = opened(made.folder, clock)
    with again.write(actor) as tx:
        household(tx, "赵六")
    again.close()
    return made.folder


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (nothing, []),
        (old_file_back, ["nonce"]),
        (copied_here, ["path"]),
        (other_machine, ["machine"]),
        (copied_to_another, ["missing"]),
        (sidecar_damaged, ["missing"]),
        (whole_disk_back, []),
    ],
)
def test_a_restored_or_copied_workspace_writes_under_another_incarnation(
    used: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch, change: Change, why: list[str]
) -> None:
    first = opened(used, clock)
    before = incarnation(first)
    first.close()
    second = opened(change(used, monkeypatch), clock)
    assert whys(second) == why
    assert (incarnation(second) == before) is (not why)
    second.close()
    third = opened(second.folder, clock)
    assert whys(third) == why  # noticed once
    third.close()


def forks_after_a_restore(tmp_path: Path, used: Path, clock: SetClock, actor: Actor) -> int:
    """Restore the older file, write on, and count the forks a third computer sees."""
    hub = found(tmp_path / "hub", clock, "hub")
    forks = 0
    for back in (False, True):
        if back:
            old_file_back(used, pytest.MonkeyPatch())
        laptop = opened(used, clock)
        if back:
            with laptop.write(actor) as tx:
                household(tx, "钱七")
        with laptop.read() as conn:
            parts = streams_of(conn, [VILLAGE])
        with hub.bookkeeping() as conn:
            forks += len(merge(conn, parts, ALLOW, hub.deriver, 1_772_000_000_000).forked)
        laptop.close()
    hub.close()
    return forks


def test_a_restored_file_makes_no_fork(tmp_path: Path, used: Path, clock: SetClock, actor: Actor) -> None:
    assert forks_after_a_restore(tmp_path, used, clock, actor) == 0


def test_without_the_witness_it_would(
    tmp_path: Path, used: Path, clock: SetClock, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness, "check", lambda _workspace: False)
    assert forks_after_a_restore(tmp_path, used, clock, actor) == 1
