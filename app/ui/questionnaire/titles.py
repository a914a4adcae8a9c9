"""What a questionnaire is called in buttons and headlines."""

from __future__ import annotations

from app.ui.texts import has, t


def form_title(form: str) -> str:
    """Return the name of a questionnaire by its id; a county's own is just a questionnaire."""
    key = f"visit.title_{form}"
    return t(key) if has(key) else t("visit.title")
