"""Something missing or wrong with a record, said as a code so that the window can word it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.ids import Value


@dataclass(frozen=True, slots=True)
class Fault:
    """A code of the window's tables and its parameters: ``t(fault.code, **fault.params)``."""

    code: str
    params: Mapping[str, Value] = field(default_factory=dict)
