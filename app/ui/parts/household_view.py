"""The list of households: a table painted by one delegate, columns chosen by the width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.queries.household_list import FormState
from app.queries.tone import Tone
from app.ui import theme
from app.ui.binding import maybe, placed, set_font
from app.ui.icons import pixmap
from app.ui.models.household_list import Column, Role, cell_text
from app.ui.texts import t

if TYPE_CHECKING:
    from app.queries.household_list import HouseholdLine, Tag
    from app.ui.models.household_list import HouseholdListModel

_SOON_DAYS = -3  # limits at most three days away are amber

# Design widths; a column of weight takes a share of what is left over.
_WIDTHS = {
    Column.CODE: 96,
    Column.HEAD: 112,
    Column.SIZE: 64,
    Column.GROUP: 76,
    Column.VILLAGE: 108,
    Column.INCOME: 104,
    Column.TAGS: 150,
    Column.STEP: 92,
    Column.FORM: 132,
    Column.DUE: 118,
    Column.PERSON: 84,
}
_WEIGHTS = {Column.TAGS: 3, Column.HEAD: 1}

# What leaves first when the list is narrow.
_LEAVING = (Column.INCOME, Column.PERSON, Column.GROUP, Column.SIZE, Column.VILLAGE, Column.FORM, Column.TAGS)


@runtime_checkable
class _Findable(Protocol):
    """A model that can tell where a household stands."""

    def row_of(self, number: int) -> int:
        """Return its row, -1 without one."""
        ...


class LineDelegate(QStyledItemDelegate):
    """Paints a cell: tags, the bar of the visit form, the limit with its sign."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Override: draw the ground and one kind of content."""
        line: HouseholdLine | None = index.data(Role.LINE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = placed(option).rect
        column = Column(index.column())
        self._ground(painter, option, box, column)
        inner = box.adjusted(theme.px(13), 0, -theme.px(6), 0)
        if line is None:
            if column is Column.HEAD:
                _say(painter, inner, t("list.gone"), theme.tokens().muted)
        elif column is Column.TAGS:
            _tags(painter, inner, line.tags)
        elif column is Column.FORM:
            _form(painter, inner, line)
        elif column is Column.DUE:
            _due(painter, inner, line)
        else:
            _plain(painter, inner, line, column)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002
        """Override: every row is equally high."""
        return QSize(theme.px(80), theme.px(44))

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, box: QRect, column: Column) -> None:
        k = theme.tokens()
        state = placed(option).state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(k.tint))
            if column is Column.CODE:
                painter.fillRect(QRect(box.x(), box.y(), theme.px(3), box.height()), QColor(k.primary))
        painter.fillRect(QRect(box.x(), box.bottom(), box.width(), 1), QColor(k.line))


class HouseholdView(QTableView):
    """One line per household; ``current_changed(number)`` and ``opened(number)`` by local number."""

    current_changed = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(LineDelegate(self))
        self.setAccessibleName(t("list.name"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # Per item would let the keyboard scroll sideways although every column fits.
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(theme.px(20))
        rows.setDefaultSectionSize(theme.px(44))
        head = self.horizontalHeader()
        head.setFixedHeight(theme.px(38))
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(theme.px(20))
        self._wanted: tuple[Column, ...] = tuple(Column)
        self._kept = -1
        self.doubleClicked.connect(self._on_double_clicked)

    def show_model(self, model: HouseholdListModel) -> None:
        """Show a model; the current line is kept by its number when the model starts over."""
        self.setModel(model)
        model.arrived.connect(self._on_arrived)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self._fit()

    def want(self, columns: tuple[Column, ...]) -> None:
        """Say which columns make sense now; the narrow ones leave when the room is short."""
        self._wanted = columns
        self._fit()

    def current_number(self) -> int | None:
        """Return the local number of the current line."""
        index = self.currentIndex()
        return index.data(Role.NUMBER) if index.isValid() else None

    def move_to_row(self, row: int) -> None:
        """Make a row current and bring it into view."""
        index = self.model().index(row, 0)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Enter opens the line."""
        number = self.current_number()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and number is not None:
            self.opened.emit(number)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: choose the columns anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if maybe(self.model()) is None:
            return
        room = self.viewport().width()
        shown = list(self._wanted)
        for column in _LEAVING:
            if sum(theme.px(_WIDTHS[c]) for c in shown) <= room:
                break
            if column in shown:
                shown.remove(column)
        spare = max(0, room - sum(theme.px(_WIDTHS[c]) for c in shown))
        weight = sum(_WEIGHTS.get(c, 0) for c in shown) or 1
        for column in Column:
            self.setColumnHidden(column, column not in shown)
            share = spare * _WEIGHTS.get(column, 0) // weight
            self.setColumnWidth(column, theme.px(_WIDTHS[column]) + share)
        # At once: Qt would do it on a timer and let the keyboard scroll sideways until then.
        self.updateGeometries()

    def _on_arrived(self, total: int) -> None:
        model = self.model()
        if not total:
            self.current_changed.emit(-1)
            return
        row = max(model.row_of(self._kept), 0) if isinstance(model, _Findable) else 0
        self.move_to_row(row)

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        number = current.data(Role.NUMBER)
        if number is not None:
            self._kept = number
            self.current_changed.emit(number)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        number = index.data(Role.NUMBER)
        if number is not None:
            self.opened.emit(number)


def _say(
    painter: QPainter, box: QRect, text: str, colour: str, *, bold: bool = False, size: float = 15
) -> None:
    font = theme.font(size, bold=bold)
    set_font(painter, font)
    painter.setPen(QColor(colour))
    fitting = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, fitting)


def _plain(painter: QPainter, box: QRect, line: HouseholdLine, column: Column) -> None:
    k = theme.tokens()
    bold = column is Column.HEAD
    colour = k.ink if column in (Column.HEAD, Column.SIZE, Column.INCOME, Column.STEP) else k.ink2
    if bold and line.conflicts:
        size = theme.px(16)
        painter.drawPixmap(box.x(), box.center().y() - size // 2 + 1, pixmap("merge", size, k.red))
        box = box.adjusted(size + theme.px(6), 0, 0, 0)
    _say(painter, box, cell_text(line, column), colour, bold=bold)


def _tags(painter: QPainter, box: QRect, tags: tuple[Tag, ...]) -> None:
    font = theme.font(14)
    metrics = QFontMetrics(font)
    x, pad, height = box.x(), theme.px(7), theme.px(26)
    for tag in tags:
        width = metrics.horizontalAdvance(tag.text) + 2 * pad
        if x + width > box.right():
            _say(painter, QRect(x, box.y(), box.right() - x, box.height()), "…", theme.tokens().muted)
            return
        colour, tint = theme.current().tone(tag.tone)
        tile = QRectF(x, box.center().y() - height // 2 + 1, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tint))
        painter.drawRoundedRect(tile, theme.px(5), theme.px(5))
        painter.setPen(QColor(colour))
        set_font(painter, font)
        painter.drawText(tile, Qt.AlignmentFlag.AlignCenter, tag.text)
        x += width + theme.px(6)


def _form(painter: QPainter, box: QRect, line: HouseholdLine) -> None:
    k = theme.tokens()
    colour = {FormState.NONE: k.muted, FormState.BEGUN: k.ink, FormState.DONE: k.primary}[line.form]
    _say(painter, box, cell_text(line, Column.FORM), colour)


def _due(painter: QPainter, box: QRect, line: HouseholdLine) -> None:
    k = theme.tokens()
    days = line.overdue_days
    if days is None:
        return
    tone = Tone.RED if days > 0 else Tone.AMBER if days >= _SOON_DAYS else Tone.NEUTRAL
    if tone is Tone.NEUTRAL:
        _say(painter, box, cell_text(line, Column.DUE), k.ink2)
        return
    colour, _ = theme.current().tone(tone)
    size = theme.px(16)
    sign = pixmap("alert" if tone is Tone.RED else "clock", size, colour)
    painter.drawPixmap(box.x(), box.center().y() - size // 2 + 2, sign)
    _say(painter, box.adjusted(size + theme.px(6), 0, 0, 0), cell_text(line, Column.DUE), colour, bold=True)
