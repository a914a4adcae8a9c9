"""An update from a stick: whatever goes wrong, the program that worked before still starts."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.errors import AppError, Refused, Unavailable
from app.files import installation
from app.storage import kept
from app.usecases import updates
from app.usecases.office import Watch
from tests.architecture.sources import ROOT
from tests.files.update_setting import KEYS, files_of, lay, make_root, make_update, seen_from

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the small versions are shell scripts")


@pytest.fixture
def here(tmp_path: Path):
    return make_root(tmp_path / "root")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def code_of(work) -> str:
    with pytest.raises(AppError) as caught:
        work()
    return caught.value.code


def standing(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def offer(here, stick: Path, version: str = "1.1.0", **more):
    return updates.look_at(make_update(stick / "a.upd", version, **more), here, KEYS)


def test_an_update_is_installed_beside_and_named(here, stick):
    told, backed_up = [], []
    found = offer(here, stick)
    assert (found.running, found.version) == ("1.0.0", "1.1.0")
    watch = Watch(lambda *now: told.append(now), lambda: False)
    assert updates.install(found, here, lambda: backed_up.append(1), watch) == "1.1.0"
    new = seen_from(here.root, "1.1.0")
    assert (new.current, new.previous, backed_up) == ("1.1.0", "1.0.0", [1])
    assert sorted(path.name for path in (here.root / "versions").iterdir()) == ["1.0.0", "1.1.0"]
    assert (new.folder("1.1.0") / "run").read_bytes() == files_of("1.1.0")["run"]
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (100, 100)


@pytest.mark.parametrize(
    ("version", "code"), [("0.9.9", "update.older"), ("1.0.0", "update.same"), ("0.10.0", "update.older")]
)
def test_a_downgrade_is_refused(here, stick, version, code):
    assert code_of(lambda: offer(here, stick, version)) == code


def test_what_waits_for_the_restart_is_not_installed_twice(here, stick):
    found = offer(here, stick)
    updates.install(found, here)
    assert code_of(lambda: offer(seen_from(here.root, "1.0.0"), stick)) == "update.waits"


def test_another_systems_update_is_refused(here, stick):
    assert code_of(lambda: offer(here, stick, platform="windows-amd64")) == "update.other_platform"


def test_without_a_known_key_nothing_is_taken(here, stick):
    made = make_update(stick / "a.upd")
    assert code_of(lambda: updates.look_at(made, here, {})) == "update.unknown_key"
    assert set(updates.release_keys()) >= set()  # the list that ships can be read


def test_who_does_not_replace_itself_says_so(tmp_path, stick):
    assert code_of(lambda: offer(None, stick)) == "update.from_source"
    deb = make_root(tmp_path / "deb", channel="deb")
    assert code_of(lambda: offer(deb, stick)) == "update.by_package"


@pytest.mark.parametrize("check", ["echo 字体少了一个; exit 1", "exit 3", "kill -9 $$"])
def test_a_version_that_fails_its_own_check_is_removed(here, stick, check):
    before = standing(here.root)
    found = offer(here, stick, files=files_of("1.1.0", check))
    with pytest.raises(Refused) as caught:
        updates.install(found, here)
    assert caught.value.code == "update.self_check_failed"
    assert caught.value.params["what"]
    assert standing(here.root) == before


def test_a_stick_pulled_out_after_the_offer(here, stick):
    before = standing(here.root)
    found = offer(here, stick)
    shutil.rmtree(stick)
    assert code_of(lambda: updates.install(found, here)) == "update.unreadable"
    assert standing(here.root) == before


def test_a_file_changed_after_the_offer(here, stick):
    before = standing(here.root)
    found = offer(here, stick)
    spoilt = bytearray(found.update.path.read_bytes())
    spoilt[len(spoilt) // 2] ^= 4
    found.update.path.write_bytes(spoilt)
    assert code_of(lambda: updates.install(found, here)) == "update.damaged"
    assert standing(here.root) == before


def test_too_little_room_is_said_before_anything_is_unpacked(here, stick, monkeypatch):
    before = standing(here.root)
    usage = shutil.disk_usage(here.root)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage._replace(free=1000))
    assert code_of(lambda: updates.install(offer(here, stick), here)) == "disk.full"
    assert standing(here.root) == before


def test_without_a_backup_nothing_is_unpacked(here, stick):
    before = standing(here.root)

    def no_room() -> None:
        raise Unavailable("disk.full", needed_mb=5)

    assert code_of(lambda: updates.install(offer(here, stick), here, no_room)) == "disk.full"
    assert standing(here.root) == before


@pytest.mark.parametrize("at", [0, 3, 6])
def test_it_can_be_stopped_at_any_point(here, stick, at):
    before = standing(here.root)
    asked = iter(range(1000))
    watch = Watch(cancelled=lambda: next(asked) >= at)
    assert code_of(lambda: updates.install(offer(here, stick), here, None, watch)) == "work.cancelled"
    assert standing(here.root) == before


def test_a_self_check_that_takes_long_can_be_stopped(here, stick):
    before = standing(here.root)
    files = files_of("1.1.0", "read line <&1; sleep 60")
    found = offer(here, stick, files=files)
    watch = Watch(cancelled=lambda: here.folder("1.1.0").exists())
    assert code_of(lambda: updates.install(found, here, None, watch)) == "work.cancelled"
    assert standing(here.root) == before


def test_what_an_interrupted_update_left_is_cleared_by_the_next(here, stick):
    lay(here.root, ".unpacking")
    lay(here.root, "0.5.0")
    updates.install(offer(here, stick), here)
    assert sorted(path.name for path in (here.root / "versions").iterdir()) == ["1.0.0", "1.1.0"]


def test_only_two_versions_stay(here, stick):
    updates.install(offer(here, stick, "1.1.0"), here)
    second = seen_from(here.root, "1.1.0")
    updates.install(offer(second, stick, "1.2.0"), second)
    third = seen_from(here.root, "1.2.0")
    installation.clear(third)
    assert sorted(path.name for path in (here.root / "versions").iterdir()) == ["1.1.0", "1.2.0"]


def test_going_back_with_the_same_form_leaves_the_workspace_alone(here, stick):
    updates.install(offer(here, stick), here)
    new = seen_from(here.root, "1.1.0")
    taken = []
    assert updates.go_back(new, taken.append) == "1.0.0"
    assert taken == []
    old = seen_from(here.root, "1.0.0")
    assert old.current == "1.0.0"
    assert code_of(lambda: updates.go_back(old)) == "update.no_previous"


def test_going_back_to_another_form_takes_the_kept_copy(here, stick):
    updates.install(offer(here, stick, schema="0002"), here)
    taken = []
    updates.go_back(seen_from(here.root, "1.1.0"), taken.append)
    assert taken == ["0001"]


def test_when_the_workspace_cannot_go_back_neither_does_the_program(here, stick):
    updates.install(offer(here, stick, schema="0002"), here)
    new = seen_from(here.root, "1.1.0")

    def nothing_kept(_revision: str) -> None:
        raise Refused("workspace.nothing_kept")

    assert code_of(lambda: updates.go_back(new, nothing_kept)) == "workspace.nothing_kept"
    assert seen_from(here.root, "1.1.0").current == "1.1.0"


CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from app.usecases import updates
from tests.files.update_setting import KEYS, seen_from
here = seen_from(Path(sys.argv[1]), "1.0.0")
print("ready", flush=True)
updates.install(updates.look_at(Path(sys.argv[2]), here, KEYS), here)
print("done", flush=True)
"""


def test_killed_at_any_moment_a_whole_version_starts(here, stick, tmp_path):
    """Twenty kills, spread over the whole update; then the update is done once more to its end."""
    update = make_update(stick / "a.upd")
    shutil.copy(ROOT / "packaging" / "linux" / "launch", here.root / "babutong")
    (here.root / "babutong").chmod(0o755)
    chance, seen = random.Random(3), set()
    for _ in range(20):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD.format(root=str(ROOT)), str(here.root), str(update)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=tmp_path,
        )
        assert child.stdout is not None
        child.stdout.readline()
        try:
            child.communicate(timeout=chance.uniform(0.0, 0.2))
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.communicate()
        started = subprocess.run(
            [str(here.root / "babutong")],
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        assert started.stdout in {"1.0.0 \n", "1.1.0 \n"}, started.stderr
        version = started.stdout.split()[0]
        seen.add(version)
        assert (here.folder(version) / "site/large.bin").read_bytes() == files_of(version)["site/large.bin"]
        if version == "1.1.0":
            installation.go_back(seen_from(here.root, "1.1.0"))
    assert "1.0.0" in seen
    old = seen_from(here.root, "1.0.0")
    assert updates.install(updates.look_at(update, old, KEYS), old) == "1.1.0"


def test_a_disk_that_fails_while_it_is_unpacked_leaves_nothing(here, stick, monkeypatch):
    before = standing(here.root)
    found = offer(here, stick)

    def failing() -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(updates, "_settle", failing)
    assert code_of(lambda: updates.install(found, here)) == "disk.full"
    assert standing(here.root) == before


def test_a_self_check_that_never_ends_is_ended(here, stick, monkeypatch):
    monkeypatch.setattr(updates, "_PATIENCE", 1)
    before = standing(here.root)
    found = offer(here, stick, files=files_of("1.1.0", "exec sleep 60"))
    with pytest.raises(Refused) as caught:
        updates.install(found, here)
    assert (caught.value.code, caught.value.params["what"]) == ("update.self_check_failed", "timeout")
    assert standing(here.root) == before


def test_a_way_back_that_cannot_be_written_is_said(here, stick, monkeypatch):
    updates.install(offer(here, stick), here)

    def failing(_here) -> str:
        raise OSError(errno.EROFS, "read only")

    monkeypatch.setattr(installation, "go_back", failing)
    assert code_of(lambda: updates.go_back(seen_from(here.root, "1.1.0"))) == "disk.read_only"


def test_the_way_back_is_looked_at_before_anything_is_closed(here, stick, tmp_path):
    updates.install(offer(here, stick, schema="0002"), here)
    new = seen_from(here.root, "1.1.0")
    workspace = tmp_path / "w"
    workspace.mkdir()
    assert code_of(lambda: updates.check_way_back(new, workspace)) == "workspace.nothing_kept"
    copy = kept.before(workspace, "0001")
    copy.parent.mkdir()
    copy.write_bytes(b"kept")
    updates.check_way_back(new, workspace)
    assert code_of(lambda: updates.check_way_back(here, workspace)) == "update.no_previous"


# The child outlives the program that started it, so nobody waits for it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_launcher_is_started_beside_the_program_that_closes(here, tmp_path):
    with pytest.raises(Unavailable) as caught:
        updates.start_again(here)
    assert caught.value.code == "update.not_restarted"
    launcher = installation.launcher(here)
    launcher.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(tmp_path / "told")
    launcher.write_text(f"#!/bin/sh\necho started >'{tmp_path}/told'\n")
    launcher.chmod(0o755)
    updates.start_again(here)
    assert (tmp_path / "told").read_text() == "started\n"
