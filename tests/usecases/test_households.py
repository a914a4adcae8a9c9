"""Add, edit, correct and leave: what is written, what is refused, and that a refusal writes nothing."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind
from app.queries.duplicates import known_persons
from app.usecases import households
from app.usecases.households import Edit, add_household, edit, preview_effect
from tests.usecases.journal import bodies, ops, standing
from tests.usecases.village import PLACES, VILLAGE, only, synthetic_id

HEAD = {
    "name": "吴福生",
    "relation": "01",
    "id_number": synthetic_id(1),
    "phone": "19900000001",
    "ethnicity": "01",
}


def members(village, home):
    with village.office.workspace.read() as conn:
        from app.queries import rows

        return dict(rows.where(conn, Kind.MEMBER, household=home))


def wage(village, fen=1_860_000, **more):
    with village.office.workspace.write(village.office.actor) as tx:
        from app.usecases.rounds import round_in_force

        round_id, _ = round_in_force(tx, VILLAGE)
    fields = {"category": "wage", "item": "wage_away", "amount_fen": fen, "counts": 1, "round": round_id}
    return Edit(Kind.INCOME, "", {**fields, **more})


def refused(office, work, code):
    """Check that ``work`` is refused with a code and writes nothing; return the error's params."""
    before = standing(office)
    with pytest.raises(Refused) as error:
        work()
    assert error.value.code == code
    assert standing(office) == before
    return error.value.params


def test_a_household_is_added_with_its_members(village):
    changes = add_household(village.office, {"group": "三组"}, [HEAD])
    home = only(changes, Kind.HOUSEHOLD)
    (member,) = members(village, home).values()
    assert (member["sex"], member["born"], member["status"]) == ("1", "1970-01-01", "present")
    assert village.values(Kind.HOUSEHOLD, home)["village"] == VILLAGE
    assert ops(village.office)[-2:] == ["household.added", "member.added"]
    assert len(changes.entries) == 2


def test_a_name_is_kept_as_it_is_written_in_the_register(village):
    changes = add_household(village.office, {"group": "三组"}, [{**HEAD, "name": "阿依古丽•买买提 "}])
    (member,) = members(village, only(changes, Kind.HOUSEHOLD)).values()
    assert member["name"] == "阿依古丽·买买提"


@pytest.mark.parametrize(
    ("people", "code"),
    [
        ([], "household.no_member"),
        ([{**HEAD, "relation": "03"}], "household.no_head"),
        ([HEAD, {**HEAD, "id_number": synthetic_id(2)}], "household.heads"),
        ([HEAD, {**HEAD, "relation": "03"}], "household.same_id"),
        ([{**HEAD, "name": ""}], "names.missing"),
        ([{**HEAD, "id_number": HEAD["id_number"][:-1] + "0"}], "identity.check_digit"),
        ([{**HEAD, "sex": "2"}], "identity.sex_differs"),
        ([{**HEAD, "born": "1971-01-01"}], "identity.born_differs"),
        ([{"name": "吴福生", "relation": "01"}], "member.sex_missing"),
        ([{**HEAD, "relation": ""}], "member.relation_missing"),
        ([{**HEAD, "ethnicity": "777"}], "member.unknown_code"),
        ([{**HEAD, "colour": "red"}], "field.unknown"),
        ([{**HEAD, "away": 7}], "field.bad_value"),
    ],
)
def test_what_cannot_be_added(village, people, code):
    refused(village.office, lambda: add_household(village.office, {"group": "三组"}, people), code)


def test_another_village_is_not_ours(village):
    fields = {"group": "三组", "village": "990101001299"}
    params = refused(village.office, lambda: add_household(village.office, fields, [HEAD]), "region.outside")
    assert params == {"place": "990101001299"}


def test_several_edits_are_one_write_and_one_entry_for_each_entity(village):
    home = village.add_home("吴福生")
    (head,) = members(village, home)
    number = len(bodies(village.office))
    changes = edit(
        village.office,
        home,
        [
            Edit(Kind.HOUSEHOLD, home, {"group": "五组", "address": "五组1号"}),
            Edit(Kind.MEMBER, head, {"phone": "199 0000 0002", "education": "03"}),
            wage(village),
        ],
    )
    assert ops(village.office)[number:] == ["household.edited", "member.edited", "income.added"]
    assert len(changes.entries) == 3
    assert bodies(village.office)[number + 1].changes == {"phone": "19900000002", "education": "03"}
    assert village.values(Kind.MEMBER, head)["phone"] == "19900000002"


def test_what_stays_the_same_is_not_written(village):
    home = village.add_home("吴福生")
    changes = edit(village.office, home, [Edit(Kind.HOUSEHOLD, home, {"group": "三组"})])
    assert changes.entries == ()


def test_a_new_number_fills_in_what_follows_from_it(village):
    home = village.add_home("吴福生")
    number = synthetic_id(77, "20010203", "2")
    edit(
        village.office,
        home,
        [Edit(Kind.MEMBER, "", {"name": "吴小妹", "relation": "04", "id_number": number})],
    )
    (child,) = [m for m in members(village, home).values() if m["name"] == "吴小妹"]
    assert (child["sex"], child["born"], child["household"]) == ("2", "2001-02-03", home)


def test_death_leaves_the_person_and_the_history(village):
    home = village.add_home("吴福生", ["吴明"])
    son = next(uid for uid, m in members(village, home).items() if m["name"] == "吴明")
    gone = {"status": "deceased", "status_on": "2026-03-01", "status_reason": "died"}
    edit(village.office, home, [Edit(Kind.MEMBER, son, gone)])
    assert members(village, home)[son]["name"] == "吴明"
    edit(
        village.office,
        home,
        [Edit(Kind.MEMBER, son, {"status": "present", "status_on": "", "status_reason": ""})],
    )
    assert members(village, home)[son]["status"] == "present"
    written = [
        b.changes["status"] for b in bodies(village.office) if "status" in b.changes and b.kind == "member"
    ]
    assert written[-2:] == ["deceased", "present"]


def test_the_last_one_may_die(village):
    home = village.add_home("吴福生")
    (head,) = members(village, home)
    edit(village.office, home, [Edit(Kind.MEMBER, head, {"status": "deceased", "status_on": "2026-03-01"})])
    assert members(village, home)[head]["status"] == "deceased"


def test_what_cannot_be_edited(village):
    home, other = village.add_home("吴福生"), village.add_home("赵大山")
    case = village.open("吴福生")
    (head,), (stranger,) = members(village, home), members(village, other)
    for wanted, code in (
        (Edit(Kind.CASE, case, {"stage": "end"}), "entity.not_editable"),
        (Edit(Kind.MEMBER, stranger, {"phone": "1"}), "entity.other_household"),
        (Edit(Kind.MEMBER, "0" * 32, {"phone": "1"}), "entity.unknown"),
        (Edit(Kind.MEMBER, head, {"id_number": "990101197001010011"}), "identity.check_digit"),
        (Edit(Kind.MEMBER, head, {"nothing": "1"}), "field.unknown"),
        (Edit(Kind.MEMBER, head, {"born": "gestern"}), "field.bad_value"),
        (
            Edit(Kind.HOUSEHOLD, home, {"other_causes": "disability disaster illness"}),
            "household.too_many_causes",
        ),
    ):
        refused(village.office, lambda one=wanted: edit(village.office, home, [one]), code)


def test_one_bad_edit_takes_the_good_ones_with_it(village):
    home = village.add_home("吴福生")
    (head,) = members(village, home)
    edits = [
        Edit(Kind.HOUSEHOLD, home, {"group": "九组"}),
        Edit(Kind.MEMBER, head, {"name": ""}),
    ]
    refused(village.office, lambda: edit(village.office, home, edits), "names.missing")
    assert village.values(Kind.HOUSEHOLD, home)["group"] == "三组"


def test_an_old_fault_does_not_stop_another_edit(village):
    home = village.add_home("吴福生")
    (head,) = members(village, home)
    with village.office.workspace.write(village.office.actor) as tx:
        tx.record("member.imported", Kind.MEMBER, EntityId(head), {"sex": ""})
    edit(village.office, home, [Edit(Kind.MEMBER, head, {"education": "03"})])
    assert village.values(Kind.MEMBER, head)["education"] == "03"


def test_before_the_visit_income_is_typed_without_a_reason(village):
    case = village.open("吴福生")
    home = village.homes["吴福生"]
    assert [one.needs_reason for one in preview_effect(village.office, home, [wage(village)])] == [False]
    edit(village.office, home, [wage(village)])
    assert village.stage(case) == "apply"


def cost(village, fen):
    """Production costs of the round; they lower the net income."""
    return Edit(Kind.EXPENSE, "", {**wage(village).fields, "category": "production", "amount_fen": fen})


def test_after_the_appraisal_crossing_the_line_sends_the_case_back_and_needs_a_reason(village):
    case = village.bring(village.open("吴福生"), "publicise")
    home = village.homes["吴福生"]
    fields = {
        code: value
        for code, value in cost(village, 2_000_000).fields.items()
        if code not in {"item", "counts"}
    }
    change = [Edit(Kind.EXPENSE, "", fields)]
    before = standing(village.office)
    (outlook,) = preview_effect(village.office, home, change)
    assert (outlook.case, outlook.step, outlook.needs_reason) == (case, "入户调查", True)
    assert standing(village.office) == before
    params = refused(village.office, lambda: edit(village.office, home, change), "correction.reason_needed")
    assert params == {"step": "入户调查"}
    refused(village.office, lambda: edit(village.office, home, change, "  "), "correction.reason_needed")
    edit(village.office, home, change, "漏报了买化肥的钱")
    assert village.stage(case) == "visit"
    added, returned = bodies(village.office)[-2:]
    assert (added.op, returned.kind, returned.extras["reason"]) == (
        "expense.added",
        "case",
        "漏报了买化肥的钱",
    )


def test_an_amount_that_changes_no_verdict_only_asks_for_new_paper(village):
    case = village.bring(village.open("吴福生"), "publicise")
    home = village.homes["吴福生"]
    (outlook,) = preview_effect(village.office, home, [wage(village, 10_000)])
    assert (outlook.step, outlook.needs_reason, outlook.reprint) == ("", False, True)
    edit(village.office, home, [wage(village, 10_000)])
    assert village.stage(case) == "publicise"


def test_a_telephone_never_sends_a_case_back(village):
    case = village.bring(village.open("吴福生"), "publicise")
    home = village.homes["吴福生"]
    (head,) = members(village, home)
    change = [Edit(Kind.MEMBER, head, {"phone": "19900000009"})]
    (outlook,) = preview_effect(village.office, home, change)
    assert (outlook.step, outlook.redo, outlook.needs_reason) == ("", (), False)
    edit(village.office, home, change)
    assert village.stage(case) == "publicise"


def test_a_preview_refuses_what_the_edit_would(village):
    home = village.add_home("吴福生")
    (head,) = members(village, home)
    bad = [Edit(Kind.MEMBER, head, {"relation": "03"}), Edit(Kind.MEMBER, head, {"name": ""})]
    refused(village.office, lambda: preview_effect(village.office, home, bad), "names.missing")


def test_a_household_above_is_not_edited_from_another_village(village):
    home = village.add_home("吴福生")
    with village.office.workspace.write(village.office.actor) as tx:
        tx.record("household.edited", Kind.HOUSEHOLD, home, {"village": "990101001299"})
    change = [Edit(Kind.HOUSEHOLD, home, {"group": "一组"})]
    refused(village.office, lambda: edit(village.office, home, change), "region.outside")


def test_who_else_has_a_number(village):
    home = village.add_home("吴福生")
    village.add_home("赵大山")
    with village.office.workspace.read() as conn:
        (found,) = known_persons(conn, PLACES, f" {synthetic_id(1).lower()}")
        assert (found.household, found.head, found.village, found.group) == (home, "吴福生", "石板村", "三组")
        assert known_persons(conn, PLACES, synthetic_id(1), home) == ()
        assert known_persons(conn, PLACES, synthetic_id(400)) == ()
        assert known_persons(conn, PLACES, "") == ()


def test_every_kind_that_is_edited_belongs_to_a_household():
    assert set(households.EDITABLE) == {
        Kind.HOUSEHOLD, Kind.MEMBER, Kind.INCOME, Kind.EXPENSE, Kind.CONDITIONS
    }  # fmt: skip
