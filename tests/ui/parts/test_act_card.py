"""The card that asks for an action: what must be read before stands on it."""

from __future__ import annotations

from app.queries.case_card import CaseAction, Said
from app.ui.parts.act_card import ActCard


def test_a_warning_stands_before_the_request_for_a_reason(qtbot):
    card = ActCard()
    qtbot.addWidget(card)
    told = (("since", "2026-03-02"), ("until", "2026-03-09"), ("others", 3))
    said = Said("case.leaves_posted", told)
    card.show_action(CaseAction("withdraw", "撤回", "", needs_reason=True, warning=said), "吴福生")
    assert "2026-03-02 至 2026-03-09 的公示里，已经张贴，同一张上还有 3 户" in card._hint.text()
    card.show_action(CaseAction("resume", "恢复办理", ""), "吴福生")
    assert card._hint.isHidden()
