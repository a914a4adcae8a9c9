from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.files.roster_columns import (
    EXAMPLE_SHEET,
    REQUIRED,
    TARGETS,
    guess_mapping,
    heading,
    map_row,
    missing_targets,
    other_rosters,
    target_of,
)
from app.files.workbook_in import read_workbook
from tests.files.sheets import HEADER, number, write

PERSON = ["H1", "张三", number(), "户主", ""]


@pytest.mark.parametrize("target", TARGETS)
def test_every_heading_leads_to_its_target(target: str) -> None:
    assert target_of(heading(target)) == target
    assert target_of(f"{heading(target)}*") == target
    kind, _, code = target.partition(".")
    known = {"place", "insurance", "pension"} | {"household.head_name"}
    assert kind in known or target in known or code in FIELDS[Kind(kind)]


@pytest.mark.parametrize(
    ("title", "target"),
    [
        ("县(市、区、旗)", "place.county"),
        ("县", "place.county"),
        ("乡(镇)", "place.township"),
        ("行政村", "place.village"),
        ("务工时间(月)", "member.work_months"),
        ("＊公民身份号码", "member.id_number"),
        ("证件号码", "member.id_number"),
        ("与户主关系（必填）", "member.relation"),
        ("姓　名", "member.name"),
        ("姓\n名", "member.name"),
        ("致贫返贫风险5", "household.risks"),
        ("是否参加城镇职工基本医疗保险", "insurance.employee_medical"),
        ("鞋码", ""),
        ("", ""),
    ],
)
def test_headings_of_other_rosters(title: str, target: str) -> None:
    assert target_of(title) == target


def test_the_header_is_found_below_titles(tmp_path: Path) -> None:
    rows = [["某村花名册", "", "", "", ""], ["填表日期：", "", "", "姓名", ""], HEADER, PERSON]
    found = guess_mapping(read_workbook(write(tmp_path / "a.xlsx", ("说明", [["姓名"]]), ("名册", rows))))
    assert found is not None
    assert (found.sheet, found.header_row) == ("名册", 3)
    assert tuple(found.columns.values()) == (
        "household.code",
        "member.name",
        "member.id_number",
        "member.relation",
        "member.phone",
    )


def test_no_header_is_not_guessed(tmp_path: Path) -> None:
    book = read_workbook(write(tmp_path / "a.xlsx", ("甲", [["姓名", "鞋码"], ["张三", "42"]])))
    assert guess_mapping(book) is None


def test_unknown_and_second_columns_are_told(tmp_path: Path) -> None:
    header = ("姓名", "鞋码", "成员姓名", "风险1", "风险2")
    book = read_workbook(write(tmp_path / "a.xlsx", ("甲", [header])))
    found = map_row(book.sheets[0], 0)
    assert dict(found.columns) == {0: "member.name", 3: "household.risks", 4: "household.risks"}
    assert found.ignored == ("鞋码", "成员姓名")


def test_other_sheets_that_look_like_a_roster(tmp_path: Path) -> None:
    sheets = [(name, [HEADER, PERSON]) for name in ("一村", EXAMPLE_SHEET, "二村")]
    book = read_workbook(write(tmp_path / "a.xlsx", *sheets, ("说明", [["姓名"]])))
    assert other_rosters(book, "一村") == ("二村",)
    only_example = read_workbook(write(tmp_path / "b.xlsx", sheets[1]))
    assert guess_mapping(only_example) is None


def test_what_is_missing() -> None:
    assert missing_targets(REQUIRED) == ()
    assert missing_targets(["member.name"]) == ("member.relation", "member.id_number")
