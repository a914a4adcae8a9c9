"""Read the rules of a policy pack that are no workflows: notices, quorum, lines, registers, verdicts."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from app.domain.calendar import DayType, HolidayYear
from app.domain.comparison import Register, Severity
from app.domain.errors import BadInput
from app.domain.fields import FIELDS, FieldDef
from app.domain.ids import Kind, Level
from app.domain.lines import Line, overlapping
from app.domain.meeting import Basis, MajorityBase, QuorumRule, Share
from app.domain.pack import CERT_PLACES, WORDING_PLACES, Dated, Parameters, places
from app.domain.publicity import PublicityRule
from app.domain.verdict import Check, Condition, Dimension

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from app.files.toml_table import TomlTable

COLUMNS: Final = ("no", "group", "head", "size")
"""The only columns a public notice can have."""

_REGION: Final = re.compile(r"|[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}")
_SHARE: Final = re.compile(r"(>=|>)([1-9])/([1-9])")


def read_publicity(table: TomlTable) -> dict[str, PublicityRule]:
    """Return the publicity rules of a pack by id."""
    rules: list[PublicityRule] = []
    for row in table.tables("publicity"):
        rule = PublicityRule(
            id=row.text("id"),
            days=row.whole("days", least=1, most=365),
            day_type=row.choice("day_type", DayType),
            count_first_day=row.flag("count_first_day"),
            roll_last_day=row.flag("roll_last_day", default=False),
            columns=_columns(row),
            objection_days=row.whole("objection_days", 5, least=1, most=365),
            announcement_days=row.whole("announcement_days", 0, most=365),
            place=row.text("place", ""),
        )
        row.done()
        rules.append(rule)
    table.refuse_twice("publicity", (rule.id for rule in rules))
    return {rule.id: rule for rule in rules}


def _columns(row: TomlTable) -> tuple[str, ...]:
    columns = row.texts("columns") or COLUMNS
    for column in columns:
        if column not in COLUMNS:
            raise BadInput("pack.bad_value", file=row.file, key=row.key("columns"), value=column)
    return columns


def read_quorum(table: TomlTable) -> tuple[QuorumRule, ...]:
    """Return the quorum rules of a pack; a share is written ">1/2" or ">=2/3"."""
    rules: list[QuorumRule] = []
    for row in table.tables("quorum"):
        rule = QuorumRule(
            id=row.text("id"),
            body=row.text("body"),
            name=row.text("name"),
            basis=row.choice("basis", Basis),
            quorum=_share(row, "quorum"),
            passing=_share(row, "passing"),
            majority_base=row.choice("majority_base", MajorityBase, MajorityBase.PRESENT),
            notice_days=row.whole("notice_days", 0, most=365),
            recused_count=row.flag("recused_count", default=False),
            source=row.text("source", ""),
        )
        row.done()
        rules.append(rule)
    table.refuse_twice("quorum", (rule.id for rule in rules))
    return tuple(rules)


def _share(row: TomlTable, name: str) -> Share:
    text = row.text(name)
    match = _SHARE.fullmatch(text)
    if match is None or int(match[2]) > int(match[3]):
        raise BadInput("pack.bad_value", file=row.file, key=row.key(name), value=text)
    return Share(Fraction(int(match[2]), int(match[3])), match[1] == ">")


def read_lines(table: TomlTable) -> tuple[Line, ...]:
    """Return the lines of a pack.

    Raises:
        BadInput: ``pack.overlap`` (params ``file``, ``key``, ``other``) when two of a region hold on one day.
    """
    rows = table.tables("line")
    lines = tuple(_line(row) for row in rows)
    table.refuse_twice("line", (line.id for line in lines))
    clash = overlapping(lines)
    if clash:
        row = rows[lines.index(clash[1])]
        raise BadInput("pack.overlap", file=row.file, key=row.key("from"), other=clash[0].id)
    return lines


def _line(row: TomlTable) -> Line:
    region = row.text("region", "")
    if not _REGION.fullmatch(region):
        raise BadInput("pack.bad_value", file=row.file, key=row.key("region"), value=region)
    first, last = row.span()
    if first is None:
        raise BadInput("pack.missing", file=row.file, key=row.key("from"))
    line = Line(
        id=row.text("id"),
        region=region,
        programme=row.text("programme"),
        indicator=row.text("indicator"),
        fen=row.whole("fen", least=1),
        valid_from=first,
        valid_to=last,
        basis=row.text("basis", ""),
        doc=row.text("doc", ""),
        note=row.text("note", ""),
    )
    row.done()
    return line


def read_registers(table: TomlTable) -> dict[str, Register]:
    """Return the registers of a pack by id."""
    registers: list[Register] = []
    for row in table.tables("register"):
        register = Register(
            id=row.text("id"),
            name=row.text("name"),
            owner=row.text("owner", ""),
            severity=row.choice("severity", Severity, Severity.FLAG),
            sensitive=row.flag("sensitive", default=False),
        )
        row.done()
        registers.append(register)
    table.refuse_twice("register", (register.id for register in registers))
    return {register.id: register for register in registers}


def read_dimensions(table: TomlTable) -> tuple[Dimension, ...]:
    """Return the verdict dimensions of a pack.

    Raises:
        BadInput: besides those of the table ``pack.no_conditions``, and ``pack.unknown_field`` (param
            ``name``) also when a dimension has no override fields in the case.
    """
    found: list[Dimension] = []
    for row in table.tables("dimension"):
        conditions = tuple(_condition(one) for one in row.tables("condition"))
        if not conditions:
            raise BadInput("pack.no_conditions", file=row.file, key=row.key("condition"))
        name = row.text("id")
        if f"override_{name}" not in FIELDS[Kind.CASE]:
            raise BadInput("pack.unknown_field", file=row.file, key=row.key("id"), name=f"override_{name}")
        uses_income = any(condition.check is Check.LINE for condition in conditions)
        found.append(Dimension(name, row.text("name"), conditions, row.text("standard", ""), uses_income))
        row.done()
    table.refuse_twice("dimension", (dimension.id for dimension in found))
    return tuple(found)


def _condition(row: TomlTable) -> Condition:
    check = row.choice("check", Check)
    ref = "" if check is Check.LINE else _ref(row, "ref", row.text("ref"))
    is_in, is_bound = check is Check.IN, check is Check.AT_MOST
    condition = Condition(
        check,
        ref,
        passing=row.values("passing") if is_in else (),
        failing=row.values("failing") if is_in else (),
        bound=row.whole("bound") if is_bound else 0,
    )
    if is_in and not condition.passing:
        raise BadInput("pack.missing", file=row.file, key=row.key("passing"))
    row.done()
    return condition


def _ref(row: TomlTable, name: str, ref: str) -> str:
    """Return a reference "kind.field" that exists; "kind.*" and "kind.prefix_*" match several."""
    kind, _, code = ref.partition(".")
    known = FIELDS[Kind(kind)] if kind in set(Kind) else dict[str, FieldDef]()
    if code not in known and not (name == "approval_fields" and _matches(code, known)):
        raise BadInput("pack.unknown_field", file=row.file, key=row.key(name), name=ref)
    return ref


def _matches(code: str, known: Mapping[str, object]) -> bool:
    return code.endswith("*") and any(one.startswith(code[:-1]) for one in known)


def read_labels(table: TomlTable) -> tuple[Dated, ...]:
    """Return what the objects of the work are called, by date."""
    return _dated(table, "label", table.tables("label"))


def read_issuers(table: TomlTable) -> dict[Level, tuple[Dated, ...]]:
    """Return the names of the offices of each level, by date."""
    rows = table.tables("issuer")
    return {
        level: _dated(table, "issuer", tuple(row for row in rows if row.choice("level", Level) is level))
        for level in Level
    }


def _dated(table: TomlTable, name: str, rows: tuple[TomlTable, ...]) -> tuple[Dated, ...]:
    found: list[Dated] = []
    for row in rows:
        first, last = row.span()
        dated = Dated(row.text("text"), first, last)
        if any(_overlap(dated, other) for other in found):
            raise BadInput("pack.overlap", file=table.file, key=row.place or name, other=dated.text)
        row.done()
        found.append(dated)
    return tuple(found)


def _overlap(one: Dated, other: Dated) -> bool:
    starts_before_end = _before(one.valid_from, other.valid_to)
    return starts_before_end and _before(other.valid_from, one.valid_to)


def _before(first: date | None, last: date | None) -> bool:
    return first is None or last is None or first <= last


def read_parameters(table: TomlTable) -> Parameters:
    """Return the single values of a pack; each has a default."""
    row, default = table.table("parameters"), Parameters()
    if row is None:
        return default
    parameters = Parameters(
        cert_no_pattern=_pattern(row, row.text("cert_no_pattern", default.cert_no_pattern)),
        hotline=row.text("hotline", ""),
        sample_rate=row.whole("sample_rate", default.sample_rate, least=1, most=1000),
        approval_fields=tuple(_ref(row, "approval_fields", ref) for ref in row.texts("approval_fields")),
        name_mask=row.flag("name_mask", default.name_mask),
        publish_cause=row.flag("publish_cause", default.publish_cause),
        relative_filing=row.flag("relative_filing", default.relative_filing),
        stable_months=row.whole("stable_months", default.stable_months, most=120),
    )
    row.done()
    return parameters


def _pattern(row: TomlTable, pattern: str) -> str:
    found = places(pattern)
    for place in found:
        if place not in CERT_PLACES:
            raise BadInput("pack.unknown_place", file=row.file, key=row.key("cert_no_pattern"), name=place)
    for place in CERT_PLACES:
        if place not in found:
            raise BadInput("pack.lacks_place", file=row.file, key=row.key("cert_no_pattern"), name=place)
    return pattern


def read_wording(table: TomlTable) -> dict[str, str]:
    """Return the wording of papers by "paper.part"; a placeholder must be one the paper knows."""
    found: dict[str, str] = {}
    for paper in table.names():
        part = table.table(paper) if paper in WORDING_PLACES else None
        if part is None:
            raise BadInput("pack.unknown_key", file=table.file, key=table.key(paper))
        for name in part.names():
            text = part.text(name)
            for place in places(text):
                if place not in WORDING_PLACES[paper]:
                    raise BadInput("pack.unknown_place", file=table.file, key=part.key(name), name=place)
            found[f"{paper}.{name}"] = text.strip()
    return found


def read_holidays(table: TomlTable) -> HolidayYear:
    """Return the holiday table of one year.

    Raises:
        BadInput: ``pack.bad_value`` when a day lies outside the year or is both off and worked.
    """
    year = table.whole("year", least=1949, most=2999)
    table.text("source", "")
    off, work = table.days("off"), table.days("work")
    for name, days in (("off", off), ("work", work)):
        table.refuse_twice(name, days)
        for day in days:
            if day.year != year or (name == "work" and day in off):
                raise BadInput("pack.bad_value", file=table.file, key=table.key(name), value=day.isoformat())
    table.done()
    return HolidayYear(year, frozenset(off), frozenset(work))
