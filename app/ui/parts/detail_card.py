"""The card of one household: who it is, four facts, one primary action, the timeline, the verdict."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from app.domain.evidence import CONFLICTS
from app.queries.case_card import CaseAction, MaskedField, VerdictResult
from app.ui import theme
from app.ui.binding import clear, later, set_font
from app.ui.icons import pixmap
from app.ui.models.household_list import short_code, yuan
from app.ui.parts.buttons import button, icon_button
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.page_frame import scrolled
from app.ui.parts.timeline import Timeline
from app.ui.parts.words import ShortLabel, words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.queries.case_card import CaseCard, Said, VerdictRow

_SIGNS = {
    VerdictResult.MET: ("check", "green"),
    VerdictResult.UNMET: ("close", "red"),
    VerdictResult.UNCHECKED: ("minus", "muted"),
}


_STORY = 76  # two steps of the timeline stay in view


class Avatar(QWidget):
    """A tile with the first character of a name."""

    def __init__(self, size: float = 46, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter = ""
        self._size = size
        self.setFixedSize(QSize(theme.px(size), theme.px(size)))

    def show_name(self, name: str) -> None:
        """Show another name's first character."""
        self._letter = name[:1]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Override: draw the tile."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.tokens().primary))
        painter.drawRoundedRect(QRectF(self.rect()), theme.px(10), theme.px(10))
        painter.setPen(QColor(theme.tokens().on_primary))
        set_font(painter, theme.font(self._size * 0.46, bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)


class DetailCard(QFrame):
    """Shows a ``CaseCard``; the page connects what was asked.

    ``action_asked(CaseAction)``, ``reveal_asked(MaskedField)``, ``conflicts_asked(household)``,
    ``household_asked(household)``, ``history_asked(household)`` and ``step_asked(code)``.
    """

    action_asked = Signal(object)
    reveal_asked = Signal(object)
    page_asked = Signal(str, str)
    conflicts_asked = Signal(str)
    household_asked = Signal(str)
    history_asked = Signal(str)
    step_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._card: CaseCard | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._empty = EmptyState("users")
        self._empty.say(t("detail.nobody"), "")
        self._full = QWidget()
        column.addWidget(self._empty)
        # On a low screen in large type the card scrolls as a whole rather than squeeze its lines.
        self._holder = scrolled(self._full)
        column.addWidget(self._holder)
        inner = QVBoxLayout(self._full)
        inner.setContentsMargins(theme.px(18), theme.px(16), theme.px(12), theme.px(12))
        inner.setSpacing(theme.px(10))
        inner.addLayout(self._head())
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(theme.px(12))
        self._facts.setVerticalSpacing(theme.px(7))
        inner.addLayout(self._facts)
        inner.addLayout(self._asking())
        inner.addLayout(self._progress_head())
        inner.addWidget(self._story(), 1)
        self.show_nobody()

    def _asking(self) -> QVBoxLayout:
        """Lay out what is asked of the person: conflicts, the one action, what is missing."""
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, theme.px(6), 0)
        column.setSpacing(theme.px(10))
        self._conflict = button("", "danger", "merge")
        self._conflict.clicked.connect(self._on_conflicts)
        self._primary = button("", "primary", "arrow_right", large=True)
        self._primary.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._primary.clicked.connect(self._on_primary)
        self._missing = words("", "warning", wrap=True)
        for part in (self._conflict, self._primary, self._missing):
            column.addWidget(part)
        return column

    def show_nobody(self) -> None:
        """Show that no household is chosen."""
        self._card = None
        self._holder.hide()
        self._empty.show()

    def show_card(self, card: CaseCard) -> None:
        """Show one household."""
        self._card = card
        self._avatar.show_name(card.head)
        self._name.setText(card.head)
        self._sub.setText(_subtitle(card))
        self._show_facts(card)
        self._conflict.setText(t("detail.conflicts", number=len(card.conflicts)))
        self._conflict.setVisible(bool(card.conflicts))
        self._show_action(card)
        self._done.setText(t("detail.done", done=card.done_count, of=len(card.steps)))
        self._timeline.show_steps(card.steps)
        # After the layout, which comes with the next turn of the event loop.
        later(self, self._show_current)
        self._show_verdict(card.verdict)
        self._empty.hide()
        self._holder.show()

    def show_revealed(self, field: MaskedField, text: str) -> None:
        """Show a sensitive value in the clear until another card is shown."""
        label = self._masked.get((field.entity, field.field))
        if label is not None:
            label.setText(text)

    def primary_text(self) -> str:
        """Return the words of the primary button, empty while there is none."""
        if self._card is None or self._primary.isHidden():
            return ""
        return self._primary.text()

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(12))
        self._avatar = Avatar()
        names = QVBoxLayout()
        names.setSpacing(0)
        self._name = ShortLabel("", "title")
        self._sub = ShortLabel("", "muted")
        names.addWidget(self._name)
        names.addWidget(self._sub)
        self._more = icon_button("dots", t("detail.more"))
        self._menu = QMenu(self._more)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._more.setMenu(self._menu)
        row.addWidget(self._avatar)
        row.addLayout(names, 1)
        row.addWidget(self._more)
        return row

    def _progress_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, theme.px(6), 0)
        row.addWidget(words(t("detail.progress"), "section"))
        row.addStretch(1)
        self._done = words("", "muted")
        row.addWidget(self._done)
        return row

    def _story(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.px(4), 0)
        column.setSpacing(theme.px(8))
        self._timeline = Timeline()
        self._timeline.step_chosen.connect(self.step_asked)
        column.addWidget(self._timeline)
        self._verdict_head = words(t("detail.verdict"), "section")
        column.addWidget(self._verdict_head)
        self._verdict = QGridLayout()
        self._verdict.setHorizontalSpacing(theme.px(8))
        self._verdict.setColumnStretch(2, 1)
        column.addLayout(self._verdict)
        column.addStretch(1)
        self._scroll = scrolled(inner)
        self._scroll.setMinimumHeight(theme.px(_STORY))
        return self._scroll

    def _show_facts(self, card: CaseCard) -> None:
        clear(self._facts)
        self._masked: dict[tuple[str, str], QLabel] = {}
        income = yuan(card.income_per_head_fen)
        line = yuan(card.line_fen) if card.line_fen is not None else t("detail.no_line")
        facts: list[tuple[str, str, MaskedField | None]] = [
            (t("detail.income"), income, None),
            (t("detail.line_demo") if card.line_demo else t("detail.line"), line, None),
        ]
        facts += [(t(field.label), field.masked, field) for field in card.masked[:1]]
        facts.append((t("detail.causes"), card.causes or _tagged(card), None))
        for place, (label, text, field) in enumerate(facts):
            row, column = divmod(place, 2)
            self._facts.addWidget(self._fact(label, text, field), row, column, Qt.AlignmentFlag.AlignTop)
            self._facts.setColumnStretch(column, 1)

    def _fact(self, label: str, text: str, field: MaskedField | None) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(1))
        column.addWidget(words(label, "muted"))
        row = QHBoxLayout()
        row.setSpacing(0)
        column.addLayout(row)
        value = ShortLabel(text)
        value.setMinimumHeight(theme.px(24))
        row.addWidget(value, 1)
        row.addSpacing(theme.px(2))
        if field is None:
            row.addStretch(0)
            return box
        self._masked[(field.entity, field.field)] = value
        show = button("", "mini", "eye")
        show.setToolTip(t("detail.reveal", label=label))
        show.setAccessibleName(t("detail.reveal", label=label))
        show.clicked.connect(partial(self.reveal_asked.emit, field))
        row.addWidget(show)
        return box

    def _show_action(self, card: CaseCard) -> None:
        action = card.next_action
        self._primary.setVisible(action is not None)
        if action is not None:
            self._primary.setText(action.label)
        self._missing.setText("\n".join(_remarks(card)))
        self._missing.setVisible(bool(self._missing.text()))

    def _show_current(self) -> None:
        row = self._timeline.current_row()
        if row is not None:
            self._scroll.ensureWidgetVisible(row, 0, theme.px(40))

    def _show_verdict(self, rows: tuple[VerdictRow, ...]) -> None:
        clear(self._verdict)
        self._verdict_head.setVisible(bool(rows))
        k = theme.tokens()
        colours = {"green": k.green, "red": k.red, "muted": k.muted}
        for at, row in enumerate(rows):
            sign, colour = _SIGNS[row.result]
            mark = QLabel()
            mark.setPixmap(pixmap(sign, theme.px(16), colours[colour]))
            result = t(f"detail.verdict_{row.result}")
            mark.setAccessibleName(f"{row.name} {result}")
            because = _because(row) or result
            self._verdict.addWidget(mark, at, 0)
            self._verdict.addWidget(words(row.name, "label"), at, 1)
            self._verdict.addWidget(ShortLabel(because, "muted"), at, 2)

    def _fill_menu(self) -> None:
        self._menu.clear()
        card = self._card
        if card is None:
            return
        look = QAction(t("detail.open_household"), self._menu)
        look.triggered.connect(partial(self.household_asked.emit, card.household))
        self._menu.addAction(look)
        past = QAction(t("detail.history"), self._menu)
        past.triggered.connect(partial(self.history_asked.emit, card.household))
        self._menu.addAction(past)
        for wanted, words_, page in (
            (card.was_returned, "detail.returned", "returned"),
            (card.changed_since, "detail.approval_changes", "approval_changes"),
        ):
            if wanted:
                more = QAction(t(words_), self._menu)
                more.triggered.connect(partial(self.page_asked.emit, page, card.case))
                self._menu.addAction(more)
        for action in card.other_actions:
            entry = QAction(action.label, self._menu)
            entry.triggered.connect(partial(self.action_asked.emit, action))
            self._menu.addAction(entry)

    def _on_primary(self) -> None:
        if self._card is not None and isinstance(self._card.next_action, CaseAction):
            self.action_asked.emit(self._card.next_action)

    def _on_conflicts(self) -> None:
        if self._card is not None:
            self.conflicts_asked.emit(self._card.household)


def _subtitle(card: CaseCard) -> str:
    parts = (
        t("detail.code", code=short_code(card.code)) if card.code else "",
        card.group,
        t("list.persons", number=card.size),
        card.status_label,
    )
    return t("detail.dot").join(part for part in parts if part)


def _tagged(card: CaseCard) -> str:
    return t("detail.and").join(tag.text for tag in card.tags) or t("list.unknown")


def _remarks(card: CaseCard) -> list[str]:
    """Return what must be known before acting: changes, what is missing, whose turn it is, notes."""
    lines = [t(f"detail.gone_{card.elsewhere}")] if card.elsewhere else []
    lines += [t("detail.changed_since")] if card.changed_since else []
    missing = [said for said in card.missing if said.field != CONFLICTS]  # those have their own button
    if missing:
        # The sentences stand alone too and then begin with the same word, which one line says once.
        lead = t("detail.missing", what="")
        lacking = t("detail.and").join(_said(said).removeprefix(lead) for said in missing)
        lines.append(t("detail.missing", what=lacking))
    elif card.waits_for:
        levels = t("detail.and").join(t(f"detail.level_{level}") for level in card.waits_for.split())
        lines.append(t("detail.waits", levels=levels))
    return [*lines, *card.notes]


def _because(row: VerdictRow) -> str:
    """Return what a dimension rests on, or a person's reason for setting it aside."""
    if row.overridden:
        return t("detail.overridden", because=row.because)
    if row.no_line:
        return t("detail.no_line")
    return t("detail.and").join(value for _, value in row.rests_on if value)


def _said(said: Said) -> str:
    return t(said.code, **dict(said.params))
