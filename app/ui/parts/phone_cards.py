"""The cards of the page of questionnaires from phones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.header import SearchBox
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page_frame import Card
from app.ui.parts.sharing_cards import FolderRow
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.phone_submissions import ExchangeLine
    from app.ui.desks.phone import CaseChoice, FormName, Handed
    from app.usecases.phone_exports import ExportSummary

_MB = 1_000_000


class ToPhoneCard(Card):
    """Which form, where to, and how much would leave; ``wanted()`` and ``blank_wanted()`` by the buttons."""

    wanted = Signal()
    blank_wanted = Signal()
    folder_asked = Signal()
    form_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("phone.export"), "section"))
        self.form = CodeInput()
        self.form.setAccessibleName(t("phone.form"))
        self.add(self.form)
        self._summary = words("", "muted", wrap=True)
        self.add(self._summary)
        choose = button(t("phone.other_folder"), "link")
        choose.clicked.connect(self.folder_asked)
        self.folder = FolderRow(choose)
        self.column.addLayout(self.folder)
        self.zipped = QCheckBox(t("phone.zipped"))
        self.zipped.setChecked(True)
        self.add(self.zipped)
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        self.send = button(t("phone.send"), "primary", "upload")
        self.blank = button(t("phone.blank"), "plain", "file")
        row.addWidget(self.send)
        row.addWidget(self.blank)
        row.addStretch(1)
        self.column.addLayout(row)
        self._said = words("", "value", wrap=True)
        self._said.hide()
        self.add(self._said)
        self.send.clicked.connect(self.wanted)
        self.blank.clicked.connect(self.blank_wanted)
        self.form.activated.connect(self.form_chosen)

    def offer(self, forms: Sequence[FormName]) -> None:
        """Offer every form and all of them together; the choice is kept."""
        kept = self.chosen()
        self.form.offer([Choice(form.id, form.title) for form in forms])
        self.form.setItemText(0, t("phone.every_form"))
        self.form.set_value(kept)

    def chosen(self) -> str:
        """Return the form chosen, "" for all."""
        return self.form.value()

    def show_summary(self, found: ExportSummary) -> None:
        """Say how much would leave, and what stays behind because it has not arrived."""
        told = t(
            "phone.leaves",
            number=found.submissions,
            households=found.households,
            files=found.files,
            size=f"{max(found.size / _MB, 0.1 if found.size else 0):.1f}",
        )
        behind = found.without_content + found.files_missing
        self._summary.setText(told + (t("phone.stays_behind", number=behind) if behind else ""))
        self.send.setEnabled(found.submissions > 0)
        self.blank.setEnabled(bool(self.chosen()))

    def show_handed(self, handed: Handed | None) -> None:
        """Say what was written; None hides it."""
        self._said.setVisible(handed is not None)
        if handed is not None:
            same = t("phone.same", number=handed.same) if handed.same else ""
            self._said.setText(t("phone.handed", number=handed.written, place=handed.target.name) + same)

    def said(self) -> str:
        """Return what was said last."""
        return self._said.text()


class ClaimCard(Card):
    """Search a household for a waiting submission; ``sought(text)``, ``claimed(case)``, ``void_asked()``."""

    sought = Signal(str)
    claimed = Signal(str)
    void_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = words("", "section")
        self.search = SearchBox()
        columns = (
            TableColumn(t("phone.col_head"), 3),
            TableColumn(t("phone.col_code"), 4),
            TableColumn(t("phone.col_group"), 2),
            TableColumn(t("phone.col_step"), 3),
        )
        self.table = RowsTable(t("phone.cases"), columns)
        self._none = words(t("phone.seek_why"), "muted", wrap=True)
        self.claim = button(t("phone.claim"), "primary", "check")
        self.void = button(t("phone.take_back"), "link")
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.search)
        foot = QHBoxLayout()
        foot.addWidget(self.claim)
        foot.addWidget(self.void)
        foot.addStretch(1)
        self.column.addLayout(head)
        self.add(self._none)
        self.add(self.table, 1)
        self.column.addLayout(foot)
        self.search.sought.connect(self.sought)
        self.search.returnPressed.connect(self.table.setFocus)
        self.claim.clicked.connect(self._on_claim)
        self.table.opened.connect(self.claimed)
        self.void.clicked.connect(self.void_asked)
        self.show_cases((), "")

    def show_line(self, line: ExchangeLine, title: str) -> None:
        """Turn to another submission."""
        self._title.setText(t("phone.claim_title", form=title, on=line.finished_on))
        self.search.clear()
        self.show_cases((), "")

    def show_cases(self, found: Sequence[CaseChoice], text: str) -> None:
        """Show what a search found."""
        rows = [TableRow(one.case, (one.head, one.code, one.group, one.step)) for one in found]
        self.table.show_rows(rows)
        self.table.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._none.setText(t("phone.seek_none", text=text) if text else t("phone.seek_why"))
        self.claim.setEnabled(bool(rows))
        if rows:
            self.table.setCurrentIndex(self.table.rows.index(0, 0))

    def _on_claim(self) -> None:
        self.claimed.emit(self.table.current_key())
