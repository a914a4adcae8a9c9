"""Accept a grant or starter file: see whose word one is about to believe, then what arrived."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.ui.desks.enrol import EnrolDesk
from app.ui.models.household_list import yuan
from app.ui.parts.buttons import button
from app.ui.parts.enrol_parts import Steps, page_body, released
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.enrol import Granted, Offer
    from app.ui.runner import Runner


class EnrolAcceptPage(Page):
    """Nothing is believed before the button is pressed."""

    help_key = "enrol.accept_help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._enrol = desk.group(EnrolDesk)
        self._offer: Offer | None = None
        self.frame = PageFrame(t("enrol.accept_title"))
        self.frame.show_title(t("enrol.accept_title"), desk.place.name)
        self.frame.show_keys(((("Ctrl", "Enter"), t("enrol.accept_take")), (("Esc",), t("app.back"))))
        self.open = button(t("enrol.accept_open"), "plain", "file")
        self._told = words(t("enrol.accept_none"), "value", wrap=True)
        left = Card()
        left.add(words(t("enrol.accept_what"), "section"))
        left.add(words(t("enrol.accept_why"), "muted", wrap=True))
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addStretch(1)
        left.column.addLayout(row)
        left.add(self._told)
        left.column.addStretch(1)
        right = Card()
        right.add(words(t("enrol.next"), "section"))
        right.add(Steps([t(f"enrol.accept_step_{number}") for number in range(1, 4)]))
        right.column.addStretch(1)
        self.frame.add(page_body(left, right), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_accept)
        self.open.clicked.connect(self._on_open)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_accept)

    def show_for(self, subject: object = None) -> None:
        """Begin anew; a path is opened at once."""
        self._offer = None
        self._told.setText(t("enrol.accept_none"))
        self.frame.show_primary(t("enrol.accept_take"), enabled=False)
        self.open.setFocus()
        if isinstance(subject, Path):
            self._runner.read(partial(self._enrol.offer, subject), self._on_offer)

    def _on_open(self) -> None:
        file = self._ask.open_file(t("enrol.accept_open"), t("enrol.grant_pattern"))
        if file is not None:
            self._runner.read(partial(self._enrol.offer, file), self._on_offer)

    def _on_offer(self, offer: Offer) -> None:
        self._offer = offer
        self._told.setText("\n".join(_told(offer)))
        self.frame.show_primary(t("enrol.accept_take"))
        self.frame.primary.setFocus()

    def _on_accept(self) -> None:
        if self._offer is not None:
            self._runner.run(partial(self._enrol.accept, self._offer.file), self._on_accepted)

    def _on_accepted(self, granted: Granted) -> None:
        offer, self._offer = self._offer, None
        text = t("enrol.accepted_starter" if offer and offer.is_starter else "enrol.accepted_grant")
        text += released(granted)
        self._told.setText(text)
        self.frame.show_primary(t("enrol.accept_take"), enabled=False)
        self.say(t("enrol.accept_done"))


def _told(offer: Offer) -> list[str]:
    """Return in sentences what taking the file means."""
    key = "enrol.root_new" if offer.is_new else "enrol.root_known"
    roots = (t("enrol.root", place=name, scope=code) for code, name in offer.roots)
    told = [t(key, places=t("detail.and").join(roots))]
    if not offer.is_starter:
        level = t(f"enrol.level_{offer.level}")
        told.append(t("enrol.offer_role", level=level, place=offer.place, scope=offer.scope))
    if offer.places:
        told.append(t("enrol.offer_places", number=len(offer.places)))
    if offer.line_fen:
        told.append(t("enrol.offer_line", amount=yuan(offer.line_fen), doc=offer.line_doc))
    return told
