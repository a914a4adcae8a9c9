"""The words for what a return marks, and for what changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.parts.member_table import TableRow
from app.ui.texts import has, t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.queries.returned import MarkLine, ReturnedLine
    from app.queries.since import Delta

_MINUTE = len("2026-10-07T09:30")


def named(label: str, field: str) -> str:
    """Return the words of a field."""
    return t(label) if has(label) else field


def mark_name(mark: MarkLine) -> str:
    """Return what is marked: "成员 张三 · 手机号", "住房安全", "收入"."""
    part = t(f"returned.part_{mark.kind}")
    if mark.kind == "verdict":
        return t("returned.verdict", name=mark.about or mark.field)
    owner = f"{part} {mark.about}" if mark.about else part
    return t("conflicts.dot").join([owner, named(mark.label, mark.field)]) if mark.label else owner


def note_of(mark: MarkLine) -> str:
    """Return the highlight beside a marked field."""
    return t("returned.highlight_note", note=mark.note) if mark.note else t("returned.highlight")


def notes_for(marks: Iterable[MarkLine], kind: str) -> dict[tuple[str, str], str]:
    """Return the highlights of one kind's fields by (entity, field), for what is not put right yet."""
    return {
        (mark.entity, mark.field): note_of(mark)
        for mark in marks
        if mark.kind == kind and mark.field and not mark.fixed
    }


def change_rows(deltas: Iterable[Delta]) -> list[TableRow]:
    """Return the rows of a table of changes: what, before, now, by whom and when."""
    return [
        TableRow(
            delta.entry + delta.field,
            (
                t("conflicts.dot").join(
                    part
                    for part in (
                        f"{t(f'returned.part_{delta.kind}')} {delta.about}".strip(),
                        named(delta.label, delta.field),
                    )
                    if part
                ),
                t("returned.fresh") if delta.fresh else delta.before or t("returned.blank"),
                delta.now or t("returned.blank"),
                t(
                    "conflicts.by",
                    who=delta.by or t("conflicts.unknown_writer"),
                    when=delta.at[:_MINUTE].replace("T", " "),
                ),
            ),
        )
        for delta in deltas
    ]


def strip_words(sent: ReturnedLine) -> str:
    """Return the line over a household that was sent back: why, and how much is left of what was marked."""
    level = t(f"conflicts.level_{sent.level}") if sent.level else t("conflicts.level_unknown")
    why = "：".join(part for part in (sent.reason_label, sent.reason) if part)
    left = [mark for mark in sent.marks if not mark.fixed]
    if not left:
        return t("returned.strip_done", level=level, why=why)
    names = "、".join(mark_name(mark) for mark in left)
    return t("returned.strip", level=level, why=why, number=len(left), names=names)
