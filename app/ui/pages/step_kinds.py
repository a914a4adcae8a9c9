"""Which panel serves which page of the pack's steps; a page no pack knows here is fields only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.pages.certificate_panel import CertificatePanel
from app.ui.pages.hits_panel import HitsPanel
from app.ui.pages.step_panels import CheckPanel, NoPanel, QuestionnairePanel, SharedPanel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.pages.step_panels import StepPanel
    from app.ui.runner import Runner

VERDICT_PAGES = frozenset({"visit", "compare", "appraise", "check", "audit", "criteria"})
"""Pages that show 一超过两不愁三保障 below the fields."""

_PLAIN: Mapping[str, Callable[[], StepPanel]] = {
    "apply": partial(QuestionnairePanel, first=False),
    "visit": QuestionnairePanel,
    "criteria": QuestionnairePanel,
    "appraise": partial(SharedPanel, "meetings", "users"),
    "publicise": partial(SharedPanel, "notices", "megaphone"),
    "check": partial(CheckPanel, "checks", "table"),
    "audit": partial(SharedPanel, "audits", "table"),
}
_WORKING: Mapping[str, Callable[[Desk, Runner, Ask], StepPanel]] = {
    "compare": HitsPanel,
    "certify": CertificatePanel,
}


def make_panel(page: str, desk: Desk, runner: Runner, ask: Ask) -> StepPanel:
    """Return the panel of a page."""
    working = _WORKING.get(page)
    return working(desk, runner, ask) if working is not None else _PLAIN.get(page, NoPanel)()
