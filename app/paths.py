"""Where the program keeps its own files on this computer.

Nothing of a village lies in these folders: a workspace is a folder the user chooses. The state folder
holds the log, the settings folder holds what the user prefers; both may be lost without harm.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

STATE_VARIABLE = "BABUTONG_STATE"
"""Environment variable that replaces the state folder (tests, portable use)."""

CONFIG_VARIABLE = "BABUTONG_CONFIG"
"""Environment variable that replaces the settings folder."""

_PROGRAM = "babutong"
_WORKSPACES = "八步通"


def state_dir() -> Path:
    """Return the folder for logs and for what is remembered between two starts; it may not exist yet."""
    named = os.environ.get(STATE_VARIABLE, "")
    return Path(named) if named else platformdirs.user_state_path(_PROGRAM, appauthor=False)


def config_dir() -> Path:
    """Return the folder of the user's settings; it may not exist yet."""
    named = os.environ.get(CONFIG_VARIABLE, "")
    return Path(named) if named else platformdirs.user_config_path(_PROGRAM, appauthor=False)


def log_dir() -> Path:
    """Return the folder of the log files; it may not exist yet."""
    return state_dir() / "log"


def settings_file() -> Path:
    """Return the file ``app.settings`` loads and saves; it may not exist yet."""
    return config_dir() / "settings.json"


def default_workspaces_dir() -> Path:
    """Return the folder a new workspace is offered in: 八步通 under the user's documents."""
    return platformdirs.user_documents_path() / _WORKSPACES
