"""Functions about choices of select questions: codes joined by spaces."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.questionnaire.xpath.table import Function, number_at, text_at

if TYPE_CHECKING:
    from app.questionnaire.xpath.values import Context, Value


def _selected(_context: Context, args: list[Value]) -> Value:
    wanted = text_at(args, 1).strip()
    text = text_at(args, 0)
    return wanted in text.split() if wanted else not text.strip()


def _selected_at(context: Context, args: list[Value]) -> Value:
    chosen = text_at(args, 0).split()
    at = number_at(context, args, 1)
    return chosen[int(at)] if math.isfinite(at) and 0 <= at < len(chosen) else ""


def _count_selected(_context: Context, args: list[Value]) -> Value:
    return float(len(text_at(args, 0).split()))


TABLE = {
    "selected": Function(_selected, (2, 2)),
    "is-selected": Function(_selected, (2, 2)),
    "selected-at": Function(_selected_at, (2, 2)),
    "count-selected": Function(_count_selected, (1, 1)),
}
