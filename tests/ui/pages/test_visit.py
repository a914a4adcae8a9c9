"""The visit questionnaire over a real workspace: resumed, kept, finished into the records."""

from __future__ import annotations

import pytest

from app.domain.ids import Kind
from app.queries import rows
from app.ui.desk import StepSubject
from app.ui.pages.visit import VisitPage
from tests.questionnaire.visit_answers import ANSWERS
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture


@pytest.fixture
def case(village):  # noqa: F811
    return village.bring(village.open("吴福生"), "visit")


@pytest.fixture
def open_page(village, runner, ask, qtbot):  # noqa: F811
    def opened(case):
        page = VisitPage(Workroom(village).desk(), runner, ask)
        qtbot.addWidget(page)
        page.resize(1286, 728)
        page.show()
        page.show_for(StepSubject("", case, "visit"))
        return page

    return opened


def answer(page, answers):
    engine = page.view.engine
    for path, text in answers.items():
        engine.answer(engine.at(f"/data/{path}")[0], text)
    page.view.changed.emit()


def value(page, path):
    return page.view.engine.at(f"/data/{path}")[0].stored


def test_what_is_typed_is_there_again_after_leaving(case, open_page):
    page = open_page(case)
    answer(page, {"basic/respondent": "吴小妹"})
    assert page._keeper.pending
    assert page.may_leave()
    assert "草稿已保存" in page.saved.text()
    again = open_page(case)
    assert value(again, "basic/respondent") == "吴小妹"
    assert again.saved.text() == "接着上次的草稿填"


def test_it_saves_by_itself_right_after_the_last_key(case, open_page, qtbot):
    page = open_page(case)
    answer(page, {"basic/respondent": "吴小妹"})
    qtbot.waitUntil(lambda: "草稿已保存" in page.saved.text(), timeout=2000)


def test_a_draft_that_cannot_be_kept_is_told_and_tried_again(village, case, open_page, qtbot, runner):  # noqa: F811
    page = open_page(case)
    village.office.drafts._conn.execute("PRAGMA query_only = ON")
    with qtbot.waitSignal(runner.failed) as told:
        answer(page, {"basic/respondent": "吴小妹"})
        page.view.left_field.emit()
    assert told.args[0].code == "disk.read_only"
    assert page.saved.text() == "草稿还没有存上，正在重试"
    page.view.answer("/data/basic/respondent", "吴小妹二")  # typing goes on
    village.office.drafts._conn.execute("PRAGMA query_only = OFF")
    page._keeper.hurry()
    assert "草稿已保存" in page.saved.text()
    assert value(open_page(case), "basic/respondent") == "吴小妹二"


def test_a_photo_that_was_not_kept_leaves_the_form(case, open_page, ask, tmp_path):
    page = open_page(case)
    page.view.show_section(4)
    ask.answers = [tmp_path / "没有.jpg"]
    assert page._attach("/data/housing/house/house_photo") == "没有.jpg"
    assert value(page, "housing/house/house_photo") == ""


def test_a_finished_questionnaire_becomes_records(village, case, open_page, qtbot):  # noqa: F811
    page = open_page(case)
    answer(page, ANSWERS)
    with qtbot.waitSignal(page.left):
        page.view.finish()
    values = village.values(Kind.CASE, case)
    assert values["submission"]
    with village.office.workspace.read() as conn:
        incomes = rows.where(conn, Kind.INCOME, household=values["household"])
        (conditions,) = rows.where(conn, Kind.CONDITIONS, household=values["household"])
    assert {item["amount_fen"] for _, item in incomes} == {980_050, 120_000, 30_000, 0}
    assert conditions[1]["house_safe"] == 1
    assert page.view is None


def test_an_unfinished_one_says_what_is_missing(village, case, open_page):  # noqa: F811
    page = open_page(case)
    page.view.finish()
    assert page.view is not None
    assert village.values(Kind.CASE, case).get("submission", "") == ""


def test_a_photo_of_a_question_is_kept_with_the_visit(village, case, open_page, ask, tmp_path):  # noqa: F811
    from PySide6.QtGui import QImage

    picture = QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(0x557733)
    picture.save(str(tmp_path / "房子.jpg"))
    page = open_page(case)
    ask.answers = [tmp_path / "房子.jpg"]
    assert page._attach("/data/housing/house/house_photo") == "房子.jpg"
    with village.office.workspace.read() as conn:
        ((_, kept),) = rows.where(conn, Kind.ATTACHMENT, case=case)
    assert kept["step"] == "visit"


@pytest.mark.parametrize("size", ["normal", "large"])
def test_nothing_is_clipped(
    case, open_page, assert_no_clipped_labels, assert_accessible_names, request, size
):
    if size == "large":
        request.getfixturevalue("large")
    page = open_page(case)
    assert_no_clipped_labels(page)
    assert_accessible_names(page)
