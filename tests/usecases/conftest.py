"""Real encrypted workspaces: a village with an open round, and a demonstration to copy."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from app.usecases import workspaces
from tests.usecases.exchange import Computers, small_demo
from tests.usecases.own_forms import OwnForms
from tests.usecases.village import Village, found_village


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration of twelve households; only to be copied."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    small_demo(folder)
    return folder


@pytest.fixture
def computers(tmp_path: Path, demo_folder: Path) -> Generator[Computers]:
    """Copies of the demonstration's computers, opened on first use."""
    with Computers(tmp_path / "computers", demo_folder) as made:
        yield made


@pytest.fixture
def village(tmp_path: Path) -> Generator[Village]:
    """Stone Slab Village, 石板村, on 2026-03-02 with the round 2026 of pack s8 and a line of 8800 yuan."""
    made = found_village(tmp_path / "village")
    yield made
    workspaces.close(made.office)


@pytest.fixture
def own_forms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Generator[OwnForms]:
    """An empty shelf of questionnaires in the place of the shipped ones."""
    made = OwnForms(monkeypatch, tmp_path / "forms")
    yield made
    made.forget()
