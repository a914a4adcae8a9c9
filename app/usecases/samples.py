"""Samples (抽查): the township draws whom it visits again, in a way anybody can draw again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Value
from app.domain.sampling import draw
from app.domain.stage import read_state
from app.domain.workflow import Link
from app.usecases.cases import take_action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.changes import Changes
    from app.usecases.office import Office


def draw_sample(office: Office, cases: Sequence[EntityId], seed: str, rate: int | None = None) -> Changes:
    """Draw a sample from these cases; ``rate`` is per mille (the pack's when left out).

    Every case learns which draw it stood in; the drawn ones wait for a result.

    Raises:
        Refused: ``sampling.no_seed``, ``sampling.rate``, ``sampling.nobody``, ``sampling.wrong_step`` when a
            case is not at the checking step, ``sampling.mixed`` (several rounds or workflows),
            ``sampling.already_drawn`` (a draw that stands is not repeated until it suits),
            ``region.outside``.
    """
    with office.workspace.write(office.actor) as tx:
        values = {uid: tx.load(Kind.CASE, uid) for uid in cases}
        if not values:
            raise Refused("sampling.nobody")
        first = values[cases[0]]
        if any((v["workflow"], v["round"]) != (first["workflow"], first["round"]) for v in values.values()):
            raise Refused("sampling.mixed")
        for earlier in {str(case.get(Link.SAMPLE, "")) for case in values.values()} - {""}:
            if not tx.load(Kind.SAMPLE, earlier).get("void"):
                raise Refused("sampling.already_drawn")
        pack = office.policy.pack(str(first["pack"]))
        drawn = draw(seed, pack.parameters.sample_rate if rate is None else rate, cases)
        uid = tx.new_id(Kind.SAMPLE)
        fields: dict[str, Value] = {
            **drawn.fields(),
            "round": first["round"],
            "workflow": first["workflow"],
            "drawn_on": tx.today.isoformat(),
        }
        tx.record("sample.drawn", Kind.SAMPLE, uid, fields)
        for case, known in values.items():
            workflow = office.policy.workflow(known)
            state = read_state(workflow, known)
            steps = [step for step in state.open if workflow.step(step).link is Link.SAMPLE]
            if not steps:
                raise Refused("sampling.wrong_step")
            take_action(tx, office, case, f"{steps[0]}.save", {"sample_in": uid})
    return tx.changes
