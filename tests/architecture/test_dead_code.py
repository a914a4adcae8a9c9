"""What the gates for dead code and for covered lines leave out is needed, and says why."""

from __future__ import annotations

import re
import tomllib

import pytest
from vulture import Vulture

from tests.architecture.sources import ROOT

PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
TOOLS = tomllib.loads(PROJECT)["tool"]
LEFT_OUT = TOOLS["vulture"]["ignore_names"]


@pytest.fixture(scope="module")
def unused() -> set[str]:
    found = Vulture()
    found.scavenge([str(ROOT / folder) for folder in TOOLS["vulture"]["paths"]])
    return {item.name for item in found.get_unused_code(min_confidence=TOOLS["vulture"]["min_confidence"])}


def test_tests_keep_no_code_alive() -> None:
    assert TOOLS["vulture"]["paths"] == ["app", "db", "reports"]


@pytest.mark.parametrize("name", LEFT_OUT)
def test_every_name_left_out_would_be_found(unused: set[str], name: str) -> None:
    assert name in unused


def test_every_name_left_out_stands_once_under_a_reason() -> None:
    assert len(set(LEFT_OUT)) == len(LEFT_OUT)
    (listed,) = re.findall(r"^ignore_names = \[\n(    .*?)^\]", PROJECT, re.MULTILINE | re.DOTALL)
    assert listed.startswith("    # ")


def test_the_packages_of_which_every_line_is_run() -> None:
    wanted = ["app/domain", "app/journal", "app/questionnaire", "app/usecases", "app/files"]
    assert TOOLS["coverage"]["run"]["source"] == wanted
    assert TOOLS["coverage"]["report"]["fail_under"] == 100


def test_the_second_checker_is_strict_about_all_of_the_program() -> None:
    checker = TOOLS["pyright"]
    assert (checker["include"], checker["typeCheckingMode"]) == (["app", "db", "forms", "reports"], "strict")
    assert [name for name in checker if name.startswith("report")] == []
