"""The blob of a published questionnaire: any ZIP program opens it, and nothing hides in it."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from app.domain.errors import BadInput
from app.files.form_bundle import MAX_MEMBERS, hash_of, pack_bundle, read_bundle

BOOK, XFORM, MEDIA = b"PK workbook", b"<h/>", {"b.csv": b"2", "a.csv": b"1"}


def test_what_goes_in_comes_out_and_the_same_parts_give_the_same_bytes():
    blob = pack_bundle(BOOK, XFORM, MEDIA, "f.xlsx")
    assert blob == pack_bundle(BOOK, XFORM, dict(reversed(MEDIA.items())), "f.xlsx")
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        assert archive.namelist() == ["form.xlsx", "form.xml", "media/a.csv", "media/b.csv"]
    form = read_bundle(blob, "f", "2")
    assert form.workbook == BOOK
    assert (form.id, form.version, form.hash, form.xform, dict(form.media)) == (
        "f",
        "2",
        hash_of(BOOK),
        XFORM,
        MEDIA,
    )


def test_more_than_a_package_carries_is_refused():
    noise = random.Random(1).randbytes(5 << 20)
    with pytest.raises(BadInput) as caught:
        pack_bundle(BOOK, XFORM, {"map.png": noise}, "f.xlsx")
    assert (caught.value.code, caught.value.params["file"], caught.value.params["mb"]) == (
        "form.too_large",
        "f.xlsx",
        4,
    )


def bundle(members):
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return found.getvalue()


@pytest.mark.parametrize(
    "blob",
    [
        b"no zip at all",
        bundle({"form.xml": XFORM}),
        bundle({"form.xlsx": BOOK, "form.xml": XFORM, **{f"media/{n}": b"" for n in range(MAX_MEMBERS)}}),
        bundle({"form.xlsx": BOOK, "form.xml": XFORM, "media/bomb": b"\0" * (65 << 20)}),
        pack_bundle(BOOK, XFORM, MEDIA, "f.xlsx")[:-30],
        bundle({"form.xlsx": BOOK, "form.xml": XFORM, "media/../../run.sh": b""}),
        bundle({"form.xlsx": BOOK, "form.xml": XFORM, "media/.hidden": b""}),
    ],
    ids=["no zip", "no workbook", "too many", "bomb", "cut off", "climbs out", "hidden"],
)
def test_a_damaged_bundle_says_which_form(blob):
    with pytest.raises(BadInput) as caught:
        read_bundle(blob, "visit", "2")
    assert (caught.value.code, caught.value.params["form"]) == ("form.bad_bundle", "visit")
