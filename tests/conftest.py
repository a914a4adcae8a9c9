"""Fixtures every test shares: no screen, no trace in the home folder, no unexpected warning in the log."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before any test module imports Qt. A test that drives a real window starts its own screen in a child process.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")

ACCEPTANCE = os.environ.get("BABUTONG_SIZES", "ci") == "acceptance"

settings.register_profile(
    "ci", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "acceptance", deadline=None, max_examples=600, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("acceptance" if ACCEPTANCE else "ci")

Figure = Callable[..., None]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the acceptance sizes out unless `./test --all` asked for them (deselected, not skipped)."""
    if ACCEPTANCE or config.getoption("-m"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test its own home, state and settings folders."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.setenv("BABUTONG_STATE", str(home / "state"))
    monkeypatch.setenv("BABUTONG_CONFIG", str(home / "config"))
    return home


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Generator[None]:
    """Fail a test in which our own code logged a warning it was not expected to (marker ``logs_warnings``)."""
    yield
    if request.node.get_closest_marker("logs_warnings"):
        return
    loud = [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.levelno >= logging.WARNING and record.name.split(".")[0] in {"app", "db", "reports"}
    ]
    assert loud == []


@pytest.fixture(scope="session")
def acceptance_sizes() -> bool:
    """Whether `./test --all` runs: large data instead of the sizes that fit twenty minutes."""
    return ACCEPTANCE


@pytest.fixture(scope="session")
def figure() -> Figure:
    """Record one measured figure for the table `./test --all` prints.

    Call it as ``figure("start to unlock page", 1.42, "x bare window", limit=1.7)``; ``limit`` is the most
    that is allowed and is only shown here: the test itself asserts it.
    """
    folder = os.environ.get("BABUTONG_FIGURES", "")

    def record(name: str, value: float, unit: str = "", *, limit: float | None = None) -> None:
        if not folder:
            return
        line = json.dumps({"name": name, "value": value, "unit": unit, "limit": limit}, ensure_ascii=False)
        with (Path(folder) / "figures.jsonl").open("a", encoding="utf-8") as out:
            out.write(line + "\n")

    return record
