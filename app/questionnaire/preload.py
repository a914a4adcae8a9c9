"""Values a form asks the program for when it is opened: dates, start time, ids."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from app.questionnaire import bindtypes
from app.questionnaire.building import below
from app.questionnaire.xpath.dates import from_instant

if TYPE_CHECKING:
    from app.questionnaire.definition import Bind
    from app.questionnaire.state import Entry
    from app.questionnaire.xpath.values import Scope


def _value(bind: Bind, scope: Scope) -> str:
    now = from_instant(scope.now, scope.zone)
    if bind.preload == "uid":
        return f"uuid:{uuid.UUID(int=scope.rng.getrandbits(128), version=4)}"
    if bind.preload == "timestamp" and bind.preload_params == "start":
        return now.text()
    if bind.preload == "date" and bind.preload_params == "today":
        return now.day.isoformat()
    if bind.preload == "property":
        return scope.properties.get(bind.preload_params, "")
    return ""


def preload(top: Entry, scope: Scope) -> None:
    """Fill the preloaded questions of the form or of a new row."""
    for entry in below(top):
        bind = entry.bind
        if bind is None or not bind.preload:
            continue
        text = _value(bind, scope)
        if text:
            entry.node.set_value(bindtypes.normalise(bind.type, text, scope.zone))


def end_questions(top: Entry) -> list[Entry]:
    """Questions that keep the moment of finishing."""
    return [
        entry
        for entry in below(top)
        if entry.bind is not None and (entry.bind.preload, entry.bind.preload_params) == ("timestamp", "end")
    ]
