"""Make (once) the encrypted workspace the benchmark reads: one case for each of its households."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from app.crypto.keyslots import Cost
from app.domain.ids import Kind, Level, Value
from app.domain.roster import RosterHousehold
from app.domain.stage import opening_fields
from app.domain.synthetic import iter_synthetic
from app.storage.workspace import projection_version
from app.usecases import policy, rosters, rounds, workspaces
from app.usecases.clock import FixedClock
from app.usecases.office import Office
from tests.bench.names import KEY_FILE, NOW, PASSPHRASE

_BATCH = 1000
_VILLAGES = 100


def bench_workspace(build: Path, households: int) -> Path:
    """Return the folder of a county's workspace with so many households; made anew when the shape changed."""
    folder = build / f"bench-{households}-{projection_version()}"
    if (folder / KEY_FILE).exists():
        return folder
    for old in build.glob(f"bench-{households}-*"):
        shutil.rmtree(old)
    build.mkdir(parents=True, exist_ok=True)
    part = build / f"bench-{households}.part"
    shutil.rmtree(part, ignore_errors=True)
    _make(part, households)
    part.rename(folder)
    return folder


def _make(folder: Path, households: int) -> None:
    clock = FixedClock(NOW - timedelta(days=5))
    person: dict[str, Value] = {"name": "石正华"}
    scope = "990101001201"
    setup = workspaces.Setup(Level.VILLAGE, scope, {scope: "石板村"}, person, PASSPHRASE, cost=Cost(1, 64, 1))
    office = workspaces.create(folder, setup, clock)
    try:
        rounds.open_round(office, rounds.NewRound("2026年第一批", 2026, policy.DEFAULT))
        batch: list[RosterHousehold] = []
        for household in iter_synthetic(1, households, clock.moment.date(), scope):
            batch.append(household)
            if len(batch) == _BATCH:
                _put(office, scope, batch)
                batch = []
        if batch:
            _put(office, scope, batch)
        (folder / KEY_FILE).write_text(office.workspace.key.hex())
    finally:
        workspaces.close(office)


def _put(office: Office, scope: str, batch: list[RosterHousehold]) -> None:
    """Record a batch as an import does; cases are opened without looking for others of the household."""
    with office.workspace.write(office.actor) as tx:
        round_id, in_force = rounds.round_in_force(tx, scope)
        pack = office.policy.pack(str(in_force["pack"]))
        common: dict[str, Value] = {
            "round": round_id,
            "pack": pack.ref,
            "pack_hash": pack.hash,
            **opening_fields(pack.workflow("identify"), tx.today),
        }
        for household in batch:
            bare = RosterHousehold(household.values, household.members[:2])
            uid = rosters.put_roster_household(tx, bare, scope, None)
            extras: dict[str, Value] = {"action": "open", "level": "village", "on": tx.today.isoformat()}
            fields = {**common, "household": uid}
            tx.record("case.opened", Kind.CASE, tx.new_id(), fields, scope=scope, extras=extras)
