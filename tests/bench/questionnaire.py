"""The questionnaire engine on a form of 300 questions and ten members: compile, open, keystroke, add a member."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.questionnaire.compile import compile_workbook
from app.questionnaire.engine import Engine
from app.questionnaire.loader import load_form
from tests.bench.questionnaire_form import MEMBERS, workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.questionnaire.state import Entry

PEER = "BABUTONG_XFORMS_ENGINE"
"""Environment variable: a folder with ``node_modules/@getodk/xforms-engine``, to measure it beside ours."""
_NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
_TYPED = 20
_ROUNDS = 3  # as in the script of the other engine
_RESULT = "/data/ledger/each"
"""Depends on every answer typed; both engines must come to the same."""
_SCRIPT = Path(__file__).with_name("questionnaire_peer.mjs")


def _timed(run: Callable[[], object], clock: Callable[[], float]) -> float:
    began = clock()
    run()
    return clock() - began


def keystrokes(members: int) -> list[tuple[str, str]]:
    """Answers in the order of a visit: path with positions, value."""
    found = [("/data/place/town", "t3"), ("/data/place/valley", "v13"), ("/data/place/village", "w73")]
    for number in range(1, members + 1):
        row = f"/data/member[{number}]"
        found += [
            (f"{row}/name", f"成员{number}"),
            (f"{row}/born", f"{1950 + number * 5}-03-0{number % 9 + 1}"),
            (f"{row}/works", "y"),
            (f"{row}/wage", str(1000 + number)),
            (f"{row}/months", "9"),
            (f"{row}/wage", str(2000 + number)),
        ]
    for number in range(_TYPED):
        found += [
            (f"/data/ledger/in{number}", str(number * 100)),
            (f"/data/ledger/out{number}", str(number * 10)),
        ]
    return found


def _entry(engine: Engine, ref: str) -> Entry:
    found = engine.entry(ref)
    if found is None:
        raise RuntimeError(f"the form has no {ref}")
    return found


def measure(rounds: int, clock: Callable[[], float] = time.perf_counter) -> dict[str, float]:
    """Figures in milliseconds; medians over the rounds where a thing happens once.

    Wall time, as the one who types has it, so the machine must be idle. The garbage collector runs as it does
    in the program: now and then one added row waits for it, and the figure shows that.
    """
    data = workbook()
    compile_workbook(data, "bench.xlsx")  # loads pyxform
    compiled = [_timed(lambda: compile_workbook(data, "bench.xlsx"), clock) for _ in range(3)]
    xform = compile_workbook(data, "bench.xlsx").xform_xml
    Engine(load_form(xform), _NOW)  # the grammar is built and every expression compiled once a process
    opened: list[float] = []
    added: list[float] = []
    typed: list[float] = []
    for _ in range(rounds):
        began = clock()
        engine = Engine(load_form(xform), _NOW)
        opened.append(clock() - began)
        spread = _entry(engine, "/data/member")
        while len(spread.rows) < MEMBERS:
            added.append(_timed(lambda: engine.add_row(spread), clock))  # noqa: B023 - called at once
        for ref, value in keystrokes(MEMBERS):
            entry = _entry(engine, ref)
            typed.append(_timed(lambda: engine.answer(entry, value), clock))  # noqa: B023 - called at once
    typed.sort()
    return {
        "questionnaire_compile_ms": _ms(statistics.median(compiled)),
        "questionnaire_open_ms": _ms(statistics.median(opened)),
        "questionnaire_keystroke_p95_ms": _ms(typed[int(len(typed) * 0.95)]),
        "questionnaire_keystroke_max_ms": _ms(max(typed)),
        "questionnaire_add_member_ms": _ms(max(added)),
    }


def _filled() -> str:
    """Return what our engine comes to after all answers."""
    engine = Engine(load_form(compile_workbook(workbook(), "bench.xlsx").xform_xml), _NOW)
    while len(_entry(engine, "/data/member").rows) < MEMBERS:
        engine.add_row(_entry(engine, "/data/member"))
    for ref, value in keystrokes(MEMBERS):
        engine.answer(_entry(engine, ref), value)
    return _entry(engine, _RESULT).value


def measure_peer(folder: Path) -> dict[str, object]:
    """Measure the same on the same form with ``@getodk/xforms-engine``; ratios below 1 mean ours is faster.

    Both by the clock on the wall. Says when it is not there: Node and the folder ``BABUTONG_XFORMS_ENGINE`` names are needed.
    """
    node = shutil.which("node")
    home = Path(os.environ.get(PEER, "")) if os.environ.get(PEER) else None
    if node is None or home is None or not (home / "node_modules/@getodk/xforms-engine").is_dir():
        return {"questionnaire_peer": "not there"}
    job = folder / "questionnaire-peer.json"
    xform = compile_workbook(workbook(), "bench.xlsx").xform_xml
    work = {"form": xform, "members": MEMBERS, "answers": keystrokes(MEMBERS), "result": _RESULT}
    job.write_text(json.dumps(work), "utf-8")
    script = home / _SCRIPT.name
    shutil.copyfile(_SCRIPT, script)
    done = subprocess.run(
        [node, str(script), str(job)], cwd=home, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return {"questionnaire_peer": f"failed: {done.stderr.strip()[-200:]}"}
    theirs = json.loads(done.stdout)
    if theirs.pop("result") != _filled():
        return {"questionnaire_peer": "comes to another result"}
    ours = measure(_ROUNDS)
    ratios = {
        f"questionnaire_{name.removesuffix('_ms')}_to_peer": round(ours[f"questionnaire_{name}"] / value, 3)
        for name, value in theirs.items()
    }
    return {"questionnaire_peer": theirs, **ratios}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
