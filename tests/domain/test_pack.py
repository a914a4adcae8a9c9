from __future__ import annotations

from datetime import date

import pytest

from app.domain.comparison import Severity
from app.domain.errors import Refused
from app.domain.ids import Level
from app.domain.pack import WORDING_PLACES, Dated, Pack, places, text_on
from app.files.pack_in import load_shipped

S8 = load_shipped("s8/v1")
MONITOR = load_shipped("monitor-2021/v1")


@pytest.mark.parametrize(
    ("day", "label"),
    [
        ("2015-06-01", "贫困户"),
        ("2020-12-31", "贫困户"),
        ("2021-01-01", "监测对象"),
        ("2025-12-31", "监测对象"),
        ("2026-01-01", "防止返贫致贫对象"),
        ("2030-01-01", "防止返贫致贫对象"),
    ],
)
def test_what_the_households_are_called(day, label):
    assert S8.label_on(date.fromisoformat(day)) == label


@pytest.mark.parametrize(
    ("level", "day", "name"),
    [
        (Level.COUNTY, "2020-01-01", "扶贫开发办公室"),
        (Level.COUNTY, "2022-01-01", "乡村振兴局"),
        (Level.COUNTY, "2026-03-01", "农业农村局"),
        (Level.TOWNSHIP, "2026-03-01", "人民政府"),
        (Level.VILLAGE, "2010-03-01", "村民委员会"),
    ],
)
def test_who_signs(level, day, name):
    assert S8.issuer_on(level, date.fromisoformat(day)) == name


def test_a_pack_may_have_no_name_for_a_day():
    assert MONITOR.label_on(date(2020, 1, 1)) == ""
    assert Pack("x", 1, "x", {}).issuer_on(Level.COUNTY, date(2026, 1, 1)) == ""
    assert text_on((Dated("a", None, date(2020, 1, 1)), Dated("b")), date(2020, 1, 2)) == "b"


def test_workflows_by_name():
    assert S8.ref == "s8/v1"
    assert S8.workflow("exit").name == "退出"
    with pytest.raises(Refused) as caught:
        MONITOR.workflow("exit")
    assert caught.value.code == "pack.no_workflow"


def test_the_rule_of_a_step():
    identify = S8.workflow("identify")
    assert S8.publicity_of(identify.step("publicise")).days == 7
    assert S8.publicity_of(identify.step("visit")) is None


def test_severity_is_to_flag_unless_the_pack_says_so():
    assert S8.severity_of("vehicle") is Severity.FLAG
    assert S8.severity_of("medical") is Severity.RISK
    assert S8.severity_of("of a newer pack") is Severity.FLAG


def test_wording_is_filled_in():
    pack = Pack("x", 1, "x", {}, wording={"notice.title": "{village}{year}年{label}公示（{year}）"})
    text = pack.text("notice.title", village="青石村", year=2026, label="对象{x}", needless="x")
    assert text == "青石村2026年对象{x}公示（2026）"
    for attempt in (lambda: pack.text("notice.title", village="青石村"), lambda: pack.text("notice.nothing")):
        with pytest.raises(Refused) as caught:
            attempt()
        assert caught.value.code == "pack.no_wording"


def test_every_shipped_wording_can_be_filled():
    for pack in (S8, MONITOR):
        for key, template in pack.wording.items():
            paper = key.partition(".")[0]
            filled = pack.text(key, **dict.fromkeys(WORDING_PLACES[paper], "〇"))
            assert places(filled) == ()
            assert template


def test_certificate_numbers():
    assert S8.certificate_no("530102001201", 2026, 7) == "530102001201-2026-0007"
    assert S8.certificate_no("530102001201", 2026, 12345) == "530102001201-2026-12345"


def test_a_calendar_comes_with_the_pack():
    assert 2025 in S8.calendar.years
    assert 2004 in S8.calendar.years
    assert 2030 not in S8.calendar.years
