"""The layer contracts of ``pyproject.toml`` bite: each is broken by the import it is there to forbid.

A skeleton of the house (empty packages) is checked with the real contracts, once as it should be and once
for each forbidden import.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

MODULES = (
    "app/__init__", "app/__main__", "app/cli", "app/wiring/__init__", "app/paths", "app/settings", "app/log", "app/swap",
    "app/version",
    "app/ui/__init__", "app/ui/texts", "app/ui/pages/__init__", "app/usecases/__init__", "app/usecases/cases",
    "app/queries/__init__", "app/storage/__init__", "app/storage/engine", "app/files/__init__",
    "app/journal/__init__", "app/questionnaire/__init__", "app/crypto/__init__",
    "app/domain/__init__", "app/domain/income", "app/domain/lines",
    "db/__init__", "db/migrations/__init__", "db/migrations/versions/__init__", "db/migrations/versions/first",
    "forms/__init__", "reports/__init__", "reports/notice", "reports/kit/__init__",
)  # fmt: skip

LAYERS = "layers of the house"
NO_QT = "no Qt outside the window"
NO_QT_CLI = "the command line never reaches Qt"
PURE = "the domain and the journal are pure"
SQL = "SQLAlchemy lives in storage, queries and use cases"
CALLABLES = "the window is given callables"
PAPERS = "only queries and use cases know the papers"
LEAF = "reports are a leaf"
DATA = "forms are data"
MIGRATIONS = "migrations are self-contained"
CYCLES = "siblings do not go round in circles"

BITES = [
    ("app/domain/income", "import app.journal", {LAYERS}),
    ("app/journal/__init__", "import app.storage", {LAYERS}),
    ("app/storage/engine", "import app.queries", {LAYERS}),
    ("app/storage/engine", "import app.files", {LAYERS}),
    ("app/queries/__init__", "import app.usecases", {LAYERS}),
    ("app/usecases/cases", "import app.ui.texts", {LAYERS}),
    ("app/ui/texts", "import app.cli", {LAYERS, CYCLES}),
    ("app/cli", "import app.__main__", {LAYERS, NO_QT_CLI}),
    ("app/wiring/__init__", "import app.cli", {LAYERS}),
    ("app/ui/texts", "import app.wiring", {LAYERS, CYCLES, NO_QT_CLI}),
    ("app/settings", "import app.paths", {LAYERS}),
    ("app/stray", "", {LAYERS}),
    ("app/usecases/cases", "import PySide6.QtCore", {NO_QT, NO_QT_CLI}),
    ("app/settings", "import shiboken6", {NO_QT}),
    ("reports/kit/__init__", "from PySide6 import QtGui", {NO_QT}),
    ("app/cli", "from PySide6 import QtCore", {NO_QT_CLI}),
    ("app/cli", "import app.ui.pages", {NO_QT_CLI}),
    ("app/domain/income", "import sqlite3", {PURE}),
    ("app/journal/__init__", "import cryptography", {PURE}),
    ("app/domain/lines", "import app.settings", {PURE, LAYERS}),
    ("app/files/__init__", "import sqlalchemy", {SQL}),
    ("app/questionnaire/__init__", "from sqlcipher3 import dbapi2", {SQL}),
    ("app/ui/texts", "from sqlalchemy import select", {CALLABLES}),
    ("app/ui/pages/__init__", "import app.storage.engine", {CALLABLES}),
    ("app/ui/pages/__init__", "from app import files", {CALLABLES}),
    ("app/ui/pages/__init__", "from reports import notice", {PAPERS}),
    ("app/files/__init__", "import reports.kit", {PAPERS}),
    ("reports/notice", "import app.domain.income", {LEAF}),
    ("reports/kit/__init__", "import sqlalchemy", {LEAF}),
    ("forms/__init__", "import app.paths", {DATA}),
    ("db/migrations/versions/first", "from app.storage import engine", {MIGRATIONS}),
    ("db/migrations/versions/first", "import reports", {MIGRATIONS}),
    ("app/domain/income", "import app.domain.lines", set()),
    ("reports/notice", "import reports.kit", set()),
    ("app/usecases/cases", "import reports.notice", set()),
]


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    for module in MODULES:
        file = tmp_path / f"{module}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    # The command line and the window are where they really are: on top, reaching everything below.
    (tmp_path / "app/__main__.py").write_text("import app.wiring\n")
    (tmp_path / "app/wiring/__init__.py").write_text("import app.ui.pages\nimport app.usecases.cases\n")
    (tmp_path / "app/cli.py").write_text("import app.ui.texts\nimport app.usecases.cases\n")
    (tmp_path / "app/ui/pages/__init__.py").write_text("from PySide6 import QtWidgets\nimport app.ui.texts\n")
    (tmp_path / "app/usecases/cases.py").write_text("import app.storage.engine\nimport app.domain.income\n")
    (tmp_path / "app/storage/engine.py").write_text("import sqlalchemy\n")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _broken(folder: Path) -> set[str]:
    """Return the names of the broken contracts; every contract must have been checked."""
    lint = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run(
        [str(lint), "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    verdicts = dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", ran.stdout, re.MULTILINE))
    assert len(verdicts) == len(_contract_names()), ran.stdout + ran.stderr
    return {name for name, verdict in verdicts.items() if verdict == "BROKEN"}


def _contract_names() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


def test_the_house_as_it_should_be_keeps_every_contract(skeleton: Path) -> None:
    assert _broken(skeleton) == set()


@pytest.mark.parametrize(("module", "line", "expected"), BITES)
def test_each_forbidden_import_breaks_its_contract(
    skeleton: Path, module: str, line: str, expected: set[str]
) -> None:
    with (skeleton / f"{module}.py").open("a") as file:
        file.write(f"{line}\n")
    assert _broken(skeleton) == expected


def test_an_import_for_types_only_counts_too(skeleton: Path) -> None:
    (skeleton / "app/domain/income.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import app.storage.engine\n"
    )
    assert LAYERS in _broken(skeleton)


def test_a_circle_of_two_siblings_is_found(skeleton: Path) -> None:
    (skeleton / "app/domain/income.py").write_text("import app.domain.lines\n")
    (skeleton / "app/domain/lines.py").write_text("import app.domain.income\n")
    assert _broken(skeleton) == {CYCLES}


def test_every_contract_is_broken_by_something_here() -> None:
    tried = set().union(*(expected for _module, _line, expected in BITES))
    assert tried == set(_contract_names())
