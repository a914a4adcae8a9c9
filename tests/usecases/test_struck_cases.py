"""A household struck in the middle of a notice: what is said before, and what can still be done after."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.action import Acting
from app.domain.calendar import civil_date
from app.domain.ids import EntityId, Kind
from app.queries.board import Look
from app.queries.case import actions_of, get_case_card
from app.queries.publicity import publicity_rounds
from app.queries.running import running_cases
from app.ui.running_words import running_words
from app.usecases import belonging, cases, publicity
from tests.usecases.expect import refused
from tests.usecases.village import PLACES


@pytest.fixture
def pair(village):
    """Two cases that wait for a notice."""
    found = [village.open("吴福生"), village.open("赵六")]
    for case in found:
        village.bring(case, "publicise")
    return found


def running(village, head="吴福生"):
    with village.office.workspace.read() as conn:
        return running_cases(conn, village.office.policy, village.homes[head])


def look_of(village):
    return Look(village.office.policy, village.today, PLACES)


def actions(village, case):
    acting = Acting(village.office.level, village.office.actor.person, civil_date(village.clock.moment))
    with village.office.workspace.read() as conn:
        return actions_of(conn, village.office.policy, case, acting)


def test_what_stops_is_told_with_its_notice(village, pair):
    [one] = running(village)
    assert (one.case, one.steps, one.notice) == (pair[0], ("村内公示",), None)
    notice = village.plan_notice(pair)
    [one] = running(village)
    assert one.notice is not None
    assert (one.notice.id, one.notice.posted_on, one.notice.others) == (notice, "", 1)
    assert "还没有张贴，同一批还有 1 户" in running_words([one])[1]
    publicity.post_publicity(village.office, notice, village.today, "公开栏", "陈志明")
    [one] = running(village)
    assert "2026-03-02 已经张贴，同一张上还有 1 户" in running_words([one])[1]
    belonging.void(village.office, village.homes["赵六"], "登记错了")
    [one] = running(village)
    assert one.notice is not None
    assert one.notice.others == 0
    publicity.strike_publicity(village.office, notice, "写错了")
    assert [one.notice for one in running(village)] == [None]


def test_withdrawing_from_a_notice_warns(village, pair):
    assert {one.warning for one in actions(village, pair[0])} == {None}
    notice = village.plan_notice(pair)
    [planned] = [one.warning for one in actions(village, pair[0]) if one.action == "withdraw"]
    publicity.post_publicity(village.office, notice, village.today, "公开栏", "陈志明")
    [posted] = [one.warning for one in actions(village, pair[0]) if one.action == "withdraw"]
    assert planned is not None
    assert posted is not None
    assert (planned.code, posted.code) == ("case.leaves_planned", "case.leaves_posted")


@pytest.mark.parametrize("how", ["void", "alias"])
def test_a_case_of_a_struck_household_is_only_withdrawn(village, pair, how):
    home = village.homes["吴福生"]
    if how == "void":
        belonging.void(village.office, home, "登记错了")
    else:
        belonging.unite(village.office, village.homes["赵六"], home, {}, "同一户登记了两次")
    assert [one.action for one in actions(village, pair[0])] == ["withdraw"]
    with village.office.workspace.read() as conn:
        look = look_of(village)
        acting = Acting(village.office.level, "", village.today)
        card = get_case_card(conn, look, home, pair[0], acting)
    assert (card.elsewhere, card.next_action, card.waits_for) == (how, None, "")
    with refused(village.office, "household.not_active"):
        cases.act_on_case(village.office, pair[0], "publicise.save", {})
    cases.act_on_case(village.office, pair[0], "withdraw", {"reason": "户已作废"})
    assert actions(village, pair[0]) == ()


def test_a_notice_goes_on_without_the_household_that_was_struck(village, pair):
    notice = village.plan_notice(pair)
    publicity.post_publicity(village.office, notice, village.today, "公开栏", "陈志明")
    belonging.void(village.office, village.homes["吴福生"], "登记错了")
    last = date.fromisoformat(str(village.values(Kind.PUBLICITY, notice)["to_on"]))
    village.pass_days((last - village.today).days + 1)
    done = publicity.conclude_publicity(village.office, notice)
    assert (done.done, done.refused) == ((pair[1],), ())
    with village.office.workspace.read() as conn:
        [line] = publicity_rounds(conn, look_of(village), str(village.values(Kind.CASE, pair[0])["round"]))
    assert line.households == 1
    belonging.restore(village.office, village.homes["吴福生"], "没有登记错")
    done = publicity.conclude_publicity(village.office, notice)
    assert done.done == (EntityId(pair[0]),)


def test_a_notice_is_struck_for_those_that_were_struck_too(village, pair):
    notice = village.plan_notice(pair)
    belonging.void(village.office, village.homes["吴福生"], "登记错了")
    publicity.strike_publicity(village.office, notice, "日期写错了")
    assert village.values(Kind.CASE, pair[0]).get("publicity", "") in {"", notice}
    assert village.values(Kind.PUBLICITY, notice)["void"] == 1
