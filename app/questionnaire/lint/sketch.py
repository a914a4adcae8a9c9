"""A workbook with mistakes, shown as far as it goes: in a copy what is wrong is put right or left out."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from openpyxl.cell import Cell

from app.domain.errors import BadInput
from app.domain.fault import Severity
from app.questionnaire.lint.cells import is_excel
from app.questionnaire.lint.check import check_workbook
from app.questionnaire.lint.repair import apply_fixes
from app.questionnaire.lint.tables import EXPRESSIONS, header_key
from app.questionnaire.loader import load_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openpyxl.worksheet.worksheet import Worksheet

    from app.questionnaire.definition import FormModel
    from app.questionnaire.lint.finding import Finding

_ROUNDS = 6  # leaving a question out leaves others without it
_ANY_TYPE = "text"


def sketch(data: bytes, name: str, media: Mapping[str, bytes]) -> FormModel | None:
    """Return the form in a workbook without the places that are wrong; None when nothing can be shown.

    A wrong rule is left out, a question of a wrong type is asked as plain text, any other wrong row goes.
    """
    for _ in range(_ROUNDS):
        checked = check_workbook(data, name, media)
        model = _loaded(checked.xform_xml, media)
        wrong = [one for one in checked.findings if one.severity is Severity.ERROR]
        if model is not None or not wrong or not is_excel(data):
            return model
        repaired = apply_fixes(data, (one.fix for one in wrong if one.fix is not None))
        data = _without(repaired, [one for one in wrong if one.fix is None])
    return None


def _loaded(xform_xml: str | None, media: Mapping[str, bytes]) -> FormModel | None:
    try:
        return load_form(xform_xml, media) if xform_xml is not None else None
    except BadInput:
        return None  # told among the findings


def _without(data: bytes, wrong: Iterable[Finding]) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of colours and rules openpyxl does not know
        workbook = load_workbook(io.BytesIO(data))
    for one in wrong:
        if one.row > 1:  # what concerns a whole sheet or its headlines cannot be left out
            _leave_out(workbook[one.sheet], one)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _leave_out(sheet: Worksheet, one: Finding) -> None:
    key = header_key(one.sheet.lower(), one.header, double="::" in one.header) if one.header else ""
    if key in EXPRESSIONS or key.startswith(("bind::", "label", "hint", "media")):
        sheet[f"{one.column}{one.row}"].value = None
    elif key == "type" and sheet[f"{one.column}{one.row}"].value != _ANY_TYPE:
        sheet[f"{one.column}{one.row}"].value = _ANY_TYPE
    else:
        for cells in sheet.iter_rows(min_row=one.row, max_row=one.row):
            for cell in cells:
                if isinstance(cell, Cell):  # the rest of a merged one has no value of its own
                    cell.value = None
