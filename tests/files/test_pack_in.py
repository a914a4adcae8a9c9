from __future__ import annotations

import re
from datetime import date, timedelta

import chinese_calendar
import pytest

from app.domain.errors import BadInput
from app.domain.workflow import Verb
from app.files.holidays_in import library_years
from app.files.pack_in import load_shipped, pack_hash, read_pack, shipped_files, shipped_packs

S8 = shipped_files("s8/v1")
MAIN, IDENTIFY, WORDING = "pack.toml", "workflow-identify.toml", "wording.toml"
YEAR = "holidays/2026.toml"


def changed(file: str, old: str, new: str, count: int = 1) -> dict[str, bytes]:
    """The files of s8 with one text in one file replaced; the text must be there."""
    text = S8[file].decode()
    assert old in text, f"{old!r} does not stand in {file}"
    return {**S8, file: text.replace(old, new, count).encode()}


def fault(files: dict[str, bytes]) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_pack(files)
    return caught.value


def test_what_ships():
    assert shipped_packs() == ("monitor-2021/v1", "s8/v1")
    for ref in shipped_packs():
        pack = load_shipped(ref)
        assert pack.ref == ref
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", pack.hash)
        assert pack.codes["relation"].code_for("儿子")
        for workflow in pack.workflows.values():
            assert workflow.labels.keys() == frozenset(Verb) - {Verb.ADVANCE}
    assert load_shipped("s8/v1") is load_shipped("s8/v1")
    with pytest.raises(BadInput) as caught:
        load_shipped("s8/v9")
    assert (caught.value.code, caught.value.params) == ("pack.not_shipped", {"ref": "s8/v9"})


def test_the_parameters_of_the_eight_steps():
    pack = load_shipped("s8/v1")
    rule = pack.publicity["village"]
    assert (rule.days, rule.day_type, rule.count_first_day) == (7, "natural", False)
    assert rule.columns == ("no", "group", "head", "size")
    assert pack.workflow("identify").total_limit is None
    assert pack.parameters.hotline == "12317"
    assert [one.id for one in pack.dimensions] == [
        "income",
        "food",
        "clothing",
        "education",
        "medical",
        "housing",
        "water",
    ]
    assert {register.severity for register in pack.registers.values()} == {"flag", "risk"}


def test_the_parameters_of_the_seven_steps():
    pack = load_shipped("monitor-2021/v1")
    workflow = pack.workflow("identify")
    assert len(workflow.steps) == 7
    assert workflow.step("compare").after == workflow.step("appraise").after == ("visit",)
    assert workflow.total_limit.days == 15
    rule = pack.publicity["village"]
    assert (rule.days, rule.day_type, rule.count_first_day) == (5, "natural", True)


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_holiday_tables_agree_with_the_library(year):
    calendar = load_shipped("s8/v1").calendar
    day = date(year, 1, 1)
    while day.year == year:
        assert calendar.is_working(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_the_library_fills_in_other_years():
    years = library_years()
    assert min(years) == 2004
    assert load_shipped("s8/v1").calendar.years[2020] == years[2020]
    assert not load_shipped("s8/v1").calendar.is_working(date(2020, 1, 1))


def test_a_packs_own_table_wins_over_the_library():
    own = read_pack(changed(YEAR, "2026-01-04, ", ""))
    assert not own.calendar.is_working(date(2026, 1, 4))
    assert load_shipped("s8/v1").calendar.is_working(date(2026, 1, 4))


def test_a_year_the_library_does_not_know_comes_from_the_pack():
    own = read_pack({**S8, "holidays/2031.toml": b"year = 2031\noff = [2031-01-01]\n"})
    assert not own.calendar.is_working(date(2031, 1, 1))


def test_the_hash_tells_files_apart():
    assert pack_hash(S8) == load_shipped("s8/v1").hash
    assert pack_hash(dict(reversed(S8.items()))) == pack_hash(S8)
    assert pack_hash({**S8, WORDING: S8[WORDING] + b"\n"}) != pack_hash(S8)
    assert pack_hash({"a": b"b", "c": b""}) != pack_hash({"a": b"", "c": b"b"})


def test_a_pack_needs_no_code_lists_of_its_own():
    files = {path: data for path, data in S8.items() if path != "codes.toml"}
    assert dict(read_pack(files).codes) == {}


def test_single_values_have_defaults():
    text = S8[MAIN].decode()
    start, end = text.index("[parameters]"), text.index("[[label]]")
    pack = read_pack({**S8, MAIN: (text[:start] + text[end:]).encode()})
    assert pack.parameters.sample_rate == 100
    assert pack.parameters.cert_no_pattern == "{region12}-{year}-{serial4}"
    assert pack.certificate_no("990101001201", 2026, 1) == "990101001201-2026-0001"


FAULTS = [
    # the file as a whole
    (MAIN, 'id = "s8"', 'id = "s8', "pack.not_toml", None),
    (MAIN, "version = 1", "version = 0", "pack.bad_value", "version"),
    (MAIN, "version = 1", 'version = "1"', "pack.wrong_type", "version"),
    (MAIN, 'name = "八步工作法"', "", "pack.missing", "name"),
    (MAIN, 'id = "s8"', 'id = "s8"\nextra = 1', "pack.unknown_key", "extra"),
    (MAIN, 'workflows = ["identify", "exit"]', "", "pack.missing", "workflows"),
    (MAIN, 'workflows = ["identify", "exit"]', 'workflows = ["identify", "leave"]', "pack.no_file", None),
    (MAIN, 'workflows = ["identify", "exit"]', 'workflows = ["identify"]', "pack.strange_file", None),
    # single values
    (MAIN, "{serial4}", "{serial9}", "pack.unknown_place", "parameters.cert_no_pattern"),
    (MAIN, "-{serial4}", "", "pack.lacks_place", "parameters.cert_no_pattern"),
    (MAIN, "sample_rate = 100", "sample_rate = 2000", "pack.bad_value", "parameters.sample_rate"),
    (MAIN, '"income.*"', '"income.nothing"', "pack.unknown_field", "parameters.approval_fields"),
    (MAIN, '"income.*"', '"nothing.*"', "pack.unknown_field", "parameters.approval_fields"),
    (MAIN, "hotline =", "hotlines =", "pack.unknown_key", "parameters.hotlines"),
    # texts by date
    (MAIN, "to = 2020-12-31", "to = 2021-06-01", "pack.overlap", "label[2]"),
    (MAIN, "to = 2025-12-31", "to = 2020-12-31", "pack.bad_dates", "label[2].to"),
    (MAIN, "to = 2020-12-31", 'to = "2020"', "pack.wrong_type", "label[1].to"),
    (MAIN, 'level = "village"', 'level = "hamlet"', "pack.bad_value", "issuer[1].level"),
    (MAIN, "from = 2024-01-01", "from = 2023-01-01", "pack.overlap", "issuer[5]"),
    # notices
    (MAIN, "days = 7", "days = 0", "pack.bad_value", "publicity[1].days"),
    (MAIN, 'day_type = "natural"', 'day_type = "moon"', "pack.bad_value", "publicity[1].day_type"),
    (MAIN, "count_first_day = false", "", "pack.missing", "publicity[1].count_first_day"),
    (MAIN, '"size"]', '"id_number"]', "pack.bad_value", "publicity[1].columns"),
    # meetings
    (MAIN, 'quorum = ">=2/3"', 'quorum = "2/3"', "pack.bad_value", "quorum[1].quorum"),
    (MAIN, 'quorum = ">=2/3"', 'quorum = ">=3/2"', "pack.bad_value", "quorum[1].quorum"),
    (MAIN, 'basis = "adults"', 'basis = "all"', "pack.bad_value", "quorum[2].basis"),
    (MAIN, 'id = "assembly_adults"', 'id = "representatives"', "pack.duplicate", "quorum"),
    # verdicts
    (MAIN, 'id = "food"', 'id = "fun"', "pack.unknown_field", "dimension[2].id"),
    (MAIN, 'ref = "conditions.food"', 'ref = "conditions.fun"', "pack.unknown_field", "dimension[2].condition[1].ref"),
    (MAIN, 'ref = "conditions.food"', 'ref = "conditions.*"', "pack.unknown_field", "dimension[2].condition[1].ref"),
    (MAIN, 'check = "line"', 'check = "guess"', "pack.bad_value", "dimension[1].condition[1].check"),
    (MAIN, "bound = 0", "", "pack.missing", "dimension[4].condition[1].bound"),
    (MAIN, "passing = [1]", "passing = []", "pack.missing", "dimension[1].condition[2].passing"),
    (MAIN, 'check = "line"', 'check = "line"\nbound = 1', "pack.unknown_key", "dimension[1].condition[1].bound"),
    (MAIN, '[[dimension.condition]]\ncheck = "line"\n[[dimension.condition]]\ncheck = "in"\nref = "case.income_steady"\npassing = [1]\nfailing = [0]\n', "", "pack.no_conditions", "dimension[1].condition"),
    # registers
    (MAIN, 'severity = "risk"', 'severity = "fatal"', "pack.bad_value", "register[10].severity"),
    (MAIN, 'id = "vehicle"', 'id = "household"', "pack.duplicate", "register"),
    # lines
    (MAIN, 'region = ""', 'region = "5"', "pack.bad_value", "line[1].region"),
    (MAIN, "fen = 119600", "fen = 1196.0", "pack.wrong_type", "line[1].fen"),
    (MAIN, "from = 2008-01-01\n", "", "pack.missing", "line[1].from"),
    (MAIN, "to = 2008-12-31", "to = 2009-06-30", "pack.overlap", "line[2].from"),
    (MAIN, 'id = "national-2009"', 'id = "national-2008"', "pack.duplicate", "line"),
    # wording
    (WORDING, "[notice]", "[poster]", "pack.unknown_key", "poster"),
    (WORDING, "[notice]", "notice_x = 1\n[notice]", "pack.unknown_key", "notice_x"),
    (WORDING, "{village}", "{id_number}", "pack.unknown_place", "notice.title"),
    (WORDING, 'title = "退出证书"', "title = 5", "pack.wrong_type", "certificate.title"),
    # holidays
    (YEAR, "year = 2026", "year = 2027", "pack.bad_value", "off"),
    (YEAR, "2026-01-04, ", "2026-10-07, ", "pack.bad_value", "work"),
    (YEAR, "2026-01-01, ", "2026-01-02, ", "pack.duplicate", "off"),
    (YEAR, "work =", "works =", "pack.unknown_key", "works"),
    # workflows
    (IDENTIFY, 'id = "identify"', 'id = "other"', "pack.bad_value", "id"),
    (IDENTIFY, '"compare", "appraise", "publicise"]', '"compare", "nowhere"]', "pack.unknown_step", "urgent_skip"),
    (IDENTIFY, 'save = "保存"\n', "", "pack.missing", "labels.save"),
    (IDENTIFY, "[labels]", "[label]", "pack.missing", "labels"),
    (IDENTIFY, 'save = "保存"', 'save = "保存"\nfly = "飞"', "pack.unknown_key", "labels.fly"),
    (IDENTIFY, 'verbs = ["return"]', 'verbs = ["dance"]', "pack.bad_value", "reason[1].verbs"),
    (IDENTIFY, 'id = "facts"', 'id = "material"', "pack.duplicate", "reason"),
    (IDENTIFY, 'when = ["composition"', 'when = ["weather"', "pack.bad_value", "reopen[1].when"),
    (IDENTIFY, 'after = "appraise"', 'after = "nowhere"', "pack.unknown_step", "reopen[1].after"),
    (IDENTIFY, 'to = "visit"', 'to = "nowhere"', "pack.unknown_step", "reopen[1].to"),
    (IDENTIFY, 'redo = ["publicise"]', 'redo = ["nowhere"]', "pack.unknown_step", "reopen[2].redo"),
    (IDENTIFY, 'id = "review"', 'id = "apply"', "pack.duplicate", "step"),
    (IDENTIFY, 'level = "village"\n', "", "pack.missing", "step[1].level"),
    (IDENTIFY, 'after = ["apply"]', 'after = ["nowhere"]', "pack.unknown_step", "step[2].after"),
    (IDENTIFY, 'after = ["apply"]', 'after = ["visit"]', "pack.cycle", "step[2].after"),
    (IDENTIFY, 'after = ["apply"]', 'after = ["review"]', "pack.cycle", "step[2].after"),
    (IDENTIFY, 'after = ["check"]', 'after = ["publicise"]', "pack.loose_step", "step[7].id"),
    (IDENTIFY, "limit = { days = 2 }", "limit = { days = 0 }", "pack.bad_value", "step[2].limit.days"),
    (IDENTIFY, "limit = { days = 2 }", "limit = { weeks = 2, days = 1 }", "pack.unknown_key", "step[2].limit.weeks"),
    (IDENTIFY, 'people = ["reviewer1"', 'people = ["applicant"', "pack.wrong_type", "step[2].people"),
    (IDENTIFY, 'fields = ["applicant", "source",', 'fields = ["appellant",', "pack.unknown_field", "step[1].fields"),
    (IDENTIFY, 'date_field = "applied_on"', 'date_field = "applicant"', "pack.wrong_type", "step[1].date_field"),
    (IDENTIFY, 'outcome_field = "review_result"', 'outcome_field = "auth_no"', "pack.wrong_type", "step[2].outcome_field"),
    (IDENTIFY, 'link = "meeting"', 'link = "party"', "pack.bad_value", "step[5].link"),
    (IDENTIFY, 'publicity = "village"', 'publicity = "town"', "pack.unknown_rule", "step[6].publicity"),
    (IDENTIFY, 'kind = "any"', 'kind = "some"', "pack.bad_value", "step[3].evidence[4].kind"),
    (IDENTIFY, 'fact = "members"', 'fact = "cattle"', "pack.unknown_fact", "step[2].evidence[3].fact"),
    (IDENTIFY, 'fact = "duplicates"', 'fact = "attachments"', "pack.unknown_fact", "step[2].note[1].fact"),
    (IDENTIFY, 'fields = ["auth_signed"]\n', "", "pack.no_fields", "step[4].evidence[1].fields"),
    (IDENTIFY, 'outcomes = ["none"]', 'outcomes = ["never"]', "pack.unknown_outcome", "step[4].evidence[3].outcomes"),
    (IDENTIFY, 'leads = "next"', 'leads = "moon"', "pack.bad_value", "step[1].outcome[1].leads"),
    (IDENTIFY, 'leads = "next"', 'leads = "stay"', "pack.no_way_on", "step[1].outcome"),
    (IDENTIFY, 'id = "supplement"', 'id = "accept"', "pack.duplicate", "step[1].outcome"),
    (IDENTIFY, 'target = "apply"', 'target = "nowhere"', "pack.unknown_step", "step[2].outcome[2].target"),
    (IDENTIFY, 'target = "apply"', 'target = "audit"', "pack.bad_target", "step[2].outcome[2].target"),
    (IDENTIFY, 'leads = "return"\ntarget = "apply"', 'leads = "stay"\ntarget = "apply"', "pack.bad_target", "step[2].outcome[2].target"),
    (IDENTIFY, "{ publicity_result =", "{ nothing =", "pack.unknown_field", "step[6].outcome[3].sets.nothing"),
    (IDENTIFY, '{ publicity_result = "objection" }', "{ publicity_result = 1 }", "pack.wrong_type", "step[6].outcome[3].sets.publicity_result"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "key"), FAULTS, ids=[f"{f[3]}-{f[4]}" for f in FAULTS]
)
def test_every_fault_names_file_and_key(file, old, new, code, key):
    found = fault(changed(file, old, new))
    assert found.code == code
    if key is not None:
        assert (found.params["file"], found.params["key"]) == (file, key)


def test_faults_of_the_set_of_files():
    without = {path: data for path, data in S8.items() if path != WORDING}
    assert (fault(without).code, fault(without).params) == ("pack.no_file", {"file": WORDING})
    assert fault({}).params == {"file": MAIN}
    assert fault({**S8, "notes.toml": b""}).params == {"file": "notes.toml"}
    assert fault({**S8, "holidays/2030.toml": S8[YEAR]}).params["key"] == "year"
    assert fault({**S8, IDENTIFY: b'id = "identify"\nname = "x"\n'}).code == "pack.no_steps"
    assert fault({**S8, "codes.toml": b"[x]\n"}).code.startswith("codes.")


def test_lines_of_other_regions_may_run_side_by_side():
    text = S8[MAIN].decode()
    own = (
        text
        + '[[line]]\nid = "own"\nregion = "53"\nprogramme = "poverty"\nindicator = "x"\nfen = 1\nfrom = 2019-01-01\n'
    )
    assert len(read_pack({**S8, MAIN: own.encode()}).lines) == 14


def test_shares_are_read_exactly():
    rules = {rule.id: rule for rule in load_shipped("s8/v1").quorum}
    assert rules["representatives"].quorum.holds(2, 3)
    assert not rules["assembly_adults"].quorum.holds(1, 2)
