"""Writing submissions: whole or not at all, nothing that lies there is touched."""

from __future__ import annotations

import errno
import os
import zipfile
from pathlib import Path

import pytest

from app.domain.errors import BadInput, Refused, Unavailable
from app.files import odk_out
from app.files.odk_out import (
    Looker,
    OdkFile,
    OdkInstance,
    form_folder,
    instance_place,
    safe_name,
    write_tree,
    write_zip,
)
from tests.scanner import Scanner

CALM = Looker(lambda _done, _of: None, lambda: False)


def instance(name="uuid1", xml=b"<a/>", **media):
    files = {"submission.xml": xml, **{f"{key}.jpg": data for key, data in media.items()}}
    return OdkInstance(
        ("wells", "instances", name),
        tuple(OdkFile(file, len(data), lambda data=data: data) for file, data in files.items()),
    )


def tree(where: Path) -> dict[str, bytes]:
    return {str(path.relative_to(where)): path.read_bytes() for path in where.rglob("*") if path.is_file()}


def names(where: Path) -> list[str]:
    return sorted(str(path.relative_to(where)) for path in where.rglob("*"))


def test_names_hold_no_path():
    assert instance_place("wells", "uuid:ab-1", "sha256:ff") == ("wells", "instances", "uuidab-1")
    assert instance_place("w", "", "sha256:" + "f" * 64) == ("w", "instances", "uuid" + "f" * 32)
    for text in ("../x", "a/b", "井", "", "a.", "nul", "nul.jpg", "x" * 200):
        found = safe_name(text)
        assert found.isascii()
        assert not set(found) & set('/\\:*?"<>| ')
        assert 0 < len(found) < 100
        assert not found.startswith(".")
        assert found != text
    assert safe_name("a/b") != safe_name("a_b")


HOSTILE = (
    "../../../etc/passwd",
    "/etc/passwd",
    "..",
    "",
    "a/../../b.jpg",
    "..\\..\\evil.exe",
    "c:evil.exe",
    "nul",
    "a\0b",
    "Submission.XML",
    "submission.xml",
)


@pytest.mark.parametrize("zipped", [False, True])
def test_no_name_of_a_file_leads_outside_or_hides_another(tmp_path, zipped):
    where = tmp_path / "a" / "b" / "c" / "d"
    files = [OdkFile("submission.xml", 4, lambda: b"<a/>")]
    files += [OdkFile(name, len(name), lambda name=name: name.encode()) for name in HOSTILE]
    files.append(OdkFile("照片.jpg", 1, lambda: b"1"))
    one = OdkInstance(("wells", "instances", "uuid1"), tuple(files))
    if zipped:
        with zipfile.ZipFile(write_zip(where / "x.zip", [one], CALM).target) as archive:
            found = {name: archive.read(name) for name in archive.namelist()}
        assert names(tmp_path) == ["a", "a/b", "a/b/c", "a/b/c/d", "a/b/c/d/x.zip"]
    else:
        write_tree(where, [one], CALM)
        assert tree(tmp_path).keys() == {f"a/b/c/d/{name}" for name in tree(where)}
        found = tree(where)
    assert all(name.startswith("wells/instances/uuid1/") for name in found)
    assert not any(
        is_bad for name in found for is_bad in (".." in name.split("/"), "\\" in name, ":" in name)
    )
    assert len({name.casefold() for name in found}) == len(files)
    assert sorted(found.values()) == sorted(file.read() for file in files)
    assert found["wells/instances/uuid1/submission.xml"] == b"<a/>"
    assert found["wells/instances/uuid1/照片.jpg"] == b"1"


def test_instance_folders(tmp_path):
    seen = []
    look = Looker(lambda done, of: seen.append((done, of)), lambda: False)
    done = write_tree(tmp_path, [instance("uuid1", b"<a/>\r\n", p=b"1"), instance("uuid2")], look)
    assert (done.written, done.same, done.target) == (2, 0, tmp_path)
    assert tree(tmp_path) == {
        "wells/instances/uuid1/submission.xml": b"<a/>\r\n",
        "wells/instances/uuid1/p.jpg": b"1",
        "wells/instances/uuid2/submission.xml": b"<a/>",
    }
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_what_lies_there_stays_and_another_gets_a_number(tmp_path):
    write_tree(tmp_path, [instance(xml=b"<a/>")], CALM)
    again = write_tree(tmp_path, [instance(xml=b"<a/>"), instance(xml=b"<b/>"), instance(xml=b"<c/>")], CALM)
    assert (again.written, again.same) == (2, 1)
    assert tree(tmp_path) == {
        "wells/instances/uuid1/submission.xml": b"<a/>",
        "wells/instances/uuid1-2/submission.xml": b"<b/>",
        "wells/instances/uuid1-3/submission.xml": b"<c/>",
    }


def test_a_zip_and_one_beside_it(tmp_path):
    path = tmp_path / "sub" / "w.zip"
    first = write_zip(path, [instance(p=b"1"), instance(xml=b"<b/>")], CALM)
    second = write_zip(path, [instance()], CALM)
    assert (first.target, first.written, second.target.name) == (path, 2, "w-2.zip")
    with zipfile.ZipFile(path) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "wells/instances/uuid1/submission.xml": b"<a/>",
            "wells/instances/uuid1/p.jpg": b"1",
            "wells/instances/uuid1-2/submission.xml": b"<b/>",
        }
    assert names(tmp_path / "sub") == ["w-2.zip", "w.zip"]


def test_cancelling(tmp_path):
    count = iter([False, True])
    done = write_tree(
        tmp_path, [instance("uuid1"), instance("uuid2")], Looker(CALM.report, lambda: next(count))
    )
    assert (done.written, names(tmp_path / "wells/instances")) == (1, ["uuid1", "uuid1/submission.xml"])
    stop = Looker(CALM.report, lambda: True)
    with pytest.raises(Refused) as caught:
        write_tree(tmp_path / "b", [instance()], stop)
    assert caught.value.code == "work.cancelled"
    with pytest.raises(Refused):
        write_zip(tmp_path / "b" / "w.zip", [instance()], stop)
    assert names(tmp_path / "b") == []


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk.full"), (errno.EROFS, "disk.read_only"), (errno.EIO, "phone.not_written")],
)
def test_a_machine_that_refuses_leaves_nothing_behind(tmp_path, monkeypatch, number, code):
    def full(_handle):
        raise OSError(number, "no")

    monkeypatch.setattr(os, "fsync", full)
    for write in (
        lambda: write_tree(tmp_path, [instance()], CALM),
        lambda: write_zip(tmp_path / "w.zip", [instance()], CALM),
    ):
        with pytest.raises(Unavailable) as caught:
            write()
        assert caught.value.code == code
    assert [path for path in tmp_path.rglob("*") if path.is_file() or path.name.endswith(".part")] == []


def test_a_scanner_that_does_not_let_go_is_named(tmp_path, monkeypatch):
    Scanner(monkeypatch, 99)
    with pytest.raises(Unavailable) as held:
        write_zip(tmp_path / "w.zip", [instance()], CALM)
    assert (held.value.code, held.value.params) == ("disk.held", {"file": "w.zip"})
    assert list(tmp_path.iterdir()) == []


def test_a_stick_that_keeps_something_else(tmp_path, monkeypatch):
    monkeypatch.setattr(odk_out, "_digests", lambda _folder: {})
    with pytest.raises(Unavailable) as caught:
        write_tree(tmp_path, [instance()], CALM)
    assert caught.value.code == "phone.stick_unreliable"
    real = os.fsync

    def spoil(_handle):
        (part,) = tmp_path.glob("*.part")
        part.write_bytes(part.read_bytes().replace(b"uuid1", b"uuid9"))

    monkeypatch.setattr(os, "fsync", spoil)
    with pytest.raises(Unavailable) as caught:
        write_zip(tmp_path / "w.zip", [instance()], CALM)
    assert caught.value.code == "phone.stick_unreliable"

    def cut(handle):
        os.truncate(handle, 10)
        real(handle)

    monkeypatch.setattr(os, "fsync", cut)
    with pytest.raises(Unavailable) as caught:
        write_zip(tmp_path / "w.zip", [instance()], CALM)
    assert caught.value.code == "phone.stick_unreliable"
    assert [path for path in tmp_path.rglob("*") if path.is_file() or path.name.endswith(".part")] == []


def test_an_attachment_that_cannot_be_read_leaves_nothing_behind(tmp_path):
    def damaged():
        raise BadInput("attachment.damaged", place="x")

    bad = OdkInstance(("w", "instances", "uuid1"), (OdkFile("a.jpg", 1, damaged),))
    for write in (
        lambda: write_tree(tmp_path, [bad], CALM),
        lambda: write_zip(tmp_path / "w.zip", [bad], CALM),
    ):
        with pytest.raises(BadInput):
            write()
    assert [path for path in tmp_path.rglob("*") if path.is_file() or path.name.endswith(".part")] == []


def test_a_blank_form_with_its_lists(tmp_path):
    form = form_folder("wells", "wells-v2", b"<h:html/>", {"towns.csv": b"a\n", "b.jpg": b"p"})
    write_tree(tmp_path, [form], CALM)
    expected = {
        "wells-v2/forms/wells.xml": b"<h:html/>",
        "wells-v2/forms/wells-media/towns.csv": b"a\n",
        "wells-v2/forms/wells-media/b.jpg": b"p",
    }
    assert tree(tmp_path) == expected
    assert write_tree(tmp_path, [form], CALM).same == 1
    with zipfile.ZipFile(write_zip(tmp_path / "w.zip", [form], CALM).target) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == expected


def test_on_a_system_without_the_call_that_forgets(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "posix_fadvise", raising=False)
    write_tree(tmp_path, [instance()], CALM)
    write_zip(tmp_path / "w.zip", [instance()], CALM)
    assert (tmp_path / "w.zip").exists()
