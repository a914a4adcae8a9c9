"""Types, names, labels, groups, lists, settings, columns: what is wrong with rows and sheets."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from app.domain.errors import BadInput
from app.questionnaire.compile import compile_workbook
from app.questionnaire.lint.check import check_workbook
from tests.questionnaire.lint.books import Book, check, errors, places, question

Place = tuple[str, str, int, str]


def found(book: Book | bytes, media: dict[str, bytes] | None = None) -> list[Place]:
    return places(check(book, media))


@pytest.mark.parametrize(
    ("value", "code", "near"),
    [
        ("单选 yn", "lint.type_near", "select_one yn"),
        ("多选 cause", "lint.type_near", "select_multiple cause"),
        ("select-one yn", "lint.type_near", "select_one yn"),
        ("文本", "lint.type_near", "text"),
        ("数字", "lint.type_near", "integer"),
        ("日期", "lint.type_near", "date"),
        ("Integer", "lint.type_near", "integer"),
        ("intger", "lint.type_near", "integer"),
        ("selct_one yn", "lint.type_near", "select_one yn"),
        ("xyzzy at all", "lint.type_unknown", None),
        ("begin_kobomatrix", "lint.kobo_type", None),
        ("begin_score", "lint.kobo_type", None),
        ("begin_rank", "lint.kobo_type", None),
    ],
)
def test_types_nobody_knows(value: str, code: str, near: str | None) -> None:
    checked = check(Book().put("survey", 3, "type", value))
    (one,) = [f for f in checked.findings if f.row == 3]
    assert (one.code, one.column, one.params.get("near")) == (code, "A", near)
    assert not checked.publishable
    assert (one.fix is not None) == (near is not None)


@pytest.mark.parametrize("value", ["audio", "video", "geotrace", "geoshape", "background-audio"])
def test_types_shown_only(value: str) -> None:
    book = Book().add("survey", question(value, "extra", "其它"))
    assert ("lint.later_type", "survey", 22, "A") in found(book)
    assert check(book).publishable


def test_rows_of_other_makes_are_no_mistake() -> None:
    book = Book()
    book.add("survey", question("start", "started"), question("image", "photo", "照片"), question("note"))
    book.sheets["survey"][-1]["label::中文(zh)"] = "没有名称的说明"
    book.add("survey", question("audit"), question("osm", "map", "图"), {"hint::中文(zh)": "随手写的"})
    book.add("survey", question("text", "later", "算出来的", calculation="1 + 1"))
    assert errors(check(book)) == []


def test_a_row_without_type_or_name_or_label() -> None:
    book = Book().put("survey", 3, "type", None).put("survey", 4, "name", None)
    book.put("survey", 7, "label::中文(zh)", None).put("survey", 11, "label::中文(zh)", None)
    book.put("survey", 21, "label::中文(zh)", None).put("survey", 21, "hint::中文(zh)", "只有提示")
    assert {p for p in found(book) if p[0].startswith("lint.no_") or "label" in p[0] or "hint" in p[0]} == {
        ("lint.no_type", "survey", 3, ""),
        ("lint.no_name", "survey", 4, ""),
        ("lint.no_label", "survey", 7, ""),
        ("lint.repeat_label", "survey", 11, ""),
        ("lint.only_hint", "survey", 21, ""),
    }


def test_every_twin_says_the_rows_of_the_others() -> None:
    book = Book().add("survey", question("text", "remark", "又一个"), question("text", "town", "又一个"))
    twins = [(f.code, f.row, f.params["rows"]) for f in check(book).findings if f.code == "lint.name_twice"]
    assert twins == [
        ("lint.name_twice", 17, "23"),
        ("lint.name_twice", 21, "22"),
        ("lint.name_twice", 22, "21"),
        ("lint.name_twice", 23, "17"),
    ]
    assert ("lint.reference_ambiguous", "survey", 18, "L") in found(book)


def test_the_same_name_in_another_group_is_free_until_it_is_used() -> None:
    book = Book().add("survey", question("begin_group", "more", "更多"), question("text", "hamlet", "组"))
    book.add("survey", question("end_group"))
    assert errors(check(book)) == []


def test_names_of_repeats_are_the_forms_own() -> None:
    book = Book()
    book.add("survey", question("begin_group", "g", "组"), question("begin_repeat", "member", "又"))
    book.add("survey", question("text", "x", "甲"), question("end_repeat"), question("end_group"))
    book.add(
        "survey", question("begin_repeat", "data", "数"), question("text", "y", "乙"), question("end_repeat")
    )
    book.add("survey", question("text", "meta", "丙"))
    assert [f[:3] for f in found(book) if f[0] in {"lint.name_twice", "lint.name_reserved"}] == [
        ("lint.name_twice", "survey", 11),
        ("lint.name_twice", "survey", 23),
        ("lint.name_reserved", "survey", 27),
        ("lint.name_reserved", "survey", 30),
    ]


@pytest.mark.parametrize("name", ["2nd", "my name", "a/b", "年 龄"])
def test_names_no_phone_takes_get_a_proposal(name: str) -> None:
    (one,) = [f for f in check(Book().put("survey", 3, "name", name)).findings if f.row == 3]
    assert one.code in {"lint.name_form", "lint.chinese_name"}
    assert str(one.params["proposed"]).isascii()
    assert str(one.params["proposed"])[0].isalpha()


def test_groups_that_do_not_match() -> None:
    open_ = Book().put("survey", 10, "type", "note").put("survey", 10, "name", "n")
    open_.put("survey", 10, "label::中文(zh)", "说明")
    assert ("lint.not_closed", "survey", 2, "A") in found(open_)
    lone = Book().add("survey", question("end_group"))
    assert ("lint.not_opened", "survey", 22, "A") in found(lone)
    crossed = Book().put("survey", 15, "type", "end_group")
    (wrong,) = [f for f in check(crossed).findings if f.code == "lint.wrong_end"]
    assert (wrong.row, wrong.params["row"], wrong.params["wanted"]) == (15, 11, "end_repeat")
    nested = Book().add("survey", question("begin_group", "o", "外"), question("begin_repeat", "i", "内"))
    nested.add("survey", question("text", "t", "题"), question("end_group"), question("text", "u", "题"))
    assert [f for f in found(nested) if "end" in f[0] or "clos" in f[0]] == [
        ("lint.wrong_end", "survey", 25, "A")
    ]


def test_an_empty_group() -> None:
    book = Book().add("survey", question("begin_group", "e", "空"), question("end_group"))
    assert ("lint.empty_group", "survey", 22, "A") in found(book)


def test_rows_switched_off_and_rows_that_are_settings_are_passed_over() -> None:
    book = Book()
    book.headers["survey"].append("disabled")
    book.add("survey", question("文本", "off", "关", disabled="yes"), question("set form title", "题"))
    book.sheets["survey"][-1]["type"] = "form_title"
    assert errors(check(book)) == []


def test_lists() -> None:
    book = Book()
    book.add("choices", {"list_name": "yn", "name": "yes", "label::中文(zh)": "又是"})
    book.add("choices", {"list_name": "spare", "name": "a", "label::中文(zh)": "甲"})
    book.add("choices", {"list_name": "cause", "name": "no money", "label::中文(zh)": "缺钱"})
    book.add("choices", {"list_name": "cause", "name": "因灾"})
    book.add("choices", {"list_name": "cause", "label::中文(zh)": "没有值"})
    book.add("choices", {"name": "lost", "label::中文(zh)": "没有列表"})
    book.add("choices", {"list_name": "北　村", "name": "a", "label::中文(zh)": "甲"})
    book.add("choices", {"list_name": "ｌist", "name": "a", "label::中文(zh)": "甲"}, {"town": "x"})
    assert [p for p in found(book) if p[1] == "choices"] == [
        ("lint.choice_twice", "choices", 2, "B"),
        ("lint.choice_twice", "choices", 10, "B"),
        ("lint.list_unused", "choices", 11, "A"),
        ("lint.choice_space", "choices", 12, "B"),
        ("lint.choice_no_label", "choices", 13, ""),
        ("lint.chinese_value", "choices", 13, "B"),
        ("lint.choice_no_name", "choices", 14, ""),
        ("lint.choice_no_list", "choices", 15, ""),
        ("lint.chinese_list", "choices", 16, "A"),
        ("lint.list_unused", "choices", 16, "A"),
        ("lint.full_width", "choices", 17, "A"),
        ("lint.list_unused", "choices", 17, "A"),
    ]


def test_doubled_values_may_be_allowed() -> None:
    book = Book().add("choices", {"list_name": "yn", "name": "yes", "label::中文(zh)": "又是"})
    book.headers["settings"].append("allow_choice_duplicates")
    book.put("settings", 2, "allow_choice_duplicates", "yes")
    assert found(book) == []


def test_a_list_with_full_width_signs_in_the_type_only() -> None:
    (one,) = errors(check(Book().put("survey", 5, "type", "select_one ｙn")))
    assert (one.code, one.row, one.params["plain"]) == ("lint.full_width", 5, "select_one yn")


def test_lists_named_by_expressions_files_and_answers_are_used() -> None:
    book = Book().add("choices", {"list_name": "extra", "name": "a", "label::中文(zh)": "甲"})
    book.add("survey", question("calculate", "c", calculation="count(instance('extra')/root/item)"))
    book.add("survey", question("select_one ${mname}", "who", "谁"))
    assert errors(check(book)) == []
    assert "lint.list_unused" not in {f.code for f in check(book).findings}


def test_no_choices_at_all() -> None:
    book = Book()
    del book.sheets["choices"]
    assert ("lint.no_choices", "survey", 5, "A") in found(book)


def test_other_and_defaults() -> None:
    book = Book().put("survey", 5, "default", "maybe").put("survey", 6, "default", "illness money")
    book.put("survey", 17, "type", "select_one towns or_other").put("survey", 17, "default", "other")
    book.put("survey", 4, "default", "18").put("survey", 18, "default", "concat('v', '1')")
    assert [p for p in found(book) if p[0] in {"lint.or_other", "lint.default_strange"}] == [
        ("lint.default_strange", "survey", 5, "J"),
        ("lint.default_strange", "survey", 6, "J"),
        ("lint.or_other", "survey", 17, "A"),
    ]


def test_settings() -> None:
    book = Book().put("settings", 2, "form_id", None).put("settings", 2, "version", None)
    book.put("settings", 2, "default_language", "English(en)").add("settings", {"form_id": "second"})
    book.headers["settings"].append("public_key")
    book.put("settings", 2, "public_key", "MIIB")
    assert [p for p in found(book) if p[1] == "settings"] == [
        ("lint.no_form_id", "settings", 2, ""),
        ("lint.no_version", "settings", 2, ""),
        ("lint.language", "settings", 2, "D"),
        ("lint.encrypted", "settings", 2, "G"),
        ("lint.setting_row", "settings", 3, ""),
    ]


def test_settings_in_chinese_or_with_wide_signs() -> None:
    assert found(Book().put("settings", 2, "form_id", "入户")) == [
        ("lint.chinese_form_id", "settings", 2, "B")
    ]
    assert found(Book().put("settings", 2, "version", "１")) == [("lint.full_width", "settings", 2, "C")]
    book = Book()
    del book.sheets["settings"]
    assert ("lint.no_settings", "settings", 0, "") in found(book)


@pytest.mark.parametrize(
    ("sheet", "old", "title", "code", "near"),
    [
        ("survey", "relevant", "relevent", "lint.column_near", "relevant"),
        ("survey", "relevant", "显示条件", "lint.column_near", "relevant"),
        ("survey", "relevant", "ｒelevant", "lint.full_width", None),
        (
            "survey",
            "constraint_message::中文(zh)",
            "constrant_message::中文(zh)",
            "lint.column_near",
            "constraint_message::中文(zh)",
        ),
        ("choices", "town", "标签", "lint.column_near", "label"),
        ("settings", "form_title", "form_titel", "lint.column_near", "form_title"),
    ],
)
def test_columns(sheet: str, old: str, title: str, code: str, near: str | None) -> None:
    (one, *_) = [f for f in check(Book().put(sheet, 1, old, title)).findings if f.row == 1]
    assert (one.code, one.sheet, one.params.get("near")) == (code, sheet, near)


def test_other_titles_of_a_column_and_columns_of_ones_own_are_fine() -> None:
    book = Book().put("survey", 1, "relevant", "relevance").put("survey", 1, "calculation", "calculate")
    book.put("choices", 1, "list_name", "list name")
    book.headers["survey"].append("谁写的")
    assert found(book) == []


def test_columns_that_lack_or_stand_twice() -> None:
    assert ("lint.no_column", "survey", 1, "") in found(Book().put("survey", 1, "name", "编号"))
    book = Book()
    book.headers["survey"].append("relevance")
    assert ("lint.column_twice", "survey", 1, "S") in found(book)


def test_sheets() -> None:
    book = Book()
    book.sheets["问卷"], book.headers["问卷"] = book.sheets.pop("survey"), book.headers["survey"]
    assert {p[:3] for p in found(book)} >= {("lint.no_survey", "survey", 0), ("lint.sheet_name", "问卷", 0)}
    near = Book()
    near.sheets["choises"], near.headers["choises"] = near.sheets.pop("choices"), near.headers["choices"]
    assert ("lint.sheet_name", "choises", 0, "") in found(near)
    spare = Book()
    spare.sheets["notes"], spare.headers["notes"] = [], ["x"]
    assert found(spare) == []


def test_the_only_sheet_is_the_survey() -> None:
    book = Book()
    only = [r for r in book.sheets["survey"] if not str(r["type"]).startswith("select")]
    book.sheets = {
        "随便": [r for r in only if "poor" not in str(r.values()) and "town" not in str(r.values())]
    }
    book.headers["随便"] = book.headers["survey"]
    checked = check(book)
    assert {f.code for f in checked.findings} <= {"lint.no_settings"}
    assert checked.publishable


def test_cells_that_excel_computes() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(Book().data()))
    workbook["survey"]["I8"] = "=${income}"
    out = io.BytesIO()
    workbook.save(out)
    assert ("lint.formula_broken", "survey", 8, "I") in found(out.getvalue())


def test_a_computed_cell_that_shows_something() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(Book().data()))
    workbook["survey"]["C21"] = "=A1"
    out = io.BytesIO()
    workbook.save(out)
    data = _with_value(out.getvalue(), b"<f>A1</f><v></v>", b"<f>A1</f><v>7</v>")
    assert ("lint.formula", "survey", 21, "C") in found(data)


def _with_value(data: bytes, old: bytes, new: bytes) -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(old, new).replace(b"<f>A1</f><v />", new))
    return out.getvalue()


def test_empty_columns_and_rows_are_passed_over() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(Book().data()))
    workbook["survey"].insert_cols(2)
    workbook["survey"].insert_rows(3, 5)
    workbook["survey"]["A200"] = "far away"
    workbook["survey"]["H11"] = "${por}"
    out = io.BytesIO()
    workbook.save(out)
    (one,) = errors(check(out.getvalue()))
    assert (one.code, one.row, one.column, one.header) == ("lint.reference_near", 11, "H", "constraint")


def test_pictures_of_labels() -> None:
    book = Book().put("survey", 20, "media::image::中文(zh)", "map.png")
    assert found(book) == [("lint.picture_missing", "survey", 20, "R")]
    assert found(book, {"map.png": b""}) == []


def test_damaged_workbooks() -> None:
    data = Book().data()
    parts = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml")
    damaged = [
        data[: len(data) // 2],
        b"",
        b"\xd0\xcf\x11\xe0" * 200,
        *(_without(data, part) for part in parts),
    ]
    for one in damaged:
        for read in (check_workbook, compile_workbook):
            with pytest.raises(BadInput):
                read(one, "a.xlsx")


def _without(data: bytes, part: str) -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"" if name == part else source.read(name))
    return out.getvalue()


def test_what_is_no_workbook() -> None:
    for data in (b"PK\x03\x04 broken", b"\x00\x01\x02"):
        with pytest.raises(BadInput) as raised:
            check_workbook(data, "a.xlsx")
        assert raised.value.code == "lint.unreadable"


def test_markdown_and_an_unknown_refusal_of_the_converter() -> None:
    table = """
        | survey |      |   |       |            |
        |        | type | name | label | parameters |
        |        | range | r | 多少 | start=a |
    """
    checked = check_workbook(table.encode(), "form.md")
    assert [f.code for f in errors(checked)] == ["lint.converter"]
    assert errors(checked)[0].row in {0, 2}
    assert checked.xform_xml is None


def test_a_workbook_with_errors_may_still_be_looked_at() -> None:
    checked = check(Book().put("survey", 8, "calculation", "(1 = 1"))
    assert not checked.publishable
    assert checked.xform_xml is not None


def test_shipped_questionnaires_have_no_errors() -> None:
    forms = sorted((Path(__file__).parents[3] / "forms" / "questionnaires").glob("*/v*/*.xlsx"))
    assert forms
    for path in forms:
        checked = check_workbook(path.read_bytes(), path.name)
        assert [(f.code, f.row) for f in errors(checked) if not f.code.startswith("lint.field_")] == [], (
            path.name
        )
