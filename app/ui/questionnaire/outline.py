"""Sections of a form and the questions in them; no widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.questionnaire.building import below, is_question
from app.questionnaire.checking import ProblemKind
from app.questionnaire.definition import Control, ControlKind
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.questionnaire.checking import Problem
    from app.questionnaire.engine import Engine
    from app.questionnaire.state import Entry

NESTED = frozenset({ControlKind.GROUP, ControlKind.REPEAT})


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form: a top-level group, or the questions that stand outside of groups."""

    title: str
    hint: str
    controls: tuple[Control, ...]
    top: Control | None = None


def sections_of(engine: Engine) -> tuple[Section, ...]:
    """The pages of the form; questions outside of groups make pages of their own between them."""
    found: list[Section] = []
    loose: list[Control] = []

    def close() -> None:
        if loose:
            title = engine.form.title or t("questionnaire.questions")
            found.append(Section(title, "", tuple(loose)))
            loose.clear()

    for control in engine.form.body:
        if control.kind != ControlKind.GROUP:
            loose.append(control)
            continue
        close()
        node = engine.at(control.path)[0].node if engine.at(control.path) else engine.root.node
        words = engine.wording
        title = words.group_label(control, node)
        found.append(Section(title, words.text(control.hint, node), control.children, control))
    close()
    return tuple(found)


def entry_of(engine: Engine, path: str, row: Entry | None) -> Entry | None:
    """The entry of a path inside ``row`` (None = outside of repeats); a range rather than one of its rows."""
    for entry in engine.at(path):
        if entry.row_of is not None and entry.path == path:
            continue
        if row is None or _inside(entry, row):
            return entry
    return None


def _inside(entry: Entry, row: Entry) -> bool:
    here: Entry | None = entry
    while here is not None:
        if here is row:
            return True
        here = here.parent
    return False


def is_relevant(engine: Engine, section: Section) -> bool:
    """Whether the section's group is relevant now."""
    entry = entry_of(engine, section.top.path, None) if section.top is not None else None
    return entry is None or entry.relevant


def questions_of(engine: Engine, section: Section) -> Iterator[Entry]:
    """All questions of a section, in every row."""
    paths = {c.path for top in section.controls for c in top.walk() if c.kind not in NESTED}
    start = entry_of(engine, section.top.path, None) if section.top is not None else None
    return (e for e in below(start or engine.root) if e.path in paths and is_question(e))


def is_asked(entry: Entry) -> bool:
    """Whether the person is expected to do something here: relevant, no note, not computed."""
    return entry.relevant and not entry.readonly


def row_title(row: Entry, number: int) -> str:
    """What a row is called: its first answered text question, else its number."""
    for entry in below(row):
        control, bind = entry.control, entry.bind
        is_text = control is not None and control.kind == ControlKind.INPUT
        if is_text and entry.stored and bind is not None and bind.type == "string":
            return entry.stored
    return t("questionnaire.row_number", number=number)


def title_of(problem: Problem) -> str:
    """The question's label, with the row's title before it inside a repeat."""
    here: Entry | None = problem.entry
    while here is not None and here.row_of is None:
        here = here.parent
    if here is None or here.row_of is None:
        return problem.label
    number = here.row_of.rows.index(here) + 1
    return t("questionnaire.in_row", row=row_title(here, number), label=problem.label)


def numeral(number: int) -> str:
    """A section's number in Chinese, in digits beyond ten."""
    digits = t("questionnaire.numerals")
    return digits[number - 1] if number <= len(digits) else str(number)


def sentence_of(problem: Problem) -> str:
    """What is said about a problem: the form's own words, else ours."""
    if problem.message:
        return problem.message
    missing = problem.kind is ProblemKind.REQUIRED
    return t("questionnaire.required") if missing else t("questionnaire.not_allowed")


def rows_around(entry: Entry) -> list[Entry]:
    """The rows a question stands in, the outermost first."""
    rows: list[Entry] = []
    here: Entry | None = entry
    while here is not None:
        if here.row_of is not None:
            rows.insert(0, here)
        here = here.parent
    return rows


def stands(entry: Entry) -> bool:
    """Whether a question is still part of the form: no row around it was taken away."""
    return all(row.row_of is not None and row in row.row_of.rows for row in rows_around(entry))
