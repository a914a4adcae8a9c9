"""The home visit (入户) and every other questionnaire of a case: open, keep, look ahead, finish.

    visit = open_visit(office, case)           # the draft, or a fresh form filled in with what is known
    visit = change_submission(office, uid)     # a finished one to be changed: ``app.usecases.submissions``
    look_ahead(office, visit)                  # what finishing would meet with; writes nothing
    finish_visit(office, visit, Settled(…))

A finished questionnaire is kept as it was filled in (its XML is a blob named by a submission); its core
answers become the fields of the household, its members, items and conditions in the same transaction.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Value
from app.domain.income import state_income
from app.domain.submission import Settled
from app.queries.submissions import blob_of
from app.questionnaire.checking import errors
from app.questionnaire.corefields import cells, form_text, own_amounts, prefill, stated_per_head
from app.questionnaire.editing import Before, begin_edit, is_changed, revised
from app.questionnaire.engine import Engine
from app.questionnaire.metablock import instance_in, instance_of, name_instance
from app.storage.tx import CIVIL_ZONE
from app.usecases.core_records import (
    MONEY,
    Base,
    Clash,
    Known,
    Stamp,
    case_fields,
    changed,
    clashes_of,
    edits_of,
    is_the_visit,
    item_field,
    known_of,
)
from app.usecases.forms import current_form, model_of
from app.usecases.households import Edit, apply_edits, preview_effect
from app.usecases.known_answers import known_answers
from app.usecases.visit_drafts import Draft, form_of_draft, read_draft, subject, write_draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from app.domain.changes import Changes
    from app.files.form_in import FormFile
    from app.questionnaire.marked import Highlight
    from app.storage.tx import Tx
    from app.usecases.office import Office

VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Visit:
    """An open questionnaire.

    ``previous`` maps core fields to last round's values as text. ``replaces`` is the submission that is
    changed, "" for none; ``original`` is its XML and ``before`` how the form stood when that was opened, both
    empty once it is brought to another version (``upgraded``). ``draft_at`` is "" when there was no draft,
    ``newer`` the form's newer version, "" without one. ``marks`` are what a return highlighted.
    """

    engine: Engine
    form: str
    case: EntityId
    household: EntityId
    head: str
    previous: Mapping[str, str]
    version: FormFile
    base: Base
    draft_at: str = ""
    newer: str = ""
    replaces: str = ""
    upgraded: bool = False
    original: bytes = b""
    before: Before | None = None
    marks: tuple[Highlight, ...] = ()

    @property
    def is_unchanged(self) -> bool:
        """Tell whether a finished questionnaire was opened and nothing in it was changed."""
        return self.before is not None and not is_changed(self.engine, self.before)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What finishing would meet with.

    ``unchanged`` tells that nothing would be written. ``gone`` are the members (id, name) no longer listed;
    ``step`` is the step a case would go back to, "" for none, ``needs_reason`` whether a reason is asked for.
    ``stated_fen`` and ``counted_fen`` are the income per head by the form and by the records as they would
    be, None where there is none.
    """

    unchanged: bool = False
    clashes: tuple[Clash, ...] = ()
    gone: tuple[tuple[str, str], ...] = ()
    step: str = ""
    needs_reason: bool = False
    stated_fen: int | None = None
    counted_fen: int | None = None

    @property
    def income_differs(self) -> bool:
        """Tell whether the two figures differ by more than 1 fen."""
        if self.stated_fen is None or self.counted_fen is None:
            return False
        return abs(self.stated_fen - self.counted_fen) > 1


def open_visit(office: Office, case: EntityId, form_id: str = VISIT) -> Visit:
    """Open the questionnaire of a case: its draft, or a fresh form filled in with what is known.

    A draft opens under the version it was begun with.

    Raises:
        Refused: ``entity.unknown``, ``questionnaire.unknown_form``, ``questionnaire.unknown_version``.
    """
    draft = read_draft(office, subject(form_id, case))
    form = current_form(office, form_id) if draft is None else form_of_draft(office, form_id, draft)
    return open_with(office, case, form, draft)


def open_with(office: Office, case: EntityId, form: FormFile, draft: Draft | None) -> Visit:
    """Open a questionnaire of a case under a version; without ``draft`` a fresh one.

    Raises:
        Refused: ``entity.unknown``, ``submission.no_file`` when the XML being changed has not arrived.
    """
    engine = Engine(model_of(form), now_of(office), draft.xml if draft else None)
    visit, known = standing_visit(office, case, form, engine)
    if draft is None:
        prefill(engine, known.values(), {"member": known.rows()})
    base = (draft.base if draft else None) or Base(known.cells, cells(engine))
    visit = replace(visit, base=base)
    if draft is None:
        return visit
    visit = replace(visit, draft_at=draft.at, replaces=draft.replaces, upgraded=draft.upgraded)
    return _with_original(office, visit) if draft.replaces and not draft.upgraded else visit


def standing_visit(office: Office, case: EntityId, form: FormFile, engine: Engine) -> tuple[Visit, Known]:
    """Return an open questionnaire with what is known around it, and what is recorded.

    Raises:
        Refused: ``entity.unknown``.
    """
    with office.workspace.write(office.actor) as tx:
        values = tx.load(Kind.CASE, case)
        household = EntityId(str(values["household"]))
        known = known_of(tx, household, (case, values), own_amounts(engine.form))
        known.show(known_answers(tx, household, values))
        previous = _previous(tx, household, values)
    head = next((str(member.get("name", "")) for member in known.members), "")
    now = current_form(office, form.id)
    newer = now.version if now.hash != form.hash else ""
    return Visit(engine, form.id, case, household, head, previous, form, Base(), newer=newer), known


def _with_original(office: Office, visit: Visit) -> Visit:
    """Return a change with the finished questionnaire it began from; the draft has the marks of its rows."""
    with office.workspace.read() as conn:
        original = blob_of(conn, visit.replaces)
    as_finished = Engine(visit.engine.form, visit.engine.scope.now, original)
    return replace(visit, original=original, before=begin_edit(as_finished, original))


def save_draft(office: Office, visit: Visit, text: str = "") -> None:
    """Keep the questionnaire as it stands; it opens there again after a crash.

    ``text`` is the draft's XML where the caller has it already, as on another thread than the engine's.

    Raises:
        Unavailable: ``disk.full``, ``disk.failing``, ``disk.read_only``, ``workspace.busy``.
    """
    write_draft(office, subject(visit.form, visit.case), draft_of(visit, text))


def draft_of(visit: Visit, text: str = "") -> Draft:
    """Return what is kept of an open questionnaire; ``text`` is its XML if the caller has it."""
    xml = text or visit.engine.to_xml(everything=True)
    return Draft(
        xml, visit.draft_at, visit.version.hash, visit.replaces, upgraded=visit.upgraded, base=visit.base
    )


def discard_draft(office: Office, visit: Visit) -> None:
    """Forget the unfinished questionnaire."""
    office.drafts.discard(subject(visit.form, visit.case))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What finishing writes beside the submission."""

    known: Known
    clashes: tuple[Clash, ...]
    gone: tuple[tuple[str, str], ...]
    edits: list[Edit]
    case: dict[str, Value]


def _plan(tx: Tx, office: Office, visit: Visit, settled: Settled) -> _Plan:
    case = tx.load(Kind.CASE, visit.case)
    known = known_of(tx, visit.household, (visit.case, case), own_amounts(visit.engine.form))
    answers = cells(visit.engine)
    wanted = changed(answers, visit.base)
    clashes = clashes_of(tx, known, wanted, visit.base)
    open_clashes = tuple(
        c for c in clashes if c.cell not in settled.keep and settled.take.get(c.cell) != c.heads
    )
    written = {cell: value for cell, value in wanted.items() if cell not in settled.keep}
    counted = partial(office.policy.codes("income_item").trait, name="counts")
    scope = tx.scope_of(visit.household)
    stamp = Stamp(tx.today.isoformat(), counted, partial(tx.new_id, Kind.MEMBER, scope))
    asked = any(name.startswith(f"{Kind.CONDITIONS}.") for name, _ in answers)
    edits = edits_of(written, known, stamp, seen=asked and not visit.replaces)
    listed = {owner for name, owner in answers if name == "member.id"}
    gone = tuple(
        (str(one["id"]), str(one.get("name", "")))
        for one in known.members
        if one["id"] in visit.base.listed and one["id"] not in listed
    )
    edits += [Edit(Kind.MEMBER, uid, fields) for uid, fields in settled.left.items()]
    return _Plan(known, open_clashes, gone, edits, case_fields(written))


class _OnlyLooking(Exception):
    """Ends a trial write."""


def look_ahead(office: Office, visit: Visit, settled: Settled | None = None) -> Ahead:
    """Return what finishing a complete questionnaire would meet with; nothing is written.

    ``settled`` is what was decided so far.

    Raises:
        Refused: ``questionnaire.incomplete`` (param ``count``) and the faults of the new values.
    """
    _refuse_incomplete(visit)
    if visit.is_unchanged:
        return Ahead(unchanged=True)
    found: list[Ahead] = []
    edits: list[Edit] = []
    try:
        with office.workspace.write(office.actor) as tx:
            plan = _plan(tx, office, visit, settled or Settled())
            edits = plan.edits
            apply_edits(tx, office, visit.household, plan.edits, _TRIAL)
            counted = _counted(tx, visit, plan.known.round)
            stated = stated_per_head(visit.engine)
            found.append(Ahead(clashes=plan.clashes, gone=plan.gone, stated_fen=stated, counted_fen=counted))
            raise _OnlyLooking  # noqa: TRY301 -- leaving the block undoes the trial
    except _OnlyLooking:
        pass
    grave = [one for one in preview_effect(office, visit.household, edits) if one.needs_reason]
    step = next((one.step for one in grave if one.step), "")
    return replace(found[0], step=step, needs_reason=bool(grave))


_TRIAL = "-"  # the reason of a write that is undone


def _counted(tx: Tx, visit: Visit, round_id: Value) -> int | None:
    income, expense = (
        [v for _, v in tx.children(kind, "household", visit.household) if v.get("round") == round_id]
        for kind in MONEY
    )
    members = [values for _, values in tx.children(Kind.MEMBER, "household", visit.household)]
    return state_income(income, expense, members).per_head_fen


def _refuse_incomplete(visit: Visit) -> None:
    left = errors(visit.engine)
    if left:
        raise Refused("questionnaire.incomplete", count=len(left))


def finish_visit(office: Office, visit: Visit, settled: Settled | None = None) -> Changes:
    """Write a complete questionnaire into the records; the case's step is closed by its own action.

    A finished one that was opened and not changed writes nothing.

    Raises:
        Refused: ``questionnaire.incomplete`` (param ``count``), ``submission.clash`` (param ``count``) when a
            field was changed elsewhere and nobody chose, ``submission.replaced`` when somebody else changed
            the same questionnaire, and the faults of the new values.
    """
    _refuse_incomplete(visit)
    settled = settled or Settled()
    with office.workspace.write(office.actor) as tx:
        if not visit.is_unchanged:
            _finish(tx, office, visit, settled)
    discard_draft(office, visit)
    return tx.changes


def _finish(tx: Tx, office: Office, visit: Visit, settled: Settled) -> None:
    plan = _plan(tx, office, visit, settled)
    if plan.clashes:
        raise Refused("submission.clash", count=len(plan.clashes))
    if visit.replaces and tx.children(Kind.SUBMISSION, "replaces", visit.replaces):
        raise Refused("submission.replaced")
    apply_edits(tx, office, visit.household, plan.edits, settled.reason)
    data = _finished_xml(office, visit)
    uid = tx.new_id(Kind.SUBMISSION, tx.scope_of(visit.case))
    submission: dict[str, Value] = {
        "household": visit.household,
        "case": visit.case,
        "form": visit.version.id,
        "form_version": visit.version.version,
        "form_hash": visit.version.hash,
        "blob": tx.put_blob(data),
        "finished_on": tx.today.isoformat(),
        "instance_id": instance_of(visit.engine.root.node),
    }
    if visit.replaces:
        submission["replaces"] = visit.replaces
    tx.record("submission.finished", Kind.SUBMISSION, uid, submission, scope=tx.scope_of(visit.case))
    own = dict(plan.case)
    if is_the_visit(office, tx.load(Kind.CASE, visit.case), visit.form):
        own["submission"] = uid
    tx.record("case.visited", Kind.CASE, visit.case, own)


def _finished_xml(office: Office, visit: Visit) -> bytes:
    """Stamp the meta block and return the answers; of a change everything but what differs is kept."""
    engine = visit.engine
    engine.set_now(now_of(office))
    engine.stamp_end()
    if visit.before is not None:
        name_instance(engine, new_instance(), instance_in(visit.original))
        return revised(visit.original, engine, visit.before)
    if not instance_of(engine.root.node):
        name_instance(engine, new_instance())
    return engine.to_xml().encode()


def new_instance() -> str:
    """Return an id for a submission that nobody has yet."""
    return f"uuid:{uuid.uuid4()}"


def now_of(office: Office) -> datetime:
    """Return the time in China by the clock of the workspace."""
    return office.workspace.clock.now().astimezone(CIVIL_ZONE)


def _previous(tx: Tx, household: EntityId, case: Mapping[str, Value]) -> dict[str, str]:
    """Return the amounts of the round before this one, summed per core field, as the form writes them."""
    rounds = dict(_rounds_of(tx, household))
    now = str(case.get("round", ""))
    earlier = [uid for uid in rounds if uid != now]
    if not earlier:
        return {}
    last = max(earlier, key=lambda uid: (str(rounds[uid].get("opened_on", "")), uid))
    sums: dict[str, int] = {}
    for kind in MONEY:
        for _, item in tx.children(kind, "household", household):
            amount = item.get("amount_fen", "")
            if item.get("round") == last and isinstance(amount, int):
                name = item_field(kind, item)
                sums[name] = sums.get(name, 0) + amount
    return {name: form_text(name, amount) for name, amount in sums.items()}


def _rounds_of(tx: Tx, household: EntityId) -> Iterable[tuple[str, dict[str, Value]]]:
    seen = {
        str(item.get("round", "")) for kind in MONEY for _, item in tx.children(kind, "household", household)
    } - {""}
    for uid in sorted(seen):
        yield uid, tx.load(Kind.ROUND, uid)
