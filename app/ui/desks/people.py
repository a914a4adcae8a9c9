"""What the page of people is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.changes import Changes
    from app.domain.document import Paper
    from app.queries.people import Colleague


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to be added; a ``passphrase`` of theirs needs ``own``, that of the one at the desk."""

    name: str
    position: str = ""
    phone: str = ""
    passphrase: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A passphrase as it is typed, and the same in characters."""

    passphrase: str
    reminder: str


@dataclass(frozen=True, slots=True)
class PeopleDesk:
    """The people of this computer.

    ``describe(person, position, phone)`` leaves the telephone number alone when it is None;
    ``enable(person, passphrase, own)`` and ``reset(person, new, own)`` take the passphrase of the one at the
    desk as ``own``; ``change_own(old, new)``. ``same(person)`` unites the one at the desk with a registration
    from an earlier computer, who sits at the desk then. ``sheet(name, suggested)`` is a passphrase to print.
    """

    people: Callable[[], Sequence[Colleague]]
    add: Callable[[Newcomer], Changes]
    describe: Callable[[str, str, str | None], Changes]
    disable: Callable[[str], Changes]
    enable: Callable[[str, str, str], Changes]
    reset: Callable[[str, str, str], None]
    change_own: Callable[[str, str], None]
    same: Callable[[str], Changes]
    suggest: Callable[[], Suggested]
    sheet: Callable[[str, Suggested], Paper]


@dataclass(frozen=True, slots=True)
class Dues:
    """What the one at the desk would hand over; ``steps`` are (name, open cases)."""

    households: int
    steps: tuple[tuple[str, int], ...]
    to_come: int
    drafts: int
    unsent: int
    papers: int


@dataclass(frozen=True, slots=True)
class Successor:
    """Who takes over: ``person`` (an id) or a new one, with their passphrase; ``own`` is of who leaves."""

    person: str
    name: str
    position: str
    phone: str
    passphrase: str
    reassign: bool
    own: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The person who sits at the desk now, and the slip to sign."""

    person: str
    name: str
    slip: Paper
    changes: Changes


@dataclass(frozen=True, slots=True)
class HandoverDesk:
    """Transfer of duty; after ``hand_over`` the desk is taken with ``Desk.use_person`` of the new person."""

    dues: Callable[[], Dues]
    hand_over: Callable[[Successor], HandedOver]
