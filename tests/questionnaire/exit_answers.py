"""Answers that finish the exit's verification of a household that meets every standard."""

from __future__ import annotations

ANSWERS: dict[str, str] = {
    "basic/respondent": "吴福生",
    "basic/informed": "OK",
    "income/income_wage/wage_away": "26000",
    "income/income_wage/wage_local": "0",
    "income/income_operating/crops": "3800.5",
    "income/income_operating/livestock_income": "0",
    "income/income_operating/production": "900.2",
    "income/income_transfer/dibao": "0",
    "income/income_transfer/pension_income": "0",
    "income/income_transfer/land_subsidy": "300",
    "standards/line_result/income_steady": "1",
    "standards/line_result/steady_note": "在县城物业做工，签了三年合同",
    "standards/worries/food": "1",
    "standards/worries/clothing": "1",
    "standards/school/education_dropouts": "0",
    "standards/school/medical_uninsured": "0",
    "standards/school/medical_problem": "0",
    "standards/home/house_grade": "B",
    "standards/home/house_safe": "1",
    "standards/home/water_safe": "1",
    "standards/home/electricity": "1",
    "signoff/criteria_note": "各项都达标",
    "signoff/consent": "yes",
    "signoff/investigator1": "陈志明",
    "signoff/investigator2": "李秀英",
    "signoff/signed": "OK",
}
