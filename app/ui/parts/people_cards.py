"""Cards of the page of people: a new person, a passphrase typed twice or suggested, what somebody does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Refused
from app.ui import theme
from app.ui.desks.people import Newcomer
from app.ui.parts.buttons import button
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import LineInput
from app.ui.parts.page_frame import Card
from app.ui.parts.passphrase import PassphraseInput, strength
from app.ui.parts.words import words
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from app.queries.people import Colleague
    from app.ui.desks.people import Suggested


class PassphrasePair(QWidget):
    """Two fields of ``form`` for a new passphrase, and one that is made up and shown once.

    ``asked()`` for a suggestion, ``print_asked()`` for the page with it.
    """

    asked = Signal()
    print_asked = Signal()

    def __init__(self, form: FormGrid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self.suggested: Suggested | None = None
        new, again = t("people.new_passphrase"), t("people.again")
        form.add("passphrase", new, PassphraseInput(new), hint=t("people.passphrase_hint"))
        form.add("again", again, PassphraseInput(again))
        self.suggest = button(t("people.suggest"), "link")
        self.print = button(t("people.print"), "link", "printer")
        self._shown = words("", "value", wrap=True)
        self._shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout()
        row.addWidget(self.suggest)
        row.addWidget(self.print)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._shown)
        self.suggest.clicked.connect(self.asked)
        self.print.clicked.connect(self.print_asked)
        self.clear()

    def show_suggested(self, suggested: Suggested) -> None:
        """Fill both fields with a passphrase and show it this once."""
        self.suggested = suggested
        for name in ("passphrase", "again"):
            self._form.field(name).set_value(suggested.passphrase)
            self._form.set_problem(name, "")
        self._shown.setText(
            t("people.suggested", passphrase=suggested.passphrase, reminder=suggested.reminder)
        )
        self._shown.show()
        self.print.show()

    def clear(self) -> None:
        """Take the suggestion off the screen."""
        self.suggested = None
        self._shown.setText("")
        self._shown.hide()
        self.print.hide()

    def check(self, *, required: bool) -> bool:
        """Mark what is wrong with the two fields; tell whether nothing is."""
        new, again = (str(self._form.field(name).value()) for name in ("passphrase", "again"))
        self._form.set_problem("passphrase", self._fault(new, required=required))
        self._form.set_problem("again", "" if new == again else t("people.differ"))
        return not self._form.problems()

    @staticmethod
    def _fault(new: str, *, required: bool) -> str:
        if not new:
            return t("people.passphrase_missing") if required else ""
        try:
            strength(new)
        except Refused as error:
            return sentence(error)
        return ""


class NewPersonCard(Card):
    """Somebody new; ``wanted(Newcomer)``."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("people.new"), "section"))
        self.add(words(t("people.new_why"), "muted", wrap=True))
        self.form = FormGrid(2)
        self.form.add("name", t("people.name"), LineInput(), required=True)
        self.form.add("position", t("people.position"), LineInput(), hint=t("wizard.position_hint"))
        self.form.add("phone", t("people.phone"), LineInput(), span=2)
        self.pair = PassphrasePair(self.form)
        self.form.add(
            "own", t("people.own"), PassphraseInput(t("people.own")), span=2, hint=t("people.own_hint")
        )
        self.add(self.form)
        self.add(self.pair)
        self.save = button(t("people.add"), "primary", "plus")
        self.column.addLayout(_right(self.save))
        self.save.clicked.connect(self._on_save)

    def person_name(self) -> str:
        """Return the name typed."""
        return str(self.form.field("name").value())

    def clear(self) -> None:
        """Empty every field."""
        self.form.fill({})
        self.pair.clear()

    def _on_save(self) -> None:
        values = {name: str(value) for name, value in self.form.values().items()}
        wrong = self.form.check()
        right = self.pair.check(required=False)
        lacks_own = bool(values["passphrase"]) and not values["own"]
        self.form.set_problem("own", t("people.own_missing") if lacks_own else "")
        if wrong or lacks_own or not right:
            self.form.next_problem()
            return
        del values["again"]
        self.wanted.emit(Newcomer(**values))


class PassphraseCard(Card):
    """A new passphrase for the person chosen; ``wanted(new, own)``."""

    wanted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._title = words("", "section")
        self._why = words("", "muted", wrap=True)
        self.form = FormGrid(2)
        self.pair = PassphrasePair(self.form)
        self.form.add("own", t("people.own"), PassphraseInput(t("people.own")), span=2)
        self.save = button(t("people.set_passphrase"), "plain")
        self._name = ""
        for part in (self._title, self._why, self.form, self.pair):
            self.add(part)
        self.column.addLayout(_right(self.save))
        self.save.clicked.connect(self._on_save)

    def person_name(self) -> str:
        """Return whose passphrase it will be."""
        return self._name

    def show_person(self, one: Colleague | None, *, own: bool) -> None:
        """Show whose passphrase is to be set; another person's was forgotten, or never set."""
        self.setVisible(one is not None and one.active)
        if one is None:
            return
        if one.name != self._name:
            self.clear()
        self._name = one.name
        self._title.setText(t("people.passphrase_of", name=one.name))
        mine = "people.passphrase_own_why" if one.can_unlock else "people.passphrase_first_why"
        self._why.setText(t(mine if own else "people.passphrase_other_why"))

    def clear(self) -> None:
        """Empty every field."""
        self.form.fill({})
        self.pair.clear()

    def _on_save(self) -> None:
        own = str(self.form.field("own").value())
        right = self.pair.check(required=True)
        self.form.set_problem("own", "" if own else t("people.own_missing"))
        if not right or not own:
            self.form.next_problem()
            return
        self.wanted.emit(str(self.form.field("passphrase").value()), own)


class DutyCard(Card):
    """What the person chosen does; ``wanted(position, phone)``, no telephone number leaves the old one."""

    wanted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("people.duty"), "section"))
        self.form = FormGrid(2)
        self.form.add("position", t("people.position"), LineInput(), hint=t("wizard.position_hint"))
        self.form.add("phone", t("people.new_phone"), LineInput(), hint=t("people.phone_hint"))
        self.add(self.form)
        self.save = button(t("people.save"), "plain")
        self.column.addLayout(_right(self.save))
        self.save.clicked.connect(self._on_save)

    def show_person(self, one: Colleague | None) -> None:
        """Show what somebody does now."""
        self.setVisible(one is not None)
        self.form.fill({"position": one.position if one is not None else ""})

    def _on_save(self) -> None:
        values = self.form.values()
        self.wanted.emit(str(values["position"]), str(values["phone"]))


def _right(part: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.px(10))
    row.addStretch(1)
    row.addWidget(part)
    return row
