"""A real village for commands to work on."""

from __future__ import annotations

from tests.usecases.conftest import village

__all__ = ["village"]
