from __future__ import annotations

import tomllib
from pathlib import Path

from app.version import VERSION


def test_the_version_is_the_one_that_is_built() -> None:
    settings = Path(__file__).resolve().parents[1] / "pyproject.toml"
    assert tomllib.loads(settings.read_text(encoding="utf-8"))["project"]["version"] == VERSION
