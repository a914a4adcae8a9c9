"""The card of a case from its opening to its decision, its actions and its conflicts of stage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.action import Acting
from app.domain.calendar import Calendar, DayType
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.stage import State, Status
from app.domain.workflow import Limit
from app.queries.case import actions_of, get_case_card, list_cases, list_cases_of
from app.queries.case_card import CaseCard, Said, StepState, VerdictResult
from app.queries.case_timeline import due_of
from tests.queries.conftest import OTHER, PACK, TODAY, TOWNSHIP, VILLAGE, Place, send

APPLIED: dict[str, Value] = {
    "applicant": "王秀兰",
    "source": "self",
    "documents": "form",
    "auth_signed": 1,
    "applied_on": "2026-03-02",
}


@pytest.fixture
def home(place: Place) -> EntityId:
    with place.workspace.write(place.actor) as tx:
        uid = place.household(
            tx, "王秀兰", members=2, main_cause="illness", bank_account="6217000012345678", address="3组12号"
        )
        case = place.case(tx, uid)
        place.people["case"] = case
        members = tx.children(Kind.MEMBER, "household", uid)
        tx.record("member.edited", Kind.MEMBER, members[0][0], {"phone": "13800001234"})
    return uid


def card_of(place: Place, home: EntityId, level: Level = Level.VILLAGE, case: str | None = None) -> CaseCard:
    acting = Acting(level, place.actor.person, TODAY)
    with place.workspace.read() as conn:
        return get_case_card(conn, place.look, home, place.people["case"] if case is None else case, acting)


def act(
    place: Place, action: str, data: dict[str, Value] | None = None, level: Level = Level.VILLAGE
) -> None:
    with place.workspace.write(place.actor) as tx:
        place.act(tx, place.people["case"], action, data or {}, level)


def reviewed(place: Place) -> None:
    act(place, "apply.accept", APPLIED)
    two: dict[str, Value] = {"reviewer1": place.people["陈志明"], "reviewer2": place.people["周国栋"]}
    act(place, "review.pass", {**two, "relatives_filed": 0})


def test_a_new_case_says_what_is_missing(place: Place, home: EntityId) -> None:
    card = card_of(place, home)
    assert (card.household, card.code, card.head, card.size) == (home, "03-0001", "王秀兰", 2)
    assert (card.group, card.village, card.address, card.causes) == ("2组", "石板村", "3组12号", "因病")
    assert (card.status, card.status_label, card.workflow, card.stage) == (
        "active",
        "办理中",
        "identify",
        ("apply",),
    )
    assert card.next_action is not None
    assert (card.next_action.action, card.next_action.label, card.next_action.step) == (
        "apply.accept",
        "受理",
        "apply",
    )
    assert card.next_action.is_forward
    assert card.missing == card.next_action.missing
    assert Said("workflow.missing", (("what", "申请人或发现人"),), "applicant") in card.missing
    assert [step.state for step in card.steps] == [StepState.CURRENT] + [StepState.FUTURE] * 7
    assert (card.line_fen, card.line_demo, card.income_per_head_fen) == (400_000, True, None)
    assert card.done_count == 0
    assert card.waits_for == ""


def test_sensitive_values_are_masked(place: Place, home: EntityId) -> None:
    card = card_of(place, home)
    shown = {(field.kind, field.field): (field.masked, field.label) for field in card.masked}
    assert shown[("member", "phone")] == ("138****1234", "field.member.phone")
    assert shown[("household", "bank_account")] == ("************5678", "field.household.bank_account")
    masked, _ = shown[("member", "id_number")]
    assert masked.startswith("990101********")
    assert "13800001234" not in repr(card)
    assert "6217000012345678" not in repr(card)


def test_the_timeline_tells_who_did_what_and_when(place: Place, home: EntityId) -> None:
    reviewed(place)
    card = card_of(place, home)
    apply, review, visit = card.steps[:3]
    assert (apply.state, apply.on, apply.note, apply.name) == (
        StepState.DONE,
        "2026-03-02",
        "受理 陈志明",
        "申请",
    )
    assert review.note == "初审通过 陈志明"
    assert (visit.state, visit.due_on, visit.overdue_days) == (StepState.CURRENT, "2026-03-05", -3)
    assert card.done_count == 2
    opened, accepted, passed = card.events
    assert (opened.action, opened.label, opened.to, opened.level) == ("open", "", "农户申请", "village")
    assert (accepted.label, accepted.from_step, accepted.to, accepted.by) == (
        "受理",
        "农户申请",
        "村级初审",
        "陈志明",
    )
    assert passed.at.startswith("2026-03-02T10:00")
    assert passed.at.endswith("+08:00")
    assert card.changed_on == passed.at


def test_a_return_makes_later_evidence_stale(place: Place, home: EntityId) -> None:
    reviewed(place)
    act(place, "visit.save", {"household_signed": 1})
    act(place, "visit.return", {"to": "review", "reason": "成员没写全", "reason_code": "material"})
    card = card_of(place, home)
    assert (card.status, card.status_label) == ("returned", "退回办理")
    assert [step.state for step in card.steps[:3]] == [StepState.DONE, StepState.CURRENT, StepState.STALE]
    event = card.events[-1]
    assert (event.label, event.from_step, event.to, event.reason) == (
        "退回",
        "入户调查",
        "村级初审",
        "成员没写全",
    )
    assert event.reason_label == "材料不全"


def test_choices_of_an_action_come_in_words(place: Place, home: EntityId) -> None:
    reviewed(place)
    with place.workspace.read() as conn:
        acting = Acting(Level.VILLAGE, place.actor.person, TODAY)
        actions = {a.action: a for a in actions_of(conn, place.policy, place.people["case"], acting)}
    back = actions["visit.return"]
    assert back.needs_reason
    assert back.targets == (("apply", "农户申请"), ("review", "村级初审"))
    assert ("material", "材料不全") in back.reasons
    assert not back.is_forward
    assert "investigator1" in actions["visit.consistent"].fields
    assert "close" not in actions
    assert "申请" not in {a.label for a in actions.values()}


def test_another_level_waits(place: Place, home: EntityId) -> None:
    card = card_of(place, home, Level.TOWNSHIP)
    assert card.next_action is None
    assert card.waits_for == "village"
    assert card.missing == ()


def test_the_way_with_the_least_missing_is_offered_first(place: Place, home: EntityId) -> None:
    case = place.people["case"]
    place.move(case, stage="compare", stage_on="2026-03-02", opened="compare=2026-03-02", auth_signed=1)
    with place.workspace.write(place.actor) as tx:
        place.put(
            tx,
            Kind.HIT,
            case=case,
            register="vehicle",
            item="小型汽车",
            verdict="no_effect",
            explanation="已卖",
        )
    card = card_of(place, home)
    assert card.next_action is not None
    assert card.next_action.action == "compare.explained"
    assert card.missing == ()


def test_verdicts_name_the_fields_they_rest_on(place: Place, home: EntityId) -> None:
    case = place.people["case"]
    with place.workspace.write(place.actor) as tx:
        place.income(tx, home, 1_000_000)
        place.conditions(tx, home, food=1, house_safe=0)
        fields: dict[str, Value] = {
            "override_water": "pass",
            "override_reason_water": "有水窖",
            "income_steady": 1,
        }
        tx.record("case.verdict_set", Kind.CASE, case, fields)
    card = card_of(place, home)
    rows = {row.dimension: row for row in card.verdict}
    assert (rows["food"].result, rows["food"].rests_on) == (VerdictResult.MET, (("conditions.food", "是"),))
    assert (rows["housing"].result, rows["clothing"].result) == (VerdictResult.UNMET, VerdictResult.UNCHECKED)
    water = rows["water"]
    assert (water.result, water.computed, water.because, water.overridden) == (
        VerdictResult.MET,
        VerdictResult.UNCHECKED,
        "有水窖",
        True,
    )
    income = rows["income"]
    assert income.result is VerdictResult.MET
    assert ("income.total_fen", "10,000.00") in income.rests_on
    assert ("case.line_fen", "4,000.00") in income.rests_on
    assert card.income_per_head_fen == 500_000


def test_without_a_line_the_income_cannot_be_compared(place: Place, home: EntityId) -> None:
    with place.workspace.write(place.actor) as tx:
        tx.record("case.x", Kind.CASE, place.people["case"], {"line_fen": ""})
    card = card_of(place, home)
    assert card.line_fen is None
    assert next(row for row in card.verdict if row.dimension == "income").no_line


def test_a_household_without_a_case(place: Place, home: EntityId) -> None:
    card = card_of(place, home, case="")
    assert (card.case, card.steps, card.next_action, card.verdict) == ("", (), None, ())
    assert card.head == "王秀兰"


def test_unknown_households_and_cases_are_refused(place: Place, home: EntityId) -> None:
    for household, case in (("f" * 32, ""), (str(home), "f" * 32)):
        with pytest.raises(Refused) as caught:
            card_of(place, EntityId(household), case=case)
        assert caught.value.code == "entity.unknown"


def test_notes_of_the_pack_are_shown_at_their_step(place: Place, home: EntityId) -> None:
    with place.workspace.write(place.actor) as tx:
        place.member(tx, home, "王小乙", id_number="")
    act(place, "apply.accept", APPLIED)
    assert "有成员没有可用的身份证号，比对时会漏掉" in card_of(place, home).notes


def test_a_suspended_and_an_urgent_case(place: Place, home: EntityId) -> None:
    place.move(place.people["case"], stage="compare", stage_on="2026-03-02", opened="compare=2026-03-02")
    act(place, "urgent", {"reason": "房屋倒塌"})
    card = card_of(place, home)
    assert card.urgent
    assert "走绿色通道" in [tag.text for tag in card.tags]
    act(place, "suspend", {"reason": "外出"})
    card = card_of(place, home)
    assert card.status == "suspended"
    assert card.next_action is None


def test_two_stages_in_conflict_offer_only_to_resolve(place: Place, twin: Place, home: EntityId) -> None:
    reviewed(place)
    send(place, twin)
    twin.people["case"] = place.people["case"]
    act(place, "visit.return", {"to": "apply", "reason": "重报"})
    act(twin, "visit.return", {"to": "review", "reason": "再核"})
    send(twin, place)
    card = card_of(place, home)
    assert card.stage == ("apply",)  # the earlier of the two stands
    assert card.next_action is None
    (only,) = card.other_actions
    assert only.action == "resolve"
    assert {words for _, words in only.targets} == {"农户申请", "村级初审"}
    conflict = next(line for line in card.conflicts if line.field == "stage")
    assert set(conflict.values) == {"农户申请", "村级初审"}
    assert conflict.of_stage
    assert {line.field for line in card.conflicts} & {"status", "stage_on", "opened"} == set()
    chosen = next(entry for entry, words in only.targets if words == "村级初审")
    with place.workspace.write(place.actor) as tx:
        place.act(tx, place.people["case"], "resolve", {"to": chosen, "reason": "以再核为准"})
    card = card_of(place, home)
    assert card.stage == ("review",)
    assert "stage" not in {line.field for line in card.conflicts}


def test_cases_are_listed_by_area_and_round(place: Place, home: EntityId) -> None:
    with place.workspace.write(place.actor) as tx:
        far = place.household(tx, "石文斌", village=OTHER)
        place.case(
            tx, far, workflow="exit", stage="appraise", stage_on="2026-02-20", opened="appraise=2026-02-20"
        )
    with place.workspace.read() as conn:
        assert [line.head for line in list_cases(conn, place.look, VILLAGE)] == ["王秀兰"]
        both = list_cases(conn, place.look, TOWNSHIP, place.round)
        assert [line.head for line in both] == ["王秀兰", "石文斌"]
        assert (both[1].due_on, both[1].overdue_days, both[1].stage) == ("2026-02-25", 5, "appraise")
        assert both[0].overdue_days is None
        assert list_cases(conn, place.look, TOWNSHIP, "f" * 32) == ()
        (own,) = list_cases_of(conn, place.look, home)
        assert own.case == place.people["case"]


def test_a_change_after_the_approval_is_shown(place: Place, home: EntityId) -> None:
    place.move(place.people["case"], Level.COUNTY, stage="end", status="approved", seen="sha256:" + "0" * 64)
    card = card_of(place, home)
    assert card.changed_since
    assert (card.status_label, card.stage, card.waits_for) == ("已批准", (), "")
    assert all(step.state is StepState.DONE for step in card.steps)


def test_the_card_follows_the_day(place: Place, home: EntityId) -> None:
    reviewed(place)
    acting = Acting(Level.VILLAGE, place.actor.person, TODAY.replace(day=9))
    with place.workspace.read() as conn:
        card = get_case_card(conn, replace(place.look, today=acting.on), home, place.people["case"], acting)
    assert card.steps[2].overdue_days == 4


def test_a_limit_in_working_days_of_an_unknown_year_is_not_guessed(place: Place) -> None:
    step = place.policy.pack(PACK).workflow("identify").step("review")
    state = State(("review",), Status.ACTIVE, date(2026, 3, 2))
    working = replace(step, limit=Limit(2, DayType.WORKING))
    assert due_of(step, state, Calendar()) == date(2026, 3, 4)
    assert due_of(working, state, Calendar()) is None
    assert due_of(working, state, place.policy.pack(PACK).calendar) == date(2026, 3, 4)
    assert due_of(replace(step, limit=None), state, Calendar()) is None
    assert due_of(step, State(("review",), Status.ACTIVE), Calendar()) is None
