"""Between a questionnaire's core answers and the records: what is known, what changes, what clashes.

Answers are compared three ways: what the record said when the questionnaire was opened (of a change: what the
finished questionnaire said), what the questionnaire says now, and what the record says now. Only what the
person changed is written; what was changed elsewhere meanwhile is never overwritten unasked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.ids import EntityId, Kind, Value
from app.questionnaire.corefields import is_new_row
from app.usecases.households import Edit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from app.domain.submission import Cell
    from app.storage.tx import Tx

MONEY = (Kind.INCOME, Kind.EXPENSE)
_PRESENT = frozenset({"", "present"})

Place = tuple[Kind, str, str]
"""A field of an entity: kind, id, code."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the records say about a household in a round.

    ``cells`` holds the values by core field and owner, ``places`` the fields of entities behind each, the
    first of which is written. ``own`` are the amounts asked of each member.
    """

    cells: dict[Cell, Value]
    places: dict[Cell, list[Place]]
    members: list[dict[str, Value]]
    conditions: str
    round: Value
    own: frozenset[str] = frozenset()

    def value(self, cell: Cell) -> Value:
        """Return what is recorded, "" for nothing."""
        return self.cells.get(cell, "")

    def show(self, texts: Mapping[str, Value]) -> None:
        """Take in what is shown and never written, by field."""
        self.cells.update({(name, ""): text for name, text in texts.items()})

    def values(self) -> dict[str, Value]:
        """Return what concerns the household as a whole, by core field."""
        return {name: value for (name, owner), value in self.cells.items() if not owner}

    def rows(self) -> list[dict[str, Value]]:
        """Return the members present with the amounts that are their own, as the questionnaire lists them."""
        return [
            {
                **member,
                **{
                    name: v
                    for (name, owner), v in self.cells.items()
                    if name in self.own and owner == member["id"]
                },
            }
            for member in self.members
        ]


def known_of(
    tx: Tx, household: EntityId, case: tuple[str, Mapping[str, Value]], own: frozenset[str] = frozenset()
) -> Known:
    """Return what is recorded for a household in the round of a case (its id and values)."""
    case_id, case_values = case
    known = Known({}, {}, [], "", case_values.get("round", ""), own)
    _take(known, Kind.HOUSEHOLD, household, tx.load(Kind.HOUSEHOLD, household))
    _take(known, Kind.CASE, case_id, case_values)
    members = tx.children(Kind.MEMBER, "household", household)
    for uid, values in members:
        _take(known, Kind.MEMBER, uid, values, owner=uid)
    present = [{**values, "id": uid} for uid, values in members if values.get("status", "") in _PRESENT]
    known.members.extend(sorted(present, key=lambda m: (m.get("relation") != "01", str(m.get("born", "")))))
    for kind in MONEY:
        for uid, item in tx.children(kind, "household", household):
            if item.get("round") == known.round:
                _add_amount(known, kind, uid, item)
    conditions = ""
    for uid, found in tx.children(Kind.CONDITIONS, "household", household):
        if found.get("round") == known.round:
            conditions = uid
            _take(known, Kind.CONDITIONS, uid, found)
    return Known(known.cells, known.places, known.members, conditions, known.round, own)


def _take(known: Known, kind: Kind, uid: str, values: Mapping[str, Value], owner: str = "") -> None:
    for code, value in values.items():
        cell = (f"{kind}.{code}", owner)
        known.cells[cell] = value
        known.places[cell] = [(kind, uid, code)]


def _add_amount(known: Known, kind: Kind, uid: str, item: Mapping[str, Value]) -> None:
    amount = item.get("amount_fen", "")
    name = item_field(kind, item)
    cell = (name, str(item.get("member", "")) if name in known.own else "")
    known.places.setdefault(cell, []).append((kind, uid, "amount_fen"))
    if isinstance(amount, int):
        before = known.cells.get(cell, 0)
        known.cells[cell] = amount + (before if isinstance(before, int) else 0)


def item_field(kind: Kind, item: Mapping[str, Value]) -> str:
    """Return the core field an amount is asked under: "income.<category>.<item>" or "expense.<category>"."""
    own = f".{item['item']}" if kind is Kind.INCOME and item.get("item") else ""
    return f"{kind}.{item.get('category', '')}{own}"


@dataclass(frozen=True, slots=True)
class Base:
    """How things stood when the questionnaire was opened.

    ``known`` is what was recorded (of a change: what the finished questionnaire said), ``shown`` what the
    questionnaire showed; a blank that was shown blank erases nothing.
    """

    known: Mapping[Cell, Value] = field(default_factory=dict["Cell", Value])
    shown: Mapping[Cell, Value] = field(default_factory=dict["Cell", Value])

    @property
    def listed(self) -> frozenset[str]:
        """The members the questionnaire listed."""
        return frozenset(owner for name, owner in self.shown if name == "member.id" and not is_new_row(owner))


def changed(answers: Mapping[Cell, Value], base: Base) -> dict[Cell, Value]:
    """Return the answers that say something else than the record did when the questionnaire was opened."""
    found: dict[Cell, Value] = {}
    for cell, value in answers.items():
        known, shown = base.known.get(cell, ""), base.shown.get(cell, "")
        untouched = value == shown and (known != "" or value == "")
        if cell[0] != "member.id" and value != known and not untouched:
            found[cell] = value
    return found


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that was changed here and, since the questionnaire was opened, elsewhere too.

    ``recorded`` are the values that stand there now, several when they do not know of each other; ``heads``
    the entries that wrote them.
    """

    cell: Cell
    recorded: tuple[Value, ...]
    answered: Value
    heads: tuple[str, ...]


def clashes_of(tx: Tx, known: Known, wanted: Mapping[Cell, Value], base: Base) -> tuple[Clash, ...]:
    """Return where writing ``wanted`` would overwrite what nobody here has seen."""
    found: list[Clash] = []
    for cell, value in wanted.items():
        heads = [
            head for _, uid, code in known.places.get(cell, ()) for head in tx.folded(uid).heads.get(code, ())
        ]
        now = known.value(cell)
        several = len(heads) > max(1, len(known.places.get(cell, ())))
        if several or (now not in {value, base.known.get(cell, "")}):
            said = tuple(dict.fromkeys(head.value for head in heads)) if several else (now,)
            found.append(Clash(cell, said, value, tuple(head.entry for head in heads)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What new records are stamped with: today, and whether an income item enters the income per head."""

    today: str
    counted: Callable[[str], Value]
    new_id: Callable[[], EntityId]


def edits_of(wanted: Mapping[Cell, Value], known: Known, stamp: Stamp, *, seen: bool) -> list[Edit]:
    """Return the edits that write these answers; ``seen``: living conditions were looked at today."""
    fresh = {
        owner: stamp.new_id()
        for name, owner in wanted
        if is_new_row(owner) and name == "member.name" and wanted[name, owner] != ""
    }
    edits = [*_member_edits(wanted, fresh)]
    household = _of(wanted, Kind.HOUSEHOLD)
    if household:
        edits.append(Edit(Kind.HOUSEHOLD, "", household))
    for cell, value in wanted.items():
        if cell[0].partition(".")[0] in MONEY and (not is_new_row(cell[1]) or cell[1] in fresh):
            edits += _amount(cell, value, known, stamp, fresh)
    conditions = _of(wanted, Kind.CONDITIONS)
    if conditions or seen:
        told = {**conditions, "checked_on": stamp.today, "round": known.round}
        edits.append(Edit(Kind.CONDITIONS, known.conditions, told))
    return edits


def case_fields(wanted: Mapping[Cell, Value]) -> dict[str, Value]:
    """Return the answers that are fields of the case."""
    return _of(wanted, Kind.CASE)


def _of(wanted: Mapping[Cell, Value], kind: Kind) -> dict[str, Value]:
    start = f"{kind}."
    return {name.removeprefix(start): value for (name, _), value in wanted.items() if name.startswith(start)}


def _member_edits(wanted: Mapping[Cell, Value], fresh: Mapping[str, EntityId]) -> Iterable[Edit]:
    rows: dict[str, dict[str, Value]] = {}
    for (name, owner), value in wanted.items():
        kind, _, code = name.partition(".")
        if owner and kind == Kind.MEMBER:
            rows.setdefault(owner, {})[code] = value
    for owner, fields in rows.items():
        if not is_new_row(owner):
            yield Edit(Kind.MEMBER, owner, fields)
        elif owner in fresh:
            yield Edit(Kind.MEMBER, "", fields, fresh[owner])


def _amount(
    cell: Cell, value: Value, known: Known, stamp: Stamp, fresh: Mapping[str, EntityId]
) -> Iterable[Edit]:
    """Turn the total of a question into items: one item takes the place of several."""
    name, owner = cell
    kind, _, rest = name.partition(".")
    category, _, item = rest.partition(".")
    member: Value = fresh.get(owner, owner)
    places = known.places.get(cell, [])
    if places:
        yield Edit(Kind(kind), places[0][1], {"amount_fen": value, "member": member})
        for _, other, _ in places[1:]:
            yield Edit(Kind(kind), other, {"void": 1})
        return
    fields: dict[str, Value] = {"amount_fen": value, "round": known.round, "category": category}
    if member:
        fields["member"] = member
    if kind == Kind.INCOME:
        fields |= {"item": item, "counts": int(stamp.counted(item) != 0)}
    yield Edit(Kind(kind), "", fields)
