"""The one place that turns an error or a bug into words on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from app.domain.errors import AppError, Unavailable
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from app.ui.parts.banner import Banner

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I: read over the telephone
_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Failure:
    """What is shown of an error: words, a code to read out and the text for the technician.

    ``severe`` failures (the machine, a bug) stay until closed; a refusal may be overwritten.
    """

    text: str
    code: str
    report: str
    severe: bool


def short_code(text: str) -> str:
    """Return six characters that always stand for the same ``text``."""
    import hashlib

    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) >> 2
    return "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(_LENGTH)))


def of_error(error: AppError) -> Failure:
    """Describe an error the program foresaw; the report names no values, they may be personal."""
    code = short_code(error.code)
    report = t("failure.report", code=code, what=f"{type(error).__name__} {error}", where=_where(error))
    return Failure(sentence(error), code, report, severe=isinstance(error, Unavailable))


def of_crash(error: BaseException) -> Failure:
    """Describe a bug by its kind and place; its message stays out, it may hold personal data."""
    kind = type(error).__name__
    where = _where(error)
    code = short_code(f"{kind} {where.partition(' <- ')[0]}")
    return Failure(
        t("failure.crash"), code, t("failure.report", code=code, what=kind, where=where), severe=True
    )


def _where(error: BaseException) -> str:
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename.rpartition('/app/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return " <- ".join(reversed(places[-6:]))


class Failures(QObject):
    """Shows failures in the window's banner, with ``复制给技术员``."""

    def __init__(self, banner: Banner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._banner = banner
        self._report = ""
        banner.copy_asked.connect(self._on_copy_asked)

    @Slot(AppError)
    def on_failed(self, error: AppError) -> None:
        """Take the ``failed`` signal of the Runner."""
        self.show(of_error(error))

    @Slot(object)
    def on_crashed(self, error: BaseException) -> None:
        """Take the ``crashed`` signal of the Runner, and the program's last-resort hook."""
        self.show(of_crash(error))

    def show(self, failure: Failure) -> None:
        """Put a failure into the banner."""
        self._report = failure.report
        self._banner.show_failure(failure.text, failure.code, severe=failure.severe)

    def _on_copy_asked(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self._banner.say_copied()
