"""Cases, papers, photos and conflicts of a household, to look at and go on from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.binding import clear
from app.ui.desk import Workflow
from app.ui.models.household_list import due_text
from app.ui.parts.buttons import button
from app.ui.parts.page_frame import Card
from app.ui.parts.words import ShortLabel, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QPushButton

    from app.queries.household import HouseholdSheet
    from app.ui.desks.household import CaseState, HouseholdFile

_KILOBYTE = 1024


class PapersSection(QWidget):
    """Signals: ``case_asked(CaseState)``, ``start_asked(workflow)`` and others without anything."""

    case_asked = Signal(object)
    start_asked = Signal(str)
    conflicts_asked = Signal()
    history_asked = Signal()
    forms_asked = Signal()
    belonging_asked = Signal()
    deletion_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.starts: dict[Workflow, QPushButton] = {}
        self._cases = _List(t("households.cases"), t("households.cases_none"))
        for workflow in Workflow:
            start = button(t(f"households.start_{workflow}"), "plain", "flag")
            start.clicked.connect(partial(self.start_asked.emit, workflow.value))
            self._cases.head.addWidget(start)
            self.starts[workflow] = start
        self._conflicts = _List(t("households.conflicts"), t("households.conflicts_none"))
        self.settle = button(t("households.settle"), "danger", "merge")
        self.settle.clicked.connect(self.conflicts_asked)
        self._conflicts.head.addWidget(self.settle)
        self._papers = _List(t("households.papers"), t("households.papers_none"))
        self.history = button(t("households.history"), "plain", "clock")
        self.history.clicked.connect(self.history_asked)
        self._papers.head.addWidget(self.history)
        self.forms = button(t("households.forms"), "plain", "file")
        self.forms.clicked.connect(self.forms_asked)
        self._papers.head.addWidget(self.forms)
        self.belonging = button(t("households.belonging"), "plain", "merge")
        self.belonging.clicked.connect(self.belonging_asked)
        self._papers.head.addWidget(self.belonging)
        self._photos = _List(t("households.photos"), t("households.photos_none"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(14))
        for part in (self._cases, self._conflicts, self._papers, self._photos):
            column.addWidget(part)
        self.deletion = button(t("households.deletion"), "plain", "trash")
        self.deletion.clicked.connect(self.deletion_asked)
        column.addWidget(self.deletion, 0, Qt.AlignmentFlag.AlignRight)
        column.addStretch(1)

    def show_file(self, file: HouseholdFile) -> None:
        """Show what belongs to a household."""
        sheet = file.sheet
        self._show_cases(file.cases)
        for workflow, start in self.starts.items():
            running = any(case.workflow == workflow.value and not case.ended for case in file.cases)
            start.setEnabled(not running and bool(sheet.round) and sheet.status == "active")
        self._conflicts.show_rows(
            [(t(line.label), t("households.or").join(line.values), None) for line in sheet.conflicts]
        )
        self.settle.setVisible(bool(sheet.conflicts))
        self._papers.show_rows(_papers(sheet))
        self._photos.show_rows(_photos(sheet))

    def offers(self, names: frozenset[str]) -> None:
        """Show only ways that lead somewhere."""
        self.history.setVisible("household_history" in names)
        self.forms.setVisible("submission" in names)
        self.belonging.setVisible("belonging" in names)
        self.deletion.setVisible("deletion" in names)

    def _show_cases(self, cases: Sequence[CaseState]) -> None:
        rows: list[tuple[str, str, QPushButton]] = []
        for case in cases:
            name = t(f"board.title_{case.workflow}") if case.workflow in set(Workflow) else case.workflow
            parts = (case.round, case.step, case.status, "" if case.ended else due_text(case.overdue_days))
            go = button(t("households.open_case"), "link")
            go.setAccessibleName(t("households.open_case_of", name=name, round=case.round))
            go.clicked.connect(partial(self.case_asked.emit, case))
            rows.append((name, t("detail.dot").join(part for part in parts if part), go))
        self._cases.show_rows(rows)


class _List(Card):
    """A headline with buttons beside it, and rows of a name, words and perhaps a button."""

    def __init__(self, title: str, empty: str) -> None:
        super().__init__()
        self.head = QHBoxLayout()
        self.head.addWidget(words(title, "section"), 1)
        self.column.addLayout(self.head)
        self._none = words(empty, "muted", wrap=True)
        self.add(self._none)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(14))
        self._grid.setVerticalSpacing(theme.px(6))
        self._grid.setColumnStretch(1, 1)
        self.column.addLayout(self._grid)

    def show_rows(self, rows: Sequence[tuple[str, str, QPushButton | None]]) -> None:
        """Show other rows."""
        clear(self._grid)
        self._none.setVisible(not rows)
        for at, (name, text, go) in enumerate(rows):
            self._grid.addWidget(words(name, "label"), at, 0, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(ShortLabel(text, "muted"), at, 1, Qt.AlignmentFlag.AlignVCenter)
            if go is not None:
                self._grid.addWidget(go, at, 2)


def _papers(sheet: HouseholdSheet) -> list[tuple[str, str, QPushButton | None]]:
    rows: list[tuple[str, str, QPushButton | None]] = []
    for paper in sheet.documents:
        parts = (paper.no, paper.issued_on, t("households.paper_void") if paper.void else "")
        rows.append((paper.type_name, t("detail.dot").join(part for part in parts if part), None))
    return rows


def _photos(sheet: HouseholdSheet) -> list[tuple[str, str, QPushButton | None]]:
    rows: list[tuple[str, str, QPushButton | None]] = []
    for number, photo in enumerate(sheet.attachments, start=1):
        size = t("households.kilobytes", size=max(1, photo.size // _KILOBYTE))
        name = photo.caption or t("households.photo", number=number)
        rows.append((name, t("detail.dot").join(part for part in (photo.taken_on, size) if part), None))
    return rows
