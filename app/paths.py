"""Where the program keeps files on this computer, and where it lies itself.

The state folder holds the log, the settings folder holds what the user prefers; both may be lost without
harm. The data folder is where new workspaces are offered. The layout of an installed program stands in
``docs/decisions/0011-installed-tree.md``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

STATE_VARIABLE = "BABUTONG_STATE"
"""Environment variable that replaces the state folder (tests, portable use)."""

CONFIG_VARIABLE = "BABUTONG_CONFIG"
"""Environment variable that replaces the settings folder."""

DATA_VARIABLE = "BABUTONG_DATA"
"""Environment variable that replaces the folder new workspaces are offered in."""

MANIFEST = "files.json"
"""The list of files of one installed version, at the top of its folder."""

_PROGRAM = "babutong"
_FORMER = "八步通"
_HERE = Path(__file__).resolve().parents[1]


def state_dir() -> Path:
    """Return the folder for logs and for what is remembered between two starts; it may not exist yet."""
    named = os.environ.get(STATE_VARIABLE, "")
    return Path(named) if named else platformdirs.user_state_path(_PROGRAM, appauthor=False)


def config_dir() -> Path:
    """Return the folder of the user's settings; it may not exist yet."""
    named = os.environ.get(CONFIG_VARIABLE, "")
    return Path(named) if named else platformdirs.user_config_path(_PROGRAM, appauthor=False)


def data_dir() -> Path:
    """Return the user's own folder on this computer for workspaces; it may not exist yet.

    Never the roaming one nor the documents, which may be on a network share or in a cloud folder.
    """
    named = os.environ.get(DATA_VARIABLE, "")
    return Path(named) if named else platformdirs.user_data_path(_PROGRAM, appauthor=False, roaming=False)


def log_dir() -> Path:
    """Return the folder of the log files; it may not exist yet."""
    return state_dir() / "log"


def settings_file() -> Path:
    """Return the file ``app.settings`` loads and saves; it may not exist yet."""
    return config_dir() / "settings.json"


def default_workspaces_dir() -> Path:
    """Return the folder new workspaces and the demonstration are offered in; it may not exist yet."""
    return data_dir()


def former_workspaces_dir() -> Path:
    """Return the folder version 0.1.0 offered workspaces in: 八步通 under the user's documents."""
    return platformdirs.user_documents_path() / _FORMER


def program_dir() -> Path:
    """Return the folder that holds ``app``, ``db``, ``forms`` and ``reports`` of this program."""
    return _HERE


def version_dir(program: Path = _HERE) -> Path | None:
    """Return the folder of the installed version this program is, None for a source checkout.

    It is the folder that should hold ``files.json``; whether it does, and what it says, is for its reader.
    """
    version = program.parent
    is_installed = (version / MANIFEST).is_file() or version.parent.name == "versions"
    return version if program.name == "program" and is_installed else None


def install_root(program: Path = _HERE) -> Path | None:
    """Return the folder that holds the versions side by side, None when this one does not lie in one."""
    version = version_dir(program)
    return version.parents[1] if version is not None and version.parent.name == "versions" else None


def python_command(program: Path = _HERE) -> list[str]:
    """Return how to start a Python with this program's modules and libraries.

    An installed version on Linux brings its own C library: there the interpreter's file does not start alone.
    """
    version = version_dir(program)
    if version is not None and sys.platform != "win32":
        return [str(version / "run"), "python"]
    return [sys.executable]


def cli_command(version: Path) -> list[str]:
    """Return how to start the command line of an installed version, this one or another, by its folder."""
    if sys.platform == "win32":
        return [str(version / "runtime" / "python.exe"), "-m", "app.cli"]
    return [str(version / "run"), "cli"]
