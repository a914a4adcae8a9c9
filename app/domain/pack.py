"""Policy packs: everything that differs by county or year, as values.

``app.files.pack_in.load_shipped("s8/v1")`` or ``read_pack(files)`` makes one from TOML. Then

    workflow = pack.workflow(case["workflow"])           # Refused("pack.no_workflow") if it has none
    pack.label_on(day)                                   # 贫困户 / 监测对象 / 防止返贫致贫对象
    pack.issuer_on(Level.COUNTY, day)
    pack.publicity_of(step)                              # PublicityRule of a step, or None
    pack.text("notice.title", village="…", year=2026)    # our own wording with placeholders filled
    pack.certificate_no("530102001201", 2026, 7)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.calendar import Calendar
from app.domain.codes import CodeList
from app.domain.comparison import Register, Severity
from app.domain.errors import Refused
from app.domain.ids import Level
from app.domain.publicity import PublicityRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from app.domain.ids import Value
    from app.domain.lines import Line
    from app.domain.meeting import QuorumRule
    from app.domain.verdict import Dimension
    from app.domain.workflow import Step, Workflow

CERT_PLACES = ("region12", "year", "serial4")
"""What a certificate number pattern may speak of."""

_NOTICE = frozenset(
    {
        "village",
        "township",
        "county",
        "year",
        "label",
        "households",
        "persons",
        "from",
        "to",
        "days",
        "day_type",
        "body",
        "held_on",
        "first_day",
        "rolled",
        "hotline",
        "phone_village",
        "phone_township",
        "phone_county",
    }
)
_PAPER = frozenset(
    {
        "no",
        "head",
        "size",
        "address",
        "village",
        "township",
        "county",
        "year",
        "from_year",
        "label",
        "hotline",
        "date",
    }
)
_LIST = frozenset(
    {
        "place",
        "round",
        "households",
        "persons",
        "person",
        "date",
        "step",
        "body",
        "held_on",
        "where",
        "chair",
        "recorder",
        "supervisor",
        "eligible",
        "present",
        "rule",
        "seed",
        "rate",
        "size",
        "population",
        "amount",
        "doc",
    }
)

WORDING_PLACES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "notice": _NOTICE,  # identification
        "notice_exit": _NOTICE,
        "announcement": _NOTICE | {"approval_no", "decided_on"},
        "certificate": _PAPER,
        "household_slip": _PAPER
        | {"step", "reason", "person"},  # a word to the household: returned, rejected
        "list": _LIST,  # words all plain lists share: column heads, summary, foot
        "step_list": _LIST,
        "missing_list": _LIST,
        "compare_list": _LIST,
        "sample_list": _LIST,
        "audit_list": _LIST,
        "minutes": _LIST,
        "household_sheet": _LIST,
    }
)
"""Papers a pack words, and the placeholders each may use."""

_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Dated:
    """A text in force from ``valid_from`` to ``valid_to``, both included; None = open end."""

    text: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the text is in force on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Parameters:
    """Single values of a pack.

    ``sample_rate`` is per mille of the cases of a round that the township visits again. ``approval_fields``
    are the "kind.field" references (or "kind.*", or "case.override_*") whose later change is shown on an
    approved case. ``stable_months`` is how long income should have been above the line (shown only).
    """

    cert_no_pattern: str = "{region12}-{year}-{serial4}"
    hotline: str = ""
    sample_rate: int = 100
    approval_fields: tuple[str, ...] = ()
    name_mask: bool = False
    publish_cause: bool = False
    relative_filing: bool = True
    stable_months: int = 6


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of a policy pack; a published version never changes.

    ``hash`` is "sha256:<hex>" over its files; a case freezes ``ref`` and ``hash``.
    """

    id: str
    version: int
    name: str
    workflows: Mapping[str, Workflow]
    publicity: Mapping[str, PublicityRule] = field(default_factory=dict[str, PublicityRule])
    quorum: tuple[QuorumRule, ...] = ()
    lines: tuple[Line, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    registers: Mapping[str, Register] = field(default_factory=dict[str, Register])
    labels: tuple[Dated, ...] = ()
    issuers: Mapping[Level, tuple[Dated, ...]] = field(default_factory=dict[Level, tuple[Dated, ...]])
    wording: Mapping[str, str] = field(default_factory=dict[str, str])
    calendar: Calendar = field(default_factory=Calendar)
    parameters: Parameters = field(default_factory=Parameters)
    codes: Mapping[str, CodeList] = field(default_factory=dict[str, CodeList])
    hash: str = ""

    @property
    def ref(self) -> str:
        """The name a round and a case write down, such as "s8/v1"."""
        return f"{self.id}/v{self.version}"

    def workflow(self, workflow_id: str) -> Workflow:
        """Return a workflow by id.

        Raises:
            Refused: ``pack.no_workflow`` (params ``pack``, ``workflow``).
        """
        found = self.workflows.get(workflow_id)
        if found is None:
            raise Refused("pack.no_workflow", pack=self.name, workflow=workflow_id)
        return found

    def label_on(self, day: date) -> str:
        """Return what the objects of the work are called on ``day``; "" when the pack has no name for it."""
        return text_on(self.labels, day)

    def issuer_on(self, level: Level, day: date) -> str:
        """Return the name of the office of a level on ``day``; "" when the pack has none."""
        return text_on(self.issuers.get(level, ()), day)

    def publicity_of(self, step: Step) -> PublicityRule | None:
        """Return the publicity rule a step names, or None."""
        return self.publicity.get(step.publicity)

    def severity_of(self, register: str) -> Severity:
        """Return what hits of a register mean; people judge those of a register the pack does not know."""
        found = self.registers.get(register)
        return found.severity if found else Severity.FLAG

    def text(self, key: str, **values: Value) -> str:
        """Return a wording of the pack with its placeholders filled.

        Raises:
            Refused: ``pack.no_wording`` (param ``key``), also when a value for a placeholder is missing.
        """
        template = self.wording.get(key)
        if template is None or not set(places(template)) <= values.keys():
            raise Refused("pack.no_wording", key=key)
        return _PLACE.sub(lambda match: str(values[match.group(1)]), template)

    def certificate_no(self, region: str, year: int, serial: int) -> str:
        """Return a certificate number: 12-digit region, year, and a serial number from 1 counted by year."""
        filled = {"region12": region, "year": str(year), "serial4": f"{serial:04d}"}
        return _PLACE.sub(lambda match: filled[match.group(1)], self.parameters.cert_no_pattern)


def text_on(texts: Iterable[Dated], day: date) -> str:
    """Return the text in force on ``day``, "" when there is none."""
    return next((dated.text for dated in texts if dated.holds_on(day)), "")


def places(template: str) -> tuple[str, ...]:
    """Return the names of a template's placeholders in order of appearance."""
    return tuple(_PLACE.findall(template))
