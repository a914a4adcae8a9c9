"""Lists of hits on real files: where the header stands, what is wrong and where."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.files import hits_in
from app.files.hits_in import HitRow, read_hits
from tests.files.sheets import number, write

HEADER = ("姓名", "身份证号", "比对项目", "比对结果", "数据日期", "反馈编号")


def test_a_title_may_stand_above_and_empty_rows_between(tmp_path: Path) -> None:
    rows = [
        ("车辆比对反馈",),
        HEADER,
        ("吴 福生", number(), "车辆", "小型客车", date(2026, 2, 28), "F-1"),
        (),
        ("王秀兰", "", "房产", "商品房一套", "", ""),
    ]
    found = read_hits(write(tmp_path / "单.xlsx", ("说明", [("没有表头",)]), ("反馈", rows)))
    assert found.sheet == "反馈"
    assert found.problems == ()
    assert found.rows == (
        HitRow(3, "吴福生", number(), "车辆", "小型客车", "2026-02-28", "F-1"),
        HitRow(5, "王秀兰", "", "房产", "商品房一套", "", ""),
    )


def test_what_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ("", "", "车辆", "小型客车", "", ""),
        ("吴福生", number(), "车辆", "", "", ""),
        ("王秀兰", 990101198001020019, "车辆", "货车", "", ""),
        ("李大山", number(), "车辆", "货车", "上个月", ""),
    ]
    found = read_hits(write(tmp_path / "单.xlsx", ("反馈", rows)))
    assert found.rows == ()
    assert [(one.row, one.column, one.code) for one in found.problems] == [
        (2, "A", "hits.nobody"),
        (3, "D", "hits.no_content"),
        (4, "B", "hits.damaged_number"),
        (5, "E", "hits.date"),
    ]


def test_a_sheet_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no_header"):
        read_hits(write(tmp_path / "单.xlsx", ("反馈", [("甲", "乙"), ("1", "2")])))


def test_a_list_longer_than_any_office_has_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hits_in, "_MAX_ROWS", 2)
    line = ("吴福生", number(), "车辆", "小型客车", "", "")
    assert len(read_hits(write(tmp_path / "短.xlsx", ("反馈", [HEADER, line]))).rows) == 1
    with pytest.raises(BadInput) as caught:
        read_hits(write(tmp_path / "长.xlsx", ("反馈", [HEADER, line, line, line])))
    assert caught.value.code == "hits.too_many_rows"
    assert caught.value.params == {"file": "长.xlsx", "limit": 2}
