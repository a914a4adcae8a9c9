"""What this user of this computer prefers; never anything about a household.

One typed table, one JSON file. The file may come from a newer program: keys this one does not know are
kept and written back. A damaged file never stops the program: the defaults are used and the caller is
told, once, which sentence to show.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

RECENT_LIMIT = 8
"""Workspaces remembered, newest first."""

LOCK_MINUTES = (5, 10, 20, 30)
"""Choices for how long the window stays open without input; never is none of them."""

Plain = str | int | float | bool | list["Plain"] | dict[str, "Plain"] | None
"""A value as JSON has it."""

_WRONG_KIND = "not of the kind this setting needs"


class FontScale(StrEnum):
    """Size of all type in the window."""

    NORMAL = "normal"
    LARGE = "large"


class Trouble(StrEnum):
    """Key of the sentence that tells the user what happened to the settings."""

    DAMAGED = "settings.damaged"
    NOT_SAVED = "settings.not_saved"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default.

    ``recent_workspaces`` are absolute folders, newest first. ``last_folders`` maps a purpose
    ("roster", "package", "paper", "backup", "photo") to the folder used last for it.
    ``lock_minutes`` without input lock the window. ``window_geometry`` is the window's own text,
    base64. ``unknown`` holds a newer program's keys.
    """

    font_scale: FontScale = FontScale.NORMAL
    high_contrast: bool = False
    show_masked: bool = True
    recent_workspaces: tuple[str, ...] = ()
    last_folders: Mapping[str, str] = field(default_factory=dict[str, str])
    lock_minutes: int = 10
    window_geometry: str = ""
    unknown: Mapping[str, Plain] = field(default_factory=dict[str, Plain])


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings as read, and what to tell the user if the file was not usable as it stood."""

    settings: Settings
    trouble: Trouble | None = None


def load_settings(file: Path) -> Loaded:
    """Read the settings; a missing file gives the defaults, a damaged one the defaults and ``DAMAGED``.

    A single value of the wrong kind costs only that value.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Loaded(Settings())
    except (OSError, UnicodeDecodeError):
        return Loaded(Settings(), Trouble.DAMAGED)
    try:
        found: Plain = json.loads(text)
    except ValueError:
        return Loaded(Settings(), Trouble.DAMAGED)
    if not isinstance(found, dict):
        return Loaded(Settings(), Trouble.DAMAGED)
    return _from_table(found)


def save_settings(file: Path, settings: Settings) -> Trouble | None:
    """Write the settings so that a power cut leaves either the old file or the new one.

    Returns ``NOT_SAVED`` if the folder cannot be written; settings are never worth stopping for.
    """
    table: dict[str, Plain] = dict(settings.unknown)
    table.update(
        font_scale=settings.font_scale.value,
        high_contrast=settings.high_contrast,
        show_masked=settings.show_masked,
        recent_workspaces=list(settings.recent_workspaces),
        last_folders=dict(settings.last_folders),
        lock_minutes=settings.lock_minutes,
        window_geometry=settings.window_geometry,
    )
    fresh = file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("w", encoding="utf-8") as out:
            json.dump(table, out, ensure_ascii=False, indent=1, sort_keys=True)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    except OSError:
        return Trouble.NOT_SAVED
    return None


def with_workspace(settings: Settings, folder: Path) -> Settings:
    """Return the settings with ``folder`` as the workspace opened last."""
    newest = str(folder)
    others = tuple(one for one in settings.recent_workspaces if one != newest)
    return replace(settings, recent_workspaces=(newest, *others)[:RECENT_LIMIT])


def with_folder(settings: Settings, purpose: str, folder: Path) -> Settings:
    """Return the settings with ``folder`` as the one used last for ``purpose``."""
    return replace(settings, last_folders={**settings.last_folders, purpose: str(folder)})


def _from_table(table: Mapping[str, Plain]) -> Loaded:
    settings, trouble = Settings(), None
    for name, read in _READERS.items():
        if name not in table:
            continue
        try:
            settings = read(settings, table[name])
        except (TypeError, ValueError):
            trouble = Trouble.DAMAGED
    unknown = {name: value for name, value in table.items() if name not in _READERS}
    return Loaded(replace(settings, unknown=unknown), trouble)


def _font_scale(settings: Settings, value: Plain) -> Settings:
    return replace(settings, font_scale=FontScale(_text(value)))


def _high_contrast(settings: Settings, value: Plain) -> Settings:
    if not isinstance(value, bool):
        raise TypeError(_WRONG_KIND)
    return replace(settings, high_contrast=value)


def _show_masked(settings: Settings, value: Plain) -> Settings:
    if not isinstance(value, bool):
        raise TypeError(_WRONG_KIND)
    return replace(settings, show_masked=value)


def _recent_workspaces(settings: Settings, value: Plain) -> Settings:
    if not isinstance(value, list):
        raise TypeError(_WRONG_KIND)
    return replace(settings, recent_workspaces=tuple(_text(one) for one in value)[:RECENT_LIMIT])


def _last_folders(settings: Settings, value: Plain) -> Settings:
    if not isinstance(value, dict):
        raise TypeError(_WRONG_KIND)
    return replace(settings, last_folders={purpose: _text(folder) for purpose, folder in value.items()})


def _lock_minutes(settings: Settings, value: Plain) -> Settings:
    if isinstance(value, bool) or not isinstance(value, int) or value not in LOCK_MINUTES:
        raise ValueError(_WRONG_KIND)
    return replace(settings, lock_minutes=value)


def _window_geometry(settings: Settings, value: Plain) -> Settings:
    return replace(settings, window_geometry=_text(value))


def _text(value: Plain) -> str:
    if not isinstance(value, str):
        raise TypeError(_WRONG_KIND)
    return value


_READERS: Mapping[str, Callable[[Settings, Plain], Settings]] = {
    "font_scale": _font_scale,
    "high_contrast": _high_contrast,
    "show_masked": _show_masked,
    "recent_workspaces": _recent_workspaces,
    "last_folders": _last_folders,
    "lock_minutes": _lock_minutes,
    "window_geometry": _window_geometry,
}
