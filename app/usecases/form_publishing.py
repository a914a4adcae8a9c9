"""Publishing questionnaires: check a workbook, compare it with the version in use, publish, withdraw.

Only here is pyxform needed; whoever fills in a questionnaire never loads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import BadInput, Refused, Unavailable
from app.domain.fault import Severity
from app.domain.ids import EntityId, Kind, Value
from app.files.form_bundle import hash_of, pack_bundle
from app.files.form_source import named_media
from app.files.workbook_save import save_workbook
from app.questionnaire.diff import diff_forms
from app.questionnaire.lint.cells import is_excel
from app.questionnaire.lint.check import check_workbook
from app.questionnaire.lint.repair import apply_fixes
from app.questionnaire.loader import load_form
from app.usecases.forms import current_form, form_lines, form_of, model_of, published

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.domain.changes import Changes
    from app.files.form_source import FormSource
    from app.questionnaire.definition import FormModel
    from app.questionnaire.diff import Difference
    from app.questionnaire.lint.finding import Checked
    from app.usecases.office import Office

_SHEET, _COLUMN = "settings", "version"  # where the standard's workbook keeps its version


def publish(office: Office, new: FormSource) -> Changes:
    """Publish a version for all below; it serves new answers from the moment it arrives.

    Raises:
        BadInput: ``lint.unreadable``, ``form.has_errors`` (params ``file``, ``count``), ``form.too_large``.
        Refused: ``form.version_exists`` (params ``form``, ``version``), ``form.published_already``,
            ``authority.for_county``.
    """
    checked = check_workbook(new.workbook, new.name, new.media)
    if checked.xform_xml is None or not checked.publishable:
        raise BadInput("form.has_errors", file=new.name, count=error_count(checked))
    media = named_media(new, checked.xform_xml)
    model = load_form(checked.xform_xml, media)
    digest = hash_of(new.workbook)
    _refuse_known(office, model, digest)
    blob = pack_bundle(new.workbook, checked.xform_xml.encode(), media, new.name)
    with office.workspace.write(office.actor) as tx:
        fields: dict[str, Value] = {
            "name": model.form_id,
            "title": model.title,
            "version": model.version,
            "hash": digest,
            "blob": tx.put_blob(blob),
            "number": 1 + len(published(tx.conn, model.form_id)),
            "published_on": tx.today.isoformat(),
        }
        uid = tx.new_id(Kind.FORM)
        tx.record("form.published", Kind.FORM, uid, fields)
        tx.audit("publish", uid, {"form": model.form_id, "version": model.version, "hash": digest})
    return tx.changes


@dataclass(frozen=True, slots=True)
class Examination:
    """A workbook before it is published: what the check found, and what differs from the version in use.

    ``replaces`` is that version, "" for a questionnaire that is new. ``differences`` is None while the
    workbook does not open; ``title`` is then that of the version in use.
    """

    checked: Checked
    title: str
    replaces: str
    differences: tuple[Difference, ...] | None


def examine(office: Office, new: FormSource) -> Examination:
    """Check a workbook and compare it with the version in use; nothing is written.

    Raises:
        BadInput: ``lint.unreadable`` (param ``file``).
    """
    checked = check_workbook(new.workbook, new.name, new.media)
    lines = [line for line in form_lines(office) if line.form == checked.form_id and line.current]
    model = _loaded(checked, new.media)
    if model is None:
        known = lines[0] if lines else None
        return Examination(checked, known.title if known else "", known.version if known else "", None)
    if not lines:
        return Examination(checked, model.title, "", ())
    before = model_of(current_form(office, checked.form_id))
    return Examination(checked, model.title, before.version, diff_forms(before, model))


def save_form(office: Office, form_id: str, form_hash: str, target: Path) -> None:
    """Write the workbook of a version to ``target``, its lists and pictures into ``<name>-media`` beside it.

    Raises:
        Refused: ``questionnaire.unknown_version`` (param ``form``).
        Unavailable: ``workbook.cannot_write`` (param ``file``).
    """
    form = form_of(office, form_id, form_hash)
    save_workbook(target, form.workbook)
    if form.media:
        folder = target.with_name(f"{target.stem}-media")
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise Unavailable("workbook.cannot_write", file=folder.name) from error
        for name, data in form.media.items():
            save_workbook(folder / name, data)


def repair(source: FormSource) -> tuple[bytes, int]:
    """Return the workbook with everything put right that can be by itself, and how many repairs that were.

    Raises:
        BadInput: ``lint.unreadable``, ``lint.fix_only_xlsx`` (param ``file``).
    """
    if not is_excel(source.workbook):
        raise BadInput("lint.fix_only_xlsx", file=source.name)
    checked = check_workbook(source.workbook, source.name, source.media)
    fixes = [one.fix for one in checked.findings if one.fix is not None]
    return apply_fixes(source.workbook, fixes), len(fixes)


def error_count(checked: Checked) -> int:
    """Return how many findings forbid publishing."""
    return sum(one.severity is Severity.ERROR for one in checked.findings)


def withdraw(office: Office, uid: EntityId, reason: str) -> Changes:
    """Take a published version out of use; what was filled in under it still opens.

    Raises:
        Refused: ``entity.unknown``, ``form.reason_needed``, ``authority.for_county``.
    """
    if not reason.strip():
        raise Refused("form.reason_needed")
    with office.workspace.write(office.actor) as tx:
        tx.load(Kind.FORM, uid)
        tx.record("form.withdrawn", Kind.FORM, uid, {"withdrawn": 1, "withdrawn_reason": reason.strip()})
    return tx.changes


def _loaded(checked: Checked, media: Mapping[str, bytes]) -> FormModel | None:
    """Load what could be converted; with errors in it, it may not open."""
    if checked.xform_xml is None:
        return None
    try:
        return load_form(checked.xform_xml, media)
    except BadInput:
        return None  # the findings say why


def _refuse_known(office: Office, model: FormModel, digest: str) -> None:
    for line in form_lines(office):
        if line.hash == digest and not line.withdrawn:
            raise Refused("form.published_already", form=model.form_id, version=line.version)
        if (line.form, line.version) == (model.form_id, model.version):
            at = {"sheet": _SHEET, "column": _COLUMN}
            raise Refused("form.version_exists", form=model.form_id, version=model.version, **at)
