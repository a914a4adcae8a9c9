"""Both packs from application to decision, and the exit to its certificate, over three workspaces and files."""

from __future__ import annotations

import re
from collections.abc import Generator
from pathlib import Path

import pypdfium2
import pytest

from app.domain.action import Acting
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.objection import Answer, Finding, ObjectionAction
from app.queries import rows
from app.usecases import cases, objections, papers, publicity, samples
from tests.acceptance.offices import MONITORING, Offices
from tests.usecases.village import only

MONITOR_VISIT: dict[str, Value] = {
    "applicant": "本人",
    "source": "self",
    "applied_on": "2026-03-02",
    "household_signed": 1,
    "income_steady": 0,
    "auth_signed": 1,
}


@pytest.fixture
def eight(tmp_path: Path) -> Generator[Offices]:
    with Offices.founded(tmp_path, "s8/v1") as made:
        yield made


@pytest.fixture
def seven(tmp_path: Path) -> Generator[Offices]:
    with Offices.founded(tmp_path, "monitor-2021/v1", MONITORING) as made:
        yield made


def visited(three: Offices, head: str) -> EntityId:
    """Open a case of the seven-step pack and take it through the visit."""
    case = three.open(head)
    three.fill_living(case, yuan=6000)
    first, second = three.people[Level.VILLAGE]
    three.act(
        Level.VILLAGE,
        case,
        "visit.consistent",
        {**MONITOR_VISIT, "investigator1": first, "investigator2": second},
    )
    return case


def checked(three: Offices, of: list[EntityId]) -> None:
    """Draw a sample in the township and approve what it visits again."""
    first, second = three.people[Level.TOWNSHIP]
    township = three.at(Level.TOWNSHIP)
    samples.draw_sample(township, of, "2026-03-20", rate=1000)
    given: dict[str, Value] = {
        "checker1": first,
        "checker2": second,
        "check_opinion": "同意",
        "sample_result": "consistent",
    }
    batch = cases.act_on_cases(township, of, "check.approve", given)
    assert [(case, error.code) for case, error in batch.refused] == []


def decided(three: Offices, of: list[EntityId]) -> None:
    given: dict[str, Value] = {"decider": three.people[Level.COUNTY][0], "approval_no": "清农批〔2026〕1号"}
    batch = cases.act_on_cases(three.at(Level.COUNTY), of, "audit.approve", given)
    assert [(case, error.code) for case, error in batch.refused] == []


def stages(three: Offices, level: Level, of: list[EntityId]) -> list[Value]:
    return [three.seen_at(level, case)["stage"] for case in of]


def test_seven_steps_with_comparison_beside_the_appraisal(seven: Offices) -> None:
    pair = [visited(seven, "吴福生"), visited(seven, "赵·买买提")]
    assert stages(seven, Level.VILLAGE, pair) == ["appraise compare", "appraise compare"]

    # One household is compared first, the other appraised and posted first; both ways lead to the township.
    seven.act(Level.VILLAGE, pair[0], "compare.none")
    assert stages(seven, Level.VILLAGE, pair) == ["appraise", "appraise compare"]
    seven.appraise(pair)
    assert stages(seven, Level.VILLAGE, pair) == ["publicise", "compare publicise"]
    seven.publicise(pair)
    assert stages(seven, Level.VILLAGE, pair) == ["check", "compare"]
    with pytest.raises(Refused) as early:
        seven.act(Level.TOWNSHIP, pair[1], "check.approve")
    assert early.value.code == "entity.unknown"  # nothing has been carried up yet
    seven.act(Level.VILLAGE, pair[1], "compare.none")

    seven.up()
    checked(seven, pair)
    seven.up()
    decided(seven, pair)
    given: dict[str, Value] = {"announced_on": str(seven.today), "registered_on": str(seven.today)}
    for case in pair:
        seven.act(Level.COUNTY, case, "register.registered", given)
    seven.down()

    for level in Level:
        seen = [seven.seen_at(level, case) for case in pair]
        assert {(one["stage"], one["status"], one["approval_no"]) for one in seen} == {
            ("end", "approved", "清农批〔2026〕1号")
        }
        assert {one["line_fen"] for one in seen} == {850000}
    assert len(seven.digests()) == 1


def test_a_return_keeps_what_came_later_and_marks_it_stale(seven: Offices) -> None:
    case = visited(seven, "吴福生")
    seven.act(Level.VILLAGE, case, "compare.none")
    seven.appraise([case])
    notice = seven.publicise([case])
    seven.up()
    seven.act(Level.TOWNSHIP, case, "check.return", {"to": "visit", "reason": "务工收入少算了一个月"})
    seven.down()

    returned = seven.values(Kind.CASE, case)
    assert (returned["stage"], returned["status"]) == ("visit", "returned")
    assert set(str(returned["stale"]).split()) >= {"appraise", "compare", "publicise"}
    assert (returned["votes_for"], returned["publicity"], returned["compare_result"]) == (28, notice, "none")

    first, second = seven.people[Level.VILLAGE]
    seven.act(Level.VILLAGE, case, "visit.consistent", {"investigator1": second, "investigator2": first})
    with pytest.raises(Refused) as unsaid:
        seven.act(Level.VILLAGE, case, "compare.none")
    assert unsaid.value.code == "workflow.stale"
    seven.act(Level.VILLAGE, case, "compare.none", {"keep": 1})
    seven.appraise([case])
    assert seven.publicise([case]) != notice
    assert seven.values(Kind.CASE, case)["stale"] == ""
    seven.up()
    checked(seven, [case])
    seven.up()
    decided(seven, [case])
    assert seven.seen_at(Level.COUNTY, case)["stage"] == "register"


def test_the_urgent_path_leaves_steps_for_afterwards(seven: Offices) -> None:
    case = visited(seven, "吴福生")
    seven.act(Level.VILLAGE, case, "urgent", {"reason": "昨夜房屋失火", "reason_code": "disaster"})
    urgent = seven.values(Kind.CASE, case)
    assert (urgent["urgent"], urgent["urgent_reason"]) == (1, "昨夜房屋失火")
    assert "check" in str(urgent["stage"]).split()
    seven.up()
    checked(seven, [case])
    seven.up()
    decided(seven, [case])
    seven.down()
    after = seven.values(Kind.CASE, case)
    assert after["decision"] == "approve"
    # What the urgent path passed over is still to be done: the case is not at its end.
    assert after["stage"] != "end"


def test_an_objection_stops_only_its_household(eight: Offices) -> None:
    pair = [eight.open("吴福生"), eight.open("石文斌")]
    for step in ("apply", "review", "visit", "compare", "appraise"):
        assert stages(eight, Level.VILLAGE, pair) == [step, step]
        eight.forward(pair)
    notice = eight.plan_notice(pair)
    publicity.post_publicity(eight.office, notice, eight.today, "村务公开栏", "陈志明")
    eight.pass_days(2)
    words: dict[str, Value] = {"channel": "phone", "content": "反映该户有小汽车", "anonymous": 1}
    objection = only(objections.add_objection(eight.office, notice, pair[1], words), Kind.OBJECTION)
    eight.pass_days(9)
    publicity.take_down(eight.office, notice, eight.today, "收到异议1件")

    batch = publicity.conclude_publicity(eight.office, notice)
    assert batch.done == (pair[0],)
    assert [(case, error.params["what"]) for case, error in batch.refused] == [(pair[1], "答复全部异议")]
    assert stages(eight, Level.VILLAGE, pair) == ["check", "publicise"]

    third = eight.third()
    answer = Answer(third, Finding.UNTRUE, ObjectionAction.UPHOLD, eight.today, "上门答复", "车是亲戚的")
    own = Answer(eight.people[Level.VILLAGE][0], answer.finding, answer.action, answer.on, answer.way)
    with pytest.raises(Refused) as himself:
        objections.settle_objection(eight.office, objection, own)
    assert himself.value.code == "objection.own_case"
    objections.settle_objection(eight.office, objection, answer)
    assert publicity.conclude_publicity(eight.office, notice).done == (pair[1],)

    eight.up()
    assert stages(eight, Level.TOWNSHIP, pair) == ["check", "check"]
    checked(eight, pair)
    eight.up()
    decided(eight, pair)
    eight.down()
    assert {eight.values(Kind.CASE, case)["status"] for case in pair} == {"approved"}
    assert eight.values(Kind.CASE, pair[1])["publicity_result"] == "objection"
    assert len(eight.digests()) == 1


def test_eight_steps_and_the_exit_to_the_certificate(eight: Offices) -> None:
    case = eight.open("赵·买买提")
    eight.bring(case, "check")
    eight.up()
    checked(eight, [case])
    eight.up()
    decided(eight, [case])
    eight.down()
    assert eight.values(Kind.CASE, case)["status"] == "approved"

    leaving = eight.bring(eight.open("赵·买买提", "exit"), "check")
    eight.up()
    checked(eight, [leaving])
    eight.up()
    decided(eight, [leaving])
    eight.down()
    assert eight.stage(leaving) == "certify"
    issued = papers.issue_certificate(eight.office, leaving)
    eight.act(Level.VILLAGE, leaving, "certify.issued")
    eight.up()

    assert eight.seen_at(Level.COUNTY, leaving)["stage"] == "end"
    with eight.at(Level.COUNTY).workspace.read() as conn:
        kept = dict(rows.get(conn, Kind.DOCUMENT, issued.document))
    assert (kept["no"], kept["file"]) == ("990101001201-2026-0001", issued.paper.digest)
    pages = list(pypdfium2.PdfDocument(issued.paper.data))
    text = re.sub(r"\s", "", pages[0].get_textpage().get_text_range())
    assert len(pages) == 1
    assert "990101001201-2026-0001" in text
    assert "赵·买买提" in text
    assert not re.search(r"\d{17}", text.replace("990101001201-2026-0001", ""))
    assert len(eight.digests()) == 1


def test_a_household_that_refuses_to_leave_stays(eight: Offices) -> None:
    leaving = eight.bring(eight.open("吴福生", "exit"), "agree")
    with pytest.raises(Refused) as unsaid:
        eight.act(Level.VILLAGE, leaving, "agree.refuse")
    assert unsaid.value.code == "workflow.reason_needed"
    eight.act(Level.VILLAGE, leaving, "agree.refuse", {"reason": "孩子还在上大学，要求再看一年"})
    eight.up()
    for level in Level:
        seen = eight.seen_at(level, leaving)
        assert (seen["status"], seen["agreed"], seen["stage"]) == ("refused", 0, "end")
        assert seen["refused_reason"] == "孩子还在上大学，要求再看一年"
        assert seen.get("certificate", "") == ""
    with pytest.raises(Refused) as no_paper:
        papers.issue_certificate(eight.office, leaving)
    assert no_paper.value.code == "workflow.not_at_step"
    # The way back is open, and is the village's own.
    acting = Acting(Level.VILLAGE, eight.office.actor.person, eight.today)
    assert "reopen" in {one.id for one in eight.actions(leaving, acting)}
