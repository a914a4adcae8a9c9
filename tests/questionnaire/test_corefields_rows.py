"""Between answers and the fields of households: what a form has no place for."""

from __future__ import annotations

from app.questionnaire.corefields import prefill
from tests.questionnaire.forms import at, engine_of, value

FORM = """
| survey   |
|          | type         | name | label | bind::hh:field |
|          | begin_repeat | who  | 谁    | |
|          | text         | id   | 编号  | member.id |
|          | text         | name | 姓名  | member.name |
|          | end_repeat   |      |       | |
| settings |
|          | namespaces |
|          | hh="http://babutong/household" |
"""


def test_rows_are_made_to_fit_and_unknown_kinds_passed_over() -> None:
    engine = engine_of(FORM)
    prefill(
        engine, {}, {"member": [{"id": "a", "name": "王"}, {"id": "b", "name": "李"}], "item": [{"id": "c"}]}
    )
    assert [value(engine, f"who[{n}]/name") for n in (1, 2)] == ["王", "李"]
    prefill(engine, {}, {"member": [{"id": "b", "name": "李"}]})
    assert len(at(engine, "who").rows) == 1
    assert value(engine, "who[1]/id") == "b"
