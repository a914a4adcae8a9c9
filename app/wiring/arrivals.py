"""Files to be taken in: found, looked at, taken in, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.ui.desks.sharing import FileLine, Found, Taken, TakenLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from app.domain.changes import Changes
    from app.files.incoming import Tray
    from app.queries.import_undo import UndoExtent
    from app.ui.runner import Cancelled, Report
    from app.usecases.merges import FileOutcome
    from app.wiring.room import Room

PACKAGE = ".hhpkg"
ROUTES = {".hhreq": "enrol_grant", ".hhcert": "enrol_accept", ".hhstart": "enrol_accept"}
"""Other files of ours and the page that reads them."""


def find(paths: Sequence[Path]) -> Found:
    """Return the files of ours among ``paths``, in the folders among them and one level below.

    A file given by itself that is known to be something else goes with the packages: looking at it says what.

    Raises:
        Unavailable: ``package.folder_missing``.
    """
    from app.domain.errors import Unavailable
    from app.files.known_file import code_for

    files: list[Path] = []
    try:
        for path in paths:
            files += _inside(path) if path.is_dir() else [path]
    except OSError as error:
        raise Unavailable("package.folder_missing") from error
    distinct = list(dict.fromkeys(files))
    given = frozenset(path for path in paths if path.suffix.lower() not in ROUTES and code_for(path))
    packages = tuple(file for file in distinct if file.suffix.lower() == PACKAGE or file in given)
    others = ((ROUTES.get(file.suffix.lower(), ""), file) for file in distinct)
    return Found(packages, tuple((page, file) for page, file in others if page))


def _inside(folder: Path) -> list[Path]:
    """Return the files of a folder and of the folders in it; what may not be read there is left out."""
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.is_file():
            found.append(path)
        elif path.is_dir() and not path.name.startswith((".", "$")):
            try:
                found += sorted(file for file in path.iterdir() if file.is_file())
            except OSError:
                continue
    return found


@dataclass(slots=True)
class Desk:
    """The files on the desk between the look and the import; one for each room."""

    room: Room
    tray: Tray | None = None

    def preview(self, files: Sequence[Path], report: Report, cancelled: Cancelled) -> tuple[FileLine, ...]:
        """Look at files and keep what was read until ``merge`` or ``leave``."""
        from app.usecases.holding import open_tray
        from app.usecases.import_preview import look_into
        from app.usecases.office import Watch

        self.leave()
        self.tray = open_tray(self.room.office.workspace)
        looked = look_into(self.room.office, self.tray, files, Watch(report, cancelled))
        return tuple(
            FileLine(path, self._place(one.scope), one) for path, one in zip(files, looked, strict=True)
        )

    def merge(self, files: Sequence[Path], report: Report, cancelled: Cancelled) -> Taken:
        """Take the files in, those looked at without reading them again."""
        from app.usecases.merges import merge_files

        outcomes = merge_files(self.room.office, files, report, cancelled, self.tray)
        self.leave()
        lines = tuple(self._line(path, one) for path, one in zip(files, outcomes, strict=False))
        everything = [*outcomes, *(one for outcome in outcomes for one in outcome.released)]
        logged = sorted((one for one in everything if one.number), key=lambda one: -one.number)
        numbers = tuple(one.number for one in logged)
        return Taken(lines, union(everything), numbers, tuple(one.number for one in logged if one.new))

    def leave(self) -> None:
        """Forget the files and remove the copies."""
        if self.tray is not None:
            self.tray.close()
            self.tray = None

    def undo_check(self, numbers: Sequence[int]) -> UndoExtent:
        """Return what would go with these imports."""
        from app.queries.import_undo import undo_extent

        with self.room.read() as conn:
            return undo_extent(conn, numbers)

    def undo(self, numbers: Sequence[int]) -> Changes:
        """Take these imports back."""
        from app.usecases.import_undo import undo_imports

        _, changes = undo_imports(self.room.office, numbers)
        return changes

    def _place(self, scope: str) -> str:
        return self.room.places.get(scope, scope)

    def _line(self, path: Path, one: FileOutcome) -> TakenLine:
        return TakenLine(
            path=path,
            place=self._place(one.scope),
            new=one.new,
            known=one.known,
            conflicts=one.more_conflicts,
            held=one.held,
            households=one.households,
            persons=one.persons,
            waiting=one.waiting,
            number=one.number,
            released=len(one.released),
            refused=one.refused,
            unknown=one.unknown,
        )


def union(outcomes: Iterable[FileOutcome]) -> Changes:
    """Return what several files touched together."""
    from app.domain.changes import Changes

    touched = [one for outcome in outcomes for one in outcome.changes.touched]
    return Changes((), tuple(dict.fromkeys(touched)))
