"""Lists beside the answers: inline instances, CSV, XML and GeoJSON attachments."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, cast

from app.domain.errors import BadInput
from app.questionnaire.xpath.node import Node, NodeKind, document, from_lxml, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DELIMITERS = ",;\t|"
_NOT_NAME = re.compile(r"[^\w.\-]")


def _leaf(name: str, text: str) -> Node:
    node = Node(NodeKind.ELEMENT, name)
    node.set_value(text)
    return node


def _root_of(rows: Iterable[Iterable[tuple[str, str]]]) -> Node:
    root = Node(NodeKind.ELEMENT, "root")
    for row in rows:
        item = Node(NodeKind.ELEMENT, "item")
        for name, text in row:
            item.append(_leaf(name, text))
        root.append(item)
    return root


def text_of(data: bytes, file: str) -> str:
    """The text of a list, UTF-8 or GB 18030.

    Raises:
        BadInput: ``questionnaire.list_encoding`` (param ``file``).
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("questionnaire.list_encoding", file=file)


def delimiter_of(head: str) -> str:
    """The separator used outside quotes in the header line: comma, semicolon, tab or bar."""
    plain = re.sub(r'"[^"]*"', "", head)
    return max(_DELIMITERS, key=plain.count)


def from_csv(data: bytes, file: str) -> Node:
    """A list as ``root/item/column``; UTF-8 or GB 18030, comma, semicolon, tab or bar.

    Raises:
        BadInput: ``questionnaire.list_encoding`` or ``questionnaire.list_empty`` (param ``file``).
    """
    text = text_of(data, file).replace("\r\n", "\n").replace("\r", "\n")
    head = text.partition("\n")[0]
    if not head.strip():
        raise BadInput("questionnaire.list_empty", file=file)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter_of(head))
    names = [_NOT_NAME.sub("_", n) for n in next(rows)]
    return _root_of(
        [(n, row[i] if i < len(row) else "") for i, n in enumerate(names) if n]
        for row in rows
        if any(cell.strip() for cell in row)
    )


def _number(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _position(pair: object) -> str:
    """GeoJSON writes longitude first; XForms latitude first, altitude and accuracy last."""
    numbers = [_number(n) for n in cast("list[object]", pair)]
    return f"{numbers[1]} {numbers[0]} 0 0"


def _geometry(value: Mapping[str, object]) -> str:
    coordinates = cast("list[object]", value.get("coordinates", []))
    if value.get("type") == "Point":
        return _position(coordinates)
    if value.get("type") == "Polygon":
        coordinates = cast("list[object]", coordinates[0])
    return "; ".join(_position(p) for p in coordinates)


def _scalar(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return _number(value)


def from_geojson(data: bytes, file: str) -> Node:
    """Features as items: ``geometry``, ``id`` and their properties.

    Raises:
        BadInput: ``questionnaire.list_damaged`` (param ``file``).
    """
    try:
        loaded = json.loads(text_of(data, file))
        features = loaded["features"]
        rows: list[list[tuple[str, str]]] = []
        for feature in features:
            row = [("geometry", _geometry(feature["geometry"]))]
            properties = dict(feature.get("properties") or {})
            if "id" in feature:
                properties.setdefault("id", feature["id"])
            row.extend((name, _scalar(value)) for name, value in properties.items())
            rows.append(row)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise BadInput("questionnaire.list_damaged", file=file) from error
    return _root_of(rows)


def from_attachment(src: str, media: Mapping[str, bytes]) -> Node | None:
    """The list a ``src`` such as ``jr://file-csv/villages.csv`` names, None when the file is not given."""
    name = src.rpartition("/")[2]
    data = media.get(name, media.get(src))
    if data is None:
        return None
    if name.endswith(".csv") or "file-csv" in src:
        return from_csv(data, name)
    if name.endswith(".geojson"):
        return from_geojson(data, name)
    return from_lxml(parse_xml(data, file=name), keep_blank=False)


def wrap(instance_id: str, root: Node | None) -> Node:
    """The node ``instance('id')`` answers: an instance element around the list."""
    node = Node(NodeKind.ELEMENT, "instance")
    node.set_attribute("id", instance_id)
    if root is not None:
        node.append(root)
    document(node)
    return node
