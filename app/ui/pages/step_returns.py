"""What the page of a step adds around returns and conflicts: parts to mark, and the way to the queue."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.evidence import CONFLICTS
from app.ui.desks.returns import ReturnsDesk
from app.ui.parts.buttons import button
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.queries.case_card import Said
    from app.ui.desk import Desk
    from app.ui.parts.act_card import ActCard
    from app.ui.parts.page import Page
    from app.ui.parts.page_frame import Card
    from app.ui.runner import Runner


def offer_marks(card: ActCard, desk: Desk, runner: Runner, case: Callable[[], str]) -> None:
    """Let the card of an act offer what can be marked on a case, "" for many at once."""
    returns = desk.group(ReturnsDesk)

    def ask() -> None:
        runner.read(partial(returns.marks, case()), card.offer_marks, lane=(id(card), "marks"))

    card.marks_wanted.connect(ask)


def offer_queue(card: Card, page: Page, household: Callable[[], str]) -> Callable[[Sequence[Said]], None]:
    """Add the way to the conflicts to a card; return what shows it when they stand in the way."""
    settle = button(t("step.settle_conflicts"), "danger", "merge")
    settle.hide()
    settle.clicked.connect(lambda: page.asked.emit("conflicts", household()))
    card.add(settle)

    def show(lacking: Sequence[Said]) -> None:
        settle.setVisible(any(said.field == CONFLICTS for said in lacking))

    return show
