"""Our engine beside JavaRosa, the engine of the phones. Needs a JDK; acceptance sizes only."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.javarosa.answers import Step
from tests.javarosa.comparing import Difference, read_rules
from tests.javarosa.differ import ALLOWED, ROOT, Form, default_forms, replay, shrink, summary
from tests.javarosa.oracle import Oracle, missing
from tests.javarosa.validate import complaints

SHIPPED = sorted((ROOT / "forms" / "questionnaires").glob("*/v*/*.xml"))
TRIAL = ROOT / "tests" / "javarosa" / "forms" / "household.md"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason=f"needs JavaRosa: {missing()}")]


def test_random_answers_give_the_same_state_as_javarosa(figure) -> None:
    """25 × 100 answers in every form: nothing differs but what the written list explains."""
    told = summary(default_forms(), seeds=25, answers=100, jobs=2)
    figure("answers compared with JavaRosa", told["answers"], "", limit=None)
    assert told["forms"] >= 2
    assert told["found"] == []


def test_a_difference_is_found_and_made_short(tmp_path: Path) -> None:
    """Without the written list the decimals differ; the script that shows it is one step long."""
    steps = [
        Step("answer", "/data/age", "40"),
        Step("answer", "/data/word", "无"),
        Step("add", "/data/member"),
        Step("answer", "/data/income", "1000"),
        Step("answer", "/data/word", "是"),
    ]
    with Oracle() as oracle:
        form = Form(TRIAL, tmp_path)
        rules = [r for r in read_rules(ALLOWED) if r.id != "decimal-as-typed"]
        done, found = replay(form, steps, oracle, rules)
        assert done == steps[:4]
        assert found[0] == Difference("value", "/data/income", "1000", "1000.0", "decimal", "input")
        short, _ = shrink(form, steps, found[0].kind, oracle, rules)
    assert short == [Step("answer", "/data/income", "1000")]


def test_the_written_list_gives_its_reasons() -> None:
    rules = read_rules(ALLOWED)
    assert len({r.id for r in rules}) == len(rules)
    assert all(len(r.reason) > 60 for r in rules)


@pytest.mark.parametrize("xml", SHIPPED, ids=[f"{p.parts[-3]}-{p.parts[-2]}" for p in SHIPPED])
def test_shipped_questionnaires_pass_odk_validate(xml: Path) -> None:
    assert complaints(xml) == ""
