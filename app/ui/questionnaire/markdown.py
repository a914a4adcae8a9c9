r"""The Markdown forms may use in labels, hints and notes, as Qt's rich text.

``# heading``, ``**bold**``, ``*italic*`` (with underscores too), ``- item``, ``<span style="color:red">``,
``[words](address)`` and ``\`` before a mark that is meant. Anything else is shown as it is written:
answers quoted in a label cannot become markup.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape

_ESCAPED = re.compile(r"\\([\\*_#\-\[\]()<>&])")
_SPAN = re.compile(
    r"&lt;span style=&quot;color:\s*([#a-zA-Z0-9]{1,20});?&quot;&gt;(.*?)&lt;/span&gt;", re.DOTALL
)
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|(?<!\w)__(?=\S)(.+?)(?<=\S)__(?!\w)")
_ITALIC = re.compile(r"\*(?=\S)([^*]+?)(?<=\S)\*|(?<!\w)_(?=\S)([^_]+?)(?<=\S)_(?!\w)")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ITEM = re.compile(r"[-*]\s+(.*)")
_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|^#{1,6}\s|^[-*]\s|\]\(|<span |\\[*_#]", re.MULTILINE)
_SIZES = {1: "x-large", 2: "large"}
_PRIVATE = 0xE000  # escaped marks wait here, out of reach of the patterns


def has_marks(text: str) -> bool:
    """Whether there is anything to dress; plain text need not become rich text."""
    return _MARKS.search(text) is not None


def _spans(text: str) -> str:
    text = _SPAN.sub(r'<span style="color:\1">\2</span>', text)
    # The program has no network: a link's words are shown, its address beside them.
    text = _LINK.sub(r"<u>\1</u> (\2)", text)
    text = _BOLD.sub(lambda m: f"<b>{m[1] or m[2]}</b>", text)
    return _ITALIC.sub(lambda m: f"<i>{m[1] or m[2]}</i>", text)


def _line(line: str) -> str:
    heading = _HEADING.fullmatch(line)
    if heading is not None:
        size = _SIZES.get(len(heading[1]), "medium")
        return f'<span style="font-size:{size}; font-weight:700">{_spans(heading[2])}</span>'
    item = _ITEM.fullmatch(line)
    return f"・{_spans(item[1])}" if item is not None else _spans(line)


@lru_cache(maxsize=1024)
def rich(text: str) -> str:
    """Qt's rich text for a label."""
    held = _ESCAPED.sub(lambda m: chr(_PRIVATE + ord(m[1])), text)
    made = "<br>".join(_line(line) for line in escape(held).splitlines())
    return "".join(escape(chr(ord(c) - _PRIVATE)) if _PRIVATE <= ord(c) < _PRIVATE + 128 else c for c in made)


def plain(text: str) -> str:
    """The same without marks, for screen readers and short lines."""
    if not has_marks(text):
        return text
    return unescape(re.sub(r"<[^>]+>", "", rich(text).replace("<br>", " ")))
