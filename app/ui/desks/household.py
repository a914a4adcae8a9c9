"""What the pages of one household are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from app.domain.changes import Changes
    from app.domain.codes import CodeLists
    from app.domain.ids import Kind, Value
    from app.queries.duplicates import KnownPerson
    from app.queries.history import HistoryRow
    from app.queries.household import HouseholdSheet
    from app.queries.returned import ReturnedLine

    Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """New values of some fields of one entity; ``uid`` empty means a new one of this kind."""

    kind: Kind
    uid: str
    fields: Values


@dataclass(frozen=True, slots=True)
class Outlook:
    """What saving would do to one case; ``step`` and ``redo`` are names of steps, "" and () for nothing."""

    step: str
    redo: tuple[str, ...]
    reprint: bool


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as the page of its household lists it; ``step`` and ``status`` in words, ``round`` a name."""

    case: str
    workflow: str
    round: str
    step: str
    status: str
    ended: bool
    due_on: str = ""
    overdue_days: int | None = None


@dataclass(frozen=True, slots=True)
class HouseholdFile:
    """The sheet of a household with what the window adds: its cases in words and the line of the round.

    ``returned`` is the return one of its cases stands on, None without one.
    """

    sheet: HouseholdSheet
    cases: tuple[CaseState, ...]
    line_fen: int | None = None
    line_demo: bool = False
    returned: ReturnedLine | None = None


@dataclass(frozen=True, slots=True)
class FixSubject:
    """What the page of a household is opened for when something was marked: ``field`` "" for the part."""

    household: str
    kind: str
    entity: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class HouseholdDesk:
    """Reads and writes of one household.

    ``reveal(kind, entity, field)`` gives a sensitive value and notes it in the audit. ``preview`` and
    ``save`` take the household's id and its edits; ``save`` also the reason of a correction, "" for none.
    ``known(number, household)`` tells who else has an identity number. ``open_case(household, workflow)``.
    ``today`` and ``lists`` are what values are checked against.
    """

    file: Callable[[str], HouseholdFile]
    reveal: Callable[[str, str, str], str]
    lists: Callable[[], CodeLists]
    today: Callable[[], date]
    preview: Callable[[str, Sequence[FieldEdit]], tuple[Outlook, ...]]
    save: Callable[[str, Sequence[FieldEdit], str], Changes]
    add: Callable[[Values, Sequence[Values]], Changes]
    known: Callable[[str, str], tuple[KnownPerson, ...]]
    open_case: Callable[[str, str], Changes]
    history: Callable[[str], tuple[HistoryRow, ...]]
