from __future__ import annotations

import json

import pytest

from app.domain.parsed import is_list, is_object


@pytest.mark.parametrize(
    ("text", "as_object", "as_list"),
    [('{"a": 1}', True, False), ("{}", True, False), ("[1]", False, True), ('"{}"', False, False)],
)
def test_tables_and_lists_of_a_document(text: str, as_object: bool, as_list: bool) -> None:
    value = json.loads(text)
    assert (is_object(value), is_list(value)) == (as_object, as_list)
