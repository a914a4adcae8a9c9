"""The one door to work outside the window: writes in order, reads beside them, results by signal.

A slot calls ``run`` with a use case or ``read`` with a query, both as plain callables. The work
runs in an executor; the outcome comes back on the main thread. Nothing else in the window starts
threads, and only here a bug in a worker is caught.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from app.domain.changes import Changes
from app.domain.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Hashable
    from concurrent.futures import Executor, Future

T = TypeVar("T")

Report = Callable[[int, int], None]
"""Tells progress as (done, of); ``of`` 0 means that the end is not known."""

Cancelled = Callable[[], bool]
"""Tells whether the user asked to stop; long work looks at it between its chunks."""

CANCELLED = "work.cancelled"
"""Code a use case raises with ``Refused`` when it stopped because it was asked to."""

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Job:
    """One piece of work on its way; ``cancel`` asks long work to stop, ``over`` says it ended."""

    on_done: Callable[..., object] | None
    on_failed: Callable[[AppError], object] | None = None
    on_progress: Callable[[int, int], object] | None = None
    lane: Hashable | None = None
    number: int = 0
    over: bool = False
    _stop: Event = field(default_factory=Event)

    def cancel(self) -> None:
        """Ask the work to stop at its next chunk."""
        self._stop.set()

    def cancelled(self) -> bool:
        """Tell whether ``cancel`` was called."""
        return self._stop.is_set()


class Runner(QObject):
    """Runs use cases one after another and queries beside them.

    ``writes`` must have one worker: it is the only writer of the database. ``changed`` carries
    what a write touched, ``failed`` an error a person must be told and ``crashed`` a bug. A job
    with its own ``on_failed`` keeps its errors to itself. ``busy`` tells how many jobs are open.
    """

    changed = Signal(Changes)
    failed = Signal(AppError)
    crashed = Signal(object)
    busy = Signal(int)
    _arrived = Signal(object, object)
    _progressed = Signal(object, int, int)

    def __init__(self, writes: Executor, reads: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writes = writes
        self._reads = reads
        self._open = 0
        self._begun = 0
        self._held_up_to = 0
        self._held: list[tuple[Job, Future[object]]] = []
        self._lanes: dict[Hashable, Job] = {}
        self._arrived.connect(self._on_arrived)
        self._progressed.connect(self._on_progressed)

    def run(
        self,
        work: Callable[[], T],
        on_done: Callable[[T], object] | None = None,
        on_failed: Callable[[AppError], object] | None = None,
    ) -> Job:
        """Run a write; its result goes to ``on_done``, its ``Changes`` to everybody."""
        return self._start(self._writes, Job(on_done, on_failed), work)

    def run_long(
        self,
        work: Callable[[Report, Cancelled], T],
        on_done: Callable[[T], object] | None = None,
        on_progress: Callable[[int, int], object] | None = None,
        on_failed: Callable[[AppError], object] | None = None,
    ) -> Job:
        """Run a long write that reports progress and can be cancelled."""
        job = Job(on_done, on_failed, on_progress)
        return self._start(self._writes, job, partial(work, partial(self._report, job), job.cancelled))

    def read(
        self,
        work: Callable[[], T],
        on_done: Callable[[T], object],
        on_failed: Callable[[AppError], object] | None = None,
        lane: Hashable | None = None,
    ) -> Job:
        """Run a query; with a ``lane`` an older answer of the same lane is dropped."""
        job = Job(on_done, on_failed, lane=lane)
        if lane is not None:
            self._lanes[lane] = job
        return self._start(self._reads, job, work)

    @property
    def idle(self) -> bool:
        """Whether no work is on its way."""
        return self._open == 0

    def hold(self) -> None:
        """Go on with what has begun, but keep its results back until ``resume``: the window is locked."""
        self._held_up_to = self._begun

    def resume(self) -> None:
        """Deliver what was kept back, in the order in which it was done."""
        self._held_up_to = 0
        held, self._held = self._held, []
        for job, future in held:
            self._settle(job, future)

    def _start(self, executor: Executor, job: Job, work: Callable[[], object]) -> Job:
        self._open += 1
        self._begun += 1
        job.number = self._begun
        self.busy.emit(self._open)
        executor.submit(work).add_done_callback(partial(self._deliver, job))
        return job

    def _deliver(self, job: Job, future: Future[object]) -> None:
        """Hand a finished future to the main thread; runs in the worker."""
        if isValid(self):
            self._arrived.emit(job, future)

    def _report(self, job: Job, done: int, of: int) -> None:
        """Hand progress to the main thread; runs in the worker."""
        if job.on_progress is not None and isValid(self):
            self._progressed.emit(job, done, of)

    def _on_progressed(self, job: Job, done: int, of: int) -> None:
        if job.on_progress is not None and _alive(job.on_progress):
            job.on_progress(done, of)

    def _on_arrived(self, job: Job, future: Future[object]) -> None:
        self._open -= 1
        job.over = True
        self.busy.emit(self._open)
        if job.number <= self._held_up_to:
            self._held.append((job, future))
        else:
            self._settle(job, future)

    def _settle(self, job: Job, future: Future[object]) -> None:
        stale = job.lane is not None and self._lanes.get(job.lane) is not job
        if job.lane is not None and not stale:
            del self._lanes[job.lane]
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            self._succeed(job, future.result(), stale=stale)
        elif isinstance(error, AppError):
            self._fail(job, error, stale=stale)
        else:
            log.error("a job crashed", exc_info=error)
            self.crashed.emit(error)

    def _succeed(self, job: Job, result: object, *, stale: bool) -> None:
        touched = result if isinstance(result, Changes) else getattr(result, "changes", None)
        if isinstance(touched, Changes):
            self.changed.emit(touched)
        if not stale and job.on_done is not None and _alive(job.on_done):
            job.on_done(result)

    def _fail(self, job: Job, error: AppError, *, stale: bool) -> None:
        if stale:
            return
        if job.on_failed is not None:
            if _alive(job.on_failed):
                job.on_failed(error)
        elif error.code != CANCELLED:
            self.failed.emit(error)


def _alive(callback: Callable[..., object]) -> bool:
    """Tell whether the widget a callback belongs to still exists."""
    inner: object = callback
    while isinstance(inner, partial):
        inner = inner.func
    owner = getattr(inner, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)
