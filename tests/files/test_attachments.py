from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from app.domain.errors import BadInput, Unavailable
from app.files.attachments import JPEG, MAX_PDF, PDF, AttachmentStore, prepared
from tests.trust_setting import rng

KEY = bytes(range(32))


def picture(width: int, height: int, kind: str = "JPEG", orientation: int = 1) -> bytes:
    made = Image.new("RGB", (width, height), "white")
    made.paste("red", (0, 0, width // 2, height // 2))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRETCAMERA"
    target = io.BytesIO()
    made.save(target, kind, exif=exif)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_made_small_and_loses_what_the_camera_wrote(kind: str) -> None:
    data = picture(4000, 3000, kind)
    assert b"SECRETCAMERA" in data
    kept = prepared(data, "a.jpg")
    assert b"SECRETCAMERA" not in kept.data
    assert kept.mime == JPEG
    with Image.open(io.BytesIO(kept.data)) as found:
        assert (found.size, found.format, dict(found.getexif())) == ((1600, 1200), "JPEG", {})


def test_a_photo_taken_sideways_is_turned_upright() -> None:
    with Image.open(io.BytesIO(prepared(picture(800, 400, orientation=6), "a").data)) as found:
        assert found.size == (400, 800)
        red, _, blue = found.convert("RGB").getpixel((390, 10))
        assert red > 200
        assert blue < 80


def test_a_small_photo_keeps_its_size_and_a_pdf_its_bytes() -> None:
    with Image.open(io.BytesIO(prepared(picture(300, 200), "a").data)) as found:
        assert found.size == (300, 200)
    assert prepared(b"%PDF-1.7 x", "a.pdf") == prepared(b"%PDF-1.7 x", "b.pdf")
    assert prepared(b"%PDF-1.7 x", "a.pdf").mime == PDF


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "attachment.not_a_picture"),
        (b"MZ\x90", "attachment.not_a_picture"),
        (picture(300, 200)[:200], "attachment.not_a_picture"),
        (picture(300, 200, "PNG")[:100], "attachment.not_a_picture"),
        (b"%PDF-" + bytes(MAX_PDF), "attachment.too_large"),
    ],
)
def test_what_cannot_be_kept_is_told(data: bytes, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        prepared(data, "张三.jpg")
    assert (caught.value.code, caught.value.params["file"]) == (code, "张三.jpg")


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    target = io.BytesIO()
    Image.new("1", (10_000, 8_500)).save(target, "PNG")
    assert len(target.getvalue()) < 100_000
    with pytest.raises(BadInput) as caught:
        prepared(target.getvalue(), "bomb.png")
    assert caught.value.code == "attachment.too_large"


def test_content_is_kept_once_encrypted_and_comes_back(tmp_path: Path) -> None:
    store = AttachmentStore(tmp_path, KEY, rng("store"))
    name = store.put(b"visit photo")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.sealed")}
    assert store.put(b"visit photo") == name
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.sealed")} == before
    assert len(before) == 1
    assert b"visit photo" not in next(iter(before.values()))
    assert store.has(name)
    assert store.get(name) == b"visit photo"
    assert list(store.names()) == [name]
    assert not list(tmp_path.rglob("*.part"))


def test_what_has_not_arrived_or_was_damaged_is_told_apart(tmp_path: Path) -> None:
    store = AttachmentStore(tmp_path, KEY, rng("store"))
    absent = "sha256:" + "0" * 64
    assert not store.has(absent)
    for name in (absent, "../../etc/passwd"):
        with pytest.raises(BadInput) as caught:
            store.get(name)
        assert caught.value.code == "attachment.missing"
    name = store.put(b"photo")
    file = next(tmp_path.rglob("*.sealed"))
    data = file.read_bytes()
    for broken in (data[:-1], b"", data[:-1] + bytes([data[-1] ^ 1])):
        file.write_bytes(broken)
        with pytest.raises(BadInput) as caught:
            store.get(name)
        assert caught.value.code == "attachment.damaged"
    other = AttachmentStore(tmp_path / "2", KEY, rng("other"))
    other.put(b"another photo")
    file.write_bytes(next((tmp_path / "2").rglob("*.sealed")).read_bytes())
    with pytest.raises(BadInput) as caught:
        store.get(name)
    assert caught.value.code == "attachment.damaged"


def test_a_folder_that_cannot_be_written_is_the_machines_fault(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(Unavailable) as caught:
        AttachmentStore(blocked, KEY, rng("x")).put(b"photo")
    assert caught.value.code == "attachment.not_written"


def test_a_file_is_removed_once_and_a_folder_in_its_place_is_the_machines_fault(tmp_path: Path) -> None:
    store = AttachmentStore(tmp_path, KEY, rng("x"))
    name = store.put(b"photo")
    assert store.remove(name)
    assert not store.remove(name)
    assert not store.has(name)
    next(tmp_path.iterdir()).rmdir()
    (tmp_path / name[7:9] / f"{name[7:]}.sealed").mkdir(parents=True)
    with pytest.raises(Unavailable) as caught:
        store.remove(name)
    assert caught.value.code == "attachment.not_written"
