"""What a form says, as frozen values: binds, controls, texts, choices, actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.questionnaire.xpath.compiler import Expression
    from app.questionnaire.xpath.node import Node

HH_NS = "http://babutong/household"
"""Namespace of the workbook column ``bind::hh:field`` that ties a question to a field of the household."""
XFORMS_NS = "http://www.w3.org/2002/xforms"
HTML_NS = "http://www.w3.org/1999/xhtml"
JR_NS = "http://openrosa.org/javarosa"
ODK_NS = "http://www.opendatakit.org/xforms"
ORX_NS = "http://openrosa.org/xforms"


class ControlKind(StrEnum):
    """Elements of the form's body."""

    INPUT = "input"
    SECRET = "secret"  # noqa: S105 - the name of an element
    SELECT_ONE = "select1"
    SELECT_MANY = "select"
    RANK = "rank"
    RANGE = "range"
    UPLOAD = "upload"
    TRIGGER = "trigger"
    GROUP = "group"
    REPEAT = "repeat"


class Event(StrEnum):
    """Moments at which actions run."""

    FIRST_LOAD = "odk-instance-first-load"
    LOAD = "odk-instance-load"
    NEW_REPEAT = "odk-new-repeat"
    VALUE_CHANGED = "xforms-value-changed"


@dataclass(frozen=True, slots=True)
class TextSource:
    """A label: literal parts and outputs, or a reference (``jr:itext(…)`` or a path) in ``ref``."""

    parts: tuple[str | Expression, ...] = ()
    ref: Expression | None = None
    itext_id: str = ""

    @property
    def is_fixed(self) -> bool:
        """Whether the text never changes while filling, language apart."""
        return self.ref is None and all(isinstance(p, str) for p in self.parts)


@dataclass(frozen=True, slots=True)
class Bind:
    """Rules of one question; ``path`` is absolute without positions. ``core`` is its ``hh:field``."""

    path: str
    type: str = "string"
    relevant: Expression | None = None
    calculate: Expression | None = None
    readonly: Expression | None = None
    required: Expression | None = None
    constraint: Expression | None = None
    constraint_message: TextSource | None = None
    required_message: TextSource | None = None
    preload: str = ""
    preload_params: str = ""
    core: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One choice written in the form."""

    value: str
    label: TextSource


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices taken from nodes."""

    nodes: Expression
    value: Expression
    label: Expression | None


@dataclass(frozen=True, slots=True)
class Control:
    """One element of the body; groups and repeats hold ``children``.

    ``path`` is the absolute path of the answer, or of the repeated group; "" for a group without one.
    ``options`` holds other attributes by local name (start, end, step, rows, mediatype, noAddRemove …).
    """

    kind: ControlKind
    path: str
    label: TextSource | None = None
    hint: TextSource | None = None
    guidance: TextSource | None = None
    appearance: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    itemset: Itemset | None = None
    children: tuple[Control, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    count: Expression | None = None

    def walk(self) -> Iterator[Control]:
        """This control and all below, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class SetValue:
    """Write a value when an event happens; ``owner`` is the control or repeat it stands in ("" = model)."""

    events: frozenset[str]
    target: Expression
    target_path: str
    value: Expression | None
    text: str
    owner: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repeated group: its path, the row that new rows copy, who decides on the number of rows.

    ``defaults`` are the rows the form itself holds; counted repeats take them first.
    """

    path: str
    template: Node
    control: Control
    fixed: bool
    defaults: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One text of the itext table: its forms ("" = the plain one, image, audio, guidance …)."""

    forms: Mapping[str, tuple[str | Expression, ...]]


@dataclass(frozen=True, slots=True)
class FormModel:
    """A loaded form; immutable, shared by all who fill it in. ``order`` ranks paths for evaluation.

    ``child_order`` lists the names below each path as the form wrote them; ``main_id`` is the primary
    instance's own id. ``missing_media`` names lists that were not given.
    """

    form_id: str
    version: str
    title: str
    instance: Node
    binds: Mapping[str, Bind]
    body: tuple[Control, ...]
    controls: Mapping[str, Control]
    repeats: Mapping[str, Repeat]
    itext: Mapping[str, Mapping[str, Message]]
    default_language: str
    instances: Mapping[str, Node]
    actions: tuple[SetValue, ...]
    namespaces: Mapping[str, str]
    order: Mapping[tuple[str, str], int]
    child_order: Mapping[str, tuple[str, ...]]
    main_id: str = ""
    missing_media: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the form, in its order."""
        return tuple(self.itext)
