"""The questions a return is about: those tied to a core field that was marked.

marked(engine, [Highlight("household.address", "", "门牌号不对")])     # {entry: "门牌号不对"}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.ids import Kind
from app.questionnaire.building import below
from app.questionnaire.corefields import KNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.questionnaire.engine import Engine
    from app.questionnaire.state import Entry

_MEMBER_ID = f"{Kind.MEMBER}.id"


@dataclass(frozen=True, slots=True)
class Highlight:
    """A core field that was marked, with what was said of it.

    ``field`` is as in ``corefields``; "member.*" means every field of the kind. ``owner`` is a member's id,
    "" for whosever it is.
    """

    field: str
    owner: str
    note: str

    def names(self, core: str, owner: str) -> bool:
        """Tell whether a question tied to ``core`` in the row of ``owner`` is one of what is marked."""
        whole = self.field.endswith(".*") and core.startswith(self.field.removesuffix("*"))
        return (whole or self.field == core) and self.owner in {"", owner}


def marked(engine: Engine, highlights: Sequence[Highlight]) -> dict[Entry, str]:
    """Return the questions that are marked with what is said of each; what is only shown is left out."""
    found: dict[Entry, str] = {}
    for entry in engine.entries() if highlights else ():
        if not entry.core or entry.core.startswith(KNOWN) or entry.core == _MEMBER_ID:
            continue
        owner = _owner(entry)
        notes = [one.note for one in highlights if one.names(entry.core, owner)]
        if notes:
            found[entry] = "；".join(dict.fromkeys(note for note in notes if note))
    return found


def _owner(entry: Entry) -> str:
    """Return the id of the member in whose row a question stands, "" outside of such a row."""
    here: Entry | None = entry
    while here is not None:
        if here.row_of is not None:
            ids = [one.stored for one in below(here) if one.core == _MEMBER_ID]
            if ids:
                return ids[0]
        here = here.parent
    return ""
