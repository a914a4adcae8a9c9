from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.lines import FrozenLine, Line, choose_line, frozen_fields, frozen_line, overlapping
from app.files.pack_in import load_shipped

VILLAGE = "530102001201"


def line(name: str, region: str, first: str, last: str | None = None, programme: str = "p") -> Line:
    return Line(
        name,
        region,
        programme,
        "i",
        100,
        date.fromisoformat(first),
        date.fromisoformat(last) if last else None,
        doc=f"doc {name}",
    )


LINES = (
    line("nation", "", "2020-01-01"),
    line("province", "53", "2024-01-01", "2024-03-13"),
    line("province-new", "53", "2024-03-14"),
    line("county", "530102", "2025-01-01", "2025-12-31"),
    line("elsewhere", "52", "2020-01-01"),
    line("village", VILLAGE, "2026-01-01", programme="q"),
)


@pytest.mark.parametrize(
    ("day", "chosen"),
    [
        ("2019-12-31", None),
        ("2020-01-01", "nation"),
        ("2023-12-31", "nation"),
        ("2024-01-01", "province"),
        ("2024-03-13", "province"),
        ("2024-03-14", "province-new"),  # a line that changed in the middle of a year
        ("2025-01-01", "county"),
        ("2025-12-31", "county"),
        ("2026-01-01", "village"),
    ],
)
def test_the_narrowest_line_in_force_is_chosen(day, chosen):
    found = choose_line(LINES, VILLAGE, date.fromisoformat(day))
    assert (found.id if found else None) == chosen


def test_a_programme_narrows_the_choice():
    day = date(2026, 5, 1)
    assert choose_line(LINES, VILLAGE, day, "p").id == "province-new"
    assert choose_line(LINES, VILLAGE, day, "r") is None


@pytest.mark.parametrize(
    ("day", "yuan"),
    [
        ("2008-01-01", 1196),
        ("2009-12-31", 1196),
        ("2010-06-30", 2300),
        ("2011-06-30", 2536),
        ("2012-06-30", 2625),
        ("2013-06-30", 2736),
        ("2014-06-30", 2800),
        ("2015-06-30", 2855),
        ("2016-06-30", 2952),
        ("2019-06-30", 3218),
        ("2020-12-31", 4000),
        ("2021-01-01", None),
        ("2026-03-01", None),
        ("2007-12-31", None),
    ],
)
def test_the_national_lines_of_the_pack(day, yuan):
    found = choose_line(load_shipped("s8/v1").lines, VILLAGE, date.fromisoformat(day))
    assert (found.fen if found else None) == (yuan * 100 if yuan else None)


def test_the_indicator_changed_in_2014():
    lines = load_shipped("s8/v1").lines
    assert "纯收入" in choose_line(lines, VILLAGE, date(2013, 1, 1)).indicator
    assert "可支配收入" in choose_line(lines, VILLAGE, date(2014, 1, 1)).indicator


def test_a_line_is_frozen_and_read_back():
    assert frozen_fields(LINES[0]) == {"line_fen": 100, "line_doc": "doc nation"}
    assert frozen_line(frozen_fields(LINES[0])) == FrozenLine(100, "doc nation")
    assert frozen_line(frozen_fields(None)) is None
    assert frozen_line({}) is None
    assert frozen_line({"line_fen": 5}) == FrozenLine(5)


def test_overlaps_are_found_within_one_region_and_programme():
    clash = line("b", "53", "2024-02-01")
    assert overlapping([*LINES, clash]) is not None
    assert overlapping(LINES) is None
    assert overlapping([line("a", "", "2020-01-01"), line("b", "", "2019-01-01", "2019-12-31")]) is None
    assert overlapping([line("a", "", "2020-01-01"), line("b", "", "2020-01-01")]) is not None


DATES = st.dates(date(2020, 1, 1), date(2020, 2, 28))


@given(st.lists(st.tuples(DATES, st.integers(0, 9)), min_size=2, max_size=5))
def test_without_overlaps_no_day_has_two_lines_of_a_region(spans):
    lines = [
        Line(str(n), "", "", "i", 1, first, date.fromordinal(first.toordinal() + length))
        for n, (first, length) in enumerate(spans)
    ]
    days = [date.fromordinal(date(2020, 1, 1).toordinal() + n) for n in range(75)]
    crowded = any(sum(one.holds_on(day) for one in lines) > 1 for day in days)
    assert (overlapping(lines) is not None) == crowded
