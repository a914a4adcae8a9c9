"""A real encrypted workspace of a village with an open round, and a clock the test moves."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from app.usecases import workspaces
from tests.usecases.village import Village, found_village


@pytest.fixture
def village(tmp_path: Path) -> Generator[Village]:
    """Stone Slab Village, 石板村, on 2026-03-02 with the round 2026 of pack s8 and a line of 8800 yuan."""
    made = found_village(tmp_path / "village")
    yield made
    workspaces.close(made.office)
