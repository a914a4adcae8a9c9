"""The lines of the recovery sheet: a slip of the pen is found in its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.recovery_text import is_line, lines_of, same_line, secret_of

SCOPE = "990101000000"
SECRET = bytes(range(32))


@given(st.binary(min_size=32, max_size=32))
def test_every_secret_comes_back(secret: bytes) -> None:
    lines = lines_of(secret, SCOPE)
    assert [len(line) for line in lines] == [22] * 4
    assert secret_of("\n".join(lines), SCOPE) == secret
    assert all(is_line(number, line) for number, line in enumerate(lines, start=1))


def test_small_letters_other_grouping_and_look_alikes_are_read() -> None:
    lines = lines_of(SECRET, SCOPE)
    text = "-".join(lines).lower().replace("0", "o").replace("1", "l")
    assert secret_of(text, SCOPE) == SECRET
    assert same_line(lines[0], lines[0].lower().replace(" ", ""))


@pytest.mark.parametrize("line", [1, 2, 3, 4])
@pytest.mark.parametrize("place", [0, 7, 15, 16])
def test_a_wrong_letter_is_found_in_its_line(line: int, place: int) -> None:
    lines = list(lines_of(SECRET, SCOPE))
    plain = lines[line - 1].replace(" ", "")
    other = "Z" if plain[place] != "Z" else "Y"
    lines[line - 1] = plain[:place] + other + plain[place + 1 :]
    with pytest.raises(BadInput, match=r"root\.line_wrong") as caught:
        secret_of(" ".join(lines), SCOPE)
    assert caught.value.params["line"] == line


def test_two_letters_exchanged_and_two_lines_exchanged_are_found() -> None:
    one, two, three, four = lines_of(SECRET, SCOPE)
    plain = one.replace(" ", "")
    swapped = plain[1] + plain[0] + plain[2:]
    assert swapped != plain
    for text in (f"{swapped} {two} {three} {four}", f"{two} {one} {three} {four}"):
        with pytest.raises(BadInput, match=r"root\.line_wrong"):
            secret_of(text, SCOPE)


def test_too_much_too_little_and_no_letters_at_all() -> None:
    whole = " ".join(lines_of(SECRET, SCOPE))
    for text in ("", whole[:-6], whole + " 00"):
        with pytest.raises(BadInput, match=r"root\.sheet_length"):
            secret_of(text, SCOPE)
    assert not is_line(1, "中" * 18)
    with pytest.raises(BadInput, match=r"root\.line_wrong"):
        secret_of("U" * 72, SCOPE)


def test_the_sheet_of_another_place_is_not_taken() -> None:
    with pytest.raises(BadInput, match=r"root\.sheet_other"):
        secret_of(" ".join(lines_of(SECRET, "990102000000")), SCOPE)
