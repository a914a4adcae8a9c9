"""A file in its place in one step, also while another program holds it for a while."""

from __future__ import annotations

import pytest

from app import swap
from app.domain.errors import Unavailable
from app.storage.cipher import disk_error
from app.usecases import backups, keys
from tests.scanner import Scanner
from tests.usecases.conftest import village as village  # noqa: PLC0414 -- a fixture
from tests.usecases.village import PASSPHRASE


@pytest.mark.parametrize("times", [0, 1, 5])
def test_a_scanner_that_lets_go_is_waited_for(tmp_path, monkeypatch, times):
    (tmp_path / "new.part").write_text("new")
    (tmp_path / "old").write_text("old")
    scanner = Scanner(monkeypatch, times)
    swap.put_in_place(tmp_path / "new.part", tmp_path / "old")
    assert (tmp_path / "old").read_text() == "new"
    assert len(scanner.waited) == times
    assert sum(scanner.waited) < 2


def test_one_that_does_not_is_said_with_the_file(tmp_path, monkeypatch):
    (tmp_path / "new.part").write_text("new")
    (tmp_path / "old").write_text("old")
    Scanner(monkeypatch, 99)
    with pytest.raises(swap.HeldError) as held:
        swap.put_in_place(tmp_path / "new.part", tmp_path / "old")
    assert (tmp_path / "old").read_text() == "old"
    told = disk_error(held.value)
    assert (told.code, told.params) == ("disk.held", {"file": "old"})


def test_another_trouble_is_not_waited_for(tmp_path, monkeypatch):
    scanner = Scanner(monkeypatch, 0)
    with pytest.raises(FileNotFoundError):
        swap.put_in_place(tmp_path / "none.part", tmp_path / "old")
    assert scanner.waited == []


def test_a_held_key_file_stays_as_it_was(village, monkeypatch):
    folder = village.office.workspace.folder
    before = (folder / keys.KEYS).read_bytes()
    Scanner(monkeypatch, 99)
    with pytest.raises(Unavailable) as caught:
        keys.change_passphrase(folder, PASSPHRASE, PASSPHRASE + " 7")
    assert (caught.value.code, caught.value.params) == ("disk.held", {"file": "keys.json"})
    assert (folder / keys.KEYS).read_bytes() == before
    assert list(folder.glob("*.part")) == []


def test_a_held_backup_is_tried_again(village, tmp_path, monkeypatch):
    scanner = Scanner(monkeypatch, 2)
    made = backups.back_up(village.office, tmp_path / "stick")
    assert (made.path.exists(), len(scanner.waited)) == (True, 2)
