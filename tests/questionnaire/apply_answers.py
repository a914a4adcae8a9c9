"""Answers that finish the application of a household whose members are known."""

from __future__ import annotations

ANSWERS: dict[str, str] = {
    "who/source": "self",
    "who/applicant": "王秀兰",
    "who/helped": "self",
    "why/difficulties": "illness age",
    "why/reason": "老伴病了，家里没有人能做重活。",
    "why/told/told_income": "12000.5",
    "why/told/told_cost": "2800",
    "why/owned/assets": "none",
    "why/owned/relative": "0",
    "promise/auth_signed": "1",
    "promise/auth_on": "2026-11-20",
    "promise/auth_no": "授2026-07",
    "promise/documents": "application authorisation id_copies",
    "promise/accepted_no": "受2026-07",
    "promise/receiver": "陈志明",
    "promise/receipt": "OK",
}
