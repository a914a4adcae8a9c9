"""Papers: those with legal effect are entities (notices posted, certificates issued), all are bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_f = partial(FieldDef, Kind.DOCUMENT)

DOCUMENT_FIELDS = field_table(
    _f("type", FieldType.CODE, codelist="document_type"),
    _f("no", FieldType.TEXT),
    _f("case", FieldType.ID),
    _f("household", FieldType.ID),
    _f("publicity", FieldType.ID),
    _f("issued_on", FieldType.DATE),
    _f("file", FieldType.DIGEST),
    _f("replaces", FieldType.ID),
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)


class DocumentType(StrEnum):
    """Which paper with legal effect a document is; codes of the list ``document_type``."""

    NOTICE = "notice"
    CERTIFICATE = "certificate"


class ListKind(StrEnum):
    """The papers that are one plain list each, and what they are made of."""

    STEP = "step"  # cases
    MISSING = "missing"  # cases: what they still lack
    COMPARE = "compare"  # cases: their members, to be compared
    SAMPLE = "sample"  # one sample
    AUDIT = "audit"  # cases
    MINUTES = "minutes"  # one meeting
    HOUSEHOLD = "household"  # one case: its household with the income statement
    SLIP = "slip"  # one case: the written word about a return or rejection


class Output(StrEnum):
    """What was done with a paper, as the audit says it."""

    PRINT = "print"
    SAVE = "save"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper ready to be shown, printed or saved.

    ``name`` is a file name ending in ".pdf" that names no person; ``missing`` are the characters no font
    has, printed as 〓. ``kind`` and ``subject`` are for the audit; the subject is an entity id, for a list of
    cases the office's own 12-digit code.
    """

    name: str
    data: bytes
    missing: tuple[str, ...] = ()
    kind: str = ""
    subject: str = ""

    @property
    def digest(self) -> str:
        """The hash of the file, "sha256:<hex>"."""
        return "sha256:" + hashlib.sha256(self.data).hexdigest()
