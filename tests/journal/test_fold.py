from __future__ import annotations

import hashlib
import random

from hypothesis import given
from hypothesis import strategies as st

from app.journal.entry import Body, canonical
from app.journal.fold import EMPTY, Folded, fold, succession, succession_digest

E = "e" * 32


def body(value: str, parents: tuple[str, ...] = (), hlc: int = 1, field: str = "f") -> Body:
    return Body(
        "a" * 32, E, "household", "edited", hlc, "n", {field: value}, {field: parents} if parents else {}
    )


def test_one_write_is_the_value() -> None:
    assert fold([("1", body("x"))]).values == {"f": "x"}


def test_a_write_that_names_its_head_replaces_it() -> None:
    folded = fold([("2", body("y", ("1",))), ("1", body("x"))])
    assert folded.values == {"f": "y"}
    assert folded.conflicts == ()


def test_two_writes_of_one_head_are_a_conflict_until_one_names_both() -> None:
    entries = [("1", body("x")), ("2", body("y", ("1",), 5)), ("3", body("z", ("1",), 4))]
    folded = fold(entries)
    assert folded.conflicts == ("f",)
    assert folded.values == {"f": "y"}  # the later clock is shown, nothing is lost
    assert [h.value for h in folded.heads["f"]] == ["y", "z"]
    assert fold([*entries, ("4", body("z", ("2", "3"), 9))]).conflicts == ()


def test_equal_values_written_twice_need_nobody() -> None:
    assert fold([("1", body("x")), ("2", body("x"))]).conflicts == ()


def test_fields_do_not_disturb_each_other() -> None:
    folded = fold([("1", body("x")), ("2", body("y", field="g"))])
    assert folded.values == {"f": "x", "g": "y"}


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, Body]]:
    """Several writers who have each seen some earlier entries."""
    entries: list[tuple[str, Body]] = []
    for n in range(draw(st.integers(1, 8))):
        seen = [entry for entry in entries if draw(st.booleans())]
        heads = fold(seen).heads.get("f", ())
        parents = tuple(head.entry for head in heads)
        entries.append((f"{n:032x}", body(draw(st.sampled_from("abc")), parents, draw(st.integers(0, 3)))))
    return entries


@given(histories(), st.randoms(use_true_random=False), st.integers(0, 8))
def test_order_repetition_and_splitting_do_not_matter(
    entries: list[tuple[str, Body]], rng: random.Random, cut: int
) -> None:
    expected = fold(entries)
    shuffled = entries[:]
    rng.shuffle(shuffled)
    assert fold(shuffled) == expected
    assert fold(entries + entries[:cut]) == expected
    assert fold(shuffled).digest() == expected.digest()


@given(histories())
def test_no_write_is_lost_unless_a_later_one_names_it(entries: list[tuple[str, Body]]) -> None:
    folded = fold(entries)
    named = {parent for _, b in entries for ids in b.parents.values() for parent in ids}
    assert {h.entry for h in folded.heads["f"]} == {entry for entry, _ in entries} - named
    assert folded.heads["f"]


@given(histories())
def test_adding_one_by_one_equals_folding_at_once_when_parents_came_first(
    entries: list[tuple[str, Body]],
) -> None:
    step: Folded = EMPTY
    for entry, b in entries:
        step = step.with_write(entry, b)
    assert step.heads == fold(entries).heads


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("abc")), max_size=8))
def test_who_always_names_all_heads_keeps_the_same_marks(writes: list[tuple[bool, str]]) -> None:
    step: Folded = EMPTY
    entries: list[tuple[str, Body]] = []
    for n, (knows, text) in enumerate(writes):
        parents = tuple(head.entry for head in step.heads.get("f", ())) if knows else ()
        entries.append((f"{n:032x}", body(text, parents)))
        step = step.with_write(*entries[-1])
        assert step == fold(entries)


def test_a_settled_conflict_leaves_its_mark_and_equal_values_leave_none() -> None:
    apart = [("1", body("x")), ("2", body("y"))]
    assert fold(apart).contested == ("f",)
    assert fold([*apart, ("3", body("y", ("1", "2")))]).contested == ("f",)
    alike = [("1", body("x")), ("2", body("x")), ("3", body("y", ("1", "2")))]
    assert fold(alike).contested == ()
    # A name that is not projected (held, deleted) says nothing about what stood here.
    assert fold([("2", body("y")), ("3", body("z", ("1", "2")))]).contested == ()


@given(st.dictionaries(st.text(max_size=4), st.one_of(st.integers(-9, 9), st.text(max_size=6)), max_size=5))
def test_the_digest_is_that_of_every_field_with_its_heads(changes: dict[str, int | str]) -> None:
    plain = {code: value for code, value in changes.items() if not _lone(code) and not _lone(str(value))}
    folded = fold([("1" * 32, Body("a", "e" * 32, "household", "op", 1, "n", plain))])
    doc = {code: [[head.entry, head.value] for head in heads] for code, heads in folded.heads.items()}
    assert folded.digest() == hashlib.sha256(canonical(doc)).digest()


WRITES = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from("fg"), st.sampled_from(["x", "y", 1]), max_size=2),
        st.lists(st.integers(0, 5), max_size=2, unique=True),
        st.booleans(),
    ),
    max_size=6,
)


@given(WRITES, st.randoms(use_true_random=False))
def test_a_succession_is_what_a_fold_comes_to(
    writes: list[tuple[dict[str, int | str], list[int], bool]], chance: random.Random
) -> None:
    entries: list[tuple[str, Body]] = []
    standing: dict[str, str] = {}
    for n, (changes, named, is_straight) in enumerate(writes):
        ids = tuple(sorted(str(m) for m in named))
        said = {code: ids for code in changes if ids}
        if is_straight:
            said = {code: (standing[code],) for code in changes if code in standing}
        entries.append((str(n), Body("a", "e" * 32, "household", "op", n, "n", changes, said)))
        standing |= dict.fromkeys(changes, str(n))
    if all(is_straight for _, _, is_straight in writes):
        assert succession(entries) is not None
    else:
        chance.shuffle(entries)
    found, folded = succession(entries), fold(entries)
    if found is not None:
        heads = {code: (head.entry, head.value) for code, (head,) in folded.heads.items()}
        assert (found, succession_digest(found)) == (heads, folded.digest())
        assert folded.contested == ()


def test_a_lawful_deletion_is_no_succession() -> None:
    made = Body("a", "e" * 32, "household", "entry.redacted", 1, "n", {"f": ""})
    assert succession([("1", made)]) is None


def _lone(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)
