from __future__ import annotations

from pathlib import Path

import pytest

from app import paths


def test_the_variables_replace_the_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.STATE_VARIABLE, str(tmp_path / "s"))
    monkeypatch.setenv(paths.CONFIG_VARIABLE, str(tmp_path / "c"))
    assert paths.state_dir() == tmp_path / "s"
    assert paths.log_dir() == tmp_path / "s" / "log"
    assert paths.settings_file() == tmp_path / "c" / "settings.json"


def test_without_the_variables_the_folders_are_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (paths.STATE_VARIABLE, paths.CONFIG_VARIABLE):
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert paths.state_dir() == tmp_path / "state" / "babutong"
    assert paths.config_dir() == tmp_path / "config" / "babutong"


def test_an_empty_variable_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.STATE_VARIABLE, "")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert paths.state_dir() == tmp_path / "babutong"


def test_workspaces_are_offered_under_the_documents(own_folders: Path) -> None:
    offered = paths.default_workspaces_dir()
    assert offered.name == "八步通"
    assert offered.is_relative_to(own_folders)


def test_asking_makes_no_folder(own_folders: Path) -> None:
    paths.settings_file()
    paths.log_dir()
    paths.default_workspaces_dir()
    assert list(own_folders.iterdir()) == []
