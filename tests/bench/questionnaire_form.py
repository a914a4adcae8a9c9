"""A household questionnaire of 300 questions, 30 of them in the roster, made as a workbook."""

from __future__ import annotations

import io

from openpyxl import Workbook

MEMBERS = 10
TOWNS, VALLEYS, VILLAGES = 10, 60, 600
_HEADER = ("type", "name", "label", "relevant", "constraint", "calculation", "choice_filter", "required")
_IN_ROSTER = 30
_QUESTIONS = 300
_LEDGER = 40

Row = tuple[str, ...]


def _row(kind: str, name: str, label: str = "", **more: str) -> Row:
    cells = {"type": kind, "name": name, "label": label, **more}
    return tuple(cells.get(column, "") for column in _HEADER)


def _place() -> list[Row]:
    return [
        _row("begin_group", "place", "住址"),
        _row("select_one town", "town", "乡镇"),
        _row("select_one valley", "valley", "片区", choice_filter="town=${town}"),
        _row("select_one village", "village", "村", choice_filter="valley=${valley}"),
        _row("end_group", ""),
    ]


def _roster() -> list[Row]:
    """Thirty questions a member: birth gives the age, the age decides what is asked."""
    rows = [
        _row("begin_repeat", "member", "成员"),
        _row("text", "name", "姓名", required="yes"),
        _row("date", "born", "出生日期", constraint=". <= today()"),
        _row("calculate", "age", calculation="int((today() - ${born}) div 365.25)"),
        _row("select_one yes", "works", "务工吗", relevant="${age} >= 16"),
        _row("decimal", "wage", "月工资", relevant="${works} = 'y'", constraint=". >= 0"),
        _row("integer", "months", "几个月", relevant="${works} = 'y'", constraint=". >= 0 and . <= 12"),
        _row("calculate", "earned", calculation="coalesce(${wage}, 0) * coalesce(${months}, 0)"),
        _row("select_one yes", "school", "在校吗", relevant="${age} >= 3 and ${age} < 25"),
        _row("text", "school_name", "学校", relevant="${school} = 'y'"),
        _row("select_one yes", "pension", "领养老金吗", relevant="${age} >= 60"),
        _row("decimal", "pension_month", "每月多少", relevant="${pension} = 'y'"),
        _row("calculate", "pension_year", calculation="coalesce(${pension_month}, 0) * 12"),
        _row("calculate", "income", calculation="${earned} + ${pension_year}"),
    ]
    asked = len(rows) - 1
    rows += [
        _row("integer", f"m{number}", f"成员问题{number}", relevant=f"${{age}} >= {number}")
        for number in range(asked, _IN_ROSTER)
    ]
    return [*rows, _row("end_repeat", "")]


def _ledger() -> list[Row]:
    """Income and expense items, their sums and what comes to one person."""
    rows = [_row("begin_group", "ledger", "收支")]
    for number in range(_LEDGER):
        rows.append(_row("decimal", f"in{number}", f"收入{number}", constraint=". >= 0"))
        rows.append(_row("decimal", f"out{number}", f"支出{number}", constraint=". >= 0"))
    for side in ("in", "out"):
        terms = " + ".join(f"coalesce(${{{side}{n}}}, 0)" for n in range(_LEDGER))
        rows.append(_row("calculate", f"{side}_sum", calculation=terms))
    return [
        *rows,
        _row("calculate", "earned_all", calculation="sum(${income})"),
        _row("calculate", "people", calculation="count(${member})"),
        _row("calculate", "net", calculation="${in_sum} + ${earned_all} - ${out_sum}"),
        _row("calculate", "each", calculation="round(${net} div ${people}, 2)"),
        _row("note", "poor", "人均 ${each} 元，低于标准", relevant="${each} < 5000"),
        _row("end_group", ""),
    ]


def _rest(count: int) -> list[Row]:
    """Sections of plain questions, each asked when the one before was answered with yes."""
    rows: list[Row] = []
    for number in range(count):
        if number % 20 == 0:
            rows.append(_row("begin_group", f"part{number // 20}", f"第{number // 20}部分"))
        relevant = f"${{q{number - 1}}} = 'y'" if number % 5 == 1 else ""
        kind = "select_one yes" if number % 5 == 0 else "text" if number % 2 else "integer"
        rows.append(_row(kind, f"q{number}", f"问题{number}", relevant=relevant))
        if number % 20 == 19 or number == count - 1:
            rows.append(_row("end_group", ""))
    return rows


def _choices() -> list[tuple[str, ...]]:
    rows = [("yes", "y", "是", "", ""), ("yes", "n", "否", "", "")]
    rows += [("town", f"t{n}", f"乡{n}", "", "") for n in range(TOWNS)]
    rows += [("valley", f"v{n}", f"片{n}", f"t{n % TOWNS}", "") for n in range(VALLEYS)]
    return rows + [("village", f"w{n}", f"村{n}", "", f"v{n % VALLEYS}") for n in range(VILLAGES)]


def survey() -> list[Row]:
    """The rows of the survey sheet."""
    marks = ("begin_group", "end_group", "begin_repeat", "end_repeat")
    fixed = [*_place(), *_roster(), *_ledger()]
    asked = sum(1 for row in fixed if row[0] not in marks)
    return [*fixed, *_rest(_QUESTIONS - asked)]


def workbook() -> bytes:
    """The questionnaire as an ``.xlsx`` file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets: tuple[tuple[str, Row, list[Row]], ...] = (
        ("survey", _HEADER, survey()),
        ("choices", ("list_name", "name", "label", "town", "valley"), _choices()),
        ("settings", ("form_title", "form_id"), [("测速", "bench")]),
    )
    for title, header, rows in sheets:
        sheet = book.create_sheet(title)
        for row in (header, *rows):
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
