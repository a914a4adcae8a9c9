"""The question about a doubtful clock when a workspace opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from app.domain.calendar import CHINA
from app.domain.clock_doubt import Doubt
from app.ui.clock_asking import ClockAsking
from app.ui.desks.clock import ClockDesk
from app.ui.main_window import MainWindow
from app.usecases.clock_checks import ClockQuestion

NOW, LAST = datetime(2000, 1, 1, 8, tzinfo=CHINA), datetime(2026, 10, 7, 10, tzinfo=CHINA)
TITLE = "这台电脑的时间可能不对"


class Clocked:
    """The callables, with what was agreed to."""

    def __init__(self, question):
        self.agreed = 0
        self._question = question

    def agree(self):
        self.agreed += 1

    def desk(self, plain):
        return replace(
            plain, groups={**plain.groups, ClockDesk: ClockDesk(lambda: self._question, self.agree)}
        )


def test_who_vouches_for_the_time_is_not_asked_again(work, runner, ask, qtbot):
    clocked = Clocked(ClockQuestion(Doubt.BEFORE_BUILD, NOW, LAST))
    ask.answers = [0]
    window = MainWindow(work.door(), runner, lambda _over: ask)
    qtbot.addWidget(window)
    window.open_desk(clocked.desk(work.desk()))
    window.open_desk(clocked.desk(work.desk()))  # dressed anew: the same window
    assert (ask.asked, clocked.agreed) == ([TITLE], 1)


@pytest.mark.parametrize(("answer", "asked"), [(1, [TITLE, TITLE]), (None, [TITLE])])
def test_who_does_not_is_told_how_to_set_it(work, runner, ask, answer, asked):
    clocked = Clocked(ClockQuestion(Doubt.AHEAD, LAST, NOW))
    ask.answers = [answer]
    ClockAsking(clocked.desk(work.desk()), runner, ask).look()
    assert (ask.asked, clocked.agreed) == (asked, 0)
    assert ("不会丢" in ask.told) is (answer == 1)


def test_a_plausible_clock_is_no_matter(work, runner, ask):
    ClockAsking(Clocked(None).desk(work.desk()), runner, ask).look()
    ClockAsking(work.desk(), runner, ask).look()
    assert ask.asked == []


def test_a_new_computer_has_no_last_entry(work, runner, ask):
    ask.answers = [None]
    ClockAsking(Clocked(ClockQuestion(Doubt.BEHIND, NOW, None)).desk(work.desk()), runner, ask).look()
    assert ask.asked == [TITLE]
