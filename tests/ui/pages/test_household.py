"""The page of a household over a real workspace, by clicks and keys."""

# ruff: noqa: F811 -- the fixture is imported
from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.domain.changes import Changes
from app.domain.ids import EntityId, Kind
from app.queries import rows
from app.ui import theme
from app.ui.desk import StepSubject
from app.ui.pages.household import SECTIONS, HouseholdPage
from app.ui.stylesheet import apply
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture
from tests.usecases.journal import audited, ops
from tests.usecases.village import synthetic_id


@pytest.fixture
def page(village, runner, ask, qtbot):
    home = village.add_home("吴福生", ["吴明"])
    made = HouseholdPage(Workroom(village).desk(), runner, ask)
    qtbot.addWidget(made)
    runner.changed.connect(made.on_changed)
    made.resize(1286, 728)
    made.offers(frozenset({"household_history"}))
    made.show_for(home)
    made.show()
    return made


def type_in(form, **values):
    for code, value in values.items():
        form.field(code).set_value(value)
        form.on_left(code)


def said(page):
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def members(village, home):
    with village.office.workspace.read() as conn:
        return dict(rows.where(conn, Kind.MEMBER, household=home))


def test_it_shows_who_lives_there(page):
    assert page.members.table.rows.rowCount() == 2
    assert "吴福生" in said(page)
    assert page.tabs["members"].text() == "家庭成员 2"
    assert not page.frame.primary.isEnabled()


def test_a_sensitive_value_is_masked_until_it_is_asked_for(page, village):
    field = page.members.form.field("id_number")
    assert field.is_masked()
    assert synthetic_id(1) not in field.mask_box.text()
    assert field.value() == ""
    field.reveal.click()
    assert field.inner.text() == synthetic_id(1)
    action, subject, detail = audited(village.office)[-1]
    assert (action, subject) == ("reveal", page.members.form.uid)
    assert "id_number" in detail
    assert not page.draft.is_changed


def test_edits_of_several_sections_are_saved_at_once(page, village, qtbot):
    home = village.homes["吴福生"]
    type_in(page.facts.form, group="五组")
    type_in(page.members.form, education="03")
    type_in(page.living.form, food=1, house_area_dm2=12050, house_built=1998)
    assert "改了 5 项，按 Ctrl+S 一次保存。" in said(page)
    number = len(ops(village.office))
    with qtbot.waitSignal(page.said) as told:
        page.frame.primary.click()
    assert ops(village.office)[number:] == ["household.edited", "member.edited", "conditions.added"]
    assert told.args[0] == "吴福生：已保存"
    assert village.values(Kind.HOUSEHOLD, home)["group"] == "五组"
    with village.office.workspace.read() as conn:
        ((_, living),) = rows.where(conn, Kind.CONDITIONS, household=home)
    assert (living["food"], living["house_area_dm2"], living["house_built"]) == (1, 12050, 1998)
    assert living["round"] == page._file.sheet.round
    assert not page.frame.primary.isEnabled()
    assert page.living.form.field("house_area_dm2").text() == "120.50"
    assert page.living.form.field("house_built").text() == "1998"


def test_saving_is_taken_back_by_another_edit(page, village, qtbot):
    home = village.homes["吴福生"]
    type_in(page.facts.form, group="五组")
    page.members.add_member()
    type_in(page.members.form, name="吴小妹", id_number=synthetic_id(9, "20100203", "2"), relation="04")
    with qtbot.waitSignal(page.said) as told:
        page.save()
    assert len(members(village, home)) == 3
    undo = told.args[1]
    with qtbot.waitSignal(page.said) as told:
        undo()
    assert told.args == ["已改回原来的内容，两次修改都留有记录", None]
    assert village.values(Kind.HOUSEHOLD, home)["group"] == "三组"
    sister = next(m for m in members(village, home).values() if m["name"] == "吴小妹")
    assert sister["status"] == "void"
    assert page.members.table.rows.rowCount() == 2


def test_a_number_fills_in_sex_and_birth(page):
    page.members.add_member()
    form = page.members.form
    type_in(form, name="吴小妹", id_number=synthetic_id(9, "20100203", "2").lower())
    assert (form.field("sex").value(), form.field("born").value()) == ("2", "2010-02-03")
    assert not form.field("id_number").is_masked()


def test_the_number_field_keeps_the_input_method_out_and_writes_a_large_x(page):
    page.members.add_member()
    inner = page.members.form.field("id_number").inner
    assert inner.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is False
    inner.setText("99010120000101001x")
    assert inner.value().endswith("X")


def test_what_is_wrong_is_said_at_the_field_and_stops_saving(page, village, qtbot):
    page.members.add_member()
    number = synthetic_id(9)
    type_in(page.members.form, name="吴二", id_number=number[:-1] + ("0" if number[-1] != "0" else "1"))
    assert "id_number" in page.members.form.problems()
    page.choose_section("facts")
    before = len(ops(village.office))
    with qtbot.waitSignal(page.noticed):
        page.save()
    assert len(ops(village.office)) == before
    assert page.tabs["members"].isChecked()
    page.members.drop.click()
    assert not page.draft.is_changed


def test_somebody_elses_number_is_warned_about(page, village):
    village.add_home("赵大山")
    page.members.add_member()
    type_in(page.members.form, name="赵大山", id_number=synthetic_id(11))
    assert any("石板村三组赵大山户的赵大山" in text for text in said(page))
    type_in(page.members.form, id_number=synthetic_id(12))
    assert not any("赵大山户" in text for text in said(page))


def test_death_and_return_are_edits_like_any_other(page, village):
    home = village.homes["吴福生"]
    page.members.table.setCurrentIndex(page.members.table.rows.index(1, 0))
    son = page.members.form.uid
    page.members.died.click()
    assert page.members.form.field("status_on").value() == "2026-03-02"
    page.save()
    assert (members(village, home)[son]["status"], members(village, home)[son]["status_reason"]) == (
        "deceased",
        "died",
    )
    assert page.members.form.uid == son
    page.members.back.click()
    page.save()
    assert members(village, home)[son]["status"] == "present"


def test_income_is_typed_in_yuan_and_reckoned_at_once(page, village):
    page.choose_section("money")
    card = page.money.cards[Kind.INCOME]
    card.form.fill({"item": "wage_away", "amount_fen": 1_860_000})
    card.append.click()
    card.form.fill({"item": "livestock", "amount_fen": 324_000})
    card.append.click()
    costs = page.money.cards[Kind.EXPENSE]
    costs.form.fill({"category": "production", "amount_fen": 200_000})
    costs.append.click()
    assert "（18,600＋3,240－2,000）÷ 2 人 = 9,920 元" in said(page)
    assert "不低于标准 8,800 元" in said(page)
    key = next(iter(card.amounts))
    card.amounts[key].setText("1,000.50")
    card.amounts[key].left_field.emit()
    assert "（1,000.50＋3,240－2,000）÷ 2 人 = 1,120.25 元" in said(page)
    page.save()
    with village.office.workspace.read() as conn:
        found = rows.where(conn, Kind.INCOME, household=village.homes["吴福生"])
    assert sorted(int(values["amount_fen"]) for _, values in found) == [100_050, 324_000]
    assert {values["category"] for _, values in found} == {"wage", "operating"}


def test_an_item_that_does_not_count_says_so(page):
    card = page.money.cards[Kind.INCOME]
    card.form.fill({"item": "student_aid", "amount_fen": 300_000})
    card.append.click()
    page.choose_section("money")
    assert "助学金（不计入纯收入）" in said(page)
    assert "另有 3,000 元登记但不计入" in said(page)


def test_an_item_without_amount_is_asked_for(page):
    card = page.money.cards[Kind.INCOME]
    card.append.click()
    assert set(card.form.problems()) == {"item", "amount_fen"}
    assert card.amounts == {}


def test_last_years_amounts_stand_beside_and_fill_the_empty(page, village):
    home = village.homes["吴福生"]
    case = village.open("吴福生")
    village.fill_living(case)
    village.pass_days(20)
    from app.usecases.rounds import NewRound, open_round

    open_round(village.office, NewRound("2026年第二批", 2026, "s8/v1", None, {case: True}))
    page.show_for(home)
    page.choose_section("money")
    card = page.money.cards[Kind.INCOME]
    assert "26,000" in said(page)
    assert [amount.value() for amount in card.amounts.values()] == [""]
    card.keep.click()
    assert [amount.value() for amount in card.amounts.values()] == [2_600_000]
    page.save()
    with village.office.workspace.read() as conn:
        found = rows.where(conn, Kind.INCOME, household=home, round=page._file.sheet.round)
    assert [values["amount_fen"] for _, values in found] == [2_600_000]
    strike = [b for b in card.findChildren(type(card.keep)) if b.accessibleName().startswith("去掉")]
    strike[0].click()
    page.save()
    with village.office.workspace.read() as conn:
        assert rows.where(conn, Kind.INCOME, household=home, round=page._file.sheet.round) == []


def test_a_correction_names_the_step_and_needs_a_reason(page, village, ask):
    case = village.bring(village.open("吴福生"), "publicise")
    page.show_for(village.homes["吴福生"])
    costs = page.money.cards[Kind.EXPENSE]
    costs.form.fill({"category": "production", "amount_fen": 2_000_000})
    costs.append.click()
    ask.answers = [None]
    page.save()
    assert ask.asked == ["更正"]
    assert village.stage(case) == "publicise"
    assert page.draft.is_changed
    page.side.reason.setText("漏报了买化肥的钱")
    page.save()
    assert ask.asked == ["更正"]
    assert village.stage(case) == "visit"


def test_leaving_with_changes_asks_first(page, ask):
    assert page.may_leave()
    type_in(page.facts.form, group="五组")
    ask.answers = [False, True]
    assert not page.may_leave()
    assert page.may_leave()
    assert ask.asked == ["还没有保存", "还没有保存"]


def test_changes_can_be_dropped(page):
    type_in(page.facts.form, group="五组")
    page.side.drop.click()
    assert page.facts.form.field("group").value() == "三组"
    assert not page.frame.primary.isEnabled()


def test_an_identification_is_begun_here_and_leads_to_its_step(page, village, qtbot):
    page.choose_section("papers")
    page.papers.starts["identify"].click()
    assert not page.papers.starts["identify"].isEnabled()
    (case,) = page._file.cases
    assert (case.workflow, case.step, case.ended) == ("identify", "农户申请", False)
    with qtbot.waitSignal(page.asked) as asked:
        page.papers.case_asked.emit(case)
    assert asked.args == ["step", StepSubject(village.homes["吴福生"], case.case, "")]


def test_conflicts_and_history_have_their_pages(page, village, qtbot):
    home = village.homes["吴福生"]
    with qtbot.waitSignal(page.asked) as asked:
        page.papers.conflicts_asked.emit()
    assert asked.args == ["conflicts", home]
    page.choose_section("papers")
    with qtbot.waitSignal(page.asked) as asked:
        page.papers.history.click()
    assert asked.args == ["household_history", home]


def test_changes_elsewhere_are_read_unless_something_is_unsaved(page, village):
    home = village.homes["吴福生"]
    from app.usecases.households import Edit, edit

    edit(village.office, home, [Edit(Kind.HOUSEHOLD, home, {"group": "七组"})])
    page.on_changed(Changes(("e",), ((Kind.HOUSEHOLD, EntityId(home)),)))
    assert page.facts.form.field("group").value() == "七组"
    type_in(page.facts.form, address="七组1号")
    page.on_changed(Changes(("e",), ((Kind.HOUSEHOLD, EntityId(home)),)))
    assert page.facts.form.field("address").value() == "七组1号"


def test_digits_go_through_the_sections(page):
    for number, name in enumerate(SECTIONS, start=1):
        page.choose_step(number)
        assert page.tabs[name].isChecked()


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
def test_nothing_is_clipped(
    qapp,
    village,
    runner,
    ask,
    qtbot,
    scale,
    assert_no_clipped_labels,
    assert_accessible_names,
):
    apply(qapp, theme.Theme(scale=scale))
    home = village.add_home("吴福生", ["吴明", "吴二"])
    village.fill_living(village.open("吴福生"))
    made = HouseholdPage(Workroom(village).desk(), runner, ask)
    qtbot.addWidget(made)
    made.resize(1366 - theme.px(80), 728)
    made.show_for(home)
    made.show()
    type_in(made.facts.form, group="五组")
    for section in SECTIONS:
        made.choose_section(section)
        assert (made.width(), made.height()) == (1366 - theme.px(80), 728)
        assert_no_clipped_labels(made)
        assert_accessible_names(made)
