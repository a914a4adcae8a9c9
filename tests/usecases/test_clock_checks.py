"""The question about the clock, and a person's word for the day."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.clock_doubt import Doubt
from app.usecases.clock_checks import agree_to_clock, clock_question
from tests.usecases.exchange import Computers, count, edit, household


def test_a_clock_that_went_back_is_asked_about_once_a_day(computers: Computers) -> None:
    village = computers.office("village-01")
    edit(village, household(village), address="一组1号")
    assert clock_question(village) is None
    computers.later(hours=-30)
    question = clock_question(village)
    assert question is not None
    assert question.doubt is Doubt.BEHIND
    assert question.last is not None
    assert (question.last - question.now).total_seconds() == 30 * 3600
    before = count(village, "audit")
    agree_to_clock(village)
    assert (clock_question(village), count(village, "audit")) == (None, before + 1)
    computers.later(days=-1)
    assert clock_question(village) is not None
    # The next entry is written with the time somebody vouched for: nothing is doubtful any more.
    edit(village, household(village), address="一组2号")
    assert clock_question(village) is None


def test_a_flat_battery_and_a_far_year(computers: Computers) -> None:
    village = computers.office("village-01")
    edit(village, household(village), address="一组1号")
    for moment, doubt in (
        (datetime(2000, 1, 1, tzinfo=UTC), Doubt.BEFORE_BUILD),
        (datetime(2038, 1, 19, tzinfo=UTC), Doubt.AHEAD),
    ):
        computers.clock.moment = moment
        question = clock_question(village)
        assert question is not None
        assert question.doubt is doubt
