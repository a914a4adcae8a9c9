from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.errors import AppError, BadInput, Refused
from app.domain.ids import Kind, Level
from app.domain.trust import TrustDoc
from app.domain.trust_chain import valid_certificates
from app.files import enrolment
from app.files.enrolment import Choice, Grant, Starter, accept, grant, grant_bytes, read_grant, read_request
from app.journal.authority import Authority, EntryState, Place
from app.journal.entry import Body, canonical
from tests.trust_setting import (
    COUNTY,
    OTHER_VILLAGE,
    TODAY,
    TOWNSHIP,
    VILLAGE,
    certificate,
    keys,
    usual,
)

FILE = "申请.hhreq"
STARTER = Starter({VILLAGE: "石板村", TOWNSHIP: "青坪镇"}, "s8/v1", 400_000, "县发〔2026〕3号")


def asked(name: str = "village", level: Level = Level.VILLAGE, scope: str = VILLAGE) -> enrolment.Request:
    return read_request(enrolment.request(keys(name), level, scope, machine="村委会电脑"), FILE)


def county_trust() -> TrustDoc:
    return enrolment.found_trust(enrolment.make_root(keys("county"), Level.COUNTY, COUNTY, TODAY))


def granted(issuer: str, trust: TrustDoc, name: str, level: Level, scope: str) -> tuple[TrustDoc, TrustDoc]:
    """Carry request and grant as files; return the trust of both sides."""
    given, after = grant(asked(name, level, scope), keys(issuer), trust, TODAY)
    file = grant_bytes(Grant(given, after, STARTER))
    return after, accept(read_grant(file, "a"), keys(name), TrustDoc(), today=TODAY, file="a")


def counts(trust: TrustDoc, name: str, scope: str = VILLAGE, kind: Kind = Kind.MEETING) -> bool:
    body = Body("a" * 32, "e" * 32, str(kind), "x", 1, "n", {})
    place = Place(keys(name).device, "5" * 32, scope, 1)
    return Authority(trust).state(place, body) is EntryState.PROJECTED


def test_county_township_and_village_enrol_by_files_and_believe_one_another() -> None:
    at_county, at_township = granted("county", county_trust(), "township", Level.TOWNSHIP, TOWNSHIP)
    at_township, at_village = granted("township", at_township, "village", Level.VILLAGE, VILLAGE)
    for name in ("county", "township", "village"):
        assert counts(at_village, name)
        assert counts(at_township, name)
    assert not counts(at_county, "village")  # until a package brings the township's certificates
    assert not counts(at_village, "village", OTHER_VILLAGE)


def test_both_screens_show_the_same_eight_digits_and_other_keys_other_ones() -> None:
    codes = {name: asked(name).code for name in ("village", "laptop2", "stranger")}
    assert codes["village"] == enrolment.comparison_code(keys("village").key, keys("village").recipient)
    assert len(set(codes.values())) == 3
    assert all(len(code) == 8 and code.isdigit() for code in codes.values())
    swapped = enrolment.comparison_code(keys("village").key, keys("stranger").recipient)
    assert swapped != codes["village"]


def test_the_request_says_what_it_was_told_and_holds_no_secret() -> None:
    data = enrolment.request(keys("village"), Level.VILLAGE, VILLAGE, person="陈", machine=" 电脑 ")
    found = read_request(data, FILE)
    assert (found.person, found.machine, found.device) == ("陈", "电脑", keys("village").device)
    assert keys("village").open_secret.encode() not in data
    assert keys("village").sign_secret.hex().encode() not in data


@pytest.mark.parametrize(
    ("level", "scope"), [(Level.TOWNSHIP, VILLAGE), (Level.VILLAGE, TOWNSHIP), (Level.COUNTY, "1")]
)
def test_level_and_code_must_agree(level: Level, scope: str) -> None:
    with pytest.raises(Refused) as caught:
        enrolment.request(keys("village"), level, scope)
    assert caught.value.code == "enrol.scope_level"


def test_the_starter_travels_with_the_grant() -> None:
    given, trust = grant(asked(), keys("township"), usual().trust, TODAY)
    assert read_grant(grant_bytes(Grant(given, trust, STARTER)), "x").starter == STARTER


def test_the_clerk_decides_place_and_level_and_marks_a_proxy() -> None:
    choice = Choice(Level.VILLAGE, "990101001202", proxy=True, person="b" * 32, days=30)
    given, trust = grant(asked(), keys("township"), usual().trust, TODAY, choice)
    assert (given.scope, given.proxy, given.person) == ("990101001202", True, "b" * 32)
    assert given.valid_until == (TODAY + timedelta(days=30)).isoformat()
    assert counts(trust, "village", "990101001202")


def test_only_a_certified_township_of_the_county_may_issue_in_turn() -> None:
    township, _ = grant(asked("township", Level.TOWNSHIP, TOWNSHIP), keys("county"), county_trust(), TODAY)
    second, _ = grant(asked("laptop2", Level.TOWNSHIP, TOWNSHIP), keys("township"), usual().trust, TODAY)
    assert township.can_issue
    assert not second.can_issue


@pytest.mark.parametrize(
    ("issuer", "level", "scope", "code"),
    [
        ("village", Level.VILLAGE, VILLAGE, "enrol.not_issuer"),
        ("stranger", Level.VILLAGE, VILLAGE, "enrol.not_issuer"),
        ("township", Level.VILLAGE, OTHER_VILLAGE, "enrol.outside"),
        ("township", Level.COUNTY, COUNTY, "enrol.outside"),
        ("county", Level.VILLAGE, "990102001201", "enrol.outside"),
        ("county", Level.VILLAGE, TOWNSHIP, "enrol.scope_level"),
    ],
)
def test_nobody_certifies_beyond_the_own_division(issuer: str, level: Level, scope: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        grant(asked(), keys(issuer), usual().trust, TODAY, Choice(level, scope))
    assert caught.value.code == code


def test_an_issuer_whose_certificate_has_run_out_issues_nothing() -> None:
    with pytest.raises(Refused) as caught:
        grant(asked(), keys("township"), usual().trust, date(2028, 1, 1))
    assert caught.value.code == "enrol.not_issuer"


def test_a_township_begins_alone_and_the_county_countersigns() -> None:
    own_root = enrolment.make_root(keys("township"), Level.TOWNSHIP, TOWNSHIP, TODAY)
    at_township = enrolment.found_trust(own_root)
    at_township, at_village = granted("township", at_township, "village", Level.VILLAGE, VILLAGE)
    assert counts(at_village, "township")
    assert not counts(at_village, "county")

    request = asked("township", Level.TOWNSHIP, TOWNSHIP)
    given, at_county = grant(request, keys("county"), county_trust(), TODAY)
    file = read_grant(grant_bytes(Grant(given, at_county)), "x")
    at_township = accept(file, keys("township"), at_township, today=TODAY, file="x")
    assert set(at_township.roots) == {keys("township").key, keys("county").key}
    assert counts(at_township, "county")

    from app.crypto.device_keys import verify_text
    from app.domain.trust_chain import merged

    at_village = merged(at_village, at_township, verify_text)
    assert counts(at_village, "county")
    assert counts(merged(at_county, at_township, verify_text), "village")


def test_who_believes_somebody_already_does_not_take_over_another_root() -> None:
    own = enrolment.found_trust(enrolment.make_root(keys("stranger"), Level.COUNTY, "990102000000", TODAY))
    given, trust = grant(asked(), keys("township"), usual().trust, TODAY)
    with pytest.raises(BadInput) as caught:
        accept(Grant(given, trust), keys("village"), own, today=TODAY, file="x")
    assert caught.value.code == "enrol.unproven"


@pytest.mark.parametrize(
    ("change", "today", "code"),
    [
        (lambda g: g, date(2028, 1, 1), "enrol.expired"),
        (lambda g: g, date(2020, 1, 1), "enrol.expired"),
        (
            lambda g: replace(g, certificate=certificate("laptop2", Level.VILLAGE, VILLAGE, "township")),
            TODAY,
            "enrol.other_device",
        ),
        (
            lambda g: replace(g, certificate=replace(g.certificate, recipient=keys("laptop2").recipient)),
            TODAY,
            "enrol.other_device",
        ),
        (
            lambda g: replace(g, certificate=certificate("village", Level.VILLAGE, VILLAGE, "stranger")),
            TODAY,
            "enrol.unproven",
        ),
        (lambda g: replace(g, trust=replace(g.trust, roots=())), TODAY, "enrol.unproven"),
    ],
)
def test_a_grant_that_is_not_for_this_computer_or_not_proven(change, today: date, code: str) -> None:
    given, trust = grant(asked(), keys("township"), usual().trust, TODAY)
    with pytest.raises(BadInput) as caught:
        accept(change(Grant(given, trust)), keys("village"), TrustDoc(), today=today, file="x")
    assert caught.value.code == code


def test_a_certificate_changed_on_the_way_is_noticed() -> None:
    given, trust = grant(asked(), keys("township"), usual().trust, TODAY)
    wider = replace(given, level=Level.TOWNSHIP, scope=TOWNSHIP)
    certificates = tuple(wider if c == given else c for c in trust.certificates)
    with pytest.raises(BadInput) as caught:
        accept(
            Grant(wider, replace(trust, certificates=certificates)),
            keys("village"),
            TrustDoc(),
            today=TODAY,
            file="x",
        )
    assert caught.value.code == "trust.bad_signature"


def test_a_village_makes_no_root() -> None:
    with pytest.raises(Refused) as caught:
        enrolment.make_root(keys("village"), Level.VILLAGE, VILLAGE, TODAY)
    assert caught.value.code == "enrol.no_village_root"


def _request_doc() -> dict[str, object]:
    found: dict[str, object] = json.loads(enrolment.request(keys("village"), Level.VILLAGE, VILLAGE))
    return found


def _grant_doc() -> dict[str, object]:
    given, trust = grant(asked(), keys("township"), usual().trust, TODAY)
    found: dict[str, object] = json.loads(grant_bytes(Grant(given, trust, STARTER)))
    return found


DEEP = b"[" * 100_000
NONSENSE = [b"", b"null", b"[]", b"{}", b"\xff", DEEP, b'{"fmt":"hhpkg/1"}']


@pytest.mark.parametrize(
    "data",
    [
        *NONSENSE,
        canonical(_request_doc()) + b" ",
        canonical({**_request_doc(), "level": "emperor"}),
        canonical({**_request_doc(), "key": 7}),
        canonical({**_request_doc(), "recipient": "age1" + "A" * 58}),
        canonical({**_request_doc(), "person": "x" * 61}),
        canonical({**_request_doc(), "machine": "a\nb"}),
        canonical({**_request_doc(), "more": 1}),
        canonical({"fmt": "hhreq/1"}),
    ],
)
def test_nonsense_is_no_request(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        read_request(data, FILE)
    assert (caught.value.code, caught.value.params["file"]) == ("enrol.not_a_request", FILE)


@pytest.mark.parametrize("field", ["person", "machine", "level", "scope", "key", "recipient"])
def test_a_request_changed_on_the_way_is_noticed(field: str) -> None:
    other: dict[str, object] = {
        "person": "王",
        "machine": "王",
        "level": "township",
        "scope": OTHER_VILLAGE,
        "key": keys("stranger").key,
        "recipient": keys("stranger").recipient,
    }
    with pytest.raises(BadInput) as caught:
        read_request(canonical({**_request_doc(), field: other[field]}), FILE)
    assert caught.value.code == "enrol.bad_signature"


@pytest.mark.parametrize(
    "data",
    [
        *NONSENSE,
        canonical(_grant_doc()) + b"\n",
        canonical({**_grant_doc(), "starter": 7}),
        canonical({**_grant_doc(), "certificate": []}),
        canonical({**_grant_doc(), "starter": {"line_doc": "", "line_fen": -1, "pack": "", "places": {}}}),
        canonical({**_grant_doc(), "starter": {"line_doc": "", "line_fen": 1.5, "pack": "", "places": {}}}),
        canonical(
            {**_grant_doc(), "starter": {"line_doc": "", "line_fen": 1, "pack": "", "places": {"1": "x"}}}
        ),
        canonical({"fmt": "hhcert/1"}),
    ],
)
def test_nonsense_is_no_grant(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        read_grant(data, "授权.hhcert")
    assert caught.value.code == "enrol.not_a_grant"


def test_huge_files_are_refused_before_they_are_parsed() -> None:
    for read in (read_request, read_grant):
        with pytest.raises(BadInput) as caught:
            read(b" " * 4_000_001, "x")
        assert caught.value.code == "enrol.too_large"


def _fuzz(count: int, seed: int) -> None:
    dice = random.Random(seed)
    given, trust = grant(asked(), keys("township"), usual().trust, TODAY)
    good = grant_bytes(Grant(given, trust, STARTER))
    for number in range(count):
        copy = bytearray(good)
        at = dice.randrange(len(copy))
        if number % 2:
            copy[at] ^= 1 << dice.randrange(8)
        else:
            del copy[at : at + dice.randrange(1, 50)]
        taken = TrustDoc()
        try:
            taken = accept(read_grant(bytes(copy), "x"), keys("village"), TrustDoc(), today=TODAY, file="x")
        except AppError as error:
            assert isinstance(error, BadInput), error.code  # noqa: PT017 -- the kind of error is what is tested
        assert given in valid_certificates(taken) or taken == TrustDoc()


def test_no_damaged_grant_gives_another_right() -> None:
    _fuzz(300, seed=5)


@pytest.mark.slow
def test_no_damaged_grant_of_many_gives_another_right() -> None:
    _fuzz(10_000, seed=6)
