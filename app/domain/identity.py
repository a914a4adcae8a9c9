"""Citizens' identity numbers (GB 11643), disability card numbers and phones: read, check, mask.

    identity = read_identity(" １１０１０１……Ｘ", today)
    identity.number, identity.born, identity.sex, identity.faults

A number is normalised (full-width digits, spaces, lower-case x) and never guessed: damage done by a
spreadsheet is named as such. The number itself stands in no fault, because faults are logged and listed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.domain.fault import Fault, Severity, error, warning
from app.domain.region import PROVINCES

if TYPE_CHECKING:
    from collections.abc import Callable

LENGTH: Final = 18
OLD_LENGTH: Final = 15
PLACEHOLDER: Final = "999999"
DEMO_REGION: Final = "990101"
"""Never assigned; the region of synthetic people."""

MALE: Final = "1"
FEMALE: Final = "2"
MAX_AGE: Final = 120

LONG_NUMBER: Final = re.compile(r"\d{10,}[\dXx]")
"""A number in a text long enough to be an identity, telephone or account number of a person."""

_NOTATION: Final = re.compile(r"[0-9]+(\.[0-9]+(E\+?[0-9]+)?|E\+?[0-9]+)")
_SHAPE: Final = re.compile(r"[0-9]+X?|[0-9]{17}[0-9X][0-9]{2}(B[0-9])?")
_CARD_LENGTHS: Final = (20, 22)  # disability card: identity number, kind, grade, mark of a re-issue
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
# Digits for Taiwan residents' permits beside the provinces of GB/T 2260.
_REGIONS: Final = PROVINCES | {"83"}


class IdKind(StrEnum):
    """What sort of number was read."""

    NONE = "none"
    CITIZEN = "citizen"
    PLACEHOLDER = "placeholder"  # made up by the national system for people without a number
    OLD = "old"  # 15 digits, given out until 1999
    CARD = "card"  # disability card; its first 18 digits are the identity number
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Identity:
    """A number as it is kept; ``born`` is ISO or "", ``sex`` "1", "2" or ""."""

    number: str
    kind: IdKind
    born: str = ""
    sex: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing stops the number from being written."""
        return not any(fault.severity is Severity.ERROR for fault in self.faults)

    @property
    def comparable(self) -> bool:
        """Tell whether other registers can be searched for this number."""
        return self.is_sound and self.kind in {IdKind.CITIZEN, IdKind.CARD}


def normalise(text: str) -> str:
    """Return a number in half-width without spaces, apostrophes and invisible characters, X in upper case."""
    half = unicodedata.normalize("NFKC", text)
    return "".join(
        c for c in half if not (c.isspace() or c in "'`’‘" or unicodedata.category(c) == "Cf")
    ).upper()


def check_digit(first17: str) -> str:
    """Return the 18th character for the first 17 digits. Source: GB 11643-1999 (ISO 7064 MOD 11-2)."""
    return _CHECK[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def read_identity(
    text: str, today: date | None = None, *, old_confirmed: bool = False, field: str = "id_number"
) -> Identity:
    """Return the number to keep with what it tells and its faults.

    ``today`` dates the checks for a birth in the future and an age over 120; without it they are left
    out. ``old_confirmed``: a person has confirmed the 15-digit number.

    Codes: ``identity.repaired``, ``identity.placeholder``, ``identity.zeros_suspect``,
    ``identity.too_old``, ``identity.region_unknown``, ``identity.none`` (warnings);
    ``identity.excel_notation``, ``identity.excel_zeros``, ``identity.characters``,
    ``identity.last_missing``, ``identity.length``, ``identity.old_number``, ``identity.birth_invalid``,
    ``identity.birth_future``, ``identity.check_digit``, ``identity.card`` (errors).
    """
    number = normalise(text)
    if not number:
        return Identity("", IdKind.NONE, faults=(warning("identity.none", field),))
    shape = _shape_fault(number, field)
    if shape is not None:
        return Identity(number, IdKind.BROKEN, faults=(shape,))
    read = _READERS[len(number)]
    identity = read(number, today, field)
    faults = list(identity.faults)
    if identity.kind is IdKind.OLD and not old_confirmed:
        faults.append(error("identity.old_number", field))
    if number != text.strip().upper():
        faults.append(warning("identity.repaired", field))
    return Identity(identity.number, identity.kind, identity.born, identity.sex, tuple(faults))


def agreement(identity: Identity, sex: str, born: str) -> tuple[Fault, ...]:
    """Return where a written sex ("1"/"2") or birth date (ISO) differs from what the number says.

    Codes: ``identity.sex_differs``, ``identity.born_differs`` (param ``born``, the written date); errors.
    """
    faults: list[Fault] = []
    if identity.sex and sex in {MALE, FEMALE} and sex != identity.sex:
        faults.append(error("identity.sex_differs", "sex"))
    if identity.born and born and born != identity.born:
        faults.append(error("identity.born_differs", "born", born=born))
    return tuple(faults)


def disability_faults(text: str, id_number: str, field: str = "disability_no") -> tuple[Fault, ...]:
    """Return what is wrong with a disability card number.

    20 digits = identity number, kind 1-7, grade 1-4; re-issued cards have 22. Codes (errors):
    ``identity.card``, ``identity.card_differs`` when it belongs to another number than ``id_number``.
    """
    card = normalise(text)
    if not card:
        return ()
    if not _is_card(card):
        return (error("identity.card", field),)
    if id_number and len(id_number) == LENGTH and card[:LENGTH] != id_number:
        return (error("identity.card_differs", field),)
    return ()


def phone_faults(text: str, field: str = "phone") -> tuple[Fault, ...]:
    """Return what is doubtful about a phone number; code ``identity.phone`` (warning)."""
    number = normalise(text).replace("-", "")
    if not number or (len(number) == len("13800000000") and number.isdigit() and "13" <= number[:2] <= "19"):
        return ()
    return (warning("identity.phone", field),)


def mask_id(number: str) -> str:
    """Return the first six and last four characters, the rest as stars; a short text is all stars."""
    if len(number) < OLD_LENGTH:
        return "*" * len(number)
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"


def mask_phone(number: str) -> str:
    """Return the first three and last four digits of a phone number, the rest as stars."""
    if len(number) <= len("1384567"):
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def mask_account(number: str) -> str:
    """Return only the last four digits of a bank account."""
    return "*" * len(number) if len(number) <= len("1234") else f"{'*' * (len(number) - 4)}{number[-4:]}"


def mask_name(name: str) -> str:
    """Return a name with its middle hidden: 张*明, 张*; a name with "·" keeps its first part."""
    first, dot, rest = name.partition("·")
    if dot:
        return f"{first}·{'*' * len(rest)}"
    return (
        name[:1] + "*" * (len(name) - 1)
        if len(name) < len("张三丰")
        else f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
    )


_MASKS: Final[dict[str, Callable[[str], str]]] = {
    "id_number": mask_id,
    "disability_no": mask_id,
    "phone": mask_phone,
    "objector_contact": mask_phone,
    "bank_account": mask_account,
    "objector": mask_name,
}


def mask_field(field: str, value: str) -> str:
    """Return the masked text of a sensitive field; one without a pattern of its own becomes "***"."""
    if not value:
        return ""
    mask = _MASKS.get(field)
    return mask(value) if mask else "***"


def _shape_fault(number: str, field: str) -> Fault | None:
    """Return why this cannot be a number of any sort, or None."""
    if _NOTATION.fullmatch(number):
        return error("identity.excel_notation", field)
    if not _SHAPE.fullmatch(number) or (len(number) == OLD_LENGTH and number.endswith("X")):
        return error("identity.characters", field)
    if len(number) == LENGTH - 1:
        return error("identity.last_missing", field)
    if len(number) not in _READERS:
        return error("identity.length", field, length=len(number))
    return None


def _read_citizen(number: str, today: date | None, field: str) -> Identity:
    if number.startswith(PLACEHOLDER):
        born = _birth(number[6:14])
        known = (born.isoformat(), _sex(number[16])) if born else ("", "")
        return Identity(number, IdKind.PLACEHOLDER, *known, (warning("identity.placeholder", field),))
    checks = number[-1] == check_digit(number[:17])
    if not checks and number.endswith("000"):
        return Identity(number, IdKind.BROKEN, faults=(error("identity.excel_zeros", field),))
    born = _birth(number[6:14])
    if born is None:
        return Identity(number, IdKind.BROKEN, faults=(error("identity.birth_invalid", field),))
    if not checks:
        return Identity(number, IdKind.BROKEN, faults=(error("identity.check_digit", field),))
    faults = [*_age_faults(born, today, field), *_region_faults(number, field)]
    if number.endswith("000"):
        faults.append(warning("identity.zeros_suspect", field))
    return Identity(number, IdKind.CITIZEN, born.isoformat(), _sex(number[16]), tuple(faults))


def _read_old(number: str, today: date | None, field: str) -> Identity:
    born = _birth("19" + number[6:12])
    if born is None:
        return Identity(number, IdKind.BROKEN, faults=(error("identity.birth_invalid", field),))
    faults = (*_age_faults(born, today, field), *_region_faults(number, field))
    return Identity(number, IdKind.OLD, born.isoformat(), _sex(number[14]), faults)


def _read_card(number: str, today: date | None, field: str) -> Identity:
    if not _is_card(number):
        return Identity(number, IdKind.BROKEN, faults=(error("identity.card", field),))
    inner = _read_citizen(number[:LENGTH], today, field)
    return Identity(number, IdKind.CARD, inner.born, inner.sex, inner.faults)


_READERS: Final[dict[int, Callable[[str, date | None, str], Identity]]] = {
    OLD_LENGTH: _read_old,
    LENGTH: _read_citizen,
    **dict.fromkeys(_CARD_LENGTHS, _read_card),
}


def _is_card(card: str) -> bool:
    return (
        len(card) in _CARD_LENGTHS
        and _SHAPE.fullmatch(card) is not None
        and card[17] == check_digit(card[:17])
        and card[18] in "1234567"
        and card[19] in "1234"
    )


def _birth(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _sex(digit: str) -> str:
    return MALE if int(digit) % 2 else FEMALE


def _age_faults(born: date, today: date | None, field: str) -> tuple[Fault, ...]:
    if today is None:
        return ()
    if born > today:
        return (error("identity.birth_future", field),)
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return (warning("identity.too_old", field, years=years),) if years > MAX_AGE else ()


def _region_faults(number: str, field: str) -> tuple[Fault, ...]:
    if number[:2] in _REGIONS or number.startswith(DEMO_REGION):
        return ()
    return (warning("identity.region_unknown", field, digits=number[:6]),)
