"""Typed reading of recorded cases, and what a run of them came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from app.domain.errors import AppError, BadInput

if TYPE_CHECKING:
    from collections.abc import Callable


class Record:
    """One JSON object.

    Raises:
        BadInput: ``questionnaire.case_damaged`` (param ``key``) when something is not as it should be.
    """

    def __init__(self, data: object) -> None:
        if not isinstance(data, dict):
            raise BadInput("questionnaire.case_damaged", key="")
        self._data = cast("dict[str, object]", data)

    def __contains__(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._data

    def keys(self) -> tuple[str, ...]:
        """Keys in their order."""
        return tuple(self._data)

    def get(self, key: str) -> object:
        """The value as it is, None when absent."""
        return self._data.get(key)

    def text(self, key: str) -> str:
        """A text; "" when absent or null."""
        value = self._data.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise BadInput("questionnaire.case_damaged", key=key)
        return value

    def number(self, key: str) -> float:
        """A number; 0 when absent or null."""
        value = self._data.get(key)
        if value is None:
            return 0.0
        if not isinstance(value, (int, float)):
            raise BadInput("questionnaire.case_damaged", key=key)
        return float(value)

    def flag(self, key: str) -> bool:
        """Whether the value is there and says yes."""
        return bool(self._data.get(key))

    def record(self, key: str) -> Record:
        """The object below the key."""
        return Record(self._data.get(key))

    def items(self, key: str) -> list[object]:
        """The list below the key; empty when absent."""
        value = self._data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise BadInput("questionnaire.case_damaged", key=key)
        return cast("list[object]", value)

    def records(self, key: str) -> list[Record]:
        """The objects of the list below the key."""
        return [Record(item) for item in self.items(key)]


@dataclass(frozen=True, slots=True)
class Failure:
    """One case that did not pass, and what came instead."""

    id: str
    reason: str


@dataclass(slots=True)
class Outcome:
    """What a run of cases came to."""

    passed: int = 0
    failed: list[Failure] = field(default_factory=list[Failure])
    quarantined: int = 0

    def note(self, case_id: str, reason: str) -> None:
        """Count one case; no reason means that it passed."""
        if reason:
            self.failed.append(Failure(case_id, reason))
        else:
            self.passed += 1


def why(run: Callable[[], str]) -> str:
    """What a case says of itself, or the error that ended it: no case may end the run."""
    try:
        return run()
    except AppError as error:
        told = ", ".join(f"{key}={value!r}" for key, value in error.params.items())
        return f"refused {error.code} ({told})"
    except Exception as error:  # noqa: BLE001 - a fault of ours is what a trial is to find and tell
        return f"fault {type(error).__name__}: {error}"
