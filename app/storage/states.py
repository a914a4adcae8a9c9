"""Whether a journal entry takes part in the projection."""

from __future__ import annotations

from enum import IntEnum


class EntryState(IntEnum):
    """Stored beside each entry; only ``PROJECTED`` entries write fields or name parents."""

    PROJECTED = 0
    UNKNOWN = 1
    UNAUTHORISED = 2
    REVOKED = 3
    REDACTED = 4
