"""The schema revision this program writes; nothing heavy is imported here."""

from __future__ import annotations

from typing import Final

HEAD: Final = "0002"
"""A test compares it with the scripts in ``db/migrations``."""
