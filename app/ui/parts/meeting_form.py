"""A new appraisal meeting: what it was, who came, and the votes on every household."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.meeting import faults, needed_present, vote_of
from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import DateInput, LineInput, LongInput, NumberInput
from app.ui.parts.page_frame import Card, scrolled
from app.ui.parts.pick_card import PickCard
from app.ui.parts.pick_table import PickColumn, PickRow
from app.ui.parts.words import set_role, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.ids import Value
    from app.domain.meeting import QuorumRule
    from app.queries.linked import CandidateLine

VOTES = ("votes_for", "votes_against", "votes_abstain")
_REMEMBERED = ("rule", "place", "chair", "recorder", "supervisor", "eligible")


class MeetingForm(QWidget):
    """``changed()`` whenever it may have become ready; ``meeting()`` and ``votes()`` are what to record."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rules: dict[str, QuorumRule] = {}
        self._last: dict[str, Value] = {}
        self.grid = FormGrid(2)
        self.rule = CodeInput()
        self.quorum = words("", "muted", wrap=True)
        columns = (
            PickColumn(t("meetings.head"), 5),
            PickColumn(t("meetings.group"), 3),
            PickColumn(t("meetings.for"), 2, VOTES[0], figures=True),
            PickColumn(t("meetings.against"), 2, VOTES[1], figures=True),
            PickColumn(t("meetings.abstain"), 2, VOTES[2], figures=True),
            PickColumn(t("field.case.recused"), 4, "recused"),
        )
        self.pick = PickCard(t("meetings.households"), columns, t("meetings.nobody"))
        self.everyone = button(t("meetings.all_agree"), "link")
        self.repeat = button(t("meetings.repeat"), "link", "copy")
        self.said = words("", "warning", wrap=True)
        self._lay_out()
        self.grid.edited.connect(self._refresh)
        self.pick.changed.connect(self._refresh)
        self.everyone.clicked.connect(self._on_everyone)
        self.repeat.clicked.connect(self.pick.table.repeat)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        card = Card()
        add = self.grid.add
        add("rule", t("meetings.rule"), self.rule, span=2, required=True)
        add("held_on", t("field.meeting.held_on"), DateInput(), required=True)
        add("notified_on", t("field.meeting.notified_on"), DateInput(), hint=t("meetings.notified_hint"))
        add("place", t("field.meeting.place"), LineInput(), required=True)
        add("chair", t("field.meeting.chair"), LineInput(), required=True)
        add("recorder", t("field.meeting.recorder"), LineInput(), required=True)
        add("supervisor", t("field.meeting.supervisor"), LineInput())
        add("eligible", t("field.meeting.eligible"), NumberInput(t("app.unit_person")), required=True)
        add("present", t("field.meeting.present"), NumberInput(t("app.unit_person")), required=True)
        add("minutes", t("field.meeting.minutes"), LongInput(), span=2)
        for part in (words(t("meetings.about"), "section"), self.grid, self.quorum):
            card.add(part)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, theme.px(6), 0)
        column.addWidget(card)
        column.addStretch(1)
        area = scrolled(holder)
        area.setFixedWidth(theme.px(430))
        row.addWidget(area)
        self.pick.add_to_head(self.everyone)
        self.pick.add_to_head(self.repeat)
        self.pick.add(self.said)
        row.addWidget(self.pick, 1)

    def begin(self, rules: Sequence[QuorumRule], today: str) -> None:
        """Begin a meeting; what was written for the last one of this session is proposed again."""
        self._rules = {rule.id: rule for rule in rules}
        self.rule.offer([Choice(rule.id, rule.name) for rule in rules])
        first = rules[0].id if rules else ""
        self.grid.fill({"rule": first, "held_on": today, **self._last})

    def offer(self, lines: Sequence[CandidateLine], chosen: str) -> None:
        """Show who waits for an appraisal; ``chosen`` is ticked."""
        rows = [
            PickRow(
                line.case,
                (line.head, line.group, "", "", "", ""),
                line.case == chosen,
            )
            for line in lines
            if not line.linked
        ]
        self.pick.show_rows(rows)

    def meeting(self) -> dict[str, Value]:
        """Return the fields of the meeting."""
        values = self.grid.values()
        rule = self._rules.get(str(values.pop("rule")))
        named: dict[str, Value] = {"body": rule.body, "quorum_rule": rule.id} if rule else {}
        return {code: value for code, value in {**values, **named}.items() if value != ""}

    def votes(self) -> dict[str, dict[str, Value]]:
        """Return the votes on the ticked households."""
        return {key: self._vote(key) for key in self.pick.table.ticked()}

    def check(self) -> bool:
        """Mark what is not right yet; tell whether it can be recorded."""
        self._refresh()
        return not self.grid.check() and bool(self.votes()) and not self._faults()

    def remember(self) -> None:
        """Keep what will be the same at the next meeting."""
        values = self.grid.values()
        self._last = {code: values[code] for code in _REMEMBERED if values[code] != ""}

    def _vote(self, key: str) -> dict[str, Value]:
        typed = self.pick.table.typed_of(key)
        votes: dict[str, Value] = {
            code: int(typed[code]) if typed[code].isascii() and typed[code].isdigit() else 0 for code in VOTES
        }
        return {**votes, "recused": typed["recused"]}

    def _faults(self) -> list[str]:
        """Return what is wrong, as sentences; the votes are looked at one by one."""
        meeting = self.meeting()
        rule = self._rules.get(str(meeting.get("quorum_rule", "")))
        return [t(fault.code, **dict(fault.params)) for fault in faults(meeting, rule)] + self._odd()[1]

    def _odd(self) -> tuple[list[str], list[str]]:
        """Return the households whose ballots do not add up, and a sentence about the first."""
        present = self.grid.values()["present"]
        odd: list[str] = []
        said: list[str] = []
        for key, vote in self.votes().items():
            cast = vote_of(vote)
            if isinstance(present, int) and cast.ballots + cast.recused != present:
                odd.append(key)
                said.append(t("meeting.ballots", ballots=cast.ballots, present=present, recused=cast.recused))
        return odd, said[:1]

    def _refresh(self) -> None:
        odd, said = self._odd()
        self.pick.table.warn(odd, said[0] if said else "")
        self.said.setText(t("meetings.odd", number=len(odd)) if odd else "")
        self._show_quorum()
        self.changed.emit()

    def _show_quorum(self) -> None:
        values = self.grid.values()
        rule = self._rules.get(str(values["rule"]))
        eligible, present = values["eligible"], values["present"]
        if rule is None or not isinstance(eligible, int) or not isinstance(present, int):
            self.quorum.setText(rule.source if rule else "")
            set_role(self.quorum, "muted")
            return
        needs = needed_present(rule, eligible)
        enough = present >= needs and present <= eligible
        key = "meetings.enough" if enough else "meetings.not_enough"
        self.quorum.setText(t(key, eligible=eligible, present=present, needs=needs))
        set_role(self.quorum, "label" if enough else "error")

    def _on_everyone(self) -> None:
        """Write as many votes in favour as people came for every ticked household without votes."""
        present = self.grid.values()["present"]
        if not isinstance(present, int):
            self.grid.set_problem("present", t("app.required_number"))
            self.grid.focus("present")
            return
        table = self.pick.table
        for key in table.ticked():
            if not any(table.typed_of(key)[code] for code in VOTES):
                recused = vote_of(self._vote(key)).recused
                for code, votes in zip(VOTES, (present - recused, 0, 0), strict=True):
                    table.type_into(key, code, str(votes))
