"""Send a PDF to a printer, or write it to a disk. Runs in a worker; no file is left behind.

On Linux the printing system takes the PDF itself, so letters stay letters; elsewhere, and without ``lp``,
each page is drawn at 300 dots per inch.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QObject, QRect, QSize
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from app.domain.errors import Refused, Unavailable
from app.ui.runner import CANCELLED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.ui.runner import Cancelled, Report

DPI = 300
_POINTS = 72  # a PDF page is measured in points, 72 to the inch
_LP = "lp"
_PATIENCE = 60  # seconds


class PdfBytes:
    """A PDF in memory, opened for drawing; keep it as long as ``document`` is used."""

    def __init__(self, data: bytes, parent: QObject | None = None) -> None:
        self.document = QPdfDocument() if parent is None else QPdfDocument(parent)
        # The buffer's own copy, and the document its owner: neither may go before the other is done with it.
        self._buffer = QBuffer(self.document)
        self._buffer.setData(QByteArray(data))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)

    def close(self) -> None:
        """Let the bytes go."""
        self.document.close()
        self._buffer.close()


def printers() -> tuple[str, ...]:
    """Return the names of the printers of this computer, the usual one first."""
    usual = QPrinterInfo.defaultPrinterName()
    names = QPrinterInfo.availablePrinterNames()
    return tuple(sorted(names, key=lambda name: (name != usual, name)))


def print_pdf(data: bytes, printer: str, copies: int, report: Report, cancelled: Cancelled) -> None:
    """Print ``copies`` of a PDF.

    Raises:
        Unavailable: ``preview.not_printed`` (param ``printer``) when the printer does not take it.
        Refused: ``work.cancelled``.
    """
    command = shutil.which(_LP) if sys.platform.startswith("linux") else None
    if command is not None:
        _hand_over([command, "-d", printer, "-n", str(copies), "-"], data, printer)
        report(1, 1)
        return
    target = QPrinter(QPrinterInfo.printerInfo(printer), QPrinter.PrinterMode.HighResolution)
    target.setCopyCount(copies)
    draw_pages(data, target, report, cancelled)


def draw_pages(data: bytes, target: QPrinter, report: Report, cancelled: Cancelled) -> None:
    """Draw every page of a PDF on a printer, each on paper of its own size and turn."""
    pdf = PdfBytes(data)
    pages = pdf.document.pageCount()
    painter = QPainter()
    try:
        for page in range(pages):
            if cancelled():
                raise Refused(CANCELLED)
            _turn(target, pdf.document, page)
            if not (target.newPage() if page else painter.begin(target)):
                raise Unavailable("preview.not_printed", printer=target.printerName())
            whole = QRect(0, 0, target.width(), target.height())
            painter.drawImage(whole, page_image(pdf.document, page, DPI))
            report(page + 1, pages)
    finally:
        if painter.isActive():
            painter.end()
        pdf.close()


def page_image(document: QPdfDocument, page: int, dpi: int) -> QImage:
    """Return one page in shades of grey on white."""
    points = document.pagePointSize(page)
    size = QSize(round(points.width() * dpi / _POINTS), round(points.height() * dpi / _POINTS))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))  # what is rendered is transparent where nothing is printed
    painter = QPainter(image)
    painter.drawImage(0, 0, document.render(page, size))
    painter.end()
    return image.convertedTo(QImage.Format.Format_Grayscale8)


def save_pdf(data: bytes, path: Path) -> None:
    """Write a PDF in one step, so that a full disk leaves no half of it.

    Raises:
        Unavailable: ``preview.not_saved`` (param ``file``).
    """
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unavailable("preview.not_saved", file=path.name) from error


def _hand_over(command: Sequence[str], data: bytes, printer: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed command; the printer's name is one argument
            list(command), input=data, capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable("preview.not_printed", printer=printer) from error
    if done.returncode:
        raise Unavailable("preview.not_printed", printer=printer)


def _turn(target: QPrinter, document: QPdfDocument, page: int) -> None:
    points = document.pagePointSize(page)
    wide = points.width() > points.height()
    turn = QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
    target.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), turn, QMarginsF()))
    target.setFullPage(True)
