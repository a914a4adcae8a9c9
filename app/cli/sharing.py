"""Commands that exchange files with other computers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.desk import target_folder
from app.domain.ids import Level
from app.domain.region import place_code, significant
from app.files.enrolment import Choice
from app.files.package import PackageKind
from app.queries.exchange import import_log
from app.queries.import_undo import undo_extent
from app.storage.digest import digest as digest_of
from app.ui.texts import sentence, t
from app.usecases import enrolment, exports, merges
from app.usecases.certificates import export_warning
from app.usecases.import_preview import preview
from app.usecases.import_undo import undo_imports

if TYPE_CHECKING:
    from argparse import Namespace

    from app.cli.desk import Desk, Result
    from app.queries.arrival import Looked, Share
    from app.usecases.merges import FileOutcome


def export(desk: Desk, arguments: Namespace) -> Result:
    """Write packages and print their files."""
    kind = PackageKind(arguments.towards)
    everything = bool(arguments.all)
    target = target_folder(arguments.to)
    ending = export_warning(desk.office)
    written = exports.export(desk.office, target, kind, arguments.scope, everything=everything)
    files = [str(file) for one in written for file in one.files]
    packages = [
        {
            "scope": one.scope,
            "entries": one.entries,
            "photos": one.photos,
            "files": [f.name for f in one.files],
        }
        for one in written
    ]
    notes = [t(ending.code, **ending.params)] if ending is not None else []
    return {"file": files[0], "files": files, "packages": packages, "notes": notes}


def merge(desk: Desk, arguments: Namespace) -> Result:
    """Take packages in, or only look at them; with a refused file the command ends with 1."""
    paths = [Path(name) for name in arguments.files]
    if arguments.preview:
        return {"files": [_looked(one) for one in preview(desk.office, paths)]}
    outcomes = merges.merge_files(desk.office, paths)
    desk.refusals += [sentence(one.refused) for one in outcomes if one.refused is not None]
    return {"files": [_outcome(one) for one in outcomes]}


def imports_list(desk: Desk, arguments: Namespace) -> Result:  # noqa: ARG001 -- commands are called alike
    """Print the import log, the latest first."""
    places = desk.office.workspace.standing().places
    with desk.office.workspace.read() as conn:
        return {"imports": [asdict(line) for line in import_log(conn, places)]}


def imports_undo(desk: Desk, arguments: Namespace) -> Result:
    """Take a whole import back, or only say what would go."""
    if arguments.check:
        with desk.office.workspace.read() as conn:
            return asdict(undo_extent(conn, [arguments.number]))
    extent, _ = undo_imports(desk.office, [arguments.number])
    return asdict(extent)


def digest(desk: Desk, arguments: Namespace) -> Result:
    """Print the digest of an area."""
    prefix = significant(place_code(arguments.scope)) if arguments.scope else ""
    with desk.office.workspace.read() as conn:
        return {"digest": digest_of(conn, prefix), "scope": arguments.scope}


def enrol_request(desk: Desk, arguments: Namespace) -> Result:
    """Write the request file; the code is shown to be compared."""
    file = enrolment.request(desk.office, target_folder(arguments.to))
    return {"file": str(file), "code": enrolment.own_code(desk.office)}


def enrol_show(desk: Desk, arguments: Namespace) -> Result:
    """Print what a request file asks for."""
    asked = enrolment.read_request(desk.office, Path(arguments.file))
    return {
        "level": str(asked.level),
        "scope": asked.scope,
        "place": asked.place,
        "person": asked.person,
        "machine": asked.machine,
        "code": asked.code,
    }


def enrol_grant(desk: Desk, arguments: Namespace) -> Result:
    """Write the grant file for a request."""
    choice = None
    if arguments.role or arguments.scope:
        asked = enrolment.read_request(desk.office, Path(arguments.file))
        choice = Choice(Level(arguments.role or asked.level), arguments.scope or asked.scope)
    file, released = enrolment.grant(
        desk.office, Path(arguments.file), target_folder(arguments.to), arguments.code, choice, arguments.name
    )
    return {"file": str(file), "released": [_outcome(one) for one in released]}


def enrol_accept(desk: Desk, arguments: Namespace) -> Result:
    """Take a grant or starter file."""
    released = enrolment.accept(desk.office, Path(arguments.file))
    return {"accepted": Path(arguments.file).name, "released": [_outcome(one) for one in released]}


def enrol_starter(desk: Desk, arguments: Namespace) -> Result:
    """Write a starter file."""
    return {"file": str(enrolment.write_starter(desk.office, target_folder(arguments.to)))}


def enrol_board(desk: Desk, arguments: Namespace) -> Result:
    """Print every area below and how far it has delivered."""
    from app.cli.reads import village_board

    return village_board(desk, arguments)


def _outcome(one: FileOutcome) -> dict[str, object]:
    return {
        "file": one.file,
        "new": one.new,
        "known": one.known,
        "conflicts": one.conflicts,
        "held": one.held,
        "unknown": one.unknown,
        "notes": _notes(one.unknown),
        "refused": sentence(one.refused) if one.refused is not None else "",
        "code": one.refused.code if one.refused is not None else "",
        "waiting": one.waiting,
        "scope": one.scope,
        "kind": one.kind,
        "forked": one.forked,
        "ahead_ms": one.ahead_ms,
        "number": one.number,
        "households": one.households,
        "persons": one.persons,
        "released": [_outcome(other) for other in one.released],
    }


def _looked(one: Looked) -> dict[str, object]:
    return {
        "file": one.file,
        "refused": sentence(one.refused) if one.refused is not None else "",
        "code": one.refused.code if one.refused is not None else "",
        "scope": one.scope,
        "kind": one.kind,
        "sender": one.sender,
        "person": one.person,
        "certificate": str(one.certificate),
        "until": one.until,
        "waiting": one.certificate == "unknown",
        "written_at": one.written_at,
        "first_at": one.first_at,
        "last_at": one.last_at,
        "seen_at": one.seen_at,
        "ahead_ms": one.ahead_ms,
        "behind_ms": one.behind_ms,
        "new": one.new.entries,
        "known": one.known.entries,
        "conflicts": one.conflicts.entries,
        "held": one.held.entries,
        "about": {name: _share(share) for name, share in _shares(one)},
        "added": one.added,
        "unknown": one.unknown,
        "notes": _notes(one.unknown),
        "forked": one.forked,
        "missing": one.missing,
        "volume": list(one.volume),
        "volumes_missing": list(one.volumes),
        "doubles": [asdict(double) for double in one.doubles],
    }


def _notes(unknown: int) -> list[str]:
    return [t("arrival.unknown_kinds", number=unknown)] if unknown else []


def _shares(one: Looked) -> tuple[tuple[str, Share], ...]:
    return ("new", one.new), ("known", one.known), ("conflicts", one.conflicts), ("held", one.held)


def _share(share: Share) -> dict[str, int]:
    return {"households": share.households, "persons": share.persons}
