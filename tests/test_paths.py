from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
import pytest
from platformdirs import windows

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


def test_workspaces_are_offered_in_the_local_data_folder(
    own_folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert paths.default_workspaces_dir() == paths.data_dir() == own_folders / "xdg_data_home" / "babutong"
    monkeypatch.setenv(paths.DATA_VARIABLE, str(tmp_path / "d"))
    assert paths.default_workspaces_dir() == tmp_path / "d"


def test_on_windows_they_are_never_offered_in_the_roaming_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"CSIDL_LOCAL_APPDATA": "local", "CSIDL_APPDATA": "roaming", "CSIDL_PERSONAL": "documents"}
    monkeypatch.setattr(windows, "get_win_folder", names.__getitem__)
    monkeypatch.setattr(platformdirs, "PlatformDirs", windows.Windows)
    assert paths.data_dir().parts[0] == "local"
    assert paths.former_workspaces_dir() == Path("documents") / "八步通"


def test_the_folder_of_version_0_1_0_lies_under_the_documents(own_folders: Path) -> None:
    former = paths.former_workspaces_dir()
    assert former.name == "八步通"
    assert former.is_relative_to(own_folders)


def test_a_source_checkout_is_no_installed_version() -> None:
    assert (paths.program_dir() / "app" / "paths.py").is_file()
    assert paths.version_dir() is None
    assert paths.install_root() is None
    assert paths.python_command() == [sys.executable]


def test_an_installed_version_knows_its_root(tmp_path: Path) -> None:
    version = tmp_path / "versions" / "0.2.0"
    program = version / "program"
    (program / "app").mkdir(parents=True)
    (version / paths.MANIFEST).touch()
    assert paths.version_dir(program) == version
    assert paths.install_root(program) == tmp_path
    assert paths.python_command(program) == [str(version / "run"), "python"]
    (version / paths.MANIFEST).unlink()  # that it is lacking is for the self-check to say
    assert paths.version_dir(program) == version


def test_a_version_outside_a_root_has_none(tmp_path: Path) -> None:
    program = tmp_path / "loose" / "program"
    program.mkdir(parents=True)
    assert paths.version_dir(program) is None
    (tmp_path / "loose" / paths.MANIFEST).touch()
    assert paths.version_dir(program) == tmp_path / "loose"
    assert paths.install_root(program) is None


def test_asking_makes_no_folder(own_folders: Path) -> None:
    paths.settings_file()
    paths.log_dir()
    paths.default_workspaces_dir()
    paths.former_workspaces_dir()
    assert list(own_folders.iterdir()) == []
