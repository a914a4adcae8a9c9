"""The meta block of a submission: its id, and the id of the one it takes the place of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaire.xpath.node import Node, NodeKind, from_lxml, parse_xml

if TYPE_CHECKING:
    from app.questionnaire.engine import Engine

_ID, _OLD = "instanceID", "deprecatedID"


def meta_of(root: Node) -> Node | None:
    """Return the meta block, None when there is none."""
    return next((n for n in root.elements() if n.local == "meta"), None)


def _field(root: Node, local: str) -> Node | None:
    meta = meta_of(root)
    return next((n for n in meta.elements() if n.local == local), None) if meta is not None else None


def instance_of(root: Node) -> str:
    """Return the id of a submission ("uuid:…"), "" when it has none."""
    found = _field(root, _ID)
    return found.value().strip() if found is not None else ""


def instance_in(xml: str | bytes) -> str:
    """Return the id a submission carries, "" when it has none.

    Raises:
        BadInput: ``questionnaire.not_xml``.
    """
    return instance_of(from_lxml(parse_xml(xml, file="submission.xml"), keep_blank=False))


def is_own(path: str) -> bool:
    """Whether a path (with or without positions) is one of the two ids."""
    parts = path.split("/")
    return parts[-1].rpartition(":")[2].partition("[")[0] in {_ID, _OLD} and any(
        part.rpartition(":")[2] == "meta" for part in parts[:-1]
    )


def name_instance(engine: Engine, uid: str, deprecates: str = "") -> None:
    """Write the id of the answers, and of those they take the place of; what depends on them follows."""
    _put(engine, _ID, uid)
    if deprecates:
        _put(engine, _OLD, deprecates)


def _put(engine: Engine, local: str, text: str) -> None:
    root = engine.root.node
    meta = meta_of(root) or root  # a loaded form always has the block
    found = _field(root, local)
    if found is None:
        found = Node(NodeKind.ELEMENT, local, ns=meta.ns, prefix=meta.prefix)
        meta.append(found)
    entries = engine.at(f"/{root.name}/{meta.name}/{found.name}")
    if entries:
        engine.put(entries[0], text)
    else:
        found.set_value(text)
