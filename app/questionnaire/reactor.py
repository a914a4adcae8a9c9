"""Runs computations in order when what they read has changed."""

from __future__ import annotations

import heapq
import logging
import math
from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.questionnaire.state import ChangeSet, Computation, Entry, Task
from app.questionnaire.xpath.values import Context, ExpressionError, Scope, Value, is_true, to_bool, to_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.questionnaire.xpath.compiler import Expression
    from app.questionnaire.xpath.node import Node

log = logging.getLogger(__name__)

MAX_STEPS = 200_000
"""More evaluations than this in one operation mean a circle the loader could not see."""


class Reactor:
    """The queue of computations and the tracking of what each read.

    ``handlers`` turn a result into state; they call back ``schedule_readers`` when others must follow.
    """

    def __init__(self, scope: Scope, handlers: dict[Task, Callable[[Entry, Value], None]]) -> None:
        self.scope = scope
        self.changes = ChangeSet()
        self._handlers = handlers
        self._heap: list[tuple[tuple[int, int, int], int, Computation]] = []
        self._sequence = 0

    def schedule(self, computation: Computation) -> None:
        """Queue a computation once."""
        if computation.queued or computation.dead:
            return
        computation.queued = True
        self._sequence += 1
        heapq.heappush(self._heap, (computation.rank, self._sequence, computation))

    def schedule_readers(self, readers: Iterable[object] | None) -> None:
        """Queue all that read something."""
        for reader in tuple(readers or ()):
            if isinstance(reader, Computation):
                self.schedule(reader)

    def forget(self, computation: Computation) -> None:
        """Take a computation of a removed row out of everything."""
        self._release(computation)
        computation.dead = True

    def run(self) -> None:
        """Evaluate until nothing is left.

        Raises:
            BadInput: ``questionnaire.endless`` when the computations never settle.
        """
        steps = 0
        while self._heap:
            _, _, computation = heapq.heappop(self._heap)
            if computation.dead:
                continue
            computation.queued = False
            steps += 1
            if steps > MAX_STEPS:
                self._heap.clear()
                raise BadInput("questionnaire.endless", question=computation.entry.path)
            value = self._tracked(computation)
            self._handlers[computation.task](computation.entry, value)

    def evaluate(self, expression: Expression, node: Node) -> Value:
        """Evaluate outside tracking; an expression that fails counts as blank.

        The failure goes to the log without values.
        """
        try:
            return expression.run(Context(node, self.scope, node))
        except ExpressionError as error:
            log.info("expression failed: %s", error.code)
            return ""

    def _tracked(self, computation: Computation) -> Value:
        self._release(computation)
        scope = self.scope
        outer = scope.reads, scope.shapes
        scope.reads, scope.shapes = computation.reads, computation.shapes
        try:
            value = self.evaluate(computation.expression, computation.standpoint)
        finally:
            scope.reads, scope.shapes = outer
        for node in computation.reads:
            if node.readers is not None:
                node.readers.add(computation)
        for node, name in computation.shapes:
            if node.shape_readers is not None:
                node.shape_readers.setdefault(name, set()).add(computation)
        return value

    @staticmethod
    def _release(computation: Computation) -> None:
        for node in computation.reads:
            if node.readers is not None:
                node.readers.discard(computation)
        for node, name in computation.shapes:
            if node.shape_readers is not None:
                node.shape_readers[name].discard(computation)
        computation.reads.clear()
        computation.shapes.clear()


def as_bool(value: Value) -> bool:
    """Truth of a relevant/readonly/required/constraint result; a node counts by its text, as in JavaRosa."""
    if isinstance(value, list):
        return bool(value) and is_true(value[0])
    return to_bool(value)


def as_count(value: Value, scope: Scope) -> int | None:
    """Rows a repeat should have, None for a blank (leave them as they are); negatives mean none."""
    number = to_number(value, scope.zone)
    return max(0, int(number)) if math.isfinite(number) else None
