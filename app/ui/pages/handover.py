"""Transfer of duty (交接): at the left what is handed over, at the right to whom, and both passphrases."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QVBoxLayout

from app.ui.desks.papers import PREVIEW
from app.ui.desks.people import HandoverDesk, PeopleDesk, Successor
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.enrol_parts import Steps, page_body
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import LineInput
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.passphrase import PassphraseInput
from app.ui.parts.words import words
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.errors import AppError
    from app.domain.ids import Value
    from app.queries.people import Colleague
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.people import Dues, HandedOver
    from app.ui.runner import Runner

_NEW = "new"
_OWN = frozenset({"keys.wrong_passphrase", "people.not_yours"})
_THEIRS = ("handover.not_theirs", "keys.passphrase_")


class HandoverPage(Page):
    """Both type their passphrases; after it the new person sits at the desk and the slip is shown."""

    help_key = "handover.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._desk, self._runner, self._ask = desk, runner, ask
        self._over = desk.group(HandoverDesk)
        self._people_desk = desk.group(PeopleDesk)
        self._people: dict[str, Colleague] = {}
        self._me = desk.person.id if desk.person else ""
        self._my_name = desk.person.name if desk.person else ""
        self.frame = PageFrame(t("handover.title"))
        self.frame.show_title(t("handover.title"), desk.place.name)
        self.frame.show_keys(((("Ctrl", "Enter"), t("handover.verb")), (("Esc",), t("app.back"))))
        self.frame.show_primary(t("handover.verb"))
        self._due = words("", "value", wrap=True)
        self.form = FormGrid(2)
        self.who = CodeInput([])
        self.reassign = QCheckBox(t("handover.reassign"))
        self._lay_out()
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_primary)
        self.who.left_field.connect(self._on_who)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_primary)

    def _lay_out(self) -> None:
        left, right = Card(), Card()
        left.add(words(t("handover.what"), "section"))
        left.add(words(t("handover.what_why", name=self._my_name), "muted", wrap=True))
        left.add(self._due)
        left.add(words(t("enrol.next"), "section"))
        left.add(Steps([t(f"handover.step_{number}") for number in range(1, 5)]))
        left.column.addStretch(1)
        right.add(words(t("handover.who"), "section"))
        form = self.form
        form.add("person", t("handover.to"), self.who, span=2, required=True)
        form.add("name", t("people.name"), LineInput(), hint=t("handover.new_only"))
        form.add("position", t("people.position"), LineInput(), hint=t("wizard.position_hint"))
        theirs, mine = t("handover.theirs"), t("handover.mine", name=self._my_name)
        form.add("passphrase", theirs, PassphraseInput(theirs), span=2, hint=t("handover.theirs_hint"))
        form.add("own", mine, PassphraseInput(mine), span=2, hint=t("handover.mine_hint"))
        right.add(form)
        right.add(self.reassign)
        right.column.addStretch(1)
        self.frame.add(page_body(left, right), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Count what there is and begin anew."""
        self.form.fill({"person": _NEW})
        self.reassign.setChecked(True)
        self._runner.read(self._people_desk.people, self._on_people, lane=(id(self), "people"))
        self._runner.read(self._over.dues, self._on_dues, lane=(id(self), "dues"))

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go through the marked fields."""
        self.form.next_problem(backwards=backwards)

    def _on_people(self, people: Sequence[Colleague]) -> None:
        self._people = {one.id: one for one in people if one.active and one.id != self._me}
        others = [Choice(one.id, f"{one.name} {one.position}".strip()) for one in self._people.values()]
        self.who.offer([Choice(_NEW, t("handover.somebody_new")), *others])
        self._on_who()

    def _on_who(self) -> None:
        new = self.who.value() == _NEW
        for name in ("name", "position"):
            self.form.field(name).setEnabled(new)

    def _on_dues(self, due: Dues) -> None:
        steps = "、".join(t("handover.step_count", step=name, count=count) for name, count in due.steps)
        self._due.setText(
            t(
                "handover.dues",
                households=due.households,
                steps=steps or t("handover.nothing_open"),
                to_come=due.to_come,
                drafts=due.drafts,
                unsent=due.unsent,
                papers=due.papers,
            )
        )

    def _on_primary(self) -> None:
        values = self.form.values()
        wrong = self.form.check()
        for name, key in self._lacking(values):
            self.form.set_problem(name, t(key))
        if wrong or self.form.problems():
            self.form.next_problem()
            return
        person = "" if values["person"] == _NEW else str(values["person"])
        name = self._people[person].name if person else str(values["name"])
        text = t("handover.text", old=self._my_name, new=name)
        if self._ask.confirm(t("handover.title"), text, t("handover.verb"), danger=True):
            texts = {code: str(value) for code, value in values.items()}
            new = ("", texts["name"], texts["position"]) if not person else (person, "", "")
            to = Successor(*new, "", texts["passphrase"], self.reassign.isChecked(), texts["own"])
            self._runner.run(partial(self._over.hand_over, to), self._on_done, self._on_failed)

    @staticmethod
    def _lacking(values: dict[str, Value]) -> list[tuple[str, str]]:
        found = [("passphrase", "handover.no_passphrase"), ("own", "people.own_missing")]
        if values["person"] == _NEW:
            found.insert(0, ("name", "person.no_name"))
        return [(name, key) for name, key in found if not values[name]]

    def _on_failed(self, error: AppError) -> None:
        """Say at the field whose passphrase was wrong: two are asked for."""
        if error.code in _OWN:
            self.form.set_problem("own", t("handover.own_wrong", name=self._my_name))
            self.form.next_problem()
        elif error.code.startswith(_THEIRS):
            self.form.set_problem("passphrase", sentence(error))
            self.form.next_problem()
        else:
            self._runner.failed.emit(error)

    def _on_done(self, done: HandedOver) -> None:
        self.form.fill({})
        self._runner.run(partial(self._desk.use_person, done.person), partial(self._on_seated, done))

    def _on_seated(self, done: HandedOver, desk: Desk) -> None:
        self.seated.emit(desk, PREVIEW, done.slip)
