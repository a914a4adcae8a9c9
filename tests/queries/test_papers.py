"""What is read for papers: only what may be printed, in the pack's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.lines import Line
from app.queries import paper_home, paper_lists, papers, rows
from app.queries.paper_words import Imprint, chinese_date
from app.usecases import cases, hits, households, rounds, samples, workspaces
from app.usecases.enrolment import open_proxy
from app.usecases.workspaces import Setup, create
from reports.certificate import CertificateSheet
from reports.notice import NoticeRow, NoticeSheet
from reports.plain_list import PlainListSheet
from tests.usecases.village import (
    CHEAP,
    PASSPHRASE,
    PLACES,
    TOWNSHIP,
    VILLAGE,
    Village,
    found_village,
    only,
)

NUMBER = "990101001201-2026-0001"


@pytest.fixture
def village(tmp_path: Path) -> Generator[Village]:
    made = found_village(tmp_path / "village")
    yield made
    workspaces.close(made.office)


def imprint(village: Village, places: dict[str, str] | None = None) -> Imprint:
    return Imprint(PLACES if places is None else places, village.today, "陈志明")


def read_sheet(
    village: Village, make: Callable[..., PlainListSheet], of: object, **given: Imprint
) -> PlainListSheet:
    with village.office.workspace.read() as conn:
        return make(conn, village.office.policy, given.pop("at", imprint(village)), of)


def notice(village: Village, publicity: EntityId, at: Imprint | None = None) -> NoticeSheet:
    with village.office.workspace.read() as conn:
        return papers.notice_sheet(conn, village.office.policy, publicity, at or imprint(village))


def certificate(village: Village, case: EntityId) -> CertificateSheet:
    with village.office.workspace.read() as conn:
        return papers.certificate_sheet(conn, village.office.policy, case, imprint(village), NUMBER)


def words_of(sheet: PlainListSheet) -> str:
    columns = " ".join(column.title for column in sheet.columns)
    return "\n".join(
        (sheet.title, *sheet.subtitle, columns, sheet.footer, *(" ".join(row) for row in sheet.rows))
    )


def cells_of(sheet: PlainListSheet) -> dict[str, str]:
    return {row[0]: row[1] for row in sheet.rows}


def two_at_notice(village: Village) -> list[EntityId]:
    village.add_home("吴福生", ["吴小明", "吴小军"], group="2组")
    village.add_home("赵·买买提", group="1组")
    pair = [village.open("吴福生"), village.open("赵·买买提")]
    for case in pair:
        village.bring(case, "appraise")
    village.appraise(pair)
    return pair


def test_a_notice_lists_number_group_head_and_size_in_the_order_of_the_village(village: Village) -> None:
    sheet = notice(village, village.plan_notice(two_at_notice(village)))
    assert sheet.rows == (NoticeRow(1, "1组", "赵·买买提", 1), NoticeRow(2, "2组", "吴福生", 3))
    assert {field.name for field in fields(NoticeRow)} == {"number", "group", "head", "persons"}


def test_a_notice_says_basis_result_period_and_where_to_object(village: Village) -> None:
    sheet = notice(village, village.plan_notice(two_at_notice(village)))
    assert sheet.title == "大堰乡石板村\n2026年拟认定防止返贫致贫对象名单公示"
    assert "2026年3月2日召开村民代表会议" in sheet.basis[0]
    assert "2户、4人为防止返贫致贫对象" in sheet.result
    assert sheet.period == "公示时间为7天（张贴当天不计算在内），从2026年3月2日到2026年3月9日。"
    assert [(one.label, one.value) for one in sheet.contacts] == [
        ("石板村村民委员会", "0991-5550101"),
        ("大堰乡人民政府", "0991-5550202"),
        ("清溪县农业农村局", "0991-5550303"),
        ("监督举报电话", "12317"),
    ]
    assert (sheet.issuer, sheet.date, sheet.behalf) == ("石板村村民委员会", "2026年3月2日", "")


def test_a_last_day_that_rolled_over_a_holiday_is_said(village: Village) -> None:
    pair = two_at_notice(village)
    village.pass_days(26)  # posted on Saturday 28 March; the seventh day is 4 April, in the holiday
    rolled = notice(village, village.plan_notice(pair))
    assert rolled.period.endswith("（最后一天遇休息日顺延）。")
    said = re.findall(r"(\d+)年(\d+)月(\d+)日", rolled.period)
    first, last = (date(*map(int, found)) for found in said)
    assert (last - first).days > 7


def test_the_label_follows_the_date(village: Village) -> None:
    uid = village.plan_notice(two_at_notice(village))
    with village.office.workspace.write(village.office.actor) as tx:
        tx.record("publicity.edited", Kind.PUBLICITY, uid, {"from_on": "2020-05-06", "to_on": "2020-05-13"})
    assert "贫困户名单公示" in notice(village, uid).title
    assert notice(village, uid).contacts[2].label == "清溪县扶贫开发办公室"


def test_an_exit_notice_has_its_own_words_and_the_shared_ones(village: Village) -> None:
    case = village.bring(village.open("吴福生", "exit"), "publicise")
    sheet = notice(village, village.plan_notice([case]))
    assert sheet.title.endswith("拟退出防止返贫致贫对象名单公示")
    assert "征得农户本人认可" in sheet.basis[0]
    assert sheet.period.startswith("公示时间为7天")


def test_working_days_and_a_counted_first_day_are_said(village: Village) -> None:
    uid = village.plan_notice(two_at_notice(village))
    with village.office.workspace.write(village.office.actor) as tx:
        tx.record(
            "publicity.edited", Kind.PUBLICITY, uid, {"day_type": "working", "days": 5, "count_first": 1}
        )
    assert notice(village, uid).period == "公示时间为5个工作日，从2026年3月2日到2026年3月9日。"


def test_without_a_meeting_the_basis_speaks_of_none(village: Village) -> None:
    uid = village.plan_notice(two_at_notice(village))
    with village.office.workspace.write(village.office.actor) as tx:
        tx.record("publicity.edited", Kind.PUBLICITY, uid, {"meeting": ""})
    assert "召开" not in "".join(notice(village, uid).basis)


def test_numbers_to_call_stand_even_when_places_have_no_names(village: Village) -> None:
    sheet = notice(village, village.plan_notice(two_at_notice(village)), imprint(village, {}))
    assert [one.label for one in sheet.contacts] == ["村民委员会", "人民政府", "农业农村局", "监督举报电话"]


def test_a_struck_notice_and_an_unknown_one_are_refused(village: Village) -> None:
    uid = village.plan_notice(two_at_notice(village))
    with village.office.workspace.write(village.office.actor) as tx:
        tx.record("publicity.struck", Kind.PUBLICITY, uid, {"void": 1})
    with pytest.raises(Refused, match=r"publicity\.struck"):
        notice(village, uid)
    with pytest.raises(Refused, match=r"entity\.unknown"):
        notice(village, EntityId("f" * 32))


def test_records_written_for_a_village_say_so(tmp_path: Path, village: Village) -> None:
    clerk: dict[str, Value] = {"name": "周建华"}
    setup = Setup(Level.TOWNSHIP, TOWNSHIP, PLACES, clerk, PASSPHRASE, cost=CHEAP)
    township = create(tmp_path / "township", setup, village.clock)
    proxy = open_proxy(township, VILLAGE)
    desk = Village(proxy, village.clock, {Level.VILLAGE: (proxy.actor.person, proxy.actor.person)})
    desk.people[Level.VILLAGE] = (
        proxy.actor.person,
        only(workspaces.add_person(proxy, {"name": "吴晓燕"}), Kind.PERSON),
    )
    try:
        rounds.open_round(proxy, rounds.NewRound("2026年度", 2026, "s8/v1"))
        sheet = notice(desk, desk.plan_notice(two_at_notice(desk)))
        assert sheet.behalf == "本名单的资料由大堰乡代录。"
    finally:
        workspaces.close(proxy)
        if proxy.workspace is not township.workspace:
            workspaces.close(township)


def test_a_certificate_says_who_where_and_by_whom(village: Village) -> None:
    village.add_home("吴福生", ["吴小明"], group="2组")
    case = village.bring(village.open("吴福生", "exit"), "certify")
    sheet = certificate(village, case)
    assert (sheet.title, sheet.number, sheet.head, sheet.persons) == ("退出证书", NUMBER, "吴福生", 2)
    assert sheet.address == "清溪县大堰乡石板村2组"  # to the group, not to the door
    assert sheet.issuers == ("石板村村民委员会", "大堰乡人民政府", "清溪县农业农村局")
    assert sheet.date == chinese_date(village.today.isoformat())
    assert sheet.hotline == "12317"
    assert len(sheet.body) == 2
    assert sheet.body[0].startswith("吴福生一家（共2人）住在清溪县大堰乡石板村2组，")
    assert not sheet.demo


def test_a_round_with_a_demonstration_line_marks_its_certificates(tmp_path: Path) -> None:
    line = Line("demo", "", "poverty", "", 880000, date(2026, 1, 1), demo=True)
    village = found_village(tmp_path / "demo", line)
    assert certificate(village, village.open("吴福生", "exit")).demo
    workspaces.close(village.office)


def test_a_step_list_names_steps_and_limits(village: Village) -> None:
    pair = [village.open("吴福生"), village.open("赵·买买提")]
    village.bring(pair[0], "visit")
    sheet = read_sheet(village, paper_lists.step_list, pair)
    assert sheet.title == "农户名单"
    assert read_sheet(village, paper_lists.step_list, pair[:1]).title == "入户农户名单"
    assert [row[2] for row in sheet.rows] == ["吴福生", "赵·买买提"]
    assert sheet.rows[0][4:] == ("入户", "2026年3月2日", "2026年3月5日")
    assert sheet.subtitle == ("大堰乡石板村　2026年度　共2户、2人",)
    assert sheet.footer == "陈志明　2026年3月2日打印　内部资料，用后收好"
    with pytest.raises(Refused, match=r"paper\.nobody"):
        read_sheet(village, paper_lists.step_list, [])


def test_a_missing_list_says_what_each_household_lacks(village: Village) -> None:
    done, waiting = village.open("吴福生"), village.open("赵·买买提")
    village.bring(done, "visit")
    sheet = read_sheet(village, paper_lists.missing_list, [done, waiting])
    assert "收入明细" in sheet.rows[0][-1]
    assert "户主签字" in sheet.rows[0][-1]
    assert sheet.rows[1][-1] == "申请人或发现人、申请来源"


def test_a_household_with_two_cases_is_counted_once_and_asked_for_the_least(village: Village) -> None:
    both = [village.bring(village.open("吴福生"), "compare"), village.open("吴福生", "exit")]
    found: list[dict[str, Value]] = [{"register": "vehicle", "item": "小型面包车"}]
    hits.add_hits(village.office, both[0], found)
    sheet = read_sheet(village, paper_lists.missing_list, both)
    assert sheet.subtitle[0].endswith("共1户、1人")
    lacking = {row[4]: row[5] for row in sheet.rows}
    assert lacking["比对"] == "逐条核实比对结果"  # not: choose another outcome


def test_a_comparison_list_masks_numbers_and_hides_what_is_sensitive(village: Village) -> None:
    village.add_home("吴福生", ["吴小明"])
    case = village.bring(village.open("吴福生"), "compare")
    with village.office.workspace.read() as conn:
        members = {str(m["name"]): uid for uid, m in rows.where(conn, Kind.MEMBER)}
    found: list[dict[str, Value]] = [
        {"register": "vehicle", "item": "小型面包车", "member": members["吴小明"]},
        {"register": "bank", "item": "某行存款", "member": members["吴福生"]},
        {"register": "household", "item": "户口已迁出"},
    ]
    hits.add_hits(village.office, case, found)
    sheet = read_sheet(village, paper_lists.compare_list, [case])
    assert [row[4] for row in sheet.rows] == ["吴福生", "吴小明"]
    assert all(re.fullmatch(r"990101\*{8}\w{4}", row[6]) for row in sheet.rows)
    assert sorted(sheet.rows[0][-1].splitlines()) == ["存款和证券保险　待核实", "户籍　户口已迁出　待核实"]
    assert sheet.rows[1][-1] == "车辆　小型面包车　待核实"
    assert "某行存款" not in words_of(sheet)


def test_a_sample_list_can_be_drawn_again_from_what_it_says(village: Village) -> None:
    many = [village.open(f"吴{name}生") for name in "一二三四五六"]
    for case in many:
        village.bring(case, "appraise")
    village.appraise(many)
    village.publicise(many)
    made = samples.draw_sample(village.at(Level.TOWNSHIP), many, "大堰乡2026", 500)
    sheet = read_sheet(village, paper_lists.sample_list, only(made, Kind.SAMPLE))
    assert len(sheet.rows) == 3
    assert "从6户中抽取3户，比例千分之500，抽样码大堰乡2026" in sheet.subtitle[1]


def test_an_audit_list_shows_opinion_and_decision(village: Village) -> None:
    case = village.bring(village.open("吴福生"), "end")
    sheet = read_sheet(village, paper_lists.audit_list, [case])
    assert sheet.rows[0][4:] == (
        "同意",
        "批准",
        "清农批〔2026〕1号",
        chinese_date(village.today.isoformat()),
    )
    assert sheet.landscape


def test_minutes_show_the_votes_on_every_household(village: Village) -> None:
    pair = two_at_notice(village)
    meeting = str(village.values(Kind.CASE, pair[0])["meeting"])
    sheet = read_sheet(village, paper_home.minutes_sheet, meeting)
    assert sheet.title == "村民代表会议评议记录"
    assert [row[2:] for row in sheet.rows] == [
        ("赵·买买提", "1", "28", "1", "1", "", "同意"),
        ("吴福生", "3", "28", "1", "1", "", "同意"),
    ]
    said = "\n".join(sheet.subtitle)
    assert "主持人：陈志明　记录人：李秀英　监督人：张国强" in said
    assert "应到40人，实到30人" in said
    assert "逐户议论后举手表决" in said


def test_a_household_sheet_shows_people_and_the_arithmetic_without_full_numbers(village: Village) -> None:
    home = village.add_home("吴福生", ["吴小明"])
    case = village.bring(village.open("吴福生"), "visit")
    unrecorded = words_of(read_sheet(village, paper_home.household_sheet, case))
    assert "还没有登记收入" in unrecorded
    village.fill_living(case, yuan=20001)
    cost: dict[str, Value] = {"category": "production", "name": "化肥", "amount_fen": 100, "round": ""}
    cost["round"] = village.values(Kind.CASE, case)["round"]
    households.edit(village.office, home, [households.Edit(Kind.EXPENSE, "", cost)])
    sheet = read_sheet(village, paper_home.household_sheet, case)
    cells = {row[0]: row for row in sheet.rows}
    assert cells["工资性收入"][1:] == ("务工收入 20,001.00", "20,001.00元/年")
    assert cells["家庭纯收入"][2] == "20,000.00元/年"
    assert cells["家庭人均纯收入"][2] == "10,000.00元/人·年"
    assert cells["本批次标准"][1:] == ("清农〔2026〕1号", "8,800.00元/人·年")
    assert cells["户编号"][1] == "00001"
    assert sum(row[0] == "家庭成员" for row in sheet.rows) == 2
    assert not re.search(r"\d{11}", words_of(sheet))


def test_a_household_is_told_why_in_writing(village: Village) -> None:
    case = village.bring(village.open("吴福生"), "compare")
    with pytest.raises(Refused, match=r"paper\.nothing_to_tell"):
        read_sheet(village, paper_home.slip_sheet, case)
    given: dict[str, Value] = {"reason": "收入少算一项", "reason_code": "income", "to": "visit"}
    cases.act_on_case(village.office, case, "compare.return", given)
    told = cells_of(read_sheet(village, paper_home.slip_sheet, case))
    assert (told["户主"], told["办理步骤"], told["处理结果"]) == ("吴福生", "信息比对", "退回")
    assert told["原因"] == "收入算得不对：收入少算一项"
    assert "12317" in told["说明"]
    village.pass_days(1)
    cases.act_on_case(village.office, case, "withdraw", {"reason_code": "declined"})
    later = cells_of(read_sheet(village, paper_home.slip_sheet, case))
    assert (later["处理结果"], later["原因"]) == ("农户撤回", "农户主动放弃")


def test_lists_over_several_villages_name_them(village: Village) -> None:
    pair = [village.open("吴福生"), village.open("赵·买买提")]
    assert "村" not in [one.title for one in read_sheet(village, paper_lists.step_list, pair).columns]
    other = "990101001202"
    with village.office.workspace.write(village.office.actor) as tx:
        tx.record("household.edited", Kind.HOUSEHOLD, village.homes["赵·买买提"], {"village": other})
    at = imprint(village, {**PLACES, other: "河口村"})
    sheet = read_sheet(village, paper_lists.step_list, pair, at=at)
    assert sheet.columns[1].title == "村"
    assert [row[1] for row in sheet.rows] == ["石板村", "河口村"]
    assert sheet.subtitle[0].startswith("大堰乡　")


def test_dates_have_no_zeros_before() -> None:
    assert (chinese_date("2026-03-09"), chinese_date(""), chinese_date(None)) == ("2026年3月9日", "", "")
