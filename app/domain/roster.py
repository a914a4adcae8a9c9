"""A roster read from a file: households with their members before anything is written.

Values are keyed by field code as in the field tables; ``member`` and ``household`` are not among them,
because ids do not exist yet. Rows are counted from 1 as the spreadsheet shows them; 0 means no file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.fault import Severity
from app.domain.ids import Value

if TYPE_CHECKING:
    from app.domain.fault import Fault

Values = Mapping[str, Value]
_NOTHING: Values = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RosterMember:
    """One person and the row the values were read from."""

    values: Values
    row: int = 0


@dataclass(frozen=True, slots=True)
class RosterItem:
    """An income or expense item; ``member`` is the place of its member in the household, None for all."""

    values: Values
    member: int | None = None


@dataclass(frozen=True, slots=True)
class RosterHousehold:
    """One household with its members, the head first where one is named."""

    values: Values
    members: tuple[RosterMember, ...]
    incomes: tuple[RosterItem, ...] = ()
    expenses: tuple[RosterItem, ...] = ()
    conditions: Values = field(default_factory=lambda: _NOTHING)
    row: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding with its place; ``column`` is the letter, ``title`` the heading as the file has it.

    ``code`` and ``params`` fill a sentence of the window's tables. ``row`` 0 means the whole sheet.
    """

    sheet: str
    row: int
    column: str
    title: str
    code: str
    severity: Severity = Severity.ERROR
    params: tuple[tuple[str, str | int], ...] = ()

    @classmethod
    def of(cls, fault: Fault, place: tuple[str, int, str, str]) -> Problem:
        """Return the finding at a place: sheet, row, column letter, column title."""
        return cls(*place, fault.code, fault.severity, fault.params)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where the columns of a sheet lead.

    ``header_row`` is counted from 1; ``columns`` maps a column index (from 0) to a target such as
    "member.name"; ``ignored`` are the titles of columns that lead nowhere.
    """

    sheet: str
    header_row: int
    columns: Mapping[int, str]
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """The first rows of a sheet as text, for pointing at the row of the headings."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """What the person sees before the headings are settled; ``guess`` is None when none were found."""

    file: str
    sheets: tuple[SheetPreview, ...]
    guess: Mapped | None


@dataclass(frozen=True, slots=True)
class RosterDraft:
    """What a file would bring: to be shown, and imported only when ``is_clean``."""

    file: str
    mapping: Mapped
    households: tuple[RosterHousehold, ...] = ()
    problems: tuple[Problem, ...] = ()
    rows: int = 0

    @property
    def persons(self) -> int:
        """Number of people in the file."""
        return sum(len(household.members) for household in self.households)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The findings that stop the import."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing stops the import."""
        return bool(self.households) and not self.errors
