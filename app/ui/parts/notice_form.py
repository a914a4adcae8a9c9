"""A new notice: when it goes up, how long it will hang, whom to call, and which households stand on it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import CodeLine, DateInput
from app.ui.parts.page_frame import Card, scrolled
from app.ui.parts.pick_card import PickCard
from app.ui.parts.pick_table import PickColumn, PickRow
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.ids import Value
    from app.queries.linked import CandidateLine
    from app.ui.desks.notices import PeriodShown

CONTACTS = ("contact_village", "contact_township", "contact_county", "contact_hotline")


class NoticeForm(QWidget):
    """``day_chosen(ISO)`` asks for the period; ``contacts()`` and ``cases()`` are what to plan with."""

    day_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.grid = FormGrid(1)
        self.period = words("", "value", wrap=True)
        columns = (
            PickColumn(t("meetings.head"), 4),
            PickColumn(t("meetings.group"), 4),
            PickColumn(t("notices.size"), 3, figures=True),
        )
        self.pick = PickCard(t("notices.households"), columns, t("notices.nobody"))
        card = Card()
        card.add(words(t("notices.about"), "section"))
        self.grid.add("on", t("notices.post_day"), DateInput(), required=True)
        card.add(self.grid)
        card.add(self.period)
        self.people = FormGrid(1)
        for code in CONTACTS:
            self.people.add(code, t(f"field.publicity.{code}"), CodeLine())
        card.add(words(t("notices.contacts"), "section"))
        card.add(self.people)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, theme.px(6), 0)
        column.addWidget(card)
        column.addStretch(1)
        area = scrolled(holder)
        area.setFixedWidth(theme.px(400))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(area)
        row.addWidget(self.pick, 1)
        self.grid.edited.connect(self._on_edited)
        self.pick.changed.connect(self._ask)

    def begin(self, today: str, contacts: Mapping[str, Value]) -> None:
        """Begin a notice that goes up today."""
        self.grid.fill({"on": today})
        self.people.fill(contacts)
        self._ask()

    def offer(self, lines: Sequence[CandidateLine], chosen: str) -> None:
        """Show who waits for a notice; all are ticked, or only ``chosen``."""
        free = [line for line in lines if not line.linked]
        self.pick.show_rows(
            [
                PickRow(line.case, (line.head, line.group, str(line.size)), chosen in {"", line.case})
                for line in free
            ]
        )

    def show_period(self, shown: PeriodShown) -> None:
        """Say from when to when the notice will hang."""
        told = t(
            "notices.period" if shown.natural else "notices.period_working",
            days=shown.days,
            posted=day_words(shown.posted),
            first=day_words(shown.first),
            last=day_words(shown.last),
        )
        if shown.unknown_year:
            told += "\n" + t("notices.unknown_year", year=shown.unknown_year)
        self.period.setText(told)

    def on(self) -> str:
        """Return the ISO day it goes up."""
        return str(self.grid.values()["on"])

    def cases(self) -> tuple[str, ...]:
        """Return the households on it."""
        return self.pick.table.ticked()

    def contacts(self) -> dict[str, Value]:
        """Return whom to call."""
        return {code: value for code, value in self.people.values().items() if value != ""}

    def check(self) -> bool:
        """Mark what is wrong; tell whether it can be planned."""
        return not self.grid.check() and not self.people.check()

    def _on_edited(self, _name: str) -> None:
        self._ask()

    def _ask(self) -> None:
        if self.on() and self.cases():
            self.day_chosen.emit(self.on())


def day_words(iso: str) -> str:
    """Return an ISO date as month and day in words."""
    day = date.fromisoformat(iso)
    return t("notices.day", month=day.month, day=day.day)
