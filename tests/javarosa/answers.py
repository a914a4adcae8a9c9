"""Random but repeatable things a person might do in a form."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import NamedTuple

from app.questionnaire.building import is_question
from app.questionnaire.definition import ControlKind, FormModel
from app.questionnaire.engine import Engine
from app.questionnaire.refs import references
from app.questionnaire.state import Entry

MOST_ROWS = 6
TEXTS = (
    "王小明", "张 三", "无", "是", "第二村民小组", "一二三四五六七八九十" * 4, "a", "Zhang San", "x&y <z> \"q\" 'p'",
    "13800000000", "990101199001011238", "99010119900101123X", "0", "007", "12", "3.5", "-1", "2026-01-02", "note@b.example",
    "行一\n行二", "true", "false", "É", "ABC-123",
)  # fmt: skip


class Step(NamedTuple):
    """One act: ``answer`` (ref, value), ``add`` (ref of the range) or ``remove`` (ref of the row)."""

    op: str
    ref: str
    value: str = ""


def ref_of(entry: Entry) -> str:
    """A path with positions; JavaRosa's names have no prefix."""
    return "/".join(part.rpartition(":")[2] for part in entry.ref.split("/"))


class Refs(dict[Entry, str]):
    """Paths with positions, each worked out once; to be cleared when rows come or go."""

    def __missing__(self, entry: Entry) -> str:
        self[entry] = found = ref_of(entry)
        return found


def _int(rng: random.Random, _today: date) -> str:
    return str(
        rng.choice(
            [
                rng.randint(0, 9),
                rng.randint(0, 9),
                rng.randint(10, 120),
                rng.randint(100, 30000),
                rng.randint(-20, -1),
            ]
        )
    )


def _decimal(rng: random.Random, _today: date) -> str:
    whole = rng.choice([rng.randint(0, 9), rng.randint(0, 200), rng.randint(0, 60000), rng.randint(-50, -1)])
    return f"{whole}{rng.choice(['', '', '.5', '.25', '.10', '.0', '.333'])}"


def _day(rng: random.Random, today: date) -> date:
    return today + timedelta(
        days=rng.choice([rng.randint(-3, 3), rng.randint(-400, 400), rng.randint(-30000, 30)])
    )


def _date(rng: random.Random, today: date) -> str:
    return _day(rng, today).isoformat()


def _time(rng: random.Random, _today: date) -> str:
    return f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.choice([0, rng.randint(0, 59)]):02d}.000+08:00"


def _date_time(rng: random.Random, today: date) -> str:
    """After 1991: JavaRosa's Asia/Shanghai knows the summer times before, our zone is +08:00 by decision."""
    return f"{max(_day(rng, today), date(1992, 1, 1)).isoformat()}T{_time(rng, today)}"


def _point(rng: random.Random, _today: date) -> str:
    numbers = (
        rng.uniform(-89, 89),
        rng.uniform(-179, 179),
        rng.choice([0.0, rng.uniform(0, 4000)]),
        rng.choice([0.0, rng.uniform(0, 50)]),
    )
    return " ".join(f"{n:.5f}" for n in numbers)


def _points(rng: random.Random, today: date) -> str:
    found = [_point(rng, today) for _ in range(rng.randint(3, 5))]
    return "; ".join([*found, found[0]])


BY_TYPE = {
    "int": _int, "integer": _int, "decimal": _decimal, "date": _date, "time": _time, "dateTime": _date_time,
    "geopoint": _point, "geotrace": _points, "geoshape": _points, "boolean": lambda rng, _today: rng.choice(["1", "0"]),
}  # fmt: skip


def _range(entry: Entry, rng: random.Random) -> str:
    options = entry.control.options if entry.control is not None else {}
    start, end, step = (
        float(options.get(name, usual)) for name, usual in (("start", "0"), ("end", "10"), ("step", "1"))
    )
    picked = start + step * rng.randint(0, max(0, int(abs(end - start) / abs(step or 1)))) * (
        1 if end >= start else -1
    )
    return f"{picked:g}"


def _picked(entry: Entry, codes: list[str], rng: random.Random) -> str:
    kind = entry.control.kind if entry.control is not None else None
    if not codes:
        return ""
    if kind is ControlKind.SELECT_ONE:
        return rng.choice(codes)
    wanted = codes if kind is ControlKind.RANK else rng.sample(codes, rng.randint(1, min(4, len(codes))))
    wanted = list(dict.fromkeys(wanted))
    if kind is ControlKind.RANK or rng.random() < 0.5:
        rng.shuffle(wanted)
    return " ".join(wanted)


def counting(form: FormModel) -> frozenset[str]:
    """Questions that decide how many rows a repeat has; their answers stay small."""
    found: set[str] = set()
    open_ = [
        r.path
        for path, repeat in form.repeats.items()
        if repeat.control.count is not None
        for r in references(repeat.control.count, path)
    ]
    while open_:
        path = open_.pop()
        bind = form.binds.get(path)
        if path not in found and bind is not None and bind.calculate is not None:
            open_ += [r.path for r in references(bind.calculate, path)]
        found.add(path)
    return frozenset(found)


def value_for(engine: Engine, entry: Entry, rng: random.Random, small: frozenset[str]) -> str:
    """A value the question's widget could give; sometimes blank, sometimes against its constraint."""
    if rng.random() < 0.08:
        return ""
    kind = entry.control.kind if entry.control is not None else None
    if kind in {ControlKind.SELECT_ONE, ControlKind.SELECT_MANY, ControlKind.RANK}:
        return _picked(entry, [c.value for c in engine.choices(entry)], rng)
    if kind is ControlKind.TRIGGER:
        return "OK"
    if kind is ControlKind.RANGE:
        return _range(entry, rng)
    if kind is ControlKind.UPLOAD:
        return f"photo_{rng.randint(1, 99)}.jpg"
    if entry.path in small:
        return str(rng.randint(-1, 4))
    made = BY_TYPE.get(entry.bind.type if entry.bind is not None else "string")
    today = engine.scope.now.astimezone(engine.zone).date()
    return made(rng, today) if made is not None else rng.choice(TEXTS)


def next_step(engine: Engine, refs: Refs, rng: random.Random, small: frozenset[str]) -> Step | None:
    """Something that can be done now, None when nothing can; questions in ``small`` get small numbers."""
    entries = list(engine.entries())
    ranges = [
        e for e in entries if e.repeat is not None and e.repeat.control.count is None and not e.repeat.fixed
    ]
    ranges = [e for e in ranges if e.relevant]
    dice = rng.random()
    if ranges and dice < 0.16:
        spread = rng.choice(ranges)
        if len(spread.rows) < MOST_ROWS and (dice < 0.1 or not spread.rows):
            return Step("add", refs[spread])
        if spread.rows:
            return Step("remove", refs[rng.choice(spread.rows)])
    asked = [e for e in entries if is_question(e) and e.relevant and not e.readonly and not e.node.elements()]
    if not asked:
        return None
    in_rows = [e for e in asked if "[" in refs[e]]
    entry = rng.choice(in_rows if in_rows and rng.random() < 0.4 else asked)
    return Step("answer", refs[entry], value_for(engine, entry, rng, small))
