"""kill −9 at any moment of taking in, exporting, backing up, changing the passphrase and migrating (T2).

After each death: every page authentic, every chain recomputed, heads as the journal says, what the import log
names in the journal, the projections as a rebuild makes them, every finished file valid, every promise kept.
"""

from __future__ import annotations

import json
import random
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app.crypto import keyslots
from app.files.package import PackageKind
from app.files.package_in import read_package
from app.storage import backup, soundness, tables
from app.storage.digest import digest
from app.usecases import checks, exports, keys, merges, workspaces
from app.usecases.clock import FixedClock
from app.usecases.trust import own_keys
from tests.storage import killed
from tests.storage.killed import CLOCK, WORDS, Desk, killed_after
from tests.usecases.exchange import CHEAP, VILLAGE, edit, household, small_demo

RELEASES = sorted((Path(__file__).parents[1] / "data").glob("release-*"))
PACKAGES = 16
MOST = 1.6  # seconds until a death, at most; a whole run takes a few


@pytest.fixture(scope="session")
def morning(tmp_path_factory):
    """A township's computer, closed, the packages of a village's day, and the digest they lead to."""
    folder = tmp_path_factory.mktemp("morning")
    made = small_demo(folder / "demo")
    passphrase = made.passphrase.read_text(encoding="utf-8").strip()
    clock = FixedClock(CLOCK - timedelta(hours=1))
    village = workspaces.unlock(made.villages[0], passphrase, clock)
    (folder / "post").mkdir()
    packages: list[Path] = []
    for number in range(PACKAGES):
        clock.moment += timedelta(minutes=1)
        edit(village, household(village, number % 12), address=f"新村{number}号")
        [sent] = exports.export(village, folder / "post", PackageKind.UP)
        packages += sent.files
    workspaces.close(village)
    path = made.township / keys.KEYS
    held = keyslots.unlock(keyslots.read_key_file(path.read_bytes()), passphrase)
    fresh = keyslots.new_slots(held.dek, WORDS[0], random.Random(1).randbytes, CHEAP)
    keys.save_keys(made.township, fresh)
    whole = shutil.copytree(made.township, folder / "whole")
    office = workspaces.unlock(whole, WORDS[0], FixedClock(CLOCK))
    merges.merge_files(office, packages)
    golden = digest_of(office)
    workspaces.close(office)
    return made.township, tuple(packages), golden


def digest_of(office) -> str:
    with office.workspace.read() as conn:
        return digest(conn, VILLAGE)


def new_desk(folder: Path, morning) -> Desk:
    township, packages, _ = morning
    (folder / "out").mkdir(parents=True)
    return Desk(shutil.copytree(township, folder / "township"), packages, folder / "out", folder / "log")


def violations(desk: Desk) -> list[str]:
    """Return everything that is not as it must be after a death."""
    found: list[str] = []
    office, words = killed.unlock(desk.folder)
    said = desk.said()
    with office.workspace.read() as conn:
        if soundness.page_faults(conn):
            found.append("pages")
        if not checks.chains_hold(conn) or not soundness.audit_holds(conn):
            found.append("chains")
        log = {row.package: row for row in conn.execute(tables.import_log.select())}
        for row in log.values():
            between = "SELECT count(*) FROM journal WHERE lid BETWEEN ? AND ?"
            there = conn.exec_driver_sql(between, (row.first_lid or 0, row.last_lid or 0)).scalar()
            if row.new and there != row.new:
                found.append("import log")
        people = dict(conn.exec_driver_sql("SELECT uid, name FROM p_person").all())
    if soundness.differing_projections(office.workspace, office.workspace.deriver, lambda: False):
        found.append("projections")
    found += [f"not taken: {rest}" for word, rest in said if word == "took" and rest not in log]
    wrote = [rest.split(" ") for word, rest in said if word == "wrote"]
    found += [f"not written: {uid}" for uid, name in wrote if people.get(uid) != name]
    found += _bad_files(desk, office)
    # Nothing but the next package can have been under way after this promise.
    if said and said[-1][0] == "words" and WORDS[int(said[-1][1])] != words:
        found.append("passphrase")
    workspaces.close(office)
    return found


def _bad_files(desk: Desk, office) -> list[str]:
    secret = own_keys(office.workspace).open_secret
    bad: list[str] = []
    for path in desk.out.glob("*.hhpkg"):
        try:
            read_package(path, [secret])
        except merges.AppError:
            bad.append(path.name)
    for path in [*desk.out.glob("*.hhbak"), *(desk.folder / backup.FOLDER).glob("*.hhbak")]:
        try:
            backup.prove(path, office.workspace)
        except merges.AppError:
            bad.append(path.name)
    promised = [rest for word, rest in desk.said() if word in {"sent", "kept"}]
    return bad + [f"gone: {name}" for name in promised if not (desk.out / name).exists()]


def die(work, folder: Path, morning, kills: int, seed: int) -> tuple[list[str], int, int]:
    """Kill ``work`` so often; return the violations, the rounds that came to their end, and the half files."""
    dice = random.Random(seed)
    found: list[str] = []
    rounds = halves = 0
    desk = new_desk(folder / "0", morning)
    done = 0
    while done < kills:
        ended = killed_after(work, desk, dice.randrange(10**6), dice.uniform(0.05, MOST))
        halves += len(killed.halves(desk.folder))
        found += violations(desk)
        found += [f"left: {path.name}" for path in killed.halves(desk.folder)]  # swept when it was opened
        if ended:
            office, _ = killed.unlock(desk.folder)
            found += [] if digest_of(office) == morning[2] else ["digest"]
            workspaces.close(office)
            rounds += 1
            shutil.rmtree(desk.folder.parent)
            desk = new_desk(folder / str(rounds), morning)
        else:
            done += 1
    # What was cut off goes on where it stood, to the same end.
    if not killed_after(work, desk, 1, 600):
        raise AssertionError("it did not come to its end in ten minutes")
    found += violations(desk)
    office, _ = killed.unlock(desk.folder)
    found += [] if digest_of(office) == morning[2] else ["digest"]
    workspaces.close(office)
    return found, rounds + 1, halves


@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_no_death_breaks_anything(tmp_path, morning, kills, figure):
    found, rounds, halves = die(killed.at_work, tmp_path, morning, kills, seed=kills)
    assert found == []
    figure(f"violations after {kills} kills", len(found), limit=0)
    figure("rounds that came to their end between kills", rounds)
    figure("half files the kills left, all swept at the next start", halves)


def test_a_log_written_before_the_data_is_caught(tmp_path, morning):
    """The control: the same harness over a program that is wrong."""
    dice = random.Random(3)
    desk = new_desk(tmp_path, morning)
    found: list[str] = []
    deaths = 0
    while "import log" not in found:
        assert deaths < 40
        killed_after(killed.log_before_data, desk, deaths, dice.uniform(0.05, MOST))
        found += violations(desk)
        deaths += 1


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_migration_that_is_killed_begins_anew(release, tmp_path, acceptance_sizes):
    expected = json.loads((release / "expected.json").read_text())
    dice = random.Random(9)
    ended = 0
    for number in range(40 if acceptance_sizes else 4):
        folder = tmp_path / str(number)
        own = shutil.copytree(release / "township", folder / "township")
        desk = Desk(own, (), release / "passphrase.txt", folder / "log")
        ended += killed_after(killed.migrating, desk, 0, dice.uniform(0.05, 0.5))
        passphrase = desk.out.read_text(encoding="utf-8").strip()
        office = workspaces.unlock(own, passphrase, FixedClock(CLOCK))
        with office.workspace.read() as conn:
            assert digest(conn) == expected["before"]
            assert (soundness.page_faults(conn), checks.chains_hold(conn)) == (0, True)
        differing = soundness.differing_projections(office.workspace, office.workspace.deriver, lambda: False)
        assert differing == ()
        workspaces.close(office)
