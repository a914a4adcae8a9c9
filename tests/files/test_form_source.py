"""Workbooks on disk with the files that go with them."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput
from app.files import form_source
from app.files.form_source import named_media, read_source

XFORM = '<instance id="v" src="jr://file-csv/villages.csv"/><value form="image">jr://images/a b.png</value>'


@pytest.fixture
def book(tmp_path):
    made = tmp_path / "入户.xlsx"
    made.write_bytes(b"book")
    (tmp_path / "villages.csv").write_bytes(b"name,label")
    (tmp_path / "名单.csv").write_bytes(b"private")
    own = tmp_path / "入户-media"
    (own / "sub").mkdir(parents=True)
    (own / "a b.png").write_bytes(b"png")
    (own / "villages.csv").write_bytes(b"newer")
    return made


def test_files_beside_and_in_the_media_folder_come_along(book):
    source = read_source(book)
    assert (source.workbook, source.name) == (b"book", "入户.xlsx")
    assert source.media == {"villages.csv": b"newer", "名单.csv": b"private", "a b.png": b""}


def test_only_what_the_form_names_travels(book):
    assert named_media(read_source(book), XFORM) == {"villages.csv": b"newer", "a b.png": b"png"}


def test_what_cannot_be_read_is_named(book, monkeypatch):
    with pytest.raises(BadInput) as caught:
        read_source(book.with_name("不在.xlsx"))
    assert (caught.value.code, caught.value.params["file"]) == ("form.unreadable", "不在.xlsx")
    monkeypatch.setattr(form_source, "MAX_FILE", 3)
    with pytest.raises(BadInput) as caught:
        read_source(book)
    assert (caught.value.code, caught.value.params["file"]) == ("form.file_too_large", "入户.xlsx")
