"""The page of finished questionnaires over a real workspace: looked at, changed, brought to a newer version."""

from __future__ import annotations

import pytest

from app.domain.ids import Kind, Level
from app.ui.desk import StepSubject
from app.ui.desks.visit import SubmissionSubject, VisitSubject
from app.ui.pages.household_papers import PapersSection
from app.ui.pages.step import StepPage
from app.ui.pages.submission import SubmissionPage
from app.ui.pages.visit import VisitPage
from app.usecases import submissions, visits
from tests.ui.conftest import settle
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import own_forms, village  # noqa: F401 - fixtures
from tests.usecases.test_submissions import CROPS, edit_group, fill, lose_file
from tests.usecases.test_upgrades import changes


@pytest.fixture
def case(village, own_forms):  # noqa: F811
    own_forms.take_shipped("visit")
    village.add_home("吴福生", ["吴小军"])
    return village.bring(village.open("吴福生"), "visit")


@pytest.fixture
def finished(village, case):  # noqa: F811
    visit = visits.open_visit(village.office, case)
    fill(visit)
    visits.finish_visit(village.office, visit)
    return str(village.values(Kind.CASE, case)["submission"])


@pytest.fixture
def home(village, finished):  # noqa: F811
    return SubmissionSubject(village.homes["吴福生"], finished)


@pytest.fixture
def opened(village, runner, ask, qtbot):  # noqa: F811
    def make(kind, subject, level=Level.VILLAGE):
        page = kind(Workroom(village, level).desk(), runner, ask)
        qtbot.addWidget(page)
        page.resize(1286, 728)
        page.show()
        page.show_for(subject)
        return page

    return make


def texts(page):
    from PySide6.QtWidgets import QLabel

    settle()
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def picks(page):
    rows = page._rows
    return [rows.itemAt(n).widget() for n in range(rows.count())]


def asked(page):
    found = []
    page.asked.connect(lambda name, subject: found.append((name, subject)))
    return found


def test_questions_and_answers_are_listed_with_who_and_when(home, opened):
    page = opened(SubmissionPage, home)
    shown = texts(page)
    assert {"入户核查表", "受访人姓名", "吴福生", "净化自来水", "成员 2", "已确认", "（未填）"} <= set(shown)
    assert "以下都填入户前 12 个月的合计，单位元。没有的请填 0。" not in shown
    assert any("按第 1 版填写 · 完成于 2026-03-02 10:00 · 填写人 陈志明" in text for text in shown)
    assert page.change.isVisible()
    assert not page.newer.isVisible()
    found = asked(page)
    page.change.click()
    assert found == [("visit", VisitSubject(home.submission))]


def test_replaced_ones_stay_in_the_list(village, home, opened):  # noqa: F811
    visit = submissions.change_submission(village.office, home.submission)
    fill(visit, {CROPS: "9900"})
    visits.finish_visit(village.office, visit)
    page = opened(SubmissionPage, SubmissionSubject(home.household))
    assert [pick.text() for pick in picks(page)] == ["2026-03-02　入户问卷", "2026-03-02　入户问卷（已取代）"]
    assert page.change.isVisible()
    picks(page)[1].click()
    assert page.sheet.line.id == home.submission
    assert page.frame._pill.text() == "已被新的一份取代"
    assert not page.change.isVisible()


def test_a_begun_change_is_gone_on_with(village, home, opened):  # noqa: F811
    visits.save_draft(village.office, submissions.change_submission(village.office, home.submission))
    assert opened(SubmissionPage, home).change.text() == "继续填写草稿"


def test_levels_above_only_look(home, opened):
    assert not opened(SubmissionPage, home, Level.TOWNSHIP).change.isVisible()


def test_nothing_finished_and_a_missing_file(village, case, opened):  # noqa: F811
    page = opened(SubmissionPage, SubmissionSubject(village.homes["吴福生"]))
    assert "这一户还没有填完的问卷。" in texts(page)
    visit = visits.open_visit(village.office, case)
    fill(visit)
    page._runner.run(lambda: visits.finish_visit(village.office, visit))  # the page reads again by itself
    page.on_changed(village_changes(village))
    assert "受访人姓名" in texts(page)
    lose_file(village)
    page.on_changed(village_changes(village))
    assert page.frame._pill.text() == "文件未到"
    assert not page.change.isVisible()


def village_changes(village):  # noqa: F811
    from app.domain.changes import Changes

    return Changes((), ((Kind.HOUSEHOLD, village.homes["吴福生"]),))


def test_without_its_version_it_says_so(own_forms, home, opened):  # noqa: F811
    own_forms.add_version("visit", changes(own_forms))
    own_forms.withdraw("visit", "v1")
    page = opened(SubmissionPage, home)
    assert page.frame._pill.text() == "这一版问卷还没有传到本机，先显示原始内容"
    assert "respondent" in texts(page)


def test_a_rehearsal_comes_before_a_newer_version(own_forms, home, opened):  # noqa: F811
    own_forms.add_version("visit", changes(own_forms))
    page = opened(SubmissionPage, home)
    page.newer.click()
    shown = texts(page)
    assert "换到 2 版的演练结果" in shown
    assert "受访人姓名：1 户，如 吴福生" in shown
    assert "住房结构：砖瓦砖木或砖石窑洞：1 户，如 吴福生" in shown
    found = asked(page)
    page.rehearsal.go.click()
    assert found == [("visit", VisitSubject(home.submission, newer=True))]
    lose_file(page._submissions.show.args[0].village)
    page.newer.click()
    assert "有 1 份没法试：文件或它的旧版问卷还没有传到本机。它们保持原样。" in texts(page)


def test_a_rehearsal_can_be_stopped(own_forms, home, opened, runner):  # noqa: F811
    own_forms.add_version("visit", changes(own_forms))
    page = opened(SubmissionPage, home)
    page.rehearsal.begin("2")
    page.rehearsal.show_progress(3, 20)
    assert "已试 3 / 20 份" in texts(page)
    told = []
    runner.failed.connect(told.append)
    page._submissions = _Slow(page, page._submissions)
    page.newer.click()
    assert [error.code for error in told] == ["work.cancelled"]
    assert not page.rehearsal.isVisible()
    assert page.may_leave()


class _Slow:
    """A desk whose rehearsal is stopped by the person while it runs."""

    def __init__(self, page, desk):
        self._page, self._desk = page, desk

    def rehearse(self, form, report, cancelled):
        from app.domain.errors import Refused

        raise Refused("work.cancelled")


def test_the_newest_version_is_filled_in_and_orphans_are_saved(own_forms, home, opened, ask, tmp_path, qtbot):  # noqa: F811
    own_forms.add_version("visit", changes(own_forms))
    page = opened(VisitPage, VisitSubject(home.submission, newer=True))
    assert page.saved.text() == "已换到新版 2，请补填后再完成"
    fill(
        page.visit,
        {"basic/told_by": "吴小军", "housing/house/house_structure": "brick_concrete", CROPS: "9000"},
    )
    fill(page.visit, {"verdict/certainty": "5"})
    with qtbot.waitSignal(page.left):
        page.view.finish()
    shown = opened(SubmissionPage, SubmissionSubject(home.household))
    assert {"新版里没有位置的答案", "砖瓦砖木或砖石窑洞"} <= set(texts(shown))
    ask.answers = [None, tmp_path / "没有位置.csv"]
    said = []
    shown.said.connect(lambda text, *_: said.append(text))
    shown.orphans.save.click()
    shown.orphans.save.click()
    assert said == ["已导出 2 项到 没有位置.csv"]
    assert (tmp_path / "没有位置.csv").is_file()


# ---- filling in: changes, clashes, newer versions ----------------------------------------------------------


def test_nothing_changed_says_so(home, opened, qtbot):
    page = opened(VisitPage, VisitSubject(home.submission))
    assert page.saved.text() == "正在修改已填完的问卷，原来那份会保留"
    said = []
    page.said.connect(lambda text, *_: said.append(text))
    with qtbot.waitSignal(page.left):
        page.view.finish()
    assert said == ["没有改动，没有生成新的一份"]


def test_a_clash_is_asked_about(village, home, opened, ask, qtbot):  # noqa: F811
    page = opened(VisitPage, VisitSubject(home.submission))
    fill(page.visit, {"basic/village_group": "四组", "basic/address": ""})
    edit_group(village, "五组")
    ask.answers = [None]
    page.view.finish()
    assert page.visit is not None
    ask.answers = [1]
    with qtbot.waitSignal(page.left):
        page.view.finish()
    assert ask.asked == ["“村民小组”在别处也改过"] * 2
    assert village.values(Kind.HOUSEHOLD, home.household)["group"] == "五组"


def test_a_clash_about_a_member_names_choices(village, home, opened, ask, qtbot):  # noqa: F811
    from app.queries import rows
    from app.ui.pages.visit_settling import told_clash
    from app.usecases import households
    from app.usecases.core_records import Clash

    with village.office.workspace.read() as conn:
        people = {v["name"]: uid for uid, v in rows.where(conn, Kind.MEMBER, household=home.household)}
    son = people["吴小军"]
    page = opened(VisitPage, VisitSubject(home.submission))
    engine = page.visit.engine
    engine.answer(engine.at("/data/family/member/labour")[1], "2")
    edit = households.Edit(Kind.MEMBER, son, {"labour": "3"})
    households.edit(village.office, home.household, [edit])
    clash = Clash(("member.labour", son), ("3",), "2", ())
    assert told_clash(page.visit, clash)[1] == (
        "记录里已是“弱劳动力或半劳动力”，这份问卷里填的是“技能劳动力”。以哪个为准？"
    )
    blank = Clash(("member.unasked", son), ("",), "x", ())
    assert told_clash(page.visit, blank)[1].startswith("记录里已是“（空）”，这份问卷里填的是“x”")
    ask.answers = [0]
    with qtbot.waitSignal(page.left):
        page.view.finish()
    assert village.values(Kind.MEMBER, son)["labour"] == "2"


@pytest.mark.parametrize(("answer", "status"), [(0, "left"), (2, "deceased"), (3, "present")])
def test_a_member_no_longer_listed_is_asked_about(village, home, opened, ask, qtbot, answer, status):  # noqa: F811
    page = opened(VisitPage, VisitSubject(home.submission))
    page.visit.engine.remove_row(page.visit.engine.at("/data/family/member")[0], 1)
    ask.answers = [None]
    page.view.finish()
    ask.answers = [answer]
    with qtbot.waitSignal(page.left):
        page.view.finish()
    assert ask.asked[0] == "吴小军 不在问卷的成员名单里了"
    from app.queries import rows

    with village.office.workspace.read() as conn:
        found = {v["name"]: v["status"] for _, v in rows.where(conn, Kind.MEMBER, household=home.household)}
    assert found["吴小军"] == status


def test_a_correction_asks_for_its_reason(village, case, home, opened, ask, qtbot):  # noqa: F811
    village.bring(case, "publicise")
    page = opened(VisitPage, VisitSubject(home.submission))
    fill(page.visit, {"housing/house/house_grade": "C", "housing/house/house_safe": "0"})
    ask.answers = [None, "核实后更正"]
    page.view.finish()
    assert page.visit is not None
    with qtbot.waitSignal(page.left):
        page.view.finish()
    assert village.values(Kind.CASE, case)["status"] == "returned"


def test_a_member_who_left_may_need_a_reason_as_well(village, case, home, opened, ask, qtbot):  # noqa: F811
    village.bring(case, "publicise")
    page = opened(VisitPage, VisitSubject(home.submission))
    page.visit.engine.remove_row(page.visit.engine.at("/data/family/member")[0], 1)
    ask.answers = [0, None]
    page.view.finish()
    assert page.visit is not None
    ask.answers = [0, "已迁出"]
    with qtbot.waitSignal(page.left):
        page.view.finish()
    assert ask.asked == ["吴小军 不在问卷的成员名单里了", "更正"] * 2
    assert village.values(Kind.CASE, case)["status"] == "returned"


def test_redoing_steps_asks_for_a_reason_too(ask):
    from app.domain.submission import Settled
    from app.ui.pages.visit_settling import with_reason
    from app.usecases.visits import Ahead

    ask.answers = ["原因"]
    assert with_reason(ask, Settled(), Ahead(needs_reason=True)) == Settled("原因")


def test_a_different_income_is_told_after_finishing(village, case, home, opened, ask, qtbot):  # noqa: F811
    from app.usecases import households

    post = {"category": "wage", "item": "wage_post", "amount_fen": 100}
    post["round"] = village.values(Kind.CASE, case)["round"]
    households.edit(village.office, home.household, [households.Edit(Kind.INCOME, "", post)])
    page = opened(VisitPage, VisitSubject(home.submission))
    fill(page.visit, {"basic/respondent": "吴小军"})
    with qtbot.waitSignal(page.left):
        page.view.finish()
    assert ask.asked == ["人均纯收入有出入"]
    assert "5250.25 元" in ask.told
    assert "5250.75 元" in ask.told


def test_an_unfinished_one_goes_to_the_newest_version_when_asked(village, own_forms, case, opened, ask):  # noqa: F811
    visit = visits.open_visit(village.office, case)
    fill(visit, {"basic/respondent": "吴福生"})
    visits.save_draft(village.office, visit)
    page = opened(VisitPage, StepSubject("", case, "visit"))
    assert not page.newer.isVisible()
    own_forms.add_version("visit", changes(own_forms))
    page.show_for(StepSubject("", case, "visit"))
    assert page.newer.isVisible()
    said = []
    page.said.connect(lambda text, *_: said.append(text))
    ask.answers = [False, True]
    page.newer.click()
    assert page.visit.version.version == "1"
    page.newer.click()
    assert page.visit.version.version == "2"
    assert not page.newer.isVisible()
    assert said == ["已换到新版。有 1 项答案在新版里没有位置，已保留在问卷里。"]
    page.save()
    assert visits.open_visit(village.office, case).version.version == "2"


def test_a_smooth_upgrade_of_a_draft_says_so(village, own_forms, case, opened, ask):  # noqa: F811
    visits.save_draft(village.office, visits.open_visit(village.office, case))
    own_forms.add_version("visit", [("<h:title>入户核查表", "<h:title>入户核查表（新）")])
    page = opened(VisitPage, StepSubject("", case, "visit"))
    said = []
    page.said.connect(lambda text, *_: said.append(text))
    ask.answers = [True]
    page.newer.click()
    assert said == ["已换到新版，答案全部搬过来了。"]


def test_the_step_leads_to_both(village, case, home, opened):  # noqa: F811
    page = opened(StepPage, StepSubject(home.household, case, "visit"))
    found = asked(page)
    page.panel.open.click()
    page.panel.change.click()
    assert found == [("submission", home), ("visit", VisitSubject(home.submission))]


def test_the_household_leads_to_them(qtbot):
    section = PapersSection()
    qtbot.addWidget(section)
    with qtbot.waitSignal(section.forms_asked):
        section.forms.click()
    section.offers(frozenset())
    assert section.forms.isHidden()


@pytest.mark.parametrize("size", ["normal", "large"])
def test_nothing_is_clipped(
    own_forms,  # noqa: F811
    home,
    opened,
    assert_no_clipped_labels,
    assert_accessible_names,
    request,
    size,
):
    if size == "large":
        request.getfixturevalue("large")
    own_forms.add_version("visit", changes(own_forms))
    page = opened(SubmissionPage, home)
    page.newer.click()
    assert_no_clipped_labels(page)
    assert_accessible_names(page)
