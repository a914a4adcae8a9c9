"""The recorded cases of other engines; read from BABUTONG_CASES, never copied here."""

from __future__ import annotations

import os

import pytest

from app.cli.arguments import build_parser
from app.cli.desk import Desk
from app.cli.forms import cases

WHERE = os.environ.get("BABUTONG_CASES", "")
pytestmark = pytest.mark.skipif(not WHERE, reason="BABUTONG_CASES does not name the folder of recorded cases")

LEAST = {"expressions": 0.995, "traces": 0.97, "forms": 0.9}


def test_recorded_cases(figure) -> None:
    arguments = build_parser().parse_args(["form", "cases", WHERE])
    told = cases(Desk(arguments), arguments)
    for part, least in LEAST.items():
        outcome = told[part]
        assert isinstance(outcome, dict)
        share = outcome["passed"] / max(1, outcome["passed"] + len(outcome["failed"]))
        figure(f"recorded {part}", share, "", limit=None)
        assert share >= least, outcome["failed"]
