"""What the page of lawful deletion is given; a county's only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.deletion import Reach, Request
    from app.domain.document import Paper
    from app.queries.deletion_plan import DeletionPlan
    from app.queries.deletions import Deletion
    from app.usecases.deletions import Deleted


@dataclass(frozen=True, slots=True)
class HomePeople:
    """A household and who was ever registered in it: (entity id, name), the head first."""

    title: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DeletionOrder:
    """What was decided: whom it is about, on whose request, what else is cleared of the names.

    ``passphrase`` and ``reason`` are the second person's, "" when nobody has to stand for it; ``confirmed``
    is the request's number, typed again.
    """

    reach: Reach
    root: str
    request: Request
    confirmed: str
    ticked: frozenset[str] = frozenset()
    passphrase: str = field(default="", repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeletionDesk:
    """Looking, deleting, and what was deleted before.

    ``preview(reach, root, years)`` changes nothing; ``slip(request)`` makes a paper to look at.
    """

    people: Callable[[str], HomePeople]
    preview: Callable[[Reach, str, int], DeletionPlan]
    delete: Callable[[DeletionOrder], Deleted]
    listing: Callable[[], Sequence[Deletion]]
    slip: Callable[[str], Paper]
    today: Callable[[], str]
