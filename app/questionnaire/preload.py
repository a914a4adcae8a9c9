"""Values a form asks the program for when it is opened: dates, start time, ids."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from app.questionnaire import bindtypes
from app.questionnaire.building import below
from app.questionnaire.xpath.dates import from_instant

if TYPE_CHECKING:
    from app.questionnaire.definition import Bind
    from app.questionnaire.engine import Engine
    from app.questionnaire.state import Entry


def _value(engine: Engine, bind: Bind) -> str:
    scope = engine.scope
    now = from_instant(scope.now, scope.zone)
    if bind.preload == "uid":
        return f"uuid:{uuid.UUID(int=scope.rng.getrandbits(128), version=4)}"
    if bind.preload == "timestamp" and bind.preload_params == "start":
        return now.text()
    if bind.preload == "date" and bind.preload_params == "today":
        return now.day.isoformat()
    return ""


def preload(engine: Engine, top: Entry | None = None) -> None:
    """Fill preloaded questions below ``top`` (default: the whole form)."""
    for entry in below(top or engine.root):
        bind = entry.bind
        if bind is None or not bind.preload:
            continue
        text = _value(engine, bind)
        if text:
            entry.node.set_value(bindtypes.normalise(bind.type, text, engine.zone))


def stamp_end(engine: Engine) -> None:
    """Write the moment of finishing into ``end`` questions."""
    now = from_instant(engine.scope.now, engine.scope.zone)
    for entry in engine.entries():
        if entry.bind is not None and (entry.bind.preload, entry.bind.preload_params) == ("timestamp", "end"):
            engine.put(entry, now)
