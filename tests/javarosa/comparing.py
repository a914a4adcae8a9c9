"""The states of both engines side by side, and the written list of differences that may be."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from app.questionnaire.building import is_question
from app.questionnaire.engine import Engine
from app.questionnaire.state import Entry
from tests.javarosa.answers import Refs
from tests.javarosa.oracle import Oracle

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
POSITION = re.compile(r"\[\d+\]")
FUNCTION = re.compile(r"([a-z][a-z-]*)\(")
ASPECTS = ("value", "relevant", "readonly", "required", "constraint")


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect of one question; ``note`` tells what kind of question or what happened to it."""

    aspect: str
    ref: str
    ours: str
    theirs: str
    type: str = ""
    note: str = ""

    @property
    def kind(self) -> tuple[str, str]:
        """What stays the same while a script is made shorter."""
        return self.aspect, POSITION.sub("", self.ref)


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the written list."""

    id: str
    aspect: str
    pattern: re.Pattern[str]
    reason: str
    types: frozenset[str] = field(default_factory=frozenset)
    note: str = ""
    align: bool = False
    within: float | None = None
    late: bool = False

    def covers(self, difference: Difference) -> bool:
        if (
            self.late
            or self.aspect != difference.aspect
            or (self.types and difference.type not in self.types)
        ):
            return False
        if self.note and self.note not in difference.note.split():
            return False
        if self.pattern.fullmatch(f"{difference.ours} != {difference.theirs}") is None:
            return False
        return self.within is None or abs(float(difference.ours) - float(difference.theirs)) <= self.within


def read_rules(path: Path) -> list[Rule]:
    """The written list of differences."""
    listed = tomllib.loads(path.read_text(encoding="utf-8")).get("allowed", [])
    return [
        Rule(
            id=item["id"],
            aspect=item["aspect"],
            pattern=re.compile(item.get("pattern", ".*"), re.DOTALL),
            reason=item["reason"],
            types=frozenset(item.get("types", [])),
            note=item.get("note", ""),
            align=item.get("align", item["aspect"] == "value"),
            within=item.get("within"),
            late=item.get("late", False),
        )
        for item in listed
    ]


def is_below(ref: str, paths: tuple[str, ...]) -> bool:
    """Whether a path with positions is one of the repeats or below."""
    return f"{POSITION.sub('', ref)}/".startswith(paths)


def _calm(text: str) -> str:
    return UUID.sub("uuid", text)


def _state(entry: Entry) -> dict[str, str]:
    leaf = entry.row_of is None and not entry.node.elements()
    return {
        "value": _calm(entry.stored) if leaf else "",
        "relevant": str(entry.relevant),
        "readonly": str(entry.readonly),
        "required": str(entry.required),
        "constraint": str(entry.constraint_ok or not entry.stored) if leaf else "True",
    }


def _notes(entry: Entry, withheld: set[str], ref: str) -> str:
    found = []
    if entry.control is not None:
        found.append(str(entry.control.kind))
        if entry.control.itemset is not None:
            found.append("itemset")
    if entry.bind is not None and entry.bind.calculate is not None:
        found.append("calculated")
        found += [f"calls:{name}" for name in FUNCTION.findall(entry.bind.calculate.source)]
    if ref in withheld and not entry.withheld:
        found.append("returned")
    return " ".join(found)


def differences(
    engine: Engine, oracle: Oracle, withheld: set[str], refs: Refs
) -> list[tuple[Difference, Entry | None]]:
    """Everything in which the two states differ; what is not relevant in both is not looked into."""
    found: list[tuple[Difference, Entry | None]] = []
    seen: set[str] = set()
    for entry in engine.entries():
        if entry.repeat is not None or "/@" in entry.path:
            continue
        ref = refs[entry]
        seen.add(ref)
        theirs = oracle.nodes.get(ref)
        kind = entry.bind.type if entry.bind is not None else ""
        if theirs is None:
            if entry.relevant and "/meta/" not in f"{ref}/":
                found.append((Difference("rows", ref, "there", "not there"), entry))
            continue
        mine = _state(entry)
        said = dict(zip(ASPECTS, [_calm(theirs[0] or ""), *(str(flag) for flag in theirs[1:])], strict=True))
        looked_at = ASPECTS if entry.relevant and theirs[1] else ("relevant",)
        found.extend(
            (Difference(a, ref, mine[a], said[a], kind, _notes(entry, withheld, ref)), entry)
            for a in looked_at
            if mine[a] != said[a]
        )
        if is_question(entry) and ref in oracle.choices and entry.relevant:
            ours, said_codes = " ".join(c.value for c in engine.choices(entry)), " ".join(oracle.choices[ref])
            if ours != said_codes:
                found.append((Difference("choices", ref, ours, said_codes, kind), entry))
    counted = tuple(f"{path}/" for path, r in engine.form.repeats.items() if r.control.count is not None)
    found.extend(
        (Difference("rows", ref, "not there", "there", "", "counted" if is_below(ref, counted) else ""), None)
        for ref, state in oracle.nodes.items()
        if ref not in seen and state[1]
    )
    return found
