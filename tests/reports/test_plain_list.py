"""The plain list: every cell, on as many pages as it takes, signed by who printed it."""

from __future__ import annotations

import pytest

from reports.kit.page import LIST_LANDSCAPE, LIST_PORTRAIT
from reports.plain_list import Align, Column, PlainListSheet, missing_characters, render

COLUMNS = (Column("序号", 0.6), Column("户主姓名", 1.2), Column("情况说明", 4, Align.LEFT))


def sheet(count, **changed):
    rows = tuple(
        (str(n), "吉克·阿依", f"第{n}条：“两不愁三保障”均已稳定实现，自付3,200.00元。" * 2)
        for n in range(1, count + 1)
    )
    return PlainListSheet(
        **{"title": "情况一览表", "columns": COLUMNS, "rows": rows, "footer": "打印：张某", **changed}
    )


@pytest.mark.parametrize("landscape", [False, True])
@pytest.mark.parametrize("count", [0, 1, 80])
def test_all_rows_all_pages(read, count, landscape):
    made = sheet(count, landscape=landscape, subtitle=("批次：2025年度", "共若干户"))
    paper = read(render(made))
    geometry = LIST_LANDSCAPE if landscape else LIST_PORTRAIT
    assert paper.pdf[0].get_size() == pytest.approx((geometry.width, geometry.height), abs=0.1)
    position = 0
    for row in made.rows:
        position = paper.text.index("".join(row), position) + 1
    assert paper.texts[0].startswith("情况一览表批次：2025年度共若干户序号户主姓名情况说明")
    for number, text in enumerate(paper.texts, start=1):
        assert text.count("序号户主姓名情况说明") == 1
        assert f"第{number}页共{len(paper)}页" in text
        assert "打印：张某" in text
        assert paper.ink(number - 1)[2] <= geometry.limit + 1.5


def test_without_a_footer_the_page_number_is_centred(read):
    paper = read(render(sheet(1, footer="")))
    boxes = [box for char, box in paper.characters(0) if char == "页"]
    middle = LIST_PORTRAIT.left + LIST_PORTRAIT.measure / 2
    assert boxes[0][0] < middle < boxes[1][0]


def test_missing_characters_are_told_from_every_part(read):
    made = sheet(0, title="甲\U00020000", rows=(("1", "\U00020001", "乙\U00020000"),), footer="\U00020002")
    assert missing_characters(made) == ("\U00020000", "\U00020002", "\U00020001")
    assert "甲〓" in read(render(made)).text


def test_the_same_sheet_gives_the_same_bytes():
    assert render(sheet(30)) == render(sheet(30))
