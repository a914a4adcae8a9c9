from __future__ import annotations

from app.domain.fault import warning
from app.domain.roster import Mapped, Problem, RosterDraft, RosterHousehold, RosterMember

MAPPED = Mapped("花名册", 3, {0: "member.name"})
HOME = RosterHousehold(
    {"village": "990101001201"}, (RosterMember({"name": "张三"}, 4), RosterMember({}, 5)), row=4
)
PLACE = ("花名册", 4, "A", "姓名")


def test_a_draft_without_errors_is_clean() -> None:
    doubt = Problem.of(warning("names.rare", "name", character="䶮"), PLACE)
    draft = RosterDraft("a.xlsx", MAPPED, (HOME,), (doubt,), 2)
    assert draft.is_clean
    assert (draft.persons, draft.errors) == (2, ())
    assert doubt.params == (("character", "䶮"),)


def test_an_error_or_emptiness_is_not_clean() -> None:
    wrong = Problem(*PLACE, "names.missing")
    draft = RosterDraft("a.xlsx", MAPPED, (HOME,), (wrong,), 2)
    assert draft.errors == (wrong,)
    assert not draft.is_clean
    assert not RosterDraft("a.xlsx", MAPPED).is_clean
