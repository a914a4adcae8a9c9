"""The panels of the page on which households split, unite and move; each says what it would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.choices import CodeInput
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import DateInput, LineInput
from app.ui.parts.member_picks import MemberPicks
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.pick_table import PickColumn, PickRow, PickTable
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.household_list import HouseholdLine
    from app.queries.late_moves import LateChange
    from app.ui.desks.belonging import BelongingFile
    from app.ui.desks.choice import Choice

_SHOWN = 5


class _Panel(QWidget):
    """A headline that says in a sentence what the act does, and what is needed for it."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.px(12))
        self.column.addWidget(words(told, "muted", wrap=True))


class SplitPanel(_Panel):
    """Who goes, in what relation to the new head, and where to."""

    def __init__(self, relations: Sequence[Choice]) -> None:
        super().__init__(t("belonging.split_told"))
        self.picks = MemberPicks(relations)
        self.where = FormGrid(2)
        self.where.add("group", t("field.household.group"), LineInput(), hint=t("belonging.keep_hint"))
        self.where.add("address", t("field.household.address"), LineInput(), hint=t("belonging.keep_hint"))
        self.column.addWidget(words(t("belonging.who_goes"), "label"))
        self.column.addWidget(self.picks)
        self.column.addWidget(self.where)
        self.column.addStretch(1)

    def show_file(self, file: BelongingFile) -> None:
        """Begin anew with a household."""
        self.picks.show_people([person for person in file.members if not person.is_head])
        self.where.fill({"group": "", "address": ""})


class UnitePanel(_Panel):
    """Which other registration, which of the two stays, who is brought over.

    ``sought(text)`` when another household is looked for, ``chosen(id)`` when one is, ``turned()`` when
    the other of the two shall stay.
    """

    sought = Signal(str)
    chosen = Signal(str)
    turned = Signal()

    def __init__(self, relations: Sequence[Choice]) -> None:
        super().__init__(t("belonging.unite_told"))
        row = QHBoxLayout()
        self.text = LineInput()
        self.text.setAccessibleName(t("belonging.find"))
        self.text.setPlaceholderText(t("belonging.find"))
        self.seek = button(t("belonging.find_verb"), "plain", "search")
        row.addWidget(self.text, 1)
        row.addWidget(self.seek)
        self.column.addLayout(row)
        columns = (
            TableColumn(t("belonging.column_head"), 3),
            TableColumn(t("belonging.column_code"), 3),
            TableColumn(t("belonging.column_group"), 2),
            TableColumn(t("belonging.column_size"), 1, figures=True),
        )
        self.table = RowsTable(t("belonging.find"), columns)
        self.column.addWidget(self.table)
        self.stays = CodeInput()
        self.stays.setAccessibleName(t("belonging.stays"))
        self.stays.setEnabled(False)
        keep = QHBoxLayout()
        keep.addWidget(words(t("belonging.stays"), "label"))
        keep.addWidget(self.stays, 1)
        self.column.addLayout(keep)
        self._bring = words("", "label", wrap=True)
        self._bring.hide()
        self.picks = MemberPicks(relations)
        self.column.addWidget(self._bring)
        self.column.addWidget(self.picks)
        self.column.addStretch(1)
        self.text.returnPressed.connect(self._on_find)
        self.seek.clicked.connect(self._on_find)
        self.table.current_changed.connect(self._on_current)
        self.stays.activated.connect(self._on_turned)

    def clear(self) -> None:
        """Begin anew."""
        self.text.clear()
        self.show_found(())
        self.stays.offer(())
        self.stays.setEnabled(False)
        self._bring.hide()
        self.picks.show_people(())

    def show_found(self, lines: Sequence[HouseholdLine]) -> None:
        """Show what was found."""
        by_home = {one.household: one for one in lines}
        cells = [(uid, (one.head, one.code, one.group, str(one.size))) for uid, one in by_home.items()]
        self.table.show_rows([TableRow(*row) for row in cells])
        self.table.fit_height(_SHOWN)
        if len(cells) == 1:
            self.table.setCurrentIndex(self.table.rows.index(0, 0))

    def show_pair(self, here: BelongingFile, other: BelongingFile, choices: Sequence[Choice]) -> None:
        """Show which may stay and who is missing there."""
        stays = self.stays.value() or here.household
        self.stays.offer(choices)
        self.stays.set_value(stays if stays in {here.household, other.household} else here.household)
        self.stays.setEnabled(True)
        kept, double = (here, other) if self.stays.value() == here.household else (other, here)
        names = {person.name for person in kept.members}
        missing = [person for person in double.members if person.name not in names]
        key = "belonging.bring" if missing else "belonging.bring_none"
        self._bring.setText(t(key, head=kept.head))
        self._bring.show()
        self.picks.show_people(missing)

    def _on_find(self) -> None:
        self.sought.emit(self.text.text().strip())

    def _on_current(self, key: str) -> None:
        if key:
            self.chosen.emit(key)

    def _on_turned(self, _index: int) -> None:
        self.turned.emit()


class MovePanel(_Panel):
    """Which village, since when, where there; what goes along is told."""

    def __init__(self) -> None:
        super().__init__(t("belonging.move_told"))
        self.form = FormGrid(2)
        self.village = CodeInput()
        self.form.add("village", t("belonging.to_village"), self.village, required=True)
        self.form.add("on", t("belonging.moved_on"), DateInput(), required=True)
        self.form.add("group", t("field.household.group"), LineInput())
        self.form.add("address", t("field.household.address"), LineInput())
        self._papers = words("", "value", wrap=True)
        self._none = words(t("belonging.no_villages"), "value", wrap=True)
        self.column.addWidget(self.form)
        self.column.addWidget(self._none)
        self.column.addWidget(self._papers)
        self.column.addStretch(1)

    def show_file(self, file: BelongingFile, villages: Sequence[Choice], today: str) -> None:
        """Begin anew with a household."""
        self.village.offer(villages)
        self.form.fill({"village": "", "on": today, "group": "", "address": ""})
        self._none.setVisible(not villages)
        papers = "；".join(file.papers) or t("belonging.no_papers")
        self._papers.setText(t("belonging.papers", papers=papers))


class CarryPanel(_Panel):
    """What the old village wrote late, to be ticked: what went along, what was written, what stands there."""

    def __init__(self) -> None:
        super().__init__(t("belonging.carry_told"))
        columns = (
            PickColumn(t("belonging.late_what"), 4),
            PickColumn(t("belonging.late_carried"), 3),
            PickColumn(t("belonging.late_written"), 3),
            PickColumn(t("belonging.late_now"), 3),
        )
        self.table = PickTable(t("belonging.carry"), columns)
        self.column.addWidget(self.table, 1)

    def show_file(self, file: BelongingFile) -> None:
        """Begin anew with a household; what nobody touched over there is ticked."""
        self.table.show_rows(
            [PickRow(one.key, _late_cells(one), one.now == one.carried) for one in file.late]
        )


def _late_cells(one: LateChange) -> tuple[str, ...]:
    named = t(one.label) if one.label else t("belonging.late_person")
    what = t("detail.dot").join(part for part in (one.about, named) if part)
    return what, *(text or t("returned.blank") for text in (one.carried, one.late, one.now))


class PlainPanel(_Panel):
    """An act that needs nothing but the reason."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.column.addStretch(1)
