"""Income and expense of a household in one round: the yearly net income per head and its arithmetic.

    statement = state_income(incomes, expenses, members)   # field values of one round
    statement.net_fen          # wage + operating + property + transfer - production
    below_line(statement.net_fen, statement.persons, line_fen)

Amounts are whole fen; the comparison with the line never divides. Rounding (half up) is for display only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial

from app.domain.errors import Refused
from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind, Value

_i = partial(FieldDef, Kind.INCOME)
_e = partial(FieldDef, Kind.EXPENSE)

INCOME_FIELDS = field_table(
    _i("household", FieldType.ID),
    _i("round", FieldType.ID),
    _i("member", FieldType.ID),  # empty for income of the whole household
    _i("category", FieldType.CODE, codelist="income_category"),
    _i("item", FieldType.CODE, codelist="income_item"),
    _i("name", FieldType.TEXT),
    _i("amount_fen", FieldType.FEN),
    _i("counts", FieldType.FLAG),  # enters the income per head; empty means yes
    _i("note", FieldType.TEXT),
    _i("void", FieldType.FLAG),
)

EXPENSE_FIELDS = field_table(
    _e("household", FieldType.ID),
    _e("round", FieldType.ID),
    _e("member", FieldType.ID),
    _e("category", FieldType.CODE, codelist="expense_category"),
    _e("name", FieldType.TEXT),
    _e("amount_fen", FieldType.FEN),
    _e("note", FieldType.TEXT),
    _e("void", FieldType.FLAG),
)

Values = Mapping[str, Value]


class IncomeCategory(StrEnum):
    """Where income comes from; PAYOUT (insurance) only enters the test for sudden hardship."""

    WAGE = "wage"
    OPERATING = "operating"
    PROPERTY = "property"
    TRANSFER = "transfer"
    PAYOUT = "payout"


class ExpenseCategory(StrEnum):
    """What money went to; only PRODUCTION lowers the net income, MEDICAL enters the sudden test."""

    PRODUCTION = "production"
    MEDICAL = "medical"
    EDUCATION = "education"
    HOUSING = "housing"
    SUPPORT = "support"
    DEBT = "debt"
    GIFT = "gift"
    OTHER = "other"


_ADDED = (IncomeCategory.WAGE, IncomeCategory.OPERATING, IncomeCategory.PROPERTY, IncomeCategory.TRANSFER)
_PRESENT = frozenset({"", "present"})


@dataclass(frozen=True, slots=True)
class StatementPart:
    """One recorded item; ``counted`` is False for an item that does not enter the net income."""

    item: str
    name: str
    fen: int
    counted: bool


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of the arithmetic: a category, its sign (1 or -1), the sum that counts and its items."""

    category: str
    sign: int
    fen: int
    parts: tuple[StatementPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """The income of a household in one round.

    ``lines`` are the four income lines and the production costs in the order they are added up.
    ``recorded`` is False while no item at all is recorded: then ``net_fen`` is 0 but means nothing.
    ``left_out_fen`` is what items with ``counts`` = 0 amount to.
    """

    lines: tuple[StatementLine, ...]
    net_fen: int
    persons: int
    payout_fen: int = 0
    medical_fen: int = 0
    left_out_fen: int = 0
    recorded: bool = False

    @property
    def per_head_fen(self) -> int | None:
        """Income per head in fen, rounded half up for display; None without persons or items."""
        return per_head(self.net_fen, self.persons) if self.recorded and self.persons else None

    @property
    def sudden_fen(self) -> int:
        """Net income plus insurance payouts minus medical costs borne by the household."""
        return self.net_fen + self.payout_fen - self.medical_fen


@dataclass(frozen=True, slots=True)
class SuddenTest:
    """What speaks for sudden hardship; advice for the people who judge, never a decision.

    ``below`` compares ``Statement.sudden_fen`` with the line; ``dropped`` and ``surged`` compare with
    the year before and are False without one.
    """

    below: bool
    dropped: bool
    surged: bool

    @property
    def advised(self) -> bool:
        """Tell whether any sign is there."""
        return self.below or self.dropped or self.surged


def counted_persons(members: Iterable[Values]) -> int:
    """Return the divisor: members present who share income and spending (an empty flag means yes)."""
    return sum(m.get("status", "") in _PRESENT and m.get("shares_income", "") != 0 for m in members)


def net_income_fen(incomes: Iterable[Values], expenses: Iterable[Values]) -> int:
    """Return the household's yearly net income in fen; may be negative."""
    # As in the statement, without its lines: a merge asks this of every case.
    earned = sum([_fen(i) for i in incomes if i.get("category") in _ADDED and _counts(i) and _is_live(i)])
    spent = [e for e in expenses if e.get("category") == ExpenseCategory.PRODUCTION]
    return earned - sum([_fen(e) for e in spent if _counts(e) and _is_live(e)])


def state_income(
    incomes: Iterable[Values], expenses: Iterable[Values], members: Iterable[Values]
) -> Statement:
    """Return the statement over items of one round; void items and empty amounts are left out."""
    got = [item for item in incomes if _is_live(item)]
    spent = [item for item in expenses if _is_live(item)]
    lines = [_line(category, 1, _of(got, category)) for category in _ADDED]
    lines.append(_line(ExpenseCategory.PRODUCTION, -1, _of(spent, ExpenseCategory.PRODUCTION)))
    added = [item for item in got if item.get("category") in _ADDED]
    return Statement(
        lines=tuple(lines),
        net_fen=sum(line.sign * line.fen for line in lines),
        persons=counted_persons(members),
        payout_fen=sum(_fen(item) for item in _of(got, IncomeCategory.PAYOUT)),
        medical_fen=sum(_fen(item) for item in _of(spent, ExpenseCategory.MEDICAL)),
        left_out_fen=sum(_fen(item) for item in added if not _counts(item)),
        recorded=bool(got or spent),
    )


def below_line(total_fen: int, persons: int, line_fen: int) -> bool:
    """Tell whether the income per head is below the line: total < line × persons, all in fen.

    Raises:
        Refused: ``income.nobody`` when nobody shares the income.
    """
    if persons < 1:
        raise Refused("income.nobody")
    return total_fen < line_fen * persons


def per_head(total_fen: int, persons: int) -> int:
    """Return the income per head in fen, half rounded away from zero; for display only.

    Raises:
        Refused: ``income.nobody`` when nobody shares the income.
    """
    if persons < 1:
        raise Refused("income.nobody")
    sign = -1 if total_fen < 0 else 1
    return sign * ((2 * abs(total_fen) + persons) // (2 * persons))


def judge_sudden(
    now: Statement,
    before: Statement | None,
    line_fen: int | None,
    drop_percent: int = 30,
    surge_fen: int = 1_000_000,
) -> SuddenTest:
    """Return the signs of sudden hardship.

    ``drop_percent`` is the fall of net income and ``surge_fen`` the rise of medical costs against the
    year ``before`` from which they count as a sign (both configurable by the pack).
    """
    below = bool(line_fen) and now.persons > 0 and below_line(now.sudden_fen, now.persons, line_fen or 0)
    if before is None or not before.recorded:
        return SuddenTest(below, dropped=False, surged=False)
    dropped = before.net_fen > 0 and (before.net_fen - now.net_fen) * 100 >= drop_percent * before.net_fen
    return SuddenTest(below, dropped, surged=now.medical_fen - before.medical_fen >= surge_fen)


def income_window(identified_on: date) -> tuple[date, date]:
    """Return the first and last day of the twelve full months before the month of identification.

    Identified in June 2021: 2020-06-01 to 2021-05-31.
    """
    first_of_month = identified_on.replace(day=1)
    return first_of_month.replace(year=first_of_month.year - 1), first_of_month - timedelta(days=1)


def _is_live(item: Values) -> bool:
    return item.get("void", "") != 1 and isinstance(item.get("amount_fen", ""), int)


def _counts(item: Values) -> bool:
    return item.get("counts", "") != 0


def _fen(item: Values) -> int:
    amount = item.get("amount_fen", 0)
    return amount if isinstance(amount, int) else 0


def _of(items: Iterable[Values], category: str) -> list[Values]:
    return [item for item in items if item.get("category") == category]


def _line(category: str, sign: int, items: list[Values]) -> StatementLine:
    parts = tuple(
        StatementPart(str(item.get("item", "")), str(item.get("name", "")), _fen(item), _counts(item))
        for item in items
    )
    return StatementLine(str(category), sign, sum(part.fen for part in parts if part.counted), parts)
