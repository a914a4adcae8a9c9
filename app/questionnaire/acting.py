"""Where the actions of a form work: the places an event concerns, and the target among many nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaire.definition import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.questionnaire.definition import SetValue
    from app.questionnaire.state import Entry
    from app.questionnaire.xpath.values import Value


def owners_of(
    places: Mapping[str, Sequence[Entry]], root: Entry, action: SetValue, event: Event, source: Entry | None
) -> list[Entry]:
    """The entries an action of an event works at; ``source`` None is the whole form being opened."""
    if source is None:
        return list(places.get(action.owner, [root])) if action.owner else [root]
    inside = event == Event.NEW_REPEAT and action.owner.startswith(f"{source.path}/")
    return [source] if inside or source.path == action.owner else []


def first_of(value: Value, entries: Iterable[Entry]) -> Entry | None:
    """The entry of the first node of a node-set that is one of ``entries``."""
    listed = {entry.node: entry for entry in entries}
    nodes = value if isinstance(value, list) else []
    return next((listed[node] for node in nodes if node in listed), None)
