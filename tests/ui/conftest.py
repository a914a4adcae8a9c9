"""Fixtures of the window's tests: a desk with 300 synthetic households and walks over the widgets."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)

from app.ui import theme
from app.ui.runner import Runner
from app.ui.stylesheet import apply
from tests.ui.fake_ask import FakeAsk, InlineExecutor
from tests.ui.fake_desk import FakeWork


@pytest.fixture(autouse=True)
def looks(qapp):
    """Every test begins in normal type and calm colours; dressing all widgets anew takes time."""
    if not qapp.styleSheet() or theme.current() != theme.Theme():
        apply(qapp, theme.Theme())
    yield qapp
    # No event loop runs between tests: what was closed is deleted here.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def large(qapp):
    apply(qapp, theme.Theme(scale=theme.LARGE))


@pytest.fixture
def work():
    return FakeWork()


@pytest.fixture
def desk(work):
    return work.desk()


@pytest.fixture
def inline():
    return InlineExecutor()


@pytest.fixture
def runner(inline, qapp):
    return Runner(inline, inline)


@pytest.fixture
def ask():
    return FakeAsk()


def _visible(window):
    return [w for w in [window, *window.findChildren(QWidget)] if w.isVisible()]


def _hidden_in_scroll(widget) -> bool:
    """Whether a scroll area around the widget lets its rest be reached."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def settle() -> None:
    """Let layouts come to rest: a part shown anew asks for a layout, which asks its parent for one."""
    for _ in range(6):
        QApplication.sendPostedEvents()


@pytest.fixture
def assert_no_clipped_labels():
    """Check that every visible label and button shows all its words, and nothing scrolls sideways."""

    def check(window) -> None:
        settle()
        clipped = []
        for widget in _visible(window):
            if isinstance(widget, QLabel) and widget.text() and not widget.property("shortens"):
                need = (
                    widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
                )
                wide = widget.wordWrap() or widget.width() >= widget.sizeHint().width()
                if not wide or widget.height() < need:
                    clipped.append(
                        (widget.text(), widget.size().toTuple(), widget.sizeHint().toTuple(), need)
                    )
            elif isinstance(widget, (QAbstractButton, QComboBox)) and not isinstance(
                widget.parent(), QLineEdit
            ):
                hint = widget.minimumSizeHint()
                if widget.width() < hint.width() or widget.height() < hint.height():
                    clipped.append(
                        (widget.accessibleName() or widget.text(), widget.size().toTuple(), hint.toTuple())
                    )
            if isinstance(widget, QAbstractScrollArea):
                bar = widget.horizontalScrollBar()
                assert not bar.isVisible() or bar.maximum() == 0, widget
            parent = widget.parentWidget()
            if parent is not None and not widget.isWindow() and not _hidden_in_scroll(widget):
                assert widget.geometry().right() <= parent.width(), (widget, widget.geometry(), parent.size())
        assert clipped == []

    return check


@pytest.fixture
def assert_accessible_names():
    """Check that every visible control can be named by a screen reader."""

    def check(window) -> None:
        nameless = []
        for widget in _visible(window):
            controls = (QAbstractButton, QLineEdit, QComboBox)
            if not isinstance(widget, controls) or widget.objectName().startswith("qt_"):
                continue
            face = QAccessible.queryAccessibleInterface(widget)
            if face is None or not face.text(QAccessible.Text.Name).strip():
                nameless.append(widget)
        assert nameless == []

    return check
