"""The household list: an array of ids and a few pages of lines around what is seen."""

from __future__ import annotations

from collections import OrderedDict
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.domain.ids import Kind
from app.queries.household_list import HouseholdLine, ListQuery
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.changes import Changes
    from app.ui.runner import Runner

PAGE = 128  # lines read at once; one page reads in some milliseconds
PAGES_KEPT = 64
_VILLAGE_DIGITS = 12

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_SHOWN_KINDS = (Kind.HOUSEHOLD, Kind.MEMBER, Kind.CASE, Kind.INCOME, Kind.EXPENSE, Kind.CONDITIONS, Kind.HIT)


class Column(IntEnum):
    """The columns in their order on the screen."""

    CODE = 0
    HEAD = 1
    SIZE = 2
    GROUP = 3
    VILLAGE = 4
    INCOME = 5
    TAGS = 6
    STEP = 7
    FORM = 8
    DUE = 9
    PERSON = 10


class Role(IntEnum):
    """Extra data a view may ask for."""

    LINE = Qt.ItemDataRole.UserRole
    NUMBER = Qt.ItemDataRole.UserRole + 1


class HouseholdListModel(QAbstractTableModel):
    """Lines by local number: ids come from ``fetch_ids`` through the Runner, lines page by page.

    ``fetch_page`` is called on the main thread for at most 128 numbers that are about to be
    painted. ``fetch_first`` gives the first 128 ids of a long list sooner. ``arrived(total)``
    tells that a new array of ids is shown.
    """

    arrived = Signal(int)

    def __init__(
        self,
        fetch_ids: Callable[[ListQuery], Sequence[int]],
        fetch_page: Callable[[Sequence[int]], Sequence[HouseholdLine]],
        runner: Runner,
        parent: QObject | None = None,
        fetch_first: Callable[[ListQuery], Sequence[int]] | None = None,
    ) -> None:
        super().__init__(parent)
        self._fetch_ids = fetch_ids
        self._fetch_first = fetch_first
        self._fetch_page = fetch_page
        self._runner = runner
        self._query = ListQuery()
        self._ids: Sequence[int] = ()
        self._pages: OrderedDict[int, dict[int, HouseholdLine]] = OrderedDict()

    @property
    def query(self) -> ListQuery:
        """Return what the list shows or is about to show."""
        return self._query

    def set_query(self, query: ListQuery) -> None:
        """Ask for other lines; the newest question wins."""
        self._query = query
        if self._fetch_first is not None and not self._ids:
            # An empty list shows its first page at once; a hundred thousand ids take longer.
            first = partial(self._fetch_first, query)
            self._runner.read(first, self._on_first, lane=(id(self), "ids"))
        else:
            self._ask_all()

    def _ask_all(self) -> None:
        self._runner.read(partial(self._fetch_ids, self._query), self._on_ids, lane=(id(self), "ids"))

    def _on_first(self, ids: Sequence[int]) -> None:
        self._on_ids(ids)
        if len(ids) >= PAGE:
            self._ask_all()

    def on_changed(self, changes: Changes) -> None:
        """Take the ``changed`` signal of the Runner: ask the same question again."""
        if changes.has(*_SHOWN_KINDS):
            self.set_query(self._query)

    def line(self, row: int) -> HouseholdLine | None:
        """Return the line of a row; ``None`` when it vanished since the ids were read."""
        if not 0 <= row < len(self._ids):
            return None
        return self._page(row // PAGE).get(self._ids[row])

    def number(self, row: int) -> int | None:
        """Return the local number of a row without reading its line."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_of(self, number: int) -> int:
        """Return the row of a local number, -1 when it is not in the list."""
        try:
            return self._ids.index(number)
        except ValueError:
            return -1

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Override: the number of ids."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Override: the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Override: the column names."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return t(f"list.column_{Column(section).name.lower()}")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Override: the text of a cell, the whole line, or what is spoken."""
        if role == Role.NUMBER:
            return self.number(index.row())
        wanted = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Role.LINE)
        if not index.isValid() or role not in wanted:
            return None
        line = self.line(index.row())
        if line is None or role == Role.LINE:
            return line
        return cell_text(line, Column(index.column()))

    def _on_ids(self, ids: Sequence[int]) -> None:
        self.beginResetModel()
        self._ids = ids
        self._pages.clear()
        self.endResetModel()
        self.arrived.emit(len(ids))

    def _page(self, number: int) -> dict[int, HouseholdLine]:
        page = self._pages.get(number)
        if page is None:
            wanted = self._ids[number * PAGE : (number + 1) * PAGE]
            page = {line.number: line for line in self._fetch_page(wanted)}
            self._pages[number] = page
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page


def cell_text(line: HouseholdLine, column: Column) -> str:
    """Return the words of one cell; the delegate adds colour, tags and bars."""
    return _TEXTS[column](line)


def _form_text(line: HouseholdLine) -> str:
    return t(f"list.form_{line.form}")


def short_code(code: str) -> str:
    """Return a household code without the 12 digits of its village, which all of a list share."""
    return code[_VILLAGE_DIGITS:] if len(code) > _VILLAGE_DIGITS and code.isdigit() else code


def due_text(overdue_days: int | None) -> str:
    """Return how a limit is said: days late, today, days left."""
    if overdue_days is None:
        return ""
    if overdue_days > 0:
        return t("list.overdue", days=overdue_days)
    return t("list.days_left", days=-overdue_days) if overdue_days else t("list.due_today")


def yuan(fen: int | None) -> str:
    """Return whole yuan, rounded half up, for display; what cannot be told is a dash."""
    if fen is None:
        return t("list.unknown")
    return t("list.yuan", amount=f"{(fen + 50) // 100:,}")


_TEXTS: dict[Column, Callable[[HouseholdLine], str]] = {
    Column.CODE: lambda line: short_code(line.code),
    Column.HEAD: lambda line: line.head,
    Column.SIZE: lambda line: t("list.persons", number=line.size),
    Column.GROUP: lambda line: line.group,
    Column.VILLAGE: lambda line: line.village,
    Column.INCOME: lambda line: yuan(line.income_fen),
    Column.TAGS: lambda line: " ".join(tag.text for tag in line.tags),
    Column.STEP: lambda line: line.step_name,
    Column.FORM: _form_text,
    Column.DUE: lambda line: due_text(line.overdue_days),
    Column.PERSON: lambda line: line.person,
}
