"""Questions a return was about are found by the core field they are tied to, in the right row."""

from __future__ import annotations

from app.questionnaire.corefields import prefill
from app.questionnaire.marked import Highlight, marked
from tests.questionnaire.shipped import opened

ONE, TWO = "a" * 32, "b" * 32


def found(*highlights: Highlight) -> dict[tuple[str, str], str]:
    engine = opened("visit")
    prefill(engine, {}, {"member": [{"id": ONE, "name": "王秀兰"}, {"id": TWO, "name": "周国强"}]})
    return {(entry.core, entry.ref): note for entry, note in marked(engine, highlights).items()}


def cores(*highlights: Highlight) -> list[str]:
    return [core for core, _ in found(*highlights)]


def test_a_field_of_the_household_is_one_question() -> None:
    [(core, _)] = found(Highlight("household.address", "", "门牌号不对"))
    assert core == "household.address"
    assert list(found(Highlight("household.address", "", "门牌号不对")).values()) == ["门牌号不对"]
    assert found() == {}


def test_a_member_is_marked_in_the_own_row_only() -> None:
    of_one = found(Highlight("member.health", TWO, "病历不对"))
    of_all = found(Highlight("member.health", "", "病历不对"))
    assert (len(of_one), len(of_all)) == (1, 2)
    [(_, ref)] = of_one
    assert "[2]" in ref
    whole = cores(Highlight("member.*", ONE, ""))
    assert "member.name" in whole
    assert "member.id" not in whole
    assert not any(core.startswith("household") for core in whole)


def test_a_whole_part_and_two_reasons() -> None:
    assert all(core.startswith("income.") for core in cores(Highlight("income.*", "", "")))
    two = found(Highlight("household.address", "", "甲"), Highlight("household.*", "", "乙"))
    assert "甲；乙" in two.values()
    assert not any(core.startswith("known.") for core in cores(Highlight("household.*", "", "")))
