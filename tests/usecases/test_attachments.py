"""Photos of a case: clean, encrypted, struck with a reason."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import select

from app.domain.errors import BadInput
from app.domain.ids import EntityId, Kind
from app.storage import tables
from app.usecases import attachments
from tests.usecases.expect import refused, written
from tests.usecases.journal import standing
from tests.usecases.test_cases import neighbour
from tests.usecases.village import VILLAGE, only


@pytest.fixture
def case(village):
    """A fresh case."""
    return village.open("吴福生")


@pytest.fixture
def photo(tmp_path):
    """A photo with a camera's words in it."""
    picture = Image.new("RGB", (2400, 1200), "green")
    exif = Image.Exif()
    exif[271] = "CAMERA-MAKER"
    data = io.BytesIO()
    picture.save(data, "JPEG", exif=exif)
    path = tmp_path / "房屋.jpg"
    path.write_bytes(data.getvalue())
    return path


def kept(village):
    """The files in the folder of attachments."""
    folder = village.office.workspace.folder / "attachments"
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_photo_is_kept_small_clean_and_sealed(village, case, photo):
    changes = attachments.attach(village.office, case, "visit", photo, " 房屋外观 ")
    [body] = written(village.office, changes)
    assert body.op == "attachment.added"
    digest = body.changes["file"]
    data = attachments.read_attachment(village.office, digest)
    assert body.changes == {
        "household": village.homes["吴福生"],
        "case": case,
        "step": "visit",
        "file": digest,
        "size": len(data),
        "mime": "image/jpeg",
        "caption": "房屋外观",
        "taken_on": "2026-03-02",
    }
    assert Image.open(io.BytesIO(data)).size == (1600, 800)
    assert b"CAMERA-MAKER" not in data
    [file] = kept(village)
    assert data[:200] not in file.read_bytes()


def test_what_is_not_attached_leaves_no_file(village, case, photo, tmp_path):
    before = standing(village.office)
    (tmp_path / "note.jpg").write_text("no picture")
    (tmp_path / "big.pdf").write_bytes(b"%PDF-" + bytes(16_000_000))
    with (tmp_path / "huge.pdf").open("wb") as file:
        file.truncate(attachments.MAX_BYTES + 1)
    for name, code in (
        ("gone.jpg", "attachment.not_readable"),
        ("note.jpg", "attachment.not_a_picture"),
        ("big.pdf", "attachment.too_large"),
        ("huge.pdf", "attachment.too_large"),
    ):
        with pytest.raises(BadInput) as caught:
            attachments.attach(village.office, case, "visit", tmp_path / name)
        assert (caught.value.code, caught.value.params) == (code, {"file": name})
    assert standing(village.office) == before
    with refused(village.office, "workflow.unknown_step", step="party"):
        attachments.attach(village.office, case, "party", photo)
    with refused(village.office, "entity.unknown"):
        attachments.attach(village.office, EntityId("0" * 32), "visit", photo)
    with refused(village.office, "region.outside", place=VILLAGE):
        attachments.attach(neighbour(village), case, "visit", photo)
    assert kept(village) == []


def test_a_struck_photo_stays_for_the_record(village, case, photo):
    uid = only(attachments.attach(village.office, case, "visit", photo), Kind.ATTACHMENT)
    with refused(village.office, "workflow.reason_needed"):
        attachments.remove_attachment(village.office, uid, " ")
    with refused(village.office, "region.outside", place=VILLAGE):
        attachments.remove_attachment(neighbour(village), uid, "拍错")
    with refused(village.office, "entity.unknown"):
        attachments.remove_attachment(village.office, case, "拍错")
    [body] = written(village.office, attachments.remove_attachment(village.office, uid, " 拍错 "))
    assert (body.op, body.changes, body.extras) == ("attachment.struck", {"void": 1}, {"reason": "拍错"})
    assert len(kept(village)) == 1


def test_what_has_not_arrived_or_is_damaged_is_said(village, case, photo):
    with pytest.raises(BadInput) as missing:
        attachments.read_attachment(village.office, "sha256:" + "0" * 64)
    uid = only(attachments.attach(village.office, case, "visit", photo), Kind.ATTACHMENT)
    [file] = kept(village)
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(BadInput) as damaged:
        attachments.read_attachment(village.office, str(village.values(Kind.ATTACHMENT, uid)["file"]))
    assert (missing.value.code, damaged.value.code) == ("attachment.missing", "attachment.damaged")


def test_a_file_that_was_lawfully_deleted_is_not_taken_again(village, case, photo):
    uid = only(attachments.attach(village.office, case, "visit", photo), Kind.ATTACHMENT)
    with village.office.workspace.bookkeeping() as conn:
        file = conn.execute(select(tables.PROJECTED[Kind.ATTACHMENT].c.file)).scalar()
        conn.execute(tables.gone.insert().values(name=file, by=uid))
    with refused(village.office, "attachment.deleted", file="房屋.jpg"):
        attachments.attach(village.office, case, "visit", photo)
    assert kept(village) == []
