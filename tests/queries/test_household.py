"""The sheet of a household, last year's money beside this year's, masks, history and conflicts."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Value
from app.journal.authority import EntryState
from app.queries.conflicts import conflicts, conflicts_of
from app.queries.history import HistoryRow, Standing, history
from app.queries.household import HouseholdSheet, get_household, reveal
from tests.queries.conftest import OTHER, TOWNSHIP, VILLAGE, Place, send


@pytest.fixture
def home(place: Place) -> EntityId:
    with place.workspace.write(place.actor) as tx:
        uid = place.household(
            tx, "王秀兰", members=2, household_type="exited", bank_account="6217000012345678"
        )
        place.case(tx, uid)
    return uid


def sheet_of(place: Place, home: str, round_id: str = "") -> HouseholdSheet:
    with place.workspace.read() as conn:
        return get_household(conn, place.look, home, round_id)


def test_the_fields_in_words(place: Place, home: EntityId) -> None:
    sheet = sheet_of(place, home)
    fields = {field.field: field for field in sheet.fields}
    assert (fields["household_type"].value, fields["household_type"].text) == ("exited", "脱贫户")
    account = fields["bank_account"]
    assert (account.value, account.text, account.sensitive) == ("", "************5678", True)
    assert (fields["note"].value, fields["note"].text) == ("", "")
    assert (sheet.village, sheet.village_name, sheet.status, sheet.code) == (
        VILLAGE,
        "石板村",
        "active",
        "03-0001",
    )
    assert (sheet.round, sheet.round_name, sheet.before) == (place.round, "2026年第一批", "")
    assert len(sheet.cases) == 1


def test_the_people_in_order(place: Place, home: EntityId) -> None:
    with place.workspace.write(place.actor) as tx:
        place.member(tx, home, "王老太", relation="14", status="deceased")
        place.member(tx, home, "误录", relation="03", status="void")
        place.member(tx, home, "李配偶", relation="02", health="1", monthly_wage_fen=123_456, away=1)
    sheet = sheet_of(place, home)
    assert [member.name for member in sheet.members] == ["王秀兰", "李配偶", "王小乙", "王老太"]
    assert [member.present for member in sheet.members] == [True, True, True, False]
    spouse = sheet.members[1]
    assert spouse.relation == "配偶"
    fields = {field.field: field for field in spouse.fields}
    assert fields["health"].text == "***"
    assert fields["monthly_wage_fen"].text == "1,234.56"
    assert fields["away"].text == "是"
    assert fields["id_number"].text.count("*") == 8


def test_money_beside_the_year_before(place: Place, home: EntityId) -> None:
    with place.workspace.write(place.actor) as tx:
        old = place.open_round(tx, "2025年", opened_on="2025-02-01", status="closed")
        oldest = place.open_round(tx, "2024年", opened_on="2024-02-01", status="closed")
        member = tx.children(Kind.MEMBER, "household", home)[0][0]
        place.income(tx, home, 900_000, member=member, item="wage_local")
        place.income(tx, home, 700_000, member=member, item="wage_local", round=old)
        place.income(tx, home, 50_000, category="transfer", name="养老金", round=old)
        place.income(tx, home, 40_000, category="transfer", name="补贴", counts=0)
        place.income(tx, home, 1, round=oldest)
        place.put(
            tx,
            Kind.EXPENSE,
            household=home,
            round=place.round,
            category="production",
            name="化肥",
            amount_fen=100_000,
        )
    sheet = sheet_of(place, home)
    assert (sheet.before, sheet.before_name) == (old, "2025年")
    pairs = {(line.name, line.amount_fen, line.before_fen) for line in sheet.incomes}
    assert pairs == {("务工", 900_000, 700_000), ("养老金", None, 50_000), ("补贴", 40_000, None)}
    by_name = {line.name: line for line in sheet.incomes}
    assert by_name["养老金"].id == ""
    assert (by_name["务工"].category_name, by_name["务工"].member_name) == ("工资性收入", "王秀兰")
    assert not by_name["补贴"].counts
    assert [(line.name, line.amount_fen) for line in sheet.expenses] == [("化肥", 100_000)]
    assert (sheet.statement.net_fen, sheet.statement.persons, sheet.statement.left_out_fen) == (
        800_000,
        2,
        40_000,
    )
    assert sheet.statement_before is not None
    assert sheet.statement_before.net_fen == 750_000
    first = sheet_of(place, home, oldest)
    assert (first.before, first.statement_before) == ("", None)
    assert first.round_name == "2024年"


def test_conditions_beside_the_year_before(place: Place, home: EntityId) -> None:
    with place.workspace.write(place.actor) as tx:
        old = place.open_round(tx, "2025年", opened_on="2025-02-01", status="closed")
        place.income(tx, home, 1, round=old)
        place.conditions(tx, home, food=0, round=old)
        now = place.conditions(tx, home, food=1, medical_problem=1)
    sheet = sheet_of(place, home)
    fields = {field.field: field for field in sheet.conditions}
    assert (sheet.conditions_id, fields["food"].value, fields["food"].text) == (now, 1, "是")
    assert (fields["medical_problem"].value, fields["medical_problem"].text) == ("", "***")


def test_papers_and_photos(place: Place, home: EntityId) -> None:
    with place.workspace.write(place.actor) as tx:
        case = tx.children(Kind.CASE, "household", home)[0][0]
        place.put(tx, Kind.ATTACHMENT, household=home, case=case, step="visit", caption="住房", size=5)
        place.put(tx, Kind.ATTACHMENT, household=home, case=case, step="visit", void=1)
        place.put(
            tx,
            Kind.DOCUMENT,
            household=home,
            case=case,
            type="certificate",
            no="1",
            void=1,
            void_reason="写错",
        )
    sheet = sheet_of(place, home)
    assert [(photo.caption, photo.step, photo.size) for photo in sheet.attachments] == [("住房", "visit", 5)]
    assert [(paper.type_name, paper.void) for paper in sheet.documents] == [("证书", True)]


def test_a_household_of_an_area_without_a_round(place: Place) -> None:
    with place.workspace.write(place.actor) as tx:
        far = place.household(tx, "石文斌", village="110101001201")
    sheet = sheet_of(place, far)
    assert (sheet.round, sheet.round_name, sheet.village_name) == ("", "", "110101001201")
    assert not sheet.statement.recorded


def test_unmasking(place: Place, home: EntityId) -> None:
    with place.workspace.read() as conn:
        assert reveal(conn, Kind.HOUSEHOLD, home, "bank_account") == "6217000012345678"
        assert reveal(conn, Kind.HOUSEHOLD, home, "note") == ""
        for uid, field, code in (("f" * 32, "note", "entity.unknown"), (home, "no_such", "field.unknown")):
            with pytest.raises(Refused) as caught:
                reveal(conn, Kind.HOUSEHOLD, uid, field)
            assert caught.value.code == code


def rows_of(place: Place, home: str, field: str, *, clear: bool = False) -> list[HistoryRow]:
    with place.workspace.read() as conn:
        return [row for row in history(conn, home, clear=clear) if row.field == field]


def test_history_of_one_field(place: Place, home: EntityId) -> None:
    with place.workspace.write(place.actor) as tx:
        tx.record("household.edited", Kind.HOUSEHOLD, home, {"group": "9组"}, extras={"reason": "分组调整"})
    first, second = rows_of(place, home, "group")
    assert (first.value, first.state, first.replaces, first.by) == ("2组", Standing.PAST, (), "陈志明")
    assert (second.value, second.state, second.replaces) == ("9组", Standing.CURRENT, (first.entry,))
    assert (second.op, second.reason, second.kind, second.entity) == (
        "household.edited",
        "分组调整",
        "household",
        home,
    )
    assert second.at.startswith("2026-03-02T10:")
    assert second.at.endswith("+08:00")


def test_history_holds_what_belongs_to_the_household(place: Place, home: EntityId) -> None:
    with place.workspace.write(place.actor) as tx:
        case = tx.children(Kind.CASE, "household", home)[0][0]
        place.income(tx, home, 100, void=1)
        place.put(tx, Kind.HIT, case=case, item="小型汽车")
        place.put(tx, Kind.MEETING, place="村委会")
    with place.workspace.read() as conn:
        kinds = {row.kind for row in history(conn, home)}
    assert kinds == {"household", "member", "income", "case", "hit"}


def test_history_masks_sensitive_values(place: Place, home: EntityId) -> None:
    assert rows_of(place, home, "bank_account")[0].value == "************5678"
    assert rows_of(place, home, "bank_account", clear=True)[0].value == "6217000012345678"


def test_two_laptops_give_two_heads_and_a_conflict(place: Place, twin: Place, home: EntityId) -> None:
    send(place, twin)
    for here, group, account in ((place, "7组", "6217000000001111"), (twin, "8组", "6217000000002222")):
        with here.workspace.write(here.actor) as tx:
            tx.record("household.edited", Kind.HOUSEHOLD, home, {"group": group, "bank_account": account})
    send(twin, place)
    past, *heads = rows_of(place, home, "group")
    assert past.state is Standing.PAST
    assert {(row.value, row.state) for row in heads} == {("7组", Standing.HEAD), ("8组", Standing.HEAD)}
    assert {row.replaces for row in heads} == {(past.entry,)}
    with place.workspace.read() as conn:
        lines = {line.field: line for line in conflicts(conn, place.policy, VILLAGE)}
        assert conflicts(conn, place.policy, TOWNSHIP) == tuple(lines.values())
        assert conflicts(conn, place.policy, OTHER) == ()
        assert {line.field for line in conflicts_of(conn, place.policy, home)} == {"group", "bank_account"}
    group = lines["group"]
    assert (set(group.values), group.household, group.head) == ({"7组", "8组"}, home, "王秀兰")
    assert (group.village, group.label, group.kind, group.of_stage) == (
        VILLAGE,
        "field.household.group",
        "household",
        False,
    )
    assert {head.by for head in group.heads} == {"陈志明"}
    assert {head.entry for head in group.heads} == {row.entry for row in heads}
    assert set(lines["bank_account"].values) == {"************1111", "************2222"}
    assert sheet_of(place, home).conflicts
    with place.workspace.write(place.actor) as tx:
        settled: dict[str, Value] = {"group": "8组", "bank_account": "6217000000002222"}
        tx.record("conflict.resolved", Kind.HOUSEHOLD, home, settled)
    with place.workspace.read() as conn:
        assert conflicts(conn, place.policy, VILLAGE) == ()
    assert [row.state for row in rows_of(place, home, "group")] == [Standing.PAST] * 3 + [Standing.CURRENT]


def test_a_conflict_of_what_belongs_to_no_household(place: Place, twin: Place) -> None:
    for here, name in ((place, "甲批"), (twin, "乙批")):
        with here.workspace.write(here.actor) as tx:
            tx.record("round.renamed", Kind.ROUND, place.round, {"name": name})
    send(twin, place)
    with place.workspace.read() as conn:
        (line,) = conflicts(conn, place.policy, VILLAGE)
    assert (line.kind, line.field, line.household, line.head) == ("round", "name", "", "")


def test_entries_that_do_not_count_are_held(place: Place, twin: Place, home: EntityId) -> None:
    send(place, twin)
    with twin.workspace.write(twin.actor) as tx:
        tx.record("household.edited", Kind.HOUSEHOLD, home, {"group": "8组"})
    send(twin, place, state=EntryState.UNAUTHORISED)
    current, held = rows_of(place, home, "group")
    assert (current.state, held.state, held.value) == (Standing.CURRENT, Standing.HELD, "8组")


def test_history_of_nobody(place: Place) -> None:
    with place.workspace.read() as conn, pytest.raises(Refused) as caught:
        history(conn, "f" * 32)
    assert caught.value.code == "entity.unknown"


def test_a_conflict_of_a_hit_names_the_household_of_its_case(
    place: Place, twin: Place, home: EntityId
) -> None:
    with place.workspace.write(place.actor) as tx:
        case = tx.children(Kind.CASE, "household", home)[0][0]
        hit = place.put(tx, Kind.HIT, case=case, item="小型汽车")
        own = place.put(tx, Kind.HIT, case=case, household=home, item="房产")
    send(place, twin)
    for here, value in ((place, "5万"), (twin, "6万")):
        with here.workspace.write(here.actor) as tx:
            for uid in (hit, own):
                tx.record("hit.edited", Kind.HIT, uid, {"value": value})
    send(twin, place)
    with place.workspace.read() as conn:
        lines = conflicts(conn, place.policy, VILLAGE)
        assert {line.entity for line in conflicts_of(conn, place.policy, home)} == {hit, own}
    assert {(line.entity, line.household, line.head) for line in lines} == {
        (hit, home, "王秀兰"),
        (own, home, "王秀兰"),
    }


def test_somebody_with_no_number_to_show(place: Place) -> None:
    with place.workspace.write(place.actor) as tx:
        uid = place.household(tx, "无名", members=0)
    sheet = sheet_of(place, uid)
    assert (sheet.members, sheet.incomes, sheet.conditions_id) == ((), (), "")


def test_an_act_that_wrote_no_field_stands_in_the_history(place: Place, home: EntityId) -> None:
    with place.workspace.write(place.actor) as tx:
        entry = tx.record("household.looked_at", Kind.HOUSEHOLD, home, {}, extras={"reason": "看过"})
    with place.workspace.read() as conn:
        [row] = [row for row in history(conn, home) if row.entry == entry]
    assert (row.field, row.value, row.state, row.reason) == (
        "",
        "household.looked_at",
        Standing.CURRENT,
        "看过",
    )
