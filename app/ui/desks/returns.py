"""What the pages around returned cases and changed approvals are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.changes import Changes
    from app.domain.errors import AppError
    from app.queries.approved import Approval, ChangedLine
    from app.queries.mark_choices import MarkChoice
    from app.queries.returned import ResentLine, ReturnedLine
    from app.queries.since import Delta


@dataclass(frozen=True, slots=True)
class SentAgain:
    """What sending up again did: steps closed, the one the case waits at, and what that still lacks."""

    changes: Changes
    steps: tuple[str, ...]
    waits_at: str
    stopped: AppError | None


@dataclass(frozen=True, slots=True)
class ReturnsDesk:
    """Returned cases of the desk's area, and approvals whose content changed.

    ``one(case)`` is the latest return of a case, None without one; ``deltas(case)`` what changed since.
    ``send_again(case, answer)``. ``marks(case)`` is what can be marked, of many cases at once with "".
    ``approval(case)`` is None for a case nobody approved; ``reconfirm(case, reason)``. ``level`` is the
    desk's own.
    """

    returned: Callable[[], tuple[ReturnedLine, ...]]
    resent: Callable[[], tuple[ResentLine, ...]]
    one: Callable[[str], ReturnedLine | None]
    deltas: Callable[[str], tuple[Delta, ...]]
    send_again: Callable[[str, str], SentAgain]
    marks: Callable[[str], tuple[MarkChoice, ...]]
    changed: Callable[[], tuple[ChangedLine, ...]]
    approval: Callable[[str], Approval | None]
    reconfirm: Callable[[str, str], Changes]
    level: str
