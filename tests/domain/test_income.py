from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.ids import Value
from app.domain.income import (
    ExpenseCategory,
    IncomeCategory,
    Statement,
    below_line,
    counted_persons,
    income_window,
    judge_sudden,
    net_income_fen,
    per_head,
    state_income,
)
from app.domain.synthetic import synthetic_people

FEN = st.integers(0, 10**10)


def income(category: str, fen: Value, **more: Value) -> dict[str, Value]:
    return {"category": category, "amount_fen": fen, **more}


FOUR = {"status": "present", "relation": "03"}


def test_the_arithmetic_of_a_household() -> None:
    incomes = [
        income("wage", 2_000_000, item="wage_away", name="外出务工工资"),
        income("operating", 800_000),
        income("operating", 100_000),
        income("property", 50_000),
        income("transfer", 30_000),
        income("transfer", 40_000, counts=0),
        income("payout", 500_000, counts=0),
        income("wage", 9_999_999, void=1),
        income("wage", ""),
    ]
    expenses = [income("production", 300_000), income("medical", 120_000), income("gift", 70_000)]
    statement = state_income(incomes, expenses, [FOUR] * 3)
    assert [(line.category, line.sign, line.fen) for line in statement.lines] == [
        ("wage", 1, 2_000_000),
        ("operating", 1, 900_000),
        ("property", 1, 50_000),
        ("transfer", 1, 30_000),
        ("production", -1, 300_000),
    ]
    assert statement.net_fen == 2_680_000
    assert (statement.payout_fen, statement.medical_fen, statement.left_out_fen) == (500_000, 120_000, 40_000)
    assert statement.sudden_fen == 3_060_000
    assert statement.per_head_fen == 893_333
    assert statement.lines[0].parts[0].name == "外出务工工资"
    assert [part.counted for part in statement.lines[3].parts] == [True, False]


def test_nothing_recorded_is_not_zero_income() -> None:
    statement = state_income([], [], [FOUR])
    assert not statement.recorded
    assert statement.per_head_fen is None
    assert state_income([income("wage", 100)], [], []).per_head_fen is None


def test_void_items_alone_are_nothing() -> None:
    assert not state_income([income("wage", 100, void=1)], [], [FOUR]).recorded


@given(
    st.lists(st.tuples(st.sampled_from(list(IncomeCategory)), FEN)),
    st.lists(st.tuples(st.sampled_from(list(ExpenseCategory)), FEN)),
)
def test_net_income_is_the_formula(incomes: list[tuple[str, int]], expenses: list[tuple[str, int]]) -> None:
    earned = sum(fen for category, fen in incomes if category != "payout")
    spent = sum(fen for category, fen in expenses if category == "production")
    got = [income(str(category), fen) for category, fen in incomes]
    paid = [income(str(category), fen) for category, fen in expenses]
    assert net_income_fen(got, paid) == earned - spent
    assert net_income_fen(reversed(got), reversed(paid)) == earned - spent
    statement = state_income(got, paid, [])
    assert statement.net_fen == sum(line.sign * line.fen for line in statement.lines)


@pytest.mark.parametrize(
    ("member", "counts"),
    [
        ({}, 1),
        ({"status": "present", "shares_income": 1}, 1),
        ({"status": "present", "shares_income": ""}, 1),
        ({"status": "present", "shares_income": 0}, 0),
        ({"status": "deceased"}, 0),
        ({"status": "left"}, 0),
        ({"status": "void"}, 0),
    ],
)
def test_who_is_counted(member: dict[str, Value], counts: int) -> None:
    assert counted_persons([member]) == counts


@given(total=st.integers(-(10**12), 10**12), persons=st.integers(1, 30), line=st.integers(0, 10**7))
def test_the_line_is_compared_without_dividing(total: int, persons: int, line: int) -> None:
    assert below_line(total, persons, line) == (
        Decimal(total) / Decimal(1) < Decimal(line) * Decimal(persons)
    )


def test_one_fen_decides() -> None:
    assert below_line(1_199_999, 3, 400_000)
    assert not below_line(1_200_000, 3, 400_000)
    assert per_head(1_199_999, 3) == 400_000  # what is shown is rounded and decides nothing


@given(total=st.integers(-(10**12), 10**12), persons=st.integers(1, 30))
def test_rounding_is_half_up(total: int, persons: int) -> None:
    exact = (Decimal(total) / Decimal(persons)).quantize(Decimal(1), ROUND_HALF_UP)
    assert per_head(total, persons) == int(exact)


def test_nobody_shares_the_income() -> None:
    for rule in (lambda: below_line(1, 0, 1), lambda: per_head(1, 0)):
        with pytest.raises(Refused) as refusal:
            rule()
        assert refusal.value.code == "income.nobody"


@pytest.mark.parametrize(
    ("identified", "first", "last"),
    [
        (date(2021, 6, 15), date(2020, 6, 1), date(2021, 5, 31)),
        (date(2021, 1, 31), date(2020, 1, 1), date(2020, 12, 31)),
        (date(2024, 3, 1), date(2023, 3, 1), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2023, 2, 1), date(2024, 1, 31)),
    ],
)
def test_the_window(identified: date, first: date, last: date) -> None:
    assert income_window(identified) == (first, last)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_the_window_is_twelve_full_months(identified: date) -> None:
    first, last = income_window(identified)
    assert first.day == 1
    assert (last.year * 12 + last.month) - (first.year * 12 + first.month) == 11
    assert 1 <= (identified - last).days <= 31


def stated(net: int, medical: int = 0, payout: int = 0) -> Statement:
    return Statement((), net, 2, payout, medical, 0, recorded=True)


def test_sudden_hardship() -> None:
    calm = judge_sudden(stated(2_000_000), stated(2_000_000), 500_000)
    assert not calm.advised
    ill = judge_sudden(stated(2_000_000, medical=1_500_000), stated(2_000_000), 500_000)
    assert (ill.below, ill.dropped, ill.surged) == (True, False, True)
    insured = judge_sudden(stated(2_000_000, medical=1_500_000, payout=1_000_000), None, 500_000)
    assert not insured.advised
    fallen = judge_sudden(stated(1_400_000), stated(2_000_000), 500_000)
    assert (fallen.dropped, fallen.advised) == (True, True)
    assert not judge_sudden(stated(1_400_001), stated(2_000_000), 500_000).dropped
    assert not judge_sudden(stated(1), None, None).advised
    assert not judge_sudden(stated(1), Statement((), 0, 2), None).advised
    assert not judge_sudden(Statement((), 1, 0), None, 500_000).below


def test_the_net_income_is_that_of_the_statement() -> None:
    for household in synthetic_people(3, 60, date(2026, 3, 1)):
        incomes = [item.values for item in household.incomes]
        expenses = [item.values for item in household.expenses]
        for gone in ({}, {"void": 1}, {"amount_fen": ""}, {"counts": 0}):
            some = [{**item, **gone} if n % 2 else item for n, item in enumerate(incomes)]
            spent = [{**item, **gone} if n % 2 else item for n, item in enumerate(expenses)]
            assert net_income_fen(some, spent) == state_income(some, spent, ()).net_fen
