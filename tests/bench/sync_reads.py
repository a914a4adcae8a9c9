"""What people feel after a merge: saving a household, searching, sending a village's package."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.calendar import civil_date
from app.domain.ids import Kind
from app.files.package import PackageKind
from app.queries.board import Look
from app.queries.household_list import ListQuery, lines, list_ids, warm_search
from app.storage import tables
from app.storage.quick import QuickReader
from app.storage.search_keys import normalise, readings
from app.usecases import exports
from app.usecases.policy import shipped
from tests.bench.names import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from app.usecases.office import Office
    from tests.bench.w1_packages import Fixture

_SAVES = 300
_PAGE = 128
_LIMIT = 200  # households a search returns at most


def saves(office: Office) -> dict[str, float]:
    """A10: append, fold again and commit; on a database of this size."""
    table = tables.PROJECTED[Kind.CASE]
    with office.workspace.read() as conn:
        cases = list(conn.execute(select(table.c.uid).order_by(table.c.eid).limit(_SAVES)).scalars())
    times: list[float] = []
    for number, uid in enumerate(cases):
        began = time.perf_counter()
        with office.workspace.write(office.actor) as tx:
            tx.record("case.visited", Kind.CASE, uid, {"visited_on": f"2026-03-{number % 9 + 10}"})
        times.append(time.perf_counter() - began)
    return {"save_p50_ms": 1000 * share(times, 0.5), "save_p99_ms": 1000 * share(times, 0.99)}


def exported(office: Office, work: Path) -> dict[str, float]:
    """A9: write and read back one package of everything in this village."""
    began, cpu = time.perf_counter(), time.process_time()
    [sent] = exports.export(office, work, PackageKind.UP)
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    return {
        "wall_s": wall,
        "cpu_s": used,
        "mb": sum(file.stat().st_size for file in sent.files) / 1e6,
        "entries": sent.entries,
    }


def searches(folder: Path, fixture: Fixture) -> dict[str, float | int]:
    """A11: seconds of each keystroke, and whether what is found is what a walk over all people finds."""
    look = Look(shipped(), civil_date(NOW))
    times: list[float] = []
    with QuickReader(folder, fixture.key) as reader:
        scope = reader.meta("scope")
        warm_search(reader)
        people = list(reader.exec_driver_sql("SELECT name, id_number, household FROM p_member"))
        eids = dict(reader.exec_driver_sql("SELECT uid, eid FROM household_line"))
        index = [_Person(name, number, eids[home]) for name, number, home in people]
        golden = _golden(index)
        right = 0
        for text, want in golden:
            began = time.perf_counter()
            ids = list_ids(reader, look, ListQuery(scope=scope, text=text))
            lines(reader, look, ids[:_PAGE])
            times.append(time.perf_counter() - began)
            found = set(ids)
            right += found == want if len(want) <= _LIMIT else len(found) == _LIMIT and found <= want
    return {
        "persons": len(people),
        "search_p50_ms": 1000 * share(times, 0.5),
        "search_p95_ms": 1000 * share(times, 0.95),
        "golden": len(golden),
        "golden_right": right,
    }


class _Person:
    """A person as one would look for them by hand."""

    def __init__(self, name: str, number: str, home: int) -> None:
        self.name = normalise(name)
        self.number = number.lower()
        self.home = home
        self.spellings = tuple(spelling for pair in readings(name) for spelling in pair)


def _golden(people: list[_Person]) -> list[tuple[str, set[int]]]:
    draw = random.Random(7)
    texts: list[str] = []
    for person in draw.sample(people, min(40, len(people))):
        name, number = person.name, person.number
        texts += [name, name[:2], name[1:], number[-4:], number, number[-6:], person.spellings[0]]
        texts += [person.spellings[1], name[-1:]]
    return [(text, _walk(people, text)) for text in dict.fromkeys(texts)]


def _walk(people: list[_Person], text: str) -> set[int]:
    """Return the households a search must find: names first from their beginning, then anywhere."""
    if text.rstrip("x").isdigit():
        return {
            p.home
            for p in people
            if p.number.endswith(text) or (len(text) >= 6 and p.number.startswith(text))
        }
    if text.isascii():
        return {p.home for p in people if any(one.startswith(text) for one in p.spellings)}
    begins = {p.home for p in people if p.name.startswith(text)}
    return begins or {p.home for p in people if text in p.name}


def share(values: list[float], part: float) -> float:
    """Return the value below which this part of the values lies."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]
