"""When a step is due.

due = due_on(workflow, case_values, pack.calendar)
due.on               # the earliest day by which an open step is due, None where there is no limit
due.unknown_year     # the year whose holiday table is missing, so that nothing could be counted
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.calendar import parse_date
from app.domain.errors import Refused
from app.domain.stage import Status, read_state

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from app.domain.calendar import Calendar
    from app.domain.ids import Value
    from app.domain.workflow import Limit, Workflow


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline; ``step`` is the one it belongs to, "" for the limit of the whole case."""

    on: date | None = None
    step: str = ""
    unknown_year: int = 0

    def overdue_days(self, today: date) -> int:
        """Return by how many natural days it has passed; 0 while it has not."""
        return max(0, (today - self.on).days) if self.on else 0


def due_on(workflow: Workflow, values: Mapping[str, Value], calendar: Calendar) -> Due:
    """Return the earliest deadline of a case; none for a suspended or ended one.

    A limit counts from the day its step opened, which itself is not counted; the limit of the whole case from
    the day of application.

    Raises:
        Refused: ``workflow.unknown_step``.
    """
    state = read_state(workflow, values)
    if state.status.is_ended or state.status is Status.SUSPENDED:
        return Due()
    dues = [_due(step, workflow.step(step).limit, state.opened_on(step), calendar) for step in state.open]
    dues.append(_due("", workflow.total_limit, parse_date(values.get("applied_on")), calendar))
    known = [due for due in dues if due.on]
    if known:
        return min(known, key=lambda due: (str(due.on), due.step))
    return next((due for due in dues if due.unknown_year), Due())


def _due(step: str, limit: Limit | None, start: date | None, calendar: Calendar) -> Due:
    if limit is None or start is None:
        return Due()
    try:
        return Due(calendar.add(start, limit.days, limit.day_type), step)
    except Refused as unknown:
        return Due(step=step, unknown_year=int(unknown.params["year"]))
