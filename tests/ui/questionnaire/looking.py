"""Finding things in an open questionnaire."""

from __future__ import annotations

from app.ui.questionnaire.hints import HintButton

WAGE = "/data/income/income_wage/wage_away"


def field(view, ref):
    return next(f for f in view.fields() if f.entry.ref == ref)


def index_of(view, title):
    return next(i for i, b in enumerate(view.nav.buttons) if b.text() == title)


def titles(view):
    return {h.hint.title for h in view.hints.findChildren(HintButton) if not h.isHidden()}


def live(view):
    return {w.accessibleName() for w in view.hints.findChildren(object) if hasattr(w, "accessibleName")}
