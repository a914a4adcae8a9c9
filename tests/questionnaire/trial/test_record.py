"""Typed reading of recorded cases."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput, Refused
from app.questionnaire.trial.record import Failure, Outcome, Record, why


def test_what_is_there_and_what_is_not() -> None:
    record = Record({"a": "字", "n": 2, "yes": True, "in": {"b": "c"}, "list": [{"d": 1}], "null": None})
    assert (record.text("a"), record.text("null"), record.text("none")) == ("字", "", "")
    assert (record.number("n"), record.number("none")) == (2.0, 0.0)
    assert (record.flag("yes"), record.flag("none")) == (True, False)
    assert record.record("in").text("b") == "c"
    assert [r.number("d") for r in record.records("list")] == [1.0]
    assert record.items("none") == []
    assert "a" in record
    assert record.keys() == ("a", "n", "yes", "in", "list", "null")


def test_what_is_of_another_kind_is_told_by_its_key() -> None:
    record = Record({"a": 1, "n": "x", "list": "y"})
    for read, key in ((record.text, "a"), (record.number, "n"), (record.items, "list")):
        with pytest.raises(BadInput, match="case_damaged") as raised:
            read(key)
        assert raised.value.params == {"key": key}
    with pytest.raises(BadInput, match="case_damaged"):
        record.record("a")


def test_a_case_may_fail_in_every_way_and_the_run_goes_on() -> None:
    def refused() -> str:
        raise Refused("questionnaire.readonly", question="/data/a")

    def broken() -> str:
        raise ZeroDivisionError("no")

    outcome = Outcome()
    for number, run in enumerate((lambda: "", lambda: "differs", refused, broken)):
        outcome.note(str(number), why(run))
    assert outcome.passed == 1
    assert outcome.failed == [
        Failure("1", "differs"),
        Failure("2", "refused questionnaire.readonly (question='/data/a')"),
        Failure("3", "fault ZeroDivisionError: no"),
    ]
