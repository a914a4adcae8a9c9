"""What changed from one version of a questionnaire to the next, and what that breaks.

Breaking is what finished answers or the household's records cannot follow by themselves: questions that are
gone, renamed, moved or of another type, choices that are gone, another record, another form. Words, order,
hints, rules and new questions are free; a question that became required is told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.questionnaire.definition import Bind, ControlKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.questionnaire.definition import Control, FormModel, Itemset, TextSource
    from app.questionnaire.xpath.node import Node

_FORM = ""  # the path of what concerns the form as a whole
_META = "/meta/"
_FREE = frozenset({"", "false()"})


class DifferenceKind(StrEnum):
    """What happened to a question or to the form."""

    FORM_ID = "form_id"
    VERSION = "version"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"
    REPEATED = "repeated"
    TYPE = "type"
    CHOICES_REMOVED = "choices_removed"
    CHOICE_RENAMED = "choice_renamed"
    CORE_FIELD = "core_field"
    REQUIRED = "required"
    ADDED = "added"
    CHOICES_ADDED = "choices_added"
    LABEL = "label"
    HINT = "hint"
    RULES = "rules"
    ORDER = "order"


_BREAKING = frozenset(
    {
        DifferenceKind.FORM_ID,
        DifferenceKind.VERSION,
        DifferenceKind.REMOVED,
        DifferenceKind.RENAMED,
        DifferenceKind.MOVED,
        DifferenceKind.REPEATED,
        DifferenceKind.TYPE,
        DifferenceKind.CHOICES_REMOVED,
        DifferenceKind.CHOICE_RENAMED,
        DifferenceKind.CORE_FIELD,
        DifferenceKind.REQUIRED,
    }
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One change; ``path`` is the old path (the new one of what is new), "" for the form itself.

    ``old`` and ``new`` are what is told of both sides: paths of what moved, types, choices, fields, words.
    """

    kind: DifferenceKind
    path: str
    old: str = ""
    new: str = ""

    @property
    def breaking(self) -> bool:
        """Whether finished answers or records cannot follow by themselves."""
        return self.kind in _BREAKING


@dataclass(frozen=True, slots=True)
class _Question:
    """What is compared of one question."""

    path: str
    type: str
    label: str
    hint: str
    required: str
    rules: tuple[str, ...]
    core: str
    choices: Mapping[str, str] | None
    repeats: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> str:
        return self.path.rpartition("/")[0]


def _words(form: FormModel, source: TextSource | None) -> str:
    """The plain words of a label; what is put in from answers shows as its expression."""
    if source is None:
        return ""
    parts = source.parts
    if source.itext_id:
        message = form.itext.get(form.default_language, {}).get(source.itext_id)
        parts = message.forms.get("", ()) if message is not None else ()
    return "".join(p if isinstance(p, str) else f"{{{p.source.strip()}}}" for p in parts)


def _list(form: FormModel, itemset: Itemset) -> dict[str, str] | None:
    """The choices of a list of the form, None when they come from elsewhere."""
    head = itemset.nodes.source.replace('"', "'").partition("instance('")[2]
    found = form.instances.get(head.partition("')")[0]) if head else None
    if found is None:
        return None
    items = (node for node in found.descendants() if node.local == "item")
    return dict(_choice(form, item) for item in items)


def _choice(form: FormModel, item: Node) -> tuple[str, str]:
    values = {child.local: child.value() for child in item.elements()}
    value = values.get("name", "")
    if "itextId" in values:
        message = form.itext.get(form.default_language, {}).get(values["itextId"])
        parts = message.forms.get("", ()) if message is not None else ()
        return value, "".join(p for p in parts if isinstance(p, str))
    return value, values.get("label", "")


def _choices(form: FormModel, control: Control | None) -> dict[str, str] | None:
    if control is None:
        return None
    if control.items:
        return {item.value: _words(form, item.label) for item in control.items}
    return _list(form, control.itemset) if control.itemset is not None else None


def _type(bind: Bind, control: Control | None) -> str:
    kind = "" if control is None or control.kind is ControlKind.INPUT else f"{control.kind} "
    return f"{kind}{bind.type}"


def _question(form: FormModel, path: str, bind: Bind) -> _Question:
    control = form.controls.get(path)
    rules = (bind.relevant, bind.constraint, bind.calculate, bind.readonly)
    return _Question(
        path=path,
        type=_type(bind, control),
        label=_words(form, control.label) if control is not None else "",
        hint=_words(form, control.hint) if control is not None else "",
        required=bind.required.source.strip() if bind.required is not None else "",
        rules=tuple(rule.source if rule is not None else "" for rule in rules),
        core=bind.core,
        choices=_choices(form, control),
        repeats=tuple(sorted(r for r in form.repeats if path.startswith(f"{r}/"))),
    )


def _leaves(form: FormModel) -> list[str]:
    found: list[str] = []

    def visit(path: str) -> None:
        below = form.child_order.get(path, ())
        if not below:
            found.append(path)
        for name in below:
            visit(f"{path}/{name}")

    visit(f"/{form.instance.name}")
    return [path for path in found if _META not in path]


def _questions(form: FormModel) -> dict[str, _Question]:
    return {p: _question(form, p, form.binds.get(p) or Bind(p)) for p in _leaves(form)}


def _without_root(path: str) -> str:
    return "/" + path.split("/", 2)[2] if path.count("/") > 1 else path


@dataclass(slots=True)
class _Pairs:
    """Questions of both sides that are the same, and those without a partner."""

    old: dict[str, _Question]
    new: dict[str, _Question]
    same: list[tuple[_Question, _Question]]

    @classmethod
    def of(cls, old: FormModel, new: FormModel) -> _Pairs:
        before = {_without_root(p): q for p, q in _questions(old).items()}
        after = {_without_root(p): q for p, q in _questions(new).items()}
        both = [p for p in before if p in after]
        pairs = [(before.pop(p), after.pop(p)) for p in both]
        return cls(before, after, pairs)

    def take(self, old: str, new: str) -> tuple[_Question, _Question]:
        return self.old.pop(old), self.new.pop(new)


def _moved(pairs: _Pairs) -> Iterator[tuple[_Question, _Question]]:
    """The same name in another place, when it is the only one of that name on both sides."""
    for path, question in list(pairs.old.items()):
        twins = [p for p, q in pairs.new.items() if q.name == question.name]
        if len(twins) == 1:
            yield pairs.take(path, twins[0])


def _likeness(old: _Question, new: _Question) -> int:
    """How surely a question was only renamed; 0 is no."""
    if old.type != new.type:
        return 0
    if old.core and old.core == new.core:
        return 3
    if old.label and old.label == new.label:
        return 2
    same_rules = any(old.rules) and old.rules == new.rules
    return 1 if same_rules and old.parent == new.parent else 0


def _renamed(pairs: _Pairs) -> Iterator[tuple[_Question, _Question]]:
    for path, question in list(pairs.old.items()):
        ranked = sorted(pairs.new, key=lambda p: -_likeness(question, pairs.new[p]))
        if ranked and _likeness(question, pairs.new[ranked[0]]):
            yield pairs.take(path, ranked[0])


def _of_choices(old: _Question, new: _Question) -> Iterator[Difference]:
    if old.choices is None or new.choices is None:
        return
    gone = {v: words for v, words in old.choices.items() if v not in new.choices}
    added = {v: words for v, words in new.choices.items() if v not in old.choices}
    for value, words in gone.items():
        twin = next((v for v, w in added.items() if words and w == words), "")
        if twin:
            del added[twin]
            yield Difference(DifferenceKind.CHOICE_RENAMED, old.path, value, twin)
        else:
            yield Difference(DifferenceKind.CHOICES_REMOVED, old.path, value)
    for value in added:
        yield Difference(DifferenceKind.CHOICES_ADDED, old.path, "", value)


def _of_pair(old: _Question, new: _Question) -> Iterator[Difference]:
    if old.type != new.type:
        yield Difference(DifferenceKind.TYPE, old.path, old.type, new.type)
    if old.core != new.core and old.core:
        yield Difference(DifferenceKind.CORE_FIELD, old.path, old.core, new.core)
    if new.required not in _FREE and old.required in _FREE:
        yield Difference(DifferenceKind.REQUIRED, old.path, old.required, new.required)
    yield from _of_choices(old, new)
    if old.label != new.label:
        yield Difference(DifferenceKind.LABEL, old.path, old.label, new.label)
    if old.hint != new.hint:
        yield Difference(DifferenceKind.HINT, old.path, old.hint, new.hint)
    if old.rules != new.rules:
        yield Difference(DifferenceKind.RULES, old.path)


def _place(old: _Question, new: _Question) -> Iterator[Difference]:
    """Another group, or in or out of a repeat; a group that became a repeat keeps its path."""
    if [_without_root(r) for r in old.repeats] != [_without_root(r) for r in new.repeats]:
        yield Difference(DifferenceKind.REPEATED, old.path, old.path, new.path)
    elif _without_root(old.parent) != _without_root(new.parent):
        yield Difference(DifferenceKind.MOVED, old.path, old.path, new.path)


def _number(version: str) -> tuple[int, str]:
    return (int(version), "") if version.isdecimal() else (-1, version)


def _of_forms(old: FormModel, new: FormModel) -> Iterator[Difference]:
    if old.form_id != new.form_id:
        yield Difference(DifferenceKind.FORM_ID, _FORM, old.form_id, new.form_id)
    if _number(new.version) <= _number(old.version):
        yield Difference(DifferenceKind.VERSION, _FORM, old.version, new.version)


def _order(pairs: _Pairs, new: FormModel) -> Iterator[Difference]:
    places = {path: at for at, path in enumerate(_leaves(new))}
    ranks = [places[q.path] for _, q in pairs.same]
    if ranks != sorted(ranks):
        yield Difference(DifferenceKind.ORDER, _FORM)


def diff_forms(old: FormModel, new: FormModel) -> tuple[Difference, ...]:
    """Compare two versions of a form; what breaks stands first, else in the old form's order."""
    pairs = _Pairs.of(old, new)
    found = [*_of_forms(old, new), *_order(pairs, new)]
    matched = list(pairs.same)
    matched += _moved(pairs)
    renamed = list(_renamed(pairs))
    found += [Difference(DifferenceKind.RENAMED, a.path, a.path, b.path) for a, b in renamed]
    for before, after in matched + renamed:
        found.extend(_place(before, after))
        found.extend(_of_pair(before, after))
    found += [Difference(DifferenceKind.REMOVED, q.path, q.label) for q in pairs.old.values()]
    for question in pairs.new.values():
        found.append(Difference(DifferenceKind.ADDED, question.path, "", question.label))
        if question.required not in _FREE:
            found.append(Difference(DifferenceKind.REQUIRED, question.path, "", question.required))
    if all(difference.kind is DifferenceKind.VERSION for difference in found):
        return ()  # a version needs to grow only when something else changed
    places = {path: at for at, path in enumerate(_leaves(old))}
    last = len(places)
    return tuple(sorted(found, key=lambda d: (not d.breaking, places.get(d.path, last if d.path else -1))))
