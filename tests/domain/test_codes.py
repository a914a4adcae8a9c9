from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.codes import Code, CodeList, plain
from app.domain.field_types import FieldType
from app.domain.fields import FIELDS
from tests.domain.code_lists import LISTS

RISK = CodeList(
    "risk",
    "风险",
    (
        Code("illness", "因病", ("疾病",)),
        Code("old", "因老", (), date(2014, 1, 1), date(2020, 12, 31)),
        Code("other", "其他、其它", ("疾病",), valid_from=date(2020, 1, 1), traits={"remark": 1}),
    ),
)
EVERY = [(name, code.code) for name, codes in LISTS.items() for code in codes.codes]


@pytest.mark.parametrize(("name", "code"), EVERY)
def test_every_word_that_ships_means_its_own_code(name: str, code: str) -> None:
    codes = LISTS[name]
    entry = codes.get(code)
    assert entry is not None
    for word in (entry.label, entry.code, *entry.aliases):
        assert codes.code_for(word) == code
        assert codes.code_for(f" {word} ") == code
    assert codes.label(code) == entry.label


SEVERAL = sorted(
    {
        field.codelist
        for fields in FIELDS.values()
        for field in fields.values()
        if field.type is FieldType.CODES
    }
    & set(LISTS)
)
"""Lists of which several codes can stand in one field; no label of theirs may hold a separator."""


@given(st.sampled_from(SEVERAL), st.data())
def test_several_choices_come_back_in_any_order(name: str, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(LISTS[name].codes), unique=True))
    stored = " ".join(sorted(code.code for code in chosen))
    words = data.draw(st.sampled_from("、,，;；/|\n")).join(code.label for code in chosen)
    assert LISTS[name].codes_for(words) == stored
    assert LISTS[name].codes_for(LISTS[name].labels(stored)) == stored


def test_unknown_words_are_not_guessed() -> None:
    assert RISK.code_for("因病等") is None
    assert RISK.codes_for("因病、因某事") is None
    assert RISK.label("gone") == "gone"
    assert RISK.labels("illness gone") == "因病、gone"
    assert RISK.get("gone") is None


def test_the_first_code_keeps_a_word_two_codes_claim() -> None:
    assert RISK.code_for("疾病") == "illness"


def test_a_label_may_hold_a_separator() -> None:
    assert RISK.codes_for("其他、其它") == "other"


@pytest.mark.parametrize(
    ("day", "offered"),
    [
        (date(2013, 12, 31), ["illness"]),
        (date(2014, 1, 1), ["illness", "old"]),
        (date(2020, 12, 31), ["illness", "old", "other"]),
        (date(2021, 1, 1), ["illness", "other"]),
        (None, ["illness", "old", "other"]),
    ],
)
def test_codes_are_offered_on_their_days(day: date | None, offered: list[str]) -> None:
    assert [code.code for code in RISK.choices(day)] == offered


def test_a_code_out_of_date_is_read_and_not_chosen() -> None:
    assert RISK.code_for("因老", date(2026, 1, 1)) is None
    assert RISK.codes_for("因病、因老", date(2026, 1, 1)) is None
    assert RISK.code_for("因老", date(2016, 1, 1)) == "old"
    assert RISK.label("old") == "因老"


def test_traits() -> None:
    assert RISK.trait("other", "remark") == 1
    assert RISK.trait("other", "colour") == ""
    assert RISK.trait("gone", "remark") == ""


def test_plain() -> None:
    assert plain(" Ａ级 ") == "a级"


def test_all_nationalities_and_income_items_are_there() -> None:
    assert [c.code for c in LISTS["ethnicity"].codes[:56]] == [f"{n:02d}" for n in range(1, 57)]
    for code in LISTS["income_item"].codes:
        assert LISTS["income_category"].get(str(code.traits["category"]))
        assert code.traits["counts"] in {0, 1}
