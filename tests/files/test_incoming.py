"""The tray: copied off the stick, verified once, remembered; a stick may lie, vanish or be swapped meanwhile."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from app.domain.errors import AppError, BadInput, Refused, Unavailable
from app.files import incoming
from app.files.incoming import Tray, TrayLimits
from tests.files.package_setting import secrets, written


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder that counts as another file system."""
    folder = tmp_path / "stick"
    folder.mkdir()
    monkeypatch.setattr(incoming, "_lies_elsewhere", lambda path, _workspace: path.is_relative_to(folder))
    return folder


def go_on() -> bool:
    return False


def copies(workspace: Path) -> list[Path]:
    return sorted(path for path in (workspace / "incoming").rglob("*") if path.is_file())


def test_a_file_on_the_stick_is_copied_and_read_once(workspace: Path, stick: Path) -> None:
    file = written(stick)
    with Tray(workspace, secrets("county")) as tray:
        looked = tray.look(file, go_on)
        [copy] = copies(workspace)
        assert (copy.name, copy.read_bytes()) == (file.name, file.read_bytes())
        file.unlink()  # pulled out: nothing of it is needed any more
        package, local = tray.take(file, go_on)
        assert (package is looked, local) == (True, copy)
        tray.drop(file)
        assert copies(workspace) == []
        tray.drop(file)
    assert not (workspace / "incoming").exists()


def test_a_file_beside_the_workspace_is_not_copied_but_compared(workspace: Path, tmp_path: Path) -> None:
    file = written(tmp_path)
    with Tray(workspace, secrets("county")) as tray:
        looked = tray.look(file, go_on)
        assert copies(workspace) == []
        assert tray.take(file, go_on) == (looked, file)
        written(tmp_path).replace(file)
        with pytest.raises(BadInput) as caught:
            tray.take(file, go_on)
        assert (caught.value.code, caught.value.params) == ("package.changed_since", {"file": file.name})


def test_what_is_not_kept_is_verified_again(workspace: Path, stick: Path, tmp_path: Path) -> None:
    near, far = written(tmp_path), written(stick)
    with Tray(workspace, secrets("county"), TrayLimits(keep_one=10)) as tray:
        first = tray.look(near, go_on)
        second = tray.look(far, go_on)
        assert not tray.keeps(near)
        package, _ = tray.take(far, go_on)
        assert (package, package is second) == (second, False)
        assert tray.take(near, go_on)[0] == first
        written(tmp_path).replace(near)
        with pytest.raises(BadInput) as caught:
            tray.take(near, go_on)
        assert caught.value.code == "package.changed_since"


def test_the_memory_for_packages_is_bounded_and_given_back(workspace: Path, tmp_path: Path) -> None:
    files = [written(tmp_path) for _ in range(3)]
    size = Tray(workspace, secrets("county")).look(files[0], go_on).manifest
    one = size.raw + size.blobs_raw
    with Tray(workspace, secrets("county"), TrayLimits(keep_all=2 * one)) as tray:
        for file in files:
            tray.look(file, go_on)
        assert [tray.keeps(file) for file in files] == [True, True, False]
        tray.drop(files[0])
        tray.look(files[2], go_on)
        assert tray.keeps(files[2])


def test_a_large_file_is_copied_only_when_it_is_taken_in(workspace: Path, stick: Path) -> None:
    file = written(stick)
    with Tray(workspace, secrets("county"), TrayLimits(copy=10, keep_one=10)) as tray:
        looked = tray.look(file, go_on)
        assert copies(workspace) == []
        package, local = tray.take(file, go_on)
        assert (package, [local]) == (looked, copies(workspace))


def test_without_a_look_a_file_is_read_when_it_is_taken(workspace: Path, stick: Path) -> None:
    file = written(stick)
    with Tray(workspace, secrets("county")) as tray:
        _, local = tray.take(file, go_on)
        assert [local] == copies(workspace)


def test_what_a_crash_left_is_cleared(workspace: Path) -> None:
    left = workspace / "incoming" / "3" / "x.hhpkg"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"sealed")
    with Tray(workspace, secrets("county")):
        assert not left.exists()


def test_who_cancels_has_copied_nothing(workspace: Path, stick: Path) -> None:
    file = written(stick)
    with Tray(workspace, secrets("county")) as tray:
        with pytest.raises(Refused, match=r"work\.cancelled"):
            tray.look(file, lambda: True)
        assert copies(workspace) == []


class _Pulled:
    """A file that can be read a while and then is gone."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close nothing."""

    def read(self, _size: int) -> bytes:
        for piece in self._pieces:
            return piece
        raise OSError(errno.EIO, "gone")


def test_a_stick_pulled_out_while_it_is_read(
    workspace: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(stick)
    opened = Path.open

    def pulled(path: Path, mode: str = "r", **options: object) -> object:
        if path == file and mode == "rb":
            return _Pulled(iter([b"PK"]))
        return opened(path, mode, **options)

    monkeypatch.setattr(Path, "open", pulled)
    with Tray(workspace, secrets("county")) as tray:
        with pytest.raises(Unavailable) as caught:
            tray.look(file, go_on)
        assert (caught.value.code, caught.value.params) == ("package.not_read", {"file": file.name})
        assert copies(workspace) == []


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "package.no_room_here"), (errno.EROFS, "disk.read_only")]
)
def test_what_the_disk_says_while_copying(
    workspace: Path, stick: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    file = written(stick)
    opened = Path.open

    def full(path: Path, mode: str = "r", **options: object) -> object:
        if mode == "wb":
            raise OSError(number, "no")
        return opened(path, mode, **options)

    monkeypatch.setattr(Path, "open", full)
    with Tray(workspace, secrets("county")) as tray, pytest.raises(AppError) as caught:
        tray.look(file, go_on)
    assert caught.value.code == code
    assert ("needed_mb" in caught.value.params) == (number == errno.ENOSPC)


def test_a_file_that_is_gone_is_missing(workspace: Path, tmp_path: Path) -> None:
    file = written(tmp_path)
    with Tray(workspace, secrets("county")) as tray:
        tray.look(file, go_on)
        file.unlink()
        for _ in range(2):
            with pytest.raises(BadInput) as caught:
                tray.take(file, go_on)
            assert caught.value.code == "package.missing"
        with pytest.raises(BadInput) as caught:
            tray.look(file, go_on)
        assert caught.value.code == "package.missing"


def test_a_shared_memory_folder_is_another_file_system(workspace: Path) -> None:
    assert not incoming._lies_elsewhere(workspace / "gone", workspace)
    assert not incoming._lies_elsewhere(workspace, workspace)
    assert incoming._lies_elsewhere(Path("/proc/self/mounts"), workspace)
    assert incoming._size(workspace / "gone") == 0
