from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from app.domain.fault import Severity
from app.domain.identity import (
    FEMALE,
    MALE,
    IdKind,
    agreement,
    check_digit,
    disability_faults,
    mask_account,
    mask_field,
    mask_id,
    mask_name,
    mask_phone,
    normalise,
    phone_faults,
    read_identity,
)

TODAY = date(2026, 3, 31)
BORN = st.dates(date(1906, 4, 1), TODAY)
SEQUENCE = st.integers(1, 999)


def numbered(region: str, born: date, sequence: int) -> str:
    first17 = f"{region}{born:%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


GOOD = numbered("990101", date(1980, 1, 2), 1)


def codes(text: str, today: date | None = TODAY) -> list[str]:
    return [fault.code for fault in read_identity(text, today).faults]


@given(born=BORN, sequence=SEQUENCE)
def test_check_digit_agrees_with_stdnum(born: date, sequence: int) -> None:
    number = numbered("990101", born, sequence)
    assert ric.calc_check_digit(number) == number[-1]


@given(born=BORN, sequence=SEQUENCE)
def test_birth_and_sex_come_back(born: date, sequence: int) -> None:
    identity = read_identity(numbered("530102", born, sequence), TODAY)
    assert identity.kind is IdKind.CITIZEN
    assert identity.born == born.isoformat()
    assert identity.sex == (MALE if sequence % 2 else FEMALE)
    assert identity.is_sound
    assert identity.comparable


@given(born=BORN, sequence=SEQUENCE, place=st.integers(0, 16), plus=st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(born: date, sequence: int, place: int, plus: int) -> None:
    number = numbered("990101", born, sequence)
    wrong = number[:place] + str((int(number[place]) + plus) % 10) + number[place + 1 :]
    assert not read_identity(wrong, TODAY).is_sound


@given(born=BORN, sequence=SEQUENCE, place=st.integers(0, 15))
def test_two_digits_swapped_are_always_noticed(born: date, sequence: int, place: int) -> None:
    number = numbered("990101", born, sequence)
    if number[place] != number[place + 1]:
        wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert not read_identity(wrong, TODAY).is_sound


@given(st.text(max_size=30))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    identity = read_identity(text, TODAY)
    assert identity.number == normalise(text)
    assert normalise(identity.number) == identity.number
    assert identity.is_sound == (not any(f.severity is Severity.ERROR for f in identity.faults))


@pytest.mark.parametrize(
    "placeholder",
    [
        "999999195001010018",
        "999999198812310026",
        "999999202002290034",
        "999999200906150043",
        "99999919750315001X",
    ],
)
def test_placeholders_are_kept_and_stay_out_of_comparison(placeholder: str) -> None:
    identity = read_identity(placeholder, TODAY)
    assert identity.kind is IdKind.PLACEHOLDER
    assert [fault.code for fault in identity.faults] == ["identity.placeholder"]
    assert identity.is_sound
    assert not identity.comparable
    assert identity.born == f"{placeholder[6:10]}-{placeholder[10:12]}-{placeholder[12:14]}"
    assert check_digit(placeholder[:17]) == placeholder[17]


def test_a_placeholder_without_a_date_tells_nothing() -> None:
    identity = read_identity("999999000000000000", TODAY)
    assert (identity.kind, identity.born, identity.sex) == (IdKind.PLACEHOLDER, "", "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "identity.none"),
        ("5.13E+17", "identity.excel_notation"),
        ("5.1302219800101E+17", "identity.excel_notation"),
        ("5E17", "identity.excel_notation"),
        ("513022198001010000.0", "identity.excel_notation"),
        (GOOD[:15] + "000", "identity.excel_zeros"),
        ("99010119800102ABCD", "identity.characters"),
        ("11010180010100X", "identity.characters"),
        (GOOD[:17], "identity.last_missing"),
        (GOOD[:12], "identity.length"),
        ("9" * 19, "identity.length"),
        (GOOD + "X", "identity.characters"),
        ("110101800101001", "identity.old_number"),
        ("110101801301001", "identity.birth_invalid"),
        ("99010119801301001" + check_digit("99010119801301001"), "identity.birth_invalid"),
        ("99010119810229001" + check_digit("99010119810229001"), "identity.birth_invalid"),
        (numbered("990101", TODAY + timedelta(days=1), 1), "identity.birth_future"),
        (GOOD[:17] + ("1" if GOOD[17] != "1" else "2"), "identity.check_digit"),
        (GOOD + "83", "identity.card"),
        (GOOD + "35", "identity.card"),
        (numbered("990101", date(1900, 1, 2), 1), "identity.too_old"),
        (numbered("980101", date(1980, 1, 2), 1), "identity.region_unknown"),
        (numbered("990201", date(1980, 1, 2), 1), "identity.region_unknown"),
    ],
)
def test_each_fault(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_dates_are_not_judged_without_a_day() -> None:
    assert codes(numbered("990101", TODAY + timedelta(days=400), 1), None) == []


def test_a_sound_number_that_ends_in_zeros_is_doubted() -> None:
    days = (date(1980, 1, day) for day in range(1, 29))
    ending = next(n for day in days if (n := numbered("990101", day, 100)).endswith("000"))
    assert codes(ending) == ["identity.zeros_suspect"]


def test_full_width_digits_spaces_and_small_x_are_repaired() -> None:
    number = next(n for s in range(1, 999) if (n := numbered("990101", date(1980, 1, 2), s)).endswith("X"))
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number.lower())
    identity = read_identity(f"'{wide[:6]} {wide[6:]}\u200b", TODAY)
    assert identity.number == number
    assert [fault.code for fault in identity.faults] == ["identity.repaired"]


def test_an_old_number_passes_when_confirmed() -> None:
    identity = read_identity("110101800101001", TODAY, old_confirmed=True)
    assert identity.kind is IdKind.OLD
    assert identity.faults == ()
    assert (identity.born, identity.sex) == ("1980-01-01", MALE)
    assert not identity.comparable


@pytest.mark.parametrize("tail", ["44", "11", "74B1"])
def test_a_disability_card_holds_the_number(tail: str) -> None:
    identity = read_identity(GOOD + tail, TODAY)
    assert identity.kind is IdKind.CARD
    assert identity.born == "1980-01-02"
    assert identity.comparable
    assert disability_faults(GOOD + tail, GOOD) == ()
    assert [f.code for f in disability_faults(GOOD + tail, numbered("990101", date(1981, 1, 2), 1))] == [
        "identity.card_differs"
    ]


@pytest.mark.parametrize("card", ["1234", GOOD + "04", GOOD + "45", GOOD + "44X1", GOOD[:17] + "?44"])
def test_a_wrong_card(card: str) -> None:
    assert [fault.code for fault in disability_faults(card, "")] == ["identity.card"]


def test_no_card_is_no_fault() -> None:
    assert disability_faults("", GOOD) == ()


def test_sex_and_birth_must_agree() -> None:
    identity = read_identity(GOOD, TODAY)
    assert agreement(identity, "1", "1980-01-02") == ()
    assert agreement(identity, "", "") == ()
    assert [f.code for f in agreement(identity, "2", "1980-01-03")] == [
        "identity.sex_differs",
        "identity.born_differs",
    ]
    assert agreement(read_identity("x"), "2", "1980-01-03") == ()


@pytest.mark.parametrize(
    "phone", ["", "13800000000", " 199 0000 1234", "１９９００００１２３４", "138-0000-0000"]
)
def test_mobile_numbers(phone: str) -> None:
    assert phone_faults(phone) == ()


@pytest.mark.parametrize("phone", ["12800000000", "1380000000", "0871-1234567", "1380000000x"])
def test_other_numbers_are_doubted(phone: str) -> None:
    assert [(f.code, f.severity) for f in phone_faults(phone)] == [("identity.phone", Severity.WARNING)]


def test_masks() -> None:
    assert mask_id("110101198001020018") == "110101********0018"
    assert mask_id("110101800101001") == "110101*****1001"
    assert mask_id("1101") == "****"
    assert mask_phone("13812341234") == "138****1234"
    assert mask_phone("1234567") == "*******"
    assert mask_account("6222000011112222") == "************2222"
    assert mask_account("1234") == "****"
    assert (mask_name("张三"), mask_name("张三丰"), mask_name("欧阳小明")) == ("张*", "张*丰", "欧**明")
    assert mask_name("买买提·艾力") == "买买提·**"
    assert mask_name("") == ""


def test_masks_by_field() -> None:
    assert mask_field("id_number", "110101198001020018") == "110101********0018"
    assert mask_field("health", "3") == "***"
    assert mask_field("phone", "") == ""


@given(
    st.text(min_size=1, max_size=30),
    st.sampled_from(["id_number", "phone", "bank_account", "health", "objector"]),
)
def test_a_mask_never_shows_everything(text: str, field: str) -> None:
    masked = mask_field(field, text)
    assert "*" in masked or (field == "objector" and len(text.replace("·", "")) <= 1) or set(text) <= {"*"}


def test_no_number_stands_in_a_fault() -> None:
    for text in (GOOD[:17] + "?", GOOD[:16], GOOD[:17]):
        assert not any(GOOD[:10] in str(fault.params) for fault in read_identity(text, TODAY).faults)
