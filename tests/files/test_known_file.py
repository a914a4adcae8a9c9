"""Another file of ours given as a package is called by its name, however it was renamed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.files.incoming import Tray
from app.files.known_file import code_for
from app.ui.texts import has
from tests.files.package_setting import secrets, written


def archive(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        for name in names:
            made.writestr(name, b"content")
    return data.getvalue()


FILES = {
    "package.is_backup": archive("workspace.db", "keys.json", "attachments.json"),
    "package.is_update": archive("files.json", "signature.json", "files.xz"),
    "package.is_form": archive("form.xlsx", "form.xml", "media/list.csv"),
    "package.is_workbook": archive("[Content_Types].xml", "xl/workbook.xml"),
    "package.is_request": b'{"fmt":"hhreq/1","key":""}',
    "package.is_grant": b'{"cert":{},"fmt":"hhcert/1"}',
    "package.is_starter": b'{"fmt":"hhstart/1"}',
    "package.is_forgot": b'{"fmt":"hhforgot/1"}',
    "package.is_answer": b'{"fmt":"hhrec/1"}',
    "package.is_root": b'{"fmt":"hhroot/1"}',
    "package.is_paper": b"%PDF-1.7\n",
    "package.is_workspace": b"SQLite format 3\0",
    "package.is_answers": b'<?xml version="1.0"?><data/>',
    "package.is_photo": b"\xff\xd8\xff\xe0",
}


@pytest.mark.parametrize("code", FILES)
def test_a_file_is_known_by_what_it_holds(tmp_path: Path, code: str) -> None:
    file = tmp_path / "given.hhpkg"
    file.write_bytes(FILES[code])
    (tmp_path / "workspace").mkdir()
    with Tray(tmp_path / "workspace", secrets("county")) as tray, pytest.raises(BadInput) as caught:
        tray.look(file, lambda: False)
    assert (caught.value.code, caught.value.params) == (code, {"file": "given.hhpkg"})
    assert has(code)


def test_a_damaged_one_is_known_by_its_name(tmp_path: Path) -> None:
    for name, code in (
        ("a.hhbak", "package.is_backup"),
        ("a.HHCERT", "package.is_grant"),
        ("a.txt", ""),
        ("a.hhpkg", ""),
    ):
        file = tmp_path / name
        file.write_bytes(archive("workspace.db", "keys.json")[:-30])
        assert code_for(file) == code
    assert code_for(tmp_path / "not there.db") == "package.is_workspace"
    other = tmp_path / "other"
    for data in (archive("letter.txt"), b'{"a":1}', b'{"fmt":"hhlater/1"}', b""):
        other.write_bytes(data)
        assert code_for(other) == ""


def test_a_package_stays_one_and_a_damaged_one_is_said_to_be_damaged(tmp_path: Path) -> None:
    file = written(tmp_path)
    assert code_for(file) == ""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    (tmp_path / "workspace").mkdir()
    with Tray(tmp_path / "workspace", secrets("county")) as tray, pytest.raises(BadInput) as caught:
        tray.look(file, lambda: False)
    assert not caught.value.code.startswith("package.is_")
