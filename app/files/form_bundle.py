"""A published questionnaire as one blob: its workbook, the compiled form and the attached lists.

The blob travels with the entry that publishes it. It is a plain ZIP (``form.xlsx``, ``form.xml``,
``media/<name>``), so that whoever has the blob can look into it with any program.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING, Final

from app.domain.errors import BadInput
from app.files.form_in import FormFile
from app.files.package_in import LIMITS

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORKBOOK: Final = "form.xlsx"
_XFORM: Final = "form.xml"
_MEDIA: Final = "media/"
_TIME: Final = (1980, 1, 1, 0, 0, 0)
MAX_MEMBERS: Final = 200
MAX_PLAIN: Final = 64 << 20
"""Bytes of all members together once unpacked."""


def hash_of(workbook: bytes) -> str:
    """Return the name of a version: "sha256:<hex>" of its workbook."""
    return "sha256:" + hashlib.sha256(workbook).hexdigest()


def pack_bundle(workbook: bytes, xform: bytes, media: Mapping[str, bytes], name: str) -> bytes:
    """Return the blob of a form; the same parts give the same bytes.

    Raises:
        BadInput: ``form.too_large`` (params ``file``, ``mb``) when a package could not carry it.
    """
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {_WORKBOOK: workbook, _XFORM: xform, **{_MEDIA + key: media[key] for key in sorted(media)}}
        for member, data in parts.items():
            info = zipfile.ZipInfo(member, _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    blob = found.getvalue()
    if len(blob) > LIMITS.blob:
        raise BadInput("form.too_large", file=name, mb=LIMITS.blob // 1_000_000)
    return blob


def read_bundle(blob: bytes, form_id: str, version: str) -> FormFile:
    """Return the form in a blob.

    Raises:
        BadInput: ``form.bad_bundle`` (param ``form``).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_MEMBERS or sum(one.file_size for one in infos) > MAX_PLAIN:
                raise BadInput("form.bad_bundle", form=form_id)
            parts = {one.filename: archive.read(one) for one in infos}
        workbook, xform = parts.pop(_WORKBOOK), parts.pop(_XFORM)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError) as error:
        raise BadInput("form.bad_bundle", form=form_id) from error
    media = {key.removeprefix(_MEDIA): data for key, data in parts.items()}
    if any(not name or set(name) & {"/", "\\"} or name.startswith(".") for name in media):
        raise BadInput("form.bad_bundle", form=form_id)
    return FormFile(form_id, version, hash_of(workbook), xform, media, workbook)
