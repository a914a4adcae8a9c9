"""Workbooks that must go all the way."""

from __future__ import annotations

from app.questionnaire import serialise
from app.questionnaire.trial import workbooks
from app.questionnaire.trial.record import Outcome
from app.questionnaire.trial.workbooks import run_workbooks
from tests.questionnaire.forms import NOW

GOOD = b"| survey |\n| | type | name | label |\n| | text | a | A |\n"
BAD = b"| survey |\n| | type | name | label |\n| | nonsense | a | A |\n"
BOOKS = {"good.md": GOOD, "bad.md": BAD}


def run(listed: dict[str, bool]) -> Outcome:
    return run_workbooks(listed, BOOKS.__getitem__, {}, NOW)


def test_each_is_counted_once() -> None:
    outcome = run({"good.md": True, "bad.md": True, "none.md": True, "no.md": False})
    assert (outcome.passed, outcome.quarantined) == (1, 1)
    assert [f.id for f in outcome.failed] == ["bad.md", "none.md"]
    assert "questionnaire.workbook" in outcome.failed[0].reason


def test_answers_that_do_not_come_back_are_told(monkeypatch) -> None:
    count = iter(range(99))
    whole = serialise.serialise

    class Forgetful(workbooks.Engine):
        def to_xml(self, *, everything: bool = False) -> str:
            return whole(self.root.node, everything=everything) + f"<!--{next(count)}-->"

    monkeypatch.setattr(workbooks, "Engine", Forgetful)
    assert run({"good.md": True}).failed[0].reason == "other answers after writing and reading"
