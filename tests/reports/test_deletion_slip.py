"""The slip about a deletion: everything on it, tables that are empty say so."""

from __future__ import annotations

from dataclasses import replace

from reports.deletion_slip import DeletionSlipSheet, missing_characters, render

SHEET = DeletionSlipSheet(
    facts=(("申请编号", "依删〔2026〕3号"),),
    done=(("家庭成员", "4"),),
    reached=(("石板村", "已执行", "2026-10-08"),),
    beyond=(("本机备份（2026-10-07）", "轮换时自动删除", "2026-11-14"),),
    footer="2026-10-07",
)


def test_everything_is_on_one_page(read):
    paper = read(render(SHEET))
    assert len(paper) == 1
    for rows in (SHEET.facts, SHEET.done, SHEET.reached, SHEET.beyond):
        for row in rows:
            assert "".join(row) in paper.text
    assert "经办人（签字）" in paper.text
    assert SHEET.footer in paper.text


def test_what_is_empty_is_said(read):
    paper = read(render(replace(SHEET, reached=(), beyond=())))
    assert "没有其他电脑登记在册" in paper.text
    assert "没有发现" in paper.text


def test_many_rows_take_more_pages(read):
    rows = tuple((f"第{n}村", "未收到回执", "") for n in range(90))
    paper = read(render(replace(SHEET, reached=rows)))
    assert len(paper) > 1
    assert "第89村" in paper.text


def test_missing_characters_are_told():
    assert missing_characters(replace(SHEET, footer="\U00020002")) == ("\U00020002",)
