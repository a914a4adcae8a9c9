"""How long the packaged tree takes to a first painted window, against ``.venv``; JSON on stdout.

    .venv/bin/python packaging/trials/start_time.py [--tree DIR] [--rounds N]

Both start ``tests/bench/bare.py`` without a screen, in turn, so that a change of the machine's speed meets
both alike; exit 1 when the tree's median is more than ``limit`` times that of ``.venv``. The start of the
real program to the first page of its wizard is measured as well, for information.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from trees import ROOT, find_tree, version_of

LIMIT = 1.15
LEAST = 11
BARE = ROOT / "tests" / "bench" / "bare.py"
WIZARD = Path(__file__).with_name("first_paint.py")


def main() -> int:
    """Measure and compare; 1 when the tree is too slow, 3 when there is nothing to compare with."""
    parser = argparse.ArgumentParser(prog="start_time.py")
    parser.add_argument("--tree", type=Path)
    parser.add_argument("--rounds", type=int, default=21)
    arguments = parser.parse_args()
    tree = find_tree(arguments.tree)
    venv = ROOT / ".venv" / "bin" / "python"
    if not venv.is_file():
        sys.stderr.write("no .venv; make it: sh packaging/setup.sh\n")
        return 3
    packed, plain = [str(version_of(tree) / "run"), "python"], [str(venv)]
    commands = {
        "bare_tree": [*packed, str(BARE)],
        "bare_venv": [*plain, str(BARE)],
        "wizard_tree": [*packed, str(WIZARD)],
        "wizard_venv": [*plain, str(WIZARD)],
    }
    times = _measure(commands, max(LEAST, arguments.rounds))
    figures = {f"{name}_ms": _ms(statistics.median(found)) for name, found in times.items()}
    ratio = round(statistics.median(times["bare_tree"]) / statistics.median(times["bare_venv"]), 3)
    report = {
        **figures,
        "ratio": ratio,
        "limit": LIMIT,
        "ratio_of_fastest": round(min(times["bare_tree"]) / min(times["bare_venv"]), 3),
        "wizard_ratio": round(
            statistics.median(times["wizard_tree"]) / statistics.median(times["wizard_venv"]), 3
        ),
        "rounds": len(times["bare_tree"]),
        "load": [round(one, 2) for one in os.getloadavg()],
    }
    print(json.dumps(report, indent=1))
    return int(ratio > LIMIT)


def _measure(commands: dict[str, list[str]], rounds: int) -> dict[str, list[float]]:
    """Start every command in turn, forwards and backwards; the first two rounds warm up."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory(prefix="babutong-") as folder:
        environment = _environment(folder)
        for number in range(rounds + 2):
            order = list(commands) if number % 2 else list(reversed(commands))
            for name in order:
                taken = _until_painted(commands[name], environment)
                if number > 1:
                    times[name].append(taken)
    return times


def _environment(folder: str) -> dict[str, str]:
    """Return a clean environment: no screen, and folders of its own, so that the wizard comes first."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "PYTHON"))}
    places = {f"BABUTONG_{name}": f"{folder}/{name}" for name in ("STATE", "CONFIG", "DATA")}
    return {**ours, **places, "QT_QPA_PLATFORM": "offscreen", "HOME": folder}


def _until_painted(command: list[str], environment: dict[str, str]) -> float:
    """Return the seconds from the start of a process until it says that its window was painted.

    Raises:
        RuntimeError: it ended without.
    """
    began = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        if process.stdout is None:
            raise RuntimeError("no pipe")
        for line in process.stdout:
            if "painted" in line:
                taken = time.perf_counter() - began
                process.stdout.read()
                return taken
    raise RuntimeError(f"{command[0]} ended without a painted window")


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


if __name__ == "__main__":
    sys.exit(main())
