"""Records made at steps: hits judged and struck, meetings struck and concluded, photos, finished visits."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from app.domain.comparison import HitVerdict, Ruling
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level, Value
from app.queries import rows
from app.queries.board import Look
from app.queries.linked import Wanted
from app.usecases import cases, households
from app.usecases.attachments import attach, read_attachment, remove_attachment
from app.usecases.hit_imports import check_hits, import_hits
from app.usecases.hits import add_hits, judge_hit, strike_hit
from app.usecases.meetings import conclude_meeting, record_meeting, strike_meeting
from app.usecases.visits import finish_visit, open_visit, save_draft
from tests.files.sheets import write
from tests.questionnaire.visit_answers import ANSWERS
from tests.usecases.village import PLACES, VILLAGE, Village, only, refuse_nothing, synthetic_id


def hit_of(village: Village, case: EntityId) -> EntityId:
    fields: dict[str, Value] = {"register": "vehicle", "value": "小型客车一辆"}
    return only(add_hits(village.office, case, [fields]), Kind.HIT)


def test_a_hit_is_judged_by_two_people(village: Village) -> None:
    case = village.bring(village.open("吴福生"), "compare")
    hit = hit_of(village, case)
    first, second = village.people[Level.VILLAGE]
    with pytest.raises(Refused, match="two_people"):
        judge_hit(
            village.office, hit, Ruling(HitVerdict.NO_EFFECT, "scrapped", "", first, first, village.today)
        )
    judge_hit(village.office, hit, Ruling(HitVerdict.NO_EFFECT, "scrapped", "", first, second, village.today))
    assert village.values(Kind.HIT, hit)["adjudicated_on"] == "2026-03-02"


def test_a_hit_is_struck_with_a_reason(village: Village) -> None:
    hit = hit_of(village, village.bring(village.open("吴福生"), "compare"))
    with pytest.raises(Refused, match="reason_needed"):
        strike_hit(village.office, hit, " ")
    strike_hit(village.office, hit, "登错了人")
    assert village.values(Kind.HIT, hit)["void"] == 1


def held(village: Village, case: EntityId, votes_for: int) -> EntityId:
    meeting: dict[str, Value] = {
        "body": "representatives",
        "held_on": village.today.isoformat(),
        "place": "村委会",
        "chair": "甲",
        "recorder": "乙",
        "eligible": 36,
        "present": 31,
    }
    votes: dict[str, Value] = {
        "votes_for": votes_for,
        "votes_against": 31 - votes_for,
        "votes_abstain": 0,
        "recused": "",
    }
    return only(record_meeting(village.office, meeting, {case: votes}), Kind.MEETING)


def test_a_household_without_a_majority_is_rejected_with_the_outcome_as_reason(village: Village) -> None:
    case = village.bring(village.open("吴福生"), "appraise")
    refuse_nothing(conclude_meeting(village.office, held(village, case, 15)))
    values = village.values(Kind.CASE, case)
    assert (values["status"], values["appraisal"]) == ("rejected", "disagree")


def test_a_struck_meeting_frees_its_households(village: Village) -> None:
    case = village.bring(village.open("吴福生"), "appraise")
    meeting = held(village, case, 31)
    strike_meeting(village.office, meeting, "人数记错了")
    assert village.values(Kind.MEETING, meeting)["void"] == 1
    assert village.values(Kind.CASE, case)["meeting"] == ""


def test_a_photo_is_kept_small_and_struck(village: Village, tmp_path: Path) -> None:
    case = village.bring(village.open("吴福生"), "visit")
    Image.new("RGB", (2400, 1200), "green").save(tmp_path / "院子.jpg")
    photo = only(attach(village.office, case, "visit", tmp_path / "院子.jpg"), Kind.ATTACHMENT)
    kept = village.values(Kind.ATTACHMENT, photo)
    assert len(read_attachment(village.office, str(kept["file"]))) == kept["size"]
    remove_attachment(village.office, photo, "拍错了")
    assert village.values(Kind.ATTACHMENT, photo)["void"] == 1


def test_a_visit_is_resumed_and_finished_into_records(village: Village) -> None:
    case = village.bring(village.open("吴福生"), "visit")
    visit = open_visit(village.office, case)
    for path, text in ANSWERS.items():
        visit.engine.answer(visit.engine.at(f"/data/{path}")[0], text)
    save_draft(village.office, visit)
    again = open_visit(village.office, case)
    assert again.draft_at
    finish_visit(village.office, again)
    values = village.values(Kind.CASE, case)
    with village.office.workspace.read() as conn:
        incomes = rows.where(conn, Kind.INCOME, household=values["household"])
    assert {item["amount_fen"] for _, item in incomes} == {980_050, 120_000, 30_000, 0}
    assert open_visit(village.office, case).draft_at == ""


def test_an_unfinished_visit_is_refused(village: Village) -> None:
    visit = open_visit(village.office, village.bring(village.open("吴福生"), "visit"))
    with pytest.raises(Refused, match="incomplete"):
        finish_visit(village.office, visit)


HEADER = ("姓名", "证件号码", "部门", "命中内容")


def wanted(village: Village, case: EntityId) -> tuple[Look, Wanted]:
    values = village.values(Kind.CASE, case)
    look = Look(village.office.policy, village.today, PLACES)
    return look, Wanted(VILLAGE, str(values["round"]), "identify", "compare")


def test_a_list_goes_to_members_by_number_and_else_by_name(village: Village, tmp_path: Path) -> None:
    case = village.bring(village.open("吴福生"), "compare")
    other = village.bring(village.open("王秀兰"), "compare")
    lines = [
        HEADER,
        ("写错了名字", synthetic_id(1), "车辆", "小型客车"),
        ("王秀兰", "", "工商", "股东"),
        ("外村人", "", "工商", "股东"),
    ]
    look, at = wanted(village, case)
    done = import_hits(village.office, look, at, write(tmp_path / "单.xlsx", ("反馈", lines)))
    assert [(hit.row, hit.case) for hit in done.check.matched] == [(2, case), (3, other)]
    assert [(left.row, left.code) for left in done.check.unmatched] == [(4, "hits.not_here")]
    again = check_hits(village.office, look, at, tmp_path / "单.xlsx")
    assert [left.code for left in again.unmatched] == ["hits.known", "hits.known", "hits.not_here"]


def test_one_wrong_row_keeps_the_whole_list_out(village: Village, tmp_path: Path) -> None:
    case = village.bring(village.open("吴福生"), "compare")
    lines = [HEADER, ("吴福生", synthetic_id(1), "车辆", "小型客车"), ("王秀兰", "", "工商", "")]
    look, at = wanted(village, case)
    with pytest.raises(Refused, match=r"hits\.problems"):
        import_hits(village.office, look, at, write(tmp_path / "单.xlsx", ("反馈", lines)))
    with village.office.workspace.read() as conn:
        assert rows.where(conn, Kind.HIT, case=case) == []


def test_a_list_about_nobody_here_brings_nothing(village: Village, tmp_path: Path) -> None:
    case = village.bring(village.open("吴福生"), "compare")
    look, at = wanted(village, case)
    with pytest.raises(Refused, match=r"hits\.nothing"):
        import_hits(
            village.office,
            look,
            at,
            write(tmp_path / "单.xlsx", ("反馈", [HEADER, ("外村人", "", "车辆", "货车")])),
        )
    with village.office.workspace.read() as conn:
        assert rows.where(conn, Kind.HIT, case=case) == []


def test_two_people_of_one_name_and_one_who_did_not_sign(village: Village, tmp_path: Path) -> None:
    case = village.bring(village.open("吴福生"), "compare")
    village.add_home("赵六", ["赵小明", "赵小明"])
    twins = village.bring(village.open("赵六"), "compare")
    unsigned = village.bring(village.open("王秀兰"), "compare")
    cases.act_on_case(village.office, unsigned, "compare.save", {"auth_signed": 0})
    lines = [
        HEADER,
        ("赵小明", "", "车辆", "货车"),
        ("王秀兰", "", "车辆", "货车"),
        ("吴福生", "", "车辆", "货车"),
    ]
    look, at = wanted(village, case)
    check = check_hits(village.office, look, at, write(tmp_path / "单.xlsx", ("反馈", lines)))
    assert [(left.row, left.name, left.code) for left in check.unmatched] == [
        (2, "赵小明", "hits.several"),
        (3, "王秀兰", "hits.not_authorised"),
    ]
    assert [hit.case for hit in check.matched] == [case]
    assert twins not in {hit.case for hit in check.matched}


def test_a_number_nobody_has_leads_to_a_member_without_one_by_name(village: Village, tmp_path: Path) -> None:
    case = village.bring(village.open("吴福生"), "compare")
    home = str(village.values(Kind.CASE, case)["household"])
    newborn: dict[str, Value] = {"name": "吴小宝", "sex": "1", "relation": "03", "born": "2025-12-01"}
    households.edit(village.office, EntityId(home), [households.Edit(Kind.MEMBER, "", newborn)], "出生")
    lines = [
        HEADER,
        ("吴小宝", synthetic_id(400, "20251201"), "卫健", "新生儿"),
        ("吴福生", synthetic_id(300), "车辆", "货车"),  # another man of that name: his own number is known
    ]
    look, at = wanted(village, case)
    check = check_hits(village.office, look, at, write(tmp_path / "单.xlsx", ("反馈", lines)))
    assert [(hit.row, hit.name) for hit in check.matched] == [(2, "吴小宝")]
    assert [(left.row, left.code) for left in check.unmatched] == [(3, "hits.not_here")]
