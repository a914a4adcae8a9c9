"""Print one table of what `./test` found: gates, tests and every figure that was measured.

Called by `./test` with the folder of results and the seconds the whole took. Exits 1 if there is no
result of the tests or a figure is above its limit.
"""

from __future__ import annotations

import json
import sys
import unicodedata
import xml.etree.ElementTree as ET  # our own file, just written by pytest
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HEAD = ("项目", "数值", "单位", "限值", "结论")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ``limit`` is the most allowed, ``good`` None where there is nothing to judge."""

    name: str
    value: str
    unit: str = ""
    limit: str = ""
    good: bool | None = None

    def cells(self) -> tuple[str, ...]:
        verdict = "" if self.good is None else "通过" if self.good else "没有通过"
        return (self.name, self.value, self.unit, self.limit, verdict)


def gate_rows(folder: Path) -> Iterator[Row]:
    """One row a gate, with the seconds it took."""
    for line in (folder / "gates.tsv").read_text(encoding="utf-8").splitlines():
        name, verdict, seconds = line.split("\t")
        yield Row(name, seconds, "秒", "", verdict == "passed")


def test_rows(folder: Path) -> Iterator[Row]:
    """Counts of the tests; nothing at all if pytest did not get as far as writing them."""
    file = folder / "junit.xml"
    if not file.exists():
        yield Row("测试结果", "没有", good=False)
        return
    suites = ET.parse(file).getroot().iter("testsuite")
    count = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        for name in count:
            count[name] += int(suite.get(name, "0"))
    yield Row("测试", str(count["tests"]), "项", "", count["tests"] > 0)
    yield Row(
        "失败", str(count["failures"] + count["errors"]), "项", "0", count["failures"] + count["errors"] == 0
    )
    yield Row("跳过", str(count["skipped"]), "项")


def figure_rows(folder: Path) -> Iterator[Row]:
    """Figures the tests recorded, then those of the bench."""
    file = folder / "figures.jsonl"
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            yield _figure(json.loads(line))
    bench = folder / "bench.json"
    if bench.exists() and bench.stat().st_size:
        found = json.loads(bench.read_text(encoding="utf-8"))
        limits = found.pop("limits", {})
        judged = {
            name: {"value": found.pop(name), "limit": limit}
            for name, limit in limits.items()
            if name in found
        }
        yield from bench_rows("", {**found, **judged})


def bench_rows(path: str, found: object) -> Iterator[Row]:
    """Every number of the bench's JSON under its dotted path; an object with ``value`` is one figure."""
    if isinstance(found, dict) and "value" in found:
        yield _figure({**found, "name": path})
    elif isinstance(found, dict):
        for name, inner in found.items():
            yield from bench_rows(f"{path}.{name}" if path else f"{name}", inner)
    elif isinstance(found, list):
        for number, inner in enumerate(found):
            named = inner.get("name", number) if isinstance(inner, dict) else number
            yield from bench_rows(f"{path}.{named}" if path else f"{named}", inner)
    elif isinstance(found, bool):
        yield Row(path, "", good=found)
    elif isinstance(found, int | float):
        yield Row(path, _number(found))


def _figure(found: Mapping[str, object]) -> Row:
    value, limit = found["value"], found.get("limit")
    if not isinstance(value, int | float):
        return Row(str(found["name"]), str(value))
    unit = str(found.get("unit", ""))
    if not isinstance(limit, int | float):
        return Row(str(found["name"]), _number(value), unit)
    good = value >= limit if found.get("least") else value <= limit
    return Row(str(found["name"]), _number(value), unit, _number(limit), good)


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def width(text: str) -> int:
    """Columns a text takes on a terminal; Chinese letters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def table(rows: list[Row]) -> str:
    """The rows as aligned text under a head."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(width(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell + " " * (widths[column] - width(cell)) for column, cell in enumerate(line)).rstrip()
        for line in lines
    )


def main(folder: Path, seconds: str) -> int:
    """Print the table; 1 if anything in it is bad."""
    rows = [*gate_rows(folder), *test_rows(folder), *figure_rows(folder), Row("总用时", seconds, "秒")]
    sys.stdout.write(f"\n{table(rows)}\n")
    return 1 if any(row.good is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
