from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.journal import chain, hlc
from app.journal.entry import MAX_BYTES, Body, canonical, encode, parse, parse_lines, trusted

E = "e" * 32
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=20)
VALUE = st.one_of(TEXT, st.integers(-(2**61), 2**61))


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    changes = draw(st.dictionaries(TEXT, VALUE, max_size=6))
    ids = st.lists(st.from_regex(r"\A[0-9a-f]{32}\Z"), min_size=1, max_size=3, unique=True)
    parents = {code: tuple(sorted(draw(ids))) for code in list(changes)[:2]}
    extras = draw(st.dictionaries(TEXT, VALUE, max_size=3))
    return Body(
        draw(TEXT), E, "household", draw(TEXT), draw(st.integers(0, 2**61)), "n", changes, parents, extras
    )


@given(bodies())
def test_what_is_encoded_is_parsed(body: Body) -> None:
    assert parse(encode(body)) == body == trusted(encode(body))


GOOD = encode(Body("a", E, "household", "op", 1, "n", {"f": "x"}, {"f": ("1" * 32,)}))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (GOOD.replace(b'"h":1', b'"h": 1'), "entry.not_canonical"),
        (GOOD.replace(b'"h":1', b'"h":1.0'), "entry.bad_shape"),
        (GOOD.replace(b'"h":1', b'"h":true'), "entry.bad_shape"),
        (GOOD.replace(b'"h":1', b'"h":NaN'), "entry.not_canonical"),
        (GOOD.replace(b'{"f":"x"}', b'{"f":null}'), "entry.bad_shape"),
        (GOOD.replace(b'{"f":"x"}', b'{"f":["x"]}'), "entry.bad_shape"),
        (GOOD.replace(b'{"f":"x"}', b'{"f":"x","f":"y"}'), "entry.not_canonical"),
        (GOOD.replace(b'{"f":"x"}', b'{"f":"\\u0000"}'), "entry.not_canonical"),
        (GOOD.replace(b'{"f":"x"}', b'{"f":4611686018427387904}'), "entry.bad_shape"),
        (GOOD.replace(b'"p":{"f"', b'"p":{"g"'), "entry.bad_shape"),
        (GOOD.replace(b"1" * 32, b"1" * 31), "entry.bad_shape"),
        (GOOD[:-1] + b',"z":1}', "entry.bad_shape"),
        (GOOD.replace(E.encode(), b"E" * 32), "entry.bad_shape"),
        (b"[" * 50_000, "entry.bad_shape"),
        (b"\xff\xfe", "entry.not_canonical"),
        (b"[]", "entry.bad_shape"),
        (GOOD + b" " * MAX_BYTES, "entry.too_long"),
    ],
)
def test_every_other_spelling_is_refused(line: bytes, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(line)
    assert caught.value.code == code
    assert parse_lines([GOOD, line]) is None


@given(st.lists(bodies(), max_size=4))
def test_many_lines_are_read_as_each_alone(several: list[Body]) -> None:
    lines = [encode(body) for body in several]
    if any(b"\\u0000" in line for line in lines):
        assert parse_lines(lines) is None  # looked at one by one
    else:
        assert parse_lines(lines) == several


def test_an_entry_id_depends_on_everything_before_it() -> None:
    stream = chain.stream_id(b"k" * 32, b"i" * 16, "990101001201")
    one = chain.link(chain.genesis(stream), stream, 1, b"a")
    assert chain.entry_id(chain.link(one, stream, 2, b"b")) != chain.entry_id(
        chain.link(one, stream, 3, b"b")
    )
    other = chain.link(chain.genesis(stream), stream, 1, b"A")
    assert chain.link(one, stream, 2, b"b") != chain.link(other, stream, 2, b"b")
    assert chain.stream_id(b"k" * 32, b"i" * 16, "990101001202") != stream


def test_the_clock_never_goes_back_and_a_wild_one_is_not_followed() -> None:
    now = 1_770_000_000_000
    first = hlc.tick(0, now)
    assert hlc.tick(first, now - 5000) == first + 1
    year = 365 * 24 * 3600 * 1000
    wild = hlc.tick(0, now + 10 * year)
    assert hlc.receive(first, [wild], now) == first
    assert hlc.receive(first, [hlc.tick(0, now + 3600_000)], now) > first
    assert int(hlc.wall_of(first).timestamp() * 1000) == now


def test_nothing_stands_after_an_entry() -> None:
    with pytest.raises(BadInput) as caught:
        parse(GOOD + GOOD)
    assert caught.value.code == "entry.not_canonical"


@pytest.mark.parametrize(
    ("parents", "good"),
    [
        ((), True),
        (("1" * 32, "2" * 32), True),
        (("2" * 32, "1" * 32), False),
        (("1" * 32, "1" * 32), False),
        (("1" * 32, "x" * 32), False),
        ((1,), False),
        ((1, 2), False),
    ],
)
def test_parents_are_ids_in_order_and_none_twice(parents: tuple[object, ...], good: bool) -> None:
    line = GOOD.replace(b'"p":{"f":["' + b"1" * 32 + b'"]}', b'"p":{"f":' + canonical(list(parents)) + b"}")
    assert line != GOOD
    assert (parse_lines([line, GOOD]) is not None) is good
    if good:
        assert parse(line).parents == {"f": parents}
    else:
        with pytest.raises(BadInput):
            parse(line)


def test_an_entry_holds_five_hundred_fields_at_most() -> None:
    fields: dict[str, int | str] = {f"f{n:03d}": 1 for n in range(500)}
    assert parse(encode(Body("a", E, "household", "op", 1, "n", fields))).changes == fields
    with pytest.raises(BadInput) as caught:
        parse(encode(Body("a", E, "household", "op", 1, "n", fields | {"g": 1})))
    assert caught.value.code == "entry.bad_shape"


def test_what_reads_like_a_nul_written_out_is_a_text_like_any_other() -> None:
    body = Body("a", E, "household", "op", 1, "n", {"f": "\\u0000"})
    assert parse(encode(body)) == body


@given(st.recursive(VALUE, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=12))
def test_the_canonical_spelling_is_that_of_sorted_json_without_spaces(doc: object) -> None:
    assert (
        canonical(doc) == json.dumps(doc, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    )


def test_nothing_may_be_left_out() -> None:
    doc = json.loads(GOOD)
    for key in doc:
        with pytest.raises(BadInput):
            parse(canonical({name: value for name, value in doc.items() if name != key}))
