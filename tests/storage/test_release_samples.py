"""What an earlier version wrote is opened and merged to the digests recorded then."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from app.storage.digest import digest
from app.usecases import checks, merges, workspaces
from app.usecases.clock import FixedClock
from app.usecases.import_preview import preview
from app.usecases.import_undo import undo_imports
from app.version import VERSION
from app.wiring.room import Room

DATA = Path(__file__).parents[1] / "data"
RELEASES = sorted(DATA.glob("release-*"))


def read(office):
    with office.workspace.read() as conn:
        homes = conn.exec_driver_sql("SELECT count(*) FROM household_line").scalar()
        return digest(conn), homes


@pytest.mark.parametrize("folder", RELEASES, ids=lambda path: path.name)
def test_a_workspace_and_a_package_of_an_earlier_version(folder, tmp_path):
    expected = json.loads((folder / "expected.json").read_text())
    passphrase = (folder / "passphrase.txt").read_text(encoding="utf-8").strip()
    clock = FixedClock(datetime.fromisoformat(expected["now"]))
    own = shutil.copytree(folder / "township", tmp_path / "township")
    office = workspaces.unlock(own, passphrase, clock)
    assert read(office) == (expected["before"], expected["households"])
    [looked] = preview(office, [folder / expected["package"]])
    assert (looked.refused, looked.new.entries, looked.missing) == (None, expected["new"], 0)
    [outcome] = merges.merge_files(office, [folder / expected["package"]])
    assert (outcome.refused, outcome.new, outcome.held) == (None, expected["new"], 0)
    undo_imports(office, [outcome.number])
    assert read(office)[0] == expected["before"]
    merges.merge_files(office, [folder / expected["package"]])
    assert read(office) == (expected["after"], expected["households"])
    assert checks.check_workspace(office) == dict.fromkeys(("file", "chains", "projections"), True)
    [again] = merges.merge_files(office, [folder / expected["package"]])
    assert again.new == 0
    assert read(office)[0] == expected["after"]
    workspaces.close(office)


@pytest.mark.parametrize("folder", RELEASES, ids=lambda path: path.name)
def test_the_window_opens_it_too(folder, tmp_path):
    expected = json.loads((folder / "expected.json").read_text())
    own = shutil.copytree(folder / "township", tmp_path / "township")
    passphrase = (folder / "passphrase.txt").read_text(encoding="utf-8").strip()
    key, owner = workspaces.unlock_key(own, passphrase)
    room = Room(own, key, owner, FixedClock(datetime.fromisoformat(expected["now"])))
    assert room.own.scope == "990101001000"
    assert room.source.exec_driver_sql("SELECT count(*) FROM household_line")[0][0] == expected["households"]
    room.close()


def test_this_version_is_kept_and_small():
    assert f"release-{VERSION}" in {path.name for path in RELEASES}
    for folder in RELEASES:
        assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) <= 300_000
