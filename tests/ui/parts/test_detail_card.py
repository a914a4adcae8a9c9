"""The card: one primary action, masked values, the timeline and the verdict in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QPushButton

from app.queries.case_card import Said, StepState
from app.ui.parts.detail_card import DetailCard
from app.ui.parts.timeline import TimelineRow
from app.ui.texts import t


@pytest.fixture
def card(work):
    return work.card(work.all[1].household, work.all[1].case)


@pytest.fixture
def detail(card, qtbot):
    made = DetailCard()
    qtbot.addWidget(made)
    made.resize(376, 620)
    made.show_card(card)
    made.show()
    return made


def texts(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def test_it_says_who_and_how_far(detail, card):
    said = texts(detail)
    assert card.head in said
    assert f"户编号 {card.code} · {card.group} · {card.size} 人" in said
    assert "已完成 2 / 8 步" in said
    assert "6,900 元" in said


def test_the_telephone_is_masked_until_asked_for(detail, card, qtbot):
    assert "138****6620" in texts(detail)
    show = next(
        b for b in detail.findChildren(QPushButton) if b.accessibleName() == f"显示{t('field.member.phone')}"
    )
    with qtbot.waitSignal(detail.reveal_asked) as asked:
        qtbot.mouseClick(show, Qt.MouseButton.LeftButton)
    detail.show_revealed(asked.args[0], "13800006620")
    assert "13800006620" in texts(detail)
    detail.show_card(card)
    assert "13800006620" not in texts(detail)


def test_the_primary_button_carries_the_action(detail, card, qtbot):
    assert detail.primary_text() == "继续办理入户"
    with qtbot.waitSignal(detail.action_asked) as asked:
        detail._primary.click()
    assert asked.args == [card.next_action]


def test_without_an_action_it_says_whose_turn_it_is(detail, card):
    detail.show_card(replace(card, next_action=None, waits_for="township county"))
    assert detail.primary_text() == ""
    assert "等乡镇、县里办理" in texts(detail)


def test_what_is_missing_is_said(detail, work):
    line = work.all[6]
    detail.show_card(work.card(line.household, line.case))
    assert any(text.startswith("还差：") for text in texts(detail))


def test_conflicts_are_shown_and_lead_on(detail, card, qtbot):
    with qtbot.waitSignal(detail.conflicts_asked) as asked:
        detail._conflict.click()
    assert asked.args == [card.household]
    detail.show_card(replace(card, conflicts=()))
    assert detail._conflict.isHidden()


def test_the_menu_offers_the_other_actions(detail, card, qtbot):
    detail._fill_menu()
    entries = {action.text(): action for action in detail._menu.actions()}
    assert list(entries) == ["查看农户资料", "修改记录", "退回上一步"]
    with qtbot.waitSignal(detail.action_asked) as asked:
        entries["退回上一步"].trigger()
    assert asked.args == [card.other_actions[0]]


def test_each_step_of_the_timeline_speaks_and_opens(detail, qtbot):
    rows = detail.findChildren(TimelineRow)
    names = [
        QAccessible.queryAccessibleInterface(r).text(QAccessible.Text.Name) for r in rows if r.isVisible()
    ]
    assert names[0] == "第1步 申请 已完成 本人申请 09-12"
    assert names[2].startswith("第3步 入户 正在办")
    with qtbot.waitSignal(detail.step_asked) as asked:
        rows[4].click()
    assert asked.args == ["appraise"]


def test_stale_evidence_is_marked(detail, card):
    steps = (replace(card.steps[0], state=StepState.STALE), *card.steps[1:])
    detail.show_card(replace(card, steps=steps))
    rows = detail.findChildren(TimelineRow)[-8:]
    assert "需重办" in QAccessible.queryAccessibleInterface(rows[0]).text(QAccessible.Text.Name)


def test_the_verdict_has_three_outcomes(detail, qtbot):
    signs = [label.accessibleName() for label in detail.findChildren(QLabel) if label.accessibleName()]
    assert {"收入 达标", "住房 未达标", "饮水 未核查"} <= set(signs)


def test_nobody(detail):
    detail.show_nobody()
    assert "请在名单里选一户" in texts(detail)
    assert detail.primary_text() == ""


@pytest.mark.parametrize("width", [322, 376])
def test_nothing_is_clipped(detail, width, assert_no_clipped_labels, assert_accessible_names):
    detail.resize(width, 620)
    assert_no_clipped_labels(detail)
    assert_accessible_names(detail)


def test_what_is_missing_says_so_once(detail, card):
    detail.show_card(
        replace(
            card,
            missing=(
                Said("detail.missing", (("what", "户主签字"),)),
                Said("detail.missing", (("what", "日期"),)),
            ),
        )
    )
    assert "还差：户主签字、日期" in texts(detail)


def test_the_open_step_is_in_sight(detail, work, qtbot):
    late = next(line for line in work.all if line.step == "audit")
    detail.resize(376, 420)
    detail.show_card(work.card(late.household, late.case))
    port = detail._scroll.viewport()

    def in_sight():
        row = detail._timeline.current_row()
        top = row.mapTo(port, row.rect().topLeft()).y()
        return top >= 0 and top + row.height() <= port.height()

    qtbot.waitUntil(in_sight, timeout=5000)
