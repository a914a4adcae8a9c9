from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.domain.fault import Severity
from app.domain.roster import RosterHousehold, RosterMember
from app.domain.synthetic import DEMO_VILLAGE, synthetic_people
from app.files.roster_columns import REQUIRED, heading
from app.files.roster_errors import render_error_copy
from app.files.roster_in import Setting, read_roster
from app.files.roster_template import HEADER_ROW, LAST_ROW, TEXTS, field_of, render_roster
from tests.domain.code_lists import LISTS
from tests.files.sheets import HEADER, TODAY, number, roster

SETTING = Setting(LISTS, DEMO_VILLAGE, TODAY)
PEOPLE = synthetic_people(5, 60, TODAY)
COLUMNS = tuple(TEXTS["roster"]["columns"])


def open_bytes(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(render_roster(LISTS, PEOPLE, synthetic_people(9, 3, TODAY)))
    draft = read_roster(path, SETTING)
    assert draft.is_clean
    assert draft.mapping.header_row == HEADER_ROW
    assert draft.mapping.ignored == ()
    assert len(draft.households) == len(PEOPLE)
    for written, read in zip(PEOPLE, draft.households, strict=True):
        assert dict(read.values) == dict(written.values)
        assert [dict(m.values) for m in read.members] == [dict(m.values) for m in written.members]


def test_an_empty_template_reads_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(render_roster(LISTS, examples=PEOPLE[:3]))
    draft = read_roster(path, SETTING)
    assert [problem.code for problem in draft.problems] == ["roster.no_rows"]


def test_the_example_is_a_sound_roster(tmp_path: Path) -> None:
    book = open_bytes(render_roster(LISTS, examples=PEOPLE[:3]))
    book["示例"].title = "名册"
    del book["花名册"]
    book.save(tmp_path / "e.xlsx")
    draft = read_roster(tmp_path / "e.xlsx", SETTING)
    assert draft.is_clean
    assert len(draft.households) == 3
    ids = [str(m.values["id_number"]) for h in draft.households for m in h.members]
    assert all(one.startswith(("990101", "999999")) for one in ids)


def test_headings_formats_and_choices() -> None:
    book = open_bytes(render_roster(LISTS, PEOPLE[:2]))
    assert book.sheetnames == ["花名册", "示例", "填写说明", "代码"]
    sheet = book["花名册"]
    titles = [cell.value for cell in sheet[HEADER_ROW]]
    assert [title.removesuffix("*") for title in titles] == [heading(target) for target in COLUMNS]
    assert {title for title in titles if title.endswith("*")} == {
        heading(target) + "*" for target in REQUIRED
    }
    assert book["代码"].sheet_state == "hidden"
    column = COLUMNS.index("member.id_number") + 1
    cell = sheet.cell(HEADER_ROW + 1, column)
    assert (cell.data_type, cell.number_format) == ("s", "@")
    assert sheet.column_dimensions[cell.column_letter].width >= 18
    rules = {rule.prompt: rule for rule in sheet.data_validations.dataValidation if rule.prompt}
    relation = rules[TEXTS["notes"]["member.relation"]]
    assert relation.type == "list"
    assert relation.showErrorMessage
    letters, rows = relation.formula1.removeprefix("代码!").removeprefix("'代码'!").split(":")
    offered = [c.value for (c,) in book["代码"][f"{letters}:{rows}".replace("$", "")]]
    assert offered == [code.label for code in LISTS["relation"].choices()]
    assert str(relation.sqref).endswith(str(LAST_ROW + 1))
    health = rules[TEXTS["notes"]["member.health"]]
    assert not health.showErrorMessage  # several labels in one cell must stay possible


def test_every_note_belongs_to_a_column_and_every_column_to_a_field() -> None:
    assert set(TEXTS["notes"]) <= set(COLUMNS)
    assert set(TEXTS["roster"]["required"]) == set(REQUIRED)
    assert all(field_of(target).code == target.partition(".")[2] for target in COLUMNS)


def test_the_same_roster_gives_the_same_bytes() -> None:
    assert render_roster(LISTS, PEOPLE[:5]) == render_roster(LISTS, PEOPLE[:5])


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "+1", "-1", "\t=2", "a\x01b", "{=1}", "http://x"])
def test_no_cell_becomes_a_formula(name: str) -> None:
    member = RosterMember({"name": name, "relation": "01"})
    home = RosterHousehold({"village": DEMO_VILLAGE, "note": name}, (member,))
    sheet = open_bytes(render_roster(LISTS, [home]))["花名册"]
    kinds = {cell.data_type for row in sheet.iter_rows(min_row=HEADER_ROW + 1) for cell in row if cell.value}
    assert kinds == {"s"}
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


def test_the_copy_with_errors(tmp_path: Path) -> None:
    rows = [
        ["H1", "=cmd()", number(), "户主", "13800000000"],
        ["H2", "张䶮", number(date(1970, 1, 1)), "户主", "13800000001"],
    ]
    path = roster(tmp_path / "r.xlsx", rows)
    draft = read_roster(path, SETTING)
    book = open_bytes(render_error_copy(path, draft, lambda problem: f"说明 {problem.code}"))
    assert book.sheetnames == ["错误清单", "花名册"]
    listed = list(book["错误清单"].values)
    assert list(listed[0]) == TEXTS["errors"]["headings"]
    assert len(listed) == len(draft.problems) + 1
    sheet, row, column, title, was, kind, told = listed[1]
    assert (sheet, str(row), column, title, was, kind) == ("花名册", "2", "B", "姓名", "=cmd()", "错误")
    assert told.startswith("说明 names.")
    assert book["错误清单"]["B2"].hyperlink.location == "'花名册'!B2"
    copy = book["花名册"]
    assert [cell.value for cell in copy[1]] == list(HEADER)
    assert (copy["B2"].data_type, copy["B2"].value) == ("s", "=cmd()")
    assert copy["B2"].fill.fgColor.rgb == "FFFFC7CE"
    assert "names.characters" in copy["B2"].comment.text
    assert copy["B3"].fill.fgColor.rgb == "FFFFEB9C"
    assert copy["C2"].fill.fill_type is None


def test_findings_about_the_whole_sheet_are_listed_without_a_link(tmp_path: Path) -> None:
    path = roster(tmp_path / "错误清单.xlsx", [["42"]], ("姓名",))
    draft = read_roster(path, SETTING)
    assert [p.severity for p in draft.problems] == [Severity.ERROR]
    book = open_bytes(render_error_copy(path, draft, lambda problem: problem.code))
    listed = [cell or "" for cell in list(book["错误清单"].values)[1]]
    assert listed == ["花名册", "整表", "", "", "", "错误", "roster.no_header"]
    assert book["错误清单"]["B2"].hyperlink is None


def test_a_roster_sheet_named_like_the_list(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "错误清单"
    book.active.append(list(HEADER))
    book.active.append(["H1", "张三1", number(), "户主", ""])
    book.save(tmp_path / "a.xlsx")
    draft = read_roster(tmp_path / "a.xlsx", SETTING)
    copy = open_bytes(render_error_copy(tmp_path / "a.xlsx", draft, lambda problem: problem.code))
    assert copy.sheetnames == ["错误清单", "错误清单2"]
