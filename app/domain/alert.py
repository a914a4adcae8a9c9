"""What the person at a computer must be told, although nobody here did anything wrong."""

from __future__ import annotations

from enum import StrEnum


class AlertKind(StrEnum):
    """Why an alert stands."""

    FORK = "fork"  # a computer wrote two histories: it was copied, or an old backup was restored there
    LATE_MOVE = "late_move"  # a household had moved away when an edit of the old village came in
    OWN_STREAM_RETURNED = "own_stream_returned"  # others hold entries of ours that this file has lost
    REDACTION = "redaction"  # something was lawfully deleted here, and older copies still hold it
    ROTATED = "rotated"  # this file was restored, copied or moved; its next entries stand in a new stream
