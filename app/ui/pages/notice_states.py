"""How a public notice stands, in words, and what is written down at each stand."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import DateInput, LineInput
from app.ui.parts.member_table import TableColumn, TableRow
from app.ui.parts.notice_form import day_words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.publicity import PublicityLine


class NoticeState(StrEnum):
    """How a notice stands."""

    PLANNED = "planned"
    HANGING = "hanging"
    OVER = "over"  # its last day has passed, it still hangs
    DOWN = "down"  # taken down, households wait for the result
    ENDED = "ended"


def state_of(line: PublicityLine | None) -> NoticeState:
    """Return how a notice stands; nothing at all counts as ended."""
    if line is None or (line.taken_down_on and line.concluded >= line.households):
        return NoticeState.ENDED
    if line.taken_down_on:
        return NoticeState.DOWN
    if line.is_over:
        return NoticeState.OVER
    return NoticeState.HANGING if line.posted_on else NoticeState.PLANNED


def first_to_do(lines: Sequence[PublicityLine]) -> int:
    """Return the place of the first notice that waits for somebody, 0 when none does."""
    waiting = {NoticeState.PLANNED, NoticeState.OVER, NoticeState.DOWN}
    return next((at for at, line in enumerate(lines) if state_of(line) in waiting), 0)


def columns() -> tuple[TableColumn, ...]:
    """Return the columns of the list of notices."""
    return (
        TableColumn(t("notices.days"), 6),
        TableColumn(t("meetings.count"), 2, figures=True),
        TableColumn(t("notices.state"), 4),
    )


def row_of(line: PublicityLine) -> TableRow:
    """Return a notice as a row of the list."""
    days = t("notices.from_to", first=day_words(line.from_on), last=day_words(line.to_on))
    count = t("batch.households", number=line.households)
    return TableRow(line.id, (days, count, t(f"notices.is_{state_of(line)}")))


def told(line: PublicityLine) -> str:
    """Return what is known about a notice, in sentences."""
    first, last = day_words(line.from_on), day_words(line.to_on)
    said = [t("notices.about_days", first=first, last=last, number=line.households)]
    if line.posted_on:
        by = line.posted_by or t("list.unknown")
        said.append(t("notices.about_posted", day=day_words(line.posted_on), where=line.posted_where, by=by))
    state = state_of(line)
    if state is NoticeState.HANGING and line.days_left is not None:
        said.append(t("notices.about_left", days=max(0, line.days_left) + 1))
    if line.taken_down_on:
        said.append(t("notices.about_down", day=day_words(line.taken_down_on), result=line.result))
    said.append(t(f"notices.next_{state}"))
    return "\n".join(said)


def form_for(state: NoticeState) -> FormGrid:
    """Return an empty form of what is to be written down at a stand."""
    form = FormGrid(2)
    if state is NoticeState.PLANNED:
        form.add("on", t("field.publicity.posted_on"), DateInput(), required=True)
        form.add("by", t("field.publicity.posted_by"), LineInput(), required=True)
        form.add("where", t("field.publicity.posted_where"), LineInput(), span=2, required=True)
    elif state is NoticeState.OVER:
        form.add("on", t("field.publicity.taken_down_on"), DateInput(), required=True)
        form.add("result", t("field.publicity.result"), LineInput(), required=True)
    return form
