"""One page for a household that splits, is registered twice, moves away or should not be here.

Each act is told in a sentence before it is done, asks for its reason, and names its way back.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.calendar import civil_date
from app.domain.ids import Level
from app.queries.ties import TieKind
from app.ui import theme
from app.ui.binding import clear
from app.ui.desks.belonging import BelongingDesk, Moving, Splitting
from app.ui.desks.choice import Choice
from app.ui.pages.belonging_parts import CarryPanel, MovePanel, PlainPanel, SplitPanel, UnitePanel
from app.ui.parts.buttons import button
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame, scrolled
from app.ui.parts.words import words
from app.ui.running_words import running_words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QPushButton

    from app.domain.changes import Changes
    from app.queries.household_list import HouseholdLine
    from app.queries.running import RunningCase
    from app.queries.ties import Tie
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.belonging import BelongingFile
    from app.ui.runner import Runner

ACTS = ("split", "unite", "move", "carry", "void", "part", "restore", "unmove")
_GRAVE = frozenset({"void", "move"})


class BelongingPage(Page):
    """Opened for the id of a household."""

    help_key = "belonging.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._desk, self._runner, self._ask = desk, runner, ask
        self._belonging = desk.group(BelongingDesk)
        self._household = ""
        self.file: BelongingFile | None = None
        self._other: BelongingFile | None = None
        self._act = ""
        relations = self._belonging.relations()
        self.frame = PageFrame(t("belonging.title"))
        self.splitting, self.uniting, self.moving = SplitPanel(relations), UnitePanel(relations), MovePanel()
        self.carrying = CarryPanel()
        self._plain = {act: PlainPanel(t(f"belonging.{act}_told")) for act in ACTS[4:]}
        self.tabs: dict[str, QPushButton] = {}
        self._stack = QStackedWidget()
        self._ties = QVBoxLayout()
        self._none = words(t("belonging.ties_none"), "muted", wrap=True)
        self._lay_out()
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self.do)
        self.uniting.sought.connect(self._on_sought)
        self.uniting.chosen.connect(self._on_chosen)
        self.uniting.turned.connect(self._show_pair)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.do)

    def show_for(self, subject: object = None) -> None:
        """Read a household; without one the one last shown."""
        if isinstance(subject, str) and subject:
            self._household = subject
        self._read()

    def on_changed(self, changes: Changes) -> None:
        """Read again."""
        if changes.touched and self._household and self.isVisible():
            self._read()

    def choose(self, act: str) -> None:
        """Show the panel of one of ``ACTS``."""
        self._act = act
        self.tabs[act].setChecked(True)
        self._stack.setCurrentIndex(ACTS.index(act))
        self.frame.show_primary(t(f"belonging.{act}_verb"))

    def do(self) -> None:
        """Check what is entered, ask for the reason, do it."""
        if self.file is None or not self._act:
            return
        work = self._work()
        if work is None:
            return
        head = self.file.head or t("households.nobody")
        stops = running_words(self._stopped())
        sure = "\n\n".join((t(f"belonging.{self._act}_sure", head=head), *stops))
        reason = self._ask.reason(t(f"belonging.{self._act}_verb"), sure)
        if reason is None:
            return
        if self._act in _GRAVE or stops:
            verb = t(f"belonging.{self._act}_verb")
            if not self._ask.confirm(verb, sure, verb, danger=True):
                return
        self._runner.run(partial(work, reason), partial(self._on_done, self._act, head))

    def _stopped(self) -> tuple[RunningCase, ...]:
        """Return what is under way and would stop with the act that is chosen."""
        if self.file is not None and self._act == "void":
            return self.file.running
        if self.file is None or self._other is None or self._act != "unite":
            return ()
        double = self._other if self.uniting.stays.value() == self.file.household else self.file
        return double.running

    def _lay_out(self) -> None:
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        for act in ACTS:
            tab = button(t(f"belonging.{act}"), "chip")
            tab.setCheckable(True)
            tab.clicked.connect(partial(self.choose, act))
            group.addButton(tab)
            row.addWidget(tab)
            self.tabs[act] = tab
        row.addStretch(1)
        panels: tuple[QWidget, ...] = (self.splitting, self.uniting, self.moving, self.carrying)
        panels += tuple(self._plain.values())
        for panel in panels:
            self._stack.addWidget(scrolled(panel))
        left = Card()
        left.column.addLayout(row)
        left.add(self._stack, 1)
        body = QWidget()
        columns = QHBoxLayout(body)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(theme.px(14))
        columns.addWidget(left, 1)
        columns.addWidget(self._tied())
        self.frame.add(body, 1)
        self.frame.show_keys(((("Ctrl", "Enter"), t("belonging.key_do")), (("Esc",), t("app.back"))))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def _tied(self) -> Card:
        right = Card()
        right.add(words(t("belonging.ties"), "section"))
        right.add(self._none)
        right.column.addLayout(self._ties)
        right.column.addStretch(1)
        right.setFixedWidth(theme.px(300))
        return right

    def _read(self) -> None:
        if self._household:
            work = partial(self._belonging.file, self._household)
            self._runner.read(work, self._on_file, lane=(id(self), "file"))

    def _on_file(self, file: BelongingFile) -> None:
        self.file, self._other = file, None
        head = file.head or t("households.nobody")
        self.frame.show_title(
            t("belonging.title_of", head=head), t("detail.dot").join((file.code, file.village))
        )
        self.splitting.show_file(file)
        self.carrying.show_file(file)
        self.uniting.clear()
        work = partial(self._belonging.villages, file.household)
        self._runner.read(work, partial(self._on_villages, file), lane=(id(self), "villages"))
        offered = self._offered(file)
        for act, tab in self.tabs.items():
            tab.setVisible(act in offered)
        self._show_ties(file.ties)
        if offered:
            self.choose(self._act if self._act in offered else offered[0])
        else:
            self.frame.show_primary("")

    def _offered(self, file: BelongingFile) -> tuple[str, ...]:
        """Return the acts that make sense for a household as it stands at this level."""
        at_village = self._desk.place.level is Level.VILLAGE
        kinds = {tie.kind for tie in file.ties}
        if file.status == "active":
            acts = ["split", "unite", "void"] if at_village else ["unite", "move"]
            if not at_village and TieKind.CAME_FROM in kinds:
                acts.append("unmove")
            return tuple(acts)
        if file.status == "moved":
            return ("carry",) if file.late and self._desk.place.level is Level.TOWNSHIP else ()
        if file.status == "alias":
            return ("part",)
        return ("restore",) if file.status == "void" and at_village else ()

    def _on_villages(self, file: BelongingFile, villages: Sequence[Choice]) -> None:
        self.moving.show_file(file, villages, civil_date(self._desk.now()).isoformat())

    def _show_ties(self, found: Sequence[Tie]) -> None:
        clear(self._ties)
        self._none.setVisible(not found)
        for tie in found:
            name = tie.head or tie.code or t("belonging.unknown_home")
            self._ties.addWidget(words(t(f"belonging.tie_{tie.kind}"), "label"))
            go = button(t("belonging.tie_open", name=name, village=tie.village or "—"), "link")
            go.setEnabled(bool(tie.village))
            go.clicked.connect(partial(self.asked.emit, "household", tie.household))
            self._ties.addWidget(go)

    def _on_sought(self, text: str) -> None:
        if text:
            work = partial(self._belonging.find, text, self._household)
            self._runner.read(work, self._on_found, lane=(id(self), "find"))

    def _on_found(self, found: Sequence[HouseholdLine]) -> None:
        self.uniting.show_found(found)
        if not found:
            self.noticed.emit(t("belonging.found_none"))

    def _on_chosen(self, household: str) -> None:
        work = partial(self._belonging.file, household)
        self._runner.read(work, self._on_other, lane=(id(self), "other"))

    def _on_other(self, other: BelongingFile) -> None:
        self._other = other
        self._show_pair()

    def _show_pair(self) -> None:
        if self.file is not None and self._other is not None:
            choices = [Choice(one.household, _named(one)) for one in (self.file, self._other)]
            self.uniting.show_pair(self.file, self._other, choices)

    def _work(self) -> Callable[[str], Changes] | None:
        """Return the act, to be called with its reason; None, and it is said, while something is missing."""
        desk, uid = self._belonging, self._household
        if self._act == "split":
            return self._split()
        if self._act == "unite":
            return self._unite()
        if self._act == "move":
            return self._move()
        if self._act == "carry":
            return self._carry()
        acts = {"void": desk.void, "part": desk.part, "restore": desk.restore, "unmove": desk.unmove}
        return partial(acts[self._act], uid)

    def _split(self) -> Callable[[str], Changes] | None:
        where = {code: str(value) for code, value in self.splitting.where.values().items()}
        going = self.splitting.picks.ticked()
        if not going or not all(going.values()):
            self.noticed.emit(t("belonging.no_relation" if going else "belonging.nobody_goes"))
            return None
        given = Splitting(going, where["group"], where["address"])
        return partial(self._belonging.split, self._household, given)

    def _unite(self) -> Callable[[str], Changes] | None:
        if self._other is None:
            self.noticed.emit(t("belonging.no_other"))
            return None
        kept = self.uniting.stays.value()
        double = self._other.household if kept == self._household else self._household
        return partial(self._belonging.unite, kept, double, self.uniting.picks.ticked())

    def _move(self) -> Callable[[str], Changes] | None:
        if self.moving.form.check():
            self.moving.form.next_problem()
            return None
        to = {code: str(value) for code, value in self.moving.form.values().items()}
        return partial(
            self._belonging.move, self._household, Moving(to["village"], to["on"], to["group"], to["address"])
        )

    def _carry(self) -> Callable[[str], Changes] | None:
        chosen = self.carrying.table.ticked()
        if not chosen:
            self.noticed.emit(t("belonging.no_late"))
            return None
        return partial(self._belonging.carry, self._household, chosen)

    def _on_done(self, act: str, head: str, _changes: Changes) -> None:
        self.say(t(f"belonging.{act}_done", head=head))
        self._read()


def _named(file: BelongingFile) -> str:
    parts = (file.head or t("households.nobody"), file.code, file.village)
    return t("detail.dot").join(part for part in parts if part)
