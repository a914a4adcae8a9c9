"""XLSForm workbook to XForm XML, by pyxform; imported only when a workbook has changed."""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from dataclasses import dataclass
from zipfile import BadZipFile

from app.domain.errors import BadInput

_ROW = re.compile(r"\[row : (\d+)\]|row (\d+)", re.IGNORECASE)
_SHEET = re.compile(
    r"(?:the |')(survey|choices|settings|entities|osm|external_choices)(?:'|\b)", re.IGNORECASE
)
_NAME = re.compile(r"'([^']{1,60})'|\"([^\"]{1,60})\"|`([^`]{1,60})`")

BROKEN = (
    BadZipFile,
    zlib.error,
    struct.error,
    SyntaxError,  # of the XML inside
    NotImplementedError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
)
"""What the libraries that read workbooks let through when a file is damaged."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled workbook; ``warnings`` are pyxform's, for the one who writes forms."""

    xform_xml: str
    warnings: tuple[str, ...]


def _bad(error: Exception, name: str, context: dict[str, object]) -> BadInput:
    """What pyxform says, as our error: file, sheet, row and the word it complains about, where it tells."""
    text = str(error)
    row, sheet, word = _ROW.search(text), _SHEET.search(text), _NAME.search(text)
    told_row = context.get("row") or (row and (row[1] or row[2])) or 0
    told_sheet = context.get("sheet") or (sheet[1].lower() if sheet else "survey")
    found = next((g for g in word.groups() if g), "") if word else ""
    return BadInput(
        "questionnaire.workbook",
        file=name,
        sheet=str(told_sheet),
        row=int(str(told_row)),
        column=str(context.get("column") or ""),
        word=str(context.get("name") or context.get("value") or found),
        said=" ".join(text.split()),
    )


def compile_workbook(data: bytes, name: str) -> Compiled:
    """Compile an ``.xlsx`` (or ``.xls``, ``.csv``, ``.md``) form.

    Raises:
        BadInput: ``questionnaire.workbook`` (params ``file``, ``sheet``, ``row`` = 0 if not told, ``column``
            = "" if not told, ``word``, and ``said``, the converter's own English words).
    """
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert
    from xlrd.compdoc import CompDocError

    told: list[str] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl drops from a workbook; nothing a form needs
            result = convert(data, warnings=told, validate=False, form_name="data")
    except PyXFormError as error:
        raise _bad(error, name, dict(error.context)) from error
    except (*BROKEN, CompDocError) as error:
        raise _bad(error, name, {}) from error
    return Compiled(result.xform, tuple(told))
