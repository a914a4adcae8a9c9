"""The questionnaires that ship: the compiled form beside its workbook."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from app.domain.errors import Refused


@dataclass(frozen=True, slots=True)
class ShippedForm:
    """One version of a questionnaire; ``hash`` is "sha256:<hex>" of the workbook."""

    id: str
    version: str
    hash: str
    xform: bytes


@lru_cache(maxsize=8)
def shipped_form(form_id: str) -> ShippedForm:
    """Return the latest shipped version of a questionnaire.

    Raises:
        Refused: ``questionnaire.unknown_form`` (param ``form``).
    """
    folder = resources.files("forms") / "questionnaires" / form_id
    if not folder.is_dir():
        raise Refused("questionnaire.unknown_form", form=form_id)
    versions = [one.name for one in folder.iterdir() if one.is_dir() and one.name.startswith("v")]
    if not versions:
        raise Refused("questionnaire.unknown_form", form=form_id)
    version = max(versions, key=lambda name: int(name[1:]))
    place = folder / version
    digest = hashlib.sha256((place / f"{form_id}.xlsx").read_bytes()).hexdigest()
    return ShippedForm(form_id, version, f"sha256:{digest}", (place / f"{form_id}.xml").read_bytes())
