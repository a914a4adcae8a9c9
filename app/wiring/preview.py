"""Looking at a questionnaire as it will be filled in; a workbook needs no workspace for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import AppError
from app.questionnaire.engine import Engine
from app.ui.questionnaire.files import Files
from app.ui.questionnaire.preview import FindingLine, Previewed
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.domain.calendar import Clock
    from app.files.form_in import FormFile
    from app.files.form_source import FormSource
    from app.questionnaire.definition import FormModel
    from app.questionnaire.lint.finding import Checked, Finding


def preview_of(path: Path, clock: Clock) -> Previewed:
    """Read a workbook with the lists and pictures beside it; what is wrong becomes findings."""
    from app.files.form_source import read_source
    from app.questionnaire.lint.check import check_workbook

    try:
        source = read_source(path)
        checked = check_workbook(source.workbook, source.name, source.media)
    except AppError as error:
        return Previewed(path.name, None, (_line(error),))
    return _previewed(source, checked, clock)


def _previewed(source: FormSource, checked: Checked, clock: Clock) -> Previewed:
    from app.questionnaire.lint.sketch import sketch

    findings = finding_lines(checked)
    files = Files(picture=partial(_picture_of, source))
    try:
        form = sketch(source.workbook, source.name, source.media)
        if form is None:
            return Previewed(source.name, None, findings, files)
        Engine(form, clock.now())  # what goes wrong at opening is found here, not in the window
    except AppError as error:
        return Previewed(source.name, None, (*findings, _line(error)), files)
    if not checked.publishable:
        findings = (*findings, FindingLine(severe=False, place="", sentence=t("forms.sketched")))
    return Previewed(form.title or source.name, partial(_start, form, clock), findings, files)


def preview_version(form: FormFile, model: FormModel, clock: Clock) -> Previewed:
    """Return a published or shipped version to look at."""
    files = Files(picture=partial(_picture, form.media))
    return Previewed(model.title, partial(_start, model, clock), (), files)


def finding_lines(checked: Checked) -> tuple[FindingLine, ...]:
    """Return the findings of a check as the window shows them, in the workbook's order."""
    from app.domain.fault import Severity

    return tuple(
        FindingLine(one.severity is Severity.ERROR, _place(one), t(one.code, **one.params))
        for one in checked.findings
    )


def _start(form: FormModel, clock: Clock) -> Engine:
    return Engine(form, clock.now())


def _place(one: Finding) -> str:
    if not one.row:
        return t("forms.place_sheet", sheet=one.sheet)
    if not one.column:
        return t("forms.place_row", sheet=one.sheet, row=one.row)
    return t("forms.place", sheet=one.sheet, row=one.row, column=one.column, header=one.header)


def _line(error: AppError) -> FindingLine:
    return FindingLine(severe=True, place="", sentence=sentence(error))


def _picture_of(source: FormSource, name: str) -> bytes:
    place = source.places.get(name.rpartition("/")[2])
    try:
        return place.read_bytes() if place is not None else b""
    except OSError:
        return b""  # the window says in its place that the picture is not there


def _picture(media: Mapping[str, bytes], name: str) -> bytes:
    return media.get(name.rpartition("/")[2], b"")
