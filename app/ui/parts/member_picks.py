"""Members to tick, each with the relation to the head they will live with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from app.ui import theme
from app.ui.binding import clear
from app.ui.parts.choices import CodeInput
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.desks.belonging import PersonHere
    from app.ui.desks.choice import Choice


class MemberPicks(QWidget):
    """``picked()`` when a tick or a relation changes."""

    picked = Signal()

    def __init__(self, relations: Sequence[Choice]) -> None:
        super().__init__()
        self._relations = tuple(relations)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(14))
        self._grid.setVerticalSpacing(theme.px(8))
        self._grid.setColumnStretch(2, 1)
        self._rows: dict[str, tuple[QCheckBox, CodeInput]] = {}

    def show_people(self, people: Sequence[PersonHere], *, ticked: bool = False) -> None:
        """Offer other people."""
        clear(self._grid)
        self._rows = {}
        for at, person in enumerate(people):
            tick = QCheckBox(person.name or t("households.member_unnamed"))
            tick.setChecked(ticked)
            now = words(person.relation_name, "muted")
            relation = CodeInput(self._relations)
            relation.setAccessibleName(t("belonging.relation_of", name=person.name))
            relation.setEnabled(ticked)
            tick.toggled.connect(relation.setEnabled)
            tick.toggled.connect(self._on_picked)
            relation.currentIndexChanged.connect(self._on_picked)
            self._grid.addWidget(tick, at, 0, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(now, at, 1, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(relation, at, 2)
            self._rows[person.id] = (tick, relation)

    def choose(self, person: str, relation: str) -> None:
        """Tick somebody and set the relation."""
        tick, box = self._rows[person]
        tick.setChecked(True)
        box.set_value(relation)

    def people(self) -> tuple[str, ...]:
        """Return everybody offered."""
        return tuple(self._rows)

    def ticked(self) -> dict[str, str]:
        """Return the relation chosen for everybody ticked, "" for none yet."""
        return {uid: box.value() for uid, (tick, box) in self._rows.items() if tick.isChecked()}

    def _on_picked(self) -> None:
        self.picked.emit()
