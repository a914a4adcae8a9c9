"""The page of a step over a real workspace, by clicks."""

from __future__ import annotations

import pytest

from app.domain.ids import Kind, Level
from app.ui.desk import StepSubject
from app.ui.pages.step import StepPage
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture


@pytest.fixture
def open_step(village, runner, ask, qtbot):  # noqa: F811
    def opened(case, step="", level=Level.VILLAGE, action=""):
        page = StepPage(Workroom(village, level).desk(), runner, ask)
        qtbot.addWidget(page)
        runner.changed.connect(page.on_changed)
        page.resize(1286, 728)
        page.show()
        page.show_for(StepSubject("", case, step, action))
        return page

    return opened


def fill(page, **values):
    for code, value in values.items():
        page.form.grid.field(code).set_value(value)
        page.form.grid.on_left(code)


def missing(page):
    return page._missing.text()


def test_an_application_is_filled_in_and_accepted(village, open_step, qtbot):  # noqa: F811
    page = open_step(village.open("吴福生"))
    assert page.frame.primary.text() == "受理"
    assert "申请人或发现人" in missing(page)
    fill(page, applicant="本人", source="self", documents="application", auth_signed=1)
    assert missing(page) == "材料齐了，可以办“受理”。"
    told = []
    page.said.connect(lambda text, _undo: told.append(text))
    with qtbot.waitSignal(page.left):
        page.frame.primary.click()
    assert told == ["吴福生：受理，已办。点“撤销”会退回到这一步"]
    assert village.stage(page._subject.case) == "review"


def test_what_is_missing_is_jumped_to_and_nothing_is_written(village, open_step):  # noqa: F811
    case = village.open("吴福生")
    page = open_step(case)
    page.frame.primary.click()
    assert village.stage(case) == "apply"
    assert page.focusWidget() is page.form.grid.field("applicant")


def test_undo_leads_back_to_the_step(village, open_step):  # noqa: F811
    case = village.open("吴福生")
    page = open_step(case)
    told = []
    page.said.connect(lambda text, undo: told.append((text, undo)))
    fill(page, applicant="本人", source="self", documents="application", auth_signed=1)
    page.frame.primary.click()
    assert village.stage(case) == "review"
    told[0][1]()
    assert village.stage(case) == "apply"
    assert told[-1][0] == "吴福生：已退回到这一步"


def test_leaving_saves_what_was_typed(village, open_step):  # noqa: F811
    case = village.open("吴福生")
    page = open_step(case)
    fill(page, applicant="本人")
    assert page.may_leave()
    assert village.values(Kind.CASE, case)["applicant"] == "本人"


def test_a_return_asks_where_to_and_why(village, open_step):  # noqa: F811
    case = village.bring(village.open("吴福生"), "compare")
    page = open_step(case)
    back = next(a for a in page.menu.actions() if a.text() == "退回")
    back.trigger()
    assert page.act_card.isVisible()
    page.act_card.confirm.click()
    assert page.act_card.form.problems() == ("to",)
    page.act_card.form.fill({"to": "apply", "reason_code": "material", "reason": "缺身份证复印件"})
    page.act_card.confirm.click()
    assert village.stage(case) == "apply"


def test_stale_evidence_is_confirmed(village, open_step, runner):  # noqa: F811
    case = village.bring(village.open("吴福生"), "visit")
    page = open_step(case)
    next(a for a in page.menu.actions() if a.text() == "退回").trigger()
    page.act_card.form.fill({"to": "apply", "reason": "补材料"})
    page.act_card.confirm.click()
    village.bring(case, "review")
    page = open_step(case, "review")
    assert not page.form.keep.isHidden()
    refused = []
    runner.failed.connect(refused.append)
    page.frame.primary.click()
    assert [error.code for error in refused] == ["workflow.stale"]
    page.form.keep.setChecked(True)
    page.frame.primary.click()
    assert village.stage(case) == "visit"


def test_two_people_are_needed(village, open_step):  # noqa: F811
    case = village.bring(village.open("吴福生"), "review")
    page = open_step(case)
    first, second = village.people[Level.VILLAGE]
    fill(page, relatives_filed=0, reviewer1=first, reviewer2=first)
    assert "两名不同的初审人" in missing(page)
    fill(page, reviewer2=second)
    page.frame.primary.click()
    assert village.stage(case) == "visit"


def test_another_level_only_looks(village, open_step):  # noqa: F811
    page = open_step(village.open("吴福生"), level=Level.TOWNSHIP)
    assert missing(page) == "这一步由村里办，这里只能看。"
    assert not page.frame.primary.isVisible()
    assert not page.form.grid.isEnabled()


def test_a_verdict_is_set_by_hand_with_a_reason(village, open_step):  # noqa: F811
    case = village.bring(village.open("吴福生"), "visit")
    page = open_step(case)
    page.verdicts.changes["food"].click()
    page.verdicts.form.fill({"verdict": "pass"})
    page.verdicts.save.click()
    assert page.verdicts.form.problems() == ("reason",)
    page.verdicts.form.fill({"verdict": "pass", "reason": "入户看过，粮食够吃"})
    page.verdicts.save.click()
    assert village.values(Kind.CASE, case)["override_food"] == "pass"


def test_a_photo_is_attached_small_and_struck(village, open_step, ask, tmp_path):  # noqa: F811
    from PySide6.QtGui import QImage

    picture = QImage(2400, 1200, QImage.Format.Format_RGB32)
    picture.fill(0x335577)
    picture.save(str(tmp_path / "院子.jpg"))
    case = village.bring(village.open("吴福生"), "visit")
    page = open_step(case)
    ask.answers = [(tmp_path / "院子.jpg",)]
    page.photos.add_button.click()
    (line,) = page.sheet.attachments
    kept = QImage.fromData(page._step.attachment(line.file))
    assert (kept.width(), kept.height()) == (1600, 800)
    ask.answers = ["拍错了"]
    next(iter(page.photos._tiles.values())).click()
    assert page.sheet.attachments == ()


@pytest.mark.parametrize("size", ["normal", "large"])
def test_nothing_is_clipped(
    village,  # noqa: F811
    open_step,
    assert_no_clipped_labels,
    assert_accessible_names,
    request,
    size,
):
    if size == "large":
        request.getfixturevalue("large")
    case = village.open("吴福生")
    for step in ("apply", "review", "visit", "compare", "appraise", "publicise"):
        village.bring(case, step)
        page = open_step(case)
        assert_no_clipped_labels(page)
        assert_accessible_names(page)


def test_a_rejected_case_is_opened_again_where_somebody_chooses(village, open_step):  # noqa: F811
    case = village.bring(village.open("吴福生"), "review")
    page = open_step(case)
    next(a for a in page.menu.actions() if a.text() == "初审不通过").trigger()
    first, second = village.people[Level.VILLAGE]
    fill(page, relatives_filed=0, reviewer1=first, reviewer2=second)
    page.act_card.form.fill({"reason": "不符合条件"})
    page.act_card.confirm.click()
    assert village.values(Kind.CASE, case)["status"] == "rejected"
    page = open_step(case, "review")
    next(a for a in page.menu.actions() if a.text() == "重新办理").trigger()
    page.act_card.form.fill({"to": "review", "reason_code": "mistake"})
    page.act_card.confirm.click()
    assert village.stage(case) == "review"
