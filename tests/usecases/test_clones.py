"""Restored, copied, cloned and rolled back (T7): who may have a twin begins a new incarnation, and nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.alert import AlertKind
from app.files.package import PackageKind
from app.paths import STATE_VARIABLE
from app.storage import incarnation, tables, witness
from app.usecases import backups, exports, merges, workspaces
from app.usecases.clock import FixedClock
from app.usecases.office import Office
from tests.usecases.exchange import NOW, edit, household


@dataclass
class Laptop:
    """A village's laptop: the folder of its workspace, its state folder, and what is known of its hardware."""

    root: Path
    passphrase: str
    monkeypatch: pytest.MonkeyPatch
    clock: FixedClock
    name: str = "laptop-000000000001"
    folder: Path = field(init=False)
    state: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder, self.state = self.root / "disk" / "village", self.root / "disk" / "state"

    def open(self) -> Office:
        self.monkeypatch.setenv(STATE_VARIABLE, str(self.state))
        self.monkeypatch.setattr(witness, "machine", lambda: self.name)
        return workspaces.unlock(self.folder, self.passphrase, self.clock)

    def incarnation(self) -> str:
        office = self.open()
        with office.workspace.read() as conn:
            found = incarnation.current(conn)[1]
        workspaces.close(office)
        return found

    def write(self, address: str, post: Path) -> tuple[str, Path]:
        """Open, change a household, export and close; return the new entry and the package."""
        self.clock.moment += timedelta(minutes=1)
        office = self.open()
        edit(office, household(office, 2), address=address)
        with office.workspace.read() as conn:
            newest = select(tables.journal.c.id).order_by(tables.journal.c.lid.desc()).limit(1)
            entry = conn.execute(newest).scalar_one()
        [sent] = exports.export(office, post, PackageKind.UP)
        workspaces.close(office)
        return entry, sent.files[0]

    def snapshot(self) -> None:
        """Keep the whole disk as it is now."""
        shutil.copytree(self.root / "disk", self.root / "image")


@pytest.fixture
def laptop(tmp_path, demo_folder, monkeypatch) -> Laptop:
    passphrase = (demo_folder / "passphrase.txt").read_text(encoding="utf-8").strip()
    made = Laptop(tmp_path / "laptop", passphrase, monkeypatch, FixedClock(NOW + timedelta(hours=1)))
    shutil.copytree(demo_folder / "village-01", made.folder)
    made.incarnation()  # it has come to rest at this place
    return made


def restart(_laptop: Laptop) -> None:
    """Nothing but a normal start."""


def old_file(laptop: Laptop) -> None:
    for path in laptop.folder.glob("workspace.db*"):
        path.unlink()
    shutil.copy(laptop.root / "image" / "village" / "workspace.db", laptop.folder)


def other_folder(laptop: Laptop) -> None:
    laptop.folder = Path(shutil.copytree(laptop.folder, laptop.root / "elsewhere"))


def new_machine(laptop: Laptop) -> None:
    laptop.folder = Path(shutil.copytree(laptop.folder, laptop.root / "new" / "village"))
    laptop.state, laptop.name = laptop.root / "new" / "state", "laptop-000000000002"


def sidecar_lost(laptop: Laptop) -> None:
    shutil.rmtree(laptop.state)


def disk_cloned(laptop: Laptop) -> None:
    laptop.name = "laptop-000000000002"  # the same disk, with everything on it, in another machine


def rolled_back(laptop: Laptop) -> None:
    shutil.rmtree(laptop.root / "disk")
    shutil.copytree(laptop.root / "image", laptop.root / "disk")


NOTICED = [old_file, other_folder, new_machine, sidecar_lost, disk_cloned]
NOT_NOTICED = [restart, rolled_back]


def lived_through(laptop: Laptop, scenario: Callable[[Laptop], None], post: Path) -> tuple[bool, list]:
    """Write, go through the scenario, write again; return whether it began anew, and what was written."""
    post.mkdir(exist_ok=True)
    before = laptop.incarnation()
    laptop.snapshot()
    first = laptop.write("旧址", post)
    scenario(laptop)
    rotated = laptop.incarnation() != before
    return rotated, [first, laptop.write("新址", post)]


def taken_in(computers, written: list) -> tuple[int, list[str]]:
    """Let the township take everything in; return how many streams forked and which entries it holds."""
    township = computers.office("township")
    outcomes = merges.merge_files(township, [file for _entry, file in written])
    assert [one.refused for one in outcomes] == [None] * len(written)
    with township.workspace.read() as conn:
        ids = set(conn.execute(select(tables.journal.c.id)).scalars())
    return sum(one.forked for one in outcomes), [entry for entry, _file in written if entry in ids]


@pytest.mark.parametrize("scenario", [*NOTICED, *NOT_NOTICED], ids=lambda one: one.__name__)
def test_whoever_may_have_a_twin_begins_anew(laptop, computers, scenario, tmp_path):
    rotated, written = lived_through(laptop, scenario, tmp_path / "post")
    assert rotated == (scenario in NOTICED)
    forked, held = taken_in(computers, written)
    assert len(held) == 2  # both hands' work is there, whatever happened
    assert forked == (scenario is rolled_back)


def test_a_rolled_back_disk_is_noticed_at_the_first_package(laptop, computers, tmp_path):
    post = tmp_path / "post"
    post.mkdir()
    laptop.snapshot()
    entry, file = laptop.write("旧址", post)
    township = computers.office("township")
    merges.merge_files(township, [file])
    computers.later(minutes=1)
    [back] = exports.export(township, post, PackageKind.DOWN)
    rolled_back(laptop)
    before = laptop.incarnation()
    office = laptop.open()
    [outcome] = merges.merge_files(office, back.files)
    assert (outcome.refused, outcome.forked) == (None, 0)
    with office.workspace.read() as conn:
        assert entry in set(conn.execute(select(tables.journal.c.id)).scalars())
        kinds = set(conn.execute(select(tables.alert.c.kind)).scalars())
    workspaces.close(office)
    assert AlertKind.OWN_STREAM_RETURNED in kinds
    assert laptop.incarnation() != before
    written = [laptop.write("新址", post)]
    assert taken_in(computers, written) == (0, [written[0][0]])


def test_a_restored_backup_begins_anew(laptop, computers, tmp_path):
    post = tmp_path / "post"
    post.mkdir()
    before = laptop.incarnation()
    office = laptop.open()
    made = backups.back_up(office, tmp_path / "stick")
    workspaces.close(office)
    first = laptop.write("旧址", post)
    backups.restore(made.path, tmp_path / "restored", laptop.passphrase, laptop.clock)
    laptop.folder = tmp_path / "restored"
    assert laptop.incarnation() != before
    second = laptop.write("新址", post)
    assert taken_in(computers, [first, second]) == (0, [first[0], second[0]])


@pytest.mark.parametrize("scenario", NOTICED, ids=lambda one: one.__name__)
def test_without_the_witness_nobody_would_notice(laptop, computers, scenario, tmp_path, monkeypatch):
    """The control: the same scenarios with the witness switched off."""
    monkeypatch.setattr(witness, "check", lambda _workspace: False)
    rotated, written = lived_through(laptop, scenario, tmp_path / "post")
    assert rotated is False
    if scenario is old_file:
        forked, held = taken_in(computers, written)
        assert (forked, len(held)) == (1, 2)
