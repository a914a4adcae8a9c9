"""What stands around the questions: open problems, last year's answers, computed results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaire.checking import errors
from app.ui.questionnaire.editors import grouped
from app.ui.questionnaire.hints import Hint, Live
from app.ui.questionnaire.outline import questions_of, sentence_of, title_of
from app.ui.questionnaire.registry import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.questionnaire.checking import Problem
    from app.questionnaire.engine import Engine
    from app.questionnaire.state import Entry
    from app.ui.questionnaire.field import QuestionField
    from app.ui.questionnaire.outline import Section

_LIVE = "live"


def seen_problems(engine: Engine, touched: set[Entry]) -> tuple[Problem, ...]:
    """Open problems of questions the person has been at, and of all that are answered."""
    return tuple(p for p in errors(engine) if p.entry in touched or p.entry.stored)


def unreadable(fields: Iterable[QuestionField]) -> list[QuestionField]:
    """Fields whose text cannot be read as what it should be."""
    return [f for f in fields if f.entry.relevant and f.editor.problem()]


def hints_of(problems: Iterable[Problem], fields: Iterable[QuestionField]) -> list[Hint]:
    """The problems to list, those of unreadable texts last."""
    listed = [Hint(title_of(p), sentence_of(p), p.ref) for p in problems]
    known = {h.ref for h in listed}
    rest = (f for f in unreadable(fields) if f.touched and f.entry.ref not in known)
    return listed + [Hint(f.label(), f.editor.problem(), f.entry.ref) for f in rest]


def last_year(engine: Engine, section: Section, previous: Mapping[str, str]) -> list[tuple[str, str]]:
    """Last year's answers to the questions of a section."""
    asked = (e for e in questions_of(engine, section) if e.core in previous and e.relevant)
    return [(engine.wording.label(e), grouped(previous[e.core])) for e in asked]


def lives_of(engine: Engine) -> list[Live]:
    """Results marked ``live`` in the appearance column, with the arithmetic in their hint."""
    found: list[Live] = []
    for control in (c for top in engine.form.body for c in top.walk() if _LIVE in c.appearance):
        for entry in engine.at(control.path):
            unit = Question(engine, entry).unit
            value = f"{grouped(entry.value)} {unit}" if entry.value else "—"
            found.append(Live(engine.wording.label(entry), value, engine.wording.hint(entry)))
    return found
