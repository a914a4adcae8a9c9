"""``babutong-cli form cases``: the keys of its JSON, and that it always ends with 0."""

from __future__ import annotations

import gzip
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from app.cli import main
from tests.questionnaire.trial.test_traces import TRACE
from tests.questionnaire.trial.test_workbooks import BAD, GOOD

CASE = {
    "id": "x1",
    "expr": "1 + 1",
    "kind": "number",
    "expected": 2,
    "context": {"doc": "d", "node": "/", "root": "/"},
}


def run(folder: Path) -> dict[str, dict[str, object]]:
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = main(["form", "cases", str(folder)])
    assert (code, err.getvalue()) == (0, "")
    told = json.loads(out.getvalue())
    assert list(told) == ["expressions", "traces", "forms"]
    assert all(list(part) == ["passed", "failed", "quarantined"] for part in told.values())
    return told


def laid_out(folder: Path) -> Path:
    (folder / "forms").mkdir()
    lines = [CASE, {**CASE, "id": "x2", "expected": 3}, {**CASE, "id": "x3", "quarantine": "why"}]
    (folder / "xpath_cases.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (folder / "xpath_docs.json").write_text(json.dumps({"d": "<r/>"}))
    (folder / "xpath_conflicts.json").write_text("[]")
    (folder / "scenario_traces.jsonl.gz").write_bytes(gzip.compress(json.dumps(TRACE).encode()))
    (folder / "forms/good.md").write_bytes(GOOD)
    (folder / "forms/bad.md").write_bytes(BAD)
    (folder / "forms/list.csv").write_bytes(b"name\na\n")
    index = [{"file": f"forms/{name}.md", "pyxform": said} for name, said in (("good", "ok"), ("bad", None))]
    (folder / "forms_index.json").write_text(json.dumps(index))
    return folder


def test_a_folder(tmp_path) -> None:
    assert run(laid_out(tmp_path)) == {
        "expressions": {
            "passed": 1,
            "failed": [{"id": "x2", "reason": "got '2' instead of 3"}],
            "quarantined": 1,
        },
        "traces": {"passed": 1, "failed": [], "quarantined": 0},
        "forms": {"passed": 1, "failed": [], "quarantined": 1},
    }


def test_no_folder(tmp_path) -> None:
    told = run(tmp_path / "none")
    assert [part["passed"] for part in told.values()] == [0, 0, 0]
    assert all(len(part["failed"]) == 1 for part in told.values())


def test_damaged_files_are_named(tmp_path) -> None:
    folder = laid_out(tmp_path)
    (folder / "xpath_cases.jsonl").write_text(json.dumps(CASE) + "\n{\n[]\n")
    (folder / "scenario_traces.jsonl.gz").write_bytes(b"no archive")
    (folder / "forms_index.json").write_text("{}")
    told = run(folder)
    assert told["expressions"]["passed"] == 1
    damaged = [one["id"] for one in told["expressions"]["failed"]]  # type: ignore[attr-defined, index] -- JSON
    assert damaged == ["xpath_cases.jsonl:2", "xpath_cases.jsonl:3"]
    for part, name in (("traces", "scenario_traces.jsonl.gz"), ("forms", "forms_index.json")):
        (failure,) = told[part]["failed"]  # type: ignore[misc] -- JSON
        assert failure["id"] == name
        assert failure["reason"].startswith(name)
