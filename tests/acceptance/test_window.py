"""The real window on a screen of its own, by keyboard and mouse: the story of one household of three hundred."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pypdfium2
import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 900  # seconds


@pytest.fixture
def screen(tmp_path: Path) -> Generator[str]:
    """A screen of 1366×768 with a window manager, for this test alone; its name is given by the server."""
    shown, told = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(told), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=[told],
        stderr=subprocess.DEVNULL,
    )
    os.close(told)
    with os.fdopen(shown) as pipe:
        name = ":" + pipe.readline().strip()
    manager = subprocess.Popen(
        ["openbox"], env={**os.environ, "DISPLAY": name}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    yield name
    for process in (manager, server):
        process.terminate()
        process.wait(timeout=20)


def text_of(path: Path) -> list[str]:
    pages = pypdfium2.PdfDocument(path)
    return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pages]


def test_one_household_of_three_hundred(screen: str, tmp_path: Path) -> None:
    folder = tmp_path / "computers"
    folder.mkdir()
    environment = {**os.environ, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": "1"}
    told = subprocess.run(
        [sys.executable, "-m", "tests.acceptance.window_story", str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if told.returncode and (folder / "failed.png").exists():
        kept = ROOT / "artefacts"
        kept.mkdir(exist_ok=True)
        shutil.copy(folder / "failed.png", kept / "window_story.png")
    assert told.returncode == 0, told.stdout + told.stderr[-3000:]

    for name in ("notice.pdf", "exit-notice.pdf"):
        whole = "".join(text_of(folder / "post" / name))
        head = re.search(r"序号村民小组户主姓名家庭人口数1(\d+组)(\S+?)(\d+)公示时间", whole)
        assert head, whole
        assert not re.search(r"\d{17}", whole)
        assert "身份证" not in whole
    (page,) = text_of(folder / "post" / "certificate.pdf")
    assert "990101001201-2026-0001" in page
    assert head[2] in page
