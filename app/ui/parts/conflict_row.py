"""One field in conflict: what stood there, the values to choose from with the arrows, or another value."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.conflict_words import before, where_from, who_and_when
from app.ui.parts.field_input import make_input
from app.ui.parts.value_option import ValueOption
from app.ui.parts.words import ShortLabel, words
from app.ui.texts import has, t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.ids import Value
    from app.queries.case_card import ConflictLine
    from app.ui.parts.choices import Choice
    from app.ui.parts.field_input import AnyInput

COMBINE = "+"
"""What the option "all in one" stands for in the place of an entry."""

_WIDTHS = (128, 118)  # design pixels of the first two columns
_FIRST = 2  # the column of the first value, after the field's name and what stood there


class ConflictRow(QWidget):
    """The name of the field, its values, another value; Left and Right choose, Enter goes on.

    ``picked()`` when a value was chosen or typed, ``done()`` by Enter, ``pattern_asked()`` for the list of
    disputes like this one. A step in conflict is settled by itself, with a reason: ``stage_asked()``;
    ``may_settle`` tells that this desk's level may. ``places`` names areas by code.
    """

    picked = Signal()
    done = Signal()
    stage_asked = Signal()
    pattern_asked = Signal()

    def __init__(
        self,
        line: ConflictLine,
        choices: Sequence[Choice],
        places: Mapping[str, str],
        *,
        may_settle: bool = True,
    ) -> None:
        super().__init__()
        self.line = line
        self.input: AnyInput | None = None
        self._choices = choices
        self._may_settle = may_settle
        self.options = _options(line, places)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(6))
        for column, width in enumerate(_WIDTHS):
            grid.setColumnMinimumWidth(column, theme.px(width))
        grid.setColumnStretch(_FIRST, 1)
        grid.setColumnStretch(_FIRST + 1, 1)
        grid.addWidget(self._named(), 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._before(), 0, 1, Qt.AlignmentFlag.AlignTop)
        for place, option in enumerate(self.options):
            grid.addWidget(option, place // 2, _FIRST + place % 2)
            option.installEventFilter(self)
            option.clicked.connect(partial(self._on_clicked, option))
        self._last = (len(self.options) + 1) // 2
        self._grid = grid
        self.pattern = button("", "link")
        self.pattern.hide()
        self.pattern.clicked.connect(self.pattern_asked)
        grid.addWidget(self.pattern, self._last, _FIRST, Qt.AlignmentFlag.AlignLeft)
        if line.of_stage:
            self._offer_stage()
        else:
            self._offer_other()

    def taken(self) -> str:
        """Return the entry of the chosen value, ``COMBINE`` for all in one, empty without one."""
        return next((option.entry for option in self.options if option.isChecked()), "")

    def typed(self) -> Value:
        """Return the other value, empty without one."""
        if self.input is None or self.input.isHidden() or self.input.problem():
            return ""
        return self.input.value()

    def show_taken(self, entry: str) -> None:
        """Show a value as chosen; none for an empty entry."""
        for option in self.options:
            option.setChecked(option.entry == entry)

    def show_pattern(self, text: str) -> None:
        """Offer the same decision elsewhere; empty hides the offer."""
        self.pattern.setText(text)
        self.pattern.setVisible(bool(text))

    def take_focus(self) -> None:
        """Put the cursor on the chosen value, or on the first."""
        chosen = next((option for option in self.options if option.isChecked()), self.options[0])
        chosen.setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: the arrows go from value to value and choose, Enter goes on."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        places = {option: at for at, option in enumerate(self.options)}
        at = next((place for option, place in places.items() if option is watched), -1)
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if at >= 0 and step:
            option = self.options[max(0, min(len(self.options) - 1, at + step))]
            option.setFocus(Qt.FocusReason.TabFocusReason)
            self._on_clicked(option)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if at >= 0 and not self.taken():
                self._on_clicked(self.options[at])
            self.done.emit()
            return True
        return super().eventFilter(watched, event)

    def _named(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, theme.px(6), 0, 0)
        column.setSpacing(theme.px(2))
        column.addWidget(ShortLabel(t(self.line.label) if has(self.line.label) else self.line.field))
        kind = t(f"conflicts.kind_{self.line.kind}")
        about = t("conflicts.dot").join(part for part in (kind, self.line.about) if part)
        column.addWidget(ShortLabel(about, "muted"))
        return box

    def _before(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, theme.px(6), 0, 0)
        column.setSpacing(theme.px(2))
        text, day = before(self.line)
        column.addWidget(ShortLabel(text, "muted"))
        column.addWidget(ShortLabel(day, "muted"))
        box.setAccessibleName(f"{t('conflicts.before')} {text} {day}".strip())
        return box

    def _offer_stage(self) -> None:
        self.settle = button(t("conflicts.settle_stage"))
        self.settle.setEnabled(False)
        self.settle.clicked.connect(self.stage_asked)
        level = t(f"conflicts.level_{self.line.level}") if self.line.level else t("conflicts.level_unknown")
        why = "conflicts.stage_why" if self._may_settle else "conflicts.stage_others"
        self._grid.addWidget(words(t(why, level=level), "muted", wrap=True), self._last, 0, 1, 3)
        self._grid.addWidget(self.settle, self._last, _FIRST + 1, Qt.AlignmentFlag.AlignRight)

    def _offer_other(self) -> None:
        definition = FIELDS[Kind(self.line.kind)].get(self.line.field)
        if definition is None:
            return
        try:
            self.input = make_input(definition, self._choices)
        except ValueError:
            return  # ids and digests are not typed by hand
        self.input.hide()
        name = t(self.line.label) if has(self.line.label) else self.line.field
        self.input.setAccessibleName(t("conflicts.other_for", name=name))
        self.input.left_field.connect(self._on_typed)
        self.other = button(t("conflicts.other"), "link")
        self.other.setAccessibleName(t("conflicts.other_for", name=name))
        self.other.clicked.connect(self._on_other)
        self._problem = words("", "error")
        self._problem.hide()
        self._grid.addWidget(self.other, self._last, _FIRST + 1, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(self.input, self._last + 1, _FIRST, 1, 2)
        self._grid.addWidget(self._problem, self._last + 2, _FIRST, 1, 2)

    def _on_clicked(self, option: ValueOption) -> None:
        self.show_taken(option.entry)
        if self.input is not None:
            self.input.hide()
            self.input.set_value("")
        if self.line.of_stage:
            self.settle.setEnabled(self._may_settle)
            return
        self.picked.emit()

    def _on_other(self) -> None:
        if self.input is None:
            return
        self.show_taken("")
        self.input.show()
        self.input.setFocus()
        self.picked.emit()

    def _on_typed(self) -> None:
        if self.input is not None and not self.input.isHidden():
            self._problem.setText(self.input.problem())
            self._problem.setVisible(bool(self.input.problem()))
            self.picked.emit()


def headlines() -> QWidget:
    """Return the headlines over the columns of the rows."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(14))
    for text, width in zip((t("conflicts.field"), t("conflicts.before")), _WIDTHS, strict=True):
        label = words(text, "muted")
        label.setFixedWidth(theme.px(width))
        row.addWidget(label)
    row.addWidget(words(t("conflicts.values"), "muted"), 1)
    return box


def _options(line: ConflictLine, places: Mapping[str, str]) -> list[ValueOption]:
    made = [
        ValueOption(
            head.entry, head.text or t("conflicts.emptied"), (who_and_when(head), where_from(head, places))
        )
        for head in line.heads
    ]
    if line.combined:
        told = (t("conflicts.combine"), t("conflicts.combine_why"))
        made.append(ValueOption(COMBINE, line.combined, told))
    return made
