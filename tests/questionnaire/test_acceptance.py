"""The recorded cases of the reference engines; read from BABUTONG_CASES, never copied here."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.questionnaire.compile import compile_workbook
from app.questionnaire.engine import Engine
from app.questionnaire.loader import load_form
from tests.questionnaire import trace_cases, xpath_cases
from tests.questionnaire.forms import NOW

BARE_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
WHERE = os.environ.get("BABUTONG_CASES", "")
pytestmark = pytest.mark.skipif(not WHERE, reason="BABUTONG_CASES does not name the folder of recorded cases")
FOLDER = Path(WHERE or ".")

# Expressions in which the recorded answer contradicts JavaRosa, which wins: dates count in whole days, a
# text that is no date is an error, date(n) cuts the fraction, a blank row number means 1, string seeds work.
AGAINST_JAVAROSA = {
    "x00398", "x00399", "x00455", "x00478", "x01070", "x01897", "x01898", "x01906", "x01907", "x02430", "x03128",
}  # fmt: skip
LEAST_EXPRESSIONS = 0.999  # of those JavaRosa does not contradict
LEAST_TRACES = 0.97
ALL_PASS = ("relevant", "validity", "calculate", "readonly")
KNOWN_TRACES = {"s0511", "s0585"}  # long and short text joined; relevance of a range by its first row


def test_expressions(figure) -> None:
    count, failed = xpath_cases.run_all(FOLDER)
    mine = [(c["id"], c["expr"], said) for c, said in failed if c["id"] not in AGAINST_JAVAROSA]
    figure("expression cases", (count - len(failed)) / count, "", limit=None)
    assert count > 1000
    assert (count - len(mine)) / count >= LEAST_EXPRESSIONS, mine


def test_traces(figure) -> None:
    count, failed = trace_cases.run_all(FOLDER)
    figure("scenario traces", (count - len(failed)) / count, "", limit=None)
    assert (count - len(failed)) / count >= LEAST_TRACES, [(t["id"], said[:200]) for t, said in failed]
    whole = [
        t["id"]
        for t, _ in failed
        if t["id"] not in KNOWN_TRACES and any(part in t["source"].rpartition("/")[2] for part in ALL_PASS)
    ]
    assert whole == []


def test_real_workbooks_compile_load_and_open() -> None:
    """Each opens, or is refused with our error; none crashes."""
    opened, refused = [], []
    listed = json.loads((FOLDER / "forms_index.json").read_text())
    assert listed
    for path in sorted((FOLDER / "forms").glob("*.xls*")):
        try:
            form = load_form(compile_workbook(path.read_bytes(), path.name).xform_xml)
            engine = Engine(form, NOW)
            again = Engine(form, NOW, engine.to_xml(everything=True)).to_xml()
            assert BARE_UUID.sub("X", again) == BARE_UUID.sub("X", engine.to_xml())
            opened.append(path.name)
        except BadInput as error:
            refused.append((path.name, error.code, dict(error.params)))
    assert len(opened) >= 18, refused
