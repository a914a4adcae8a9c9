from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput, Unavailable
from app.files import workbook_in
from app.files.workbook_in import (
    cell_text,
    column_index,
    column_letter,
    is_rounded,
    read_workbook,
)
from tests.files.sheets import write


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        read_workbook(path)
    assert caught.value.params["file"] == path.name
    return caught.value.code


def test_values_come_as_they_are(tmp_path: Path) -> None:
    rows = [["", ""], ["姓名", 3, 2.5, True, date(1980, 1, 2)], ["䶮㛃𬭚", "=1+1", 513022198001010018]]
    book = read_workbook(write(tmp_path / "a.xlsx", ("甲", rows), ("乙", [["x"]])))
    assert [sheet.name for sheet in book.sheets] == ["甲", "乙"]
    sheet = book.sheet("甲")
    assert [sheet.text(1, c) for c in range(5)] == ["姓名", "3", "2.5", "1", "1980-01-02"]
    assert sheet.text(2, 0) == "䶮㛃𬭚"
    assert sheet.text(2, 1) == "=1+1"
    assert is_rounded(sheet.rows[2][2])
    assert (sheet.text(9, 0), sheet.text(0, 9)) == ("", "")


def test_openpyxl_writes_the_same_file_to_us(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "身份证号"])
    book.active.append(["张三", "990101198001020012"])
    book.save(tmp_path / "o.xlsx")
    (sheet,) = read_workbook(tmp_path / "o.xlsx").sheets
    assert sheet.rows == (("姓名", "身份证号"), ("张三", "990101198001020012"))


def test_merged_cells_are_filled(tmp_path: Path) -> None:
    rows = [["户编号", "姓名"], ["H1", "张三"], ["", "李四"], ["", "王五"], ["H2", "赵六"]]
    (sheet,) = read_workbook(write(tmp_path / "m.xlsx", ("甲", rows), merges=["A2:A4"])).sheets
    assert [sheet.text(r, 0) for r in range(5)] == ["户编号", "H1", "H1", "H1", "H2"]


def test_a_merge_beyond_the_values_is_no_trouble(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "b.xlsx"))
    sheet = book.add_worksheet()
    sheet.write("A1", "x")
    sheet.merge_range("A1:B1", "x")
    sheet.merge_range("F9:G12", "")
    book.close()
    (read,) = read_workbook(tmp_path / "b.xlsx").sheets
    assert [read.text(0, 0), read.text(8, 5)] == ["x", ""]


def test_hidden_and_empty_sheets_and_trailing_rows_are_left_out(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "h.xlsx"))
    shown, hidden, _empty = (book.add_worksheet(name) for name in ("显示", "隐藏", "空"))
    shown.write_string("A1", "x")
    shown.write_string("A5", "  ")
    hidden.write_string("A1", "y")
    hidden.hide()
    book.close()
    read = read_workbook(tmp_path / "h.xlsx")
    assert [(sheet.name, len(sheet.rows)) for sheet in read.sheets] == [("显示", 1)]
    with pytest.raises(BadInput) as caught:
        read.sheet("隐藏")
    assert (caught.value.code, caught.value.params["sheet"]) == ("workbook.no_sheet", "隐藏")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook.empty"),
        (OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "workbook.old_format"),
        (OLE + b"\0" * 8000 + "EncryptedPackage".encode("utf-16-le"), "workbook.encrypted"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "workbook.web_page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "workbook.web_page"),
        ("姓名,身份证号\n张三,1\n".encode("gb18030"), "workbook.text_file"),
        (b"%PDF-1.7\n\0\0", "workbook.not_a_workbook"),
        (b"PK\x03\x04 broken", "workbook.damaged"),
    ],
)
def test_other_files_are_named_for_what_they_are(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert refusal(path) == code


def test_missing_locked_and_foreign_files(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xlsx") == "workbook.not_found"
    assert refusal(tmp_path) == "workbook.not_found"
    assert refusal(tmp_path / "~$a.xlsx") == "workbook.lock_file"
    with zipfile.ZipFile(tmp_path / "w.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(tmp_path / "w.docx") == "workbook.not_a_workbook"


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    loop = tmp_path / "loop.xlsx"
    loop.symlink_to(loop)
    with pytest.raises(Unavailable) as caught:
        read_workbook(loop)
    assert (caught.value.code, caught.value.params) == ("workbook.unreadable", {"file": "loop.xlsx"})


def test_a_workbook_without_values(tmp_path: Path) -> None:
    assert refusal(write(tmp_path / "e.xlsx", ("空", []))) == "workbook.no_values"


def test_damaged_insides(tmp_path: Path) -> None:
    good = write(tmp_path / "g.xlsx", ("甲", [["x"] * 50] * 50))
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    assert refusal(cut) == "workbook.damaged"
    torn = tmp_path / "torn.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(torn, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<broken" if name == "xl/workbook.xml" else source.read(name))
    assert refusal(torn) == "workbook.damaged"


def test_one_cell_far_off_does_not_fill_the_memory(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "far.xlsx"))
    sheet = book.add_worksheet()
    sheet.write("A1", "x")
    sheet.write("XFD1048576", "y")
    book.close()
    assert refusal(tmp_path / "far.xlsx") == "workbook.too_large"


def test_formats_far_off_are_no_values(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "f.xlsx"))
    sheet = book.add_worksheet()
    sheet.write("A1", "x")
    sheet.write_blank("XFD1048576", None, book.add_format({"bold": True}))
    book.close()
    assert len(read_workbook(tmp_path / "f.xlsx").sheets[0].rows) == 1


@pytest.mark.parametrize("limit", ["MAX_FILE_BYTES", "MAX_UNZIPPED_BYTES", "MAX_CELLS"])
def test_each_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    path = write(tmp_path / "big.xlsx", ("甲", [["x"] * 20] * 20))
    monkeypatch.setattr(workbook_in, limit, 100)
    assert refusal(path) == "workbook.too_large"


def test_a_workbook_with_a_password_on_its_insides(tmp_path: Path) -> None:
    good = write(tmp_path / "g.xlsx", ("甲", [["x"]]))
    data = bytearray(good.read_bytes())
    start = data.find(b"PK\x01\x02")
    while start >= 0:  # set the bit that says "encrypted" in every entry of the directory
        data[start + 8] |= 1
        start = data.find(b"PK\x01\x02", start + 4)
    (tmp_path / "p.xlsx").write_bytes(bytes(data))
    assert refusal(tmp_path / "p.xlsx") == "workbook.damaged"


def test_reading_leaves_the_file_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "g.xlsx", ("甲", [["x"]]))
    before = path.read_bytes()
    read_workbook(path)
    shutil.move(path, tmp_path / "moved.xlsx")
    assert (tmp_path / "moved.xlsx").read_bytes() == before


@given(st.integers(0, 16_383))
def test_column_letters(index: int) -> None:
    assert column_index(column_letter(index)) == index


def test_known_column_letters() -> None:
    assert [column_letter(i) for i in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" 张三 ", "张三"),
        (True, "1"),
        (3.0, "3"),
        (2.5, "2.5"),
        (5.13e17, "5.13e+17"),
        (7, "7"),
        (datetime(1980, 1, 2, tzinfo=UTC), "1980-01-02"),
        (date(1980, 1, 2), "1980-01-02"),
        (time(8, 30), "08:30:00"),
        (timedelta(hours=1), "1:00:00"),
    ],
)
def test_cell_text(cell: object, text: str) -> None:
    assert cell_text(cell) == text
