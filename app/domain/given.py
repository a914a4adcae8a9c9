"""What a person enters with an action of a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.ids import Value
from app.domain.returned import NOTE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.action import Action


@dataclass(frozen=True, slots=True)
class Given:
    """What a person enters with an action.

    ``fields`` are case fields; ``to`` is the step of a return or the entry of a resolve; ``keep`` confirms
    that stale evidence still holds. ``wrong`` names what a return finds fault with (marks of
    ``app.domain.returned``), ``notes`` says why by mark; ``resent`` tells that the village sends it up again.
    """

    fields: Mapping[str, Value] = field(default_factory=dict[str, Value])
    reason: str = ""
    reason_code: str = ""
    to: str = ""
    keep: bool = False
    wrong: str = ""
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    resent: bool = False


def given_from(data: Mapping[str, Value]) -> Given:
    """Split a flat mapping: "reason", "to", "note:…" and their like are the act's, the rest case fields."""
    return Given(
        {code: value for code, value in data.items() if code not in _SPECIAL and not code.startswith(NOTE)},
        str(data.get("reason", "")).strip(),
        str(data.get("reason_code", "")),
        str(data.get("to", "")),
        data.get("keep") == 1,
        str(data.get("wrong", "")),
        {code.removeprefix(NOTE): str(value) for code, value in data.items() if code.startswith(NOTE)},
        data.get("resent") == 1,
    )


def template(action: Action) -> dict[str, Value]:
    """Return an empty data mapping of an action, every key it takes with "" (``keep`` with 0)."""
    data: dict[str, Value] = dict.fromkeys(action.fields, "")
    if action.needs_reason:
        data |= {"reason": "", "reason_code": ""}
    if action.targets:
        data["to"] = ""
    if action.stale:
        data["keep"] = 0
    if action.returns:
        data["wrong"] = ""
    return data


def target_of(action: Action, given: Given) -> str:
    """Return the chosen target, or the only one there is."""
    return action.targets[0] if not given.to and len(action.targets) == 1 else given.to


_SPECIAL = frozenset({"reason", "reason_code", "to", "keep", "wrong", "resent"})
