"""The words for where a value in conflict comes from: person, moment, computer, step and paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.texts import has, t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.queries.case_card import ConflictHead, ConflictLine

_MINUTE = len("2026-10-07T09:30")
_DAY = len("2026-10-07")
_YEAR = len("2026-")


def who_and_when(head: ConflictHead) -> str:
    """Return who wrote a value and when, from the month to the minute."""
    who = head.by or t("conflicts.unknown_writer")
    return t("conflicts.by", who=who, when=head.at[_YEAR:_MINUTE].replace("T", " "))


def where_from(head: ConflictHead, places: Mapping[str, str]) -> str:
    """Return the computer, the step and the paper a value came from."""
    return t("conflicts.dot").join(part for part in (computer(head, places), paper(head)) if part)


def computer(head: ConflictHead, places: Mapping[str, str]) -> str:
    """Return which computer wrote a value: this one, or the area it works for."""
    if head.here:
        return t("conflicts.here")
    if head.copy:
        return t("conflicts.copy")
    if not head.scope:
        return t("conflicts.unknown_computer")
    place = places.get(head.scope, head.scope)
    return t("conflicts.proxy" if head.proxy else "conflicts.computer", place=place)


def paper(head: ConflictHead) -> str:
    """Return the step and the paper, such as "入户 · 入户调查表 2026-10-06"."""
    if head.paper == "questionnaire" and head.form:
        name = t(f"conflicts.form_{head.form}") if has(f"conflicts.form_{head.form}") else head.form
        text = t("conflicts.questionnaire", name=name, on=head.on)
    else:
        text = t(f"conflicts.paper_{head.paper}")
    return t("conflicts.dot").join(part for part in (head.step, text) if part)


def before(line: ConflictLine) -> tuple[str, str]:
    """Return what stood there before the writers parted, and its day; "" for a field nobody had filled."""
    if line.base is None:
        return t("conflicts.nothing_before"), ""
    return line.base.text or t("conflicts.emptied"), line.base.at[:_DAY]


def parted(lines: Sequence[ConflictLine]) -> str:
    """Say since when the computers went their own ways about a household."""
    days = [line.base.at for line in lines if line.base is not None]
    if not days:
        return t("conflicts.why", number=len(lines))
    return t("conflicts.why_since", number=len(lines), on=min(days)[:_DAY])
