"""The edits of a household before they are saved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.changes import Changes
from app.domain.ids import EntityId, Kind
from app.domain.income import state_income
from app.queries.field_value import FieldValue
from app.queries.household import HouseholdSheet, MemberSheet, MoneyLine
from app.ui.desks.household import FieldEdit
from app.ui.models.household_draft import Draft

WAGE = MoneyLine(
    "w",
    "income",
    "wage",
    "工资性收入",
    "wage_away",
    "外出务工工资",
    "m",
    "吴福生",
    1_000_000,
    None,
    counts=True,
    note="",
)


@pytest.fixture
def sheet():
    fields = (
        FieldValue("member", "m", "name", "吴福生", "吴福生"),
        FieldValue("member", "m", "status", "present", "在户"),
        FieldValue("member", "m", "phone", "", "199****0001", sensitive=True),
        FieldValue("member", "m", "disability_no", "", "", sensitive=True),
    )
    return HouseholdSheet(
        household="h",
        code="1",
        village="990101001201",
        village_name="石板村",
        status="active",
        fields=(FieldValue("household", "h", "group", "三组", "三组"),),
        members=(MemberSheet("m", "吴福生", "户主", "present", present=True, fields=fields),),
        round="r",
        round_name="2026年度",
        before="",
        before_name="",
        incomes=(WAGE, replace(WAGE, id="", amount_fen=None, before_fen=5)),
        expenses=(),
        statement=state_income((), (), ()),
        statement_before=None,
        conditions_id="",
        conditions=(),
        cases=(),
        attachments=(),
        documents=(),
        conflicts=(),
    )


@pytest.fixture
def draft(sheet):
    return Draft(sheet)


def test_the_recorded_value_takes_a_change_back(draft):
    draft.set(Kind.HOUSEHOLD, "h", "group", "五组")
    assert (draft.is_changed, draft.count) == (True, 1)
    assert draft.edits() == (FieldEdit(Kind.HOUSEHOLD, "h", {"group": "五组"}),)
    draft.set(Kind.HOUSEHOLD, "h", "group", "三组")
    assert (draft.is_changed, draft.count, draft.edits()) == (False, 0, ())


def test_a_masked_value_is_unknown_until_it_is_learnt(draft):
    assert (draft.mask(Kind.MEMBER, "m", "phone"), draft.value(Kind.MEMBER, "m", "phone")) == (
        "199****0001",
        "",
    )
    assert draft.mask(Kind.MEMBER, "m", "disability_no") == ""
    draft.learn(Kind.MEMBER, "m", "phone", "19900000001")
    assert draft.mask(Kind.MEMBER, "m", "phone") == ""
    draft.set(Kind.MEMBER, "m", "phone", "19900000001")
    assert not draft.is_changed


def test_a_learnt_flag_is_a_number(draft):
    draft.learn(Kind.MEMBER, "m", "disability_benefit", "1")
    assert draft.value(Kind.MEMBER, "m", "disability_benefit") == 1


def test_a_new_item_belongs_to_the_round_and_a_new_member_does_not(draft):
    draft.add(Kind.INCOME, {"category": "wage", "amount_fen": 5})
    key = draft.add(Kind.MEMBER, {"name": "吴明"})
    draft.set(Kind.CONDITIONS, "new_living", "food", 1)
    assert [(edit.uid, edit.fields.get("round", "")) for edit in draft.edits()] == [
        ("", "r"),
        ("", ""),
        ("", "r"),
    ]
    assert draft.entities(Kind.MEMBER) == ("m", key)
    draft.drop(Kind.MEMBER, key)
    assert draft.entities(Kind.MEMBER) == ("m",)


def test_a_new_entity_without_a_value_is_not_saved(draft):
    draft.add(Kind.MEMBER)
    assert not draft.is_changed


def test_the_statement_follows_every_edit(draft):
    assert (draft.statement().net_fen, draft.statement().persons) == (1_000_000, 1)
    draft.set(Kind.INCOME, "w", "amount_fen", 400_000)
    draft.add(Kind.EXPENSE, {"category": "production", "amount_fen": 100_000})
    draft.add(Kind.MEMBER, {"name": "吴明", "status": "present"})
    assert (draft.statement().net_fen, draft.statement().per_head_fen) == (300_000, 150_000)
    draft.set(Kind.INCOME, "w", "void", 1)
    draft.set(Kind.MEMBER, "m", "status", "left")
    assert (draft.statement().net_fen, draft.statement().persons) == (-100_000, 1)


def test_the_way_back_rewrites_what_stood_and_voids_what_is_new(draft):
    draft.set(Kind.HOUSEHOLD, "h", "group", "五组")
    draft.set(Kind.INCOME, "w", "void", 1)
    draft.add(Kind.EXPENSE, {"category": "production", "amount_fen": 1})
    draft.add(Kind.MEMBER, {"name": "吴明"})
    draft.set(Kind.CONDITIONS, "new_living", "food", 1)
    touched = (
        (Kind.HOUSEHOLD, "h"), (Kind.INCOME, "w"), (Kind.EXPENSE, "x"), (Kind.MEMBER, "y"), (Kind.CONDITIONS, "z")
    )  # fmt: skip
    changes = Changes(("e",), tuple((kind, EntityId(uid)) for kind, uid in touched))
    assert draft.reversal(changes) == (
        FieldEdit(Kind.HOUSEHOLD, "h", {"group": "三组"}),
        FieldEdit(Kind.INCOME, "w", {"void": ""}),
        FieldEdit(Kind.EXPENSE, "x", {"void": 1}),
        FieldEdit(Kind.MEMBER, "y", {"status": "void"}),
        FieldEdit(Kind.CONDITIONS, "z", {"food": ""}),
    )
