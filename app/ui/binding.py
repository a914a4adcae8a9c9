"""Qt as it really behaves where the type stubs of its Python binding leave something out or are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtCore import QObject, QRect
    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QLayout, QStyle, QStyleOption

T = TypeVar("T")
W = TypeVar("W", bound="QObject")


class _Lettered(Protocol):
    def setFont(self, font: QFont, /) -> None: ...  # noqa: N802 -- Qt's name


class _Shots(Protocol):
    def singleShot(  # noqa: N802 -- Qt's name
        self, msec: int, context: QObject, functor: Callable[[], object], /
    ) -> None: ...


class _Words(Protocol):
    def setStringList(self, strings: list[str], /) -> None: ...  # noqa: N802 -- Qt's name


class Placed(Protocol):
    """The fields of a style option; the stubs leave out all of them."""

    rect: QRect
    state: QStyle.StateFlag


class _Parent(Protocol):
    def findChildren(self, kind: type[QObject], /) -> Iterable[QObject]: ...  # noqa: N802 -- Qt's name


def set_font(target: _Lettered, font: QFont) -> None:
    """Set the font of a widget, a painter or the program; the stubs would take a list of anything as well."""
    target.setFont(font)


def set_words(target: _Words, found: list[str]) -> None:
    """Set the words of a list of texts; the stubs do not say of what the list is."""
    target.setStringList(found)


def later(owner: QObject, then: Callable[[], object], msec: int = 0) -> None:
    """Call ``then`` from the event loop after ``msec`` milliseconds, not any more when ``owner`` is gone."""
    from PySide6.QtCore import QTimer

    cast("_Shots", QTimer).singleShot(msec, owner, then)


def below(parent: QObject, kind: type[W]) -> list[W]:
    """Return the children of a class, however deep; the stubs do not tie the result to the class."""
    return [child for child in cast("_Parent", parent).findChildren(kind) if isinstance(child, kind)]


def placed(option: QStyleOption) -> Placed:
    """Return a style option with its fields."""
    return cast("Placed", option)


def maybe(found: T) -> T | None:
    """Return what Qt gave, which may be nothing although the stubs never say so."""
    return found


def clear(layout: QLayout) -> None:
    """Take everything out of a layout; widgets vanish at once and are deleted by the event loop."""
    while (item := maybe(layout.takeAt(0))) is not None:
        old = maybe(item.widget())
        if old is not None:
            old.hide()
            old.deleteLater()
