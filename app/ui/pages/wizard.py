"""The first run: role, place, own name and passphrase, the line in force; or the demonstration."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import AppError
from app.domain.ids import Level
from app.ui import theme
from app.ui.desk import NewWorkspace
from app.ui.parts.buttons import button
from app.ui.parts.door_frame import DoorFrame
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import CodeLine, LineInput, MoneyInput
from app.ui.parts.passphrase import PassphraseInput, strength
from app.ui.parts.progress_strip import ProgressStrip
from app.ui.parts.words import set_role, words
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from app.ui.ask import Ask
    from app.ui.desk import Desk, Door, Starter
    from app.ui.runner import Runner

_NAMES = {Level.VILLAGE: 3, Level.TOWNSHIP: 2, Level.COUNTY: 1}  # how many names a level has
_NAME_FIELDS = ("county", "township", "village")
STARTER_SUFFIX = ".hhstart"


class RolePage(QWidget):
    """Which level works here; a starter file answers this and the next page."""

    starter_asked = Signal()
    demo_asked = Signal()
    restore_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = _column(self)
        column.addWidget(words(t("wizard.role_why"), "muted", wrap=True))
        self._group = QButtonGroup(self)
        self._levels: dict[Level, QRadioButton] = {}
        for level in Level:
            choice = QRadioButton(t(f"wizard.role_{level}"))
            self._levels[level] = choice
            self._group.addButton(choice)
            column.addWidget(choice, 0, Qt.AlignmentFlag.AlignLeft)
            row = QHBoxLayout()
            row.setContentsMargins(theme.px(34), 0, 0, theme.px(4))
            row.addWidget(words(t(f"wizard.role_{level}_does"), "muted", wrap=True))
            column.addLayout(row)
        self._levels[Level.VILLAGE].setChecked(True)
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        starter = button(t("wizard.starter"), "plain", "file")
        demo = button(t("wizard.demo"), "plain", "play")
        starter.clicked.connect(self.starter_asked)
        demo.clicked.connect(self.demo_asked)
        restore = button(t("restore.link"), "plain", "undo")
        restore.clicked.connect(self.restore_asked)
        for part in (starter, demo, restore):
            row.addWidget(part)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def level(self) -> Level:
        """Return the level chosen."""
        return next(level for level, choice in self._levels.items() if choice.isChecked())

    def choose(self, level: Level) -> None:
        """Choose a level."""
        self._levels[level].setChecked(True)


class PlacePage(QWidget):
    """The 12-digit code and the names of the place."""

    def __init__(self) -> None:
        super().__init__()
        column = _column(self)
        self._why = words("", "muted", wrap=True)
        column.addWidget(self._why)
        self.form = FormGrid(2)
        self.form.add("code", t("wizard.code"), CodeLine(), span=2, required=True, hint=t("wizard.code_hint"))
        for name in _NAME_FIELDS:
            self.form.add(name, t(f"wizard.{name}"), LineInput(), required=True)
        column.addWidget(self.form)
        column.addStretch(1)
        self._level = Level.VILLAGE

    def show_level(self, level: Level) -> None:
        """Show the names the level has."""
        self._level = level
        self._why.setText(t(f"wizard.place_{level}"))
        for at, name in enumerate(_NAME_FIELDS):
            frame = self.form.field(name).parentWidget()
            if frame is not None:
                frame.setVisible(at < _NAMES[level])

    def names(self) -> tuple[str, ...]:
        """Return the names from the county down."""
        values = self.form.values()
        return tuple(str(values[name]) for name in _NAME_FIELDS[: _NAMES[self._level]])

    def code(self) -> str:
        """Return the code as typed."""
        return str(self.form.values()["code"])

    def fill(self, code: str, names: tuple[str, ...]) -> None:
        """Show what a starter file says."""
        self.form.fill({"code": code} | dict(zip(_NAME_FIELDS, names, strict=False)))

    def check(self, door: Door) -> bool:
        """Check the names are there and the code can be one of the level."""
        hidden = set(_NAME_FIELDS[_NAMES[self._level] :])
        wrong = set(self.form.check()) - hidden
        if "code" not in wrong:
            try:
                door.check_code(self._level, self.code())
            except AppError as error:
                self.form.set_problem("code", sentence(error))
                wrong.add("code")
        if wrong:
            self.form.focus("code" if "code" in wrong else min(wrong, key=_NAME_FIELDS.index))
        return not wrong


class PersonPage(QWidget):
    """Own name and the passphrase, twice."""

    def __init__(self) -> None:
        super().__init__()
        column = _column(self)
        column.addWidget(words(t("wizard.person_why"), "muted", wrap=True))
        self.form = FormGrid(2)
        self.form.add("person", t("wizard.person"), LineInput(), required=True)
        self.form.add("position", t("wizard.position"), LineInput(), hint=t("wizard.position_hint"))
        self.first = PassphraseInput(t("wizard.passphrase"))
        self.again = PassphraseInput(t("wizard.again"))
        self.form.add("passphrase", t("wizard.passphrase"), self.first, required=True)
        self.form.add("again", t("wizard.again"), self.again, required=True)
        column.addWidget(self.form)
        self.strength = words("", "muted", wrap=True)
        column.addWidget(self.strength)
        column.addStretch(1)
        self.first.textChanged.connect(self._on_text)
        self._on_text("")

    def check(self) -> bool:
        """Check that the name is there and both passphrases are the same and not too easy."""
        wrong = list(self.form.check())
        if "passphrase" not in wrong and _judged(self.first.value())[1] == "warning":
            self.form.set_problem("passphrase", t("wizard.passphrase_no"))
            wrong.append("passphrase")
        if not {"passphrase", "again"} & set(wrong) and self.first.value() != self.again.value():
            self.form.set_problem("again", t("wizard.not_same"))
            wrong.append("again")
        if wrong:
            self.form.focus(wrong[0])
        return not wrong

    def _on_text(self, text: str) -> None:
        said, role = _judged(text)
        self.strength.setText(said)
        set_role(self.strength, role)


def _judged(text: str) -> tuple[str, str]:
    """Return what is said of a passphrase and the label's role, ``warning`` for one that will not do."""
    if not text:
        return t("wizard.strength_empty"), "muted"
    try:
        return t(f"wizard.strength_{strength(text)}"), "muted"
    except AppError as error:
        return sentence(error), "warning"


class LinePage(QWidget):
    """The line in force with its document, or later."""

    def __init__(self) -> None:
        super().__init__()
        column = _column(self)
        column.addWidget(words(t("wizard.line_why"), "muted", wrap=True))
        self._group = QButtonGroup(self)
        self.now = QRadioButton(t("wizard.line_now"))
        self.later = QRadioButton(t("wizard.line_later"))
        for choice in (self.now, self.later):
            self._group.addButton(choice)
        self.form = FormGrid(2)
        self.form.add("fen", t("wizard.line_amount"), MoneyInput(t("wizard.line_unit")), required=True)
        self.form.add("doc", t("wizard.line_doc"), LineInput(), required=True, hint=t("wizard.line_doc_hint"))
        for part in (
            self.now,
            self.form,
            self.later,
            words(t("wizard.line_later_means"), "muted", wrap=True),
        ):
            column.addWidget(part)
        column.addStretch(1)
        self.now.toggled.connect(self.form.setEnabled)
        self.now.setChecked(True)

    def line(self) -> tuple[int | None, str]:
        """Return the line in fen and its document, nothing for later."""
        values = self.form.values()
        fen = values["fen"]
        if self.later.isChecked() or not isinstance(fen, int):
            return None, ""
        return fen, str(values["doc"])

    def fill(self, fen: int | None, doc: str) -> None:
        """Show what a starter file says."""
        if fen is not None:
            self.now.setChecked(True)
            self.form.fill({"fen": fen, "doc": doc})

    def check(self) -> bool:
        """Check amount and document unless they come later."""
        if self.later.isChecked():
            return True
        wrong = self.form.check()
        if wrong:
            self.form.focus(wrong[0])
        return not wrong


class WizardPage(DoorFrame):
    """Four short pages; ``opened(Desk)`` when the workspace stands or the demonstration is open.

    ``restore_asked()`` when there is a backup to begin with.
    """

    opened = Signal(object)
    restore_asked = Signal()

    def __init__(self, door: Door, runner: Runner, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(660, parent)
        self._door = door
        self._runner = runner
        self._ask = ask
        self._title = words("", "title")
        self._count = words("", "muted")
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._count)
        self.card.column.addLayout(head)
        self.role, self.place, self.person, self.line = RolePage(), PlacePage(), PersonPage(), LinePage()
        self._forms = {1: self.place.form, 2: self.person.form, 3: self.line.form}
        self._stack = QStackedWidget()
        for page in (self.role, self.place, self.person, self.line):
            self._stack.addWidget(page)
        self._stack.setMinimumHeight(theme.px(336))
        self._strip = ProgressStrip()
        self.card.add(self._stack)
        self.card.add(self._strip)
        self.card.column.addLayout(self._foot())
        self.role.starter_asked.connect(self._on_starter_asked)
        self.role.restore_asked.connect(self.restore_asked)
        self.role.demo_asked.connect(self._on_demo_asked)
        self.back.clicked.connect(self._on_back)
        self.next.clicked.connect(self._on_next)
        for form in self._forms.values():
            form.finished.connect(self.next.setFocus)
        self._show(0)

    def _foot(self) -> QHBoxLayout:
        self._error = words("", "error", wrap=True)
        self.back = button(t("app.back"))
        self.next = button("", "primary")
        row = QHBoxLayout()
        row.addWidget(self._error, 1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        return row

    def at(self) -> int:
        """Return the number of the page shown, 0 to 3."""
        return self._stack.currentIndex()

    def message(self) -> str:
        """Return the error at the foot, empty while all is well."""
        return self._error.text()

    def _show(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        name = ("role", "place", "person", "line")[number]
        self._title.setText(t(f"wizard.title_{name}"))
        self._count.setText(t("wizard.page", number=number + 1, of=self._stack.count()))
        self.back.setVisible(number > 0)
        last = number == self._stack.count() - 1
        self.next.setText(t("wizard.create") if last else t("wizard.next"))
        self._error.setText("")
        first = ("", "code", "person", "fen")[number]
        form = self._forms.get(number)
        if form is not None:
            form.focus(first)

    def _on_back(self) -> None:
        self._show(self.at() - 1)

    def _on_next(self) -> None:
        checks = (lambda: True, partial(self.place.check, self._door), self.person.check, self.line.check)
        if not checks[self.at()]():
            return
        if self.at() == 0:
            self.place.show_level(self.role.level())
        if self.at() < self._stack.count() - 1:
            self._show(self.at() + 1)
        else:
            self._create()

    def _create(self) -> None:
        fen, doc = self.line.line()
        values = self.person.form.values()
        wanted = NewWorkspace(
            level=self.role.level(),
            code=self.place.code(),
            names=self.place.names(),
            person=str(values["person"]),
            position=str(values["position"]),
            passphrase=self.person.first.value(),
            line_fen=fen,
            line_doc=doc,
        )
        self._wait()
        job = self._runner.run_long(
            partial(self._door.create, wanted), self._on_opened, self._strip.on_progress, self._on_failed
        )
        self._strip.follow(job, t("wizard.creating"), can_cancel=False)

    def show_demo(self) -> None:
        """Make and open the demonstration."""
        self._on_demo_asked()

    def _on_demo_asked(self) -> None:
        self._wait()
        job = self._runner.run_long(
            self._door.open_demo, self._on_opened, self._strip.on_progress, self._on_failed
        )
        self._strip.follow(job, t("wizard.making_demo"))

    def _on_starter_asked(self) -> None:
        path = self._ask.open_file(t("wizard.starter"), f"{t('wizard.starter_files')} (*{STARTER_SUFFIX})")
        if path is not None:
            self._runner.read(partial(self._door.read_starter, path), self._on_starter, self._on_failed)

    def _on_starter(self, starter: Starter) -> None:
        self.role.choose(starter.level)
        self.place.show_level(starter.level)
        self.place.fill(starter.code, starter.names)
        self.line.fill(starter.line_fen, starter.line_doc)
        self._show(1)

    def _on_opened(self, desk: Desk) -> None:
        self._strip.finish()
        self.opened.emit(desk)

    def _on_failed(self, error: AppError) -> None:
        self._strip.finish()
        self._stack.setEnabled(True)
        self.back.setEnabled(True)
        self.next.setEnabled(True)
        self._error.setText(sentence(error))

    def _wait(self) -> None:
        self._error.setText("")
        self._stack.setEnabled(False)
        self.back.setEnabled(False)
        self.next.setEnabled(False)


def _column(page: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, theme.px(4), 0, 0)
    column.setSpacing(theme.px(8))
    return column
