"""Workbooks on disk with the files that go with them."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput
from app.files import form_source
from app.files.form_source import named_media, read_source


def test_files_beside_and_in_the_media_folder_come_along(tmp_path):
    book = tmp_path / "入户.xlsx"
    book.write_bytes(b"book")
    (tmp_path / "villages.csv").write_bytes(b"name,label")
    (tmp_path / "私人名单.docx").write_bytes(b"private")
    own = tmp_path / "入户-media"
    own.mkdir()
    (own / "house.png").write_bytes(b"png")
    (own / "villages.csv").write_bytes(b"newer")
    (own / "sub").mkdir()
    source = read_source(book)
    assert (source.workbook, source.name) == (b"book", "入户.xlsx")
    assert source.media == {"villages.csv": b"newer", "house.png": b"png"}


def test_only_what_the_form_names_travels():
    xform = (
        b'<instance id="v" src="jr://file-csv/villages.csv"/><value form="image">jr://images/a b.png</value>'
    )
    media = {"villages.csv": b"1", "a b.png": b"2", "roster.csv": b"personal"}
    assert named_media(xform, media) == {"villages.csv": b"1", "a b.png": b"2"}


def test_what_cannot_be_read_is_named(tmp_path, monkeypatch):
    with pytest.raises(BadInput) as caught:
        read_source(tmp_path / "不在.xlsx")
    assert (caught.value.code, caught.value.params["file"]) == ("form.unreadable", "不在.xlsx")
    monkeypatch.setattr(form_source, "MAX_FILE", 3)
    book = tmp_path / "大.xlsx"
    book.write_bytes(b"1234")
    with pytest.raises(BadInput) as caught:
        read_source(book)
    assert (caught.value.code, caught.value.params["file"]) == ("form.file_too_large", "大.xlsx")
