"""The main path through the use cases, from application to the exit's last step."""

from __future__ import annotations

from app.domain.ids import Kind
from tests.usecases.village import Village


def test_two_households_go_through_eight_steps_together(village: Village) -> None:
    pair = [village.open("吴福生"), village.open("赵·买买提")]
    for step in ("review", "visit", "compare", "appraise", "publicise", "check", "audit", "end"):
        village.forward(pair)
        assert [village.stage(case) for case in pair] == [step, step]
    assert {village.values(Kind.CASE, case)["status"] for case in pair} == {"approved"}
    assert len({village.values(Kind.CASE, case)["publicity"] for case in pair}) == 1


def test_exit_goes_up_to_the_certificate(village: Village) -> None:
    case = village.bring(village.open("吴福生", "exit"), "certify")
    values = village.values(Kind.CASE, case)
    assert (values["agreed"], values["decision"]) == (1, "approve")
