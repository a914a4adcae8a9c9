"""How loudly a word speaks; apart, because the window needs it before its first paint."""

from __future__ import annotations

from enum import StrEnum


class Tone(StrEnum):
    """How loudly a tag speaks; the window turns it into a colour."""

    NEUTRAL = "neutral"
    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
