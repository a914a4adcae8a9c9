"""Titles: even lines, words whole, explicit breaks obeyed."""

from __future__ import annotations

import pytest

from reports.kit.fonts import Role, vendored
from reports.kit.page import OFFICIAL
from reports.kit.title import title_lines

CHAIN = vendored().chain(Role.TITLE)
ROOM = OFFICIAL.measure / 22


def texts(title, room=ROOM):
    return [line.text for line in title_lines(title, CHAIN, room)]


def test_a_title_that_fits_stays_on_one_line():
    assert texts("向阳村2025年度公示") == ["向阳村2025年度公示"]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "红旗镇人民政府关于2025年度拟退出户名单的公示",
            ["红旗镇人民政府关于", "2025年度拟退出户名单的公示"],
        ),
        (
            "向阳村2025年度拟纳入防止返贫监测对象名单的公示",
            ["向阳村2025年度拟纳入", "防止返贫监测对象名单的公示"],
        ),
        (
            "红旗镇向阳村村民委员会评议结果名单的公示公告",
            ["红旗镇向阳村村民委员会", "评议结果名单的公示公告"],
        ),
    ],
)
def test_a_long_title_is_broken_by_sense(title, lines):
    assert texts(title) == lines


def test_a_line_break_in_the_title_is_obeyed():
    assert texts("向阳村\n公示") == ["向阳村", "公示"]


def test_a_title_without_a_good_place_is_still_set_whole():
    title = "甲" * 200
    assert "".join(texts(title)) == title
    assert all(line.width <= ROOM for line in title_lines(title, CHAIN, ROOM))
