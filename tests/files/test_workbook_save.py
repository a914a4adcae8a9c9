from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import Unavailable
from app.files.workbook_save import save_workbook


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    for data in (b"first", b"second"):
        save_workbook(path, data)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    place = tmp_path / "a.xlsx"
    place.mkdir()
    (place / "inside").write_text("x")
    with pytest.raises(Unavailable) as caught:
        save_workbook(place, b"data")
    assert (caught.value.code, caught.value.params) == ("workbook.cannot_write", {"file": "a.xlsx"})
    assert list(tmp_path.iterdir()) == [place]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        save_workbook(tmp_path / "none" / "a.xlsx", b"data")
