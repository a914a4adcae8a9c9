"""One code a person can choose, with its words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One code of a list with its label, as the pack names it on the day."""

    code: str
    label: str
