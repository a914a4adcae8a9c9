"""Where the elements of an XML text stand, so that a part can be changed and every other byte kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.questionnaire.xpath.node import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable

_TOKEN = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<!DOCTYPE(?:[^>\[]|\[.*?\])*>"
    r"|<(?P<close>/?)(?P<name>[^\s/>!?]+)(?:[^>\"']|\"[^\"]*\"|'[^']*')*?(?P<empty>/?)>",
    re.DOTALL,
)


@dataclass(slots=True, eq=False, repr=False)
class Span:
    """One element: its start tag is ``[start:inner]``, its content ``[inner:close]``, all ``[start:end]``.

    An element without content, ``<a/>``, has ``inner == close == end``.
    """

    name: str
    start: int
    inner: int
    close: int
    end: int
    children: list[Span] = field(default_factory=list)

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is written ``<a/>``."""
        return self.inner == self.end


def read_text(data: bytes) -> tuple[str, str]:
    """Return the text of an XML file and its encoding; encoding it again gives the same bytes.

    Raises:
        BadInput: ``questionnaire.not_xml``.
    """
    encoding = parse_xml(data, file="submission.xml").getroottree().docinfo.encoding or "UTF-8"
    return data.decode(encoding), encoding


def spans_of(text: str) -> Span:
    """Return the root of a text that was parsed as XML before."""
    top = Span("", 0, 0, len(text), len(text))
    around = [top]
    for token in _TOKEN.finditer(text):
        name = token["name"]
        if name is None:
            continue
        if token["close"]:
            done = around.pop()
            done.close, done.end = token.start(), token.end()
            continue
        found = Span(name, token.start(), token.end(), token.end(), token.end())
        around[-1].children.append(found)
        if not token["empty"]:
            around.append(found)
    return top.children[0]


@dataclass(frozen=True, slots=True)
class Cut:
    """Put ``text`` in the place of what stands from ``start`` to ``end``."""

    start: int
    end: int
    text: str


def spliced(text: str, cuts: Iterable[Cut]) -> str:
    """Return the text with every cut made; those at one place in the order given."""
    out: list[str] = []
    at = 0
    for cut in sorted(cuts, key=lambda cut: (cut.start, cut.end)):
        out += (text[at : cut.start], cut.text)
        at = max(at, cut.end)
    out.append(text[at:])
    return "".join(out)
