"""The page of one household: who lives there, what they live on and how, its cases and papers.

Edits are collected in a draft and saved by one use case; a change that sends a case back asks for its
reason first, and names the step.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.ids import Kind
from app.queries.tone import Tone
from app.ui import theme
from app.ui.binding import maybe
from app.ui.desk import StepSubject
from app.ui.desks.household import FixSubject, HouseholdDesk
from app.ui.desks.visit import SubmissionSubject
from app.ui.models.household_draft import NEW, Draft
from app.ui.models.household_list import short_code
from app.ui.pages.household_money import MoneySection
from app.ui.pages.household_papers import PapersSection
from app.ui.pages.household_parts import CONDITIONS, FACTS, FormSection, MembersSection
from app.ui.pages.household_side import WIDTH, SidePanel
from app.ui.parts.buttons import button
from app.ui.parts.entity_form import Measure
from app.ui.parts.mark_words import notes_for, strip_words
from app.ui.parts.page import Page
from app.ui.parts.page_frame import PageFrame, scrolled
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QPushButton

    from app.domain.changes import Changes
    from app.queries.duplicates import KnownPerson
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.household import CaseState, FieldEdit, HouseholdFile, Outlook
    from app.ui.runner import Runner

SECTIONS = ("facts", "members", "money", "living", "papers")
SECTION_OF = {"household": "facts", "member": "members", "conditions": "living"} | dict.fromkeys(
    ("income", "expense"), "money"
)
"""The section in which a kind is put right."""


class HouseholdPage(Page):
    """Opened for the id of a household."""

    help_key = "households.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._home = desk.group(HouseholdDesk)
        self._household = ""
        self._file: HouseholdFile | None = None
        self._fix: FixSubject | None = None
        self.strip = words("", "warning", wrap=True)
        self.strip.hide()
        self.draft: Draft | None = None
        measure = Measure(self._home.lists(), self._home.today())
        self.frame = PageFrame()
        self.frame.add(self.strip)
        self.facts = FormSection(Kind.HOUSEHOLD, FACTS, measure)
        self.members = MembersSection(measure)
        self.money = MoneySection(measure)
        self.living = FormSection(Kind.CONDITIONS, CONDITIONS, measure)
        self.papers = PapersSection()
        self.side = SidePanel()
        self.tabs: dict[str, QPushButton] = {}
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    def show_for(self, subject: object = None) -> None:
        """Read the household anew; without one the household last shown."""
        self._fix = subject if isinstance(subject, FixSubject) else None
        subject = self._fix.household if self._fix is not None else subject
        if isinstance(subject, str) and subject:
            if subject != self._household:
                self.choose_section("members")
            self._household = subject
        self._read()
        self.members.table.setFocus()

    def on_changed(self, changes: Changes) -> None:
        """Read again unless something here is not saved yet."""
        if self._household and changes.touched and not self._unsaved():
            self._read()

    def may_leave(self) -> bool:
        """Ask before unsaved changes are thrown away."""
        self._commit()
        if not self._unsaved():
            return True
        name, number = self._head(), self.draft.count if self.draft else 0
        text = t("households.leave_text", name=name, number=number)
        if not self._ask.confirm(t("households.leave"), text, t("households.leave_verb"), danger=True):
            return False
        self.draft = None
        return True

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go to the next field that is marked on the section shown."""
        here = self._stack.currentIndex()
        forms = {0: self.facts.form, 1: self.members.form, 3: self.living.form}
        if here in forms:
            forms[here].next_problem(backwards=backwards)

    def offers(self, names: frozenset[str]) -> None:
        """Show only ways that lead somewhere."""
        self.papers.offers(names)

    def choose_section(self, name: str) -> None:
        """Show one of ``SECTIONS``."""
        self._stack.setCurrentIndex(SECTIONS.index(name))
        self.tabs[name].setChecked(True)

    def choose_step(self, number: int) -> None:
        """Take a digit for the section at that place."""
        if 1 <= number <= len(SECTIONS):
            self.choose_section(SECTIONS[number - 1])

    def _lay_out(self) -> None:
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        for name in SECTIONS:
            tab = button(t(f"households.tab_{name}"), "chip")
            tab.setCheckable(True)
            tab.clicked.connect(partial(self.choose_section, name))
            group.addButton(tab)
            row.addWidget(tab)
            self.tabs[name] = tab
        row.addStretch(1)
        for part in (self.facts, self.members, self.money, self.living, self.papers):
            self._stack.addWidget(scrolled(part))
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        left.addLayout(row)
        left.addWidget(self._stack, 1)
        body = QWidget()
        columns = QHBoxLayout(body)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(theme.px(14))
        columns.addLayout(left, 1)
        side = scrolled(self.side)
        side.setFixedWidth(theme.px(WIDTH))
        columns.addWidget(side)
        self.frame.add(body, 1)
        self.frame.show_primary(t("households.save"), enabled=False)
        self.frame.show_keys(
            (
                (("Enter",), t("households.key_next")),
                (("1-5",), t("households.key_section")),
                (("Ctrl+S",), t("households.key_save")),
                (("Esc",), t("households.key_back")),
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.choose_section("members")

    def _connect(self) -> None:
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self.save)
        for keys in ("Ctrl+S", "Ctrl+Return"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        for section in (self.facts, self.members, self.money, self.living):
            section.changed.connect(self._on_edited)
        for masked in (self.facts, self.members, self.living):
            masked.reveal_asked.connect(self._on_reveal)
        self.members.number_given.connect(self._on_number)
        self.side.dropped.connect(self._on_dropped)
        self.papers.case_asked.connect(self._on_case)
        self.papers.start_asked.connect(self._on_start)
        self.papers.conflicts_asked.connect(self._on_conflicts)
        self.papers.history_asked.connect(self._on_history)
        self.papers.forms_asked.connect(self._on_forms)
        self.papers.belonging_asked.connect(self._on_belonging)
        self.papers.deletion_asked.connect(self._on_deletion)

    def _read(self) -> None:
        if self._household:
            work = partial(self._home.file, self._household)
            self._runner.read(work, self._on_file, lane=(id(self), "file"))

    def _on_file(self, file: HouseholdFile) -> None:
        shown = self.members.form.uid if self._file is not None else ""
        self._file = file
        self.draft = Draft(file.sheet)
        self._show_title(file)
        self.facts.show_draft(self.draft, file.sheet.household)
        self.members.show_draft(self.draft, shown)
        self.money.show_draft(self.draft)
        self.living.show_draft(self.draft, file.sheet.conditions_id or self._new_conditions())
        for section in (self.money, self.living):
            section.setEnabled(bool(file.sheet.round))
        self.papers.show_file(file)
        self._show_marks(file)
        for tab, number in (("members", len(file.sheet.members)), ("papers", len(file.sheet.conflicts))):
            key = f"households.tab_{tab}"
            self.tabs[tab].setText(t(f"{key}_number", number=number) if number else t(key))
        self.side.reason.set_value("")
        self._on_edited()

    def _show_marks(self, file: HouseholdFile) -> None:
        """Highlight what an office above marked, and go to the part the page was opened for."""
        sent = file.returned
        marks = sent.marks if sent is not None else ()
        for form in (self.facts.form, self.members.form, self.living.form):
            form.show_notes(notes_for(marks, form.kind.value))
        self.strip.setText(strip_words(sent) if sent is not None else "")
        self.strip.setVisible(sent is not None)
        fix, self._fix = self._fix, None
        if fix is not None:
            self.choose_section(SECTION_OF[fix.kind])
            if fix.kind == Kind.MEMBER and fix.entity:
                self.members.choose(fix.entity)
            for form in (self.facts.form, self.members.form, self.living.form):
                if fix.field and form.kind == fix.kind:
                    form.focus(fix.field)

    def _new_conditions(self) -> str:
        """Return the key living conditions get that nobody recorded yet."""
        return f"{NEW}_living"

    def _show_title(self, file: HouseholdFile) -> None:
        sheet = file.sheet
        values = {field.field: field.text for field in sheet.fields}
        size = sum(member.present for member in sheet.members)
        code = t("detail.code", code=short_code(sheet.code)) if sheet.code else ""
        parts = (code, values.get("group", ""), t("list.persons", number=size), sheet.village_name)
        self.frame.show_title(self._head(), t("detail.dot").join(part for part in parts if part))
        running = next((case for case in file.cases if not case.ended), None)
        text = t("households.pill", step=running.step, status=running.status) if running else ""
        self.frame.show_pill(text, Tone.AMBER)

    def _head(self) -> str:
        members = self._file.sheet.members if self._file else ()
        return next((member.name for member in members), "") or t("households.nobody")

    def _unsaved(self) -> bool:
        return self.draft is not None and self.draft.is_changed

    def _commit(self) -> None:
        """Take what is being typed into the draft."""
        QGuiApplication.inputMethod().commit()
        focused = maybe(self.focusWidget())
        if focused is not None:
            focused.clearFocus()

    def _on_edited(self) -> None:
        if self.draft is not None and self._file is not None:
            self.side.show_draft(self.draft, self._file)
            self.frame.show_primary(t("households.save"), enabled=self._unsaved())

    def save(self) -> None:
        """Save everything in one go; first ask what it would do to the cases."""
        self._commit()
        if not self._unsaved() or self.draft is None or self._has_problems():
            return
        work = partial(self._home.preview, self._household, self.draft.edits())
        self._runner.run(work, partial(self._on_preview, self.draft))

    def _has_problems(self) -> bool:
        """Go to the first section with an error; tell whether there is one."""
        checks = {
            "facts": self.facts.problems(),
            "members": self.members.problems(),
            "money": self.money.problems(),
            "living": self.living.problems(),
        }
        wrong = next((name for name, errors in checks.items() if errors), "")
        if wrong:
            self.choose_section(wrong)
            self.next_problem()
            self.noticed.emit(t("households.has_problems"))
        return bool(wrong)

    def _on_preview(self, draft: Draft, outlooks: Sequence[Outlook]) -> None:
        reason = str(self.side.reason.value())
        grave = [one for one in outlooks if one.step or one.redo]
        if grave and not reason:
            asked = self._ask.reason(t("households.correction"), _consequences(grave))
            if asked is None:
                return
            reason = asked
        work = partial(self._home.save, self._household, draft.edits(), reason)
        reprint = any(one.reprint for one in outlooks)
        self._runner.run(work, partial(self._on_saved, draft, reason, reprint))

    def _on_saved(self, draft: Draft, reason: str, reprint: bool, changes: Changes) -> None:
        back = draft.reversal(changes)
        self.draft = None
        self._read()
        key = "households.saved_reprint" if reprint else "households.saved"
        self.say(t(key, name=self._head()), partial(self._take_back, back, reason) if back else None)

    def _take_back(self, back: Sequence[FieldEdit], reason: str) -> None:
        why = t("households.undo_reason", reason=reason) if reason else ""
        work = partial(self._home.save, self._household, back, why)
        self._runner.run(work, self._on_taken_back)

    def _on_taken_back(self, _changes: Changes) -> None:
        self._read()
        self.say(t("households.undone"))

    def _on_dropped(self) -> None:
        self.draft = None
        self._read()

    def _on_reveal(self, kind: str, entity: str, field: str) -> None:
        # A write: showing a value in the clear is noted in the audit.
        work = partial(self._home.reveal, kind, entity, field)
        self._runner.run(work, partial(self._on_revealed, Kind(kind), entity, field))

    def _on_revealed(self, kind: Kind, entity: str, field: str, text: str) -> None:
        if self.draft is None:
            return
        self.draft.learn(kind, entity, field, text)
        forms = {
            Kind.HOUSEHOLD: self.facts.form,
            Kind.MEMBER: self.members.form,
            Kind.CONDITIONS: self.living.form,
        }
        form = forms[kind]
        if form.uid == entity:
            form.show_value(field)

    def _on_number(self, entity: str, number: str) -> None:
        work = partial(self._home.known, number, self._household)
        self._runner.read(work, partial(self._on_known, entity), lane=(id(self), "known"))

    def _on_known(self, entity: str, known: Sequence[KnownPerson]) -> None:
        self.members.warn_number(entity, told_known(known))

    def _on_case(self, case: CaseState) -> None:
        self.asked.emit("step", StepSubject(self._household, case.case, ""))

    def _on_start(self, workflow: str) -> None:
        work = partial(self._home.open_case, self._household, workflow)
        self._runner.run(work, partial(self._on_started, workflow))

    def _on_started(self, workflow: str, _changes: Changes) -> None:
        self.say(t(f"households.started_{workflow}", name=self._head()))
        self._read()

    def _on_conflicts(self) -> None:
        self.asked.emit("conflicts", self._household)

    def _on_history(self) -> None:
        self.asked.emit("household_history", self._household)

    def _on_forms(self) -> None:
        self.asked.emit("submission", SubmissionSubject(self._household))

    def _on_deletion(self) -> None:
        self.asked.emit("deletion", self._household)

    def _on_belonging(self) -> None:
        self.asked.emit("belonging", self._household)


def told_known(known: Sequence[KnownPerson]) -> str:
    """Return where else a number is registered, "" when nowhere."""
    if not known:
        return ""
    places = [
        t("households.known_at", village=one.village, group=one.group, head=one.head, name=one.name)
        for one in known
    ]
    return t("households.known", places=t("detail.and").join(places))


def _consequences(outlooks: Sequence[Outlook]) -> str:
    """Return in words what saving would do."""
    lines: list[str] = []
    for one in outlooks:
        if one.step:
            lines.append(t("households.goes_back", step=one.step))
        elif one.redo:
            lines.append(t("households.redo", steps=t("detail.and").join(one.redo)))
        if one.reprint:
            lines.append(t("households.reprint"))
    return "\n".join([*dict.fromkeys(lines), t("households.write_reason")])
