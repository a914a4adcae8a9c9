"""The four error classes of the house; a code and parameters, never a sentence."""

from __future__ import annotations


class AppError(Exception):
    """Something the user must be told; the sentence for ``code`` stands in the window's tables."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        """Return the code and its parameters' names; values may be personal and stay out of logs."""
        return f"{self.code}({', '.join(sorted(self.params))})"


class Refused(AppError):
    """A rule says no."""


class BadInput(AppError):
    """A file or a cell cannot be used; params name ``file``, ``sheet``, ``row``, ``column`` where known."""


class Unavailable(AppError):
    """The machine says no: disk full, folder read-only, file damaged or in use."""
