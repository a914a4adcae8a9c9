"""What the strip of alerts is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.queries.alerts import AlertLine


@dataclass(frozen=True, slots=True)
class AlertsDesk:
    """The alerts that stand, and putting one aside by its number."""

    standing: Callable[[], tuple[AlertLine, ...]]
    set_aside: Callable[[int], None]
