"""A passphrase field whose text can be looked at, and plain words about its strength."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from app.ui import theme
from app.ui.binding import below
from app.ui.icons import icon
from app.ui.parts.inputs import LineInput
from app.ui.texts import t

_GOOD = 14  # characters, a Chinese one counting twice
_KINDS_GOOD = 3


class Strength(StrEnum):
    """How hard a passphrase that may be used is to guess."""

    FAIR = "fair"
    GOOD = "good"


def strength(text: str) -> Strength:
    """Judge a passphrase by its length and its kinds of characters.

    Raises:
        Refused: the codes of ``app.crypto.passphrase.checked`` for one that may not be set at all.
    """
    from app.crypto.passphrase import checked

    plain = checked(text)
    kinds = (str.isdigit, str.islower, str.isupper, _is_han, _is_mark)
    length = len(plain) + sum(map(_is_han, plain))
    many = sum(any(map(kind, plain)) for kind in kinds)
    return Strength.GOOD if length >= _GOOD or many >= _KINDS_GOOD else Strength.FAIR


def _is_han(character: str) -> bool:
    return character.isalpha() and not character.isascii()


def _is_mark(character: str) -> bool:
    return not character.isalnum() and not character.isspace()


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
        for button in below(self, QToolButton):
            button.setAccessibleName(t("unlock.show"))

    def value(self) -> str:
        """Return the passphrase exactly as typed."""
        return self.text()

    def _on_eye(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
