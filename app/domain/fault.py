"""What is wrong or doubtful about a value; collected in a list instead of raised at the first one.

A fault's ``code`` has a sentence in the window's tables like the code of an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """ERROR stops the write or the import; WARNING is shown and kept."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding about the field ``field`` ("" for the whole); ``params`` fill in its sentence."""

    code: str
    severity: Severity = Severity.ERROR
    field: str = ""
    params: tuple[tuple[str, str | int], ...] = ()


def error(code: str, field: str = "", **params: str | int) -> Fault:
    """Return a finding that stops the write."""
    return Fault(code, Severity.ERROR, field, tuple(sorted(params.items())))


def warning(code: str, field: str = "", **params: str | int) -> Fault:
    """Return a finding that is only shown."""
    return Fault(code, Severity.WARNING, field, tuple(sorted(params.items())))


def errors_of(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the findings that stop the write."""
    return tuple(fault for fault in faults if fault.severity is Severity.ERROR)


def refuse_errors(faults: Iterable[Fault]) -> None:
    """Do nothing when no finding stops the write.

    Raises:
        Refused: the code and params of the first finding that does.
    """
    for fault in errors_of(faults):
        raise Refused(fault.code, **dict(fault.params))
