"""Submissions of ODK Collect, KoboToolbox and ODK Central: what they are, byte for byte as they came.

    with reading([Path("instances.zip")]) as batch:
        for one in batch.submissions: one.xml, one.head.instance_id, one.media

Known by their content: an instance folder (one XML and its media), folders and ZIP files of such, single
XML files, and an export of many submissions in one XML file, where each keeps its own slice of the bytes.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.files.odk_markup import Piece, Scan, local, scan
from app.files.odk_sources import Source, is_packed_name, is_plain_name, sources
from app.questionnaire.xpath.node import parse_xml

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping
    from pathlib import Path

MAX_XML = 4_000_000
"""Bytes of one submission: what a data package carries as one blob."""

MAX_COMBINED = 64_000_000
"""Bytes of one XML file with many submissions."""

MAX_MEDIA = 20_000_000
"""Bytes of one photo or recording: what a data package carries as one attachment."""

COLLECT, KOBO, CENTRAL = "collect", "kobo", "central"
ORIGINAL = "original.xml"
"""Name of the untouched slice kept beside a submission that had to be given its namespaces."""

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MARKUP_MEDIA = (".svg", ".html", ".htm", ".kml", ".gpx")
_TAG_END = re.compile(rb"[\s/>]")


@dataclass(frozen=True, slots=True)
class OdkHead:
    """What a submission says about itself; "" for what it does not say.

    ``named`` are values that look like names of attached files, ``replaced`` is meta/deprecatedID, ``case``
    what stands in the root's attribute ``hh:case``.
    """

    form: str
    version: str
    instance_id: str
    replaced: str
    origin: str
    named: frozenset[str]
    case: str = ""


@dataclass(frozen=True, slots=True)
class OdkMedia:
    """One file of a submission, read when it is asked for."""

    name: str
    source: Source


@dataclass(frozen=True, slots=True)
class OdkSubmission:
    """One submission as received: ``file`` and ``row`` (a line, 0 for the whole file) say where it stood.

    ``missing`` names attachments that did not come; ``completed`` tells that namespace declarations of the
    surrounding file were added, the untouched slice being in ``original``.
    """

    file: str
    row: int
    xml: bytes
    head: OdkHead
    media: tuple[OdkMedia, ...] = ()
    missing: tuple[str, ...] = ()
    original: bytes = b""

    @property
    def completed(self) -> bool:
        """Tell whether declarations of the surrounding file had to be added."""
        return bool(self.original)


@dataclass(slots=True)
class OdkBatch:
    """What was found; ``skipped`` are files that belong to no submission (blank forms among them)."""

    submissions: list[OdkSubmission] = field(default_factory=list)
    problems: list[BadInput] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


@contextmanager
def reading(paths: Iterable[Path]) -> Generator[OdkBatch]:
    """Yield the submissions of files, folders and ZIP files; their media can be read inside the block.

    Every problem is in ``problems`` with the file and, where there is one, the line (``row``); a submission
    with a problem is not in ``submissions``. A file the person named herself is taken or a problem; what lies
    in a folder or ZIP file and belongs to no submission is in ``skipped``, unless it is a ZIP file.
    """
    with sources(paths) as (found, problems):
        batch = OdkBatch(problems=problems)
        folders: dict[tuple[str, ...], list[Source]] = {}
        for source in found:
            folders.setdefault(source.place[:-1], []).append(source)
        markup: dict[tuple[str, ...], list[Source]] = {}
        media: list[Source] = []
        for place, files in folders.items():
            markup[place] = [one for one in files if _is_markup(one)]
            media += [one for one in files if one not in markup[place]]
        _collect(markup, media, batch)
        yield batch


def read_head(xml: bytes, file: str = "") -> OdkHead:
    """Return what one submission says about itself.

    Raises:
        BadInput: ``phone.not_xml``, ``phone.doctype`` (params ``file``, ``row``), ``phone.encoding``,
            ``phone.not_a_submission``, ``phone.encrypted`` (param ``file``).
    """
    return _head(scan(xml, file), file)


def _is_markup(source: Source) -> bool:
    name = source.name.lower()
    if name.endswith(_MARKUP_MEDIA) or name.endswith(".xml"):
        return name.endswith(".xml")  # whatever is in it: what is wrong is told when all of it is read
    try:
        return _stripped(source.front())[:1] == b"<"
    except BadInput:
        return False  # told when it is read as a file of a submission


def _stripped(data: bytes) -> bytes:
    """Return what is written, without marks of the encoding and blanks at the ends."""
    for bom in _BOMS:
        data = data.removeprefix(bom)
    return data.replace(b"\0", b"").strip()


def _collect(markup: Mapping[tuple[str, ...], list[Source]], media: list[Source], batch: OdkBatch) -> None:
    given: set[tuple[str, ...]] = set()
    for place, files in markup.items():
        beside = [one for one in media if one.place[:-1] == place]
        below = [one for one in media if one.place[: len(place)] == place]
        alone = len(files) == 1
        for source in files:
            is_folder = alone and not source.is_chosen  # of files chosen one by one each has to be named
            try:
                found = _submissions(source, batch)
            except BadInput as error:
                batch.problems.append(error)
                given.update(one.place for one in beside if is_folder)
                continue
            for one in found:
                whole = alone and len(found) == 1 and not one.row
                near = beside if whole else below
                _finish(one, near if whole and is_folder else _belonging(one, near), batch, given)
    for file in media:
        if file.place not in given:
            _leave(file, batch)


def _leave(source: Source, batch: OdkBatch) -> None:
    """Put down a file that belongs to no submission; nothing the person chose goes without a word."""
    if source.is_chosen:
        try:
            batch.problems.append(_no_submission(source, source.front()))
        except BadInput as error:
            batch.problems.append(error)
    elif is_packed_name(source.name):
        batch.problems.append(BadInput("phone.zip_inside", file=source.shown))
    else:
        batch.skipped.append(source.shown)


def _no_submission(source: Source, data: bytes) -> BadInput:
    if _stripped(data):
        return BadInput("phone.not_a_submission", file=source.shown)
    return BadInput("phone.empty", file=source.shown)


def _belonging(one: OdkSubmission, files: Iterable[Source]) -> list[Source]:
    """Return the files of one among several: those in a folder named by its id, those it names."""
    key = one.head.instance_id.removeprefix("uuid:")
    own = [file for file in files if key and key in file.place[:-1]]
    return own or [file for file in files if file.name in one.head.named]


def _finish(
    one: OdkSubmission, files: Iterable[Source], batch: OdkBatch, given: set[tuple[str, ...]]
) -> None:
    media = tuple(OdkMedia(file.name, file) for file in files)
    given.update(file.source.place for file in media)
    bad = [
        BadInput("phone.media_too_large", file=file.source.shown, limit_mb=MAX_MEDIA // 1_000_000)
        for file in media
        if file.source.size > MAX_MEDIA
    ]
    bad += [BadInput("phone.bad_name", file=f.source.shown) for f in media if not is_plain_name(f.name)]
    if bad:
        batch.problems += bad
        return
    missing = tuple(sorted(one.head.named - {file.name for file in media}))
    made = OdkSubmission(one.file, one.row, one.xml, one.head, media, missing, one.original)
    batch.submissions.append(made)


def _submissions(source: Source, batch: OdkBatch) -> list[OdkSubmission]:
    if source.size > MAX_COMBINED:
        raise BadInput("phone.xml_too_large", file=source.shown, limit_mb=MAX_COMBINED // 1_000_000)
    data = source.read()
    if _stripped(data)[:1] != b"<":
        raise _no_submission(source, data)
    seen = scan(data, source.shown)
    if local(seen.root) == "html":
        if source.is_chosen:
            raise BadInput("phone.not_a_submission", file=source.shown)
        batch.skipped.append(source.shown)
        return []
    if seen.filled and "id" not in seen.attributes:
        return list(_cut(data, seen, source.shown, batch))
    return [_single(data, seen, source.shown, 0)]


def _single(data: bytes, seen: Scan, file: str, row: int) -> OdkSubmission:
    head = _head(seen, file)
    if len(data) > MAX_XML:
        raise BadInput("phone.xml_too_large", file=file, limit_mb=MAX_XML // 1_000_000)
    _parsed(data, file, row)
    return OdkSubmission(file, row, data, head)


def _cut(data: bytes, seen: Scan, file: str, batch: OdkBatch) -> Iterator[OdkSubmission]:
    """Yield the submissions of a combined file as the slices of its bytes they are."""
    if data.startswith(_BOMS[1:]) or seen.encoding.lower() not in {"", "utf-8", "us-ascii"}:
        raise BadInput("phone.encoding", file=file)
    for piece in seen.filled:
        own = data[piece.start : piece.end]
        try:
            yield _piece(own, piece, file)
        except BadInput as error:
            batch.problems.append(error)


def _piece(own: bytes, piece: Piece, file: str) -> OdkSubmission:
    seen = scan(own, file, piece.row)
    try:
        return _single(own, seen, file, piece.row)
    except BadInput as error:
        if error.code != "phone.not_xml" or not piece.declared:
            raise
    # A prefix declared further out: the declaration moves in, the slice as it was is kept beside.
    at = len(_TAG_END.split(own, maxsplit=1)[0])
    added = "".join(
        f' {name}="{_quoted(uri)}"' for name, uri in piece.declared.items() if name not in seen.attributes
    )
    whole = own[:at] + added.encode() + own[at:]
    made = _single(whole, scan(whole, file, piece.row), file, piece.row)
    return OdkSubmission(file, piece.row, whole, made.head, original=own)


def _quoted(uri: str) -> str:
    return uri.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _parsed(data: bytes, file: str, row: int) -> None:
    """Refuse what the questionnaire could not open later, such as a prefix nobody declared."""
    try:
        parse_xml(data, file=file)
    except BadInput as error:
        line = int(error.params.get("row", 0)) + max(row - 1, 0)
        raise BadInput("phone.not_xml", file=file, row=line) from error


def _head(seen: Scan, file: str) -> OdkHead:
    attributes = seen.attributes
    form = attributes.get("id") or attributes.get("xmlns", "")
    if not form:
        raise BadInput("phone.not_a_submission", file=file)
    if attributes.get("encrypted") == "yes":
        raise BadInput("phone.encrypted", file=file)
    instance = seen.meta.get("instanceID") or attributes.get("instanceID", "")
    origin = COLLECT
    if seen.children & {"formhub", "__version__"}:
        origin = KOBO
    elif "submissionDate" in attributes or file.rpartition("/")[2] == "submission.xml":
        origin = CENTRAL
    return OdkHead(
        form,
        attributes.get("version", ""),
        instance,
        seen.meta.get("deprecatedID", ""),
        origin,
        frozenset(seen.named),
        attributes.get("hh:case", ""),
    )
