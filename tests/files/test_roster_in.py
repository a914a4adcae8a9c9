from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.fault import Severity
from app.domain.roster import Mapped, Problem, RosterDraft
from app.files import roster_in
from app.files.roster_in import Setting, map_header, preview_roster, read_roster
from app.ui.texts import has, t
from tests.domain.code_lists import LISTS
from tests.files.sheets import HEADER, TODAY, VILLAGE, number, roster, write

SETTING = Setting(LISTS, VILLAGE, TODAY)
HEAD = ["H1", "张三", number(), "户主", "13800000000"]
WIFE = ["H1", "李四", number(date(1981, 2, 3), 2), "配偶", ""]
SON = ["H1", "张小", number(date(2008, 2, 3), 3), "之子", ""]
SECOND = ["H2", "王五", number(date(1970, 5, 6), 5), "户主", "13800000001"]


def read(
    path: Path, rows: list[list[object]], header: tuple[str, ...] = HEADER, **more: object
) -> RosterDraft:
    return read_roster(roster(path / "r.xlsx", rows, header), Setting(LISTS, VILLAGE, TODAY, **more))


def found(draft: RosterDraft, code: str) -> Problem:
    (problem,) = (p for p in draft.problems if p.code == code)
    return problem


def errors(draft: RosterDraft) -> list[str]:
    return [problem.code for problem in draft.errors]


def test_a_clean_roster(tmp_path: Path) -> None:
    draft = read(tmp_path, [WIFE, HEAD, SECOND, SON])
    assert errors(draft) == []
    assert draft.is_clean
    assert (draft.file, draft.rows, draft.persons) == ("r.xlsx", 4, 4)
    first, second = draft.households
    assert [m.values["name"] for m in first.members] == ["张三", "李四", "张小"]
    assert [m.row for m in first.members] == [3, 2, 5]
    assert first.values == {"village": VILLAGE, "status": "active", "code": "H1"}
    head = first.members[0].values
    assert head == {
        "name": "张三",
        "id_number": number(),
        "relation": "01",
        "phone": "13800000000",
        "born": "1980-01-02",
        "sex": "1",
        "status": "present",
    }
    assert second.members[0].values["name"] == "王五"


def test_without_household_numbers_the_heads_divide(tmp_path: Path) -> None:
    draft = read(tmp_path, [[row[1], row[2], row[3]] for row in (HEAD, WIFE, SECOND)], HEADER[1:4])
    assert [len(household.members) for household in draft.households] == [2, 1]
    assert errors(draft) == []


def test_a_merged_household_number_covers_its_rows(tmp_path: Path) -> None:
    rows = [HEADER, HEAD, ["", *WIFE[1:]], ["", *SON[1:]], SECOND]
    path = write(tmp_path / "m.xlsx", ("名册", rows), merges=["A2:A4"])
    draft = read_roster(path, SETTING)
    assert [len(household.members) for household in draft.households] == [3, 1]


def test_a_blank_household_number_continues_the_household(tmp_path: Path) -> None:
    draft = read(tmp_path, [HEAD, ["", *WIFE[1:]], SECOND])
    assert [len(household.members) for household in draft.households] == [2, 1]
    assert errors(draft) == []


@pytest.mark.parametrize(
    ("column", "value", "code", "letter"),
    [
        (1, "", "names.missing", "B"),
        (1, "张三1", "names.characters", "B"),
        (2, 5.13022198001010e17, "identity.number_cell", "C"),
        (2, "5.13E+17", "identity.excel_notation", "C"),
        (2, "990101198001020000", "identity.excel_zeros", "C"),
        (2, number()[:17], "identity.last_missing", "C"),
        (2, number()[:10], "identity.length", "C"),
        (2, "99010119800102001A", "identity.characters", "C"),
        (2, number()[:17] + "0", "identity.check_digit", "C"),
        (2, "110101801301001", "identity.birth_invalid", "C"),
        (2, number(date(2027, 1, 1)), "identity.birth_future", "C"),
        (2, "110101800101001", "identity.old_number", "C"),
        (3, "", "member.relation_missing", "D"),
        (3, "远房", "roster.unknown_word", "D"),
    ],
)
def test_each_error_with_its_cell(tmp_path: Path, column: int, value: object, code: str, letter: str) -> None:
    row = list(SECOND)
    row[column] = value
    draft = read(tmp_path, [HEAD, row])
    problem = found(draft, code)
    assert (problem.sheet, problem.row, problem.column, problem.title) == (
        "花名册",
        3,
        letter,
        HEADER[column],
    )
    assert problem.severity is Severity.ERROR
    assert not draft.is_clean
    assert len(errors(draft)) == (2 if column == 3 and not value else 1)


def test_a_broken_number_brings_no_further_findings(tmp_path: Path) -> None:
    row = [*SECOND]
    row[2] = 5.13022198001010e17
    assert [p.code for p in read(tmp_path, [HEAD, row]).problems if p.row == 3] == ["identity.number_cell"]


def test_a_column_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    draft = read(tmp_path, [HEAD, SECOND])
    assert [(p.row, p.code) for p in draft.problems] == [(0, "household.group_missing")]
    there = read(tmp_path, [[*HEAD, ""], [*SECOND, ""]], (*HEADER, "村民小组"))
    assert [(p.row, p.column, p.code) for p in there.problems] == [
        (2, "F", "household.group_missing"),
        (3, "F", "household.group_missing"),
    ]


WIDE = (
    "姓名",
    "身份证号",
    "与户主关系",
    "性别",
    "出生日期",
    "月收入",
    "识别时间",
    "银行账号",
    "户主姓名",
    "村",
    "电话",
)
WIDE_ROW: dict[str, object] = {
    "姓名": "张三",
    "身份证号": number(),
    "与户主关系": "户主",
    "电话": "13800000000",
}


@pytest.mark.parametrize(
    ("title", "value", "code", "severity"),
    [
        ("性别", "女", "identity.sex_differs", "error"),
        ("性别", "猫", "roster.unknown_word", "error"),
        ("出生日期", "1980-01-03", "identity.born_differs", "error"),
        ("出生日期", "八零年", "roster.date", "error"),
        ("出生日期", "2030-01-01", "roster.future_date", "error"),
        ("出生日期", 29222, "roster.serial_date", "warning"),
        ("月收入", "很多", "roster.number", "error"),
        ("识别时间", "202106", "roster.day_added", "warning"),
        ("银行账号", 6.2220000011112222e18, "roster.rounded", "error"),
        ("户主姓名", "王五", "roster.other_head", "warning"),
        ("村", "下村", "roster.other_village", "error"),
        ("姓名", "阿依古丽•买买提", "names.separator_changed", "warning"),
        ("姓名", "张䶮", "names.rare", "warning"),
        ("身份证号", "", "identity.none", "warning"),
        ("身份证号", "999999195001010018", "identity.placeholder", "warning"),
        ("电话", "123", "identity.phone", "warning"),
        ("电话", "", "household.no_phone", "warning"),
    ],
)
def test_findings_of_further_columns(
    tmp_path: Path, title: str, value: object, code: str, severity: str
) -> None:
    row = [(WIDE_ROW | {title: value}).get(name, "") for name in WIDE]
    draft = read(tmp_path, [row], WIDE, village_name="上村村委会")
    problem = found(draft, code)
    assert (problem.row, problem.title, problem.severity) == (2, title, Severity(severity))


def test_the_village_is_recognised_by_any_of_its_names(tmp_path: Path) -> None:
    row = [(WIDE_ROW | {"村": "上村"}).get(name, "") for name in WIDE]
    draft = read(tmp_path, [row], WIDE, village_name="上村村民委员会")
    assert draft.is_clean
    assert read(tmp_path, [row], WIDE).is_clean


def test_the_same_number_twice(tmp_path: Path) -> None:
    twin = ["H2", "赵六", number().lower(), "户主", "13800000002"]
    draft = read(tmp_path, [HEAD, WIFE, twin])
    problem = found(draft, "roster.duplicate_id")
    assert (problem.row, problem.column, problem.params) == (4, "C", (("first", 2),))


def test_the_same_number_twice_in_one_household_is_told_once(tmp_path: Path) -> None:
    draft = read(tmp_path, [HEAD, [*WIFE[:2], number(), *WIFE[3:]]])
    assert "roster.duplicate_id" in errors(draft)
    assert "household.same_id" not in errors(draft)


def test_placeholders_twice_are_the_same_too(tmp_path: Path) -> None:
    rows = [[*HEAD[:2], "999999195001010018", *HEAD[3:]], [*SECOND[:2], "999999195001010018", *SECOND[3:]]]
    assert errors(read(tmp_path, rows)) == ["roster.duplicate_id"]


@pytest.mark.parametrize(
    ("rows", "code", "row"),
    [
        ([["", *WIFE[1:]], ["", *HEAD[1:]]], "roster.no_head_first", 2),
        ([HEAD, ["", *SECOND[1:]]], "roster.no_code", 3),
        ([HEAD, ["H1", *SECOND[1:]]], "household.heads", 2),
        ([HEAD, ["H2", *WIFE[1:]]], "household.no_head", 3),
    ],
)
def test_households_that_do_not_add_up(tmp_path: Path, rows: list[list[object]], code: str, row: int) -> None:
    problem = found(read(tmp_path, rows), code)
    assert (problem.row, problem.severity) == (row, Severity.ERROR)


def test_values_of_a_household_that_differ(tmp_path: Path) -> None:
    header = (*HEADER, "详细地址", "村民小组")
    draft = read(tmp_path, [[*HEAD, "上坡1号", "1组"], [*WIFE, "下坡1号", ""]], header)
    problem = found(draft, "roster.household_differs")
    assert (problem.row, problem.column, problem.params) == (3, "F", (("first", 2),))
    assert draft.households[0].values["address"] == "上坡1号"
    assert draft.is_clean


def test_several_columns_of_choices_are_put_together(tmp_path: Path) -> None:
    header = (*HEADER, "风险1", "风险2", "是否参加城乡居民基本医疗保险", "大病保险", "职工医保", "新农保")
    draft = read(tmp_path, [[*HEAD, "因病", "因残", "是", "是", "否", "是"]], header)
    assert draft.households[0].values["risks"] == "disability illness"
    member = draft.households[0].members[0].values
    assert (member["insurance"], member["pension"]) == ("resident_medical serious_illness", "resident")


def test_nobody_has_two_pensions(tmp_path: Path) -> None:
    header = (*HEADER, "新农保", "职工养老保险")
    draft = read(tmp_path, [[*HEAD, "是", "是"]], header)
    problem = found(draft, "roster.pension_both")
    assert (problem.row, problem.column) == (2, "G")


def test_a_bad_yes_or_no(tmp_path: Path) -> None:
    draft = read(tmp_path, [[*HEAD, "也许", ""]], (*HEADER, "新农合", "新农保"))
    assert found(draft, "roster.unknown_word").column == "F"
    assert "insurance" not in draft.households[0].members[0].values


def test_not_insured_at_all(tmp_path: Path) -> None:
    draft = read(tmp_path, [[*HEAD, "否"]], (*HEADER, "新农合"))
    assert draft.households[0].members[0].values["insurance"] == "none"


def test_empty_rows_and_notes_are_no_people(tmp_path: Path) -> None:
    rows = [HEAD, ["", "", "", "", ""], WIFE, ["合计", "2人", "", "", ""], ["", "填表人：张三", "", "", ""]]
    draft = read(tmp_path, rows)
    assert draft.persons == 2
    assert [p.row for p in draft.problems if p.code == "roster.note_row"] == [5, 6]
    assert draft.is_clean


def test_a_person_named_like_a_note_stays_a_person(tmp_path: Path) -> None:
    draft = read(tmp_path, [[number(), "说明", "户主"]], ("身份证号", "姓名", "与户主关系"))
    assert draft.persons == 1


def test_no_header(tmp_path: Path) -> None:
    draft = read_roster(write(tmp_path / "a.xlsx", ("甲", [["鞋码"], ["42"]])), SETTING)
    assert errors(draft) == ["roster.no_header"]
    assert draft.problems[0].row == 0


def test_missing_columns(tmp_path: Path) -> None:
    draft = read(tmp_path, [["张三", "男", "汉族"]], ("姓名", "性别", "民族"))
    assert [(p.code, dict(p.params)["column"]) for p in draft.errors] == [
        ("roster.no_column", "与户主关系"),
        ("roster.no_column", "身份证号"),
    ]


def test_no_rows(tmp_path: Path) -> None:
    assert errors(read(tmp_path, [])) == ["roster.no_rows"]


def test_further_sheets_and_unknown_columns_are_told(tmp_path: Path) -> None:
    rows = [(*HEADER, "鞋码"), [*HEAD, "42"]]
    draft = read_roster(write(tmp_path / "a.xlsx", ("一", rows), ("二", rows)), SETTING)
    assert dict(found(draft, "roster.more_sheets").params) == {"sheets": "二"}
    assert dict(found(draft, "roster.ignored_columns").params) == {"columns": "鞋码"}
    assert draft.is_clean


def test_the_person_points_at_the_header(tmp_path: Path) -> None:
    rows = [["注：", "", ""], ["甲", "乙", "丙"], [number(), "张三", "户主"]]
    path = write(tmp_path / "a.xlsx", ("表", rows))
    assert preview_roster(path).guess is None
    mapping = Mapped("表", 2, {0: "member.id_number", 1: "member.name", 2: "member.relation"})
    draft = read_roster(path, SETTING, mapping)
    assert draft.is_clean
    assert draft.households[0].members[0].values["name"] == "张三"


def test_the_row_of_the_header_can_be_chosen(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", ("表", [*[[""]] * 20, HEADER, HEAD]))
    assert preview_roster(path).guess is None
    mapping = map_header(path, "表", 21)
    assert read_roster(path, SETTING, mapping).is_clean
    for row in (0, 23):
        with pytest.raises(BadInput) as caught:
            map_header(path, "表", row)
        assert caught.value.code == "roster.no_row"


def test_the_preview(tmp_path: Path) -> None:
    preview = preview_roster(roster(tmp_path / "a.xlsx", [HEAD] * 50))
    (sheet,) = preview.sheets
    assert (preview.file, sheet.name, len(sheet.rows)) == ("a.xlsx", "花名册", roster_in.PREVIEW_ROWS)
    assert sheet.rows[1] == tuple(HEAD)
    assert preview.guess is not None


def test_confirmed_old_numbers_pass(tmp_path: Path) -> None:
    old = "110101800101001"
    row = [*HEAD[:2], old, *HEAD[3:]]
    assert errors(read(tmp_path, [row])) == ["identity.old_number"]
    assert read(tmp_path, [row], confirmed_old=frozenset({old})).is_clean


def test_errors_come_first_and_great_numbers_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[f"H{n}", "张三1", "", "户主", ""] for n in range(10)]
    draft = read(tmp_path, rows)
    assert [p.severity for p in draft.problems] == sorted((p.severity for p in draft.problems), key=str)
    monkeypatch.setattr(roster_in, "MAX_PROBLEMS", 5)
    cut = read(tmp_path, rows)
    assert len(cut.problems) == 6
    assert cut.problems[-1].code == "roster.too_many_problems"
    assert not cut.is_clean


def test_nothing_is_a_formula(tmp_path: Path) -> None:
    draft = read(tmp_path, [[*HEAD[:1], "=1+1", *HEAD[2:]]])
    assert "names.characters" in errors(draft)


CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.sampled_from(["户主", "配偶", "是", "1980-01-02", "合计", number(), number(date(1990, 1, 1), 2)]),
    st.integers(-(10**6), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
)
FULL = (
    "户编号",
    "姓名",
    "身份证号",
    "与户主关系",
    "性别",
    "出生日期",
    "健康状况",
    "月收入",
    "务工时间(月)",
    "新农合",
)


@given(st.lists(st.lists(CELLS, min_size=len(FULL), max_size=len(FULL)), max_size=6))
def test_whatever_stands_in_the_cells_every_row_is_accounted_for(rows: list[list[object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        draft = read_roster(roster(Path(folder) / "r.xlsx", rows, FULL), SETTING)
    assert draft.persons == draft.rows <= len(rows)
    taken = {m.row for h in draft.households for m in h.members} | {
        p.row for p in draft.problems if p.code == "roster.note_row"
    }
    empty = {n for n, row in enumerate(rows, start=2) if not any(str(cell).strip() for cell in row)}
    assert taken | empty == set(range(2, len(rows) + 2))
    for problem in draft.problems:
        assert has(problem.code)
        assert t(problem.code, **dict(problem.params))
        assert problem.row in taken | {0}
