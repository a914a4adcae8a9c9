"""The four commands at the root and their set-up, as far as they can be tried without installing anything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import print_figures
from tests.architecture.sources import ROOT

SCRIPTS = (
    *("run", "test", "bench", ".ci/run", "packaging/setup.sh"),
    *("packaging/linux.sh", "packaging/windows.sh", "packaging/trials.sh"),
)

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="the commands are for Debian; Windows gets an installer"
)


def _run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_is_a_plain_shell_script(script: str) -> None:
    assert (ROOT / script).read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert _run(["sh", "-n", script], ROOT).stderr == ""


@pytest.mark.parametrize("script", ["run", "test", "bench", ".ci/run"])
def test_each_can_be_executed(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_run_without_a_screen_says_so_in_two_languages_and_exits_3() -> None:
    ran = _run(["./run"], ROOT)
    assert ran.returncode == 3
    assert "没有屏幕" in ran.stderr
    assert "No screen" in ran.stderr
    assert ran.stderr.count("./run --virtual") == 2


@pytest.mark.parametrize("script", ["run", "test"])
def test_help_needs_no_set_up(script: str) -> None:
    ran = _run([f"./{script}", "--help"], ROOT)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "用法" in ran.stdout


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout with the set-up only, and a computer on which no package is installed."""
    for name in ("packaging/setup.sh", "packaging/constraints.txt", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    _stub(tmp_path, "dpkg-query", "exit 1")
    _stub(tmp_path, "sudo", "exit 1")
    _stub(tmp_path, "id", "echo 1000")
    _stub(tmp_path, "apt-get", f'echo "$*" >>"{tmp_path}/apt.log"')
    return tmp_path


def _stub(folder: Path, name: str, body: str) -> None:
    file = folder / "bin" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)


def _set_up(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return _run(
        ["sh", "packaging/setup.sh"], folder, PATH=f"{folder}/bin:{os.environ['PATH']}", **environment
    )


def test_without_rights_the_set_up_prints_the_one_line_and_exits_3(bare: Path) -> None:
    ran = _set_up(bare)
    assert ran.returncode == 3
    asked = [line for line in ran.stderr.splitlines() if line.startswith("sudo ")]
    assert len(asked) == 1
    for name in ("libegl1", "libxcb-cursor0", "xvfb", "fonts-noto-cjk"):
        assert f" {name}" in asked[0]
    assert not (bare / "apt.log").exists()
    assert not (bare / ".venv").exists()
    assert ran.stdout == ""


def test_what_a_build_needs_besides_is_asked_for_too(bare: Path) -> None:
    ran = _run(["sh", "packaging/setup.sh", "nsis"], bare, PATH=f"{bare}/bin:{os.environ['PATH']}")
    assert ran.returncode == 3
    assert next(line for line in ran.stderr.splitlines() if line.startswith("sudo ")).endswith(" nsis")


def test_only_what_is_missing_is_asked_for(bare: Path) -> None:
    _stub(bare, "dpkg-query", 'case "$3" in xdotool) exit 1 ;; *t64) exit 1 ;; *) printf installed ;; esac')
    asked = [line for line in _set_up(bare).stderr.splitlines() if line.startswith("sudo ")]
    assert asked[0].endswith("--no-install-recommends xdotool")


def test_the_new_names_of_later_releases_count_as_installed(bare: Path) -> None:
    _stub(
        bare,
        "dpkg-query",
        'case "$3" in libglib2.0-0 | libcups2 | xauth*) exit 1 ;; *) printf installed ;; esac',
    )
    asked = [line for line in _set_up(bare).stderr.splitlines() if line.startswith("sudo ")]
    assert "libglib2.0-0" not in asked[0]
    assert "libcups2" not in asked[0]


@pytest.mark.parametrize("who", ["root", "sudo"])
def test_with_rights_the_set_up_installs_them_itself(bare: Path, who: str) -> None:
    if who == "root":
        _stub(bare, "id", "echo 0")
    else:
        _stub(bare, "sudo", '[ "$1" = -n ] && shift; exec "$@"')
    _stub(
        bare, "python-without-venv", f'case "$*" in "-m venv "*) exit 1 ;; esac; exec "{sys.executable}" "$@"'
    )
    ran = _set_up(bare, PYTHON="python-without-venv")
    assert ran.returncode == 3  # the folder of this Python cannot be made; that comes after the system's part
    update, install = (bare / "apt.log").read_text().splitlines()
    assert "update" in update
    assert "install -y --no-install-recommends libegl1 " in install


def test_an_old_python_is_refused(bare: Path) -> None:
    _stub(bare, "dpkg-query", "printf installed")
    _stub(bare, "old", 'case "$*" in *version_info*) exit 1 ;; -V) echo Python 3.9 ;; *) exit 0 ;; esac')
    ran = _set_up(bare, PYTHON="old")
    assert ran.returncode == 3
    assert "3.11" in ran.stderr


@pytest.fixture
def gates(tmp_path: Path) -> Path:
    """A checkout that is set up, with commands that only note that they were called."""
    shutil.copy(ROOT / "test", tmp_path / "test")
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "setup.sh").write_text("exit 0\n")
    for name in ("ruff", "lint-imports", "mypy", "basedpyright", "vulture", "coverage", "python"):
        file = tmp_path / ".venv" / "bin" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            f'#!/bin/sh\necho "{name} $*" >>"{tmp_path}/calls"\n[ "${{FAILS-}}" != "{name} ${{1-}}" ]\n'
        )
        file.chmod(0o755)
    return tmp_path


def _calls(folder: Path) -> list[str]:
    return [" ".join(line.split()[:2]) for line in (folder / "calls").read_text().splitlines()]


def test_every_gate_is_passed_in_its_order(gates: Path) -> None:
    ran = _run(["./test"], gates)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert _calls(gates) == [
        *("ruff format", "ruff check", "lint-imports --no-logo", "mypy", "basedpyright", "vulture"),
        *("python -m", "coverage report", "python tests/print_figures.py"),
    ]
    assert "-m pytest -n auto --dist loadfile --cov " in (gates / "calls").read_text()


@pytest.mark.parametrize(
    ("gate", "named"),
    [("basedpyright ", "pyright strict"), ("vulture ", "vulture"), ("coverage report", "每一行都有测试")],
)
def test_a_gate_that_fails_is_named_and_the_others_are_tried(gates: Path, gate: str, named: str) -> None:
    ran = _run(["./test"], gates, FAILS=gate)
    assert ran.returncode == 1
    assert f"{named} …… 没有通过" in ran.stdout
    assert len(_calls(gates)) == 9
    assert f"{named}\tfailed" in (gates / "artefacts" / "test" / "gates.tsv").read_text()


@pytest.mark.parametrize("arguments", [["-k", "name"], ["--all"]])
def test_lines_are_counted_in_a_whole_run_only(gates: Path, arguments: list[str]) -> None:
    ran = _run(["./test", *arguments], gates)
    assert not [call for call in _calls(gates) if call.startswith("coverage")]
    assert "--cov" not in (gates / "calls").read_text()
    assert "每一行都有测试 …… 没有查" in ran.stdout


def _results(folder: Path, tests: str = 'tests="3" failures="0" errors="0" skipped="0"') -> Path:
    (folder / "gates.tsv").write_text("ruff\tpassed\t1\n")
    (folder / "junit.xml").write_text(f"<testsuites><testsuite {tests}/></testsuites>")
    return folder


def test_the_table_holds_every_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _results(tmp_path)
    (tmp_path / "figures.jsonl").write_text('{"name": "首页", "value": 1.456, "unit": "倍", "limit": 1.7}\n')
    bench = {"households": 100000, "start": {"value": 1.2, "limit": 1.5}, "runs": [{"name": "a", "value": 3}]}
    (tmp_path / "bench.json").write_text(json.dumps(bench))
    assert print_figures.main(tmp_path, "61") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [
        line.split() for line in lines if line.startswith(("首页", "start", "households", "runs.a", "总用时"))
    ] == [
        ["首页", "1.46", "倍", "1.7", "通过"],
        ["households", "100000"],
        ["start", "1.2", "1.5", "通过"],
        ["runs.a", "3"],
        ["总用时", "61", "秒"],
    ]


def test_the_limits_of_the_bench_are_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _results(tmp_path)
    (tmp_path / "bench.json").write_text('{"a": 1.6, "b": 7, "limits": {"a": 1.5}, "missed": ["a"]}')
    assert print_figures.main(tmp_path, "1") == 1
    cells = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["a", "1.6", "1.5", "没有通过"] in cells
    assert ["b", "7"] in cells


@pytest.mark.parametrize("spoil", ["failed test", "no result", "no test at all", "figure too high"])
def test_the_table_says_when_something_is_bad(
    tmp_path: Path, spoil: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _results(tmp_path)
    if spoil == "failed test":
        _results(tmp_path, 'tests="3" failures="1" errors="0" skipped="0"')
    elif spoil == "no result":
        (tmp_path / "junit.xml").unlink()
    elif spoil == "no test at all":
        _results(tmp_path, 'tests="0" failures="0" errors="0" skipped="0"')
    else:
        (tmp_path / "figures.jsonl").write_text(
            '{"name": "首页", "value": 1.8, "unit": "倍", "limit": 1.7}\n'
        )
    assert print_figures.main(tmp_path, "1") == 1
    assert "没有通过" in capsys.readouterr().out
