"""The list of files of an installed version: read strictly, and compared with what is on the disk."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from app.domain.errors import BadInput, Refused
from app.files import installed
from app.files.installed import Differences, compare, is_plain_path, parse_manifest, read_manifest
from app.ui.texts import sentence

CONTENT = {
    "program/app/paths.py": b"here\n",
    "program/forms/packs/一/pack.toml": b"id = 1\n",
    "run": b"#!/bin/sh\n",
    "site/PySide6/Qt/lib/libQt6Core.so.6": b"qt" * 5000,
    "site/shiboken6/Shiboken.abi3.so": b"shiboken",
    "site/lxml/etree.so": b"lxml" * 700_000,
    "licenses/LICENSE": b"",
}
DIGEST = "0" * 64


def table(content: dict[str, bytes] = CONTENT, **other: object) -> dict[str, object]:
    """The list as ``packaging/payload.py`` writes it."""
    files: dict[str, dict[str, object]] = {
        path: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for path, data in content.items()
    }
    if "run" in files:
        files["run"]["x"] = 1
    head = {"format": installed.FORMAT, "platform": "linux-amd64", "schema": "0001", "version": "0.2.0"}
    return {"files": files, **head, **other}


def raw(doc: object) -> bytes:
    return (json.dumps(doc, ensure_ascii=False, indent=0, sort_keys=True) + "\n").encode()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A whole version on the disk."""
    for path, data in CONTENT.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    (tmp_path / "files.json").write_bytes(raw(table()))
    return tmp_path


def test_a_list_is_read_as_it_was_written(tree: Path) -> None:
    found = read_manifest(tree / "files.json")
    assert (found.version, found.platform, found.schema) == ("0.2.0", "linux-amd64", "0001")
    assert found.raw == (tree / "files.json").read_bytes()
    assert {file.path: file.size for file in found.files} == {
        path: len(data) for path, data in CONTENT.items()
    }
    assert [file.path for file in found.files if file.executable] == ["run"]
    assert found.size == sum(map(len, CONTENT.values()))


def test_keys_of_a_newer_list_are_passed_over() -> None:
    assert parse_manifest(raw(table(notes="new")), "files.json").version == "0.2.0"


def changed_entry(**other: object) -> dict[str, object]:
    return {"run": {"sha256": DIGEST, "size": 1, **other}}


UNREADABLE = {
    "empty": b"",
    "no JSON": b"files",
    "not UTF-8": b"\xff\xfe{}",
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "no format": raw({"files": {}}),
    "format no text": raw(table(format=1)),
    "no files": raw(table(files={})),
    "files a list": raw(table(files=[])),
    "no version": raw({key: value for key, value in table().items() if key != "version"}),
    "version a path": raw(table(version="../0.2.0")),
    "version with a folder": raw(table(version="0.2/0")),
    "version empty": raw(table(version="")),
    "version a number": raw(table(version=2)),
    "platform a path": raw(table(platform="linux/amd64")),
    "schema null": raw(table(schema=None)),
    "entry a number": raw(table(files={"run": 1})),
    "entry without size": raw(table(files={"run": {"sha256": DIGEST}})),
    "entry with more": raw(table(files=changed_entry(mode=0o4755))),
    "size negative": raw(table(files=changed_entry(size=-1))),
    "size a truth": raw(table(files=changed_entry(size=True))),
    "size a float": raw(table(files=changed_entry(size=1.0))),
    "size not a number": raw(table(files=changed_entry(size=float("nan")))),
    "size of a planet": raw(table(files=changed_entry(size=10**12))),
    "x of two": raw(table(files=changed_entry(x=2))),
    "digest short": raw(table(files=changed_entry(sha256="0" * 63))),
    "digest in capitals": raw(table(files=changed_entry(sha256="A" * 64))),
    "digest null": raw(table(files=changed_entry(sha256=None))),
    "a name twice": b'{"format": "babutong-tree/1", "format": "babutong-tree/1", "files": {}}',
    "too many": raw(
        table(files={f"f{n}": {"sha256": DIGEST, "size": 1} for n in range(installed.MAX_FILES + 1)})
    ),
    "too long": b" " * installed.MAX_BYTES + raw(table()),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_damaged_list_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "files.json").write_bytes(UNREADABLE[name])
    with pytest.raises(BadInput) as caught:
        read_manifest(tmp_path / "files.json")
    assert caught.value.code == "check.list_unreadable"
    assert "“files.json”" in sentence(caught.value)


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read_manifest(tmp_path / "files.json")
    assert caught.value.code == "check.list_unreadable"


def test_another_format_is_called_so() -> None:
    with pytest.raises(BadInput) as caught:
        parse_manifest(raw({"format": "babutong-tree/2", "content": []}), "新版.json")
    assert caught.value.code == "check.list_other_format"
    assert "“新版.json”" in sentence(caught.value)


BAD_PATHS = [
    "",
    "/etc/passwd",
    "../outside",
    "program/../../outside",
    "..",
    ".",
    "./run",
    "program//app",
    "program/",
    "C:/Windows/x",
    "c:x",
    "program\\app",
    "\\\\server\\share",
    "nul\0byte",
    "line\nbreak",
    "name.",
    "name ",
    "folder./x",
    "a*",
    'quo"te',
    "turned\u202eround",
    "x" * 401,
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_name_that_leads_elsewhere_is_refused(path: str) -> None:
    assert not is_plain_path(path)
    with pytest.raises(BadInput) as caught:
        parse_manifest(raw(table({"run": b"", path: b""})), "files.json")
    assert caught.value.code == "check.list_bad_path"
    assert caught.value.params["path"].isascii()
    assert sentence(caught.value)


@pytest.mark.parametrize(
    "paths", [("a/B.py", "A/b.py"), ("straße", "STRASSE"), ("a", "a/b"), ("a/b/c", "a/B"), ("A", "a/b")]
)
def test_two_names_that_are_one_on_windows_are_refused(paths: tuple[str, str]) -> None:
    for content in (paths, paths[::-1]):
        with pytest.raises(BadInput) as caught:
            parse_manifest(raw(table(dict.fromkeys(content, b""))), "files.json")
        assert caught.value.code == "check.list_bad_path"


def test_names_as_libraries_have_them_are_fine() -> None:
    names = ("a", "a.b/c", "site/x-1.0.dist-info/METADATA", "一/二.toml", "lib+x/(y)/_z~1", "..a/b..c")
    assert all(map(is_plain_path, names))
    parse_manifest(raw(table(dict.fromkeys(names, b""))), "files.json")


# --- on the disk -----------------------------------------------------------------------------------------------------


def test_a_whole_version_has_no_differences(tree: Path) -> None:
    told: list[tuple[int, int]] = []
    manifest = read_manifest(tree / "files.json")
    (tree / "program" / "__pycache__").mkdir()
    (tree / "program" / "__pycache__" / "x.pyc").write_bytes(b"not listed")
    found = compare(tree, manifest, lambda done, of: told.append((done, of)))
    assert found == Differences()
    assert found.is_whole
    assert told[-1] == (manifest.size, manifest.size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_what_is_gone_and_what_is_changed(tree: Path) -> None:
    (tree / "run").unlink()
    (tree / "licenses" / "LICENSE").unlink()
    (tree / "licenses" / "LICENSE").mkdir()  # a folder in its place is no file
    data = bytearray(CONTENT["site/lxml/etree.so"])
    data[-1] ^= 1  # behind the first piece that is read, and of the same length
    (tree / "site/lxml/etree.so").write_bytes(data)
    (tree / "program/app/paths.py").write_bytes(b"longer than it was\n")
    found = compare(tree, read_manifest(tree / "files.json"))
    assert set(found.missing) == {"run", "licenses/LICENSE"}
    assert set(found.changed) == {"site/lxml/etree.so", "program/app/paths.py"}
    assert not found.replaced
    assert not found.is_whole


def test_another_build_of_qt_is_allowed_a_missing_one_is_not(tree: Path) -> None:
    (tree / "site/PySide6/Qt/lib/libQt6Core.so.6").write_bytes(b"built by the user")
    (tree / "site/shiboken6/Shiboken.abi3.so").write_bytes(b"too")
    found = compare(tree, read_manifest(tree / "files.json"))
    assert len(found.replaced) == 2
    assert found.is_whole
    (tree / "site/shiboken6/Shiboken.abi3.so").unlink()
    found = compare(tree, read_manifest(tree / "files.json"))
    assert found.missing == ("site/shiboken6/Shiboken.abi3.so",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand a process a file it cannot read")
def test_a_file_that_cannot_be_read_is_changed(tree: Path) -> None:
    # Memory of the process: open succeeds, reading at the start does not.
    (tree / "run").unlink()
    (tree / "run").symlink_to("/proc/self/mem")
    manifest = read_manifest(tree / "files.json")
    files = tuple(file for file in manifest.files if file.path == "run")
    empty = installed.TreeFile("run", 0, files[0].sha256, executable=True)
    assert not installed.is_same(tree / "run", empty)


def test_it_stops_when_asked(tree: Path) -> None:
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(Refused) as caught:
        compare(tree, read_manifest(tree / "files.json"), cancelled=cancelled)
    assert caught.value.code == "work.cancelled"
