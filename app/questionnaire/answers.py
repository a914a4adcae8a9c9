"""What a submission says, read with its form or without it; nothing is computed anew.

    answers_of(form, xml)      # labels and texts of the form's own version
    answers_of(None, xml)      # raw names and values, when that version is not here

Values are those written in the XML, whatever a calculation would give today.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from app.questionnaire.building import mark_live
from app.questionnaire.choosing import meant_from
from app.questionnaire.definition import HH_NS, JR_NS, ControlKind
from app.questionnaire.engine import BEIJING
from app.questionnaire.wording import Wording
from app.questionnaire.xpath.node import Node, NodeKind, document, from_lxml, parse_xml
from app.questionnaire.xpath.values import Context, ExpressionError, Scope, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.questionnaire.definition import Control, FormModel

_AT = datetime(2000, 1, 1, tzinfo=BEIJING)  # for labels that tell the time: the same words on every day
_CHOSEN = frozenset({ControlKind.SELECT_ONE, ControlKind.SELECT_MANY, ControlKind.RANK})
ORPHANS = "orphans"
"""Local name of the block, in the household namespace, that keeps answers the form has no place for."""

Plain = str | list["Plain"] | dict[str, "Plain"]


class AnswerKind(StrEnum):
    """What stands at a place of the answers."""

    QUESTION = "question"
    GROUP = "group"
    REPEAT = "repeat"
    VALUE = "value"  # computed or hidden: nobody was asked
    FOREIGN = "foreign"  # the form has no such place
    META = "meta"


@dataclass(frozen=True, slots=True)
class Answer:
    """One place of a submission.

    ``ref`` is its path with the positions of rows, ``/data/member[2]/name``. ``value`` is as written,
    ``text`` in words (labels of choices). ``core`` is the field of the household it is tied to, "" for none.
    Groups hold ``items``, repeats ``rows``.
    """

    ref: str
    name: str
    kind: AnswerKind
    label: str
    value: str = ""
    text: str = ""
    core: str = ""
    items: tuple[Answer, ...] = ()
    rows: tuple[tuple[Answer, ...], ...] = ()

    def walk(self) -> Iterator[Answer]:
        """This place and all below, in order."""
        yield self
        for inner in (*self.items, *(one for row in self.rows for one in row)):
            yield from inner.walk()


class _Reader:
    """Reads one tree of answers with its form."""

    def __init__(self, form: FormModel | None, root: Node) -> None:
        self._form = form
        self._scope = Scope(now=_AT, zone=BEIJING, rng=random.Random(0), root=document(root))  # noqa: S311 - no secret
        for node in (root, *root.descendants()):
            mark_live(node)
        self._words: Wording | None = None
        if form is not None:
            instances = dict(form.instances)
            if form.main_id:
                instances.setdefault(form.main_id, self._scope.root)
            self._scope.instances = instances
            self._scope.namespaces = form.namespaces
            self._scope.version = form.version
            self._words = Wording(form, self._scope)
            self._scope.choice_name = self._choice_name

    def below(self, node: Node, path: str, ref: str) -> tuple[Answer, ...]:
        """The places below a node in the order of the XML; rows are gathered where the first stands."""
        found: list[Answer] = []
        seen: dict[str, int] = {}
        elements = node.elements()
        for child in elements:
            own, inner = f"{path}/{child.name}", f"{ref}/{child.name}"
            at = seen[child.name] = seen.get(child.name, 0) + 1
            twins = [one for one in elements if one.name == child.name]
            if not self._repeats(own, twins):
                found.append(self._place(child, own, inner if at == 1 else f"{inner}[{at}]"))
            elif at == 1:
                found.append(self._repeat(twins, own, inner))
        return tuple(found)

    def _repeats(self, path: str, twins: list[Node]) -> bool:
        """Whether a place is a list of rows; without a form, whether there are several."""
        return len(twins) > 1 if self._form is None else path in self._form.repeats

    def _repeat(self, rows: list[Node], path: str, ref: str) -> Answer:
        first = rows[0]
        label = ""
        if self._form is not None:
            group, control = self._form.controls.get(path), self._form.repeats[path].control
            label = self._control_label(group, first) or self._control_label(control, first)
        inside = tuple(self._row(row, path, f"{ref}[{at}]") for at, row in enumerate(rows, 1))
        return Answer(ref, first.name, AnswerKind.REPEAT, label or first.name, rows=inside)

    def _row(self, row: Node, path: str, ref: str) -> tuple[Answer, ...]:
        return self.below(row, path, ref) if row.elements() else (self._place(row, path, ref),)

    def _place(self, node: Node, path: str, ref: str) -> Answer:
        form = self._form
        control = form.controls.get(path) if form is not None else None
        label = self._control_label(control, node) or node.name
        if node.elements():
            known = form is None or path in form.child_order
            kind = AnswerKind.META if node.local == "meta" else AnswerKind.GROUP
            items = self.below(node, path, ref)
            return Answer(ref, node.name, kind if known else AnswerKind.FOREIGN, label, items=items)
        value, text = node.value(), self._text(node, control)
        core = form.binds[path].core if form is not None and path in form.binds else ""
        return Answer(ref, node.name, self._kind(path, control, value), label, value, text or value, core)

    def _kind(self, path: str, control: Control | None, value: str) -> AnswerKind:
        form = self._form
        bind = form.binds.get(path) if form is not None else None
        if bind is not None and bind.readonly is not None and not value:
            return AnswerKind.VALUE  # words that only tell something
        if form is None or (control is not None and control.kind is not ControlKind.GROUP):
            return AnswerKind.QUESTION
        parent, _, name = path.rpartition("/")
        if parent.rpartition("/")[2].rpartition(":")[2] == "meta":
            return AnswerKind.META
        return AnswerKind.VALUE if name in form.child_order.get(parent, ()) else AnswerKind.FOREIGN

    def _control_label(self, control: Control | None, node: Node) -> str:
        if control is None or self._words is None:
            return ""
        return self._words.group_label(control, node).strip()

    def _text(self, node: Node, control: Control | None) -> str:
        """The labels of what was chosen; "" for other questions and where a label is missing."""
        if control is None or self._words is None or control.kind not in _CHOSEN:
            return ""
        labels = dict(self._choices(node, control, self._words))
        return "、".join(labels.get(code, "") or code for code in node.value().split())

    def _choices(self, node: Node, control: Control, words: Wording) -> Iterator[tuple[str, str]]:
        for item in control.items:
            yield item.value, words.text(item.label, node)
        itemset = control.itemset
        if itemset is None:
            return
        try:
            nodes = itemset.nodes.run(Context(node, self._scope, node))
            for one in nodes if isinstance(nodes, list) else []:
                here = Context(one, self._scope, node)
                label = to_text(itemset.label.run(here)) if itemset.label is not None else ""
                yield to_text(itemset.value.run(here)).strip(), label
        except ExpressionError:
            # A list that cannot be read gives no labels; the codes are shown.
            return

    def _choice_name(self, value: str, path: str, node: Node) -> str:
        wanted = meant_from(node, path)
        control = self._form.controls.get(wanted) if self._form is not None else None
        if control is None or self._words is None:
            return ""
        return dict(self._choices(node, control, self._words)).get(value, "")


def answers_of(form: FormModel | None, xml: str | bytes) -> tuple[Answer, ...]:
    """Return the answers of a submission in its own order; without a form names stand for labels.

    Raises:
        BadInput: ``questionnaire.not_xml``.
    """
    root = from_lxml(parse_xml(xml, file="submission.xml"), keep_blank=False)
    for block in [n for n in root.descendants() if n.kind is NodeKind.ELEMENT]:
        block.children = [c for c in block.children if not _is_apart(c)]
    root.children = [c for c in root.children if not _is_apart(c)]
    return _Reader(form, root).below(root, f"/{root.name}", f"/{root.name}")


def _is_apart(node: Node) -> bool:
    """Whether a node is no answer: templates, and the block of answers without a place."""
    if node.kind is not NodeKind.ELEMENT:
        return False
    return node.attribute("template", JR_NS) is not None or (node.ns == HH_NS and node.local == ORPHANS)


def to_plain(answers: Iterable[Answer]) -> list[Plain]:
    """Return answers as what JSON holds; empty parts are left out."""
    found: list[Plain] = []
    for one in answers:
        plain: dict[str, Plain] = {"ref": one.ref, "name": one.name, "kind": str(one.kind)}
        plain["label"] = one.label
        if one.rows:
            plain["rows"] = [to_plain(row) for row in one.rows]
        elif one.items:
            plain["items"] = to_plain(one.items)
        else:
            plain |= {"value": one.value, "text": one.text}
            if one.core:
                plain["core"] = one.core
        found.append(plain)
    return found


def to_json(answers: Iterable[Answer]) -> str:
    """Return answers as JSON text; ``from_json`` reads it back."""
    return json.dumps(to_plain(answers), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> tuple[Answer, ...]:
    """Return what ``to_json`` wrote."""
    return _from_plain(cast("list[Plain]", json.loads(text)))


def _from_plain(plain: list[Plain]) -> tuple[Answer, ...]:
    return tuple(_one(cast("dict[str, Plain]", item)) for item in plain)


def _one(plain: dict[str, Plain]) -> Answer:
    return Answer(
        ref=str(plain["ref"]),
        name=str(plain["name"]),
        kind=AnswerKind(str(plain["kind"])),
        label=str(plain["label"]),
        value=str(plain.get("value", "")),
        text=str(plain.get("text", "")),
        core=str(plain.get("core", "")),
        items=_from_plain(cast("list[Plain]", plain.get("items", []))),
        rows=tuple(
            _from_plain(cast("list[Plain]", row)) for row in cast("list[Plain]", plain.get("rows", []))
        ),
    )
