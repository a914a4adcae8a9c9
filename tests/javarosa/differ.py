"""Fill in forms at random in our engine and in JavaRosa and compare the whole state after each step.

``.venv/bin/python tests/javarosa/differ.py --seeds 25 --answers 100 [--form FILE…] [--jobs 2]`` prints one
JSON summary; the forms are those shipped and, with BABUTONG_CASES, the open workbooks there.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from app.domain.errors import AppError  # noqa: E402 - run as a script
from app.questionnaire.compile import compile_workbook  # noqa: E402
from app.questionnaire.engine import Engine  # noqa: E402
from app.questionnaire.loader import load_form  # noqa: E402
from app.questionnaire.state import Entry  # noqa: E402
from tests.javarosa.answers import Refs, Step, counting, next_step  # noqa: E402
from tests.javarosa.comparing import Difference, Rule, differences, read_rules  # noqa: E402
from tests.javarosa.oracle import PROPERTIES, Oracle, Refusal, compile_into, missing  # noqa: E402

ALLOWED = Path(__file__).with_name("allowed.toml")
MOST_REPLAYS = 250
ALIGNMENTS = 40
ZONE = ZoneInfo("Asia/Shanghai")  # of the child process; with the summer times before 1992


@dataclass
class Outcome:
    """What came of one form."""

    form: str
    refused: str = ""
    runs: int = 0
    answers: int = 0
    rows: int = 0
    nodes: int = 0
    allowed: Counter[str] = field(default_factory=Counter)
    differences: list[dict[str, object]] = field(default_factory=list)


class Pair:
    """One filling of one form in both engines."""

    def __init__(self, form: Form, oracle: Oracle, rules: list[Rule]) -> None:
        moment = datetime.fromtimestamp(oracle.load(form.xml, form.media) / 1000, ZONE)
        self.engine = Engine(form.model, moment, zone=ZONE, rng=random.Random(1), properties=PROPERTIES)
        self.day = moment.date()
        self.allowed: Counter[str] = Counter()
        self._oracle = oracle
        self._rules = rules
        self._told: set[Difference] = set()
        self._withheld: set[str] = set()
        self.refs = Refs()

    def act(self, step: Step) -> bool:
        """Do one step in both; False when it cannot be done (its row is gone in a shorter script)."""
        entry = next(
            (
                e
                for e in self.engine.entries()
                if self.refs[e] == step.ref and (e.repeat is not None) == (step.op == "add")
            ),
            None,
        )
        if entry is None or not entry.relevant:
            return False
        self._withheld = {self.refs[e] for e in self.engine.entries() if e.withheld}
        if step.op == "answer":
            if entry.readonly:
                return False
            changes = self.engine.answer(entry, step.value)
        elif step.op == "add":
            changes = self.engine.add_row(entry)
        else:
            spread = entry.row_of
            if spread is None:
                return False
            changes = self.engine.remove_row(
                spread, next(i for i, row in enumerate(spread.rows) if row is entry)
            )
        if changes.ranges:
            self.refs.clear()
        self._oracle.ask(op=step.op, ref=step.ref, value=step.value)
        return True

    def compare(self) -> list[Difference]:
        """What differs and is not on the list; what is on the list is levelled out so that it does not spread."""
        open_ = self._sift()
        late = next((r for r in self._rules if r.late), None)
        if open_ and late is not None:
            self._oracle.ask(op="refresh")
            left = self._sift()
            self.allowed[late.id] += len(set(open_) - set(left))
            return left
        return open_

    def _sift(self) -> list[Difference]:
        open_: list[Difference] = []
        for _ in range(ALIGNMENTS):
            open_, levelled = [], False
            for difference, entry in differences(self.engine, self._oracle, self._withheld, self.refs):
                rule = next((r for r in self._rules if r.covers(difference)), None)
                if rule is None:
                    open_.append(difference)
                    continue
                if difference not in self._told:
                    self._told.add(difference)
                    self.allowed[rule.id] += 1
                if rule.align and not levelled:
                    levelled = self._level(difference, entry)
            if not levelled:
                break
        return open_

    def _level(self, difference: Difference, entry: Entry | None) -> bool:
        """Make both the same in what may differ."""
        if difference.aspect == "value" and entry is not None:
            if self.engine.put(entry, difference.theirs).ranges:
                self.refs.clear()
        elif difference.aspect == "rows" and difference.ref.endswith("]"):
            self._oracle.ask(op="remove", ref=difference.ref)
        else:
            return False
        return True


class Form:
    """A form ready to be filled in by both."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.name = f"{path.parent.name}/{path.name}" if path.parent.name.startswith("v") else path.name
        self.media = path.parent
        if path.suffix == ".xml":
            self.xml = path
            text = path.read_text(encoding="utf-8")
        else:
            text = compile_workbook(path.read_bytes(), path.name).xform_xml
            self.xml = folder / f"{path.stem}.xml"
            self.xml.write_text(text, encoding="utf-8")
        files = {p.name: p.read_bytes() for p in path.parent.iterdir() if p.suffix in {".csv", ".geojson"}}
        self.model = load_form(text, files)
        self.small = counting(self.model)


def replay(
    form: Form, steps: Iterable[Step], oracle: Oracle, rules: list[Rule]
) -> tuple[list[Step], list[Difference]]:
    """The steps that could be done up to the first difference, and the differences there."""
    pair = Pair(form, oracle, rules)
    done: list[Step] = []
    found = pair.compare()
    for step in steps:
        if found:
            break
        try:
            if pair.act(step):
                done.append(step)
                found = pair.compare()
        except (AppError, Refusal) as error:
            found = [Difference("error", step.ref, repr(error), "")]
            done.append(step)
    return done, found


def shrink(
    form: Form, steps: list[Step], wanted: tuple[str, str], oracle: Oracle, rules: list[Rule]
) -> tuple[list[Step], list[Difference]]:
    """A shorter script that still ends in the wanted kind of difference."""
    best, found = replay(form, steps, oracle, rules)
    size, tries = max(1, len(best) // 2), 0
    while size >= 1 and tries < MOST_REPLAYS:
        at, shorter = 0, False
        while at < len(best) - 1 and tries < MOST_REPLAYS:
            tries += 1
            done, differs = replay(form, best[:at] + best[at + size :], oracle, rules)
            if len(done) < len(best) and any(d.kind == wanted for d in differs):
                best, found, shorter = done, differs, True
            else:
                at += size
        if size == 1 and not shorter:
            break
        size = max(1, size // 2) if size > 1 else (1 if shorter else 0)
    return best, found


def run_seed(
    form: Form, seed: int, answers: int, oracle: Oracle, rules: list[Rule], outcome: Outcome
) -> tuple[list[Step], list[Difference]]:
    """One filling at random; ends at the first difference."""
    rng = random.Random(f"{form.model.form_id} {seed}")
    pair = Pair(form, oracle, rules)
    steps: list[Step] = []
    found = pair.compare()
    given = 0
    while given < answers and not found:
        step = next_step(pair.engine, pair.refs, rng, form.small)
        if step is None:
            break
        try:
            pair.act(step)
            steps.append(step)
            found = pair.compare()
        except (AppError, Refusal) as error:
            steps.append(step)
            found = [Difference("error", step.ref, repr(error), "")]
        given += step.op == "answer"
        outcome.rows += step.op != "answer"
    if found and Pair(form, oracle, rules).day != pair.day:
        # today() of JavaRosa cannot be held over midnight
        return run_seed(form, seed, answers, oracle, rules, outcome)
    outcome.runs += 1
    outcome.answers += given
    outcome.nodes = max(outcome.nodes, len(oracle.nodes))
    outcome.allowed.update(pair.allowed)
    return steps, found


_mine: list[Oracle] = []  # the JavaRosa of this worker process


def _start(classes: str) -> None:
    _mine.append(Oracle(classes))


def run_form(path: Path, seeds: range, answers: int) -> Outcome:
    """All seeds of one form; each kind of difference is told once."""
    outcome = Outcome(path.name)
    rules = read_rules(ALLOWED)
    oracle = _mine[0]
    with tempfile.TemporaryDirectory(prefix="forms-") as folder:
        try:
            form = Form(path, Path(folder))
            oracle.load(form.xml, form.media)
        except (AppError, Refusal) as error:
            outcome.refused = f"{type(error).__name__}: {error} {getattr(error, 'params', '')}"[:300]
            return outcome
        outcome.form = form.name
        known: set[tuple[str, str]] = set()
        for seed in seeds:
            steps, found = run_seed(form, seed, answers, oracle, rules, outcome)
            if not found or found[0].kind in known:
                continue
            known.add(found[0].kind)
            script, short = shrink(form, steps, found[0].kind, oracle, rules)
            outcome.differences.append(
                {
                    "form": form.name,
                    "seed": seed,
                    "steps": [list(s) for s in script],
                    "differences": [asdict(d) for d in (short or found)[:6]],
                }
            )
    print(
        f"{outcome.form}: {outcome.answers} answers, {len(outcome.differences)} differences", file=sys.stderr
    )
    return outcome


def default_forms() -> list[Path]:
    """Our own trial forms, the shipped ones and the open workbooks of BABUTONG_CASES."""
    shipped = sorted(Path(__file__).with_name("forms").glob("*.md"))
    for folder in sorted((ROOT / "forms" / "questionnaires").glob("*/v*")):
        shipped += sorted(folder.glob("*.xml")) or sorted(folder.glob("*.xlsx"))
    cases = os.environ.get("BABUTONG_CASES", "")
    return shipped + (sorted((Path(cases) / "forms").glob("*.xls*")) if cases else [])


def summary(forms: list[Path], seeds: int, answers: int, jobs: int) -> dict[str, object]:
    """Run all and add up."""
    began = time.monotonic()
    forms = sorted(forms, key=lambda path: -path.stat().st_size)  # the longest work first
    with (
        tempfile.TemporaryDirectory(prefix="javarosa-") as classes,
        ProcessPoolExecutor(jobs, initializer=_start, initargs=(classes,)) as pool,
    ):
        compile_into(classes)
        outcomes = list(pool.map(run_form, forms, [range(seeds)] * len(forms), [answers] * len(forms)))
    total: Counter[str] = Counter()
    for outcome in outcomes:
        total.update(outcome.allowed)
    return {
        "forms": sum(not o.refused for o in outcomes),
        "runs": sum(o.runs for o in outcomes),
        "answers": sum(o.answers for o in outcomes),
        "rows added or removed": sum(o.rows for o in outcomes),
        "differences": sum(len(o.differences) for o in outcomes),
        "allowed": dict(total),
        "seconds": round(time.monotonic() - began, 1),
        "refused": {o.form: o.refused for o in outcomes if o.refused},
        "per form": {
            o.form: [o.runs, o.answers, o.rows, o.nodes, len(o.differences), dict(o.allowed)]
            for o in outcomes
            if not o.refused
        },
        "found": [d for o in outcomes for d in o.differences],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=25)
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--form", type=Path, nargs="*", default=[])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    why = missing()
    if why:
        print(why, file=sys.stderr)
        return 3
    told = summary(asked.form or default_forms(), asked.seeds, asked.answers, asked.jobs)
    print(json.dumps(told, ensure_ascii=False, indent=1))
    return 1 if told["differences"] else 0


if __name__ == "__main__":
    sys.exit(main())
