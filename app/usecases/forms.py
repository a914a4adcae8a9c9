"""Which version of a questionnaire is filled in now, and the very one an earlier answer was given under."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.files.form_in import FormFile, shipped_form, shipped_versions
from app.questionnaire.loader import load_form

if TYPE_CHECKING:
    from app.questionnaire.definition import FormModel
    from app.usecases.office import Office


def current_form(_office: Office, form_id: str) -> FormFile:
    """Return the version a new answer is given under.

    Raises:
        Refused: ``questionnaire.unknown_form`` (param ``form``).
    """
    return shipped_form(form_id)


def form_of(_office: Office, form_id: str, form_hash: str) -> FormFile:
    """Return the version with this hash ("sha256:<hex>" of its workbook).

    Raises:
        Refused: ``questionnaire.unknown_form`` (param ``form``), ``questionnaire.unknown_version``
            (param ``form``) when this workspace does not hold it.
    """
    for form in shipped_versions(form_id):
        if form.hash == form_hash:
            return form
    raise Refused("questionnaire.unknown_version", form=form_id)


def form_by_version(_office: Office, form_id: str, version: str) -> FormFile | None:
    """Return the version a phone names by its own word for it, None when this workspace does not hold it.

    Raises:
        Refused: ``questionnaire.unknown_form`` (param ``form``).
    """
    if not _NAME.fullmatch(form_id):  # comes from a stranger's file
        raise Refused("questionnaire.unknown_form", form=form_id)
    found = (form for form in reversed(shipped_versions(form_id)) if model_of(form).version == version)
    return next(found, None)


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_MODELS: dict[str, FormModel] = {}


def model_of(form: FormFile) -> FormModel:
    """Load a version; the same one is loaded once and shared."""
    found = _MODELS.get(form.hash)
    if found is None:
        found = _MODELS[form.hash] = load_form(form.xform, form.media)
    return found
