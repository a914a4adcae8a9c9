"""A starter file is looked into before there is a workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import AppError
from app.usecases import enrolment, starters
from tests.usecases.exchange import TOWNSHIP, VILLAGE, Computers


def test_what_it_would_fill_in(computers: Computers) -> None:
    file = enrolment.write_starter(computers.office("township"), computers.post)
    found = starters.peek(file)
    assert set(found.places) >= {TOWNSHIP, VILLAGE}
    assert found.places == enrolment.look_into(computers.office("township"), file).starter.places


def test_a_file_that_is_not_there_or_no_starter(tmp_path: Path) -> None:
    (tmp_path / "夹.hhstart").mkdir()
    (tmp_path / "信.hhstart").write_text("not one")
    for name, code in (
        ("无.hhstart", "enrol.missing"),
        ("夹.hhstart", "package.not_read"),
        ("信.hhstart", "starter.not_one"),
    ):
        with pytest.raises(AppError) as caught:
            starters.peek(tmp_path / name)
        assert (caught.value.code, caught.value.params) == (code, {"file": name})
