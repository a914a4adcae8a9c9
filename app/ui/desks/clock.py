"""What the question about the clock is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.usecases.clock_checks import ClockQuestion


@dataclass(frozen=True, slots=True)
class ClockDesk:
    """Why this computer's clock is doubtful, None when it is not; and a person's word that it is right."""

    question: Callable[[], ClockQuestion | None]
    agree: Callable[[], None]
