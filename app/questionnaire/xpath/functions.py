"""The function table: every name with its number of arguments, gathered from the families."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaire.xpath import fn_choices, fn_core, fn_dates, fn_geo, fn_math, fn_nodes, fn_texts

if TYPE_CHECKING:
    from app.questionnaire.xpath.table import Function, LazyFunction

FUNCTIONS: dict[str, Function] = {
    **fn_core.TABLE,
    **fn_nodes.TABLE,
    **fn_texts.TABLE,
    **fn_math.TABLE,
    **fn_dates.TABLE,
    **fn_choices.TABLE,
    **fn_geo.TABLE,
}
LAZY: dict[str, LazyFunction] = {**fn_core.LAZY, **fn_nodes.LAZY}
