"""What the strip of alerts is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.queries.alerts import AlertLine


@dataclass(frozen=True, slots=True)
class AlertsDesk:
    """The alerts that stand, putting one aside by its number, and how many entries need a later program."""

    standing: Callable[[], tuple[AlertLine, ...]]
    set_aside: Callable[[int], None]
    unknown: Callable[[], int]
