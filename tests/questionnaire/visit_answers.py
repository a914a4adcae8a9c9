"""Answers that finish the visit questionnaire of a household of one on 2026-03-02."""

from __future__ import annotations

ANSWERS: dict[str, str] = {
    "basic/respondent": "吴福生",
    "basic/informed": "OK",
    "income/income_wage/wage_away": "0",
    "income/income_wage/wage_local": "0",
    "income/income_operating/crops": "9800.5",
    "income/income_operating/livestock_income": "0",
    "income/income_operating/production": "800",
    "income/income_transfer/dibao": "0",
    "income/income_transfer/pension_income": "1200",
    "income/income_transfer/land_subsidy": "300",
    "expense/medical": "0",
    "expense/education_cost": "0",
    "housing/house/house_structure": "brick_wood",
    "housing/house/house_grade": "B",
    "housing/house/house_safe": "1",
    "housing/water/water_source": "tap",
    "housing/water/water_safe": "1",
    "housing/living/electricity": "1",
    "schooling/education_dropouts": "0",
    "schooling/medical_uninsured": "0",
    "schooling/medical_problem": "0",
    "food_clothes/food": "1",
    "food_clothes/clothing": "1",
    "verdict/neighbour_opinion": "true",
    "verdict/investigator1": "甲",
    "verdict/investigator2": "乙",
    "verdict/signed": "OK",
    "verdict/signed_on": "2026-03-02",
}
