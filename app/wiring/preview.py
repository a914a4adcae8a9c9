"""Looking at a questionnaire workbook before it is published; needs no workspace."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import AppError, BadInput
from app.questionnaire.engine import Engine
from app.ui.questionnaire.files import Files
from app.ui.questionnaire.preview import FindingLine, Previewed
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.domain.calendar import Clock

_MEDIA = frozenset({".csv", ".xml", ".geojson", ".png", ".jpg", ".jpeg", ".gif", ".webp"})
_MOST_BYTES = 20_000_000  # of one file beside the workbook


def preview_of(path: Path, clock: Clock) -> Previewed:
    """Read a workbook with the lists and pictures beside it; what is wrong becomes findings."""
    try:
        data = path.read_bytes()
    except OSError:
        wrong = BadInput("questionnaire.workbook_unreadable", file=path.name)
        return Previewed(path.name, None, (_line(wrong),))
    media = _media_beside(path)
    findings, xform_xml = _checked(data, path.name, media)
    files = Files(picture=partial(_picture, media))
    if not xform_xml:
        return Previewed(path.name, None, findings, files)
    from app.questionnaire.loader import load_form

    try:
        form = load_form(xform_xml, media)
        Engine(form, clock.now())  # what goes wrong at opening is found here, not in the window
    except AppError as error:
        return Previewed(path.name, None, (*findings, _line(error)), files)
    return Previewed(form.title or path.name, lambda: Engine(form, clock.now()), findings, files)


def _checked(data: bytes, name: str, media: Mapping[str, bytes]) -> tuple[tuple[FindingLine, ...], str]:
    """Findings and the XForm, "" when there is none: the place where a fuller check of the workbook goes."""
    from app.questionnaire.compile import compile_workbook

    del media  # a check of the lists beside the workbook will want them
    try:
        return (), compile_workbook(data, name).xform_xml
    except BadInput as error:
        return (_line(error),), ""


def _line(error: AppError) -> FindingLine:
    sheet, row = error.params.get("sheet"), error.params.get("row")
    place = t("questionnaire.finding_place", sheet=str(sheet), row=str(row)) if sheet and row else ""
    return FindingLine(severe=True, place=place, sentence=sentence(error))


def _media_beside(path: Path) -> dict[str, bytes]:
    """Lists and pictures in the workbook's folder and in its ``<name>-media`` folder."""
    folders = (path.parent, path.with_name(f"{path.stem}-media"))
    found = (p for folder in folders if folder.is_dir() for p in sorted(folder.iterdir()))
    kept: dict[str, bytes] = {}
    for file in found:
        try:
            if file.suffix.lower() in _MEDIA and file.is_file() and file.stat().st_size <= _MOST_BYTES:
                kept[file.name] = file.read_bytes()
        except OSError:
            continue  # a list that cannot be read counts as one that is not there, which is told
    return kept


def _picture(media: Mapping[str, bytes], name: str) -> bytes:
    return media.get(name.rpartition("/")[2], b"")
