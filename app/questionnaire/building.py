"""Makes entries and their computations for a tree of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaire import bindtypes
from app.questionnaire.definition import ControlKind
from app.questionnaire.instance import insert_child
from app.questionnaire.state import Computation, Entry, Task
from app.questionnaire.xpath.node import Node, NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from app.questionnaire.definition import Bind, Control, FormModel
    from app.questionnaire.reactor import Reactor
    from app.questionnaire.xpath.compiler import Expression

_FIRST, _AFTER = 0, 1  # answers and relevance settle before the rest is judged
_UNRANKED = 1_000_000


def below(entry: Entry) -> Iterator[Entry]:
    """The entry and all entries under it, rows included."""
    yield entry
    for child in entry.children:
        yield from below(child)
    for row in entry.rows:
        yield from below(row)


def mark_live(node: Node) -> None:
    """Let computations register on the node."""
    node.readers = set()
    node.shape_readers = {}


class Builder:
    """Builds the entries of one engine."""

    def __init__(self, form: FormModel, reactor: Reactor, zone: tzinfo) -> None:
        self._form = form
        self._reactor = reactor
        self._zone = zone
        self.by_path: dict[str, list[Entry]] = {}
        targets = {a.target_path for a in form.actions}
        self._attributes = {p for p in {*form.binds, *targets} if "/@" in p}
        self._rows_below: dict[str, list[str]] = {}
        for path in form.repeats:
            self._rows_below.setdefault(path.rpartition("/")[0], []).append(path)

    def build(self, root: Node) -> Entry:
        """Entries for the whole tree."""
        if root.parent is not None:
            mark_live(root.parent)
        return self._entry(root, f"/{root.name}", None)

    def build_row(self, spread: Entry, node: Node) -> Entry:
        """Entries for a new row of a range; the node stands in the tree already."""
        return self._entry(node, spread.path, spread.parent, row_of=spread)

    def put_back(self, root: Entry, spread: Entry, index: int, node: Node) -> Entry:
        """Entries for the node of a removed row, which comes back at ``index`` (from 0) of its range."""
        around = root if spread.parent is None else spread.parent
        after = spread.rows[index].node if index < len(spread.rows) else None
        insert_child(around.node, node, self._form.child_order.get(around.path, ()), after)
        row = self.build_row(spread, node)
        spread.rows.insert(index, row)
        place = {entry: at for at, entry in enumerate(below(root))}
        for path in {part.path for part in below(row)}:
            self.by_path[path].sort(key=place.__getitem__)
        return row

    def discard(self, entry: Entry) -> None:
        """Take a row and all its computations away."""
        for part in below(entry):
            for computation in part.tasks.values():
                self._reactor.forget(computation)
            listed = self.by_path.get(part.path, [])
            if part in listed:
                listed.remove(part)

    def _entry(self, node: Node, path: str, parent: Entry | None, row_of: Entry | None = None) -> Entry:
        mark_live(node)
        node.relevant = parent.relevant if parent is not None else True
        bind = self._form.binds.get(path)
        node.holds = bindtypes.held(bind.type if bind is not None else "string")
        control = None if row_of is not None else self._form.controls.get(path)
        entry = Entry(node, path, parent, bind, control, row_of=row_of)
        if node.is_leaf() and bind is not None and node.children:
            node.set_value(bindtypes.normalise(bind.type, node.value(), self._zone))
        self.by_path.setdefault(path, []).append(entry)
        self._children(entry)
        self._tasks(entry, bind, control)
        return entry

    def _children(self, entry: Entry) -> None:
        """Child entries in the form's order, ranges in the place of their rows."""
        path, node = entry.path, entry.node
        for attribute in node.attributes:
            if f"{path}/@{attribute.name}" in self._attributes:
                entry.children.append(self._entry(attribute, f"{path}/@{attribute.name}", entry))
        ranges = {p.rpartition("/")[2]: p for p in self._rows_below.get(path, [])}
        names = list(self._form.child_order.get(path, ()))
        names += [c.name for c in node.elements() if c.name not in names]
        for name in names:
            if name in ranges:
                entry.children.append(self._range(entry, ranges[name]))
                continue
            for child in [c for c in node.elements() if c.name == name]:
                entry.children.append(self._entry(child, f"{path}/{name}", entry))

    def _range(self, parent: Entry, path: str) -> Entry:
        repeat = self._form.repeats[path]
        phantom = Node(NodeKind.ELEMENT, repeat.template.local, prefix=repeat.template.prefix)
        phantom.ns = repeat.template.ns
        phantom.parent = parent.node
        mark_live(phantom)
        phantom.relevant = parent.relevant
        bind = self._form.binds.get(path)
        spread = Entry(phantom, path, parent, bind, repeat.control, repeat)
        self.by_path.setdefault(path, []).append(spread)
        for child in [c for c in parent.node.elements() if c.name == repeat.template.name]:
            spread.rows.append(self._entry(child, path, parent, row_of=spread))
        if bind is not None:
            self._task(spread, Task.RELEVANT, bind.relevant)
            self._task(spread, Task.READONLY, bind.readonly)
        self._task(spread, Task.COUNT, repeat.control.count)
        return spread

    def _tasks(self, entry: Entry, bind: Bind | None, control: Control | None) -> None:
        if bind is not None:
            self._task(entry, Task.RELEVANT, bind.relevant)
            self._task(entry, Task.READONLY, bind.readonly)
            if entry.row_of is None:
                self._task(entry, Task.CALCULATE, bind.calculate)
                self._task(entry, Task.REQUIRED, bind.required)
                self._task(entry, Task.CONSTRAINT, bind.constraint)
        if control is not None and control.itemset is not None:
            self._task(entry, Task.ITEMSET, control.itemset.nodes)

    def _task(self, entry: Entry, task: Task, expression: Expression | None) -> None:
        if expression is None:
            return
        phase = _FIRST if task <= Task.CALCULATE else _AFTER
        kind = "value" if task == Task.CALCULATE else "relevant"
        place = self._form.order.get((kind, entry.path), _UNRANKED)
        computation = Computation(task, entry, expression, (phase, place, int(task)))
        entry.tasks[task] = computation
        self._reactor.schedule(computation)


def is_question(entry: Entry) -> bool:
    """Whether the entry is asked (has a control that is no group)."""
    return entry.control is not None and entry.control.kind not in {ControlKind.GROUP, ControlKind.REPEAT}
