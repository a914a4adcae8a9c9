"""The window as a screen reader finds it: widgets by role and name over AT-SPI, no coordinates.

Needs the system's own Python with its bindings (Debian: ``python3-gi``, ``gir1.2-atspi-2.0``) and a session
bus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 -- the version is chosen just above
from screen import until  # noqa: E402 -- as above

if TYPE_CHECKING:
    from collections.abc import Iterator

BUTTON = "push button"
TEXT = "text"
RADIO = "radio button"


class Eyes:
    """Looks at the whole desktop; every search waits until it finds."""

    def find(self, role: str, name: str, patience: float = 30) -> Any:  # noqa: ANN401 -- a binding without types
        """Return the visible widget of a role whose name begins so."""
        return until(
            lambda: self._look(role, name), patience, lambda: f"{role} {name!r}; there are {self._names()}"
        )

    def press(self, name: str, patience: float = 30, role: str = BUTTON) -> None:
        """Press a button by its name."""
        Atspi.Action.do_action(self.find(role, name, patience), 0)

    def focus(self, name: str) -> None:
        """Put the cursor into a field."""
        field = self.find(TEXT, name)
        Atspi.Component.grab_focus(field)
        focused = Atspi.StateType.FOCUSED
        until(lambda: field.get_state_set().contains(focused), 10, f"the cursor in {name!r}")

    def text(self, name: str) -> str:
        """Return what stands in a field."""
        return str(Atspi.Text.get_text(self.find(TEXT, name), 0, -1))

    def _look(self, role: str, name: str) -> object:
        for one in self._all():
            try:
                if one.get_role_name() == role and one.get_name().startswith(name) and _shows(one):
                    return one
            except GLib.Error:
                continue  # gone while we looked
        return None

    def _names(self) -> list[str]:
        return [one.get_name() for one in self._all() if one.get_name() and _shows(one)][:40]

    def _all(self) -> Iterator[Any]:
        waiting = [Atspi.get_desktop(0)]
        while waiting:
            one = waiting.pop()
            try:
                children = [one.get_child_at_index(at) for at in range(one.get_child_count())]
            except GLib.Error:
                continue
            inside = [child for child in children if child is not None]
            yield from inside
            waiting += inside


def _shows(one: Any) -> bool:  # noqa: ANN401 -- a binding without types
    return bool(one.get_state_set().contains(Atspi.StateType.SHOWING))
