"""One form being filled in: answers, rows, and everything computed from them."""

from __future__ import annotations

import random
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from app.domain.errors import BadInput, Refused
from app.questionnaire import bindtypes
from app.questionnaire.acting import first_of, owners_of
from app.questionnaire.building import Builder, below
from app.questionnaire.choosing import meant_from, nearest_first, still_offered
from app.questionnaire.definition import Event
from app.questionnaire.instance import insert_child, prepare_instance
from app.questionnaire.offering import from_items, from_nodes
from app.questionnaire.preload import end_questions, preload
from app.questionnaire.reactor import Reactor, as_bool, as_count
from app.questionnaire.serialise import serialise
from app.questionnaire.state import ChangeSet, Choice, Entry, RemovedRow, Task
from app.questionnaire.wording import Wording
from app.questionnaire.xpath.dates import from_instant
from app.questionnaire.xpath.node import document
from app.questionnaire.xpath.values import Scope, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime, tzinfo

    from app.questionnaire.definition import FormModel, SetValue
    from app.questionnaire.xpath.node import Node

BEIJING = timezone(timedelta(hours=8))
"""The program's civil time zone; forms use it unless told otherwise."""

MAX_ROWS = 1_000
"""A counted repeat never grows beyond this."""
MAX_DEPTH = 50
"""Changes that set off changes beyond this never end."""


class Engine:
    """A form and its answers.

    ``now`` is the clock at opening (move it with ``set_now``), ``answers`` an earlier state or submission;
    ``zone`` is the zone of dates and times; ``rng`` feeds ``uuid()`` and ``random()``; ``properties``
    answer forms that ask for ``deviceid``, ``username`` and the like.

    Raises:
        BadInput: ``questionnaire.not_xml`` or ``questionnaire.other_form`` for answers that do not fit,
            ``questionnaire.endless`` for a form that never settles.
    """

    def __init__(
        self,
        form: FormModel,
        now: datetime,
        answers: str | bytes | None = None,
        *,
        zone: tzinfo = BEIJING,
        rng: random.Random | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> None:
        self.form = form
        self.zone = zone
        root = prepare_instance(form, answers)
        top = document(root)
        instances = dict(form.instances)
        if form.main_id:
            instances.setdefault(form.main_id, top)
        self.scope = Scope(
            now=now,
            zone=zone,
            rng=rng or random.SystemRandom(),
            root=top,
            instances=instances,
            namespaces=form.namespaces,
            version=form.version,
            properties=dict(properties or {}),
        )
        self.wording = Wording(form, self.scope)
        self._reactor = Reactor(self.scope, self._handlers())
        self.scope.choice_name = self._choice_name
        self._builder = Builder(form, self._reactor, zone)
        self._fires = {a.owner for a in form.actions if Event.VALUE_CHANGED in a.events}
        self._wanted: dict[Entry, int] = {}
        self._loading = True
        self._reopened = answers is not None
        self._depth = 0
        self.root = self._builder.build(root)
        self._start(first=answers is None)
        self._loading = False
        self._reactor.changes = ChangeSet()

    def _start(self, *, first: bool) -> None:
        if first:
            preload(self.root, self.scope)
        self._reactor.run()
        if first:
            self._fire(Event.FIRST_LOAD, None)
        self._fire(Event.LOAD, None)
        self._fill_static_choices()
        self._reactor.run()

    def _handlers(self) -> dict[Task, Callable[[Entry, Value], None]]:
        return {
            Task.RELEVANT: self._on_relevant,
            Task.COUNT: self._on_count,
            Task.CALCULATE: self._on_calculate,
            Task.ITEMSET: self._on_items,
            Task.READONLY: self._on_readonly,
            Task.REQUIRED: self._on_required,
            Task.CONSTRAINT: self._on_constraint,
        }

    # ---- reading -------------------------------------------------------------------------------------

    def entries(self) -> Iterator[Entry]:
        """Every entry in the form's order, ranges and rows included."""
        return below(self.root)

    def at(self, path: str) -> list[Entry]:
        """Entries of a path without positions: one, or one per row (ranges come with their rows)."""
        return list(self._builder.by_path.get(path, ()))

    def entry(self, ref: str) -> Entry | None:
        """The entry of a path with positions."""
        plain = "".join(part.partition("]")[2] if "]" in part else part for part in ref.split("["))
        return next((e for e in self._builder.by_path.get(plain, ()) if e.ref == ref), None)

    def choices(self, entry: Entry) -> tuple[Choice, ...]:
        """The choices offered now, labelled in the active language."""
        control = entry.control
        if control is None:
            return ()
        if control.itemset is not None:
            nodes = self._reactor.evaluate(control.itemset.nodes, entry.node)
            found = nodes if isinstance(nodes, list) else []
            return from_nodes(control.itemset, found, entry.node, self.wording)
        return from_items(control.items, entry.node, self.wording)

    def to_xml(self, *, everything: bool = False) -> str:
        """The answers; ``everything`` keeps what is not relevant too (for drafts)."""
        return serialise(self.root.node, everything=everything)

    # ---- what the user does --------------------------------------------------------------------------

    def answer(self, entry: Entry, value: Value) -> ChangeSet:
        """Write an answer; it is kept even when it breaks a rule.

        Raises:
            Refused: ``questionnaire.not_a_question`` for a group or row, ``questionnaire.readonly``.
        """
        if entry.repeat is not None or entry.row_of is not None or entry.node.elements():
            raise Refused("questionnaire.not_a_question", question=entry.path)
        if entry.readonly:
            raise Refused("questionnaire.readonly", question=entry.path)
        return self.put(entry, value)

    def put(self, entry: Entry, value: Value) -> ChangeSet:
        """Write a value as the program, read-only or not; a choice not offered yet waits until it is."""
        self._reactor.changes = changes = ChangeSet()
        self._depth = 0
        entry.withheld = ""
        self._keep(entry, value)
        if Task.ITEMSET in entry.tasks:
            self._match_offered(entry)
        self._reactor.run()
        return changes

    def add_row(self, spread: Entry) -> ChangeSet:
        """Add a row at the end of a range.

        Raises:
            Refused: ``questionnaire.fixed_rows`` when the form decides on the number of rows.
        """
        if spread.is_fixed:
            raise Refused("questionnaire.fixed_rows", question=spread.path)
        self._reactor.changes = changes = ChangeSet()
        self._insert_row(spread)
        self._reactor.run()
        return changes

    def remove_row(self, spread: Entry, index: int) -> ChangeSet:
        """Take away the row at ``index`` (from 0).

        Raises:
            Refused: ``questionnaire.fixed_rows`` or ``questionnaire.no_such_row``.
        """
        if spread.is_fixed:
            raise Refused("questionnaire.fixed_rows", question=spread.path)
        if not 0 <= index < len(spread.rows):
            raise Refused("questionnaire.no_such_row", question=spread.path)
        self._reactor.changes = changes = ChangeSet()
        self._delete_row(spread, index)
        self._reactor.run()
        return changes

    def insert_row(self, spread: Entry, index: int, answers: Node) -> ChangeSet:
        """Bring a removed row back to its place (from 0); where rows are counted, in place of the fresh one.

        Raises:
            Refused: ``questionnaire.fixed_rows`` or ``questionnaire.no_such_row``.
        """
        repeat = spread.repeat
        if repeat is None or repeat.fixed:
            raise Refused("questionnaire.fixed_rows", question=spread.path)
        counted = repeat.control.count is not None
        if not 0 <= index <= len(spread.rows) - counted:
            raise Refused("questionnaire.no_such_row", question=spread.path)
        self._reactor.changes = changes = ChangeSet()
        if counted:
            self._delete_row(spread, index)
            changes.removed.clear()
        row = self._builder.put_back(self.root, spread, index, answers)
        self._shape_changed(spread)
        self._fill_static_choices(row)
        self._reactor.run()
        return changes

    def stamp_end(self) -> None:
        """Write the moment of finishing into the form's ``end`` questions."""
        for entry in end_questions(self.root):
            self.put(entry, from_instant(self.scope.now, self.zone))

    def set_language(self, language: str) -> None:
        """Switch the language of labels."""
        if language in self.form.itext:
            self.wording.language = language

    def set_now(self, now: datetime) -> None:
        """Move the clock."""
        self.scope.now = now

    # ---- rows ----------------------------------------------------------------------------------------

    def _insert_row(self, spread: Entry) -> Entry:
        repeat, parent = self.form.repeats[spread.path], spread.parent or self.root
        counted = repeat.control.count is not None and len(spread.rows) < len(repeat.defaults)
        node = (repeat.defaults[len(spread.rows)] if counted else repeat.template).clone()
        insert_child(parent.node, node, self.form.child_order.get(parent.path, ()))
        row = self._builder.build_row(spread, node)
        spread.rows.append(row)
        self._shape_changed(spread)
        preload(row, self.scope)
        if not self._loading:
            self._reactor.run()
        self._fire(Event.NEW_REPEAT, row)
        self._fill_static_choices(row)
        return row

    def _delete_row(self, spread: Entry, index: int) -> None:
        self._reactor.changes.removed.append(RemovedRow(spread.ref, index, spread.rows[index].node))
        row = spread.rows.pop(index)
        if row.node.parent is not None:
            row.node.parent.children.remove(row.node)
        for part in below(row):
            self._reactor.schedule_readers(part.node.readers)
        self._builder.discard(row)
        self._shape_changed(spread)

    def _shape_changed(self, spread: Entry) -> None:
        self._reactor.changes.ranges.add(spread)
        for computation in spread.tasks.values():
            if computation.task is not Task.COUNT:
                self._reactor.schedule(computation)
        if spread.parent is not None:
            readers = spread.parent.node.shape_readers or {}
            for name in (spread.node.local, ""):
                self._reactor.schedule_readers(readers.get(name))

    # ---- what computations lead to -------------------------------------------------------------------

    def _keep(self, entry: Entry, value: Value) -> None:
        kind = entry.bind.type if entry.bind is not None else "string"
        entry.node.holds = bindtypes.held(kind, value)
        self._write(entry, bindtypes.normalise(kind, value, self.zone))

    def _write(self, entry: Entry, text: str) -> None:
        if entry.node.value() == text:
            return
        entry.node.set_value(text)
        self._reactor.changes.entries.add(entry)
        self._reactor.schedule_readers(entry.node.readers)
        if entry.path in self._fires and not self._loading:
            self._reactor.run()
            if self._depth == MAX_DEPTH:
                raise BadInput("questionnaire.endless", question=entry.path)
            self._depth += 1
            self._fire(Event.VALUE_CHANGED, entry)
            self._depth -= 1

    def _on_relevant(self, entry: Entry, value: Value) -> None:
        entry.relevant_self = as_bool(value)
        around = entry.parent.relevant if entry.parent is not None else True
        self._spread_relevance(entry, around=around)

    def _spread_relevance(self, entry: Entry, *, around: bool) -> None:
        relevant = around and entry.relevant_self
        if entry.node.relevant == relevant:
            return
        entry.node.relevant = relevant
        self._reactor.changes.entries.add(entry)
        self._reactor.schedule_readers(entry.node.readers)
        calculation = entry.tasks.get(Task.CALCULATE)
        if calculation is not None and relevant:
            self._reactor.schedule(calculation)
        for child in entry.children:
            self._spread_relevance(child, around=relevant)
        if entry.repeat is None:
            return
        around_rows = entry.parent.relevant if entry.parent is not None else True
        for row in entry.rows:
            self._spread_relevance(row, around=around_rows)

    def _on_count(self, entry: Entry, value: Value) -> None:
        count = as_count(value, self.scope)
        if count is None and (self._reopened or not self._loading):
            return  # a blank says nothing about the rows that are there
        under_way = entry in self._wanted  # a new row made the count run again
        self._wanted[entry] = min(count or 0, MAX_ROWS)
        if under_way:
            return
        while len(entry.rows) < self._wanted[entry]:
            self._insert_row(entry)
        while len(entry.rows) > self._wanted[entry]:
            self._delete_row(entry, len(entry.rows) - 1)
        del self._wanted[entry]

    def _on_calculate(self, entry: Entry, value: Value) -> None:
        if entry.relevant:
            self._keep(entry, value)

    def _on_readonly(self, entry: Entry, value: Value) -> None:
        entry.readonly_self = self._flag(entry, entry.readonly_self, as_bool(value))

    def _on_required(self, entry: Entry, value: Value) -> None:
        entry.required = self._flag(entry, entry.required, as_bool(value))

    def _on_constraint(self, entry: Entry, value: Value) -> None:
        entry.constraint_ok = self._flag(entry, entry.constraint_ok, as_bool(value))

    def _flag(self, entry: Entry, before: bool, after: bool) -> bool:
        if before != after:
            self._reactor.changes.entries.add(entry)
        return after

    def _on_items(self, entry: Entry, value: Value) -> None:
        nodes = value if isinstance(value, list) else []
        computation = entry.tasks[Task.ITEMSET]
        for part in (n for node in nodes for n in (node, *node.descendants())):
            if part.readers is not None:
                computation.reads.add(part)
                part.readers.add(computation)
        if entry.control is not None and entry.control.itemset is not None:
            choices = from_nodes(entry.control.itemset, nodes, entry.node, self.wording)
            if choices != entry.choices:
                entry.choices = choices
                self._reactor.changes.entries.add(entry)
        self._match_offered(entry)

    def _match_offered(self, entry: Entry) -> None:
        """Clear what is no longer offered, bring back what is offered again."""
        wanted = entry.withheld or entry.stored
        kept = still_offered(entry, wanted)
        entry.withheld = "" if kept == wanted else wanted
        self._write(entry, kept)

    def _fill_static_choices(self, top: Entry | None = None) -> None:
        for entry in below(top or self.root):
            if entry.control is not None and entry.control.items:
                entry.choices = self.choices(entry)

    def _choice_name(self, value: str, path: str, node: Node) -> str:
        """The label of a code in the list of a question; in a repeat the question of the nearest row."""
        asked = nearest_first(self._builder.by_path.get(meant_from(node, path), ()), node)
        found = (one.label for entry in asked for one in self.choices(entry) if one.value == value)
        return next(found, "")

    # ---- actions -------------------------------------------------------------------------------------

    def _fire(self, event: Event, source: Entry | None) -> None:
        """Run the actions of an event at its source (a question, a new row, or the whole form)."""
        for action in self.form.actions:
            if event not in action.events:
                continue
            for owner in owners_of(self._builder.by_path, self.root, action, event, source):
                self._act(action, owner, event)
        self._reactor.run()

    def _act(self, action: SetValue, owner: Entry, event: Event) -> None:
        """Write to the (first) target; what is not relevant at loading stays blank."""
        self.scope.unfiltered = True
        nodes = self._reactor.evaluate(action.target, owner.node)
        self.scope.unfiltered = False
        target = first_of(nodes, self._builder.by_path.get(action.target_path, ()))
        if target is None or (event in {Event.FIRST_LOAD, Event.LOAD} and not target.relevant):
            return
        value = action.text if action.value is None else self._reactor.evaluate(action.value, target.node)
        self._keep(target, value)
