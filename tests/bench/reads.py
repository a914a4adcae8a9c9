"""The first page against a raw query on the same file and key; keystrokes of a search."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher

from app.domain.calendar import civil_date
from app.queries.board import Look, find_round
from app.queries.household_list import ListQuery, lines, list_ids, warm_search
from app.storage.cipher import prepare
from app.storage.quick import QuickReader
from app.usecases.policy import shipped
from tests.bench.names import KEY_FILE, NOW

if TYPE_CHECKING:
    from pathlib import Path

_PAGE = 128
_RAW = """
SELECT * FROM case_line WHERE round = ? AND workflow = 'identify' AND step = 'apply'
ORDER BY sort, eid LIMIT 128
"""
_TYPED = (
    "王",
    "王秀",
    "李",
    "李红",
    "张",
    "wxl",
    "w",
    "wx",
    "zh",
    "zhang",
    "4",
    "42",
    "421",
    "0013",
    "杨宝",
    "吴",
)


def first_page(folder: Path, rounds: int) -> tuple[float, float]:
    """Return the median seconds of our first page (ids, then lines) and of one raw query for such a page."""
    key = bytes.fromhex((folder / KEY_FILE).read_text())
    look = Look(shipped(), civil_date(NOW))
    ours, raws = [], []
    with QuickReader(folder, key) as reader:
        scope = reader.meta("scope")
        found = find_round(reader, scope)
        query = ListQuery(scope=scope, round=found.id, workflow="identify", step="apply")
        conn = sqlcipher.connect(str(folder / "workspace.db"))
        prepare(conn, key)
        for _ in range(rounds * 3):
            began = time.perf_counter()
            page = list_ids(reader, look, query, limit=_PAGE)
            shown = lines(reader, look, page)
            ours.append(time.perf_counter() - began)
            began = time.perf_counter()
            rows = conn.execute(_RAW, (found.id,)).fetchall()
            raws.append(time.perf_counter() - began)
            if len(shown) != len(rows):
                raise RuntimeError("the two pages differ")
        conn.close()
    return statistics.median(ours), statistics.median(raws)


def searches(folder: Path) -> list[float]:
    """Return the seconds of each keystroke: the ids found and the first page of lines."""
    key = bytes.fromhex((folder / KEY_FILE).read_text())
    look = Look(shipped(), civil_date(NOW))
    found: list[float] = []
    with QuickReader(folder, key) as reader:
        scope = reader.meta("scope")
        # As the window does once its first page is painted.
        warm_search(reader)
        for text in _TYPED * 4:
            began = time.perf_counter()
            ids = list_ids(reader, look, ListQuery(scope=scope, text=text))
            lines(reader, look, ids[:_PAGE])
            found.append(time.perf_counter() - began)
    return found
