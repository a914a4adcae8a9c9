"""What the person answered, to take it back step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.questionnaire.state import Entry

_LIMIT = 200


@dataclass(slots=True)
class Edit:
    """One or more questions changed in one go: each with its answer before."""

    before: dict[Entry, str]
    merges: bool = False


class History:
    """A stack of edits; typing in one question is one edit until another is touched."""

    def __init__(self) -> None:
        self._edits: list[Edit] = []

    def __len__(self) -> int:
        """How many steps can be taken back."""
        return len(self._edits)

    def typed(self, entry: Entry) -> None:
        """Remember the answer of a question that is about to be typed over."""
        last = self._edits[-1] if self._edits else None
        if last is not None and last.merges and entry in last.before:
            return
        self._add(Edit({entry: entry.stored}, merges=True))

    def filled(self, entries: list[Entry]) -> None:
        """Remember several questions that are about to be filled in one go."""
        if entries:
            self._add(Edit({entry: entry.stored for entry in entries}))

    def close(self) -> None:
        """Begin a new edit with the next key: the cursor went elsewhere."""
        if self._edits:
            self._edits[-1].merges = False

    def clear(self) -> None:
        """Forget all: rows have come or gone."""
        self._edits.clear()

    def take(self) -> dict[Entry, str]:
        """The answers to put back; empty when there is nothing."""
        return self._edits.pop().before if self._edits else {}

    def _add(self, edit: Edit) -> None:
        self._edits.append(edit)
        del self._edits[:-_LIMIT]
