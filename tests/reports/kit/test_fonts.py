"""The chains cover what they must, by the lists of the standards, and say what they lack."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from reports.kit.fonts import GETA, Role, vendored, visible
from reports.kit.type0 import MissingCharacters

ROOT = Path(__file__).parents[3]
COMMON = (files("reports") / "assets/fonts/8105.txt").read_text(encoding="utf-8").strip()
LEVEL2 = "".join(map(chr, [*range(0x4E00, 0x9FF0), *range(0x3400, 0x4DB6)])) + (
    "\uf92c\uf979\uf995\uf9e7\uf9f1\ufa0c\ufa0d\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa18\ufa1f\ufa20\ufa21\ufa23\ufa24"
    "\ufa27\ufa28\ufa29"
)
RARE = "䶮㛃𬭚𬱖𫖯𣲗"
ABSENT = "\U00020000"  # extension B is not in this set


def test_the_shipped_faces_are_the_recorded_ones():
    done = subprocess.run(
        [sys.executable, ROOT / "packaging/fonts.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("role", Role)
def test_every_role_has_the_8105_and_all_of_level_2(role):
    assert len(COMMON) == 8105
    assert vendored().check(COMMON, role) == ()
    assert vendored().check(LEVEL2, role) == ()
    assert vendored().check("，。、；：？！（）《》“”‘’—…·〔〕％℃〇①√□〓￥№ABCabc0123456789.,-*", role) == ()


@pytest.mark.parametrize("role", Role)
def test_names_with_rare_characters_and_dots_are_covered(role):
    assert vendored().check(RARE + "吉克·阿依", role) == ()


def test_a_missing_character_is_named_once_and_in_order():
    text = f"王{ABSENT}李\U0002a6a5{ABSENT}"
    assert vendored().check(text, Role.FANG) == (ABSENT, "\U0002a6a5")
    glyph = vendored().chain(Role.FANG)[ABSENT]
    assert glyph.missing
    assert glyph.text == GETA
    assert glyph.glyph != 0
    with pytest.raises(MissingCharacters) as caught:
        vendored().require([("好", Role.FANG), (text, Role.SONG)])
    assert caught.value.characters == (ABSENT, "\U0002a6a5")


def test_what_draws_nothing_is_not_missing():
    assert vendored().check("阿\u200b依\ufe0f\ufeff\n\U000e0100", Role.SONG) == ()
    assert visible("a\u200bb\r\n\tc\ufeff\x07") == "ab   c"


@pytest.mark.parametrize("role", Role)
def test_the_separation_dot_is_narrow_and_quotation_marks_are_wide(role):
    chain = vendored().chain(role)
    assert chain["·"].advance <= 0.7
    assert all(chain[mark].advance >= 0.9 for mark in "“”‘’，。（）《》")


@pytest.mark.parametrize("role", [Role.FANG, Role.SONG, Role.KAI])
def test_digits_of_the_light_faces_are_half_an_em(role):
    chain = vendored().chain(role)
    assert {chain[digit].advance for digit in "0123456789"} == {0.5}


def test_bold_faces_use_their_own_digits():
    for role in (Role.TITLE, Role.HEI):
        chain = vendored().chain(role)
        assert chain["8"].font == chain["户"].font
