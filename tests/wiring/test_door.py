"""Which workspace the window opens, and where it makes a new one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app import paths
from app.domain.errors import Refused
from app.domain.ids import Level
from app.settings import Settings, load_settings, save_settings, with_workspace
from app.storage import place
from app.ui.desk import NewWorkspace
from app.ui.texts import sentence
from app.usecases import workspaces
from app.wiring.door import Entrance
from tests.usecases.test_workspaces import CLOCK, setup
from tests.usecases.village import PASSPHRASE, VILLAGE

WANTED = NewWorkspace(
    level=Level.VILLAGE,
    code=VILLAGE,
    names=("演示县", "演示镇", "石板村"),
    person="陈志明",
    position="",
    passphrase=PASSPHRASE,
    line_fen=None,
    line_doc="",
)


def nothing(*_told: int) -> bool:
    return False


def made(folder: Path) -> Path:
    workspaces.close(workspaces.create(folder, setup(), CLOCK))
    return folder


def remember(folder: Path) -> None:
    save_settings(paths.settings_file(), with_workspace(Settings(), folder))


def where(entrance: Entrance) -> tuple[str, bool]:
    door = entrance.door()
    return door.where, door.exists


@pytest.fixture
def old() -> Path:
    """Where version 0.1.0 made its workspace."""
    return paths.former_workspaces_dir() / "工作区"


@pytest.fixture
def usual() -> Path:
    return paths.data_dir() / "工作区"


def test_the_first_start_offers_the_local_data_folder(usual: Path, own_folders: Path) -> None:
    entrance = Entrance(CLOCK)
    assert where(entrance) == (str(usual), False)
    assert list(own_folders.iterdir()) == []
    entrance.door().create(WANTED, nothing, nothing)
    entrance.close()
    assert (usual / "workspace.db").exists()
    assert where(Entrance(CLOCK)) == (str(usual), True)
    assert load_settings(paths.settings_file()).settings.recent_workspaces == (str(usual),)


def test_a_remembered_workspace_of_version_0_1_0_opens(old: Path) -> None:
    remember(made(old))
    entrance = Entrance(CLOCK)
    assert where(entrance) == (str(old), True)
    entrance.door().unlock(PASSPHRASE)
    entrance.close()


def test_it_is_found_when_the_settings_were_lost(old: Path) -> None:
    made(old)
    entrance = Entrance(CLOCK)
    assert where(entrance) == (str(old), True)
    entrance.door().unlock(PASSPHRASE)
    entrance.close()
    assert load_settings(paths.settings_file()).settings.recent_workspaces == (str(old),)


def test_an_old_folder_without_keys_is_no_workspace(old: Path, usual: Path) -> None:
    old.mkdir(parents=True)
    (old / "workspace.db").write_bytes(b"half copied")
    assert where(Entrance(CLOCK)) == (str(usual), False)


def test_the_newer_one_counts_when_there_are_two(old: Path, usual: Path) -> None:
    made(old)
    made(usual)
    assert where(Entrance(CLOCK)) == (str(usual), True)


def test_another_one_is_not_made_among_the_documents(old: Path, usual: Path) -> None:
    remember(made(old))
    entrance = Entrance(CLOCK)
    entrance.door().create(WANTED, nothing, nothing)
    assert where(entrance) == (str(usual), True)
    entrance.door().create(WANTED, nothing, nothing)
    entrance.close()
    assert where(entrance) == (str(paths.data_dir() / "工作区2"), True)
    assert [one.name for one in old.parent.iterdir()] == ["工作区"]


def test_a_remembered_one_that_is_gone_is_not_made_again_where_it_was(old: Path, usual: Path) -> None:
    remember(old)
    entrance = Entrance(CLOCK)
    assert where(entrance) == (str(old), False)
    entrance.door().create(WANTED, nothing, nothing)
    entrance.close()
    assert where(entrance) == (str(usual), True)
    assert not old.exists()


def test_a_folder_named_at_the_start_is_used_as_it_is(tmp_path: Path, old: Path) -> None:
    remember(made(old))
    entrance = Entrance(CLOCK, tmp_path / "named")
    assert where(entrance) == (str(tmp_path / "named"), False)
    entrance.door().create(WANTED, nothing, nothing)
    entrance.close()
    assert (tmp_path / "named" / "keys.json").exists()


def test_the_demonstration_lies_in_the_data_folder_and_is_not_remembered(
    usual: Path, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.wiring.door.DEMO_HOUSEHOLDS", 3)
    entrance = Entrance(CLOCK)
    entrance.door().open_demo(nothing, nothing)
    assert (paths.data_dir() / "演示" / "village-01" / "workspace.db").exists()
    assert load_settings(paths.settings_file()).settings.recent_workspaces == ()
    entrance.door().create(replace(WANTED, person="石正华"), nothing, nothing)
    entrance.close()
    assert where(entrance) == (str(usual), True)
    assert not old.parent.exists()


def test_a_share_is_refused_with_its_reason_before_the_lock(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(made(old))
    (old / "workspace.lock").unlink()
    lines = f"20 1 0:9 / / rw - ext4 none rw\n21 20 0:50 / {old.parent} rw - cifs //nas/home rw\n"
    (tmp_path / "mountinfo").write_text(lines, encoding="utf-8")
    monkeypatch.setattr(place, "MOUNTS", tmp_path / "mountinfo")
    before = sorted(old.iterdir())
    with pytest.raises(Refused) as caught:
        Entrance(CLOCK).door().unlock(PASSPHRASE)
    assert "网络共享文件夹" in sentence(caught.value)
    assert sorted(old.iterdir()) == before
