from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.money import parse_yuan, yuan, yuan_grouped

FEN = st.integers(-(10**13), 10**13)


@given(FEN)
def test_yuan_comes_back(fen: int) -> None:
    assert parse_yuan(yuan(fen)) == fen
    assert parse_yuan(yuan_grouped(fen)) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("1,234.5", 123450),
        ("１２００元", 120000),
        ("-3.20", -320),
        ("￥12", 1200),
        ("7.", 700),
        ("1.200", 120),
        ("-0", 0),
    ],
)
def test_amounts_people_write(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money.not_a_number"),
        ("一千", "money.not_a_number"),
        ("1.2.3", "money.not_a_number"),
        ("1e5", "money.not_a_number"),
        ("1.234", "money.decimals"),
        ("1234567890123", "money.too_large"),
    ],
)
def test_each_refusal(text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_yuan(text)
    assert refusal.value.code == code


def test_display() -> None:
    assert (yuan(123456789), yuan_grouped(123456789), yuan_grouped(-5)) == (
        "1234567.89",
        "1,234,567.89",
        "-0.05",
    )
