"""What is asked before a questionnaire becomes records: clashes, members no longer listed, a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.submission import Settled
from app.questionnaire.corefields import form_text
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.ids import Value
    from app.domain.submission import Cell
    from app.questionnaire.state import Entry
    from app.ui.ask import Ask
    from app.usecases.core_records import Clash
    from app.usecases.visits import Ahead, Visit

_AMOUNT = "income."  # any field in yuan
_LEFT: tuple[tuple[str, Mapping[str, Value]], ...] = (
    ("visit.gone_moved", {"status": "left", "status_reason": "moved_out"}),
    ("visit.gone_married", {"status": "left", "status_reason": "married_out"}),
    ("visit.gone_died", {"status": "deceased", "status_reason": "died"}),
    ("visit.gone_stays", {}),
)


def settle(ask: Ask, visit: Visit, ahead: Ahead) -> Settled | None:
    """Ask about clashes and members; None when the person went back to the questionnaire."""
    chosen = _clashes(ask, visit, ahead)
    left = _left(ask, ahead) if chosen is not None else None
    return Settled("", chosen[0], chosen[1], left) if chosen is not None and left is not None else None


def with_reason(ask: Ask, settled: Settled, ahead: Ahead) -> Settled | None:
    """Ask for the reason of a correction where one is needed; None when the person went back."""
    if not ahead.needs_reason:
        return settled
    text = t("households.goes_back", step=ahead.step) if ahead.step else t("visit.reason_redo")
    reason = ask.reason(t("households.correction"), text)
    return replace(settled, reason=reason) if reason is not None else None


def _clashes(
    ask: Ask, visit: Visit, ahead: Ahead
) -> tuple[frozenset[Cell], dict[Cell, tuple[str, ...]]] | None:
    keep: set[Cell] = set()
    take: dict[Cell, tuple[str, ...]] = {}
    for clash in ahead.clashes:
        chosen = ask.choose(*told_clash(visit, clash), (t("visit.clash_mine"), t("visit.clash_theirs")))
        if chosen is None:
            return None
        if chosen:
            keep.add(clash.cell)
        else:
            take[clash.cell] = clash.heads
    return frozenset(keep), take


def _left(ask: Ask, ahead: Ahead) -> dict[str, Mapping[str, Value]] | None:
    left: dict[str, Mapping[str, Value]] = {}
    for uid, name in ahead.gone:
        ways = [t(key) for key, _ in _LEFT]
        chosen = ask.choose(t("visit.gone", name=name), t("visit.gone_text", name=name), ways)
        if chosen is None:
            return None
        if _LEFT[chosen][1]:
            left[uid] = _LEFT[chosen][1]
    return left


def told_clash(visit: Visit, clash: Clash) -> tuple[str, str]:
    """Return a title and a sentence: what is recorded now, and what the questionnaire says."""
    entry = _entry_of(visit, clash.cell)
    label = visit.engine.wording.label(entry) if entry is not None else clash.cell[0]
    recorded = t("households.or").join(_words(visit, entry, clash.cell[0], value) for value in clash.recorded)
    answered = _words(visit, entry, clash.cell[0], clash.answered)
    return t("visit.clash", label=label), t("visit.clash_text", recorded=recorded, answered=answered)


def _entry_of(visit: Visit, cell: Cell) -> Entry | None:
    """The question of a field; of a member the one in the member's row."""
    found = [entry for entry in visit.engine.entries() if entry.core == cell[0]]
    rows = [e.parent for e in visit.engine.entries() if e.core == "member.id" and e.stored == cell[1]]
    own = [entry for entry in found if any(_is_inside(entry, row) for row in rows)]
    return next(iter(own or found), None)


def _is_inside(entry: Entry, row: Entry | None) -> bool:
    here: Entry | None = entry
    while here is not None and here is not row:
        here = here.parent
    return here is not None


def _words(visit: Visit, entry: Entry | None, name: str, value: Value) -> str:
    text = form_text(name, value)
    if not text:
        return t("visit.clash_blank")
    labels = {one.value: one.label for one in visit.engine.choices(entry)} if entry is not None else {}
    return t("detail.and").join(labels.get(code, code) for code in text.split()) if labels else text


def told_income(ahead: Ahead) -> str:
    """Return the sentence about two different figures of the income per head."""
    stated, counted = (
        t("list.yuan", amount=form_text(_AMOUNT, 0 if fen is None else fen))
        for fen in (ahead.stated_fen, ahead.counted_fen)
    )
    return t("visit.income_text", stated=stated, counted=counted)
