"""The key file: one step from old to new, never half of it."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput, Refused, Unavailable
from app.usecases import keys, workspaces
from tests.usecases.test_workspaces import CLOCK, as_nobody, fingerprint, in_child, opened_up
from tests.usecases.village import PASSPHRASE

NEW = "稻田 灯笼 锄头 梨花 小路 31"


@pytest.fixture
def folder(village):
    """A closed workspace."""
    workspaces.close(village.office)
    return village.office.workspace.folder


def test_the_new_passphrase_opens_and_the_old_one_no_more(folder):
    before = fingerprint(folder)
    key = keys.unlock_key(folder, PASSPHRASE)
    keys.change_passphrase(folder, PASSPHRASE, NEW)
    assert keys.unlock_key(folder, NEW) == key
    with pytest.raises(Refused, match=r"keys\.wrong_passphrase"):
        keys.unlock_key(folder, PASSPHRASE)
    after = fingerprint(folder)
    assert {name for name in after if after[name] != before.get(name)} == {"keys.json"}
    workspaces.close(workspaces.unlock(folder, NEW, CLOCK))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (PASSPHRASE + "!", NEW, "keys.wrong_passphrase"),
        (PASSPHRASE, "短", "keys.passphrase_short"),
    ],
)
def test_what_is_no_change(folder, old, new, code):
    before = fingerprint(folder)
    with pytest.raises(Refused) as caught:
        keys.change_passphrase(folder, old, new)
    assert (caught.value.code, fingerprint(folder)) == (code, before)


def test_a_folder_that_cannot_be_written_keeps_the_old_one(folder):
    opened_up(folder)
    before = fingerprint(folder)
    told = in_child(as_nobody(lambda: str(keys.change_passphrase(folder, PASSPHRASE, NEW))))
    folder.chmod(0o755)
    assert (told, fingerprint(folder)) == ("disk.read_only", before)


def test_where_there_are_no_keys(folder, tmp_path):
    assert keys.has_keys(folder)
    with pytest.raises(BadInput) as caught:
        keys.load_keys(tmp_path)
    assert (caught.value.code, caught.value.params) == ("workspace.missing", {"file": tmp_path.name})
    keys.remove_keys(folder)
    keys.remove_keys(folder)
    assert not keys.has_keys(folder)


def test_keys_that_cannot_be_read_or_replaced(folder, tmp_path):
    held = keys.load_keys(folder)
    place = tmp_path / "spoiled"
    (place / keys.KEYS / "inside").mkdir(parents=True)
    with pytest.raises(Unavailable) as caught:
        keys.load_keys(place)
    assert caught.value.code == "disk.failing"
    with pytest.raises(Unavailable):
        keys.save_keys(place, held)
    assert [path.name for path in place.iterdir()] == [keys.KEYS]
