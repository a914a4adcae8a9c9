from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import settings
from app.settings import FontScale, Loaded, Settings, Trouble, load_settings, save_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def test_no_file_gives_the_defaults_and_no_complaint(file: Path) -> None:
    assert load_settings(file) == Loaded(Settings())


def test_what_is_saved_is_read_back(file: Path) -> None:
    chosen = Settings(
        font_scale=FontScale.LARGE,
        show_masked=False,
        recent_workspaces=("/村/一", "/村/二"),
        last_folders={"roster": "/优盘"},
        window_geometry="AdnQywAD",
    )
    assert save_settings(file, chosen) is None
    assert load_settings(file) == Loaded(chosen)


def test_keys_of_a_newer_program_are_kept(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('{"font_scale": "large", "theme_2030": {"ink": [1, 2]}}', encoding="utf-8")
    loaded = load_settings(file)
    assert loaded.trouble is None
    save_settings(file, settings.with_workspace(loaded.settings, Path("/村")))
    again = json.loads(file.read_text(encoding="utf-8"))
    assert again["theme_2030"] == {"ink": [1, 2]}
    assert again["font_scale"] == "large"
    assert again["recent_workspaces"] == ["/村"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe\x00", b'"text"'])
def test_a_damaged_file_gives_the_defaults_and_says_so(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    assert load_settings(file) == Loaded(Settings(), Trouble.DAMAGED)


@pytest.mark.parametrize(
    "wrong",
    [
        {"font_scale": "huge"},
        {"font_scale": 3},
        {"show_masked": "yes"},
        {"recent_workspaces": "/村"},
        {"recent_workspaces": [1]},
        {"last_folders": ["/村"]},
        {"last_folders": {"roster": None}},
        {"window_geometry": False},
    ],
)
def test_one_wrong_value_costs_only_that_value(file: Path, wrong: dict[str, object]) -> None:
    good = {"show_masked": False} if "show_masked" not in wrong else {"font_scale": "large"}
    file.parent.mkdir()
    file.write_text(json.dumps({**good, **wrong}), encoding="utf-8")
    loaded = load_settings(file)
    expected = Settings(show_masked=False) if "show_masked" in good else Settings(font_scale=FontScale.LARGE)
    assert loaded == Loaded(expected, Trouble.DAMAGED)


def test_a_folder_that_cannot_be_written_is_said_not_raised(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert save_settings(blocked / "settings.json", Settings()) is Trouble.NOT_SAVED


def test_a_failed_save_leaves_the_old_file(file: Path) -> None:
    save_settings(file, Settings(font_scale=FontScale.LARGE))
    before = file.read_bytes()
    file.with_name("settings.json.new").mkdir()  # the new file cannot be made
    assert save_settings(file, Settings()) is Trouble.NOT_SAVED
    assert file.read_bytes() == before


def test_the_newest_workspace_comes_first_once_and_the_list_is_bounded() -> None:
    chosen = Settings()
    for number in range(settings.RECENT_LIMIT + 3):
        chosen = settings.with_workspace(chosen, Path(f"/村/{number}"))
    chosen = settings.with_workspace(chosen, Path("/村/7"))
    assert chosen.recent_workspaces[0] == str(Path("/村/7"))
    assert len(chosen.recent_workspaces) == settings.RECENT_LIMIT == len(set(chosen.recent_workspaces))


def test_each_purpose_has_its_own_folder() -> None:
    chosen = settings.with_folder(settings.with_folder(Settings(), "roster", Path("/a")), "paper", Path("/b"))
    assert chosen.last_folders == {"roster": str(Path("/a")), "paper": str(Path("/b"))}


def test_every_setting_is_read_and_written(file: Path) -> None:
    save_settings(file, Settings())
    names = {one.name for one in fields(Settings)} - {"unknown"}
    assert set(json.loads(file.read_text(encoding="utf-8"))) == names
    assert set(settings._READERS) == names


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(settings._READERS)) | st.text(), _JSON, max_size=6))
def test_no_table_whatever_stops_the_program(table: dict[str, object]) -> None:
    loaded = settings._from_table(table)
    kept = {name: value for name, value in table.items() if name not in settings._READERS}
    assert dict(loaded.settings.unknown) == kept
