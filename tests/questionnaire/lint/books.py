"""A questionnaire as clerks write it, to put mistakes into."""

from __future__ import annotations

import io

from openpyxl import Workbook

from app.domain.fault import Severity
from app.questionnaire.lint.check import check_workbook
from app.questionnaire.lint.finding import Checked, Finding
from app.ui.texts import t

SURVEY = [
    "type",
    "name",
    "label::中文(zh)",
    "hint::中文(zh)",
    "required",
    "relevant",
    "constraint",
    "constraint_message::中文(zh)",
    "calculation",
    "default",
    "read_only",
    "choice_filter",
    "repeat_count",
    "trigger",
    "appearance",
    "parameters",
    "bind::hh:field",
    "media::image::中文(zh)",
]
CHOICES = ["list_name", "name", "label::中文(zh)", "town"]
SETTINGS = ["form_title", "form_id", "version", "default_language", "instance_name", "namespaces"]

Rows = list[dict[str, object]]


def question(kind: str, name: str = "", label: str = "", **cells: object) -> dict[str, object]:
    """A row of the survey."""
    return {"type": kind, "name": name or None, "label::中文(zh)": label or None, **cells}


def survey() -> Rows:
    """Rows 2 to 21 of the survey."""
    return [
        question("begin_group", "basic", "基本情况"),
        question("text", "hamlet", "村民小组"),
        question("integer", "age", "年龄", constraint=". >= 0 and . <= 120"),
        question("select_one yn", "poor", "是否困难"),
        question("select_multiple cause", "causes", "原因", relevant="${poor} = 'yes'"),
        question("decimal", "income", "收入", required="yes"),
        question("calculate", "monthly", calculation="round(${income} div 12, 2)"),
        question("calculate", "rate", calculation="if(${age} > 0, ${monthly} div ${age}, 0)"),
        question("end_group"),
        question("begin_repeat", "member", "成员"),
        question("text", "mname", "姓名"),
        question("integer", "mage", "岁数", relevant="${mname} != ''"),
        question("calculate", "twice", calculation="${mage} * 2"),
        question("end_repeat"),
        question("calculate", "total", calculation="sum(${mage})"),
        question("select_one towns", "town", "乡镇"),
        question("select_one villages", "village", "村", choice_filter="town = ${town}"),
        question("date", "day", "日期", default="today()"),
        question("note", "said", "共 ${total} 岁，${monthly} 元"),
        question("text", "remark", "备注", read_only="selected(${poor}, 'no')"),
    ]


def choices() -> Rows:
    """Rows 2 to 9 of the choices."""
    listed = [
        ("yn", "yes", "是", None),
        ("yn", "no", "否", None),
        ("cause", "illness", "因病", None),
        ("cause", "school", "因学", None),
        ("towns", "north", "北镇", None),
        ("towns", "south", "南镇", None),
        ("villages", "v1", "一村", "north"),
        ("villages", "v2", "二村", "south"),
    ]
    return [dict(zip(CHOICES, row, strict=True)) for row in listed]


def settings() -> Rows:
    """Row 2 of the settings."""
    values = ("试填表", "trial", "1", "中文(zh)", None, 'hh="http://babutong/household"')
    return [dict(zip(SETTINGS, values, strict=True))]


class Book:
    """A workbook in the making; ``before`` questions stand in front of the survey's own."""

    def __init__(self, before: int = 0) -> None:
        filler = [question("integer", f"fill{n}", f"填充 {n}", constraint=". >= 0") for n in range(before)]
        self.shift = before
        self.sheets: dict[str, Rows] = {
            "survey": [*filler, *survey()],
            "choices": choices(),
            "settings": settings(),
        }
        self.headers = {"survey": list(SURVEY), "choices": list(CHOICES), "settings": list(SETTINGS)}

    def put(self, sheet: str, row: int, header: str, value: object) -> Book:
        """Write a cell; rows of the survey are counted without what stands in front."""
        at = row - 2 + (self.shift if sheet == "survey" else 0)
        if row == 1:
            self.headers[sheet][self.headers[sheet].index(header)] = str(value)
            self.sheets[sheet] = [
                {(str(value) if k == header else k): v for k, v in r.items()} for r in self.sheets[sheet]
            ]
            return self
        self.sheets[sheet][at][header] = value
        return self

    def add(self, sheet: str, *rows: dict[str, object]) -> Book:
        """Add rows at the end."""
        self.sheets[sheet].extend(rows)
        return self

    def data(self) -> bytes:
        """The workbook's bytes."""
        book = Workbook()
        book.remove(book.worksheets[0])
        for name, rows in self.sheets.items():
            sheet = book.create_sheet(name)
            sheet.append(self.headers[name])
            for row in rows:
                sheet.append([row.get(header) for header in self.headers[name]])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


def check(book: Book | bytes, media: dict[str, bytes] | None = None) -> Checked:
    """Check a workbook; every finding can be said."""
    checked = check_workbook(book if isinstance(book, bytes) else book.data(), "trial.xlsx", media)
    for found in checked.findings:
        assert t(found.code, **found.params)
    return checked


def errors(checked: Checked) -> list[Finding]:
    """What forbids publishing."""
    return [f for f in checked.findings if f.severity is Severity.ERROR]


def places(checked: Checked) -> list[tuple[str, str, int, str]]:
    """Code, sheet, row and column of every finding."""
    return [(f.code, f.sheet, f.row, f.column) for f in checked.findings]
