"""Files as ODK Collect, KoboToolbox and ODK Central leave them, made here."""

from __future__ import annotations

import zipfile
from pathlib import Path

ID = "uuid:11111111-2222-4333-8444-555555555555"
PICTURE = b"\xff\xd8\xff\xe0 a picture"


def collect(
    form: str = "wells", instance: str = ID, version: str = "7", inside: str = "", meta: str = ""
) -> bytes:
    """A submission as Collect writes it, single quotes and all."""
    return (
        f"<?xml version='1.0' ?><data id=\"{form}\" version='{version}' xmlns:orx=\"http://openrosa.org/xforms\""
        f" xmlns:jr='http://openrosa.org/javarosa'><depth>12</depth>{inside}<orx:meta>"
        f"<orx:instanceID>{instance}</orx:instanceID>{meta}</orx:meta></data>"
    ).encode()


def folder(where: Path, files: dict[str, bytes]) -> Path:
    """Files below a folder, by their path."""
    for name, data in files.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return where


def packed(where: Path, files: dict[str, bytes]) -> Path:
    """The same as a ZIP file."""
    with zipfile.ZipFile(where, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return where


def kobo(*submissions: bytes, root: str = "<root>", inside: str = "", end: str = "") -> bytes:
    """Many submissions in one file, as a Kobo export."""
    return (
        b"<?xml version='1.0' encoding='utf-8'?>\r\n"
        + root.encode()
        + inside.encode()
        + b"\n  ".join(submissions)
        + end.encode()
        + b"\n</root>\n"
    )


def kobo_one(number: int, inside: str = "") -> bytes:
    """One child of such an export."""
    uid = f"{number:08d}-0000-4000-8000-000000000000"
    return (
        f'<aXy7 id="aXy7" version="vQ{number}"><formhub><uuid>f</uuid></formhub><depth>{number}</depth>{inside}'
        f"<__version__>vQ{number}</__version__><meta><instanceID>uuid:{uid}</instanceID></meta></aXy7>"
    ).encode()
