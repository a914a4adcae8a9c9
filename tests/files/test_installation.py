"""Which version starts: every switch is one step, and there is always a version that is named."""

from __future__ import annotations

import pytest

from app.files import installation
from app.files.installation import Channel, is_newer
from tests.files.update_setting import lay, make_root, seen_from


@pytest.mark.parametrize(
    ("one", "other", "newer"),
    [
        ("0.10.0", "0.9.0", True),
        ("1.0.0", "0.99.99", True),
        ("1.2.0", "1.2.0", False),
        ("1.2", "1.2.1", False),
        ("1.2.1", "1.2", True),
        ("1.2.0", "1.2.0rc1", True),
        ("1.2.0rc2", "1.2.0rc1", True),
        ("0.9.0", "0.10.0", False),
    ],
)
def test_which_version_is_newer(one, other, newer):
    assert is_newer(one, other) is newer


def test_a_source_checkout_is_no_installation():
    assert installation.find() is None


def test_what_is_found(tmp_path):
    here = make_root(tmp_path)
    assert (here.current, here.previous, here.channel) == ("1.0.0", "", Channel.PORTABLE)
    assert here.is_ours_to_update


@pytest.mark.parametrize("channel", ["deb", "", "something new"])
def test_what_the_system_installed_is_not_ours_to_change(tmp_path, channel):
    assert not make_root(tmp_path, channel=channel).is_ours_to_update


def test_a_previous_version_that_cannot_start_is_none(tmp_path):
    make_root(tmp_path)
    (tmp_path / "previous").write_text("0.9.0\n")
    assert installation.find(tmp_path).previous == ""
    lay(tmp_path, "0.9.0")
    assert installation.find(tmp_path).previous == "0.9.0"
    (tmp_path / "previous").write_text("1.0.0\n")  # as after a fall back
    assert installation.find(tmp_path).previous == ""


def test_switch_confirm_and_back(tmp_path):
    here = make_root(tmp_path)
    lay(tmp_path, "1.1.0")
    installation.switch(here, "1.1.0")
    assert (tmp_path / "trial").read_text() == "1.1.0\n"
    (tmp_path / "trial-started").touch()
    installation.confirm(here)  # the old version, still open, has nothing to confirm
    assert (tmp_path / "trial").exists()
    new = seen_from(tmp_path, "1.1.0")
    assert (new.current, new.previous) == ("1.1.0", "1.0.0")
    installation.confirm(new)
    assert not (tmp_path / "trial").exists()
    assert not (tmp_path / "trial-started").exists()
    assert installation.go_back(new) == "1.0.0"
    assert seen_from(tmp_path, "1.0.0").current == "1.0.0"


def test_only_versions_nobody_names_are_deleted(tmp_path):
    make_root(tmp_path)
    for version in ("0.8.0", "0.9.0", ".unpacking"):
        lay(tmp_path, version)
    (tmp_path / "previous").write_text("0.9.0\n")
    installation.clear(seen_from(tmp_path, "1.0.0"))
    assert sorted(path.name for path in (tmp_path / "versions").iterdir()) == ["0.9.0", "1.0.0"]


def test_the_launcher_has_the_systems_name(tmp_path):
    assert installation.launcher(make_root(tmp_path / "a")).name == "babutong"
    assert installation.launcher(make_root(tmp_path / "b", channel=Channel.WINDOWS)).name == "babutong.exe"
