"""What a use case tells the window: which kinds and entities it touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.ids import EntityId, Kind


@dataclass(frozen=True, slots=True)
class Changes:
    """The outcome of one write.

    ``entries`` are the new journal entry ids in order; ``touched`` the entities they are about.
    """

    entries: tuple[str, ...] = ()
    touched: tuple[tuple[Kind, EntityId], ...] = ()

    def has(self, *kinds: Kind) -> bool:
        """Tell whether any entity of these kinds was touched."""
        return any(kind in kinds for kind, _ in self.touched)
