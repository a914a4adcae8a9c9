"""Stand-ins for what a page talks to besides its desk: an executor that works at once, and prepared answers."""

from __future__ import annotations

from concurrent.futures import Executor, Future


class InlineExecutor(Executor):
    """Runs the work at once, on the thread that asked."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - a future carries every outcome
            future.set_exception(error)
        return future


class FakeAsk:
    """Answers prepared beforehand, and what was asked."""

    def __init__(self) -> None:
        self.answers: list[object] = []
        self.asked: list[str] = []
        self.told = ""
        self.texts: list[str] = []

    def _take(self, title):
        self.asked.append(title)
        return self.answers.pop(0)

    def confirm(self, title, text, verb, *, danger=False):
        self.texts.append(text)
        return self._take(title)

    def tell(self, title, text):
        self.asked.append(title)
        self.told = text

    def choose(self, title, text, options):
        return self._take(title)

    def reason(self, title, text, initial=""):
        self.texts.append(text)
        return self._take(title)

    def grounds(self, title, text, reasons, targets):
        return self._take(title)

    def open_file(self, title, pattern):
        return self._take(title)

    def open_files(self, title, pattern):
        return self._take(title)

    def save_file(self, title, suggested, pattern):
        return self._take(title)

    def folder(self, title):
        return self._take(title)
