"""The self-check finds what is wrong, and only that; each problem is really made."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app import paths
from app.crypto.suite import suite
from app.domain.errors import BadInput, Refused
from app.storage import place, tables
from app.ui.texts import has, t
from app.usecases import checks
from app.usecases.checks import Finding
from app.usecases.clock import FixedClock
from tests.files.test_installed import CONTENT, raw, table
from tests.usecases.journal import standing

GOOD = {"file": True, "chains": True, "projections": True}
FONTS = paths.program_dir() / "reports" / "assets" / "fonts"


def said(finding: Finding) -> str:
    """The sentence and what to do about it, as the command line prints them; both must be there."""
    words = t(finding.code, **finding.params)
    if not finding.ok:
        assert has(f"{finding.code}_do")
    return words + (t(f"{finding.code}_do") if has(f"{finding.code}_do") else "")


def bad(finding: Finding, code: str) -> str:
    assert (finding.ok, finding.code) == (False, code)
    return said(finding)


# --- the whole ---------------------------------------------------------------------------------------------------------


def test_the_program_has_all_its_parts():
    told: list[tuple[int, int]] = []
    found = checks.check_program(lambda done, of: told.append((done, of)), clock=FixedClock(at(2026)))
    assert [said(one) for one in found if not one.ok] == []
    assert len({one.name for one in found}) == len(found)
    assert all(has(f"check.title_{one.name}") for one in found)
    assert told == [(done, len(found)) for done in range(len(found) + 1)]


def test_it_stops_when_asked():
    with pytest.raises(Refused) as caught:
        checks.check_program(cancelled=lambda: True)
    assert caught.value.code == "work.cancelled"


# --- files of the installed version ------------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """An installed version with everything in its place."""
    for path, data in CONTENT.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    (tmp_path / "files.json").write_bytes(raw(table()))
    return tmp_path


def test_a_whole_version(tree):
    found = checks.files_finding(tree)
    assert found.ok
    assert "7 个文件都在" in said(found)


def test_a_source_checkout_has_no_list():
    found = checks.files_finding(None)
    assert (found.ok, found.code) == (True, checks.SOURCE)
    assert "源代码" in said(found)


def test_a_missing_and_a_changed_file_are_named(tree):
    (tree / "run").unlink()
    data = bytearray(CONTENT["program/app/paths.py"])
    data[0] ^= 1
    (tree / "program/app/paths.py").write_bytes(data)
    words = bad(checks.files_finding(tree), "check.files_differ")
    assert "少了 1 个，被改动 1 个" in words
    assert "run、program/app/paths.py" in words
    assert "重新安装" in words


def test_no_more_than_five_are_named(tree):
    content = {f"program/file-{number}.py": b"" for number in range(9)}
    (tree / "files.json").write_bytes(raw(table(content)))
    words = bad(checks.files_finding(tree), "check.files_differ")
    assert "少了 9 个" in words
    assert words.count("program/file-") == 5


def test_a_replaced_qt_is_a_note(tree):
    (tree / "site/PySide6/Qt/lib/libQt6Core.so.6").write_bytes(b"built by the user")
    found = checks.files_finding(tree)
    assert (found.ok, found.code) == (True, "check.files_replaced")
    assert "libQt6Core" in said(found)
    assert "许可证允许" in said(found)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "check.list_unreadable"),
        (raw(table(format="babutong-tree/9")), "check.list_other_format"),
        (raw(table({"../x": b""})), "check.list_bad_path"),
        (None, "check.list_unreadable"),
    ],
)
def test_a_spoiled_list(tree, data, code):
    (tree / "files.json").unlink()
    if data is not None:
        (tree / "files.json").write_bytes(data)
    assert "files.json" in bad(checks.files_finding(tree), code)


# --- parts -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A small program of its own, to be spoiled."""
    folder = tmp_path / "littleprogram"
    (folder / "inner").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "__main__.py").write_text("raise SystemExit(9)\n")
    (folder / "inner" / "__init__.py").write_text("")
    (folder / "inner" / "work.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import only_for_types\n"
        "def run():\n    import json\n    from lxml import etree\n    import PySide6\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "littleprogram"]:
        del sys.modules[name]


def test_modules_that_can_all_be_imported(package):
    assert checks.modules_finding(["littleprogram"]).ok


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import not_in_this_bundle.part\n", "not_in_this_bundle"),
        ("def print_it():\n    from not_in_this_bundle import paper\n", "not_in_this_bundle"),
        ("try:\n    import not_in_this_bundle\nfinally:\n    pass\n", "not_in_this_bundle"),
        ("def (:\n", "littleprogram.inner.work"),
        ("1 / 0\n", "littleprogram.inner.work"),
    ],
)
def test_a_module_or_library_that_is_lacking(package, text, name):
    (package / "inner" / "work.py").write_text(text)
    words = bad(checks.modules_finding(["littleprogram"]), "check.modules_missing")
    assert f"有 1 个程序模块装不进来：{name}。" in words


def test_what_a_module_without_a_source_imports_late_is_not_asked(package):
    (package / "inner" / "work.py").write_text(
        "__file__ = None\n\ndef run():\n    import not_in_this_bundle\n"
    )
    assert checks.modules_finding(["littleprogram"]).ok


def test_a_package_that_is_lacking_altogether():
    assert "no_such_program" in bad(checks.modules_finding(["no_such_program"]), "check.modules_missing")


def damaged_pack() -> object:
    raise BadInput("pack.unreadable", file="pack.toml")


class Forgetful:
    """A suite that says yes to every signature."""

    def __init__(self):
        self._right = suite("intl-1")

    def __getattr__(self, name):
        return getattr(self._right, name)

    def verify(self, public, message, signature):
        return True


@pytest.mark.parametrize(
    ("name", "work", "what"),
    [
        ("packs", damaged_pack, "pack.unreadable"),
        ("questionnaire", lambda: Path("no-such-form.xml").read_bytes(), "FileNotFoundError"),
        ("paper", lambda: b"", "False"),
        ("cipher", lambda: None, "False"),
        ("crypto", lambda: checks.crypto_works(Forgetful()), "False"),
        ("migrations", lambda: checks.scripts_known(frozenset), "False"),
    ],
)
def test_a_part_that_does_not_work(name, work, what):
    words = bad(checks.attempt(name, work), f"check.{name}_broken")
    assert what in words
    assert "重新安装" in words


def test_fonts_that_are_lacking_or_spoiled(tmp_path):
    folder = tmp_path / "fonts"
    shutil.copytree(FONTS, folder)
    assert checks.fonts_finding(folder).ok
    (folder / "GWHei-8105.ttf").unlink()
    data = bytearray((folder / "GWSong-L2.ttf").read_bytes())
    data[1_000_000] ^= 1
    (folder / "GWSong-L2.ttf").write_bytes(data)
    words = bad(checks.fonts_finding(folder), "check.fonts_missing")
    assert "2 个，例如：GWHei-8105.ttf、GWSong-L2.ttf" in words


def test_fonts_without_their_list_or_that_no_paper_can_read(tmp_path):
    assert "SHA256SUMS" in bad(checks.fonts_finding(tmp_path), "check.fonts_missing")
    (tmp_path / "FandolFang-Regular.otf").write_bytes(b"no font")
    digest = "b1b9b28d2f4d65c4ee7e4a1c1a9bbd4bbd8a4e5a9a8a2a2f3a3c1cbfffb3f3d4"
    (tmp_path / "SHA256SUMS").write_text(f"{digest}  FandolFang-Regular.otf\n")
    bad(checks.fonts_finding(tmp_path), "check.fonts_missing")
    shutil.copyfile(FONTS / "8105.txt", tmp_path / "8105.txt")
    line = next(one for one in (FONTS / "SHA256SUMS").read_text().splitlines() if one.endswith("8105.txt"))
    (tmp_path / "SHA256SUMS").write_text(line + "\n")  # the list agrees with the folder, the papers do not
    bad(checks.fonts_finding(tmp_path), "check.fonts_broken")


# --- the computer ------------------------------------------------------------------------------------------------------


def window(script: str) -> list[str]:
    return [sys.executable, "-c", f"import sys\n{script}"]


def test_a_window_that_opens():
    assert checks.window_finding(window("pass")).ok


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (
            window("sys.stderr.write('first\\nlibEGL.so.1 is not there\\n\\n'); sys.exit(1)"),
            "libEGL.so.1 is not there",
        ),
        (window("sys.exit(4)"), "“4”"),
        (window("import os; os.abort()"), "“-6”"),
        (["/no/such/interpreter"], "FileNotFoundError"),
        (window("sys.stdin.read(); input()"), "EOFError"),
    ],
)
def test_a_window_that_does_not_open(command, what):
    assert what in bad(checks.window_finding(command), "check.window_broken")


def test_a_window_that_hangs_is_ended():
    waiting = window("import threading; threading.Event().wait()")
    assert "TimeoutExpired" in bad(checks.window_finding(waiting, 0.5), "check.window_broken")


def test_folders_are_checked_without_making_them(tmp_path):
    folder = tmp_path / "not" / "yet"
    assert checks.folder_finding("data_folder", folder).ok
    assert checks.folder_finding("state_folder", folder).ok
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["data_folder", "state_folder"])
def test_a_folder_that_cannot_be_written(tmp_path, name):
    (tmp_path / "file").write_text("in the way")
    words = bad(checks.folder_finding(name, tmp_path / "file" / "folder"), "check.folder_read_only")
    assert str(tmp_path / "file" / "folder") in words
    bad(checks.folder_finding(name, Path("/proc/self/folder")), "check.folder_read_only")


def test_a_disk_with_too_little_room(tmp_path):
    words = bad(checks.folder_finding("data_folder", tmp_path, 10**18), "check.folder_full")
    assert "至少要 1000000000000 兆" in words
    assert "不要删除工作区和备份" in words


def at(year: int) -> datetime:
    return datetime(year, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize("year", [1970, 2025, 2061])
def test_a_wrong_clock_is_a_warning_that_names_the_date(year):
    found = checks.clock_finding(FixedClock(at(year)))
    assert (found.ok, found.code) == (True, "check.clock_wrong")
    assert f"{year}-05-04" in said(found)
    assert "系统设置" in said(found)


def test_a_right_clock():
    assert checks.clock_finding(FixedClock(at(2026))).code == "check.clock_ok"


@pytest.mark.parametrize(
    ("system", "code"),
    [("vfat", "check.place_fat"), ("nfs4", "check.place_network"), ("ext4", "check.place_ok")],
)
def test_the_place_of_a_workspace(tmp_path, monkeypatch, system, code):
    line = f"20 1 0:9 / / rw - {system} none rw\n"
    (tmp_path / "mountinfo").write_text(line)
    monkeypatch.setattr(place, "MOUNTS", tmp_path / "mountinfo")
    found = checks.place_finding(tmp_path / "工作区")
    assert found.code == code
    assert str(tmp_path / "工作区") in said(found)
    offered = checks.folder_finding("data_folder", tmp_path)
    assert offered.ok == found.ok


def test_a_stick_is_a_bad_place(tmp_path, monkeypatch):
    (tmp_path / "mountinfo").write_text(
        "20 1 0:9 / / rw - ext4 none rw\n21 20 8:16 / /media/u rw - ext4 none rw\n"
    )
    disk = tmp_path / "usb1" / "sdb"
    disk.mkdir(parents=True)
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "8:16").symlink_to(disk)
    monkeypatch.setattr(place, "MOUNTS", tmp_path / "mountinfo")
    monkeypatch.setattr(place, "BLOCKS", tmp_path / "blocks")
    assert "优盘" in bad(checks.place_finding(Path("/media/u/工作区")), "check.place_removable")


# --- a workspace -------------------------------------------------------------------------------------------------------


def test_a_workspace_at_work_holds_together(village):
    village.bring(village.open("吴福生"), "publicise")
    before = standing(village.office)
    found = checks.check_workspace(village.office)
    assert found == GOOD
    assert [one.code for one in checks.workspace_findings(found)] == [
        "check.file_ok",
        "check.chains_ok",
        "check.projections_ok",
    ]
    assert standing(village.office) == before


def test_a_changed_entry_breaks_the_chain(village):
    village.add_home("吴福生")
    journal = tables.journal
    with village.office.workspace.bookkeeping() as conn:
        lid, body = conn.execute(select(journal.c.lid, journal.c.body).order_by(journal.c.lid.desc())).first()
        conn.execute(
            update(journal).where(journal.c.lid == lid).values(body=body.replace("吴福生", "吴福升"))
        )
    found = checks.check_workspace(village.office)
    assert (found["file"], found["chains"]) == (True, False)
    assert "联系技术员" in bad(checks.workspace_findings(found)[1], "check.chains_broken")


def test_a_projection_that_left_the_journal_is_found_and_made_good(village):
    home = village.add_home("吴福生")
    with village.office.workspace.bookkeeping() as conn:
        conn.execute(update(tables.entity).where(tables.entity.c.uid == home).values(digest=b"x" * 32))
    found = checks.check_workspace(village.office)
    assert found == {**GOOD, "projections": False}
    assert "重新整理" in bad(checks.workspace_findings(found)[2], "check.projections_broken")
    assert checks.check_workspace(village.office) == GOOD


def test_a_damaged_file_has_its_sentence():
    assert "备份恢复" in bad(checks.workspace_findings({**GOOD, "file": False})[0], "check.file_broken")
