"""A passphrase field whose text can be looked at, and plain words about its strength."""

from __future__ import annotations

import itertools
from enum import StrEnum

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from app.ui import theme
from app.ui.icons import icon
from app.ui.parts.inputs import LineInput
from app.ui.texts import t

SHORTEST = 8  # characters; fewer are refused
_GOOD = 12
_KINDS_GOOD = 3
_KINDS_FAIR = 2
_DIFFERENT = 5  # characters; "11111111" is long and worth nothing


class Strength(StrEnum):
    """How hard a passphrase is to guess."""

    EMPTY = "empty"
    SHORT = "short"
    WEAK = "weak"
    FAIR = "fair"
    GOOD = "good"


def strength(text: str) -> Strength:
    """Judge a passphrase by its length, its kinds of characters and how often they repeat."""
    if not text:
        return Strength.EMPTY
    if len(text) < SHORTEST:
        return Strength.SHORT
    kinds = sum(
        any(test(c) for c in text)
        for test in (
            str.isdigit,
            str.isalpha,
            lambda c: not c.isalnum(),
            lambda c: c.isalpha() and c.isupper(),
        )
    )
    if len(set(text)) < _DIFFERENT or _is_run(text):
        return Strength.WEAK
    length = len(text) + sum(not c.isascii() for c in text)  # a Chinese character is worth two
    if (length >= _GOOD and kinds >= _KINDS_FAIR) or kinds >= _KINDS_GOOD:
        return Strength.GOOD
    return Strength.FAIR if kinds >= _KINDS_FAIR or length >= _GOOD else Strength.WEAK


def _is_run(text: str) -> bool:
    """Tell whether the characters only count up or down, as 12345678 does."""
    steps = {ord(b) - ord(a) for a, b in itertools.pairwise(text)}
    return steps in ({1}, {-1})


class PassphraseInput(LineInput):
    """Dots instead of characters; the eye shows them, and then an input method may write too."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(name)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        size = QSize(theme.px(18), theme.px(18))
        self._eye = QAction(icon("eye", size.width(), theme.tokens().ink2), t("unlock.show"), self)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._on_eye)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        tools: list[QToolButton] = [*self.findChildren(QToolButton)]
        for button in tools:
            button.setAccessibleName(t("unlock.show"))

    def value(self) -> str:
        """Return the passphrase exactly as typed."""
        return self.text()

    def _on_eye(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
