"""Keep a workspace and a package of this version, so that every later version is tested on opening them.

    python packaging/release_samples.py          writes tests/data/release-<version>/

Run it once per release, before the tag; what stands there is never made again. The people are synthetic and
the passphrase lies beside the files. A township's workspace is kept as it was before the package came.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.crypto.keyslots import Cost
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.lines import Line
from app.files.package import PackageKind
from app.storage import tables
from app.storage.digest import digest
from app.storage.tx import set_meta
from app.usecases import cases, enrolment, exports, households, merges, policy, rounds, workspaces
from app.usecases.clock import FixedClock
from app.version import VERSION

if TYPE_CHECKING:
    from app.usecases.office import Office

DATA = Path(__file__).resolve().parents[1] / "tests" / "data"
NOW = datetime(2026, 10, 7, 2, 0, tzinfo=UTC)
LIMIT = 300_000
"""Bytes of everything kept for one release."""

TOWNSHIP, VILLAGE = "990101001000", "990101001201"
PLACES = {"990101000000": "演示县", TOWNSHIP: "清溪镇", VILLAGE: "石板村"}
_KEPT = ("workspace.db", "keys.json")


def main() -> int:
    """Write the samples of this version; return 1 when they are there already or grew too large."""
    target = DATA / f"release-{VERSION}"
    if target.exists():
        print(f"{target} is there already and stays as it is")
        return 1
    with tempfile.TemporaryDirectory() as place:
        _write(Path(place), target)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(f"{target}: {size} bytes")
    return int(size > LIMIT)


def _write(place: Path, target: Path) -> None:
    passphrase = "石榴 毛竹 豆腐 山泉 木桥 77"  # noqa: S105 -- lies beside the files
    clock = FixedClock(NOW)
    township = _office(place / "township", Level.TOWNSHIP, passphrase, clock)
    village = _office(place / "village", Level.VILLAGE, passphrase, clock)
    _enrol(village, township, place)
    line = Line(
        "demo", TOWNSHIP, "identify", "人均纯收入", 900_000, NOW.date(), doc="演示标准，不作依据", demo=True
    )
    rounds.open_round(township, rounds.NewRound("2026年第一批", 2026, policy.DEFAULT, line))
    _send(township, village, place, PackageKind.DOWN)
    homes = _register(village)
    _send(village, township, place, PackageKind.UP)
    clock.moment += timedelta(days=1)
    _work(village, homes)
    target.mkdir(parents=True)
    [sent] = exports.export(village, target, PackageKind.UP)
    before = _digest(township)
    workspaces.close(village)
    _shrink(township)
    workspaces.close(township)
    (target / "township").mkdir()
    for name in _KEPT:
        shutil.copyfile(place / "township" / name, target / "township" / name)
    township = workspaces.unlock(place / "township", passphrase, clock)
    [outcome] = merges.merge_files(township, sent.files)
    if outcome.refused is not None:
        raise outcome.refused
    expected = {
        "after": _digest(township),
        "before": before,
        "households": len(homes),
        "new": outcome.new,
        "now": clock.moment.isoformat(),
        "package": sent.files[0].name,
    }
    workspaces.close(township)
    (target / "passphrase.txt").write_text(passphrase + "\n", encoding="utf-8")
    (target / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")


def _shrink(office: Office) -> None:
    """Leave the lists out: a program that reads other lists makes them anew on opening."""
    with office.workspace.bookkeeping() as conn:
        tables.projections.drop_all(conn)
        set_meta(conn, "projection", "")
    with office.workspace.engine.connect() as conn:
        raw = conn.connection.driver_connection
        if raw is not None:
            raw.execute("VACUUM")


def _office(folder: Path, level: Level, passphrase: str, clock: FixedClock) -> Office:
    scope, name = (TOWNSHIP, "韦文斌") if level is Level.TOWNSHIP else (VILLAGE, "陈志明")
    setup = workspaces.Setup(level, scope, PLACES, {"name": name}, passphrase, demo=True, cost=Cost(1, 64, 1))
    return workspaces.create(folder, setup, clock)


def _enrol(village: Office, township: Office, place: Path) -> None:
    request = enrolment.request(village, place)
    grant, _ = enrolment.grant(township, request, place, enrolment.own_code(village))
    enrolment.accept(village, grant)


def _send(sender: Office, receiver: Office, place: Path, kind: PackageKind) -> None:
    for sent in exports.export(sender, place, kind):
        for outcome in merges.merge_files(receiver, sent.files):
            if outcome.refused is not None:
                raise outcome.refused


def _register(village: Office) -> list[EntityId]:
    """Add a few households, names from the rare ends among them, and open a case for each."""
    homes = []
    for number, (name, group) in enumerate((("吴福生", "一组"), ("阿苏·有呷", "二组"), ("石𠮷", "三组")), 1):
        head: dict[str, Value] = {
            "name": name,
            "sex": "1",
            "relation": "01",
            "born": f"19{60 + number}-03-05",
        }
        child: dict[str, Value] = {
            "name": f"{name[0]}小妹",
            "sex": "2",
            "relation": "04",
            "born": "2012-01-01",
        }
        added = households.add_household(
            village, {"group": group, "code": f"{VILLAGE}{number:05d}"}, [head, child]
        )
        homes.append(next(uid for kind, uid in added.touched if kind is Kind.HOUSEHOLD))
        cases.open_case(village, homes[-1], "identify", {"applicant": name, "source": "self"})
    return homes


def _work(village: Office, homes: list[EntityId]) -> None:
    """Work on as on any day: a correction, an amount, an application accepted."""
    households.edit(
        village, homes[0], [households.Edit(Kind.HOUSEHOLD, homes[0], {"address": "一组旧学校旁"})]
    )
    with village.workspace.write(village.actor) as tx:
        [(case, values)] = tx.children(Kind.CASE, "household", homes[1])
    wage: dict[str, Value] = {
        "category": "wage",
        "item": "wage_local",
        "amount_fen": 1_234_500,
        "counts": 1,
        "round": values["round"],
    }
    households.edit(village, homes[1], [households.Edit(Kind.INCOME, "", wage)])
    cases.act_on_case(village, case, "apply.accept", {"documents": "application", "auth_signed": 1})


def _digest(office: Office) -> str:
    with office.workspace.read() as conn:
        return digest(conn)


if __name__ == "__main__":
    sys.exit(main())
