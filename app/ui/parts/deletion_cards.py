"""Parts of the page of lawful deletion: the request, what it concerns, the confirmation, the result."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from app.domain.deletion import KEEP_YEARS, AskedBy, Basis, Channel, Reach, Request
from app.ui import theme
from app.ui.binding import clear
from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import DateInput, LineInput, NumberInput
from app.ui.parts.page_frame import Card
from app.ui.parts.passphrase import PassphraseInput
from app.ui.parts.pick_table import PickColumn, PickRow, PickTable
from app.ui.parts.words import set_role, words
from app.ui.texts import has, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.deletion_plan import DeletionPlan, Elsewhere
    from app.queries.deletions import Deletion
    from app.ui.desks.deletion import HomePeople
    from app.usecases.deletions import Deleted

WHOLE = "household"
"""Stands for the whole household among its people."""


class RequestCard(Card):
    """Whom it is about, who asked and on what basis."""

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("deletion.request"), "section"))
        self.add(words(t("deletion.request_why"), "muted", wrap=True))
        self.who = CodeInput()
        self.form = FormGrid(2)
        self.form.add("who", t("deletion.who"), self.who, required=True)
        self.form.add(
            "number", t("deletion.number"), LineInput(), required=True, hint=t("deletion.number_hint")
        )
        self.form.add("basis", t("deletion.basis"), CodeInput(_basis()), required=True)
        self.form.add("words", t("deletion.words"), LineInput(), hint=t("deletion.words_hint"))
        self.form.add("asked_on", t("deletion.asked_on"), DateInput(), required=True)
        self.form.add("years", t("deletion.years"), NumberInput(t("deletion.year")), required=True)
        self.form.add("asked_by", t("deletion.asked_by"), CodeInput(_asked_by()), required=True)
        self.form.add("channel", t("deletion.channel"), CodeInput(_channel()), required=True)
        self.add(self.form)
        self.column.addStretch(1)

    def show_people(self, home: HomePeople, today: str) -> None:
        """Offer the household and its people; begin anew."""
        choices = [Choice(WHOLE, t("deletion.whole", code=home.title))]
        choices += [Choice(uid, t("deletion.member", name=name)) for uid, name in home.people]
        self.who.offer(choices)
        self.form.fill(
            {
                "who": "",
                "number": "",
                "basis": "",
                "words": "",
                "asked_on": today,
                "years": KEEP_YEARS,
                "asked_by": str(AskedBy.SELF),
                "channel": str(Channel.COUNTER),
            }
        )

    def target(self, household: str) -> tuple[Reach, str]:
        """Return what was chosen."""
        chosen = self.who.value()
        return (Reach.HOUSEHOLD, household) if chosen == WHOLE else (Reach.MEMBER, chosen)

    def request(self) -> Request:
        """Return the request as it was filled in; the form has been checked."""
        values = {name: str(value) for name, value in self.form.values().items()}
        return Request(
            number=values["number"].strip(),
            basis=Basis(values["basis"]),
            asked_on=values["asked_on"],
            asked_by=AskedBy(values["asked_by"]),
            channel=Channel(values["channel"]),
            words=values["words"].strip(),
            years=int(values["years"]),
        )


class PlanCard(Card):
    """How much goes, and what stands against it."""

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("deletion.plan"), "section"))
        self.told = words("", "muted", wrap=True)
        self.add(self.told)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(14))
        self._grid.setVerticalSpacing(theme.px(4))
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        self.column.addLayout(self._grid)
        self.add(words(t("deletion.holds"), "section"))
        self.holds = words("", "value", wrap=True)
        self.add(self.holds)
        self.linked = words("", "warning", wrap=True)
        self.add(self.linked)
        self.column.addStretch(1)

    def show_plan(self, plan: DeletionPlan) -> None:
        """Show another plan."""
        self.told.setText(t("deletion.plan_told", name=plan.name or plan.code, code=plan.code))
        clear(self._grid)
        rows = [(t(f"conflicts.kind_{kind}"), number) for kind, number in plan.counts.items()]
        rows += [(t("deletion.entries"), len(plan.entries)), (t("deletion.files"), len(plan.files))]
        for at, (name, number) in enumerate(rows):
            line, column = at // 2, 2 * (at % 2)
            self._grid.addWidget(words(name, "label"), line, column)
            self._grid.addWidget(words(str(number), "value"), line, column + 1, Qt.AlignmentFlag.AlignLeft)
        lines = [t(hold.code, **dict(hold.params)) for hold in plan.holds]
        self.holds.setText("\n".join(lines) or t("deletion.no_holds"))
        set_role(self.holds, "error" if lines else "value")
        self.linked.setVisible(bool(plan.linked))
        self.linked.setText(
            t("deletion.linked", codes=t("detail.and").join(plan.linked)) if plan.linked else ""
        )


class ElsewhereCard(Card):
    """Where else the person is named; each is ticked by whoever has looked at it."""

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("deletion.elsewhere"), "section"))
        self.why = words(t("deletion.elsewhere_why"), "muted", wrap=True)
        self.add(self.why)
        self.table = PickTable(
            t("deletion.elsewhere"),
            (
                PickColumn(t("deletion.where"), 2),
                PickColumn(t("deletion.of_household"), 2),
                PickColumn(t("deletion.field"), 2),
                PickColumn(t("deletion.text"), 4),
            ),
        )
        self.add(self.table, 1)

    def show_plan(self, plan: DeletionPlan) -> None:
        """Show the places of another plan, none ticked."""
        self.table.show_rows(())
        self.table.show_rows([_row(at, one) for at, one in enumerate(plan.elsewhere)])
        key = "deletion.elsewhere_why" if plan.elsewhere else "deletion.elsewhere_none"
        self.why.setText(t(key))
        self._places = plan.elsewhere

    def ticked(self) -> frozenset[str]:
        """Return the entities of the ticked places."""
        return frozenset(self._places[int(key)].entity for key in self.table.ticked())


class ConfirmCard(Card):
    """The number again; a second person's passphrase where something stands against it."""

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("deletion.confirm"), "section"))
        self.add(words(t("deletion.confirm_why"), "muted", wrap=True))
        self.form = FormGrid(1)
        self.form.add("again", t("deletion.again"), LineInput(), required=True)
        self.add(self.form)
        self.override = FormGrid(2)
        second = t("deletion.second")
        self.override.add("reason", t("deletion.reason"), LineInput(), hint=t("deletion.reason_hint"))
        self.override.add("second", second, PassphraseInput(second), hint=t("deletion.second_hint"))
        self.add(self.override)

    def begin(self, *, held: bool) -> None:
        """Empty the fields; show those of the second person when something stands against it."""
        self.form.fill({"again": ""})
        self.override.fill({"reason": "", "second": ""})
        self.override.setVisible(held)

    def values(self) -> tuple[str, str, str]:
        """Return the number typed again, the second person's passphrase and the reason."""
        given = self.override.values()
        return str(self.form.values()["again"]).strip(), str(given["second"]), str(given["reason"]).strip()


class DoneCard(Card):
    """What was done, what comes next; ``slip_asked(request)``."""

    slip_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("deletion.done"), "section"))
        self.told = words("", "value", wrap=True)
        self.add(self.told)
        self.copies = words("", "muted", wrap=True)
        self.add(self.copies)
        row = QHBoxLayout()
        self.slip = button(t("deletion.slip"), "plain", "printer")
        row.addWidget(self.slip)
        row.addStretch(1)
        self.column.addLayout(row)
        self.add(words(t("deletion.next"), "section"))
        self.add(words(t("deletion.next_told"), "value", wrap=True))
        self.column.addStretch(1)
        self._request = ""
        self.slip.clicked.connect(lambda: self.slip_asked.emit(self._request))

    def show_done(self, done: Deleted) -> None:
        """Tell what one deletion did."""
        self._request = done.request
        told = t("deletion.done_told", number=done.request, entries=done.entries, files=done.files)
        self.told.setText(told)
        lines = [
            t(
                "deletion.copy",
                name=copy.name or t("deletion.away"),
                date=copy.leaves_on or t("deletion.by_hand"),
            )
            for copy in done.swept.copies
        ]
        self.copies.setText("\n".join([t("deletion.copies"), *lines]) if lines else t("deletion.no_copies"))


class ListCard(Card):
    """The deletions known here; ``slip_asked(request)``."""

    slip_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("deletion.list"), "section"))
        self.why = words("", "muted", wrap=True)
        self.add(self.why)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(18))
        self._grid.setVerticalSpacing(theme.px(8))
        self._grid.setColumnStretch(3, 1)
        self.column.addLayout(self._grid)
        self.column.addStretch(1)

    def show_list(self, found: Sequence[Deletion]) -> None:
        """Show other deletions."""
        clear(self._grid)
        self.why.setText(t("deletion.list_why") if found else t("deletion.list_none"))
        for at, one in enumerate(found):
            waits = [reached.place for reached in one.reached if not reached.at]
            state = (
                t("deletion.waits", places=t("detail.and").join(waits)) if waits else t("deletion.everywhere")
            )
            if one.later:
                state = t("deletion.later", number=one.later)
            go = button(t("deletion.slip"), "link")
            go.setAccessibleName(t("deletion.slip_of", number=one.request))
            go.clicked.connect(partial(self.slip_asked.emit, one.request))
            texts = (one.request, one.on, one.place, state)
            for column, text in enumerate(texts):
                self._grid.addWidget(words(text, "value", wrap=column == len(texts) - 1), at, column)
            self._grid.addWidget(go, at, len(texts))


def _row(at: int, one: Elsewhere) -> PickRow:
    key = f"field.{one.kind}.{one.field}"
    label = t(key) if has(key) else t("deletion.in_words")
    return PickRow(str(at), (t(f"conflicts.kind_{one.kind}"), one.household, label, one.text))


def _basis() -> list[Choice]:
    return [Choice(str(one), t(f"deletion.basis_{one}")) for one in Basis]


def _asked_by() -> list[Choice]:
    return [Choice(str(one), t(f"deletion.by_{one}")) for one in AskedBy]


def _channel() -> list[Choice]:
    return [Choice(str(one), t(f"deletion.channel_{one}")) for one in Channel]
