"""What stops when a household is struck, in sentences; window and terminal say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.queries.running import RunningCase


def running_words(running: Sequence[RunningCase]) -> tuple[str, ...]:
    """Return what happens to each case under way, and to the notice it stands on."""
    return tuple(_sentences(running))


def _sentences(running: Sequence[RunningCase]) -> Iterator[str]:
    for one in running:
        yield t("belonging.stops", workflow=one.workflow, step=t("detail.and").join(one.steps))
        notice = one.notice
        if notice is not None:
            key = "belonging.stops_posted" if notice.posted_on else "belonging.stops_planned"
            yield t(key, since=notice.from_on, until=notice.to_on, on=notice.posted_on, others=notice.others)
