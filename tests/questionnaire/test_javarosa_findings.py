"""Faults the differential run against JavaRosa found, each as a small form."""

from __future__ import annotations

from tests.questionnaire.forms import answer, at, engine_of


def test_many_counted_rows_are_made_without_depth() -> None:
    """Every new row makes the count run again; a few hundred rows must not pile up calls."""
    engine = engine_of(
        """
        | survey |              |      |       |              |
        |        | type         | name | label | repeat_count |
        |        | integer      | n    | 人数  |              |
        |        | begin_repeat | who  | 谁    | ${n}         |
        |        | text         | name | 姓名  |              |
        |        | end_repeat   |      |       |              |
        """
    )
    answer(engine, "n", "600")
    assert len(at(engine, "who").rows) == 600
    answer(engine, "n", "2")
    assert len(at(engine, "who").rows) == 2
