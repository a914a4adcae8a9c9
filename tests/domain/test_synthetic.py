from __future__ import annotations

from collections import Counter
from datetime import date

from app.domain.fault import Severity
from app.domain.fields import FIELDS
from app.domain.household import head_of, household_faults
from app.domain.identity import IdKind, read_identity
from app.domain.ids import Kind
from app.domain.income import state_income
from app.domain.member import age_on, member_faults
from app.domain.roster import RosterHousehold
from app.domain.synthetic import DEMO_VILLAGE, iter_synthetic, synthetic_people
from app.domain.synthetic_stream import Stream
from app.domain.synthetic_words import EXPENSES, ITEMS
from app.domain.values import checked_fields
from tests.domain.code_lists import LISTS

ON = date(2026, 3, 31)
VILLAGE = synthetic_people(1, 600, ON)
PEOPLE = [member.values for household in VILLAGE for member in household.members]


def test_the_same_seed_gives_the_same_people() -> None:
    assert synthetic_people(1, 20, ON) == VILLAGE[:20]
    assert synthetic_people(1, 20, ON, first=20) == VILLAGE[20:40]
    assert synthetic_people(2, 20, ON) != VILLAGE[:20]
    assert next(iter_synthetic(1, 10**6, ON)) == VILLAGE[0]


def test_nothing_in_it_stops_an_import() -> None:
    stopping = []
    for household in VILLAGE:
        members = [member.values for member in household.members]
        faults = [*household_faults(household.values, members, LISTS, ON)]
        faults += [fault for values in members for fault in member_faults(values, LISTS, ON)]
        stopping += [fault for fault in faults if fault.severity is Severity.ERROR]
    assert stopping == []


def test_some_of_it_needs_a_look() -> None:
    found = Counter(
        fault.code
        for household in VILLAGE
        for fault in (
            *household_faults(household.values, [m.values for m in household.members], LISTS, ON),
            *(f for m in household.members for f in member_faults(m.values, LISTS, ON)),
        )
    )
    assert found.keys() >= {"identity.placeholder", "names.rare", "household.no_phone", "member.dropout"}
    assert sum(found.values()) < len(VILLAGE) // 4
    grades = Counter(household.conditions["house_grade"] for household in VILLAGE)
    assert grades.keys() == {"A", "B", "C", "D"}


def test_every_value_fits_its_field() -> None:
    for household in VILLAGE:
        checked_fields(Kind.HOUSEHOLD, household.values)
        checked_fields(Kind.CONDITIONS, household.conditions)
        for member in household.members:
            checked_fields(Kind.MEMBER, member.values)
        for kind, items in ((Kind.INCOME, household.incomes), (Kind.EXPENSE, household.expenses)):
            for item in items:
                checked_fields(kind, item.values)
                assert item.member is None or item.member < len(household.members)


def test_every_code_is_in_its_list() -> None:
    def unknown(kind: Kind, values: dict[str, object]) -> list[str]:
        lists = {code: FIELDS[kind][code].codelist for code in values}
        return [
            c
            for c, name in lists.items()
            if name and not all(LISTS[name].get(w) for w in str(values[c]).split())
        ]

    assert [
        unknown(Kind.MEMBER, dict(values)) for values in PEOPLE if unknown(Kind.MEMBER, dict(values))
    ] == []
    for household in VILLAGE:
        assert unknown(Kind.HOUSEHOLD, dict(household.values)) == []
        assert unknown(Kind.CONDITIONS, dict(household.conditions)) == []
        assert [
            unknown(Kind.INCOME, dict(i.values))
            for i in household.incomes
            if unknown(Kind.INCOME, dict(i.values))
        ] == []


def test_item_words_are_those_of_the_code_list() -> None:
    for code, (category, label, counts) in ITEMS.items():
        entry = LISTS["income_item"].get(code)
        assert entry is not None
        assert (entry.label, dict(entry.traits)) == (label, {"category": category, "counts": counts})
    assert all(LISTS["expense_category"].get(category) for category in EXPENSES)


def test_numbers_are_unique_valid_and_nobodys() -> None:
    numbers = [str(values["id_number"]) for values in PEOPLE]
    assert len(set(numbers)) == len(numbers)
    for values in PEOPLE:
        identity = read_identity(str(values["id_number"]), ON)
        assert identity.kind in {IdKind.CITIZEN, IdKind.PLACEHOLDER}
        assert (identity.born, identity.sex) == (values["born"], values["sex"])
        assert str(values["id_number"]).startswith(("990101", "999999"))
        assert str(values.get("phone", "1990000")).startswith("1990000")


def test_numbers_stay_unique_over_many_households() -> None:
    numbers = [m.values["id_number"] for h in iter_synthetic(3, 4000, ON) for m in h.members]
    assert len(set(numbers)) == len(numbers) > 12_000


def _ages(household: RosterHousehold, *relations: str) -> list[int]:
    return [
        age
        for m in household.members
        if m.values["relation"] in relations and (age := age_on(str(m.values["born"]), ON)) is not None
    ]


def test_ages_fit_relations() -> None:
    for household in VILLAGE:
        (head,) = _ages(household, "01")
        assert 22 <= head <= 90
        assert all(age <= head - 16 for age in _ages(household, "03", "04"))
        assert all(age >= head + 18 for age in _ages(household, "13", "14"))
        assert all(age <= head - 32 for age in _ages(household, "07", "08"))


def test_the_village_is_varied() -> None:
    assert {len(household.members) for household in VILLAGE} == set(range(1, 9))
    assert {household.values["group"] for household in VILLAGE} == {f"{n}组" for n in range(1, 10)}
    names = "".join(str(values["name"]) for values in PEOPLE)
    assert all(character in names for character in "·䶮㛃𬭚")
    assert {values["ethnicity"] for values in PEOPLE} == {"01", "05", "07"}
    assert all(head_of([m.values for m in h.members])["relation"] == "01" for h in VILLAGE)
    assert {household.values["village"] for household in VILLAGE} == {DEMO_VILLAGE}


def test_incomes_are_those_of_a_poor_village() -> None:
    heads = sorted(
        statement.per_head_fen or 0
        for h in VILLAGE
        for statement in [
            state_income(
                [i.values for i in h.incomes], [e.values for e in h.expenses], [m.values for m in h.members]
            )
        ]
    )
    assert 300_000 < heads[len(heads) // 2] < 1_500_000
    assert heads[0] < 150_000
    assert heads[-1] < 8_000_000


def test_students_have_no_education_and_children_no_labour() -> None:
    for values in PEOPLE:
        age = age_on(str(values["born"]), ON) or 0
        assert values["school"] in {"01", "99"} or "education" not in values
        assert age >= 16 or values["labour"] == "5"


def test_the_stream_is_fair_and_repeatable() -> None:
    draws = [Stream("a").below(10) for _ in range(3)]
    assert len(set(draws)) == 1
    stream = Stream("b")
    counts = Counter(stream.below(10) for _ in range(5000))
    assert min(counts.values()) > 400
    assert {stream.between(3, 5) for _ in range(100)} == {3, 4, 5}
    assert {stream.pick("xy") for _ in range(50)} == {"x", "y"}
    assert not any(stream.chance(0) for _ in range(50))
    assert all(stream.chance(100) for _ in range(50))
