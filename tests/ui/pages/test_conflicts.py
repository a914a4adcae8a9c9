"""Conflicts and the history in the window: choose by click and by key, type another value, save at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.domain.ids import EntityId, Kind
from app.domain.person import Actor
from app.files.package import PackageKind
from app.queries import rows
from app.queries.conflicts import conflicts
from app.ui import theme
from app.ui.parts.words import ShortLabel
from app.ui.stylesheet import apply
from app.usecases import cases
from tests.usecases.exchange import VILLAGE, count, edit, household, value


@pytest.fixture
def homes(seats):
    """Three households that two laptops of the village changed differently, met on ``second``."""
    one, two = seats.office("village-01"), seats.office("second", "village-01")
    found = [household(one, number) for number in range(3)]
    for number, home in enumerate(found):
        edit(one, home, address=f"一组{number}号", bank_name="农信社")
    seats.later(minutes=3)
    two = two.acting(other_person(two))
    for number, home in enumerate(found):
        edit(two, home, address=f"二组{number}号", bank_name="邮储银行")
    seats.send(one, seats.office("second"), PackageKind.PEER)
    return found


def other_person(office):
    with office.workspace.read() as conn:
        found = conn.exec_driver_sql("SELECT uid, name FROM p_person WHERE entity_scope = ?", (VILLAGE,))
        uid, name = next((uid, name) for uid, name in found if uid != office.actor.person)
    return Actor(EntityId(uid), name, office.level, office.actor.scope)


@pytest.fixture
def page(seats, homes, qtbot, ask):
    area = seats.window("second", qtbot, ask)
    area.go("conflicts", str(homes[1]))
    return area.page()


def option(row, text):
    return next(one for one in row.options if one.value.startswith(text))


def row_of(page, field):
    return next(row for row in page.rows if row.line.field == field)


def press(qtbot, widget, key):
    qtbot.keyClick(widget, key)


def test_both_values_stand_beside_each_other(page, homes):
    assert page.homes.rows.rowCount() == 3
    assert page.homes.current_key() == homes[1]
    texts = sorted(one.value for one in row_of(page, "address").options[:2])
    assert texts == ["一组1号", "二组1号"]
    writers = {head.by for head in row_of(page, "address").line.heads}
    assert len(writers) == 2
    assert not page.frame.primary.isEnabled()


def test_nothing_is_written_before_the_button_and_all_at_once_after(page, homes, seats):
    office = seats.office("second")
    option(row_of(page, "address"), "一组").click()
    option(row_of(page, "bank_name"), "邮储").click()
    assert count(office, "conflict") == 6
    assert page.frame.primary.text() == "保存 2 处"
    page.frame.primary.click()
    assert count(office, "conflict") == 4
    assert (value(office, homes[1], "address"), value(office, homes[1], "bank_name")) == (
        "一组1号",
        "邮储银行",
    )
    assert page.homes.rows.rowCount() == 2


def test_arrows_choose_and_enter_goes_on_to_the_next_household(page, qtbot, homes):
    first = page.rows[0]
    first.take_focus()
    press(qtbot, first.options[0], Qt.Key.Key_Right)
    assert first.taken() == first.options[1].entry
    press(qtbot, first.options[1], Qt.Key.Key_Left)
    assert first.taken() == first.options[0].entry
    press(qtbot, first.options[0], Qt.Key.Key_Return)
    press(qtbot, page.rows[1].options[0], Qt.Key.Key_Return)
    assert len(page._picks) == 2
    assert page.homes.current_key() != homes[1]


def test_another_value_can_be_typed(page, homes, seats, qtbot):
    row = row_of(page, "address")
    row.other.click()
    assert row.input.isVisible()
    row.input.setText("三组9号")
    press(qtbot, row.input, Qt.Key.Key_Return)
    assert page.frame.primary.text() == "保存 1 处"
    page.frame.primary.click()
    assert value(seats.office("second"), homes[1], "address") == "三组9号"


def test_a_choice_takes_the_typed_value_back(page):
    row = row_of(page, "address")
    row.other.click()
    row.input.setText("三组9号")
    row.input.left_field.emit()
    option(row, "一组").click()
    assert row.typed() == ""
    [pick] = page._picks.values()
    assert pick.take == row.taken()


def test_each_value_says_where_it_comes_from_and_what_stood_there(page):
    line = row_of(page, "address").line
    told = row_of(page, "address").options[0].accessibleName()
    assert "本机" in told
    assert "户页填写" in told
    assert line.base is not None
    assert line.base.text in [label.text() for label in row_of(page, "address").findChildren(ShortLabel)]


def test_all_values_can_be_kept_in_one(page, homes, seats):
    row = row_of(page, "address")
    row.options[2].click()
    page.frame.primary.click()
    found = value(seats.office("second"), homes[1], "address")
    assert set(str(found).split("；")) == {"一组1号", "二组1号"}


def test_what_repeats_is_decided_together_after_a_look_at_the_list(page, seats, ask, homes):
    office = seats.office("second")
    row = row_of(page, "address")
    assert "还有 2 处" in row.pattern.text()
    row.pattern.click()
    patterns = seats.areas[-1].page()
    assert patterns.list.rows.rowCount() == 2
    assert not patterns.frame.primary.isEnabled()
    side = next(one for one in patterns.sides if "石" in one.text() or one.text())
    side.click()
    kept = [patterns.preview.rows.index(at, 3).data() for at in range(3)]
    ask.answers = [False, True]
    patterns.frame.primary.click()
    assert count(office, "conflict") == 6
    patterns.frame.primary.click()
    assert sorted(str(value(office, home, "address")) for home in homes) == sorted(kept)
    with office.workspace.read() as conn:
        left = {line.field for line in conflicts(conn, office.policy, VILLAGE)}
    assert left == {"bank_name"}
    patterns.show_for("bank_name")
    patterns.sides[0].click()
    ask.answers = [True]
    patterns.frame.primary.click()
    assert patterns._empty.isVisible()


def test_after_saving_the_last_decision_is_made_anew(page, homes, seats, ask):
    office = seats.office("second")
    option(row_of(page, "address"), "一组").click()
    page.frame.primary.click()
    assert value(office, homes[1], "address") == "一组1号"
    ask.answers = [None, 0]
    page._on_undo()
    assert value(office, homes[1], "address") == "一组1号"
    page._on_undo()
    assert value(office, homes[1], "address") == "二组1号"
    page._on_undo()  # nothing is left to take back


def test_the_next_household_is_one_key_away(page, homes):
    first = page.homes.current_key()
    assert page.next_home.isVisible()
    page.next_home.click()
    assert page.homes.current_key() != first


def test_undo_takes_the_last_choice_back(page):
    option(row_of(page, "address"), "一组").click()
    page._on_undo()
    assert page._picks == {}
    assert not any(one.isChecked() for row in page.rows for one in row.options)


def test_next_problem_goes_to_what_is_open(page):
    option(page.rows[0], page.rows[0].options[0].value).click()
    page.next_problem()
    assert any(one.hasFocus() or one is page.rows[1].options[0] for one in page.rows[1].options)


def test_without_conflicts_it_says_so(seats, qtbot, ask):
    area = seats.window("village-01", qtbot, ask)
    area.go("conflicts")
    assert area.page()._empty.isVisible()
    assert area.page().frame.primary.isHidden()


def test_a_step_in_conflict_is_settled_with_a_reason(seats, qtbot, ask):
    one, two = seats.office("village-01"), seats.office("second", "village-01")
    with one.workspace.read() as conn:
        query = "SELECT uid, household FROM case_line WHERE step = 'review' LIMIT 1"
        case, home = conn.exec_driver_sql(query).one()
    reviewers = {"reviewer1": one.actor.person, "reviewer2": other_person(one).person, "relatives_filed": 0}
    cases.act_on_case(one, EntityId(case), "review.pass", reviewers)
    cases.act_on_case(two, EntityId(case), "review.return", {"reason": "材料不齐", "to": "apply"})
    seats.send(one, two, PackageKind.PEER)
    area = seats.window("second", qtbot, ask)
    area.go("conflicts", home)
    page = area.page()
    row = next(row for row in page.rows if row.line.of_stage)
    assert not row.settle.isEnabled()
    next(option for option in row.options if "入户" in option.value).click()
    assert not page.frame.primary.isEnabled()
    ask.answers = [None, "两人已经审过"]
    row.settle.click()
    assert count(two, "conflict") > 0
    row.settle.click()
    assert count(two, "conflict") == 0
    with two.workspace.read() as conn:
        assert rows.get(conn, Kind.CASE, case)["stage"] == "visit"
    assert page._empty.isVisible()


def test_the_history_shows_every_value_and_how_it_stands(seats, homes, qtbot, ask):
    area = seats.window("second", qtbot, ask)
    area.go("household_history", str(homes[0]))
    page = area.page()
    model = page.table.model()
    rows = [tuple(model.index(row, column).data() for column in range(6)) for row in range(model.rowCount())]
    heads = {(row[3], row[4]) for row in rows if row[5] == "有冲突"}
    assert heads == {
        ("详细地址", "一组0号"),
        ("详细地址", "二组0号"),
        ("开户银行", "农信社"),
        ("开户银行", "邮储银行"),
    }
    page.filters["head"].click()
    assert page.table.model().rowCount() == 4
    page.table.setCurrentIndex(page.table.rows.index(0, 0))
    assert "还没有决定" in page._about.text()
    assert not any(len(row[4]) == 18 and row[4].isdigit() for row in rows)


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
@pytest.mark.parametrize("name", ["conflicts", "conflict_patterns", "household_history"])
def test_nothing_is_clipped(
    seats, homes, qtbot, ask, name, scale, qapp, assert_no_clipped_labels, assert_accessible_names
):
    apply(qapp, theme.Theme(scale=scale))
    area = seats.window("second", qtbot, ask)
    area.go(name, str(homes[0]))
    assert_no_clipped_labels(area)
    assert_accessible_names(area)
