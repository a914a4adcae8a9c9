"""A screen with a window manager for the stories that are told by keyboard and mouse."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path

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


@pytest.fixture
def tell(screen: str, tmp_path: Path) -> Callable[[str], Path]:
    """Return what runs a story, a module of this folder, on the screen and returns its folder of computers."""

    def run(story: str) -> Path:
        folder = tmp_path / "computers"
        folder.mkdir()
        environment = {**os.environ, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": "1"}
        told = subprocess.run(
            [sys.executable, "-m", f"tests.acceptance.{story}", str(folder)],
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
            shutil.copy(folder / "failed.png", kept / f"{story}.png")
        assert told.returncode == 0, told.stdout + told.stderr[-3000:]
        return folder

    return run
