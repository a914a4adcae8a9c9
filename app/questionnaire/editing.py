"""Changing a finished submission: what was changed, and the new text with every other byte kept.

    before = begin_edit(engine, original)       # right after opening; rows are marked for the draft
    …                                           # the person answers
    if is_changed(engine, before):
        name_instance(engine, new_id, old_id)
        data = revised(original, engine, before)

Only what differs from how the form stood when the submission was opened is written: what a calculation
gives today without anybody having answered anything stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from app.questionnaire.definition import HH_NS
from app.questionnaire.metablock import is_own
from app.questionnaire.preload import end_questions
from app.questionnaire.serialise import serialise
from app.questionnaire.spans import Cut, read_text, spans_of, spliced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.questionnaire.engine import Engine
    from app.questionnaire.spans import Span
    from app.questionnaire.xpath.node import Node

_MARK = "row"  # attribute of rows in a draft: their number in the submission
_NEW = ""  # key of what the submission did not have
_UNKNOWN = (True, "")


@dataclass(frozen=True, slots=True)
class Before:
    """How a form stood when a submission was opened: relevance and value by place in the submission."""

    places: Mapping[str, tuple[bool, str]]
    ends: frozenset[str] = frozenset()


def begin_edit(engine: Engine, original: bytes) -> Before:
    """Mark the rows of a submission just opened and return how the form stands.

    Raises:
        BadInput: ``questionnaire.not_xml``.
    """
    text, _ = read_text(original)
    root = engine.root.node
    _mark(engine, root, _answer_spans(text), f"/{root.name}")
    places = dict(_places(engine, root, f"/{root.name}", f"/{root.name}"))
    ends = frozenset(entry.path for entry in end_questions(engine.root))
    return Before(places, ends)


def is_changed(engine: Engine, before: Before) -> bool:
    """Whether anything was answered; ids and the moment of finishing do not count."""
    root = engine.root.node
    now = dict(_places(engine, root, f"/{root.name}", f"/{root.name}"))
    if _NEW in now:
        return True
    keys = now.keys() | before.places.keys()
    return any(now.get(k) != before.places.get(k) for k in keys if not is_own(k) and k not in before.ends)


def revised(original: bytes, engine: Engine, before: Before) -> bytes:
    """Return the submission with the changes, in its own encoding."""
    text, encoding = read_text(original)
    root = engine.root.node
    patch = _Patch(text, engine, before)
    patch.element(root, _answer_spans(text), f"/{root.name}", f"/{root.name}")
    return spliced(text, patch.cuts).encode(encoding, "xmlcharrefreplace")


def unmarked(root: Node) -> None:
    """Take the marks of rows out of a tree."""
    for node in (root, *root.descendants()):
        node.attributes = [a for a in node.attributes if not (a.ns == HH_NS and a.local == _MARK)]


def _mark(engine: Engine, node: Node, span: Span, path: str) -> None:
    """Number the rows that stand in the submission."""
    seen: dict[str, int] = {}
    for child in node.elements():
        own = f"{path}/{child.name}"
        at = seen[child.name] = seen.get(child.name, 0) + 1
        twins = _spans_named(span, child.name)
        if at > len(twins):
            continue
        if own in engine.form.repeats:
            child.set_attribute(_MARK, str(at), ns=HH_NS, prefix="hh")
        _mark(engine, child, twins[at - 1], own)


def _answer_spans(text: str) -> Span:
    """The elements of a submission without the templates some programs leave in it."""
    root = spans_of(text)
    around = [root]
    while around:
        span = around.pop()
        span.children = [one for one in span.children if "jr:template" not in text[one.start : one.inner]]
        around += span.children
    return root


def _spans_named(span: Span, name: str) -> list[Span]:
    return [child for child in span.children if child.name == name]


def _children(engine: Engine, node: Node, path: str, key: str) -> Iterator[tuple[Node, str, str, int]]:
    """Child elements with their path, key and number among the submission's; 0 for a new row."""
    seen: dict[str, int] = {}
    for child in node.elements():
        own = f"{path}/{child.name}"
        if own in engine.form.repeats:
            at = int(child.attribute(_MARK, HH_NS) or 0)
            place = f"{key}/{child.name}[{at}]"
        else:
            at = seen[child.name] = seen.get(child.name, 0) + 1
            place = f"{key}/{child.name}" + (f"[{at}]" if at > 1 else "")
        yield child, own, place if key and at else _NEW, at


def _places(engine: Engine, node: Node, path: str, key: str) -> Iterator[tuple[str, tuple[bool, str]]]:
    for item in node.attributes:
        if item.readers is not None and key:
            yield f"{key}/@{item.name}", (node.relevant, item.text)
    if node.is_leaf():
        yield key, (node.relevant, node.value())
        return
    yield key, (node.relevant, "")
    for child, own, inner, _ in _children(engine, node, path, key):
        yield from _places(engine, child, own, inner)


class _Patch:
    """Collects the cuts that turn the old text into the new one."""

    def __init__(self, text: str, engine: Engine, before: Before) -> None:
        self.cuts: list[Cut] = []
        self._text = text
        self._engine = engine
        self._before = before.places

    def element(self, node: Node, span: Span, path: str, key: str) -> None:
        """Compare one element that stands in the text."""
        was = self._before.get(key, _UNKNOWN)
        if not node.relevant:
            if was[0]:
                self.cuts.append(Cut(span.start, span.end, ""))
            return
        self._attributes(node, span, key)
        if not node.is_leaf():
            self._inside(node, span, path, key)
        elif was[1] != node.value():
            self._content(span, escape(node.value(), {"\r": "&#13;"}))

    def _attributes(self, node: Node, span: Span, key: str) -> None:
        for item in node.attributes:
            was = self._before.get(f"{key}/@{item.name}", _UNKNOWN)
            if item.readers is None or was[1] == item.text:
                continue
            tag = self._text[span.start : span.inner]
            at = tag.find(f"{item.name}=")
            if at >= 0:
                start = span.start + at + len(item.name) + 1
                end = self._text.index(self._text[start], start + 1) + 1
                self.cuts.append(Cut(start, end, quoteattr(item.text)))

    def _content(self, span: Span, text: str) -> None:
        if not span.is_empty_tag:
            self.cuts.append(Cut(span.inner, span.close, text))
        elif text:
            self.cuts.append(Cut(span.end - 2, span.end, f">{text}</{span.name}>"))

    def _inside(self, node: Node, span: Span, path: str, key: str) -> None:
        kept: set[int] = set()
        added: dict[int, list[str]] = {}
        place = span.inner
        for child, own, inner, at in _children(self._engine, node, path, key):
            twins = _spans_named(span, child.name)
            if 0 < at <= len(twins):
                place = twins[at - 1].end
                kept.add(id(twins[at - 1]))
                self.element(child, twins[at - 1], own, inner)
            elif child.relevant and self._differs(child, own, inner):
                added.setdefault(place, []).append(_fragment(child))
        self._gone(span, path, kept)
        whole = [text for texts in added.values() for text in texts]
        if span.is_empty_tag:
            self._content(span, "".join(whole))
            return
        for at, texts in added.items():
            self.cuts.append(Cut(at, at, "".join(texts)))

    def _gone(self, span: Span, path: str, kept: set[int]) -> None:
        """Take out the rows that were removed."""
        repeats = self._engine.form.repeats
        for child in span.children:
            if id(child) not in kept and f"{path}/{child.name}" in repeats:
                self.cuts.append(Cut(child.start, child.end, ""))

    def _differs(self, node: Node, path: str, key: str) -> bool:
        """Whether a node the text lacks has become more than it was when the submission was opened."""
        if not key:
            return True
        now = dict(_places(self._engine, node, path, key))
        return _NEW in now or any(self._before.get(k) != value for k, value in now.items())


def _fragment(node: Node) -> str:
    """An element that is put in, as it stands in an answer of its own."""
    twin = node.clone()
    for old, new in zip((node, *node.descendants()), (twin, *twin.descendants()), strict=True):
        new.relevant = old.relevant
    unmarked(twin)
    return serialise(twin)
