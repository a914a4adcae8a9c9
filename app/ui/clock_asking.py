"""The question about a doubtful clock, put once when a workspace opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.clock_doubt import Doubt
from app.ui.desks.clock import ClockDesk
from app.ui.texts import t

if TYPE_CHECKING:
    from datetime import datetime

    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner
    from app.usecases.clock_checks import ClockQuestion

_WHY = {
    Doubt.BEHIND: "clock.behind",
    Doubt.AHEAD: "clock.ahead",
}


class ClockAsking:
    """Asks the person at the desk; who does not vouch for the time is told how to set it."""

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        self._desk, self._runner, self._ask = desk, runner, ask

    def look(self) -> None:
        """Ask when there is something to ask; a desk without a clock of its own is left alone."""
        if ClockDesk in self._desk.groups:
            self._runner.read(
                self._desk.group(ClockDesk).question, self._on_question, lane=(id(self), "clock")
            )

    def _on_question(self, question: ClockQuestion | None) -> None:
        if question is None:
            return
        now = _shown(question.now)
        if question.last is None or question.doubt is Doubt.BEFORE_BUILD:
            text = t("clock.before_build", now=now)
        else:
            text = t(_WHY[question.doubt], now=now, last=_shown(question.last))
        options = (t("clock.right"), t("clock.wrong"))
        chosen = self._ask.choose(t("clock.title"), text, options)
        if chosen == 0:
            self._runner.run(self._desk.group(ClockDesk).agree, self._on_agreed)
        elif chosen == 1:
            self._ask.tell(t("clock.title"), t("clock.how"))

    def _on_agreed(self, _done: None) -> None:
        """Nothing is left to do: work goes on."""


def _shown(moment: datetime) -> str:
    return t(
        "clock.moment", year=moment.year, month=moment.month, day=moment.day, time=moment.strftime("%H:%M")
    )
