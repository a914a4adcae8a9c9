"""The home visit (入户): open the questionnaire with what is known, finish it into the records.

A finished questionnaire is kept as it was filled in (its XML is a blob named by a submission); its core
answers become the fields of the household, its members, items and conditions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Value
from app.questionnaire.checking import errors
from app.questionnaire.corefields import CoreAnswer, core_fields, form_text, prefill
from app.questionnaire.engine import Engine
from app.storage.tx import CIVIL_ZONE
from app.usecases.forms import current_form, model_of
from app.usecases.households import Edit, apply_edits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from app.domain.changes import Changes
    from app.storage.tx import Tx
    from app.usecases.office import Office

VISIT = "visit"
_MONEY = (Kind.INCOME, Kind.EXPENSE)


@dataclass(frozen=True, slots=True)
class Visit:
    """An open questionnaire.

    ``previous`` maps core fields to last round's values as text; ``answers`` are case fields already known.
    """

    engine: Engine
    form: str
    case: EntityId
    household: EntityId
    head: str
    previous: Mapping[str, str]
    draft_at: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the records say about a household in a round."""

    values: dict[str, Value]
    members: list[dict[str, Value]]
    items: dict[str, list[EntityId]]  # by core field, those of single members among them
    conditions: str


def open_visit(office: Office, case: EntityId, form_id: str = VISIT) -> Visit:
    """Open the questionnaire of a case: its draft, or a fresh form filled in with what is known.

    Raises:
        Refused: ``entity.unknown``, ``questionnaire.unknown_form``.
    """
    model = model_of(current_form(office, form_id))
    now = office.workspace.clock.now().astimezone(CIVIL_ZONE)
    draft = office.drafts.load(subject(form_id, case))
    with office.workspace.write(office.actor) as tx:
        values = tx.load(Kind.CASE, case)
        household = EntityId(str(values["household"]))
        known = _known(tx, household, values)
        before = _previous(tx, household, values)
    engine = Engine(model, now, draft[0] if draft else None)
    if draft is None:
        case_values: dict[str, Value] = {f"case.{code}": value for code, value in values.items()}
        prefill(engine, {**case_values, **known.values}, {"member": known.members})
    head = next((str(m.get("name", "")) for m in known.members), "")
    return Visit(engine, form_id, case, household, head, before, draft[1] if draft else "")


def save_draft(office: Office, visit: Visit) -> None:
    """Keep the questionnaire as it stands; it opens there again after a crash."""
    now = office.workspace.clock.now()
    office.drafts.save(subject(visit.form, visit.case), visit.engine.to_xml(everything=True), now)


def discard_draft(office: Office, visit: Visit) -> None:
    """Forget the unfinished questionnaire."""
    office.drafts.discard(subject(visit.form, visit.case))


def subject(form_id: str, case: str) -> str:
    """Return the name a draft is kept under."""
    return f"{form_id}:{case}"


def finish_visit(office: Office, visit: Visit, reason: str = "") -> Changes:
    """Write a complete questionnaire into the records; the case's step is closed by its own action.

    Raises:
        Refused: ``questionnaire.incomplete`` (param ``count``) and the faults of the new values.
    """
    left = errors(visit.engine)
    if left:
        raise Refused("questionnaire.incomplete", count=len(left))
    form = current_form(office, visit.form)
    answers = core_fields(visit.engine)
    with office.workspace.write(office.actor) as tx:
        blob = tx.put_blob(visit.engine.to_xml().encode())
        uid = tx.new_id()
        submission: dict[str, Value] = {
            "household": visit.household,
            "case": visit.case,
            "form": form.id,
            "form_version": form.version,
            "form_hash": form.hash,
            "blob": blob,
            "finished_on": tx.today.isoformat(),
        }
        scope = tx.scope_of(visit.case)
        tx.record("submission.finished", Kind.SUBMISSION, uid, submission, scope=scope)
        apply_answers(tx, office, uid, answers, reason)
    discard_draft(office, visit)
    return tx.changes


def apply_answers(
    tx: Tx, office: Office, submission: EntityId, answers: Sequence[CoreAnswer], reason: str = ""
) -> None:
    """Write the core answers of a recorded submission into its household and case.

    Raises:
        Refused: ``entity.unknown`` and the codes of ``households.apply_edits``.
    """
    case = EntityId(str(tx.load(Kind.SUBMISSION, submission).get("case", "")))
    values = tx.load(Kind.CASE, case)
    household = EntityId(str(values["household"]))
    counted = partial(office.policy.codes("income_item").trait, name="counts")
    now = _Round(values["round"], tx.today.isoformat(), counted)
    edits = list(_edits(answers, _known(tx, household, values), now))
    apply_edits(tx, office, household, edits, reason)
    own = _case_fields(answers, values)
    tx.record("case.visited", Kind.CASE, case, {**own, "submission": submission})


def _known(tx: Tx, household: EntityId, case: Mapping[str, Value]) -> _Known:
    values: dict[str, Value] = {
        f"household.{code}": value for code, value in tx.load(Kind.HOUSEHOLD, household).items()
    }
    members = [
        {**member, "id": uid}
        for uid, member in tx.children(Kind.MEMBER, "household", household)
        if member.get("status", "present") in {"", "present"}
    ]
    members.sort(key=lambda member: (member.get("relation") != "01", str(member.get("born", ""))))
    items: dict[str, list[EntityId]] = {}
    for kind in _MONEY:
        for uid, item in tx.children(kind, "household", household):
            amount = item.get("amount_fen", "")
            if item.get("round") == case.get("round") and isinstance(amount, int):
                field = _item_field(kind, item)
                items.setdefault(field, []).append(uid)
                so_far = values.get(field, 0)
                values[field] = amount + (so_far if isinstance(so_far, int) else 0)
    conditions = ""
    for uid, found in tx.children(Kind.CONDITIONS, "household", household):
        if found.get("round") == case.get("round"):
            conditions = uid
            values |= {f"conditions.{code}": value for code, value in found.items()}
    return _Known(values, members, items, conditions)


def _item_field(kind: Kind, item: Mapping[str, Value]) -> str:
    """Return the core field an amount is asked under: "income.<category>.<item>" or "expense.<category>"."""
    own = f".{item['item']}" if kind is Kind.INCOME and item.get("item") else ""
    return f"{kind}.{item.get('category', '')}{own}"


def _previous(tx: Tx, household: EntityId, case: Mapping[str, Value]) -> dict[str, str]:
    """Return the amounts of the round before this one, summed per core field, as the form writes them."""
    rounds = dict(_rounds_of(tx, household))
    now = str(case.get("round", ""))
    earlier = [uid for uid in rounds if uid != now]
    if not earlier:
        return {}
    last = max(earlier, key=lambda uid: (str(rounds[uid].get("opened_on", "")), uid))
    sums: dict[str, int] = {}
    for kind in _MONEY:
        for _, item in tx.children(kind, "household", household):
            amount = item.get("amount_fen", "")
            if item.get("round") == last and isinstance(amount, int):
                field = _item_field(kind, item)
                sums[field] = sums.get(field, 0) + amount
    return {field: form_text(field, amount) for field, amount in sums.items()}


def _rounds_of(tx: Tx, household: EntityId) -> Iterable[tuple[str, dict[str, Value]]]:
    seen = {
        str(item.get("round", "")) for kind in _MONEY for _, item in tx.children(kind, "household", household)
    } - {""}
    for uid in sorted(seen):
        yield uid, tx.load(Kind.ROUND, uid)


@dataclass(frozen=True, slots=True)
class _Round:
    """What new items are stamped with; ``counted`` tells whether an item enters the income per head."""

    id: Value
    today: str
    counted: Callable[[str], Value]


def _edits(answers: Sequence[CoreAnswer], known: _Known, now: _Round) -> Iterable[Edit]:
    for answer in answers:
        if answer.field.partition(".")[0] in _MONEY:
            yield from _amount(answer, known, now)
    household = _fields_of(answers, Kind.HOUSEHOLD)
    if household:
        yield Edit(Kind.HOUSEHOLD, "", household)
    for row in _member_rows(answers):
        uid = str(row.pop("id", ""))
        if uid or row.get("name"):
            yield Edit(Kind.MEMBER, uid, row)
    conditions = _fields_of(answers, Kind.CONDITIONS)
    if conditions:
        seen = {**conditions, "checked_on": now.today, "round": now.id}
        yield Edit(Kind.CONDITIONS, known.conditions, seen)


def _fields_of(answers: Iterable[CoreAnswer], kind: Kind) -> dict[str, Value]:
    start = f"{kind}."
    return {a.field.removeprefix(start): a.value for a in answers if a.field.startswith(start)}


def _member_rows(answers: Iterable[CoreAnswer]) -> Iterable[dict[str, Value]]:
    rows: dict[str, dict[str, Value]] = {}
    for answer in answers:
        if answer.row and answer.field.startswith("member."):
            rows.setdefault(answer.row, {})[answer.field.removeprefix("member.")] = answer.value
    return rows.values()


def _amount(answer: CoreAnswer, known: _Known, now: _Round) -> Iterable[Edit]:
    """Turn the total of a question into items: one item of the household takes the place of several."""
    kind, _, rest = answer.field.partition(".")
    category, _, item = rest.partition(".")
    uids = known.items.get(answer.field, [])
    if answer.value == known.values.get(answer.field, ""):
        return
    if uids:
        yield Edit(Kind(kind), uids[0], {"amount_fen": answer.value, "member": ""})
        for other in uids[1:]:
            yield Edit(Kind(kind), other, {"void": 1})
        return
    fields: dict[str, Value] = {"amount_fen": answer.value, "round": now.id, "category": category}
    if kind == Kind.INCOME:
        fields |= {"item": item, "counts": int(now.counted(item) != 0)}
    yield Edit(Kind(kind), "", fields)


def _case_fields(answers: Iterable[CoreAnswer], values: Mapping[str, Value]) -> dict[str, Value]:
    found = {
        answer.field.partition(".")[2]: answer.value for answer in answers if answer.field.startswith("case.")
    }
    return {code: value for code, value in found.items() if values.get(code, "") != value}
