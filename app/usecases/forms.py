"""The versions of questionnaires: those that ship, and those the county publishes.

A version is an entry of the county's stream; its files travel as one blob beside it. It never changes:
what was filled in names the version's hash and opens under that very version for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.errors import Refused
from app.domain.ids import Kind
from app.files.form_bundle import read_bundle
from app.files.form_in import FormFile, shipped_forms, shipped_versions
from app.queries import rows
from app.questionnaire.loader import load_form
from app.storage import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.questionnaire.definition import FormModel
    from app.usecases.office import Office


@dataclass(frozen=True, slots=True)
class FormLine:
    """One version as lists show it.

    ``uid`` is "" for a version that ships with the program; ``arrived`` tells whether its files are here;
    ``current`` whether new answers are given under it.
    """

    form: str
    title: str
    version: str
    hash: str
    uid: str = ""
    published_on: str = ""
    withdrawn: bool = False
    arrived: bool = True
    current: bool = False


def current_form(office: Office, form_id: str) -> FormFile:
    """Return the version new answers are given under: the county's latest, else the one that ships.

    Raises:
        Refused: ``questionnaire.unknown_form`` (param ``form``).
    """
    with office.workspace.read() as conn:
        for _, values in reversed(published(conn, form_id)):
            blob = None if values.get("withdrawn") else _blob(conn, values)
            if blob is not None:
                return _unpacked(blob, values)
    return shipped_versions(form_id)[-1]


def form_of(office: Office, form_id: str, form_hash: str) -> FormFile:
    """Return the version with this hash ("sha256:<hex>" of its workbook), withdrawn or not.

    Raises:
        Refused: ``questionnaire.unknown_version`` (param ``form``) when this workspace does not hold it.
    """
    if form_id in shipped_forms():
        for form in shipped_versions(form_id):
            if form.hash == form_hash:
                return form
    with office.workspace.read() as conn:
        for _, values in rows.where(conn, Kind.FORM, name=form_id, hash=form_hash):
            blob = _blob(conn, values)
            if blob is not None:
                return _unpacked(blob, values)
    raise Refused("questionnaire.unknown_version", form=form_id)


def form_lines(office: Office) -> tuple[FormLine, ...]:
    """Return every version of every questionnaire, by form, oldest first."""
    found: list[FormLine] = []
    with office.workspace.read() as conn:
        known = {str(values["name"]) for _, values in rows.where(conn, Kind.FORM)} | set(shipped_forms())
        for form_id in sorted(known):
            found.extend(_lines_of(conn, form_id))
    return tuple(found)


def versions_of(office: Office, form_id: str) -> tuple[FormFile, ...]:
    """Return every version of a questionnaire this workspace holds, oldest first, published ones last.

    Raises:
        Refused: ``questionnaire.unknown_form`` (param ``form``).
    """
    shipped = shipped_versions(form_id) if form_id in shipped_forms() else ()
    with office.workspace.read() as conn:
        found = [(values, _blob(conn, values)) for _, values in published(conn, form_id)]
    here = tuple(_unpacked(blob, values) for values, blob in found if blob is not None)
    return (*shipped, *here) or shipped_versions(form_id)


def model_of(form: FormFile) -> FormModel:
    """Load a version; the same one is loaded once and shared."""
    found = _MODELS.get(form.hash)
    if found is None:
        found = _MODELS[form.hash] = load_form(form.xform, form.media)
    return found


_MODELS: dict[str, FormModel] = {}
_UNPACKED: dict[str, FormFile] = {}  # by blob: a published form is opened for every household


def published(conn: Connection, form_id: str) -> list[rows.Row]:
    """Return the published versions, oldest first; the same order on every computer."""
    found = rows.where(conn, Kind.FORM, name=form_id)
    return sorted(found, key=lambda row: (rows.number(row[1], "number"), row[0]))


def _lines_of(conn: Connection, form_id: str) -> list[FormLine]:
    lines = [
        FormLine(form_id, model_of(form).title, form.version, form.hash)
        for form in (shipped_versions(form_id) if form_id in shipped_forms() else ())
    ]
    for uid, values in published(conn, form_id):
        lines.append(
            FormLine(
                form_id,
                str(values.get("title", "")),
                str(values.get("version", "")),
                str(values.get("hash", "")),
                uid,
                str(values.get("published_on", "")),
                bool(values.get("withdrawn")),
                _blob(conn, values) is not None,
            )
        )
    usable = [at for at, line in enumerate(lines) if line.arrived and not line.withdrawn]
    counties = [at for at in usable if lines[at].uid]
    for at in (counties or usable)[-1:]:
        lines[at] = replace(lines[at], current=True)
    return lines


def _blob(conn: Connection, values: rows.Values) -> bytes | None:
    query = select(tables.blob.c.data).where(tables.blob.c.hash == values.get("blob", ""))
    found: bytes | None = conn.execute(query).scalar()
    return found


def _unpacked(blob: bytes, values: rows.Values) -> FormFile:
    name = str(values["blob"])
    if name not in _UNPACKED:
        _UNPACKED[name] = read_bundle(blob, str(values["name"]), str(values["version"]))
    return _UNPACKED[name]
