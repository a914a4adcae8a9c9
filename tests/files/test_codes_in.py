from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.files.codes_in import parse_codes, read_codes

GOOD = """
[risk]
title = "风险"
source = "某规定"
codes = [
  { code = "illness", label = "因病", aliases = ["病"] },
  { code = "old", label = "因老", valid_from = 2014-01-01, valid_to = 2020-12-31, traits = { rank = 2, sex = "1" } },
]
"""


def test_a_good_file() -> None:
    risk = parse_codes(GOOD.encode(), "codes.toml")["risk"]
    assert (risk.name, risk.title) == ("risk", "风险")
    assert risk.code_for("病") == "illness"
    old = risk.get("old")
    assert old is not None
    assert (old.valid_from, old.valid_to) == (date(2014, 1, 1), date(2020, 12, 31))
    assert (risk.trait("old", "rank"), risk.trait("old", "sex")) == (2, "1")


def changed(old: str, new: str) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new).encode()


@pytest.mark.parametrize(
    ("data", "code", "key"),
    [
        (b'x = "1"', "codes.wrong_type", "x"),
        (changed("[risk]", '["Risk list"]'), "codes.bad_code", "Risk list"),
        (changed('title = "风险"', ""), "codes.missing", "risk.title"),
        (changed('title = "风险"', 'title = " "'), "codes.wrong_type", "risk.title"),
        (changed('"某规定"', "7"), "codes.wrong_type", "risk.source"),
        (changed("source", "colour"), "codes.unknown_key", "risk.colour"),
        (b'[risk]\ntitle = "a"\ncodes = []', "codes.missing", "risk.codes"),
        (b'[risk]\ntitle = "a"\ncodes = ["x"]', "codes.wrong_type", "risk.codes[1]"),
        (changed('code = "illness"', 'code = "ill ness"'), "codes.bad_code", "risk.codes[1].code"),
        (changed('label = "因病", ', ""), "codes.missing", "risk.codes[1].label"),
        (changed('["病"]', '"病"'), "codes.wrong_type", "risk.codes[1].aliases"),
        (changed('["病"]', "[3]"), "codes.wrong_type", "risk.codes[1].aliases"),
        (changed("aliases", "alias"), "codes.unknown_key", "risk.codes[1].alias"),
        (changed("2014-01-01", '"2014"'), "codes.wrong_type", "risk.codes[2].valid_from"),
        (changed("2014-01-01", "2021-01-01"), "codes.dates", "risk.codes[2]"),
        (changed("{ rank = 2", "{ rank = true"), "codes.wrong_type", "risk.codes[2].traits.rank"),
        (changed('{ rank = 2, sex = "1" }', "3"), "codes.wrong_type", "risk.codes[2].traits"),
        (changed('code = "old"', 'code = "illness"'), "codes.duplicate", "risk.illness"),
        (changed('label = "因老"', 'label = "因 病"'), "codes.duplicate", "risk.old"),
    ],
)
def test_each_fault_names_file_and_key(data: bytes, code: str, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_codes(data, "codes.toml")
    assert (caught.value.code, caught.value.params) == (code, {"file": "codes.toml", "key": key})


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"[risk]\ntitle = \n", 2), (b"[risk]\n\ntitle = '" + "因".encode("gb18030"), 3), (b"[risk", 0)],
)
def test_what_is_no_toml_is_told_with_its_line(data: bytes, line: int) -> None:
    with pytest.raises(BadInput) as caught:
        parse_codes(data, "codes.toml")
    assert (caught.value.code, caught.value.params) == (
        "codes.not_toml",
        {"file": "codes.toml", "line": line},
    )


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read_codes(tmp_path / "codes.toml")
    assert caught.value.code == "codes.unreadable"


def test_reading_a_file(tmp_path: Path) -> None:
    (tmp_path / "codes.toml").write_text(GOOD, encoding="utf-8")
    assert set(read_codes(tmp_path / "codes.toml")) == {"risk"}
