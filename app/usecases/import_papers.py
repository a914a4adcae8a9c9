"""Papers about exchange: the summary of an import and the receipt for a courier.

The words come from the caller, for they are the program's and belong to no policy pack.
"""

from __future__ import annotations

from app.domain.document import Paper
from app.usecases.papers import file_name
from reports import plain_list, receipt
from reports.plain_list import Align, Column, PlainListSheet
from reports.receipt import ReceiptSheet

__all__ = ["Align", "Column", "PlainListSheet", "ReceiptSheet", "receipt_paper", "summary_paper"]

SUMMARY, RECEIPT = "import_summary", "receipt"
"""Kinds of paper, as the audit names them."""


def summary_paper(sheet: PlainListSheet, subject: str) -> Paper:
    """Return the summary of an import; ``subject`` is the office's own 12-digit code."""
    missing = plain_list.missing_characters(sheet)
    return Paper(file_name(sheet.title), plain_list.render(sheet), missing, SUMMARY, subject)


def receipt_paper(sheet: ReceiptSheet, subject: str) -> Paper:
    """Return a receipt; ``subject`` is the 12-digit code of the area that delivered."""
    missing = receipt.missing_characters(sheet)
    return Paper(file_name(sheet.title, sheet.date), receipt.render(sheet), missing, RECEIPT, subject)
