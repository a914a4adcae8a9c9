"""What stands around the questions: open problems, last year's answers, computed results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.questionnaire.hints import Hint, Live
from app.ui.questionnaire.markdown import plain
from app.ui.questionnaire.numbers import grouped
from app.ui.questionnaire.outline import sentence_of, title_of
from app.ui.questionnaire.registry import Question
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.questionnaire.checking import Problem
    from app.questionnaire.definition import Control
    from app.questionnaire.engine import Engine
    from app.questionnaire.state import Entry

_LIVE = "live"


def hints_of(engine: Engine, problems: Iterable[Problem], unreadable: Iterable[Entry]) -> list[Hint]:
    """The problems to list, those of unreadable texts last."""
    listed = [Hint(plain(title_of(p)), plain(sentence_of(p)), p.ref) for p in problems]
    known = {h.ref for h in listed}
    rest = (e for e in unreadable if e.relevant and e.ref not in known)
    said = t("questionnaire.unreadable")
    return listed + [Hint(plain(engine.wording.label(e)), said, e.ref) for e in rest]


def last_year(engine: Engine, inside: Iterable[Entry], previous: Mapping[str, str]) -> list[tuple[str, str]]:
    """Last year's answers to some questions."""
    asked = (e for e in inside if e.core in previous and e.relevant)
    return [(plain(engine.wording.label(e)), grouped(previous[e.core])) for e in asked]


def live_controls(engine: Engine) -> tuple[Control, ...]:
    """The results marked ``live`` in the appearance column."""
    return tuple(c for top in engine.form.body for c in top.walk() if _LIVE in c.appearance)


def lives_of(engine: Engine, controls: Iterable[Control]) -> list[Live]:
    """Those results now, with the arithmetic in their hint."""
    found: list[Live] = []
    for entry in (e for control in controls for e in engine.at(control.path)):
        unit = Question(engine, entry).unit
        value = f"{grouped(entry.value)} {unit}" if entry.value else "—"
        found.append(Live(engine.wording.label(entry), value, engine.wording.hint(entry)))
    return found
