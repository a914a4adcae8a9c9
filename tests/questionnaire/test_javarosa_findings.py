"""Faults the differential run against JavaRosa found, each as a small form."""

from __future__ import annotations

from tests.questionnaire.forms import answer, at, engine_of, value


def test_many_counted_rows_are_made_without_depth() -> None:
    """A count may read the rows it makes; a few hundred of them must not pile up calls."""
    engine = engine_of(
        """
        | survey |              |      |       |                                                        |
        |        | type         | name | label | repeat_count                                           |
        |        | integer      | n    | 人数  |                                                        |
        |        | begin_repeat | who  | 谁    | if(count(${who}) < ${n}, count(${who}) + 1, number(${n})) |
        |        | text         | name | 姓名  |                                                        |
        |        | end_repeat   |      |       |                                                        |
        """
    )
    answer(engine, "n", "200")
    assert len(at(engine, "who").rows) == 200
    answer(engine, "n", "2")
    assert len(at(engine, "who").rows) == 2


FORM = """
    | survey |           |       |       |                                      |
    |        | type      | name  | label | calculation                          |
    |        | integer   | n     | 数    |                                      |
    |        | decimal   | yuan  | 元    |                                      |
    |        | date      | born  | 出生  |                                      |
    |        | text      | word  | 词    |                                      |
    |        | geotrace  | way   | 路    |                                      |
    |        | calculate | shown |       | concat(${yuan}, '元')                |
    |        | calculate | both  |       | join(' ', ${yuan}, ${n})             |
    |        | calculate | flag  |       | ${n} > 3                             |
    |        | calculate | said  |       | concat(${flag}, if(${flag}, 'y', 'n')) |
    |        | calculate | one   |       | ${flag} + 1                          |
    |        | calculate | seven |       | ${n} = '07'                          |
    |        | calculate | next  |       | date(${born} + 1)                    |
    |        | calculate | told  |       | concat(${next}, '!')                 |
    |        | calculate | truth |       | if(${word}, 'y', 'n')                |
    |        | calculate | days  |       | number(${word})                      |
    |        | calculate | later |       | ${word} > 3                          |
    |        | calculate | near  |       | ${yuan} * 3                          |
    """


def test_a_number_is_read_as_a_number_however_it_is_written() -> None:
    engine = engine_of(FORM)
    answer(engine, "yuan", "159.50")
    answer(engine, "n", "7")
    assert value(engine, "yuan") == "159.50"
    assert value(engine, "shown") == "159.5元"
    assert value(engine, "both") == "159.5 7"
    assert value(engine, "seven") == "1"


def test_a_computed_yes_or_no_is_kept_as_1_or_0_and_read_as_true_or_false() -> None:
    engine = engine_of(FORM)
    assert (value(engine, "flag"), value(engine, "said"), value(engine, "one")) == ("0", "falsen", "1")
    answer(engine, "n", "4")
    assert (value(engine, "flag"), value(engine, "said"), value(engine, "one")) == ("1", "truey", "2")


def test_a_computed_date_is_kept_as_a_moment_and_read_as_a_day() -> None:
    engine = engine_of(FORM)
    assert value(engine, "next") == ""
    answer(engine, "born", "2026-11-30")
    assert value(engine, "next") == "2026-12-01T00:00:00.000+08:00"
    assert value(engine, "told") == "2026-12-01!"


def test_a_text_that_looks_like_a_date_is_none() -> None:
    engine = engine_of(FORM)
    answer(engine, "word", "2026-01-02")
    assert (value(engine, "days"), value(engine, "later")) == ("", "0")
    answer(engine, "word", "20")
    assert (value(engine, "days"), value(engine, "later")) == ("20", "1")


def test_the_text_0_is_a_yes_as_any_text() -> None:
    engine = engine_of(FORM)
    assert value(engine, "truth") == "n"
    answer(engine, "word", "0")
    assert value(engine, "truth") == "y"


def test_points_of_a_line_are_written_as_single_points_are() -> None:
    engine = engine_of(FORM)
    answer(engine, "way", "26.50 104 0 0; 26.6 104.10 0 0")
    assert value(engine, "way") == "26.5 104.0 0.0 0.0; 26.6 104.1 0.0 0.0"


def test_a_number_hardly_above_a_whole_one_is_written_whole() -> None:
    engine = engine_of(FORM)
    answer(engine, "yuan", "1.00000000001")
    assert value(engine, "near") == "3"
    answer(engine, "yuan", "0.99999999999")
    assert value(engine, "near") == "2.99999999997"


ROWS = """
    | survey |              |       |       |                                                 |
    |        | type         | name  | label | calculation                                     |
    |        | begin_repeat | row   | 行    |                                                 |
    |        | text         | word  | 词    |                                                 |
    |        | calculate    | prev  |       | indexed-repeat(${word}, ${row}, position(..) - 1) |
    |        | end_repeat   |       |       |                                                 |
    |        | calculate    | total |       | sum(${word})                                    |
    """


def test_row_number_0_of_indexed_repeat_is_the_first_row() -> None:
    engine = engine_of(ROWS)
    answer(engine, "row[1]/word", "a")
    assert value(engine, "row[1]/prev") == "a"


def test_a_sum_leaves_out_what_is_no_number_and_adds_one_after_the_other() -> None:
    engine = engine_of(ROWS)
    spread = engine.at("/data/row")[0]
    for _ in range(9):
        engine.add_row(spread)
    for number in range(1, 11):
        answer(engine, f"row[{number}]/word", "0.1")
    assert value(engine, "total") == "0.9999999999999999"
    answer(engine, "row[1]/word", "无")
    assert value(engine, "total") == "0.8999999999999999"


def test_rounding_looks_at_the_digits_as_written() -> None:
    engine = engine_of(
        """
        | survey |           |      |       |                   |
        |        | type      | name | label | calculation       |
        |        | decimal   | yuan | 元    |                   |
        |        | calculate | head |       | round(${yuan}, 2) |
        """
    )
    for given, rounded in (
        ("27.974999999999998", "27.97"),
        ("27.975", "27.98"),
        ("0.285", "0.29"),
        ("-1.005", "-1.01"),
    ):
        answer(engine, "yuan", given)
        assert value(engine, "head") == rounded
