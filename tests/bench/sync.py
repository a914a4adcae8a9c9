"""``./bench sync``: the figures of merging, A1-A4 and A8-A11, each with its limit.

    ./bench sync                          W1 of 40 villages, W2 of 40 and of 100, 500,000 persons
    ./bench sync --size ci                a small look at the same steps
    ./bench sync --keep DIR               where generated packages are kept (build/bench-sync)

JSON goes to stdout, a table to stderr. Every step runs in a process of its own; ratios are taken within one
process. CPU seconds are the figure to trust where the machine is shared.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.domain.ids import Level  # noqa: E402 -- the path is set just above
from tests.bench.w1 import EXTRA_MEMBERS, Shape  # noqa: E402
from tests.bench.w1_packages import Fixture, fixture  # noqa: E402
from tests.print_figures import Row, table  # noqa: E402

Found = dict[str, float | int | str | bool]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large the workloads are."""

    villages: int
    county: int
    households: int
    village: int  # households of the village that sends (A9)


SIZES = {"acceptance": Sizes(40, 100, 1000, 2000), "ci": Sizes(3, 5, 20, 40)}


@dataclass(frozen=True, slots=True)
class Limit:
    """The most a figure may be; ``least`` turns it round."""

    figure: str
    value: float
    unit: str
    least: bool = False


LIMITS = {
    "A1 W1 merge, wall": Limit("merge.wall_s", 12, "s"),
    "A1 W1 merge, CPU": Limit("merge.cpu_s", 9, "s"),
    "A1 merge proper to raw ATTACH+INSERT": Limit("driver.proper_to_raw", 10, "x"),
    "A2 W2 merge, wall": Limit("county.w2_wall_s", 20, "s"),
    "A2 W2 merge, CPU": Limit("county.w2_cpu_s", 14, "s"),
    "A2 county merge, wall": Limit("county.county_wall_s", 90, "s"),
    "A2 county merge, memory": Limit("county.county_rss_mb", 512, "MB"),
    "A3 replay, wall": Limit("merge.replay_wall_s", 1.5, "s"),
    "A3 replay, new rows": Limit("merge.replay_new", 0, "rows"),
    "A4 rebuild, wall": Limit("merge.rebuild_wall_s", 6, "s"),
    "A4 rebuild, digest differs": Limit("merge.rebuild_differs", 0, ""),
    "A8 SQLCipher to plain, CPU": Limit("driver.cipher_to_plain", 1.3, "x"),
    "A8 unlock": Limit("driver.unlock_s", 1.0, "s"),
    "A8 unlock, at least": Limit("driver.unlock_s", 0.1, "s", least=True),
    "A8 reconnect": Limit("driver.reconnect_ms", 5, "ms"),
    "A9 village export, wall": Limit("export.wall_s", 2, "s"),
    "A9 village export, size": Limit("export.mb", 2, "MB"),
    "A10 household save, p99": Limit("county.save_p99_ms", 50, "ms"),
    "A11 search, p95": Limit("county.search_p95_ms", 100, "ms"),
    "A11 golden set, wrong": Limit("county.golden_wrong", 0, ""),
}


def measure(size: str, keep: Path) -> dict[str, object]:
    """Make what is missing, run every step, and return figures with their limits and everything measured."""
    chosen = SIZES[size]
    w1 = Shape(chosen.villages, chosen.households)
    w2 = Shape(chosen.county, chosen.households, EXTRA_MEMBERS)
    forms = Shape(chosen.villages, chosen.households, 0, 2)
    village = Shape(1, chosen.village)
    steps = {
        "merge": ("merge", w1, Level.TOWNSHIP),
        "driver": ("driver", w1, Level.TOWNSHIP),
        "county": ("county", w2, Level.COUNTY),
        "export": ("export", village, Level.VILLAGE),
        "forms": ("plain_merge", forms, Level.TOWNSHIP),
        "forms_export": ("export", Shape(1, chosen.village, 0, 2), Level.VILLAGE),
    }
    found: dict[str, Found] = {}
    made: dict[str, object] = {}
    for name, (step, shape, level) in steps.items():
        _tell(f"{name}: packages of {shape.name}")
        one = fixture(keep, shape, level)
        made[shape.name] = json.loads((one.folder / "counts.json").read_text(encoding="utf-8"))
        _tell(f"{name}: measuring")
        found[name] = _run(step, one)
        _tell(json.dumps(found[name]))
    _ratios(found)
    figures = {name: _figure(limit, found) for name, limit in LIMITS.items()}
    missed = [name for name, one in figures.items() if not one["met"]]
    return {"figures": figures, "missed": missed, "measured": found, "workloads": made, "size": size}


def _ratios(found: dict[str, Found]) -> None:
    merge, driver, county = found["merge"], found["driver"], found["county"]
    merge["rebuild_differs"] = int(not merge["rebuild_equal"])
    driver["proper_to_raw"] = float(driver["proper_cpu_s"]) / float(driver["raw_cpu_s"])
    driver["cipher_to_plain"] = float(driver["proper_cpu_s"]) / float(driver["plain_cpu_s"])
    driver["reconnect_ms"] = 1000 * float(driver["reconnect_s"])
    county["golden_wrong"] = int(county["golden"]) - int(county["golden_right"])


def _figure(limit: Limit, found: dict[str, Found]) -> dict[str, float | str | bool]:
    step, _, name = limit.figure.partition(".")
    value = float(found[step][name])
    met = value >= limit.value if limit.least else value <= limit.value
    return {
        "value": round(value, 3),
        "limit": limit.value,
        "unit": limit.unit,
        "least": limit.least,
        "met": met,
    }


def _run(step: str, one: Fixture) -> Found:
    command = [sys.executable, "-m", "tests.bench.sync_step", step, str(one.folder)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True)
    found: Found = json.loads(done.stdout)
    return found


def told(report: dict[str, object]) -> str:
    """Return the figures as a table."""
    figures = report["figures"]
    rows = [
        Row(name, f"{one['value']:g}", str(one["unit"]), f"{one['limit']:g}", bool(one["met"]))
        for name, one in figures.items()
    ]
    return table(rows)


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 when a limit of the acceptance size is missed."""
    parser = argparse.ArgumentParser(prog="bench sync")
    parser.add_argument("--size", choices=tuple(SIZES), default="acceptance")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "bench-sync")
    given = parser.parse_args(arguments)
    given.keep.mkdir(parents=True, exist_ok=True)
    os.environ["BABUTONG_STATE"] = os.environ["BABUTONG_CONFIG"] = str(given.keep / "state")
    report = measure(given.size, given.keep.resolve())
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    _tell(told(report))
    return 1 if report["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
