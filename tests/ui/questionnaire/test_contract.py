"""What every kind of question promises, asked of each of them in the same way."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from app.questionnaire.engine import Engine
from app.ui.questionnaire.combos import PopupTicksEditor, SearchBox
from app.ui.questionnaire.field import QuestionField
from app.ui.questionnaire.files import Files
from app.ui.questionnaire.registry import Question
from app.ui.questionnaire.shown import ShownEditor
from tests.questionnaire.forms import NOW, form_of
from tests.ui.questionnaire.all_types import ALL_TYPES, ANSWERS, picture

NONE = Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True)
class Kind:
    """A question, the keys that answer it, the text the engine then has; keys nobody can read."""

    path: str
    keys: str
    text: str
    unreadable: str = ""
    plain: bool = False  # the input method stays out


KINDS = (
    Kind("texts/line", "abc", "abc"),
    Kind("texts/phone", "09 90x", "09 90X", unreadable="1a", plain=True),
    Kind("texts/secret", "abc", "abc"),
    Kind("texts/story", "abc", "abc"),
    Kind("texts/people", "007", "7", unreadable="12a", plain=True),
    Kind("texts/wage", "18600.50", "18600.50", unreadable="1.2.3", plain=True),
    Kind("texts/code", "69a", "69a", plain=True),
    Kind("chosen/yes", "2", "n"),
    Kind("chosen/level", "4", "d"),
    Kind("chosen/same", "1", "a"),
    Kind("chosen/short", "3", "c"),
    Kind("chosen/village", "wjw", "v1", unreadable="zzz"),
    Kind("chosen/causes", "21", "edu ill"),
    Kind("chosen/folded", "popup", "edu"),
    Kind("chosen/roof", "2", "mud"),
    Kind("chosen/agreed", " ", "OK"),
    Kind("others/day", "20261005", "2026-10-05", unreadable="2026-13-01", plain=True),
    Kind("others/month", "202610", "2026-10-01", unreadable="2026-13", plain=True),
    Kind("others/year", "2026", "2026-01-01", unreadable="26", plain=True),
    Kind("others/clock", "930", "09:30:00.000+08:00", unreadable="25:00", plain=True),
    Kind(
        "others/moment",
        "2026-10-5 9:30",
        "2026-10-05T09:30:00.000+08:00",
        unreadable="2026-10-05",
        plain=True,
    ),
    Kind("others/place", "30.5, 104", "30.5 104.0", unreadable="95, 104", plain=True),
    Kind("others/slider", "right", "2"),
    Kind("others/picked", "12", "12"),
    Kind("others/photo", "choose", "new.png"),
    Kind("others/paper", "choose", "new.png"),
)
READABLE = [k for k in KINDS if k.unreadable]


@pytest.fixture(scope="module")
def form():
    return form_of(ALL_TYPES)


class Desk:
    """A field alone with its engine, as the view has it."""

    def __init__(self, engine: Engine, path: str) -> None:
        self.engine = engine
        self.entry = engine.at(f"/data/{path}")[0]
        files = Files(choose=lambda _ref: "new.png", picture=picture)
        self.home = QWidget()
        self.field = QuestionField(Question(engine, self.entry, files), "", self.home)
        self.told: list[str] = []
        self.field.edited.connect(self._on_edited)
        self.other = QLineEdit(self.home)

    def _on_edited(self, field: QuestionField, text: str) -> None:
        self.told.append(text)
        self.engine.answer(self.entry, text)
        field.refresh()

    @property
    def stop(self) -> QWidget:
        return self.field.editor.stops[0]

    def type(self, qtbot, keys: str) -> None:
        self.field.take_focus()
        if keys == "right":
            qtbot.keyClick(self.stop, Qt.Key.Key_Right)
        elif keys == "choose":
            qtbot.mouseClick(self.stop, Qt.MouseButton.LeftButton)
        elif keys == "popup":
            editor = self.field.editor
            assert isinstance(editor, PopupTicksEditor)
            qtbot.keyClick(self.stop, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
            qtbot.keyClick(editor.popup.list, Qt.Key.Key_Space)
            editor.popup.close()
        else:
            for key in keys:
                qtbot.keyClicks(QApplication.focusWidget() or self.stop, key)

    def leave(self, qtbot) -> None:
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self.home.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.home, timeout=5000)
        self.other.setFocus()

    def shown(self) -> str:
        """All the words and marks a person sees."""
        marks = []
        for widget in self.field.findChildren(QWidget):
            checked = getattr(widget, "isChecked", bool)()
            text = getattr(widget, "text", None) or getattr(widget, "toPlainText", None)
            marks.append(f"{text() if text else ''}{'*' if checked else ''}")
        return "|".join(marks)


@pytest.fixture
def desk_of(form, qtbot):
    def opened(path: str, text: str = "", table: str = "") -> Desk:
        engine = Engine(form_of(table) if table else form, NOW, rng=random.Random(1))
        if text:
            engine.answer(engine.at(f"/data/{path}")[0], text)
        made = Desk(engine, path)
        qtbot.addWidget(made.home)
        made.home.resize(700, 300)
        made.field.setGeometry(0, 0, 680, 250)
        made.other.setGeometry(0, 260, 100, 30)
        with qtbot.waitActive(made.home, timeout=5000):
            made.home.show()
            made.home.activateWindow()
        return made

    return opened


def named(kinds):
    return pytest.mark.parametrize("kind", kinds, ids=[k.path.partition("/")[2] for k in kinds])


@named(KINDS)
def test_an_answer_is_shown_and_differs_from_none(desk_of, kind):
    blank, full = desk_of(kind.path), desk_of(kind.path, ANSWERS[kind.path])
    assert blank.entry.stored == ""
    assert full.entry.stored == ANSWERS[kind.path]
    assert blank.shown() != full.shown()
    assert blank.told == full.told == []


@named(KINDS)
def test_what_is_typed_reaches_the_engine_as_it_takes_it(desk_of, qtbot, kind):
    desk = desk_of(kind.path)
    desk.type(qtbot, kind.keys)
    desk.leave(qtbot)
    assert desk.entry.stored == kind.text
    assert len(desk.told) <= len(kind.keys)
    assert not desk.field.editor.problem()
    again = desk_of(kind.path, kind.text)
    assert again.entry.stored == kind.text  # the engine takes it as it is


@named(KINDS)
def test_a_refresh_is_silent_and_leaves_the_cursor_where_it_is(desk_of, qtbot, kind):
    desk = desk_of(kind.path, ANSWERS[kind.path])
    desk.field.take_focus()
    focus = QApplication.focusWidget()
    line = focus.line if isinstance(focus, SearchBox) else focus
    if isinstance(line, QLineEdit):
        line.setCursorPosition(1)
    elif isinstance(line, QPlainTextEdit):
        line.moveCursor(line.textCursor().MoveOperation.Right)
    before = desk.shown()
    desk.field.refresh()
    assert QApplication.focusWidget() is focus
    assert desk.told == []
    assert desk.shown() == before
    if isinstance(line, QLineEdit):
        assert line.cursorPosition() == 1
    elif isinstance(line, QPlainTextEdit):
        assert line.textCursor().position() == 1


@named(KINDS)
def test_a_change_from_outside_is_shown(desk_of, kind):
    desk = desk_of(kind.path)
    before = desk.shown()
    desk.engine.answer(desk.entry, ANSWERS[kind.path])
    desk.field.refresh()
    filled = desk.shown()
    assert filled != before
    desk.engine.answer(desk.entry, "")
    desk.field.refresh()
    assert desk.shown() == before
    assert desk.told == []


@named(READABLE)
def test_what_cannot_be_read_stays_and_is_told_in_chinese(desk_of, qtbot, kind):
    desk = desk_of(kind.path, ANSWERS[kind.path])
    desk.type(qtbot, kind.unreadable)
    desk.leave(qtbot)
    assert desk.entry.stored == ""
    assert desk.field.editor.written() == kind.unreadable
    assert any("\u4e00" <= c <= "\u9fff" for c in desk.field.said())
    desk.field.refresh()
    assert desk.field.editor.written() == kind.unreadable
    again = desk_of(kind.path)
    again.field.touched = True
    again.field.show_written(kind.unreadable)
    assert again.field.editor.problem() == desk.field.said()


@named(KINDS)
def test_every_stop_says_which_question_it_belongs_to(desk_of, kind):
    desk = desk_of(kind.path, ANSWERS[kind.path])
    assert desk.field.editor.stops
    for stop in desk.field.editor.stops:
        assert desk.field.label() in stop.accessibleName()
    assert any(stop.focusPolicy() & Qt.FocusPolicy.TabFocus for stop in desk.field.editor.stops)


@named(KINDS)
def test_the_wheel_changes_nothing(desk_of, kind):
    desk = desk_of(kind.path, ANSWERS[kind.path])
    desk.field.take_focus()
    for stop in desk.field.editor.stops:
        turned = QWheelEvent(
            QPointF(5, 5),
            QPointF(stop.mapToGlobal(QPoint(5, 5))),
            QPoint(0, 0),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            NONE,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(stop, turned)
    assert desk.told == []
    assert desk.entry.stored == ANSWERS[kind.path]


@named(KINDS)
def test_nothing_is_kept_while_words_are_being_composed(desk_of, kind):
    desk = desk_of(kind.path)
    desk.field.take_focus()
    QApplication.sendEvent(QApplication.focusWidget(), QInputMethodEvent("wang", []))
    assert desk.entry.stored == ""
    assert all(text == "" for text in desk.told)


@named([k for k in KINDS if k.plain])
def test_the_input_method_stays_out_of_numbers_codes_and_dates(desk_of, kind):
    desk = desk_of(kind.path)
    assert desk.stop.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is False


@named(KINDS)
def test_errors_colour_it_and_go_again(desk_of, kind):
    desk = desk_of(kind.path)
    before = red(desk.field)
    desk.field.editor.show_state("error")
    assert red(desk.field) > before
    desk.field.editor.show_state("")
    assert red(desk.field) == before


def red(field):
    widgets = field.findChildren(QWidget)
    return {w for w in widgets if "error" in {w.property("state"), w.property("role")}}


READ_ONLY = """
| survey |
|  | type | name | label | read_only | parameters | default |
|  | text | a | 甲 | yes | | 文字 |
|  | integer | b | 乙 | yes | | 1234 |
|  | date | c | 丙 | yes | | 2026-10-05 |
|  | select_one yn | d | 丁 | yes | | y |
|  | select_multiple yn | e | 戊 | yes | | n y |
|  | range | f | 己 | yes | start=1 end=9 step=1 | 3 |
| choices |
|  | list_name | name | label |
|  | yn | y | 是 |
|  | yn | n | 否 |
"""


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a", "文字"), ("b", "1,234"), ("c", "2026-10-05"), ("d", "是"), ("e", "否、是"), ("f", "3")],
)
def test_read_only_is_shown_in_words_and_takes_no_cursor(desk_of, name, shown):
    desk = desk_of(name, table=READ_ONLY)
    assert isinstance(desk.field.editor, ShownEditor)
    assert desk.field.editor.shown.text() == shown
    assert not desk.field.can_focus()


def test_a_question_may_become_read_only_and_writable_again(desk_of):
    desk = desk_of(
        "b",
        table="""
        | survey |
        |  | type | name | label | read_only |
        |  | text | a | 甲 | |
        |  | text | b | 乙 | ${a} = 'x' |
        """,
    )
    assert desk.field.can_focus()
    desk.engine.answer(desk.entry, "文字")
    desk.engine.answer(desk.engine.at("/data/a")[0], "x")
    desk.field.refresh()
    assert not desk.field.can_focus()
    assert "文字" in desk.shown()
    desk.engine.answer(desk.engine.at("/data/a")[0], "")
    desk.field.refresh()
    assert desk.field.can_focus()


ZERO = """
| survey |
|  | type | name | label | parameters |
|  | integer | a | 甲 | |
|  | decimal | b | 乙 | |
|  | range | c | 丙 | start=0 end=5 step=1 |
"""


@pytest.mark.parametrize(("name", "keys"), [("a", "0"), ("b", "0"), ("c", "home")])
def test_nought_is_not_nothing(desk_of, qtbot, name, keys):
    desk = desk_of(name, table=ZERO)
    blank = desk.shown()
    if keys == "home":
        desk.field.take_focus()
        qtbot.keyClick(desk.stop, Qt.Key.Key_Home)
    else:
        desk.type(qtbot, keys)
    assert desk.entry.stored == "0"
    assert desk.shown() != blank
    qtbot.keyClick(desk.stop, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(desk.stop, Qt.Key.Key_Delete)
    assert desk.entry.stored == ""
