"""No module over 400 lines, no function over 50, no file that is an attic by its name."""

from __future__ import annotations

import pytest

from tests.architecture.sources import EVERYWHERE, PRODUCT, functions, sources

MODULE_LINES = 400
FUNCTION_LINES = 50
MIGRATIONS = "db/migrations/versions/"  # one function each by nature, and never touched again
ATTICS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "misc",
    "common",
    "manager",
    "managers",
    "services",
    "service",
}

# Path, or path::function, and the lines it may have. May only shrink: a line goes when its subject is small enough.
LONG_MODULES: dict[str, int] = {}
LONG_FUNCTIONS: dict[str, int] = {}


def test_no_module_is_too_long() -> None:
    long = {one.path: one.lines for one in sources(*EVERYWHERE) if one.lines > MODULE_LINES}
    assert {path: lines for path, lines in long.items() if lines > LONG_MODULES.get(path, 0)} == {}
    assert LONG_MODULES.keys() - long.keys() == set(), "small enough now: take it off the list"


def test_no_function_is_too_long() -> None:
    long = {
        f"{source.path}::{name}": lines
        for source in sources(*PRODUCT, "packaging")
        if not source.path.startswith(MIGRATIONS)
        for name, node in functions(source)
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    }
    assert {name: lines for name, lines in long.items() if lines > LONG_FUNCTIONS.get(name, 0)} == {}
    assert LONG_FUNCTIONS.keys() - long.keys() == set(), "small enough now: take it off the list"


@pytest.mark.parametrize("folder", EVERYWHERE)
def test_no_attics(folder: str) -> None:
    named = [
        one.path
        for one in sources(folder)
        for part in one.path.split("/")
        if part.removesuffix(".py") in ATTICS
    ]
    assert named == []


def test_packaging_is_never_importable() -> None:
    assert [one.path for one in sources("packaging") if one.path.endswith("__init__.py")] == []
