"""Bringing answers to a newer version of their form; nothing is lost on the way.

    done = upgrade(old_form, old_xml, new_form, Passage(now, new_id, old_id))
    done.xml         # answers to open under the new version
    done.orphans     # what the new version has no place for, kept in the meta block of ``done.xml``

An answer goes to the same path, or else to the one question tied to the same field of the household. What
finds no place, does not fit its new type or is no longer offered becomes an orphan: ``<hh:orphans>`` in the
meta block, which other programs pass over.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.questionnaire import bindtypes
from app.questionnaire.answers import ORPHANS, Answer, AnswerKind, answers_of
from app.questionnaire.checking import ProblemKind, errors
from app.questionnaire.definition import HH_NS, JR_NS
from app.questionnaire.engine import BEIJING, Engine
from app.questionnaire.instance import insert_child
from app.questionnaire.metablock import instance_of, is_own, meta_of, name_instance
from app.questionnaire.serialise import serialise
from app.questionnaire.xpath.node import Node, NodeKind, from_lxml, parse_xml
from app.questionnaire.xpath.values import text_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from app.questionnaire.definition import FormModel

_POSITION = re.compile(r"\[\d+\]")
_ORPHAN = "orphan"
_NUMBERS = frozenset({"int", "decimal"})


@dataclass(frozen=True, slots=True)
class Orphan:
    """An answer without a place: where it stood (with positions), what was asked, what was said.

    ``version`` is the form's version it was given under; ``asked`` is False for computed and foreign values.
    """

    ref: str
    label: str
    value: str
    text: str
    version: str
    asked: bool = True

    @property
    def path(self) -> str:
        """The path without positions."""
        return _POSITION.sub("", self.ref)


@dataclass(frozen=True, slots=True)
class Open:
    """A question of the new version that cannot stay as it is: its path and label."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Upgraded:
    """Answers under the new version.

    ``carried`` are (old, new) paths with positions of the answers that were brought over; ``unoffered`` the
    orphans that are choices no longer offered; ``newly_required`` and ``newly_broken`` what must be answered
    or corrected before it can be finished.
    """

    xml: str
    orphans: tuple[Orphan, ...]
    newly_required: tuple[Open, ...]
    newly_broken: tuple[Open, ...]
    unoffered: tuple[Orphan, ...]
    carried: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """When the answers are brought over and the ids of the meta block ("uuid:…").

    ``deprecates`` is "" for answers that were never finished; ``instance`` "" keeps the one they have.
    """

    now: datetime
    instance: str = ""
    deprecates: str = ""


def upgrade(old: FormModel, xml: str | bytes, new: FormModel, passage: Passage) -> Upgraded:
    """Return the answers of ``old`` as answers of ``new``.

    Raises:
        BadInput: ``questionnaire.not_xml``, ``questionnaire.endless``.
    """
    source = from_lxml(parse_xml(xml, file="submission.xml"), keep_blank=False)
    move = _Move(old, new, source)
    orphans = move.run(answers_of(old, xml))
    engine = Engine(new, passage.now, serialise(move.root, everything=True))
    lost = list(_unoffered(engine, old.version, move.told))
    earlier = orphans_of(xml)
    everything = (*earlier, *orphans, *lost)
    name_instance(engine, passage.instance or instance_of(source), passage.deprecates)
    _keep(engine.root.node, everything)
    required, broken = _problems(engine)
    if required or broken:  # what was open before is not new
        before = {one.path for part in _problems(Engine(old, passage.now, xml)) for one in part}
        required = [one for one in required if one.path not in before]
        broken = [one for one in broken if one.path not in before]
    return Upgraded(
        xml=engine.to_xml(everything=True),
        orphans=everything,
        newly_required=tuple(dict.fromkeys(required)),
        newly_broken=tuple(dict.fromkeys(broken)),
        unoffered=tuple(lost),
        carried=tuple(move.carried),
    )


def _problems(engine: Engine) -> tuple[list[Open], list[Open]]:
    """The questions without a required answer, and those with an answer that breaks a rule."""
    found = errors(engine)
    return (
        [Open(p.entry.path, p.label) for p in found if p.kind is ProblemKind.REQUIRED],
        [Open(p.entry.path, p.label) for p in found if p.kind is ProblemKind.CONSTRAINT],
    )


def orphans_of(xml: str | bytes) -> tuple[Orphan, ...]:
    """Return the answers without a place that a submission keeps.

    Raises:
        BadInput: ``questionnaire.not_xml``.
    """
    root = from_lxml(parse_xml(xml, file="submission.xml"), keep_blank=False)
    meta = meta_of(root)
    blocks = [n for n in meta.elements() if _is_block(n)] if meta is not None else []
    return tuple(
        Orphan(
            ref=one.attribute("path") or "",
            label=one.attribute("label") or "",
            value=one.value(),
            text=one.attribute("text") or one.value(),
            version=one.attribute("version") or "",
            asked=one.attribute("computed") is None,
        )
        for block in blocks
        for one in block.elements()
    )


def _is_block(node: Node) -> bool:
    return node.ns == HH_NS and node.local == ORPHANS


def _keep(root: Node, orphans: Iterable[Orphan]) -> None:
    """Write the orphans into the meta block, which the engine gives every form."""
    meta = meta_of(root) or root  # a loaded form always has the block
    meta.children = [c for c in meta.children if not (c.kind is NodeKind.ELEMENT and _is_block(c))]
    block = Node(NodeKind.ELEMENT, ORPHANS, ns=HH_NS, prefix="hh")
    for orphan in orphans:
        one = Node(NodeKind.ELEMENT, _ORPHAN, ns=HH_NS, prefix="hh")
        told = {"path": orphan.ref, "label": orphan.label, "version": orphan.version}
        if orphan.text != orphan.value:
            told["text"] = orphan.text
        if not orphan.asked:
            told["computed"] = "1"
        for name, text in told.items():
            one.set_attribute(name, text)
        one.set_value(orphan.value)
        block.append(one)
    if block.children:
        meta.append(block)


def _unoffered(engine: Engine, version: str, told: Mapping[str, Answer]) -> Iterator[Orphan]:
    """What was chosen and is offered no longer; ``told`` is what was said, by place."""
    for entry in engine.entries():
        left = set(entry.stored.split())
        lost = " ".join(code for code in entry.withheld.split() if code not in left)
        if lost:
            said = told.get(entry.ref)
            words = said.text if said is not None and said.value == lost else lost
            yield Orphan(entry.ref, engine.wording.label(entry), lost, words, version)


def _leaves(form: FormModel) -> frozenset[str]:
    """Paths of the places that hold an answer."""
    found: set[str] = set()

    def visit(node: Node, path: str) -> None:
        if node.is_leaf():
            found.add(path)
        for child in node.elements():
            visit(child, f"{path}/{child.name}")

    visit(form.instance, f"/{form.instance.name}")
    for path, repeat in form.repeats.items():
        visit(repeat.template, path)
    return frozenset(found)


def _unique_cores(form: FormModel) -> dict[str, str]:
    """Fields of the household that exactly one question is tied to, by field."""
    counts = Counter(bind.core for bind in form.binds.values() if bind.core)
    return {bind.core: path for path, bind in form.binds.items() if counts[bind.core] == 1}


def _around(path: str, repeats: Mapping[str, object]) -> list[str]:
    """The repeats a path stands in, outermost first."""
    parts = path.split("/")
    return [p for p in ("/".join(parts[:n]) for n in range(2, len(parts) + 1)) if p in repeats]


class _Move:
    """Brings one tree of answers over; ``root`` is the new tree, ``carried`` what went where."""

    def __init__(self, old: FormModel, new: FormModel, source: Node) -> None:
        self._old, self._new = old, new
        self._places = _leaves(new)
        theirs = _unique_cores(new)
        self._twins = {path: theirs[core] for core, path in _unique_cores(old).items() if core in theirs}
        self._ranges = self._paired_ranges()
        self.carried: list[tuple[str, str]] = []
        self.told: dict[str, Answer] = {}
        self.root = new.instance.clone()
        self._clear_rows(self.root, f"/{self.root.name}")
        self._take_attributes(source)

    def run(self, answers: tuple[Answer, ...]) -> list[Orphan]:
        """Place every answer; return those without a place."""
        orphans: list[Orphan] = []
        for top in answers:
            for one in top.walk():
                self._rows(one)
                if one.items or one.rows or one.kind is AnswerKind.REPEAT or is_own(one.ref):
                    continue
                if not self._put(one) and one.value:
                    asked = one.kind is AnswerKind.QUESTION
                    orphans.append(
                        Orphan(one.ref, one.label, one.value, one.text, self._old.version, asked=asked)
                    )
        return orphans

    def _paired_ranges(self) -> dict[str, str]:
        """Repeats of the old form with those that take their rows: same path, or listing the same kind."""
        found = {path: path for path in self._old.repeats if path in self._new.repeats}
        for old, new in self._twins.items():
            mine, theirs = _around(old, self._old.repeats), _around(new, self._new.repeats)
            named = (self._old.binds[old].core.endswith(".id"), mine, theirs)
            if all(named) and mine[-1] not in found and theirs[-1] not in found.values():
                found[mine[-1]] = theirs[-1]
        return found

    def _clear_rows(self, node: Node, path: str) -> None:
        taken = set(self._ranges.values())
        node.children = [
            c for c in node.children if c.kind is not NodeKind.ELEMENT or f"{path}/{c.name}" not in taken
        ]
        for child in node.elements():
            self._clear_rows(child, f"{path}/{child.name}")

    def _take_attributes(self, source: Node) -> None:
        """What other programs wrote on the root stays there."""
        for item in source.attributes:
            if item.name not in {"id", "version"} and item.ns != JR_NS:
                self.root.set_attribute(item.local, item.text, ns=item.ns, prefix=item.prefix)

    def _target(self, path: str) -> str:
        """The place for answers of a path, "" when there is none."""
        if path in self._places:
            return path
        return self._twins.get(path, "")

    def _positions(self, ref: str) -> list[int]:
        """The numbers of the rows an answer stands in, outermost first."""
        here = ""
        found: list[int] = []
        for part in ref.split("/")[1:]:
            name, _, number = part.partition("[")
            here += f"/{name}"
            if here in self._old.repeats:
                found.append(int(number.rstrip("]") or 1))
        return found

    def _rows(self, answer: Answer) -> None:
        """Make the rows of a repeat, those left blank too."""
        target = self._ranges.get(_POSITION.sub("", answer.ref)) if answer.rows else None
        if target is None:
            return
        outer = self._positions(answer.ref)[:-1]
        if len(_around(target, self._new.repeats)) == len(outer) + 1:
            for at in range(1, len(answer.rows) + 1):
                self._reach(target, [*outer, at])

    def _put(self, answer: Answer) -> bool:
        path = _POSITION.sub("", answer.ref)
        target = self._target(path)
        mine = [self._ranges.get(one, "") for one in _around(path, self._old.repeats)]
        if not target or mine != _around(target, self._new.repeats) or not self._fits(target, answer.value):
            return False
        positions = self._positions(answer.ref)
        node = self._reach(target, positions)
        node.set_value(answer.value)
        ref = _ref(target, self._new, positions)
        self.carried.append((answer.ref, ref))
        self.told[ref] = answer
        return True

    def _fits(self, path: str, value: str) -> bool:
        """Whether the new question keeps the answer as it is."""
        bind = self._new.binds.get(path)
        if bind is None or not value:
            return True
        kept = bindtypes.normalise(bind.type, value, BEIJING)
        if bind.type in _NUMBERS:
            return bool(kept) and text_number(kept) == text_number(value)
        return bool(kept)

    def _reach(self, path: str, positions: list[int]) -> Node:
        """The node of a path, its rows made where they are missing."""
        node, here, left = self.root, f"/{self.root.name}", list(positions)
        for name in path.split("/")[2:]:
            parent_path, here = here, f"{here}/{name}"
            at = left.pop(0) if here in self._new.repeats else 1
            twins = [c for c in node.elements() if c.name == name]
            while len(twins) < at:
                row = self._new.repeats[here].template.clone()
                insert_child(node, row, self._new.child_order.get(parent_path, ()))
                self._clear_rows(row, here)
                twins.append(row)
            node = twins[at - 1]
        return node


def _ref(path: str, form: FormModel, positions: list[int]) -> str:
    here, left, out = "", list(positions), ""
    for name in path.split("/")[1:]:
        here += f"/{name}"
        out += f"/{name}" + (f"[{left.pop(0)}]" if here in form.repeats else "")
    return out
