"""What the window is given: callables for reads and writes, grouped by the page that uses them.

The composition root fills these; tests fill them with values in memory. A page takes only its own
group, so that it can be read, built and tested alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from app.domain.changes import Changes
    from app.domain.ids import Level, Value
    from app.queries.board import Board, RoundName, ScopeName
    from app.queries.case_card import CaseCard, MaskedField
    from app.queries.household_list import ChipCount, HouseholdLine, ListQuery
    from app.queries.persons import PersonLine
    from app.ui.desks.forgot import ForgotDesk
    from app.ui.desks.program import ProgramDesk
    from app.ui.desks.restore import RestoreDesk
    from app.ui.runner import Cancelled, Report

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Looks:
    """How the window looks at this computer; kept outside the workspace."""

    large: bool = False
    contrast: bool = False


@dataclass(frozen=True, slots=True)
class NewWorkspace:
    """The answers of the first-run wizard.

    ``code`` has 12 digits; ``names`` are the county's, the township's and the village's, as
    many as the level has. ``line_fen`` (per person and year) is ``None`` for "set it later".
    """

    level: Level
    code: str
    names: tuple[str, ...]
    person: str
    position: str
    passphrase: str
    line_fen: int | None = None
    line_doc: str = ""


@dataclass(frozen=True, slots=True)
class Starter:
    """What a starter file of the township fills in beforehand."""

    level: Level
    code: str
    names: tuple[str, ...]
    line_fen: int | None = None
    line_doc: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """What the window may do before a workspace is open.

    ``exists`` tells whether there is one to unlock; ``where`` is its folder in words.
    ``check_code`` raises an ``AppError`` for a code that cannot be one of that level.
    ``unlock`` and ``create`` raise ``Refused`` and ``Unavailable`` with their codes. ``unlock_kept`` takes
    the copy from before a newer program changed the workspace, then unlocks. ``restore`` is for backups.
    Without ``forgot`` nothing is offered to who forgot the passphrase.
    """

    exists: bool
    where: str
    unlock: Callable[[str], Desk]
    create: Callable[[NewWorkspace, Report, Cancelled], Desk]
    open_demo: Callable[[Report, Cancelled], Desk]
    check_code: Callable[[Level, str], None]
    read_starter: Callable[[Path], Starter]
    looks: Callable[[], Looks]
    save_looks: Callable[[Looks], None]
    unlock_kept: Callable[[str], Desk]
    program: ProgramDesk
    restore: RestoreDesk
    forgot: ForgotDesk | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where this workspace stands: its level, scope code and the names in words."""

    level: Level
    scope: str
    name: str


@dataclass(frozen=True, slots=True)
class HomeDesk:
    """Reads of the step board, the list and the card, and actions that only need a reason.

    ``board(scope, round, workflow)``: an empty round means the one now open. ``lines`` gets at
    most 128 local numbers. ``card(household, case)`` has an empty case for a household without
    one. ``reveal`` gives a sensitive value in the clear. ``act(case, action, data)`` takes an action
    with its "reason", "reason_code" and "to".
    """

    rounds: Callable[[], Sequence[RoundName]]
    scopes: Callable[[], Sequence[ScopeName]]
    board: Callable[[str, str, str], Board]
    ids: Callable[[ListQuery], Sequence[int]]
    lines: Callable[[Sequence[int]], Sequence[HouseholdLine]]
    chips: Callable[[ListQuery], tuple[ChipCount, ...]]
    card: Callable[[str, str], CaseCard]
    reveal: Callable[[MaskedField], str]
    act: Callable[[str, str, Mapping[str, Value]], Changes]
    first_ids: Callable[[ListQuery], Sequence[int]] | None = None
    warm_search: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class BackupState:
    """The last backup outside this computer; ``days`` since then, ``None`` when there is none.

    Below 0 it was made on a clock set ahead, and nobody can tell when.
    ``root_open`` tells that the keys of this office's root are not in safety yet.
    """

    days: int | None
    on: str = ""
    path: str = ""
    root_open: bool = False


@dataclass(frozen=True, slots=True)
class LineNow:
    """The line of the open round; ``round_name`` is empty while no round is open."""

    round_name: str
    fen: int | None
    doc: str
    demo: bool = False


@dataclass(frozen=True, slots=True)
class SettingsDesk:
    """Persons, backup and the line in force."""

    persons: Callable[[], Sequence[PersonLine]]
    backup_state: Callable[[], BackupState]
    back_up: Callable[[Path, Report, Cancelled], Path]
    line: Callable[[], LineNow]
    set_line: Callable[[int, str], Changes]
    program: ProgramDesk
    version: str


@dataclass(frozen=True, slots=True)
class Desk:
    """An open workspace as the window sees it.

    ``person`` is ``None`` while several people share the computer and nobody was chosen yet;
    ``use_person`` gives the desk of one of ``people``. ``now`` is the injected clock. While a township
    writes for a village (代录) ``proxy_for`` is the village's name; ``write_for`` gives the desk for one
    (12-digit code), ``leave_proxy`` the own desk again.
    """

    place: Place
    person: PersonLine | None
    people: tuple[PersonLine, ...]
    use_person: Callable[[str], Desk]
    now: Callable[[], datetime]
    home: HomeDesk
    settings: SettingsDesk
    groups: Mapping[type[object], object] = field(default_factory=dict[type[object], object])
    proxy_for: str = ""
    demo: bool = False
    write_for: Callable[[str], Desk] | None = None
    leave_proxy: Callable[[], Desk] | None = None

    def group(self, kind: type[T]) -> T:
        """Return the callables of one page, by the class that describes them.

        Raises:
            KeyError: when the composition root did not fill this group; that is a bug.
        """
        found = self.groups[kind]
        if not isinstance(found, kind):
            raise KeyError(kind)
        return found


@dataclass(frozen=True, slots=True)
class LockDesk:
    """The lock of the window.

    ``arrive()`` notes who sat down; ``lock()`` closes the database, ``enter(passphrase, switching)`` opens it
    again if it is closed and returns the desk of the passphrase's owner; when nobody ``switching``, who works
    under another's passphrase stays at the desk. ``minutes()`` without input lock the window.
    """

    arrive: Callable[[], None]
    lock: Callable[[], None]
    enter: Callable[[str, bool], Desk]
    minutes: Callable[[], int]
    set_minutes: Callable[[int], None]


class Workflow(StrEnum):
    """The workflows of a pack that have a board of their own in the rail."""

    IDENTIFY = "identify"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class StepSubject:
    """What the page of a step is opened for; ``action`` empty means only to look."""

    household: str
    case: str
    step: str
    action: str = ""
