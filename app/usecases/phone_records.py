"""The answers of a questionnaire that was filled in elsewhere become the records of its household."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId, Kind
from app.questionnaire.corefields import cells_of
from app.usecases.core_records import Stamp, case_fields, edits_of, is_the_visit, known_of
from app.usecases.households import apply_edits

if TYPE_CHECKING:
    from app.storage.tx import Tx
    from app.usecases.office import Office
    from app.usecases.phone_matching import Carried


def apply_answers(tx: Tx, office: Office, submission: EntityId, carried: Carried, reason: str = "") -> None:
    """Write the core answers of a recorded submission into its household and case.

    Only what says something else than the record is written, and a blank erases nothing: nobody knows
    whether the phone showed what is recorded.

    Raises:
        Refused: ``entity.unknown`` and the codes of ``households.apply_edits``.
    """
    values = tx.load(Kind.SUBMISSION, submission)
    case = EntityId(str(values.get("case", "")))
    case_values = tx.load(Kind.CASE, case)
    household = EntityId(str(case_values["household"]))
    known = known_of(tx, household, (case, case_values), carried.own)
    told = cells_of(carried.answers)
    wanted = {
        cell: value
        for cell, value in told.items()
        if cell[0] != "member.id" and value not in {"", known.value(cell)}
    }
    counted = partial(office.policy.codes("income_item").trait, name="counts")
    asked = any(name.startswith(f"{Kind.CONDITIONS}.") for name, _ in told)
    new_member = partial(tx.new_id, Kind.MEMBER, tx.scope_of(household))
    edits = edits_of(wanted, known, Stamp(tx.today.isoformat(), counted, new_member), seen=asked)
    apply_edits(tx, office, household, edits, reason)
    own = case_fields(wanted)
    if is_the_visit(office, case_values, str(values.get("form", ""))):
        own["submission"] = submission
    tx.record("case.visited", Kind.CASE, case, own)
