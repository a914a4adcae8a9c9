"""``babutong-cli self-check``: one line a finding with what to do, the documented keys, the exit codes."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest

from app import paths
from app.cli import main
from app.storage import place
from app.ui.texts import t
from app.usecases import workspaces
from tests.files.test_installed import raw, table
from tests.usecases.village import PASSPHRASE, found_village

GOOD = {"file": True, "chains": True, "projections": True}


def run(*arguments: object) -> tuple[int, str, str]:
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = main(["self-check", *map(str, arguments)])
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def closed(tmp_path):
    """A closed workspace and the file of its passphrase."""
    village = found_village(tmp_path / "village")
    village.add_home("吴福生")
    workspaces.close(village.office)
    (tmp_path / "passphrase.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return ["--workspace", village.office.workspace.folder, "--passphrase-file", tmp_path / "passphrase.txt"]


def test_one_line_a_finding(closed):
    code, out, err = run(*closed, "--now", "2026-03-02T10:00")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert all(line.startswith(("[正常] ", "[提醒] ")) for line in lines)
    assert "[正常] 工作区记录: 记录一条接一条都对得上，没有被改过。" in lines
    assert len(lines) == 13 + 1 + 3


def test_a_warning_does_not_fail_it():
    code, out, err = run("--now", "2019-03-02T10:00")
    assert (code, err) == (0, "")
    (line,) = [line for line in out.splitlines() if "电脑日期" in line]
    assert line.startswith("[提醒] 电脑日期: 电脑上的日期是 2019-03-02，看起来不对。")
    assert line.endswith("多半是主板电池没电了。")


def test_a_failure_says_what_and_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(paths.DATA_VARIABLE, str(tmp_path / "file" / "data"))
    code, out, err = run("--now", "2026-03-02T10:00")
    assert code == 1
    (line,) = [line for line in out.splitlines() if line.startswith("[有问题]")]
    assert line.startswith("[有问题] 资料文件夹: 文件夹")
    assert "请检查这个文件夹" in line
    assert err == "自检没有通过：资料文件夹。数据没有改动；怎么办写在上面每一项后面。\n"
    code, out, err = run("--now", "2026-03-02T10:00", "--json")
    found = json.loads(out)
    assert code == 1
    assert found["program"]["data_folder"] is False
    (told,) = [one for one in found["findings"] if not one["ok"]]
    assert told["name"] == "data_folder"
    assert told["advice"].startswith("请检查")


def test_the_documented_keys(closed):
    code, out, _err = run(*closed, "--now", "2026-03-02T10:00", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["program"].pop("files") is None
    assert {"cipher", "packs", "fonts"} <= found["program"].keys()
    assert set(found["program"].values()) == {True}
    assert (found["place"], found["workspace"]) == (True, GOOD)


def test_a_workspace_on_a_share_is_not_opened(closed, tmp_path, monkeypatch):
    folder = closed[1]
    (folder / "workspace.lock").unlink()
    lines = f"20 1 0:9 / / rw - ext4 none rw\n21 20 0:50 / {folder} rw - nfs4 none rw\n"
    (tmp_path / "mountinfo").write_text(lines)
    monkeypatch.setattr(place, "MOUNTS", tmp_path / "mountinfo")
    code, out, err = run(*closed, "--now", "2026-03-02T10:00", "--json")
    found = json.loads(out)
    assert (code, found["place"]) == (1, False)
    assert "workspace" not in found
    assert "工作区位置" in err
    assert not (folder / "workspace.lock").exists()


def test_a_workspace_that_does_not_open_ends_with_its_own_sentence(closed):
    (closed[1] / "workspace.db").write_bytes(b"cut off")
    code, out, err = run(*closed, "--now", "2026-03-02T10:00")
    assert code == 3
    assert "[正常] 打印文书" in out
    assert err == t("workspace.damaged") + "\n"


# --- when no command starts ------------------------------------------------------------------------------------------


@pytest.fixture
def version(tmp_path):
    """An installed version: this program with its list of files, and no libraries of its own."""
    tree = tmp_path / "versions" / "0.2.0"
    for name in ("app", "db", "forms"):
        hidden = shutil.ignore_patterns("__pycache__")
        shutil.copytree(paths.program_dir() / name, tree / "program" / name, ignore=hidden)
    (tree / "site" / "lxml").mkdir(parents=True)
    (tree / "site" / "lxml" / "etree.so").write_bytes(b"lxml")
    files = [path for path in tree.rglob("*") if path.is_file()]
    content = {path.relative_to(tree).as_posix(): path.read_bytes() for path in files}
    (tree / "files.json").write_bytes(raw(table(content)))
    return tree


def start(tree, before: str = "") -> tuple[int, str, str]:
    script = f"import sys\n{before}\nfrom app.cli import main\nsys.exit(main(['self-check']))"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tree / "program", capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_a_library_that_is_gone_is_named_with_its_files(version):
    (version / "site" / "lxml" / "etree.so").unlink()
    code, out, err = start(version, "sys.modules['sqlalchemy'] = None")
    assert (code, out) == (3, "")
    modules, files = err.splitlines()
    assert "有 1 个程序模块装不进来：sqlalchemy。" in modules
    assert "请用安装包重新安装程序" in modules
    assert files == "程序文件少了 1 个，被改动 0 个，例如：site/lxml/etree.so。"


def test_a_module_that_is_cut_off_is_named(version):
    (version / "program" / "app" / "cli" / "writes.py").write_text("def broken(:\n")
    code, _out, err = start(version)
    modules, files = err.splitlines()
    assert code == 3
    assert "writes.py" in modules
    assert "被改动 1 个，例如：program/app/cli/writes.py" in files


def test_a_spoiled_list_is_said_too(version):
    (version / "files.json").write_text("{")
    _code, _out, err = start(version, "sys.modules['sqlalchemy'] = None")
    assert "文件清单“files.json”读不出来" in err.splitlines()[1]


def test_an_installed_version_is_compared_with_its_list(version):
    (version / "site" / "lxml" / "etree.so").write_bytes(b"changed")
    shutil.copytree(paths.program_dir() / "reports", version / "program" / "reports")
    (version / "run").write_text("#!/bin/sh\nexit 0\n")
    (version / "run").chmod(0o755)  # the window is another test's subject
    code, out, err = start(version)
    assert code == 1
    assert "[有问题] 程序文件: 程序文件少了 0 个，被改动 1 个，例如：site/lxml/etree.so。" in out
    assert "[正常] 窗口显示" in out
    assert err.startswith("自检没有通过：程序文件。")
