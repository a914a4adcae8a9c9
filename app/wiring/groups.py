"""The callables of every page beside the home and settings pages, by the class that describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.wiring.room import Room


def groups(room: Room) -> Mapping[type[object], object]:
    """Return the groups of an open room; one line a page."""
    del room
    found: tuple[object, ...] = ()
    return {type(group): group for group in found}
