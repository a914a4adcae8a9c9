"""The log on this computer: ids and counts, never a name or a number that belongs to a person.

Callers write ids only. As a second net every line passes a filter that blanks Chinese text and long
digit runs, because the text of an unforeseen exception may quote what the user typed.
"""

from __future__ import annotations

import faulthandler
import logging
import re
import time
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE_LIMIT = 1_000_000
"""Bytes after which a log file is turned over."""

FILES_KEPT = 4
"""Older files kept beside the one being written."""

_CHINA = 8 * 3600  # seconds east of Greenwich; lines carry the village's clock whatever the computer says
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·]+")
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{8,}[Xx]?(?![0-9A-Za-z])")


@dataclass(slots=True)
class Log:
    """An open log; ``file`` is None if the folder could not be written."""

    file: Path | None
    handler: logging.Handler
    faults: IO[str] | None

    def close(self) -> None:
        """Stop logging and let go of the files; may be called twice."""
        logging.getLogger().removeHandler(self.handler)
        self.handler.close()
        if self.faults is not None:
            faulthandler.disable()
            self.faults.close()
            self.faults = None


def start_log(folder: Path, program: str) -> Log:
    """Begin logging to ``folder/<program>.log`` and crashes of the interpreter to ``<program>-faults.log``.

    If the folder cannot be written the program runs all the same, without a log.
    """
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # every step of a migration, of no use to anybody
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{program}.log"
        handler: logging.Handler = RotatingFileHandler(
            file, maxBytes=FILE_LIMIT, backupCount=FILES_KEPT, encoding="utf-8"
        )
        faults = (folder / f"{program}-faults.log").open("a", encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
        root.addHandler(handler)
        return Log(None, handler, None)
    handler.setFormatter(PersonalTextBlanked("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    faulthandler.enable(faults)
    return Log(file, handler, faults)


class PersonalTextBlanked(logging.Formatter):
    """Formats a record in China time with Chinese text and numbers of 8 digits or more blanked."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole entry, traceback included, blanked."""
        return blank_personal_text(super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        """Return the record's time as ``2026-01-31T08:15:00+08:00``."""
        moment = time.gmtime(record.created + _CHINA)
        return time.strftime(datefmt or "%Y-%m-%dT%H:%M:%S+08:00", moment)


def blank_personal_text(text: str) -> str:
    """Replace Chinese text by ``※`` and long numbers by ``#``; entity ids and dates stay."""
    return _LONG_NUMBER.sub("#", _CHINESE.sub("※", text))
