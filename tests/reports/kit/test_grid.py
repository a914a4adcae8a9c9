"""The table engine: page breaks, repeated heads, cells that fit, rows taller than a page."""

from __future__ import annotations

import re

import pytest

from reports.kit.flow import Flow
from reports.kit.fonts import vendored
from reports.kit.grid import Align, Column, Grid
from reports.kit.page import LIST_PORTRAIT, Paper

COLUMNS = (Column("序号", 1), Column("姓名", 2, Align.LEFT), Column("金额", 1, Align.RIGHT))


def drawn(rows, reserve=0.0, skip=0.0, columns=COLUMNS):
    """Draw a table; return the PDF and the room left under it."""
    paper = Paper(LIST_PORTRAIT, vendored(), "test")
    flow = Flow(paper)
    flow.y -= skip
    Grid(flow, columns).draw(rows, reserve)
    return paper.save(), flow.room


def rows_of(count):
    return [(str(number), f"甲{number}户", f"{number}.00") for number in range(1, count + 1)]


@pytest.mark.parametrize("count", [0, 1, 2, 29, 30, 31, 32, 90])
def test_every_row_once_in_order_under_a_head_on_each_page(read, count):
    data, _ = drawn(rows_of(count))
    paper = read(data)
    assert re.findall(r"甲(\d+)户", paper.text) == [str(number) for number in range(1, count + 1)]
    for text in paper.texts:
        assert text.count("序号姓名金额") == 1
        assert count == 0 or "户" in text


@pytest.mark.parametrize("count", range(1, 40))
@pytest.mark.parametrize("skip", [0.0, 300.0])
def test_the_last_two_rows_stand_where_there_is_room_for_what_follows(read, count, skip):
    data, room = drawn(rows_of(count), reserve=150, skip=skip)
    assert room >= 150
    assert read(data).texts[-1].count("户") >= min(2, count)


def test_text_stands_where_the_column_says(read):
    data, _ = drawn([("1", "甲户", "9.00")])
    boxes = dict(read(data).characters(0))
    left, right = LIST_PORTRAIT.left, LIST_PORTRAIT.limit
    width = right - left
    assert boxes["户"][2] < left + width * 0.4
    assert boxes["甲"][0] == pytest.approx(left + width / 4 + 4.25, abs=1.5)
    middle = (boxes["1"][0] + boxes["1"][2]) / 2
    assert middle == pytest.approx(left + width / 8, abs=1)
    assert max(box[2] for box in (boxes["0"], boxes["9"])) == pytest.approx(right - 4.25, abs=1)


def test_a_cell_a_little_too_long_is_shrunk_rather_than_leaving_one_character(read):
    narrow = (Column("甲", 1), Column("乙", 5))
    width = LIST_PORTRAIT.measure / 6 - 2 * 4.252
    fits = int(width / 10.5)
    one_more = drawn([("村" * (fits + 1), "")], columns=narrow)[0]
    many_more = drawn([("村" * (fits + 3), "")], columns=narrow)[0]

    def lines(data):
        return len({round(box[1]) for char, box in read(data).characters(0) if char == "村"})

    assert lines(one_more) == 1
    assert lines(many_more) == 2


def test_a_row_taller_than_a_page_goes_on_on_the_next(read):
    long = "".join(chr(0x4E00 + number) for number in range(2000))
    data, _ = drawn([("1", "甲户", "1"), ("2", long, "2"), ("3", "乙户", "3")])
    paper = read(data)
    assert len(paper) > 2
    body = re.sub("序号姓名金额|[0-9]", "", paper.text)
    assert body == f"甲户{long}乙户"
    for page in range(len(paper)):
        assert paper.ink(page)[1] >= LIST_PORTRAIT.bottom - 1.5


def test_a_line_break_in_a_cell_is_obeyed(read):
    data, _ = drawn([("1", "甲\n\n乙", "1")])
    boxes = dict(read(data).characters(0))
    assert boxes["甲"][1] - boxes["乙"][1] == pytest.approx(2 * 1.25 * 10.5, abs=2)
