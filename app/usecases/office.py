"""What a use case needs to work: the open workspace, the policy packs, and who is acting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.calendar import parse_date
from app.domain.errors import Refused
from app.domain.region import is_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.ids import Level, Value
    from app.domain.person import Actor
    from app.storage.drafts import Drafts
    from app.storage.tx import Tx
    from app.storage.workspace import Workspace
    from app.usecases.policy import Policy


@dataclass(frozen=True, slots=True)
class Office:
    """An unlocked workspace with somebody at the desk; made by ``app.usecases.workspaces``."""

    workspace: Workspace
    policy: Policy
    actor: Actor
    drafts: Drafts

    @property
    def level(self) -> Level:
        """The level this desk works at."""
        return self.actor.level

    def acting(self, actor: Actor) -> Office:
        """Return the same desk with another person at it."""
        return replace(self, actor=actor)


def no_report(_done: int, _of: int) -> None:
    """Report progress to nobody."""


def never() -> bool:
    """Say that nobody asked to stop."""
    return False


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on at long work: told (done, of), and asked between two pieces whether to stop."""

    report: Callable[[int, int], None] = no_report
    cancelled: Callable[[], bool] = never


def need_inside(tx: Tx, code: str) -> None:
    """Refuse work on a place outside the desk's own area.

    Raises:
        Refused: ``region.outside`` (param ``place``, 12 digits); ``region.deleted`` for the place of a
            household that was lawfully deleted.
    """
    if not code:
        raise Refused("region.deleted")
    if not is_within(tx.actor.scope, code):
        raise Refused("region.outside", place=code)


def refuse_future(tx: Tx, day: Value | None) -> None:
    """Refuse to record as done what is dated after today; no date and an empty one pass.

    Raises:
        Refused: ``workflow.future_date`` (params ``date``, ``on``).
    """
    found = parse_date(day)
    if found is not None and found > tx.today:
        raise Refused("workflow.future_date", date=found.isoformat(), on=tx.today.isoformat())
