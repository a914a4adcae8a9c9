"""Words come from the tables, sentences from codes; a gap gives the code to read out."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.domain.errors import Refused
from app.ui.texts import has, sentence, t


def test_words_take_parameters():
    assert t("list.overdue", days=3) == "超期 3 天"


def test_braces_in_a_value_are_left_alone():
    assert t("detail.code", code="{x}") == "户编号 {x}"


def test_a_missing_key_or_parameter_is_a_bug():
    with pytest.raises(KeyError):
        t("list.no_such_thing")
    with pytest.raises(KeyError):
        t("list.overdue", weeks=1)


def test_has_tells_whether_there_are_words():
    assert has("app.unit_m2")
    assert not has("app.unit_parsec")
    assert not has("nowhere.at_all")


def test_an_error_without_a_sentence_gives_its_code():
    assert "rule.not_written_yet" in sentence(Refused("rule.not_written_yet", days=3))


def test_no_qt_comes_with_the_texts():
    code = "import sys; sys.modules['PySide6'] = None; import app.ui.texts as x; print(x.t('app.yes'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "是"
