from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import pytest

from app.domain.errors import AppError, BadInput, Refused, Unavailable
from app.domain.ids import Level
from app.domain.trust import TrustDoc
from app.files import package_out
from app.files.package import PLAIN, WITH_DELETED, Ack, FormRef, PackageKind
from app.files.package_in import read_attachment, read_package
from app.files.package_out import PhotoOut, file_stem, volumes, write_package
from app.journal.redaction import reduced
from tests.files.package_setting import BLOB, PHOTO, WALL, given, sealed, secrets, stream, written
from tests.scanner import Scanner
from tests.trust_setting import TOWNSHIP, keys, usual

ROOT = Path(__file__).resolve().parents[2]


def test_every_recipient_and_the_sender_read_back_what_was_written(tmp_path: Path) -> None:
    path = written(tmp_path)
    for name in ("township", "county", "village"):
        package = read_package(path, secrets(name))
        streams = {s.uid: s for s in package.streams}
        assert streams[stream().uid].entries == stream().entries
        assert streams[sealed().uid] == sealed()
        assert list(package.blobs.values()) == [BLOB]
        assert package.attachments == (hashlib.sha256(PHOTO).hexdigest(),)
        assert read_attachment(path, package.attachments[0], secrets(name)) == PHOTO
        assert package.trust == usual().trust.to_bytes()
        assert package.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        manifest = package.manifest
        assert package.sender.device == keys("village").device
        assert package.sender.recipient == keys("village").recipient
        assert (manifest.kind, package.sender.level) == (PackageKind.UP, Level.VILLAGE)
        assert manifest.acks == (Ack("a" * 32, 7, "b" * 32),)
        assert manifest.forms == (FormRef("s8", "v1", "sha256:" + "c" * 64),)
        assert manifest.counts == {"entries": 8, "households": 5}
        assert manifest.trust_epoch == 3
        assert manifest.wall_ms == WALL


def test_a_deleted_entry_travels_as_its_digest_under_the_seal_of_its_writer(tmp_path: Path) -> None:
    own, other = stream(), sealed()
    assert read_package(written(tmp_path), secrets("township")).manifest.min_reader == PLAIN
    cut = [
        replace(one, entries=(one.entries[0], reduced(one.entries[1]), *one.entries[2:]))
        for one in (own, other)
    ]
    (tmp_path / "later").mkdir()
    package = read_package(written(tmp_path / "later", streams=tuple(cut)), secrets("township"))
    found = {s.uid: s for s in package.streams}
    assert [found[one.uid].entries for one in cut] == [one.entries for one in cut]
    assert found[other.uid].seal == other.seal
    # A program that knows nothing of this says that the package is newer, not that it is damaged.
    assert package.manifest.min_reader == WITH_DELETED


def test_the_name_tells_area_way_minute_and_nothing_else(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert path.name[:37] == "990101-001-201-up-20260302-1000-" + path.name[32:37]
    assert path.suffix == ".hhpkg"
    assert len(path.stem) == len("990101-001-201-up-20260302-1000-") + 8
    assert file_stem(given(kind=PackageKind.DOWN, area=TOWNSHIP)) == "990101-001-000-down-20260302-1000"


def test_it_opens_with_any_zip_program(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path)) as archive:
        assert archive.testzip() is None
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert b"hhpkg/1" in archive.read("manifest.json")


def test_nothing_personal_stands_in_the_clear(tmp_path: Path) -> None:
    data = written(tmp_path).read_bytes()
    assert "石板村".encode() not in data
    assert stream().entries[0] not in data
    assert PHOTO[:12] not in data
    assert BLOB[:12] not in data


def test_who_is_no_recipient_is_told_so_but_can_check_the_envelope(tmp_path: Path) -> None:
    path = written(tmp_path, "township")
    with pytest.raises(BadInput) as caught:
        read_package(path, secrets("county"))
    assert caught.value.code == "package.not_for_us"
    assert caught.value.params["file"] == path.name


def test_a_device_without_any_certificate_can_send(tmp_path: Path) -> None:
    path = written(tmp_path, sender="laptop2", streams=(stream("laptop2"),), trust=TrustDoc().to_bytes())
    assert read_package(path, secrets("township")).sender.device == keys("laptop2").device


def test_two_exports_never_share_a_name_and_leave_no_part(tmp_path: Path) -> None:
    assert written(tmp_path) != written(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_an_empty_package_is_whole(tmp_path: Path) -> None:
    package = read_package(written(tmp_path, streams=(), blobs={}, photos=()), secrets("county"))
    assert (package.streams, dict(package.blobs), package.attachments) == ((), {}, ())


def test_both_branches_of_a_forked_stream_travel(tmp_path: Path) -> None:
    main = stream(count=5)
    branch = replace(main, entries=(*main.entries[:3], *stream(count=1, incarnation="2").entries))
    package = read_package(written(tmp_path, streams=(main, branch)), secrets("county"))
    assert {len(s.entries) for s in package.streams} == {4, 5}
    assert {s.uid for s in package.streams} == {main.uid}


@pytest.mark.parametrize(
    "wrong",
    [
        replace(sealed(), seal=""),
        replace(sealed(), seal="0" * 128),
        replace(sealed(), entries=sealed().entries[:-1]),
        replace(sealed(), incarnation="2" * 32),
        replace(sealed(), key=keys("county").key),
        replace(stream(), scope=TOWNSHIP),
    ],
)
def test_a_stream_without_its_writers_seal_is_not_sent_on(tmp_path: Path, wrong) -> None:
    with pytest.raises(Refused) as caught:
        written(tmp_path, streams=(wrong,))
    assert caught.value.code == "package.stream_not_sealed"
    assert not list(tmp_path.iterdir())


def test_too_much_for_one_file_is_refused(tmp_path: Path) -> None:
    data = bytes(4_000_001)
    with pytest.raises(Refused) as caught:
        written(tmp_path, blobs={"sha256:" + hashlib.sha256(data).hexdigest(): data})
    assert caught.value.code == "package.too_much"


def test_a_missing_folder_and_a_full_disk_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable) as caught:
        written(tmp_path / "gone")
    assert caught.value.code == "package.folder_missing"
    monkeypatch.setattr(package_out.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(Unavailable) as caught:
        written(tmp_path)
    assert (caught.value.code, caught.value.params) == (
        "package.stick_full",
        {"drive": str(tmp_path), "needed_mb": 3, "free_mb": 1},
    )
    assert not list(tmp_path.iterdir())


def test_a_stick_that_gives_back_other_bytes_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package_out, "_forget", lambda file: _spoil(Path(file.name)))
    with pytest.raises(Unavailable) as caught:
        written(tmp_path)
    assert caught.value.code == "package.stick_unreliable"
    assert not list(tmp_path.iterdir())


def _spoil(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def test_a_photo_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> bytes:
        raise BadInput("attachment.missing", place="0")

    with pytest.raises(BadInput):
        written(tmp_path, photos=(PhotoOut("0" * 64, 10, broken),))
    assert not list(tmp_path.iterdir())


def test_a_write_that_stops_half_way_leaves_the_old_package_and_no_part(tmp_path: Path) -> None:
    old = written(tmp_path)
    before = old.read_bytes()
    code = textwrap.dedent(
        f"""
        import resource, signal
        from pathlib import Path
        from app.domain.errors import Unavailable
        from tests.files.package_setting import written
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            written(Path({str(tmp_path)!r}))
        except Unavailable as error:
            print(error.code)
        """
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "package.not_written"
    assert list(tmp_path.iterdir()) == [old]
    assert old.read_bytes() == before


def test_a_scanner_that_does_not_let_go_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Scanner(monkeypatch, 99)
    with pytest.raises(Unavailable) as held:
        written(tmp_path)
    assert held.value.code == "disk.held"
    assert str(held.value.params["file"]).endswith(".hhpkg")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "package.stick_full"),
        (errno.EDQUOT, "package.stick_full"),
        (errno.EROFS, "package.stick_read_only"),
        (errno.EACCES, "package.stick_read_only"),
        (errno.EIO, "package.not_written"),
    ],
)
def test_what_the_disk_says_while_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def failing(_file: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(package_out, "_forget", failing)
    with pytest.raises(Unavailable) as caught:
        written(tmp_path)
    assert caught.value.code == code
    assert ("needed_mb" in caught.value.params) == (code == "package.stick_full")
    assert not list(tmp_path.iterdir())


def test_a_stick_that_is_full_and_gone_is_told_as_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_file: object) -> None:
        monkeypatch.setattr(package_out.shutil, "disk_usage", gone)
        raise OSError(errno.ENOSPC, "no")

    def gone(_folder: object) -> None:
        raise OSError(errno.ENODEV, "gone")

    monkeypatch.setattr(package_out, "_forget", failing)
    with pytest.raises(Unavailable) as caught:
        written(tmp_path)
    assert (caught.value.code, caught.value.params["free_mb"]) == ("package.stick_full", 0)


def test_a_medium_that_keeps_less_than_was_written_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sticks of false capacity take every byte and give back zeros, or fewer bytes."""

    def lying(file: IO[bytes]) -> None:
        os.truncate(file.name, Path(file.name).stat().st_size - 700)
        with Path(file.name).open("ab") as end:
            end.write(b"\0" * 700)

    monkeypatch.setattr(package_out, "_forget", lying)
    with pytest.raises(Unavailable) as caught:
        written(tmp_path)
    assert caught.value.code == "package.stick_unreliable"
    monkeypatch.setattr(package_out, "_forget", lambda file: os.truncate(file.name, 900))
    with pytest.raises(Unavailable) as caught:
        written(tmp_path)
    assert caught.value.code == "package.stick_unreliable"
    assert not list(tmp_path.iterdir())


def test_what_an_interrupted_export_left_goes_with_the_next(tmp_path: Path) -> None:
    left = tmp_path / "990101-001-201-up-20261007-1000.part"
    left.write_bytes(b"half a package")
    foreign = tmp_path / "video.part"
    foreign.write_bytes(b"somebody else's")
    file = written(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([file, foreign])


def test_two_exports_of_one_minute_never_share_a_name(tmp_path: Path) -> None:
    first = written(tmp_path)
    before = first.read_bytes()
    second = written(tmp_path, streams=(stream(count=6),))
    assert first.name[:-14] == second.name[:-14]
    assert (first != second, first.read_bytes()) == (True, before)


def test_a_stick_that_is_pulled_out_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()

    def pulled_out(_file: object) -> None:
        shutil.rmtree(stick)
        stick.write_text("nothing is mounted here")

    monkeypatch.setattr(package_out, "_forget", pulled_out)
    with pytest.raises(Unavailable) as caught:
        written(stick)
    assert caught.value.code == "package.stick_unreliable"
    assert isinstance(caught.value.__cause__, Unavailable)
    assert caught.value.__cause__.code == "package.not_read"


@pytest.mark.parametrize("name", ["nothing.hhpkg", "."])
def test_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_package(tmp_path / name, secrets("county"))
    assert caught.value.code == "package.missing"


def test_photos_are_shared_out_over_volumes() -> None:
    photos = [PhotoOut(f"{n}", size, lambda: b"") for n, size in enumerate((6, 4, 1, 20, 3))]
    shared = [[photo.size for photo in part] for part in volumes(photos, 10)]
    assert shared == [[6, 4], [1], [20], [3]]
    assert volumes([]) == [()]
    assert [len(part) for part in volumes(photos * 2000)] == [5000, 5000]


def test_a_recipient_that_is_no_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AppError) as caught:
        write_package(tmp_path, given(), keys("village"), ["age1nonsense"])
    assert caught.value.code == "crypto.bad_key"


def test_what_we_hold_is_known_by_its_chain_and_not_read_again(tmp_path: Path) -> None:
    path = written(tmp_path, "township")
    asked: list[int] = []

    def held(_stream: str, links: Sequence[bytes]) -> int:
        asked.append(len(links))
        return len(links) - 1

    package = read_package(path, secrets("township"), held=held)
    assert asked
    for one in package.streams:
        assert [body is None for body in one.bodies] == [True] * (len(one.entries) - 1) + [False]
    whole = read_package(path, secrets("township"))
    assert package == whole
    assert all(body is not None for one in whole.streams for body in one.bodies)
