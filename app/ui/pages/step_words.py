"""What the page of a step says about where the step stands and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.evidence import CONFLICTS
from app.queries.tone import Tone
from app.ui.texts import t

if TYPE_CHECKING:
    from app.queries.case_card import CaseAction, Said
    from app.queries.step_sheet import StepSheet


def step_keys() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return the keys that matter on the page of a step and what they do."""
    return (
        (("Enter",), t("step.key_next")),
        (("Ctrl+Enter",), t("step.key_send")),
        (("F8",), t("step.key_problem")),
        (("Esc",), t("step.key_back")),
    )


def told(said: Said) -> str:
    """Return the sentence of a finding."""
    return t(said.code, **dict(said.params))


def missing_words(sheet: StepSheet, best: CaseAction | None) -> str:
    """Return what is missing for the best way on, that it is ready, or why there is none; one line each."""
    if best is None:
        return _why_not(sheet)
    if not best.missing:
        return t("step.ready", action=best.label)
    dot = t("detail.dot").strip()
    return "\n".join(f"{dot} {_short(said)}" for said in best.missing)


def _short(said: Said) -> str:
    return told(said) if said.field == CONFLICTS else str(dict(said.params).get("what", told(said)))


def pill(sheet: StepSheet) -> tuple[str, Tone]:
    """Return the words and the colour of the standing of the step: done, open, late or still ahead."""
    line = next((step for step in sheet.card.steps if step.step == sheet.step), None)
    named: dict[str, str | int] = {"number": sheet.number, "name": sheet.name}
    if sheet.is_done:
        return t("step.pill_done", name=sheet.name), Tone.GREEN
    if not sheet.is_open:
        return t("step.pill_future", name=sheet.name), Tone.NEUTRAL
    late = line.overdue_days if line is not None else None
    if late is None:
        return t("step.pill_open", **named), Tone.BLUE
    if late > 0:
        return t("step.pill_late", **named, days=late), Tone.RED
    return t("step.pill_due", **named, days=-late), Tone.AMBER


def whole_actions(sheet: StepSheet | None) -> tuple[CaseAction, ...]:
    """Return what can be done with the case as a whole from here: at an open step, or once it is closed."""
    return sheet.whole if sheet is not None and (sheet.is_open or not sheet.card.stage) else ()


def _why_not(sheet: StepSheet) -> str:
    if sheet.is_done and sheet.late and sheet.mine:
        return t("step.late")
    if sheet.is_open and not sheet.mine:
        return t("step.waits", level=t(f"step.level_{sheet.level}"))
    return t("step.not_open")
