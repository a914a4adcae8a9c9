"""Synthetic households for demonstrations and tests: plausible, repeatable, nobody real.

    synthetic_people(seed=1, households=300, on=date(2026, 3, 1))

Identity numbers lie in the region 990101, which was never assigned, with a right check digit; phones
begin with 1990000. The same arguments give the same people on every machine. Some households have
something to look at: no number, illness, an unsafe house, a child out of school; none has an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from app.domain.identity import DEMO_REGION, FEMALE, MALE, PLACEHOLDER, check_digit
from app.domain.roster import RosterHousehold, RosterMember
from app.domain.synthetic_living import Person, conditions_of, economy_of, fill_person
from app.domain.synthetic_stream import Stream
from app.domain.synthetic_words import (
    ADDRESS,
    DOUBLE_SURNAMES,
    FEMALE_GIVEN,
    GROUP,
    MALE_GIVEN,
    MINORITIES,
    RARE_GIVEN,
    SURNAMES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.ids import Value

DEMO_VILLAGE: Final = "990101001201"
GROUPS: Final = 9
MAX_SIZE: Final = 8

_SIZES: Final = (1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 6, 6, 7, 8)  # a village of the west, roughly
_ALONE: Final = 2  # households up to this size are often old people
_MARRIED_AT: Final = 23
_HAS_PARENTS: Final = 58  # heads up to this age may live with their parents
_LOOKS_DAMAGED: Final = "000"  # what a spreadsheet leaves of a long number
_DAYS: Final = 360  # birthdays are spread over so many days, fewer than a year
_SEQUENCES: Final = 500  # numbers per birth date and sex
_STEP: Final = 7919  # prime to the slots of a year, so that neighbours are far apart
_HAN: Final = "01"
_TRIES: Final = 3
_SAME_FAMILY: Final = frozenset({"01", "03", "04", "07", "08", "13"})
_Minority = tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def synthetic_people(
    seed: int, households: int, on: date, village: str = DEMO_VILLAGE, first: int = 0
) -> tuple[RosterHousehold, ...]:
    """Return ``households`` households as they stand on the day ``on``.

    ``first`` is the number of the first one: villages that share a seed and use different numbers have
    different people.
    """
    return tuple(iter_synthetic(seed, households, on, village, first))


def iter_synthetic(
    seed: int, households: int, on: date, village: str = DEMO_VILLAGE, first: int = 0
) -> Iterator[RosterHousehold]:
    """Give the same households one by one, for great numbers of them."""
    used: set[str] = set()
    for number in range(first, first + households):
        yield _Maker(seed, number, on, used).household(village)


@dataclass(slots=True)
class _Maker:
    """Makes one household; ``used`` are the identity numbers given out before."""

    seed: int
    number: int
    on: date
    used: set[str]
    stream: Stream = field(init=False)

    def __post_init__(self) -> None:
        """Open the household's own stream."""
        self.stream = Stream(f"{self.seed}/{self.number}")

    def household(self, village: str) -> RosterHousehold:
        """Return the household with everything recorded about it."""
        people = self._people(self.stream.pick(_SIZES))
        minority = self.stream.pick(MINORITIES) if self.stream.chance(6) else None
        surname = self.stream.pick(minority[2]) if minority else self._surname()
        for place, person in enumerate(people):
            person.values["ethnicity"] = minority[0] if minority else _HAN
            person.values["name"] = self._unused_name(people, person, surname, minority)
            self._number(person, place)
            fill_person(person, self.stream)
        if not any("phone" in person.values for person in people) and self.stream.chance(90):
            people[0].values["phone"] = self._phone()
        incomes, expenses = economy_of(people, self.stream)
        return RosterHousehold(
            self._values(village, people),
            tuple(RosterMember({**person.values, "status": "present"}) for person in people),
            incomes,
            expenses,
            conditions_of(people, self.stream, self.on),
        )

    def _values(self, village: str, people: list[Person]) -> dict[str, Value]:
        group = GROUP.format(n=self.number % GROUPS + 1)
        causes = _causes(people)
        values: dict[str, Value] = {
            "code": f"{self.number % GROUPS + 1:02d}-{self.number + 1:04d}",  # short enough to be read out
            "village": village,
            "group": group,
            "address": ADDRESS.format(group=group, number=self.number // GROUPS + 1),
            "household_type": "exited" if causes and self.stream.chance(50) else "ordinary",
            "status": "active",
        }
        if causes:
            values["risks"] = " ".join(sorted(causes))
        return values

    def _people(self, size: int) -> list[Person]:
        """Return head, spouse, children, grandchildren and parents until the household is full."""
        old = size <= _ALONE and self.stream.chance(55)
        age = self.stream.between(62, 88) if old else self.stream.between(30, 60)
        head = Person("01", MALE if self.stream.chance(82) else FEMALE, age)
        people = [head]
        if size > 1 and self.stream.chance(88):
            people.append(Person("02", _other(head.sex), max(22, age + self.stream.between(-5, 4))))
        while len(people) < size:
            people.append(self._relative(people))
        return people

    def _relative(self, people: list[Person]) -> Person:
        head = people[0]
        relations = {person.relation for person in people}
        grown = [p for p in people if p.relation == "03" and p.age >= _MARRIED_AT]
        elder = self.stream.pick((("13", MALE), ("14", FEMALE)))
        if grown and "05" not in relations and self.stream.chance(45):
            return Person("05", FEMALE, max(21, grown[0].age - self.stream.between(0, 3)))
        if "05" in relations and self.stream.chance(60):
            relation, sex = self.stream.pick((("07", MALE), ("08", FEMALE)))
            return Person(relation, sex, self.stream.between(0, max(0, grown[0].age - 22)))
        if head.age <= _HAS_PARENTS and elder[0] not in relations and self.stream.chance(35):
            return Person(*elder, min(96, head.age + self.stream.between(20, 30)))
        relation, sex = self.stream.pick((("03", MALE), ("04", FEMALE)))
        youngest_parent = min(p.age for p in people if p.relation in {"01", "02"})
        return Person(relation, sex, max(0, youngest_parent - self.stream.between(21, 34)))

    def _surname(self) -> str:
        return self.stream.pick(DOUBLE_SURNAMES) if self.stream.chance(1) else self.stream.pick(SURNAMES)

    def _unused_name(
        self, people: list[Person], person: Person, surname: str, minority: _Minority | None
    ) -> str:
        """Return a name nobody in the household has yet; after a few draws one may come twice."""
        taken = {other.values.get("name") for other in people}
        draws = [self._name(person, surname, minority) for _ in range(_TRIES)]
        return next((name for name in draws if name not in taken), draws[0])

    def _name(self, person: Person, surname: str, minority: _Minority | None) -> str:
        own = person.relation in _SAME_FAMILY
        if minority:
            _, pattern, families, men, women = minority
            given = self.stream.pick(men if person.sex == MALE else women)
            return pattern.format(family=surname if own else self.stream.pick(families), given=given)
        letters = MALE_GIVEN if person.sex == MALE else FEMALE_GIVEN
        given = self.stream.pick(letters) + (self.stream.pick(letters) if self.stream.chance(70) else "")
        if self.stream.chance(1):
            given = given[:1] + self.stream.pick(RARE_GIVEN)
        return (surname if own else self._surname()) + given

    def _number(self, person: Person, place: int) -> None:
        """Give birth date and identity number; one in two hundred has only a placeholder."""
        birthday = self.on.replace(year=self.on.year - person.age, day=min(self.on.day, 28))
        slot = (self.number * MAX_SIZE + place) * _STEP
        region = PLACEHOLDER if self.stream.below(200) == 0 else DEMO_REGION
        while True:
            days, sequence = slot % _DAYS, slot // _DAYS % _SEQUENCES
            born = birthday - timedelta(days=days)
            first17 = f"{region}{born:%Y%m%d}{2 * sequence + (person.sex == MALE):03d}"
            number = first17 + check_digit(first17)
            slot += _STEP
            if number not in self.used and not number.endswith(_LOOKS_DAMAGED):
                break
        self.used.add(number)
        id_type = "05" if region == PLACEHOLDER else "01"
        person.values |= {"sex": person.sex, "relation": person.relation, "born": born.isoformat()}
        person.values |= {"id_type": id_type, "id_number": number}

    def _phone(self) -> str:
        return f"1990000{self.stream.below(10_000):04d}"


def _other(sex: str) -> str:
    return FEMALE if sex == MALE else MALE


def _causes(people: list[Person]) -> set[str]:
    causes: set[str] = set()
    if any(person.is_ill for person in people):
        causes.add("illness")
    if any(person.is_disabled for person in people):
        causes.add("disability")
    if not any(person.can_work for person in people):
        causes.add("no_labour")
    if any(person.in_higher_school for person in people):
        causes.add("schooling")
    return causes
