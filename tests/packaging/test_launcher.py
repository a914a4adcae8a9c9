"""The launcher of the Linux tree: with small versions, under the system's own shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.files import installation
from tests.architecture.sources import ROOT
from tests.files.update_setting import lay, make_root, seen_from

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has a launcher of its own")
LAUNCH = ROOT / "packaging" / "linux" / "launch"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Version 1.1.0 was just installed beside 1.0.0; neither has been started since."""
    root = tmp_path / "八步 通"
    make_root(root)
    lay(root, "1.1.0")
    installation.switch(seen_from(root, "1.0.0"), "1.1.0")
    for name in ("babutong", "babutong-cli"):
        shutil.copy(LAUNCH, root / name)
        (root / name).chmod(0o755)
    return root


def start(root: Path, name: str = "babutong", *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(root / name), *arguments],
        env={"PATH": os.environ["PATH"], "HOME": str(root)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_named_version_starts_with_its_arguments(root: Path) -> None:
    (root / "trial").unlink()
    ran = start(root, "babutong", "--workspace", "我的 资料")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "1.1.0 --workspace 我的 资料\n", "")
    assert start(root, "babutong-cli", "status").stdout == "1.1.0 cli status\n"


def test_by_a_link_from_elsewhere(root: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "babutong-cli").symlink_to(root / "babutong-cli")
    assert start(tmp_path / "bin", "babutong-cli", "x").stdout == "1.1.0 cli x\n"


def test_a_trial_that_was_confirmed_goes_on(root: Path) -> None:
    assert start(root).stdout == "1.1.0 \n"
    installation.confirm(seen_from(root, "1.1.0"))
    assert start(root).stdout == "1.1.0 \n"
    assert (root / "current").read_text() == "1.1.0\n"


def test_a_trial_that_died_falls_back_and_says_so(root: Path) -> None:
    start(root)  # ends without a word: its window never came
    ran = start(root)
    assert ran.stdout == "1.0.0 \n"
    assert "1.1.0" in ran.stderr
    assert "1.0.0" in ran.stderr
    assert (root / "current").read_text() == "1.0.0\n"
    assert start(root).stderr == ""
    assert seen_from(root, "1.0.0").previous == ""


def test_an_impatient_second_click_does_not_end_the_trial(root: Path) -> None:
    run = root / "versions" / "1.1.0" / "run"
    run.write_text('#!/bin/sh\n[ -e "$0.once" ] && exec echo second\n: >"$0.once"\nread line\n')
    first = subprocess.Popen(
        [str(root / "babutong")], stdin=subprocess.PIPE, env={"PATH": os.environ["PATH"]}
    )
    try:
        while not (run.parent / "run.once").exists():
            assert first.poll() is None
        assert start(root).stdout == "second\n"
        assert (root / "current").read_text() == "1.1.0\n"
    finally:
        first.communicate(b"\n")
    assert start(root).stdout == "1.0.0 \n"


def test_commands_are_no_trial(root: Path) -> None:
    start(root, "babutong-cli", "self-check")
    assert not (root / "trial-started").exists()


@pytest.mark.parametrize("gone", ["run", "files.json", ""])
def test_a_version_that_is_not_whole_is_passed_over(root: Path, gone: str) -> None:
    (root / "trial").unlink()
    place = root / "versions" / "1.1.0" / gone
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    assert start(root).stdout == "1.0.0 \n"


@pytest.mark.parametrize("text", ["", "\n", "9.9.9\n", "../..\n"])
def test_a_spoilt_name_is_passed_over(root: Path, text: str) -> None:
    (root / "current").write_text(text)
    assert start(root).stdout == "1.0.0 \n"


def test_nothing_to_start_is_said_in_words(root: Path) -> None:
    shutil.rmtree(root / "versions")
    ran = start(root)
    assert ran.returncode == 3
    assert "没有丢" in ran.stderr


def test_it_is_plain_shell() -> None:
    for script in ("launch", "run", "install.sh"):
        path = ROOT / "packaging" / "linux" / script
        assert path.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
        assert subprocess.run(["sh", "-n", str(path)], capture_output=True, check=False).returncode == 0
