"""Rows, cascades, notes, totals, calendars, photos and foreign kinds on a page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QDate, QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import (
    QComboBox,
    QPushButton,
    QRadioButton,
)

from app.questionnaire.engine import Engine
from app.ui.questionnaire.files import Files
from app.ui.questionnaire.shown import ElsewhereEditor, TotalEditor
from tests.questionnaire.forms import NOW, engine_of, form_of
from tests.ui.questionnaire.all_types import ALL_TYPES, ANSWERS, picture
from tests.ui.questionnaire.looking import field

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_rows_within_rows_come_and_go(open_view, qtbot):
    engine = engine_of("""
    | survey |
    |        | type         | name   | label |
    |        | begin_repeat | member | 成员  |
    |        | text         | name   | 姓名  |
    |        | begin_repeat | job    | 经历  |
    |        | text         | place  | 地点  |
    |        | end_repeat   |        |       |
    |        | end_repeat   |        |       |
    """)
    view = open_view(engine)
    outer = view.block.rosters()[0]
    inner = view.block.rosters()[1]
    inner.add_button.click()
    view.answer("/data/member[1]/job[2]/place", "东莞")
    outer.add_button.click()
    outer.choose(0)
    assert len(view.block.rosters()[1].spread.rows) == 2
    view.go_to("/data/member[1]/job[2]/place")
    assert view.focusWidget().text() == "东莞"
    before = view.draft_xml()
    outer.remove_button.click()
    view.undo()
    assert view.draft_xml() == before


def test_a_long_roster_is_a_list_with_one_row_of_widgets(open_view, qtbot):
    engine = engine_of("""
    | survey |
    |        | type         | name   | label |
    |        | begin_repeat | member | 成员  |
    |        | text         | name   | 姓名  |
    |        | end_repeat   |        |       |
    """)
    spread = engine.at("/data/member")[0]
    for _ in range(39):
        engine.add_row(spread)
    for number, entry in enumerate(engine.at("/data/member/name"), 1):
        engine.answer(entry, f"成员{number}")
    view = open_view(engine)
    roster = view.block.rosters()[0]
    assert len(view.fields()) == 1
    strip = roster.strip
    assert strip.box.currentText() == "1 成员1"
    strip.forth.click()
    assert view.fields()[0].editor.line.text() == "成员2"
    strip.back.click()
    assert not strip.back.isEnabled()
    strip.box.finder.activated.emit("40 成员40")
    assert view.fields()[0].editor.line.text() == "成员40"
    strip.box.activated.emit(9)
    assert view.fields()[0].editor.line.text() == "成员10"
    assert roster.title() == "成员10"


def test_cascades_offer_what_fits_the_answer_before(open_view, qtbot):
    engine = engine_of("""
    | survey  |
    |         | type           | name | label | choice_filter |
    |         | select_one t   | town | 乡镇  | |
    |         | select_one h   | home | 小组  | town = ${town} |
    | choices |
    |         | list_name | name | label | town |
    |         | t | t1 | 东乡 | |
    |         | t | t2 | 西乡 | |
    |         | h | h1 | 一组 | t1 |
    |         | h | h2 | 二组 | t2 |
    """)
    view = open_view(engine)
    town, home = view.fields()
    assert home.findChildren(QRadioButton) == []
    town.take_focus()
    qtbot.keyClick(view.focusWidget(), "1")
    assert [b.text() for b in home.editor.stops] == ["一组"]
    home.take_focus()
    qtbot.keyClick(view.focusWidget(), "1")
    town.take_focus()
    qtbot.keyClick(view.focusWidget(), "2")
    assert home.entry.stored == ""
    assert [b.text() for b in home.editor.stops] == ["二组"]


def test_kinds_from_elsewhere_keep_their_answers_while_others_are_edited(open_view):
    engine = Engine(form_of(ALL_TYPES), NOW)
    for name, text in ANSWERS.items():
        engine.put(engine.at(f"/data/{name}")[0], text)
    view = open_view(Engine(engine.form, NOW, engine.to_xml()), files=Files(picture=picture))
    view.answer("/data/texts/line", "周国强")
    view.show_section(4)
    for made in view.fields():
        assert isinstance(made.editor, ElsewhereEditor)
        assert made.said() == "这里不能填，内容原样保留"
        assert not made.can_focus()
    kept = view.engine.to_xml()
    for name, text in ANSWERS.items():
        if name.startswith("foreign/"):
            assert f">{text}</{name.rpartition('/')[2]}>" in kept


@pytest.mark.parametrize("section", range(5))
def test_every_kind_is_whole_and_named(open_view, section, assert_no_clipped_labels, assert_accessible_names):
    view = open_view(Engine(form_of(ALL_TYPES), NOW), files=Files(picture=picture))
    view.show_section(section)
    assert_no_clipped_labels(view)
    assert_accessible_names(view)


@pytest.mark.parametrize("section", range(5))
def test_every_kind_is_whole_in_large_type(large, open_view, section, assert_no_clipped_labels):
    view = open_view(Engine(form_of(ALL_TYPES), NOW), files=Files(picture=picture), width=1222, height=540)
    view.show_section(section)
    assert_no_clipped_labels(view)


def test_explanations_open_and_a_picture_stands_with_its_question(open_view, qtbot):
    view = open_view(Engine(form_of(ALL_TYPES), NOW), files=Files(picture=picture))
    name = field(view, "/data/texts/line")
    assert not name._guidance.isVisible()
    name._guide.click()
    assert name._guidance.isVisible()
    assert "户口簿" in name._guidance.said()
    view.show_section(1)
    roof = field(view, "/data/chosen/roof")
    assert not roof._picture.pixmap().isNull()
    assert [b.iconSize().width() for b in roof.editor.stops] == [72, 72]


def test_a_note_follows_the_answers(open_view, qtbot):
    view = open_view(Engine(form_of(ALL_TYPES), NOW))
    note = field(view, "/data/texts/hello")
    assert note._label.said() == "您好，，请如实填写。斜体，红字。"
    view.answer("/data/texts/line", "<b>王</b>*兰*")
    assert "<b>王</b>" in note._label.said()


def test_a_total_is_read_back_in_large_type_and_in_words(open_view):
    view = open_view(Engine(form_of(ALL_TYPES), NOW))
    view.answer("/data/texts/people", "4")
    view.answer("/data/texts/wage", "18600")
    total = field(view, "/data/texts/total").editor
    assert isinstance(total, TotalEditor)
    assert (total.shown.text(), total.aloud.text()) == ("4,650", "四千六百五十元")


def test_the_calendar_picks_and_clears_a_day(open_view, qtbot):
    view = open_view(Engine(form_of(ALL_TYPES), NOW))
    view.show_section(2)
    day, moment = field(view, "/data/others/day"), field(view, "/data/others/moment")
    for made, expected in ((day, "2026-11-22"), (moment, "2026-11-22T00:00:00.000+08:00")):
        made.editor.pick.trigger()
        made.editor.popup.findChildren(QPushButton)[0].click()
        assert made.entry.stored == expected
    moment.editor.open_calendar()
    moment.editor.popup.calendar.clicked.emit(QDate(2026, 10, 5))
    assert moment.editor.line.text() == "2026-10-05 00:00"
    day.editor.open_calendar()
    day.editor.popup.findChildren(QPushButton)[1].click()
    assert day.entry.stored == ""


def test_photos_are_dropped_pasted_and_taken_away(open_view, tmp_path, qtbot):
    got = []

    def take(ref, path):
        got.append((ref, path.name))
        return path.name

    def paste(ref, image):
        got.append((ref, image.width()))
        return "pasted.png"

    view = open_view(Engine(form_of(ALL_TYPES), NOW), files=Files(take=take, paste=paste))
    view.show_section(2)
    photo = field(view, "/data/others/photo")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "notes.txt"))])
    photo.editor.zone.dropped.emit(data)
    assert photo.entry.stored == ""
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "house.JPG"))])
    photo.editor.zone.dropped.emit(data)
    assert photo.entry.stored == "house.JPG"
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(0)
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(photo.editor.choose, Qt.Key.Key_V, CONTROL)
    assert photo.entry.stored == "pasted.png"
    qtbot.keyClick(photo.editor.choose, Qt.Key.Key_Delete)
    assert photo.entry.stored == ""
    assert got == [(photo.entry.ref, "house.JPG"), (photo.entry.ref, 30)]
    QGuiApplication.clipboard().clear()


def test_many_choices_that_come_late_stand_in_a_list(open_view, qtbot):
    rows = "\n".join(f"| | h | h{n} | {n} 组 | t1 |" for n in range(1, 12))
    engine = engine_of(f"""| survey |
| | type | name | label | choice_filter |
| | text | town | 乡镇 | |
| | select_one h | home | 小组 | town = ${{town}} |
| choices |
| | list_name | name | label | town |
{rows}
""")
    view = open_view(engine)
    home = field(view, "/data/home")
    assert not isinstance(home.editor.widget, QComboBox)
    view.answer("/data/town", "t1")
    assert isinstance(home.editor.widget, QComboBox)
    home.take_focus()
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Return, SHIFT)
    assert view.focusWidget() is field(view, "/data/town").editor.line
    assert home.touched
    view.answer("/data/home", "h11")
    assert home.editor.box.currentText() == "11 组"


def test_several_are_ticked_one_after_the_other_by_keyboard(open_view, qtbot):
    view = open_view(Engine(form_of(ALL_TYPES), NOW))
    view.show_section(1)
    folded = field(view, "/data/chosen/folded")
    folded.take_focus()
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    listed = folded.editor.popup.list
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space):
        qtbot.keyClick(listed, key)
    assert folded.entry.stored == "edu ill"
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    assert not folded.editor.popup.isVisible()
    assert folded.editor.face.text() == "因学、因病"
    view.undo()
    assert folded.editor.face.text() == "请选择"
    view.redo()
    qtbot.keyClick(folded.editor.face, Qt.Key.Key_Delete)
    assert folded.entry.stored == ""
