"""The light tree that expressions walk: one class for elements, text, attributes and the rest."""

from __future__ import annotations

from enum import Enum, IntEnum, auto
from typing import TYPE_CHECKING

from lxml import etree

from app.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

XML_NS = "http://www.w3.org/XML/1998/namespace"


class NodeKind(IntEnum):
    """What a node is."""

    DOCUMENT = 0
    ELEMENT = 1
    TEXT = 2
    ATTRIBUTE = 3
    COMMENT = 4
    INSTRUCTION = 5


class Holds(Enum):
    """What an answer is to expressions."""

    TEXT = auto()
    NUMBER = auto()
    FLAG = auto()
    DATE = auto()
    DAY = auto()


class Node:
    """One node of a tree.

    ``text`` is the content of text, attribute, comment and instruction nodes; elements hold text nodes in
    ``children``. ``readers`` and ``shape_readers`` are None outside a live (primary) instance; in it they
    name the computations that read this node's value or which children it has of a local name ("" = any).
    ``relevant`` is the effective relevance, the node's own and all its ancestors'. ``finder`` is filled by
    ``find_items``. ``holds`` says as what expressions read an answer, however it is written.
    """

    __slots__ = (
        "attributes",
        "children",
        "finder",
        "holds",
        "kind",
        "local",
        "ns",
        "parent",
        "prefix",
        "readers",
        "relevant",
        "shape_readers",
        "text",
    )

    def __init__(
        self, kind: NodeKind, local: str = "", *, ns: str = "", prefix: str = "", text: str = ""
    ) -> None:
        self.kind = kind
        self.local = local
        self.ns = ns
        self.prefix = prefix
        self.text = text
        self.holds = Holds.TEXT
        self.parent: Node | None = None
        self.children: list[Node] = []
        self.attributes: list[Node] = []
        self.readers: set[object] | None = None
        self.shape_readers: dict[str, set[object]] | None = None
        self.finder: dict[tuple[str, str], dict[str, list[Node]]] | None = None
        self.relevant = True

    @property
    def name(self) -> str:
        """Name as written, with its prefix."""
        return f"{self.prefix}:{self.local}" if self.prefix else self.local

    def append(self, child: Node) -> None:
        """Put ``child`` last."""
        child.parent = self
        self.children.append(child)

    def elements(self) -> list[Node]:
        """Child elements in order."""
        return [c for c in self.children if c.kind == NodeKind.ELEMENT]

    def element(self, name: str) -> Node | None:
        """First child element of this (prefixed) name."""
        return next((c for c in self.children if c.kind == NodeKind.ELEMENT and c.name == name), None)

    def is_leaf(self) -> bool:
        """Whether the element has no child elements."""
        return all(c.kind != NodeKind.ELEMENT for c in self.children)

    def attribute(self, local: str, ns: str = "") -> str | None:
        """Value of an attribute, None when absent."""
        for item in self.attributes:
            if item.local == local and item.ns == ns:
                return item.text
        return None

    def set_attribute(self, local: str, text: str, *, ns: str = "", prefix: str = "") -> None:
        """Write an attribute, replacing one of the same name."""
        for item in self.attributes:
            if item.local == local and item.ns == ns:
                item.text = text
                return
        attribute = Node(NodeKind.ATTRIBUTE, local, ns=ns, prefix=prefix, text=text)
        attribute.parent = self
        self.attributes.append(attribute)

    def value(self) -> str:
        """The XPath string-value."""
        if self.kind in {NodeKind.ELEMENT, NodeKind.DOCUMENT}:
            children = self.children
            if not children:
                return ""
            if len(children) == 1 and children[0].kind == NodeKind.TEXT:
                return children[0].text
            return "".join(n.text for n in self.descendants() if n.kind == NodeKind.TEXT)
        return self.text

    def set_value(self, text: str) -> None:
        """Replace the content of a leaf element."""
        if self.kind is NodeKind.ATTRIBUTE:
            self.text = text
            return
        self.children = []
        if text:
            self.append(Node(NodeKind.TEXT, text=text))

    def find_items(self, item: str, column: str, text: str) -> list[Node]:
        """Child elements ``item`` with a child ``column`` of this text, in order; names without prefix.

        For lists that never change: the first question builds an index.
        """
        if self.finder is None:
            self.finder = {}
        found = self.finder.get((item, column))
        if found is None:
            found = self.finder[item, column] = {}
            for node in self.children:
                if node.kind is NodeKind.ELEMENT and node.name == item:
                    texts = dict.fromkeys(c.value() for c in node.elements() if c.name == column)
                    for one in texts:
                        found.setdefault(one, []).append(node)
        return found.get(text, [])

    def descendants(self) -> Iterator[Node]:
        """All nodes below, in document order, without attributes."""
        for child in self.children:
            yield child
            if child.children:
                yield from child.descendants()

    def ancestors(self) -> Iterator[Node]:
        """Parent, grandparent … up to the document."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def root(self) -> Node:
        """The topmost node of this tree."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def clone(self) -> Node:
        """Deep copy without parent and readers."""
        twin = Node(self.kind, self.local, ns=self.ns, prefix=self.prefix, text=self.text)
        for item in self.attributes:
            copied = item.clone()
            copied.parent = twin
            twin.attributes.append(copied)
        for child in self.children:
            twin.append(child.clone())
        return twin


def order_key(node: Node) -> tuple[int, ...]:
    """Position in document order; attributes come right after their element."""
    path: list[int] = []
    here = node
    while here.parent is not None:
        parent = here.parent
        if here.kind == NodeKind.ATTRIBUTE:
            path.append(parent.attributes.index(here) - len(parent.attributes))
        else:
            path.append(next(i for i, c in enumerate(parent.children) if c is here))
        here = parent
    path.append(id(here))
    path.reverse()
    return tuple(path)


def in_order(nodes: list[Node]) -> list[Node]:
    """Sorted in document order, each node once."""
    unique = list({id(n): n for n in nodes}.values())
    if len(unique) < 2:  # noqa: PLR2004 - one node is always in order
        return unique
    return sorted(unique, key=order_key)


XmlElement = etree._Element  # noqa: SLF001 - lxml has no public class  # pyright: ignore[reportPrivateUsage]
"""An element as lxml parses it."""
_REMARKS: dict[object, NodeKind] = {
    etree.Comment: NodeKind.COMMENT,
    etree.ProcessingInstruction: NodeKind.INSTRUCTION,
}
"""lxml keeps the function that makes a comment or an instruction where an element has its tag."""


def _split(tag: str) -> tuple[str, str]:
    if tag.startswith("{"):
        ns, _, local = tag[1:].partition("}")
        return ns, local
    return "", tag


def _prefix_of(source: XmlElement, ns: str) -> str:
    return next(
        (p or "" for p, uri in source.nsmap.items() if uri == ns and p), "xml" if ns == XML_NS else ""
    )


def from_lxml(source: XmlElement, *, keep_blank: bool = True) -> Node:
    """Copy an lxml element; white-space-only text beside elements is dropped unless ``keep_blank``."""
    ns, local = _split(str(source.tag))
    node = Node(NodeKind.ELEMENT, local, ns=ns, prefix=source.prefix or "")
    for key, text in source.attrib.items():
        at_ns, at_local = _split(str(key))
        prefix = _prefix_of(source, at_ns) if at_ns else ""
        node.set_attribute(at_local, str(text), ns=at_ns, prefix=prefix)
    has_elements = any(not callable(child.tag) for child in source)

    mixed = any(_split(str(child.tag))[1] == "output" for child in source)

    def put_text(text: str | None) -> None:
        if text and (keep_blank or not has_elements or text.strip() or mixed):
            node.append(Node(NodeKind.TEXT, text=text))

    put_text(source.text)
    for child in source:
        kind = _REMARKS.get(child.tag)
        if kind is not None:
            node.append(Node(kind, str(getattr(child, "target", "")), text=child.text or ""))
        elif not callable(child.tag):  # an entity's is: it is not resolved
            node.append(from_lxml(child, keep_blank=keep_blank))
        put_text(child.tail)
    return node


def parse_xml(data: str | bytes, *, file: str = "") -> XmlElement:
    """Parse XML without entities, DTDs or network.

    Raises:
        BadInput: ``questionnaire.not_xml`` (params ``file``, ``row``).
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    raw = data.encode() if isinstance(data, str) else data
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise BadInput("questionnaire.not_xml", file=file, row=error.lineno or 0) from error


def document(root: Node) -> Node:
    """Wrap an element into a document node."""
    top = Node(NodeKind.DOCUMENT)
    top.append(root)
    return top
