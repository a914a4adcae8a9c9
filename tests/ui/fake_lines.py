"""Synthetic households as lines of a list, for windows over a workspace in memory."""

from __future__ import annotations

from app.domain.ids import EntityId
from app.queries.household_list import FormState, HouseholdLine, Tag, Tone

STEPS = (
    ("apply", "申请"),
    ("review", "初审"),
    ("visit", "入户"),
    ("compare", "比对"),
    ("appraise", "评议"),
    ("publicise", "公示"),
    ("check", "核查"),
    ("audit", "审核"),
)
_SURNAMES = "吴石周罗王韦龙潘刘张陈李"
_GIVEN = ("福生", "文斌", "建国", "秀兰", "国栋", "凤英", "正华", "志强", "光明", "红霞", "·买买提")
_CAUSES = (
    ("缺劳力", Tone.BLUE),
    ("因学", Tone.BLUE),
    ("因病", Tone.RED),
    ("因残", Tone.RED),
    ("因灾", Tone.AMBER),
)


def entity(number: int) -> EntityId:
    return EntityId(f"{number:032x}")


def synthetic_line(number: int) -> HouseholdLine:
    """One made-up household; every 8th stands at the same step, some are late."""
    at = number % len(STEPS)
    cause = _CAUSES[number % 5]
    tags = (Tag(*cause), Tag(*_CAUSES[(number + 2) % 5])) if number % 3 == 0 else (Tag(*cause),)
    return HouseholdLine(
        number=number,
        household=entity(number),
        case=entity(10_000 + number),
        code=f"03-{number:04d}",
        head=_SURNAMES[number % 12] + _GIVEN[number % 11],
        group=f"{number % 9 + 1} 组",
        size=number % 6 + 1,
        village="石板村",
        step=STEPS[at][0],
        step_name=STEPS[at][1],
        status="active",
        due_on="2026-10-09",
        overdue_days=3 - number // 8 % 12 if at != 5 else None,
        tags=tags,
        conflicts=2 if number % 40 == 2 else 0,
        income_fen=None if number % 17 == 0 else 600_000 + number * 1_100,
        form=tuple(FormState)[number % 3],
        person=("陈志明", "周国栋", "李红霞")[number % 3],
    )
