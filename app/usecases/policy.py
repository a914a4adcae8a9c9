"""The policy packs and code lists in force, as the rest of the program asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from app.domain.codes import CodeList
from app.domain.deadline import due_on
from app.domain.errors import Refused
from app.domain.stage import STATE_FIELDS, StageHead, first_step, standing
from app.files.codes_in import read_codes
from app.files.pack_in import load_shipped, shipped_packs

if TYPE_CHECKING:
    from app.domain.calendar import Calendar
    from app.domain.codes import CodeLists
    from app.domain.ids import Value
    from app.domain.pack import Pack
    from app.domain.workflow import Workflow

DEFAULT = "s8/v1"
"""The pack a new workspace begins with."""

Values = Mapping[str, "Value"]

_ANSWERS_KEPT = 10_000
_DUE_FIELDS = ("pack", "workflow", "applied_on", *STATE_FIELDS)


class Policy:
    """Answers what a pack decides; also the ``Judge`` of the projections."""

    def __init__(self, packs: Mapping[str, Pack], codes: CodeLists) -> None:
        self._packs = dict(packs)
        self._codes = codes
        self._dues: dict[tuple[Value, ...], str] = {}
        self._firsts: dict[tuple[Value, ...], str] = {}

    @property
    def packs(self) -> Mapping[str, Pack]:
        """Every pack by reference, such as "s8/v1"."""
        return self._packs

    def pack(self, ref: str) -> Pack:
        """Return a pack by its reference.

        Raises:
            Refused: ``pack.unknown`` (param ``ref``).
        """
        found = self._packs.get(ref)
        if found is None:
            raise Refused("pack.unknown", ref=ref)
        return found

    @property
    def lists(self) -> CodeLists:
        """Every code list by name."""
        return self._codes

    def codes(self, name: str) -> CodeList:
        """Return a code list by name; an empty one when there is none, so that codes show as they are."""
        return self._codes.get(name) or CodeList(name, name, ())

    def workflow(self, case: Values) -> Workflow:
        """Return the workflow a case runs on.

        Raises:
            Refused: ``pack.unknown``, ``pack.no_workflow``.
        """
        return self.pack(str(case.get("pack", ""))).workflow(str(case.get("workflow", "")))

    def calendar(self, case: Values) -> Calendar:
        """Return the holiday table that counts a case's days."""
        return self.pack(str(case.get("pack", ""))).calendar

    def standing(self, case: Values, heads: Sequence[StageHead]) -> StageHead:
        """Return the head that stands while several writes of the stage disagree."""
        try:
            return standing(self.workflow(case), heads)
        except Refused:
            # A pack or step of a newer program: any fixed choice does until it is known here.
            return min(heads, key=lambda head: head.entry)

    def first_step(self, case: Values) -> str:
        """Return the first open step in pack order, "end" for a closed case."""
        # As with what is due: few answers, asked for again and again.
        key = (case.get("pack", ""), case.get("workflow", ""), case.get("stage", ""))
        known = self._firsts.get(key)
        if known is None:
            if len(self._firsts) >= _ANSWERS_KEPT:
                self._firsts.clear()
            known = self._firsts[key] = self._first_step(case)
        return known

    def _first_step(self, case: Values) -> str:
        stage = str(case.get("stage", ""))
        try:
            return first_step(self.workflow(case), stage)
        except Refused:
            return stage.split(" ", maxsplit=1)[0]

    def due_on(self, case: Values) -> str:
        """Return the ISO date the open step is due, "" when it has no limit."""
        # Cases of one round stand at few steps since few days: a merge asks the same again and again.
        key = tuple(case.get(code, "") for code in _DUE_FIELDS)
        known = self._dues.get(key)
        if known is None:
            if len(self._dues) >= _ANSWERS_KEPT:
                self._dues.clear()
            known = self._dues[key] = self._due_on(case)
        return known

    def _due_on(self, case: Values) -> str:
        try:
            due = due_on(self.workflow(case), case, self.calendar(case)).on
        except Refused:
            return ""
        return due.isoformat() if due is not None else ""

    def approval_fields(self, case: Values) -> Sequence[str]:
        """Return the "kind.field" references an approval of this case vouches for."""
        found = self._packs.get(str(case.get("pack", "")))
        return found.parameters.approval_fields if found else ()


@cache
def shipped() -> Policy:
    """Read every pack that ships with the program; once per process."""
    packs = {ref: load_shipped(ref) for ref in shipped_packs()}
    return Policy(packs, read_codes(resources.files("forms") / "packs" / "s8" / "v1" / "codes.toml"))
