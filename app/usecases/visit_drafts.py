"""How an unfinished questionnaire is kept: its answers, and under which version and from what it was begun.

The second part stands in a processing instruction before the answers, so that the text is an answer file like
any other: a program that does not know of it opens the draft all the same, and drafts without it open too.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from app.questionnaire.xpath.node import parse_xml
from app.usecases.core_records import Base
from app.usecases.forms import current_form, form_of, model_of, versions_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.ids import Value
    from app.domain.submission import Cell
    from app.files.form_in import FormFile
    from app.usecases.office import Office

_HEAD = re.compile(r"<\?babutong (.*?)\?>", re.DOTALL)
Rows = list[list["Value"]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A kept questionnaire; ``form_hash`` is "" in drafts of older programs, which kept no ``base`` either.

    ``replaces`` is the submission being changed, ``upgraded`` tells that it is brought to a newer version.
    """

    xml: str
    at: str = ""
    form_hash: str = ""
    replaces: str = ""
    upgraded: bool = False
    base: Base | None = None


def subject(form_id: str, case: str) -> str:
    """Return the name a draft is kept under."""
    return f"{form_id}:{case}"


def read_draft(office: Office, name: str) -> Draft | None:
    """Return the draft kept under a name, None when there is none."""
    found = office.drafts.load(name)
    if found is None:
        return None
    text, at = found
    head = _HEAD.match(text)
    if head is None:
        return Draft(text, at)
    told = cast("dict[str, str | bool | Rows]", json.loads(head[1]))
    base = Base(_cells(cast("Rows", told["known"])), _cells(cast("Rows", told["shown"])))
    return Draft(
        text[head.end() :], at, str(told["form"]), str(told["replaces"]), bool(told["upgraded"]), base
    )


def write_draft(office: Office, name: str, draft: Draft) -> None:
    """Keep a draft, replacing what was there."""
    base = draft.base or Base()
    told = {
        "form": draft.form_hash,
        "replaces": draft.replaces,
        "upgraded": draft.upgraded,
        "known": _rows(base.known),
        "shown": _rows(base.shown),
    }
    # ASCII, and no ">" inside: nothing in it can end the instruction.
    head = json.dumps(told, separators=(",", ":")).replace(">", "\\u003e")
    office.drafts.save(name, f"<?babutong {head}?>{draft.xml}", office.workspace.clock.now())


def form_of_draft(office: Office, form_id: str, draft: Draft) -> FormFile:
    """Return the version a draft was begun under; of an older program's draft the newest one it fits.

    Raises:
        Refused: ``questionnaire.unknown_form``, ``questionnaire.unknown_version``.
    """
    if draft.form_hash:
        return form_of(office, form_id, draft.form_hash)
    version = parse_xml(draft.xml).get("version") or ""
    fitting = [one for one in versions_of(office, form_id) if model_of(one).version == version]
    return fitting[-1] if fitting else current_form(office, form_id)


def _rows(cells: Mapping[Cell, Value]) -> Rows:
    return [[name, owner, value] for (name, owner), value in cells.items()]


def _cells(rows: Rows) -> dict[Cell, Value]:
    return {(str(name), str(owner)): value for name, owner, value in rows}
