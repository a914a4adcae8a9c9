"""The code lists that ship, for tests of rules that look things up in them."""

from __future__ import annotations

from pathlib import Path

from app.files.codes_in import read_codes

LISTS = read_codes(Path(__file__).parents[2] / "forms" / "packs" / "s8" / "v1" / "codes.toml")
