"""Workload W1: what the laptops of many villages wrote, as journal entries of the kinds we have.

Of a household: itself, its head, an income item, how it lives, its case and three steps (8 entries); two in
a hundred are changed by both laptops at once (a true conflict, 2 entries), five in a hundred corrected later
(1 entry). W2 adds four members of eleven fields. A third of the fields are links and the standing of the
case, which every step writes whole. All of it is repeatable but for ids; nobody is real.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from app.domain.bound_id import bound_id
from app.domain.identity import DEMO_REGION, check_digit
from app.domain.ids import Kind, Value
from app.domain.synthetic_words import FEMALE_GIVEN, MALE_GIVEN, SURNAMES
from app.journal import chain
from app.journal.entry import Body, encode
from app.journal.fold import EMPTY, Folded

if TYPE_CHECKING:
    from collections.abc import Mapping

BEGAN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LAPTOPS = 2
CONFLICT_OF_100, CORRECTED_OF_100 = 2, 5
EXTRA_MEMBERS = 4  # of W2
# One in fifty has a surname that is read otherwise than the letter: 单 is shan, not dan.
_HETERONYMS = "单曾解查"
_RELATIONS = ("01", "02", "03", "04", "03")


@dataclass(frozen=True, slots=True)
class Shape:
    """How much to make; ``members`` beside the head, ``submissions`` (finished questionnaires) per household."""

    villages: int = 40
    households: int = 1000
    members: int = 0
    submissions: int = 0

    @property
    def name(self) -> str:
        return f"{self.villages}x{self.households}-{self.members}m-{self.submissions}s"


@dataclass(frozen=True, slots=True)
class Context:
    """A village: its code, the first fields of its cases, and per laptop the stream and the person at it."""

    scope: str
    round: str
    opening: Mapping[str, Value]
    streams: tuple[str, ...]
    actors: tuple[str, ...]


class Chain:
    """The hash chain of one stream while it is written."""

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._head = chain.genesis(stream)
        self.entries: list[bytes] = []

    def add(self, data: bytes) -> str:
        """Append an entry; return its id."""
        self.entries.append(data)
        self._head = chain.link(self._head, self._stream, len(self.entries), data)
        return chain.entry_id(self._head)


@dataclass(slots=True)
class Written:
    """What one village wrote: the entries of each laptop in order, the questionnaires, and the counts."""

    entries: list[list[bytes]] = field(default_factory=list[list[bytes]])
    blobs: dict[str, bytes] = field(default_factory=dict[str, bytes])
    cells: int = 0
    conflicts: int = 0


def village_codes(count: int) -> list[str]:
    """Codes of so many villages of one township."""
    return [f"990101001{201 + number}" for number in range(count)]


def write_village(shape: Shape, context: Context, number: int) -> Written:
    """Return what the two laptops of village ``number`` (from 0) wrote."""
    return _Village(shape, context, number).write()


class _Village:
    """Writes entries as ``Tx.record`` does, without a database."""

    def __init__(self, shape: Shape, context: Context, number: int) -> None:
        self._shape = shape
        self._context = context
        self._number = number
        self._random = random.Random(number * 7919 + shape.members)
        self._written = Written()
        self._folds: dict[str, Folded] = {}
        self._chains = [Chain(stream) for stream in context.streams]
        self._hlc = int(BEGAN.timestamp() * 1000) << 16

    def write(self) -> Written:
        for laptop, actor in enumerate(self._context.actors):
            self._record(
                laptop, "person.added", Kind.PERSON, actor, {"name": f"队员{laptop + 1}", "active": 1}
            )
        later: list[tuple[int, str, str]] = []
        for place in range(self._shape.households):
            laptop = place % LAPTOPS
            home, income = self._household(place, laptop)
            if self._random.randrange(100) < CONFLICT_OF_100:
                self._collide(home)
            if self._random.randrange(100) < CORRECTED_OF_100:
                later.append((1 - laptop, home, income))
        for laptop, _home, income in later:
            amount = self._random.randrange(100, 900) * 10_000
            self._record(laptop, "income.corrected", Kind.INCOME, income, {"amount_fen": amount})
        self._written.entries = [one.entries for one in self._chains]
        return self._written

    def _household(self, place: int, laptop: int) -> tuple[str, str]:
        context, home = self._context, self._id(Kind.HOUSEHOLD)
        group = f"{place % 9 + 1}组"
        self._record(
            laptop,
            "household.imported",
            Kind.HOUSEHOLD,
            home,
            {
                "code": f"{place % 9 + 1:02d}-{place + 1:04d}",
                "village": context.scope,
                "group": group,
                "status": "active",
            },
        )
        for n in range(1 + self._shape.members):
            self._member(laptop, home, place, n)
        own: dict[str, Value] = {"household": home, "round": context.round}
        income = self._id(Kind.INCOME)
        earned = {"category": "operating", "name": "种植业收入"}
        amount = {"amount_fen": self._random.randrange(100, 900) * 10_000}
        self._record(laptop, "income.imported", Kind.INCOME, income, {**own, **earned, **amount})
        lives: dict[str, Value] = {"house_safe": 1, "water_safe": 1}
        self._record(
            laptop, "conditions.imported", Kind.CONDITIONS, self._id(Kind.CONDITIONS), {**own, **lives}
        )
        self._case(laptop, home)
        return home, income

    def _member(self, laptop: int, home: str, place: int, n: int) -> None:
        male = (place + n) % 2 == 0
        name, number, born = person_of(self._number, place, n)
        fields: dict[str, Value] = {
            "household": home,
            "name": name,
            "id_number": number,
            "relation": _RELATIONS[n % len(_RELATIONS)],
            "status": "present",
        }
        if n:
            fields |= {"sex": "1" if male else "2", "id_type": "01", "born": born.isoformat()}
            fields |= {"health": "1", "labour": "1", "away": 0}
        self._record(laptop, "member.imported", Kind.MEMBER, self._id(Kind.MEMBER), fields)

    def _case(self, laptop: int, home: str) -> None:
        context, case = self._context, self._id(Kind.CASE)
        actor = context.actors[laptop]
        self._act(laptop, case, "case.opened", {"household": home, **context.opening}, ("open", "apply", 2))
        accepted: dict[str, Value] = {"accepted_no": f"受理{case[-6:]}"}
        self._act(
            laptop, case, "case.apply", _standing("review", 3) | accepted, ("apply.accept", "review", 3)
        )
        reviewed: dict[str, Value] = {"reviewer1": actor}
        self._act(laptop, case, "case.review", _standing("visit", 4) | reviewed, ("review.pass", "visit", 4))
        visited: dict[str, Value] = {"investigator1": actor}
        for n in range(self._shape.submissions):
            visited["submission"] = self._submission(laptop, home, case, n)
        self._act(
            laptop, case, "case.visit", _standing("compare", 5) | visited, ("visit.consistent", "compare", 5)
        )

    def _submission(self, laptop: int, home: str, case: str, n: int) -> str:
        uid = self._id(Kind.SUBMISSION)
        xml = questionnaire(uid, self._random)
        name = f"sha256:{sha256(xml).hexdigest()}"
        self._written.blobs[name] = xml
        fields: dict[str, Value] = {
            "household": home,
            "case": case,
            "form": "visit",
            "form_version": f"{n + 1}",
            "blob": name,
            "finished_on": "2026-03-05",
            "instance_id": f"uuid:{uid}",
        }
        self._record(laptop, "submission.finished", Kind.SUBMISSION, uid, fields)
        return uid

    def _act(
        self, laptop: int, case: str, op: str, fields: dict[str, Value], did: tuple[str, str, int]
    ) -> None:
        action, to, day = did
        extras: dict[str, Value] = {"action": action, "to": to, "on": f"2026-03-0{day}", "level": "village"}
        self._record(laptop, op, Kind.CASE, case, fields, extras)

    def _collide(self, home: str) -> None:
        """Both laptops change the same field from the same state: neither saw the other's."""
        before = self._folds[home]
        values = self._random.sample(range(1000), LAPTOPS)
        for laptop, value in enumerate(values):
            self._folds[home] = before
            self._record(laptop, "household.corrected", Kind.HOUSEHOLD, home, {"group": f"{value}组"})
        self._written.conflicts += 1

    def _record(
        self,
        laptop: int,
        op: str,
        kind: Kind,
        uid: str,
        fields: Mapping[str, Value],
        extras: Mapping[str, Value] | None = None,
    ) -> None:
        self._hlc += 250 << 16  # four acts a second: one laptop works a day and a half for its village
        folded = self._folds.get(uid, EMPTY)
        body = Body(
            actor=self._context.actors[laptop],
            entity=uid,
            kind=str(kind),
            op=op,
            hlc=self._hlc,
            nonce=f"{self._random.getrandbits(96):024x}",
            changes=fields,
            parents=folded.parents(fields),
            extras=extras or {},
        )
        data = encode(body)
        self._written.cells += len(fields)
        self._folds[uid] = folded.with_write(self._chains[laptop].add(data), body)

    def _id(self, kind: Kind) -> str:
        return bound_id(kind, self._context.scope, self._random.randbytes(8))


def person_of(village: int, place: int, n: int) -> tuple[str, str, date]:
    """Return name, identity number and birth date of person ``n`` of a household; no number comes twice."""
    index = (village * 20_000 + place) * (1 + EXTRA_MEMBERS) + n
    draw = random.Random(index)
    male = (place + n) % 2 == 0
    family = draw.choice(_HETERONYMS) if index % 50 == 0 else draw.choice(SURNAMES)
    letters = MALE_GIVEN if male else FEMALE_GIVEN
    given = draw.choice(letters) + (draw.choice(letters) if draw.randrange(10) < 7 else "")
    days, sequence = index % 25_000, index // 25_000
    born = date(1940, 1, 1) + timedelta(days=days)
    first17 = f"{DEMO_REGION}{born:%Y%m%d}{2 * sequence + male:03d}"
    return family + given, first17 + check_digit(first17), born


def questionnaire(uid: str, draw: random.Random) -> bytes:
    """Return a finished questionnaire of two hundred answers as its XML."""
    answers = "".join(f"<q{n}>{draw.randrange(10_000)}</q{n}>" for n in range(200))
    head = f"<meta><instanceID>uuid:{uid}</instanceID></meta>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><data id="visit" version="1">{head}{answers}</data>'.encode()
    )


def _standing(step: str, day: int) -> dict[str, Value]:
    on = f"2026-03-0{day}"
    return {"stage": step, "status": "active", "stage_on": on, "opened": f"{step}={on}"}
