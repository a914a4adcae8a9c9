"""What the page of the visit questionnaire is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.changes import Changes
    from app.usecases.visits import Visit


@dataclass(frozen=True, slots=True)
class VisitDesk:
    """All go through the runner; ``save(visit, text)`` keeps the draft's XML, from whatever thread.

    ``attach(case, file)`` keeps a photo with the visit.
    """

    open: Callable[[str], Visit]
    save: Callable[[Visit, str], None]
    finish: Callable[[Visit], Changes]
    attach: Callable[[str, Path], Changes]
