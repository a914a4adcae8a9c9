from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from app.crypto.device_keys import verify_text
from app.domain.errors import BadInput
from app.domain.ids import Level
from app.domain.trust import Endorsement, Revocation, StreamEnd, TrustDoc, canonical, ordered, parse_trust
from app.domain.trust_chain import (
    certificates_by_device,
    check_signatures,
    last_serial,
    may_issue,
    merged,
    revoked_keys,
    valid_certificates,
    valid_revocations,
    with_root,
)
from tests.trust_setting import (
    COUNTY,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    certificate,
    keys,
    usual,
)


def doc_of(*certificates, revocations=(), endorsements=()) -> TrustDoc:
    return ordered((), set(certificates), set(revocations), set(endorsements))


def revocation(subject: str, issuer: str, *ends: StreamEnd) -> Revocation:
    made = Revocation(keys(subject).key, ends, keys(issuer).key, "2026-03-01", "lost")
    return replace(made, signature=keys(issuer).sign(made.signed_part()))


def endorsement(root: str, issuer: str) -> Endorsement:
    made = Endorsement(keys(root).key, keys(issuer).key)
    return replace(made, signature=keys(issuer).sign(made.signed_part()))


def test_a_document_is_read_back_as_written() -> None:
    trust = usual().trust
    both = merged(
        trust,
        doc_of(revocations=[revocation("village", "township", StreamEnd("a" * 32, 7, "b" * 32))]),
        verify_text,
    )
    assert parse_trust(both.to_bytes()) == both
    assert both.epoch == trust.epoch + 1 == 4


def test_an_endorsement_is_read_back() -> None:
    made = doc_of(
        certificate("county", Level.COUNTY, COUNTY, "county", can_issue=True),
        endorsements=[Endorsement(keys("county").key, keys("township").key, "5" * 128)],
    )
    assert parse_trust(made.to_bytes()) == made


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"\xff",
        b"[" * 100_000,
        usual().trust.to_bytes() + b" ",
        usual().trust.to_bytes().replace(b'"epoch":3', b'"epoch":9'),
        usual().trust.to_bytes().replace(b'"proxy":0', b'"proxy":2', 1),
        usual().trust.to_bytes().replace(b'"proxy":0', b'"proxy":false', 1),
        usual().trust.to_bytes().replace(b"2026-01-01", b"2026-02-30", 1),
        usual().trust.to_bytes().replace(b'"level":"village"', b'"level":"emperor"', 1),
        usual().trust.to_bytes().replace(b'"roots":[', b'"roots":[7,', 1),
        usual().trust.to_bytes().replace(b'"revocations":[]', b'"revocations":{}', 1),
        usual().trust.to_bytes().replace(b'"revocations":[]', b'"revocations":[7]', 1),
        usual().trust.to_bytes().replace(b'"certificates":[', b'"certificates":["a",', 1),
        canonical({"fmt": "hhtrust/1"}),
    ],
)
def test_every_other_spelling_is_bad_input(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        parse_trust(data)
    assert caught.value.code == "trust.bad_shape"


def test_a_huge_document_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(BadInput) as caught:
        parse_trust(b" " * 1_000_001)
    assert caught.value.code == "trust.too_large"


def test_the_chain_from_county_to_village_holds() -> None:
    setting = usual()
    assert set(valid_certificates(setting.trust)) == {setting.root, setting.township, setting.village}
    assert certificates_by_device(setting.trust)[keys("village").device] == (setting.village,)


@pytest.mark.parametrize(
    "wrong",
    [
        certificate("x", Level.VILLAGE, OTHER_VILLAGE, "township"),  # another division
        certificate("x", Level.COUNTY, COUNTY, "township"),  # above itself
        certificate("x", Level.TOWNSHIP, TOWNSHIP, "township", can_issue=True),  # path length 1
        certificate("x", Level.VILLAGE, VILLAGE, "village"),  # a village issues nothing
        certificate("x", Level.VILLAGE, TOWNSHIP, "township"),  # level and code differ
        certificate("x", Level.TOWNSHIP, TOWNSHIP, "township", proxy=True),  # proxies write for villages
        certificate("x", Level.VILLAGE, VILLAGE, "township", valid_from="2028-01-01"),
        certificate("x", Level.VILLAGE, VILLAGE, "stranger"),
        certificate("x", Level.COUNTY, COUNTY, "county", can_issue=True),  # a second issuing county
        certificate("stranger", Level.COUNTY, COUNTY, "stranger", can_issue=True),  # a root nobody chose
        certificate("x", Level.VILLAGE, "000000000000", "township"),
    ],
)
def test_certificates_outside_the_rules_are_not_believed(wrong) -> None:
    trust = usual().trust
    assert merged(trust, doc_of(wrong), verify_text) == trust


@pytest.mark.parametrize(
    "right",
    [
        certificate("x", Level.VILLAGE, VILLAGE, "township"),
        certificate("x", Level.VILLAGE, VILLAGE, "township", proxy=True),
        certificate("x", Level.TOWNSHIP, TOWNSHIP, "township"),
        certificate("x", Level.COUNTY, COUNTY, "county"),
        certificate("x", Level.VILLAGE, OTHER_VILLAGE, "county"),
        certificate("x", Level.TOWNSHIP, OTHER_TOWNSHIP, "county", can_issue=True),
    ],
)
def test_certificates_within_the_rules_are(right) -> None:
    trust = usual().trust
    more = merged(trust, doc_of(right), verify_text)
    assert right in valid_certificates(more)
    assert more.epoch == trust.epoch + 1


def test_a_wrong_signature_stops_the_merge() -> None:
    setting = usual()
    forged = replace(certificate("x", Level.VILLAGE, VILLAGE, "township"), signature="0" * 128)
    with pytest.raises(BadInput) as caught:
        merged(setting.trust, doc_of(forged), verify_text)
    assert caught.value.code == "trust.bad_signature"
    with pytest.raises(BadInput):
        check_signatures(doc_of(replace(setting.village, scope=OTHER_VILLAGE)), verify_text)


def test_merging_is_a_union_whatever_the_order_and_never_goes_back() -> None:
    setting = usual()
    parts = [
        doc_of(setting.township, setting.village),
        doc_of(setting.township, certificate("second", Level.VILLAGE, VILLAGE, "township")),
        doc_of(setting.township, certificate("third", Level.TOWNSHIP, TOWNSHIP, "township")),
    ]
    found = set()
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2, 1)):
        trust = with_root(TrustDoc(), setting.root, verify_text)
        epochs = [trust.epoch]
        for number in order:
            trust = merged(trust, parts[number], verify_text)
            epochs.append(trust.epoch)
        assert epochs == sorted(epochs)
        found.add(trust)
    assert len(found) == 1
    newest = found.pop()
    assert merged(newest, parts[0], verify_text) == newest


def test_roots_of_a_foreign_document_are_not_taken_over() -> None:
    trust = usual().trust
    foreign = with_root(
        TrustDoc(), certificate("stranger", Level.COUNTY, COUNTY, "stranger", can_issue=True), verify_text
    )
    assert merged(trust, foreign, verify_text).roots == trust.roots


@pytest.mark.parametrize(
    "wrong",
    [
        certificate("x", Level.TOWNSHIP, TOWNSHIP, "township", can_issue=True),
        certificate("x", Level.TOWNSHIP, TOWNSHIP, "x"),
        certificate("x", Level.VILLAGE, VILLAGE, "x", can_issue=True),
        certificate("x", Level.COUNTY, TOWNSHIP, "x", can_issue=True),
    ],
)
def test_only_a_self_signed_issuer_can_be_a_root(wrong) -> None:
    with pytest.raises(BadInput) as caught:
        with_root(TrustDoc(), wrong, verify_text)
    assert caught.value.code == "trust.bad_root"


def test_a_township_without_a_county_is_its_own_root_and_is_countersigned_later() -> None:
    own_root = certificate("township", Level.TOWNSHIP, TOWNSHIP, "township", can_issue=True)
    village = certificate("village", Level.VILLAGE, VILLAGE, "township")
    at_village = merged(with_root(TrustDoc(), own_root, verify_text), doc_of(village), verify_text)
    assert village in valid_certificates(at_village)

    county = certificate("county", Level.COUNTY, COUNTY, "county", can_issue=True)
    from_county = certificate("township", Level.TOWNSHIP, TOWNSHIP, "county", can_issue=True)
    news = doc_of(own_root, county, from_county)
    assert county not in valid_certificates(merged(at_village, news, verify_text))

    vouched = replace(news, endorsements=(endorsement("county", "township"),))
    at_village = merged(at_village, vouched, verify_text)
    assert {county, from_county, village} <= set(valid_certificates(at_village))

    at_county = merged(with_root(TrustDoc(), county, verify_text), doc_of(from_county, village), verify_text)
    assert village in valid_certificates(at_county)


@pytest.mark.parametrize(
    ("root", "issuer"),
    [
        (certificate("stranger", Level.COUNTY, "990102000000", "stranger", can_issue=True), "township"),
        (certificate("stranger", Level.TOWNSHIP, TOWNSHIP, "stranger", can_issue=True), "township"),
        (certificate("stranger", Level.COUNTY, COUNTY, "stranger", can_issue=True), "village"),
    ],
)
def test_an_endorsement_lifts_only_a_root_above_and_around(root, issuer) -> None:
    own_root = certificate("township", Level.TOWNSHIP, TOWNSHIP, "township", can_issue=True)
    trust = with_root(TrustDoc(), own_root, verify_text)
    news = doc_of(
        root,
        certificate("village", Level.VILLAGE, VILLAGE, "township"),
        endorsements=[endorsement("stranger", issuer)],
    )
    assert root not in valid_certificates(merged(trust, news, verify_text))


@pytest.mark.parametrize(
    ("subject", "issuer", "counts"),
    [
        ("village", "township", True),
        ("village", "county", True),
        ("township", "county", True),
        ("village", "village", False),
        ("township", "village", False),
        ("county", "township", False),
        ("village", "stranger", False),
    ],
)
def test_only_who_could_issue_can_revoke(subject: str, issuer: str, counts: bool) -> None:
    trust = merged(usual().trust, doc_of(revocations=[revocation(subject, issuer)]), verify_text)
    assert bool(valid_revocations(trust)) is counts


def test_validity_is_asked_by_day_both_ends_included() -> None:
    village = usual().village
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2027, 6, 30), date(2027, 7, 1)]
    assert [village.current(day) for day in days] == [False, True, True, False]
    assert not may_issue(village, village)


def test_no_name_can_stand_in_the_document() -> None:
    named = replace(usual().village, person="张三")
    trust = doc_of(named)
    with pytest.raises(BadInput):
        parse_trust(trust.to_bytes())
    assert "张三" in json.dumps(json.loads(trust.to_bytes()), ensure_ascii=False)


def declared(subject: str, issuer: str, **given: object) -> Revocation:
    made = replace(Revocation(keys(subject).key, (), keys(issuer).key, "2026-03-01", "lost"), **given)
    return replace(made, signature=keys(issuer).sign(made.signed_part()))


def test_a_revocation_of_the_first_kind_is_written_as_ever() -> None:
    plain = doc_of(revocations=[declared("village", "township")]).to_bytes()
    assert not any(word in plain for word in (b"serial", b"lifted", b"stands"))
    later = doc_of(revocations=[declared("village", "township", serial=1, lifted=True, stands=("a" * 32,))])
    assert parse_trust(later.to_bytes()) == later


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_the_last_word_of_an_issuer_holds_whatever_came_first(order: tuple[int, ...]) -> None:
    end = StreamEnd("5" * 32, 3, "a" * 32)
    words = [
        declared("village", "township", ends=(end,)),
        declared("village", "township", serial=1, lifted=True),
        declared("village", "township", serial=2, ends=(replace(end, number=9),)),
    ]
    trust = usual().trust
    for number in order:
        trust = merged(trust, doc_of(revocations=[words[number]]), verify_text)
    assert valid_revocations(trust) == (words[2],)
    assert last_serial(trust, keys("township").key, keys("village").key) == 2
    without = merged(usual().trust, doc_of(revocations=words[:2]), verify_text)
    assert (valid_revocations(without), revoked_keys(without)) == ((), frozenset())


def test_the_county_cannot_be_overruled_by_the_township() -> None:
    words = [declared("village", "county"), declared("village", "township", serial=7, lifted=True)]
    trust = merged(usual().trust, doc_of(revocations=words), verify_text)
    assert revoked_keys(trust) == {keys("village").key}


def test_equal_serials_of_one_issuer_stand_together() -> None:
    words = [declared("village", "township"), declared("village", "township", reason="stolen")]
    trust = merged(usual().trust, doc_of(revocations=words), verify_text)
    assert set(valid_revocations(trust)) == set(words)


def test_what_a_revoked_office_had_certified_stands_and_nothing_later() -> None:
    later = certificate("later", Level.VILLAGE, VILLAGE, "township")
    word = declared("township", "county", stands=(usual().village.mark,))
    for first, then in (([word], [later]), ([later], [word])):
        trust = usual().trust
        for batch in (first, then):
            mine = [one for one in batch if isinstance(one, Revocation)]
            theirs = [one for one in batch if not isinstance(one, Revocation)]
            trust = merged(trust, doc_of(*theirs, revocations=mine), verify_text)
        assert usual().village in valid_certificates(trust)
        assert later not in valid_certificates(trust)
        # It is kept all the same, so that lifting the revocation brings it back without another file.
        lifted = declared("township", "county", serial=1, lifted=True)
        assert later in valid_certificates(merged(trust, doc_of(revocations=[lifted]), verify_text))


def test_two_revocations_of_an_office_leave_what_both_name() -> None:
    other = certificate("other", Level.VILLAGE, VILLAGE, "township")
    words = [
        declared("township", "county", stands=tuple(sorted((usual().village.mark, other.mark)))),
        declared("township", "county", stands=(other.mark,), reason="stolen"),
    ]
    trust = merged(usual().trust, doc_of(other, revocations=words), verify_text)
    assert other in valid_certificates(trust)
    assert usual().village not in valid_certificates(trust)
