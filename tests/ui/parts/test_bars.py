"""Chips, search box, toast, progress strip, pill, table of rows, page frame."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.errors import Refused
from app.queries.household_list import Chip, ChipCount, Tone
from app.ui.parts.buttons import button
from app.ui.parts.chips import Chips
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.header import Header
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page_frame import PageFrame
from app.ui.parts.passphrase import PassphraseInput, Strength, strength
from app.ui.parts.progress_strip import ProgressStrip
from app.ui.parts.reason_dialog import ReasonDialog
from app.ui.parts.toast import SHOWN_MS, Toast
from app.ui.parts.words import ShortLabel
from app.ui.runner import Job

COUNTS = (ChipCount(Chip.ALL, 48), ChipCount(Chip.OVERDUE, 3), ChipCount(Chip.DRAFT, 31))


@pytest.fixture
def chips(qtbot):
    made = Chips()
    qtbot.addWidget(made)
    made.resize(700, 36)
    made.show()
    made.show_counts(COUNTS, Chip.ALL)
    return made


def seen(chips):
    return [b.text() for b in sorted(chips.findChildren(QPushButton), key=lambda b: b.x()) if b.isVisible()]


def test_chips_with_lines_are_shown_in_order(chips, qtbot):
    qtbot.waitUntil(lambda: seen(chips) == ["全部 48", "超期 3", "有草稿 31"])


def test_a_chip_tells_its_filter(chips, qtbot):
    with qtbot.waitSignal(chips.chosen) as chosen:
        chips._chips[Chip.DRAFT].click()
    assert chosen.args == [Chip.DRAFT]


def test_the_chosen_chip_stays_without_lines(chips):
    chips.show_counts(COUNTS[:1], Chip.OVERDUE)
    assert "超期 0" in seen(chips)
    assert "有草稿 31" not in seen(chips)


def test_chips_that_do_not_fit_leave(chips, qtbot):
    chips.resize(180, 36)
    qtbot.waitUntil(lambda: seen(chips) == ["全部 48", "超期 3"])


def test_the_search_waits_for_a_pause(qtbot):
    header = Header("农户识别")
    qtbot.addWidget(header)
    header.show()
    heard = []
    header.sought.connect(heard.append)
    with qtbot.waitSignal(header.sought, timeout=5000):
        qtbot.keyClicks(header.search, "wxl")
    assert heard == ["wxl"]


def test_a_menu_button_offers_names(qtbot):
    header = Header("农户识别")
    qtbot.addWidget(header)
    header.show_rounds([("r1", "第三批"), ("r0", "第一批")], "r1")
    assert header._round.text() == "第三批"
    with qtbot.waitSignal(header.round_picked) as picked:
        header._round._menu.actions()[1].trigger()
    assert picked.args == ["r0"]
    header.show_rounds([("r1", "第三批")], "r1")
    assert header._round.menu() is None


def test_a_toast_undoes_once(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    toast, undone = Toast(page), []
    toast.say("已提交第 3 步", lambda: undone.append(1))
    assert toast.isVisible()
    assert toast.geometry().bottom() < page.height()
    toast._undo.click()
    toast._on_undo()
    assert undone == [1]
    assert toast.isHidden()
    toast.say("已保存")
    assert toast._undo.isHidden()
    assert toast._timer.interval() == SHOWN_MS
    toast._timer.timeout.emit()
    assert toast.isHidden()


def test_the_strip_follows_and_cancels(qtbot):
    strip, job = ProgressStrip(), Job(None)
    qtbot.addWidget(strip)
    assert strip.isHidden()
    strip.follow(job, "正在导入")
    strip.on_progress(30, 120)
    assert (strip._bar.value(), strip._bar.maximum()) == (30, 120)
    strip._cancel.click()
    assert job.cancelled()
    assert not strip._cancel.isEnabled()
    assert strip._rest.text() == "正在停下……"
    strip.finish()
    assert strip.isHidden()


ROWS = [TableRow("a", ("王秀兰", "本人", "0")), TableRow("b", ("周国强", "配偶", "18,600"))]


@pytest.fixture
def table(qtbot):
    made = RowsTable(
        "家庭成员",
        (TableColumn("姓名", 2), TableColumn("关系"), TableColumn("年合计（元）", 2, figures=True)),
    )
    qtbot.addWidget(made)
    made.resize(600, 200)
    made.show_rows(ROWS)
    made.show()
    return made


def test_rows_fit_the_width_and_figures_stand_right(table, qtmodeltester):
    qtmodeltester.check(table.rows)
    assert sum(table.columnWidth(c) for c in range(3)) == table.viewport().width()
    align = table.rows.index(0, 2).data(Qt.ItemDataRole.TextAlignmentRole)
    assert align & Qt.AlignmentFlag.AlignRight.value


def test_rows_are_chosen_and_opened_by_id(table, qtbot):
    table.setCurrentIndex(table.rows.index(1, 0))
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == ["b"]
    table.show_rows([TableRow("c", ("甲", "", "")), *ROWS])
    assert table.current_key() == "b"
    table.show_rows(ROWS[:1])
    assert table.current_key() == ""


def test_a_short_label_tells_all_in_its_tip(qtbot):
    label = ShortLabel("一个很长很长很长的名字")
    qtbot.addWidget(label)
    label.resize(60, 24)
    label.show()
    assert label.toolTip() == "一个很长很长很长的名字"
    label.resize(400, 24)
    assert label.toolTip() == ""


def test_a_page_frame_has_back_and_one_primary(qtbot, assert_no_clipped_labels, assert_accessible_names):
    frame = PageFrame("王秀兰")
    qtbot.addWidget(frame)
    frame.resize(1286, 728)
    frame.show_title("王秀兰", "03-0149 · 3 组 · 4 人")
    frame.show_pill("第 3 步 入户 · 剩 2 天", Tone.AMBER)
    frame.show_keys(((("Enter",), "下一项"), (("F8",), "下一处")))
    frame.add_right(button("打印空表", "plain", "printer"))
    frame.add_button(button("暂存并返回"))
    assert frame.primary.isHidden()
    frame.show_primary("提交本步")
    frame.show()
    with qtbot.waitSignal(frame.primary_asked):
        frame.primary.click()
    assert_no_clipped_labels(frame)
    assert_accessible_names(frame)


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ("shibancun78", Strength.FAIR),
        ("shibancun-2026", Strength.GOOD),
        ("Shibancun78", Strength.GOOD),
        ("石板村的八步通2026", Strength.GOOD),
    ],
)
def test_strength_in_words(text, judged):
    assert strength(text) is judged


@pytest.mark.parametrize("text", ["", "123456789", "aaaaaaaaaaaa", "13800001234"])
def test_what_may_not_be_set_is_refused(text):
    with pytest.raises(Refused):
        strength(text)


def test_a_passphrase_can_be_looked_at(qtbot):
    field = PassphraseInput("口令")
    qtbot.addWidget(field)
    qtbot.keyClicks(field, " ab c ")
    assert field.displayText() != field.text()
    field._eye.toggle()
    assert field.displayText() == " ab c "
    assert field.value() == " ab c "


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_button_is_pressed_by_enter_too(qtbot, key):
    made = button("打开")
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.clicked):
        qtbot.keyClick(made, key)


def test_an_empty_state_shows_all_its_words(qtbot, assert_no_clipped_labels):
    state = EmptyState()
    qtbot.addWidget(state)
    state.say("没有农户", "")
    state.resize(500, 400)
    state.show()
    assert_no_clipped_labels(state)
    state.say("没有农户", "这一步现在没有农户。" * 6)
    assert_no_clipped_labels(state)


def test_a_dialog_is_freed_when_it_is_closed(qtbot):
    import gc
    import weakref

    over = QWidget()
    qtbot.addWidget(over)
    gc.disable()
    try:
        dialog = ReasonDialog("退回", "请写明原因", over, targets=(("a", "申请"), ("b", "入户")))
        dialog.show()
        dialog.close()
        dialog.setParent(None)
        alive = weakref.ref(dialog)
        del dialog
        assert alive() is None
    finally:
        gc.enable()
