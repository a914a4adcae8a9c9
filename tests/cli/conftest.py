"""A real village for commands to work on, and a demonstration of three levels."""

from __future__ import annotations

from tests.usecases.conftest import computers, demo_folder, village

__all__ = ["computers", "demo_folder", "village"]
