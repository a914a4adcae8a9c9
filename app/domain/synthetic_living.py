"""What synthetic people do and live on: school, health, work, income, expense, house and water."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.domain.ids import Value
from app.domain.roster import RosterItem
from app.domain.synthetic_words import EXPENSES, ITEMS, WORK_PLACES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from app.domain.synthetic_stream import Stream

_YUAN: Final = 100
_ADULT: Final = 16
_OLD: Final = 60
_RETIRED: Final = 75
_INFANT: Final = range(3)
_COMPULSORY: Final = range(6, 15)
_MAY_STUDY: Final = range(22)
_UPPER: Final = range(16, 18)
_AIDED: Final = 15
_SCHOOLED_LITTLE: Final = ((65, "12"), (45, "233"), (0, "3345"))  # from this age: educations, last digit
_SCHOOLS: Final = {3: "02", 4: "02", 5: "02", 12: "04", 13: "05", 14: "06", 15: "07", 16: "08", 17: "09"}
_HIGHER: Final = {18: "20", 19: "21", 20: "22", 21: "23"}


@dataclass(slots=True)
class Person:
    """One synthetic person while the household is put together; ``age`` in full years."""

    relation: str
    sex: str
    age: int
    values: dict[str, Value] = field(default_factory=dict[str, Value])

    @property
    def is_student(self) -> bool:
        """Tell whether the person goes to school."""
        return self.values.get("school", "99") not in {"", "01", "99"}

    @property
    def in_higher_school(self) -> bool:
        """Tell whether the person studies beyond upper secondary school."""
        return self.values.get("school") in _HIGHER.values()

    @property
    def is_ill(self) -> bool:
        """Tell whether the person is seriously ill."""
        return "3" in str(self.values.get("health", "")).split()

    @property
    def is_disabled(self) -> bool:
        """Tell whether the person holds a disability card."""
        return "4" in str(self.values.get("health", "")).split()

    @property
    def can_work(self) -> bool:
        """Tell whether the person has full working strength."""
        return self.values.get("labour") in {"1", "2"}


def fill_person(person: Person, stream: Stream) -> None:
    """Add school, health, work, insurance and phone to a person with a name and a number."""
    person.values |= _school(person, stream)
    person.values |= _health(person, stream)
    person.values |= _work(person, stream)
    insured = "resident_medical" if not stream.chance(2) else "none"
    person.values["insurance"] = "resident_medical serious_illness" if person.is_ill else insured
    if person.age >= _ADULT and not person.is_student:
        person.values["pension"] = "resident" if stream.chance(92) else "none"
        if person.age < _RETIRED and stream.chance(60):
            person.values["phone"] = f"1990000{stream.below(10_000):04d}"


def economy_of(
    people: Sequence[Person], stream: Stream
) -> tuple[tuple[RosterItem, ...], tuple[RosterItem, ...]]:
    """Return a year's income and expense items of a household."""
    workers = [n for n, person in enumerate(people) if person.values.get("away") == 1]
    incomes = [*_wages(people, workers), *_farm(people, stream), *_transfers(people, stream)]
    operating = sum(_amount(item) for item in incomes if item.values["category"] == "operating")
    expenses = list(_expenses(people, operating, stream))
    return tuple(incomes), tuple(expenses)


def conditions_of(people: Sequence[Person], stream: Stream, on: date) -> dict[str, Value]:
    """Return how the household lives; one in twelve has an unsafe house or unsafe water."""
    grade = stream.pick("AAAAAABBBBBC") if stream.chance(97) else "D"
    water_safe = int(stream.chance(95))
    dropouts = sum(p.age in _COMPULSORY and p.values.get("school") == "99" for p in people)
    distance = stream.pick((0, 0, 0, 0, 150, 400, 900))
    return {
        "checked_on": on.isoformat(),
        "food": 1,
        "clothing": 1,
        "house_structure": "earth"
        if grade == "D"
        else stream.pick(("concrete", "brick_concrete", "brick_wood")),
        "house_built": on.year - stream.between(2, 40),
        "house_area_dm2": stream.between(45, 160) * 100,
        "house_grade": grade,
        "house_safe": int(grade in "AB"),
        "water_source": "tap" if water_safe else "unprotected",
        "water_safe": water_safe,
        "water_distance_m": distance,
        "water_minutes": distance // 50,
        "electricity": 1,
        "broadcast": int(stream.chance(97)),
        "road": int(stream.chance(93)),
        "toilet": stream.pick(("flush", "flush", "dry")),
        "fuel": "electricity firewood" if stream.chance(60) else "electricity",
        "education_dropouts": dropouts,
        "medical_uninsured": sum(p.values.get("insurance") == "none" for p in people),
        "medical_problem": int(any(p.is_ill for p in people) and stream.chance(20)),
        "farmland": stream.between(50, 1200),
        "woodland": stream.between(0, 3000),
        "livestock": stream.between(0, 8),
        "poultry": stream.between(0, 30),
    }


def _school(person: Person, stream: Stream) -> dict[str, Value]:
    age = person.age
    if age in _INFANT:
        return {"school": "01"}
    if age in _MAY_STUDY and stream.chance(100 if age < _ADULT else 70 if age in _UPPER else 45):
        if age in _COMPULSORY and stream.below(150) == 0:
            return {"school": "99", "education": "02"}  # a child out of school
        return {"school": _SCHOOLS.get(age) or _HIGHER.get(age, "03")}
    educations = next(digits for start, digits in _SCHOOLED_LITTLE if age >= start)
    return {"school": "99", "education": f"0{stream.pick(educations)}"}


def _health(person: Person, stream: Stream) -> dict[str, Value]:
    draw = stream.below(100)
    ill, chronic, disabled = (4, 30, 5) if person.age >= _OLD else (1, 6, 2)
    if draw < ill:
        return {"health": "3"}
    if draw < ill + disabled and person.values["id_type"] == "01":
        card = f"{person.values['id_number']}{stream.pick('134567')}{stream.between(1, 4)}"
        return {"health": "4", "disability_no": card, "disability_benefit": int(stream.chance(80))}
    return {"health": "2" if draw < ill + disabled + chronic else "1"}


def _work(person: Person, stream: Stream) -> dict[str, Value]:
    if person.age < _ADULT or person.is_student or person.age >= _RETIRED:
        return {"labour": "5", "away": 0}
    if person.is_ill or person.is_disabled:
        return {"labour": stream.pick("345"), "away": 0}
    if person.age >= _OLD:
        return {"labour": "3", "away": 0}
    strength: dict[str, Value] = {"labour": "2" if stream.chance(12) else "1"}
    if not stream.chance(45):
        return strength | {"away": 0}
    wage = stream.between(15, 48) * 100 * _YUAN
    months = stream.between(3, 11)
    return strength | {
        "away": 1,
        "work_place": stream.pick(WORK_PLACES),
        "work_months": months,
        "monthly_wage_fen": wage,
    }


def _item(code: str, yuan: int, member: int | None = None) -> RosterItem:
    category, name, counts = ITEMS[code]
    values: dict[str, Value] = {"category": category, "item": code, "name": name}
    return RosterItem(values | {"amount_fen": yuan * _YUAN, "counts": counts}, member)


def _amount(item: RosterItem) -> int:
    amount = item.values["amount_fen"]
    return amount if isinstance(amount, int) else 0


def _wages(people: Sequence[Person], workers: Sequence[int]) -> Iterator[RosterItem]:
    for member in workers:
        values = people[member].values
        earned_fen = int(values["monthly_wage_fen"]) * int(values["work_months"])
        yield _item("wage_away", earned_fen // _YUAN, member)


def _farm(people: Sequence[Person], stream: Stream) -> Iterator[RosterItem]:
    if any(person.can_work for person in people):
        yield _item("crops", stream.between(10, 160) * 100)
        if stream.chance(55):
            yield _item("livestock", stream.between(8, 200) * 100)
    elif stream.chance(50):
        yield _item("land_rent", stream.between(3, 30) * 100)
    yield _item("land_subsidy", stream.between(80, 900))
    if stream.chance(15):
        yield _item("dividend", stream.between(1, 12) * 100)


def _transfers(people: Sequence[Person], stream: Stream) -> Iterator[RosterItem]:
    for place, person in enumerate(people):
        yield from _personal_transfers(person, place, stream)
    if not any(person.can_work for person in people) and stream.chance(60):
        for place, person in enumerate(people):
            person.values["dibao"] = 1
            yield _item("dibao", stream.between(180, 320) * 12, place)
    if stream.chance(2):
        yield _item("insurance_payout", stream.between(5, 80) * 100)


def _personal_transfers(person: Person, place: int, stream: Stream) -> Iterator[RosterItem]:
    if person.age >= _OLD and person.values.get("pension") == "resident":
        yield _item("pension", stream.between(110, 180) * 12, place)
    if person.values.get("disability_benefit") == 1:
        yield _item("disability", 80 * 12, place)
    if person.is_student and person.age >= _AIDED and stream.chance(30):
        yield _item("student_aid", 3000, place)
    if person.is_ill:
        yield _item("medical_refund", stream.between(20, 300) * 100, place)


def _expenses(people: Sequence[Person], operating_fen: int, stream: Stream) -> Iterator[RosterItem]:
    def expense(category: str, yuan: int, member: int | None = None) -> RosterItem:
        values: dict[str, Value] = {"category": category, "name": EXPENSES[category]}
        return RosterItem(values | {"amount_fen": yuan * _YUAN}, member)

    if operating_fen:
        yield expense("production", operating_fen * stream.between(20, 45) // 100 // _YUAN)
    for place, person in enumerate(people):
        if person.is_ill:
            yield expense("medical", stream.between(30, 400) * 100, place)
        if person.in_higher_school:
            yield expense("education", stream.between(80, 160) * 100, place)
    if stream.chance(40):
        yield expense("gift", stream.between(5, 40) * 100)
    if stream.chance(12):
        yield expense("debt", stream.between(20, 150) * 100)
