from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.deletion import Basis, Request, holds_against, keep_until, refuse_request
from app.domain.errors import Refused

TODAY = date(2026, 10, 7)
SOUND = Request("依删〔2026〕3号", Basis.WITHDRAWN, "2026-10-06")
APPROVED = {"status": "approved", "decided_on": "2020-11-03", "stage_on": "2020-11-20"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": ""}, "deletion.bad_number"),
        ({"number": "吴福生的申请"}, "deletion.bad_number"),
        ({"number": "990101197001020779"}, "deletion.bad_number"),
        ({"number": "13800000000"}, "deletion.bad_number"),
        ({"asked_on": "10月6日"}, "deletion.bad_date"),
        ({"asked_on": "2026-10-08"}, "deletion.bad_date"),
        ({"basis": Basis.OTHER, "words": " "}, "deletion.words_needed"),
        ({"years": 0}, "deletion.bad_years"),
        ({"years": 101}, "deletion.bad_years"),
        ({"words": "吴福生本人来过"}, "deletion.names_person"),
    ],
)
def test_a_request_must_be_complete_and_name_nobody(changes: dict[str, object], code: str) -> None:
    refuse_request(SOUND, TODAY, ["吴福生", ""])
    with pytest.raises(Refused) as caught:
        refuse_request(replace(SOUND, **changes), TODAY, ["吴福生", ""])
    assert caught.value.code == code


def test_what_a_request_says_goes_with_every_entry() -> None:
    assert SOUND.facts() == {
        "request": "依删〔2026〕3号",
        "basis": "withdrawn",
        "asked_on": "2026-10-06",
        "asked_by": "self",
        "channel": "counter",
    }


def test_an_approved_file_is_kept_from_the_end_of_its_last_year() -> None:
    assert keep_until([APPROVED], 10) == date(2030, 12, 31)
    assert keep_until([APPROVED, {**APPROVED, "registered_on": "2022-01-05"}], 3) == date(2025, 12, 31)
    assert keep_until([{**APPROVED, "status": "rejected"}, {"status": "no such"}, {}], 10) is None


def test_what_stands_against_it_is_told_in_full() -> None:
    found = holds_against(
        [APPROVED, {"status": "active"}],
        [{"closed": 1}, {"closed": 0}],
        [{"to_on": "2026-10-07"}, {"to_on": "2026-10-06"}, {"to_on": ""}],
        TODAY,
        10,
    )
    assert [(fault.code, dict(fault.params)) for fault in found] == [
        ("deletion.hold_open", {}),
        ("deletion.hold_objection", {}),
        ("deletion.hold_publicity", {"date": "2026-10-07"}),
        ("deletion.hold_years", {"date": "2030-12-31", "years": 10}),
    ]
    assert holds_against([APPROVED], [], [], TODAY, 5) == ()
    assert holds_against([{"status": "no such"}], [], [], TODAY, 5) == ()
