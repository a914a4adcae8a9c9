"""The one style sheet, written from the tokens.

Widgets choose their dress by dynamic properties: ``kind`` on buttons (primary, quiet, link,
danger, chip, mini, list; ``tall`` for the one that matters), ``role`` on frames (card, header, footer, rail,
rule) and labels (title, big, section, label, muted, value, error, warning, key), ``state`` on
inputs (error, warning).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.ui import theme
from app.ui.binding import set_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.ui.theme import Theme


_TICK = (Path(__file__).parent / "icons" / "tick.svg").as_posix()
"""A white tick; every look's ``on_primary`` is white."""


def apply(app: QApplication, look: Theme) -> None:
    """Dress the whole program; windows made before must be built anew for their sizes."""
    theme.use(look)
    app.setStyle("Fusion")
    set_font(app, theme.font(15))
    app.setPalette(theme.palette(look.tokens))
    app.setStyleSheet(sheet(look))


def sheet(look: Theme) -> str:
    """Return the style sheet of a look."""
    return "\n".join(
        (
            _frames(look),
            _labels(look),
            _buttons(look),
            _inputs(look),
            _popups(look),
            _choices(look),
            _lists(look),
        )
    )


def _frames(look: Theme) -> str:
    k, px = look.tokens, look.px
    return f"""
    QWidget {{ color: {k.ink}; }}
    QMainWindow, QWidget[role="page"] {{ background: {k.page}; }}
    QFrame[role="card"] {{ background: {k.card}; border: 1px solid {k.line}; border-radius: {px(10)}px; }}
    QFrame[role="header"] {{ background: {k.card}; border: 0; border-bottom: 1px solid {k.line}; }}
    QFrame[role="footer"] {{ background: {k.card}; border: 0; border-top: 1px solid {k.line}; }}
    QFrame[role="rule"] {{ background: {k.line}; border: 0; }}
    QFrame[role="rail"] {{ background: {k.rail}; border: 0; }}
    QScrollArea {{ background: transparent; border: 0; }}
    QScrollArea > QWidget > QWidget[role="clear"] {{ background: transparent; }}
    QToolTip {{ background: {k.ink}; color: {k.card}; border: 0; padding: {px(4)}px {px(8)}px; }}
    """


def _labels(look: Theme) -> str:
    k, px = look.tokens, look.px
    return f"""
    QLabel {{ background: transparent; font-size: {px(15)}px; }}
    QLabel[role="title"] {{ font-size: {px(20)}px; font-weight: 700; }}
    QLabel[role="big"] {{ font-size: {px(26)}px; font-weight: 700; }}
    QLabel[role="section"] {{ font-size: {px(17)}px; font-weight: 700; }}
    QLabel[role="label"] {{ font-size: {px(14)}px; color: {k.ink2}; }}
    QLabel[role="muted"] {{ font-size: {px(13)}px; color: {k.muted}; }}
    QLabel[role="value"] {{ font-size: {px(15)}px; }}
    QLabel[role="error"] {{ font-size: {px(13)}px; color: {k.red}; }}
    QLabel[role="warning"] {{ font-size: {px(13)}px; color: {k.amber}; }}
    QLabel[role="key"] {{ font-size: {px(12)}px; color: {k.ink2}; background: {k.key};
        border: 1px solid {k.edge}; border-radius: {px(4)}px; padding: {px(2)}px {px(6)}px; }}
    """


def _buttons(look: Theme) -> str:
    k, px = look.tokens, look.px
    pad = f"{px(6)}px {px(14)}px"
    return f"""
    QPushButton, QRadioButton, QCheckBox {{ outline: 0; }}
    QPushButton {{ font-size: {px(15)}px; background: {k.card}; color: {k.ink}; border: 1px solid {k.edge};
        border-radius: {px(7)}px; padding: {pad}; min-height: {px(36) - 2 * px(6) - 2}px; }}
    QPushButton:hover {{ background: {k.page}; }}
    QPushButton:focus {{ border: 2px solid {k.primary}; padding: {px(6) - 1}px {px(14) - 1}px; }}
    QPushButton:disabled {{ color: {k.muted}; background: {k.page}; border-color: {k.line}; }}
    QPushButton[kind="primary"] {{ background: {k.primary}; color: {k.on_primary}; border-color: {k.primary};
        font-weight: 700; }}
    QPushButton[kind="primary"]:hover {{ background: {k.primary_hover}; }}
    QPushButton[kind="primary"]:focus {{ border: 2px solid {k.ink}; }}
    QPushButton[kind="primary"]:disabled {{ background: {k.key}; color: {k.muted}; border-color: {k.line}; }}
    QPushButton[kind="danger"] {{ color: {k.red}; border-color: {k.red}; }}
    QPushButton[kind="danger"]:hover {{ background: {k.red_tint}; }}
    QPushButton[kind="danger"]:disabled {{ color: {k.muted}; background: {k.page}; border-color: {k.line}; }}
    QPushButton[kind="quiet"] {{ border-color: transparent; background: transparent;
        padding: {px(6)}px {px(8)}px; }}
    QPushButton[kind="quiet"]:hover {{ background: {k.page}; }}
    QPushButton[kind="quiet"]:focus {{ border: 2px solid {k.primary}; padding: {px(6) - 1}px {px(8) - 1}px; }}
    QPushButton[several="true"] {{ text-align: left; padding-right: {px(26)}px; }}
    QPushButton[several="true"]:focus {{ padding-right: {px(26) - 1}px; }}
    QPushButton[kind="list"] {{ text-align: left; border-color: {k.field}; padding-right: {px(30)}px; }}
    QPushButton[kind="list"]:focus {{ border-color: {k.primary}; padding-right: {px(30) - 1}px; }}
    QPushButton[state="error"] {{ background: {k.red_tint}; border: 2px solid {k.red};
        padding: {px(6) - 1}px {px(14) - 1}px; }}
    QPushButton[kind="link"] {{ border-color: transparent; background: transparent; color: {k.primary};
        font-size: {px(13)}px; padding: {px(2)}px {px(6)}px; min-height: {px(24)}px; }}
    QPushButton[kind="link"]:focus {{ border: 2px solid {k.primary}; padding: {px(2) - 1}px {px(6) - 1}px; }}
    QPushButton[kind="mini"] {{ border-color: transparent; background: transparent; min-height: {px(20)}px;
        padding: 0 {px(6)}px; }}
    QPushButton[kind="mini"]:hover {{ background: {k.page}; }}
    QPushButton[kind="mini"]:focus {{ border: 2px solid {k.primary}; padding: 0 {px(6) - 1}px;
        min-height: {px(20) - 2}px; }}
    QPushButton[tall="true"] {{ font-size: {px(16)}px; min-height: {px(44) - 2 * px(6) - 2}px; }}
    QPushButton[kind="chip"] {{ font-size: {px(14)}px; border-radius: {px(17)}px; padding: 0 {px(12)}px;
        min-height: {px(36) - 2}px; }}
    QPushButton[kind="chip"]:checked {{ background: {k.tint}; color: {k.primary_hover};
        border-color: {k.primary}; font-weight: 700; }}
    QPushButton[kind="chip"]:focus {{ border: 2px solid {k.primary}; padding: 0 {px(12) - 1}px;
        min-height: {px(36) - 4}px; }}
    QPushButton::menu-indicator {{ image: none; width: 0; }}
    QMenu {{ background: {k.card}; border: 1px solid {k.edge}; padding: {px(4)}px; font-size: {px(15)}px; }}
    QMenu::item {{ padding: {px(8)}px {px(20)}px; border-radius: {px(5)}px; }}
    QMenu::item:selected {{ background: {k.tint}; color: {k.ink}; }}
    QMenu::item:disabled {{ color: {k.muted}; }}
    """


def _inputs(look: Theme) -> str:
    k, px = look.tokens, look.px
    box = "QLineEdit, QPlainTextEdit, QComboBox"
    focus = "QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus"
    inner = px(36) - 2 * px(5) - 2
    return f"""
    {box} {{ font-size: {px(15)}px; background: {k.card}; color: {k.ink}; border: 1px solid {k.field};
        border-radius: {px(7)}px; padding: {px(5)}px {px(11)}px; selection-background-color: {k.primary};
        selection-color: {k.on_primary}; }}
    QLineEdit, QComboBox {{ min-height: {inner}px; max-height: {inner}px; }}
    {focus} {{ border: 2px solid {k.primary}; padding: {px(5) - 1}px {px(11) - 1}px; }}
    QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled, QLineEdit:read-only {{
        background: {k.page}; color: {k.ink2}; border-color: {k.line}; }}
    QLineEdit[state="error"], QComboBox[state="error"], QPlainTextEdit[state="error"] {{
        background: {k.red_tint}; border: 2px solid {k.red}; padding: {px(5) - 1}px {px(11) - 1}px; }}
    QLineEdit[state="warning"], QComboBox[state="warning"], QPlainTextEdit[state="warning"] {{
        background: {k.amber_tint}; border: 2px solid {k.amber}; padding: {px(5) - 1}px {px(11) - 1}px; }}
    QLineEdit[kind="search"] {{ background: {k.page}; border-color: {k.edge}; border-radius: {px(17)}px;
        padding-left: {px(38)}px; }}
    QLineEdit[kind="search"]:focus {{ border: 2px solid {k.primary}; padding-left: {px(38) - 1}px;
        background: {k.card}; }}
    QComboBox QLineEdit, QComboBox QLineEdit:focus {{ border: 0; padding: 0; background: transparent;
        min-height: 0; }}
    QComboBox::drop-down {{ border: 0; width: {px(30)}px; }}
    QComboBox::down-arrow {{ image: none; }}
    QComboBox QAbstractItemView {{ background: {k.card}; border: 1px solid {k.edge}; outline: 0;
        selection-background-color: {k.tint}; selection-color: {k.ink}; font-size: {px(15)}px; }}
    QComboBox QAbstractItemView::item {{ min-height: {px(32)}px; padding: 0 {px(8)}px; }}
    """


def _popups(look: Theme) -> str:
    k, px = look.tokens, look.px
    return f"""
    QListView[role="finder"] {{ background: {k.card}; border: 1px solid {k.edge}; outline: 0;
        font-size: {px(15)}px; color: {k.ink}; padding: 0 {px(6)}px; }}
    QListView[role="finder"]::item {{ min-height: {px(32)}px; border: 0; }}
    QListView[role="finder"]::item:selected {{ background: {k.tint}; color: {k.ink}; border: 0; }}
    QFrame[role="card"] > QListView[role="finder"] {{ border: 0; padding: 0; }}
    QListView[role="finder"]::indicator {{ width: {px(14)}px; height: {px(14)}px; border: 2px solid {k.field};
        margin-left: {px(2)}px; margin-right: {px(6)}px;
        border-radius: {px(4)}px; background: {k.card}; }}
    QListView[role="finder"]::indicator:checked {{ border-color: {k.primary}; background: {k.primary};
        image: url("{_TICK}"); }}
    QCalendarWidget QWidget {{ background: {k.card}; alternate-background-color: {k.page}; }}
    QCalendarWidget QAbstractItemView {{ font-size: {px(15)}px; selection-background-color: {k.primary};
        selection-color: {k.on_primary}; outline: 0; border: 0; }}
    QCalendarWidget QToolButton {{ color: {k.ink}; background: transparent; border: 2px solid transparent;
        border-radius: {px(5)}px; font-size: {px(15)}px; font-weight: 700; padding: {px(4)}px {px(8)}px; }}
    QCalendarWidget QToolButton:hover {{ background: {k.key}; }}
    QCalendarWidget QToolButton:focus {{ border-color: {k.primary}; }}
    QCalendarWidget QToolButton::menu-indicator {{ image: none; width: 0; }}
    """


def _choices(look: Theme) -> str:
    k, px = look.tokens, look.px
    # Half of the outer size, rounded down: a larger radius makes the circle silently square.
    dot = px(18)
    return f"""
    QRadioButton, QCheckBox {{ font-size: {px(15)}px; spacing: {px(8)}px; min-height: {px(34)}px;
        border: 2px solid transparent; border-radius: {px(5)}px; background: transparent;
        padding: 0 {px(2)}px; }}
    QRadioButton:focus, QCheckBox:focus {{ border-color: {k.primary}; }}
    QRadioButton::indicator, QCheckBox::indicator {{ width: {dot - 4}px; height: {dot - 4}px;
        border: 2px solid {k.field}; background: {k.card}; }}
    QRadioButton::indicator {{ border-radius: {dot // 2}px; }}
    QCheckBox::indicator {{ border-radius: {px(4)}px; }}
    QRadioButton::indicator:checked {{ width: {dot - 10}px; height: {dot - 10}px;
        border: 5px solid {k.primary}; background: {k.card}; }}
    QCheckBox::indicator:checked {{ border-color: {k.primary}; background: {k.primary};
        image: url("{_TICK}"); }}
    QRadioButton:disabled, QCheckBox:disabled {{ color: {k.muted}; }}
    """


def _lists(look: Theme) -> str:
    k, px = look.tokens, look.px
    return f"""
    QTableView {{ background: transparent; border: 0; outline: 0; gridline-color: {k.line};
        selection-background-color: {k.tint}; selection-color: {k.ink}; font-size: {px(15)}px; }}
    QTableView[role="grid"] {{ border: 1px solid {k.line}; border-radius: {px(5)}px; }}
    QTableView::item {{ border: 0; padding: 0 {px(10)}px; }}
    QTableView::indicator {{ width: {px(14)}px; height: {px(14)}px; border: 2px solid {k.field};
        border-radius: {px(4)}px; background: {k.card}; }}
    QTableView::indicator:checked {{ border-color: {k.primary}; background: {k.primary};
        image: url("{_TICK}"); }}
    QHeaderView {{ background: transparent; border: 0; }}
    QHeaderView::section {{ background: transparent; color: {k.muted}; font-size: {px(13)}px; border: 0;
        border-bottom: 1px solid {k.line}; padding: 0 {px(13)}px; }}
    QTableView[role="grid"] QHeaderView::section {{ background: {k.page}; }}
    QTableCornerButton::section {{ background: {k.card}; border: 0; }}
    QScrollBar:vertical {{ background: transparent; width: {px(10)}px; margin: {px(2)}px; }}
    QScrollBar::handle:vertical {{ background: {k.edge}; border-radius: {px(3)}px; min-height: {px(36)}px; }}
    QScrollBar:horizontal {{ background: transparent; height: {px(10)}px; margin: {px(2)}px; }}
    QScrollBar::handle:horizontal {{ background: {k.edge}; border-radius: {px(3)}px; min-width: {px(36)}px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QProgressBar {{ background: {k.line}; border: 0; border-radius: {px(3)}px; max-height: {px(6)}px;
        min-height: {px(6)}px; }}
    QProgressBar::chunk {{ background: {k.primary}; border-radius: {px(3)}px; }}
    """
