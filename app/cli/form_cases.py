"""``form cases``: recorded cases of other engines, run by ours."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from app.domain.errors import AppError, BadInput
from app.questionnaire.trial.expressions import run_expressions
from app.questionnaire.trial.record import Failure, Outcome, Record
from app.questionnaire.trial.traces import run_traces
from app.questionnaire.trial.workbooks import run_workbooks
from app.ui.texts import sentence

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from app.cli.desk import Desk, Result

_WHEN = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
_LISTS = (".csv", ".geojson", ".xml")


def cases(_desk: Desk, arguments: Namespace) -> Result:
    """Run the cases of a folder; what cannot be read stands among the failures."""
    arguments.json = True  # for programs only, whatever was asked for
    folder = Path(arguments.dir)
    return {
        "expressions": _told("xpath_cases.jsonl", lambda: _expressions(folder)),
        "traces": _told("scenario_traces.jsonl.gz", lambda: _traces(folder)),
        "forms": _told("forms_index.json", lambda: _workbooks(folder)),
    }


def _told(source: str, run: Callable[[], Outcome]) -> dict[str, object]:
    try:
        outcome = run()
    except AppError as error:
        outcome = Outcome()
        outcome.note(source, sentence(error))
    return asdict(outcome)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput("cli.cases_unreadable", file=path.name) from error


def _parsed(path: Path, raw: bytes) -> object:
    try:
        return json.loads(raw)
    except ValueError as error:
        raise BadInput("cli.cases_unreadable", file=path.name) from error


def _lines(path: Path, raw: bytes, run: Callable[[list[Record]], Outcome]) -> Outcome:
    """Run the cases of a file with one case a line; a line that is damaged has failed."""
    whole: list[Record] = []
    damaged: list[Failure] = []
    for number, line in enumerate(raw.splitlines(), 1):
        try:
            whole.append(Record(_parsed(path, line)))
        except BadInput as error:
            damaged.append(Failure(f"{path.name}:{number}", sentence(error)))
    outcome = run(whole)
    outcome.failed.extend(damaged)
    return outcome


def _listed(path: Path) -> list[Record]:
    found = _parsed(path, _read(path))
    if not isinstance(found, list):
        raise BadInput("cli.cases_unreadable", file=path.name)
    return [Record(one) for one in cast("list[object]", found)]


def _expressions(folder: Path) -> Outcome:
    path = folder / "xpath_cases.jsonl"
    docs = folder / "xpath_docs.json"
    conflicts = _listed(folder / "xpath_conflicts.json")
    trees = Record(_parsed(docs, _read(docs)))
    return _lines(path, _read(path), lambda found: run_expressions(found, trees, conflicts))


def _traces(folder: Path) -> Outcome:
    path = folder / "scenario_traces.jsonl.gz"
    try:
        raw = gzip.decompress(_read(path))
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput("cli.cases_unreadable", file=path.name) from error
    return _lines(path, raw, run_traces)


def _workbooks(folder: Path) -> Outcome:
    """Workbooks of the list, with the lists that lie beside them."""
    listed = {one.text("file"): one.text("pyxform") == "ok" for one in _listed(folder / "forms_index.json")}
    beside = (folder / "forms").glob("*")
    media = {path.name: _read(path) for path in beside if path.suffix in _LISTS}
    return run_workbooks(listed, lambda file: _read(folder / file), media, _WHEN)
