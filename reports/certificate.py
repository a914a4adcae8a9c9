"""The exit certificate: one A4 landscape page, handed out once and kept for years.

Nothing is printed unless all of it can be: a character no font has is refused, and so is text that would
reach the seals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports.kit.closing import SEAL
from reports.kit.fonts import Role, vendored
from reports.kit.page import CARD_LANDSCAPE, MM, DoesNotFit, Paper, base
from reports.kit.text import break_lines, one_line
from reports.kit.title import title_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.kit.text import Line

_RED = (0.86, 0.08, 0.09)
_PALE = (0.65, 0.65, 0.65)
_PAGE = CARD_LANDSCAPE
_CENTRE = _PAGE.width / 2
_BORDERS = ((12 * MM, 2.5), (14.2 * MM, 0.8))  # distance from the edge, width
_CORNERS = ((17 * MM, 14 * MM), (20 * MM, 8 * MM))  # distance from the edge, length of the arms
_NUMBER = 13.0
_NUMBER_AT = (_PAGE.width - 26 * MM, _PAGE.height - 26 * MM)
_TITLE = 40.0
_TITLE_TOP = _PAGE.height - 36 * MM
_TITLE_TRACKING = 0.35  # em
_TEXT_TOP = _PAGE.height - 63 * MM
_SIZES = ((20.0, 34.0), (18.0, 31.0), (16.0, 27.0), (14.0, 24.0))  # size and leading, the first that fits
_HEAD_SHARE = 0.62  # of the measure: the head's name; the rest is the number of persons
_SEAL_CENTRE = (_PAGE.width - 60 * MM, 47 * MM)  # of the last issuer; the others stand left of it
_SEAL_STEP = 70 * MM
_SEAL_CLEAR = 4 * MM  # between text and seals
_ISSUER = 18.0
_ISSUER_LEADING = 26.0
_HOTLINE = 12.0
_HOTLINE_Y = 20.5 * MM


@dataclass(frozen=True, slots=True)
class CertificateLabels:
    """The words before the values; a policy pack may bring its own."""

    number: str = "编号："
    head: str = "户主姓名："
    persons: str = "家庭人口："
    persons_unit: str = "人"
    address: str = "家庭住址："
    hotline: str = "监督电话："
    seal: str = "（盖章处）"
    demo: str = "演示"


@dataclass(frozen=True, slots=True)
class CertificateSheet:
    """Everything printed on a certificate.

    ``body`` are its paragraphs; ``issuers`` (at most three) each get a place for their seal, the date stands
    under the last. ``demo`` writes a pale word across the page.
    """

    title: str
    number: str
    head: str
    persons: int
    address: str
    body: tuple[str, ...]
    issuers: tuple[str, ...]
    date: str
    hotline: str
    demo: bool = False
    labels: CertificateLabels = field(default_factory=CertificateLabels)


def render(sheet: CertificateSheet) -> bytes:
    """Return the certificate as a PDF of one page.

    Raises:
        MissingCharacters: a character no font has.
        DoesNotFit: the text would reach the seals even at the smallest size, or there are too many issuers.
    """
    fonts = vendored()
    fonts.require(_texts(sheet))
    paper = Paper(_PAGE, fonts, "certificate")
    paper.new_page()
    if sheet.demo:
        paper.watermark(sheet.labels.demo, Role.HEI)
    _ornament(paper)
    _title(paper, sheet.title)
    paper.text(f"{sheet.labels.number}{sheet.number}", _NUMBER_AT, Role.SONG, _NUMBER, align=1.0)
    _text(paper, sheet)
    _issuers(paper, sheet)
    paper.text(f"{sheet.labels.hotline}{sheet.hotline}", (_PAGE.left, _HOTLINE_Y), Role.SONG, _HOTLINE)
    return paper.save()


def missing_characters(sheet: CertificateSheet) -> tuple[str, ...]:
    """Return the characters of the sheet that no font has, each once; with any, ``render`` refuses."""
    return vendored().missing(_texts(sheet))


def _texts(sheet: CertificateSheet) -> Iterator[tuple[str, Role]]:
    """Yield every text with the typeface it is set in."""
    labels = sheet.labels
    yield sheet.title, Role.TITLE
    yield labels.number + sheet.number + labels.hotline + sheet.hotline + labels.seal, Role.SONG
    yield sheet.head + labels.persons_unit + sheet.address, Role.KAI
    for text in (labels.head, labels.persons, labels.address, *sheet.body, *sheet.issuers, sheet.date):
        yield text, Role.FANG
    yield labels.demo, Role.HEI


def _ornament(paper: Paper) -> None:
    """Draw the double border and the four corners."""
    paper.colour(_RED)
    for edge, width in _BORDERS:
        paper.box((edge, edge), (_PAGE.width - 2 * edge, _PAGE.height - 2 * edge), width)
    for edge, arm in _CORNERS:
        for x, dx in ((edge, arm), (_PAGE.width - edge, -arm)):
            for y, dy in ((edge, arm), (_PAGE.height - edge, -arm)):
                paper.rule((x, y), (x + dx, y), 1.2)
                paper.rule((x, y), (x, y + dy), 1.2)
    paper.colour()


def _title(paper: Paper, text: str) -> None:
    """Set the title in red, spaced out, on one line."""
    line = one_line(text, paper.fonts.chain(Role.TITLE))
    extent = line.extent(_TITLE_TRACKING)
    size = min(_TITLE, _PAGE.measure / extent)
    paper.colour(_RED)
    paper.draw(line, (_CENTRE - extent * size / 2, base(_TITLE_TOP, size)), size, _TITLE_TRACKING)
    paper.colour()


def _text(paper: Paper, sheet: CertificateSheet) -> None:
    """Set what is certified in the largest size that keeps clear of the seals."""
    floor = _SEAL_CENTRE[1] + SEAL / 2 + _SEAL_CLEAR
    for size, leading in _SIZES:
        setting = _Setting(paper, size, leading)
        if _TEXT_TOP - setting.height(sheet) >= floor:
            setting.draw(sheet)
            return
    raise DoesNotFit


@dataclass(slots=True)
class _Setting:
    """The certified text in one size."""

    paper: Paper
    size: float
    leading: float
    _y: float = _TEXT_TOP

    @property
    def _room(self) -> float:
        return _PAGE.measure / self.size

    def height(self, sheet: CertificateSheet) -> float:
        """Return the height of the whole text in points."""
        fang = self.paper.fonts.chain(Role.FANG)
        count = len(self._values(sheet.labels.head, sheet.head, self._room * _HEAD_SHARE))
        count += len(self._values(sheet.labels.address, sheet.address, self._room))
        count += sum(len(break_lines(text, fang, self._room, 2)) for text in sheet.body)
        return count * self.leading

    def draw(self, sheet: CertificateSheet) -> None:
        """Draw the whole text."""
        labels = sheet.labels
        beside = _PAGE.left + _PAGE.measure * _HEAD_SHARE + self.size
        at = base(self._y, self.size)
        self._fact(labels.head, sheet.head, self._room * _HEAD_SHARE)
        self.paper.text(labels.persons, (beside, at), Role.FANG, self.size)
        persons = f"{sheet.persons}{labels.persons_unit}"
        self.paper.text(persons, (beside + self._width(labels.persons), at), Role.KAI, self.size)
        self._fact(labels.address, sheet.address, self._room)
        fang = self.paper.fonts.chain(Role.FANG)
        for text in sheet.body:
            for line in break_lines(text, fang, self._room, 2):
                self._line(line, _PAGE.left, line.tracking())

    def _values(self, label: str, value: str, room: float) -> tuple[Line, ...]:
        """Break a value into the lines that stand beside its label."""
        beside = room - self._width(label) / self.size
        kai = self.paper.fonts.chain(Role.KAI)
        return break_lines(value, kai, beside) or (one_line("", kai),)

    def _fact(self, label: str, value: str, room: float) -> None:
        self.paper.text(label, (_PAGE.left, base(self._y, self.size)), Role.FANG, self.size)
        for line in self._values(label, value, room):
            self._line(line, _PAGE.left + self._width(label), min(line.tracking(), 0.0))

    def _line(self, line: Line, x: float, tracking: float) -> None:
        self.paper.draw(line, (x, base(self._y, self.size)), self.size, tracking)
        self._y -= self.leading

    def _width(self, label: str) -> float:
        """Return the width of a label in points."""
        return self.paper.fonts.chain(Role.FANG).width(label) * self.size


def _issuers(paper: Paper, sheet: CertificateSheet) -> None:
    """Draw a seal place and a name for each issuer, the last at the right with the date."""
    fang = paper.fonts.chain(Role.FANG)
    for back, issuer in enumerate(reversed(sheet.issuers)):
        x, y = _SEAL_CENTRE[0] - back * _SEAL_STEP, _SEAL_CENTRE[1]
        if x - _SEAL_STEP / 2 < _PAGE.left - _SEAL_CLEAR:
            raise DoesNotFit
        _seal_place(paper, (x, y), sheet.labels.seal)
        lines = title_lines(issuer, fang, (_SEAL_STEP - _SEAL_CLEAR) / _ISSUER)
        top = y + (len(lines) - 0.5) * _ISSUER_LEADING
        for line in lines:
            size = min(_ISSUER, (_SEAL_STEP - _SEAL_CLEAR) / line.width)
            paper.draw(line, (x - line.width * size / 2, base(top, size)), size)
            top -= _ISSUER_LEADING
    date_top = _SEAL_CENTRE[1] - 0.5 * _ISSUER_LEADING
    paper.text(sheet.date, (_SEAL_CENTRE[0], base(date_top, _ISSUER)), Role.FANG, _ISSUER, align=0.5)


def _seal_place(paper: Paper, centre: tuple[float, float], text: str) -> None:
    """Draw a pale circle where the seal goes, and say so."""
    paper.colour(_PALE)
    paper.ring(centre, SEAL / 2, 0.6)
    paper.text(text, (centre[0], centre[1] - SEAL / 2 + 3 * MM), Role.SONG, 8, align=0.5)
    paper.colour()
