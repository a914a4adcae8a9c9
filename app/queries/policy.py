"""What reads ask of the policy packs; ``app.usecases.policy`` answers.

The window imports this module before its first paint: nothing heavy is imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.codes import CodeList
    from app.domain.ids import Value
    from app.domain.pack import Pack
    from app.domain.workflow import Workflow


class Policy(Protocol):
    """The packs this workspace knows."""

    def pack(self, ref: str) -> Pack:
        """Return a pack by what rounds and cases write down, such as "s8/v1".

        Raises:
            Refused: when this workspace does not have it.
        """
        ...

    def workflow(self, case: Mapping[str, Value]) -> Workflow:
        """Return the workflow of a case by its ``pack`` and ``workflow`` fields.

        Raises:
            Refused: as ``pack``, or ``pack.no_workflow``.
        """
        ...

    def codes(self, name: str) -> CodeList:
        """Return a code list by name; an empty one when no pack has it, so that codes show as they are."""
        ...
