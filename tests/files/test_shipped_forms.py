"""Questionnaires that ship with the program."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.files.form_in import shipped_versions


def test_versions_stand_oldest_first() -> None:
    versions = shipped_versions("visit")
    numbers = [int(form.version.removeprefix("v")) for form in versions]
    assert numbers == sorted(numbers)
    assert len({form.hash for form in versions}) == len(versions)


@pytest.mark.parametrize("form", ["nothing", "visit/v1"])  # no folder; a folder in which no version lies
def test_a_questionnaire_that_does_not_ship(form: str) -> None:
    with pytest.raises(Refused) as caught:
        shipped_versions(form)
    assert (caught.value.code, caught.value.params) == ("questionnaire.unknown_form", {"form": form})
