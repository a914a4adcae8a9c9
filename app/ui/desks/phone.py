"""What the pages of questionnaires from phones are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.domain.changes import Changes
    from app.queries.phone_submissions import ExchangeLine
    from app.ui.desks.sharing import Medium
    from app.ui.runner import Cancelled, Report
    from app.usecases.phone_claims import Claimed
    from app.usecases.phone_exports import ExportSummary
    from app.usecases.phone_imports import PhoneImport
    from app.usecases.phone_plan import ImportCheck


@dataclass(frozen=True, slots=True)
class FormName:
    """A questionnaire that can be given to phones, and its title."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class PhoneNow:
    """The finished questionnaires that are here, the latest first, and the forms there are."""

    lines: tuple[ExchangeLine, ...]
    forms: tuple[FormName, ...]


@dataclass(frozen=True, slots=True)
class CaseChoice:
    """An open case a submission can be put down to."""

    case: str
    head: str
    code: str
    group: str
    step: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What an export wrote: the file or folder, how many, how many lay there already."""

    target: Path
    written: int
    same: int


@dataclass(frozen=True, slots=True)
class PhoneDesk:
    """Import, claims and export.

    ``preview`` writes nothing. An empty ``form`` means every form. ``blank(form, folder)`` writes an empty
    form for phones. ``search`` finds open cases as the search box of the list does.
    """

    now: Callable[[], PhoneNow]
    forms: Callable[[], tuple[FormName, ...]]
    media: Callable[[], tuple[Medium, ...]]
    preview: Callable[[Sequence[Path], Report, Cancelled], ImportCheck]
    take: Callable[[Sequence[Path], Report, Cancelled], PhoneImport]
    summary: Callable[[str], ExportSummary]
    export: Callable[[str, Path, bool, Report, Cancelled], Handed]
    blank: Callable[[str, Path], Handed]
    search: Callable[[str], tuple[CaseChoice, ...]]
    claim: Callable[[str, str, str], Claimed]
    void: Callable[[str, str], Changes]
