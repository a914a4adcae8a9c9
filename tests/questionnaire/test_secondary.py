"""Lists beside the answers."""

from __future__ import annotations

import json

import pytest

from app.domain.errors import BadInput
from app.questionnaire.secondary import from_attachment, from_csv, from_geojson
from app.questionnaire.xpath.node import Node


def cells(root: Node) -> list[list[tuple[str, str]]]:
    return [[(c.local, c.value()) for c in item.elements()] for item in root.elements()]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_every_dress(separator: str, ending: str, encoding: str) -> None:
    text = ending.join([f"name{separator}label", f'a{separator}"甲{separator}一"', f"b{separator}乙", ""])
    assert cells(from_csv(text.encode(encoding), "x.csv")) == [
        [("name", "a"), ("label", f"甲{separator}一")],
        [("name", "b"), ("label", "乙")],
    ]


def test_short_rows_are_filled() -> None:
    assert cells(from_csv(b"a,b\n1\n", "x.csv")) == [[("a", "1"), ("b", "")]]


def test_empty_and_unreadable_files_are_named() -> None:
    with pytest.raises(BadInput, match="list_empty"):
        from_csv(b"", "x.csv")
    with pytest.raises(BadInput, match="list_encoding"):
        from_csv(b"\xff\xff\xff", "x.csv")


def test_geojson() -> None:
    point = {"type": "Point", "coordinates": [102.5, 28.25]}
    feature = {"type": "Feature", "id": "f1", "geometry": point, "properties": {"name": "井"}}
    data = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    assert cells(from_geojson(data, "x.geojson")) == [
        [("geometry", "28.25 102.5 0 0"), ("name", "井"), ("id", "f1")]
    ]
    with pytest.raises(BadInput, match="list_damaged"):
        from_geojson(b"{}", "x.geojson")


def test_attachments_by_name() -> None:
    xml = b"<root><item><name>a</name></item></root>"
    found = from_attachment("jr://file/list.xml", {"list.xml": xml})
    assert found is not None
    assert cells(found) == [[("name", "a")]]
    assert from_attachment("jr://file/none.xml", {}) is None
