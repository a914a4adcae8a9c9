"""What a parsed document (JSON, TOML) may hold: containers of which only the outside is known yet.

    if not is_object(doc) or doc.get("fmt") != 1: raise BadInput(...)

``isinstance(doc, dict)`` would leave a type checker with a dictionary of it knows not what.
"""

from __future__ import annotations

from typing import TypeGuard


def is_object(value: object) -> TypeGuard[dict[str, object]]:
    """Tell whether a value of a parsed document is a table: its keys are texts, its values anything."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    """Tell whether a value of a parsed document is a list, of anything."""
    return isinstance(value, list)
