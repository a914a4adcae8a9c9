"""The questionnaires that ship: the compiled form and its attached lists beside its workbook."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from app.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable


@dataclass(frozen=True, slots=True)
class FormFile:
    """One version of a questionnaire.

    ``version`` is what its settings say, ``hash`` "sha256:<hex>" of the workbook, ``media`` its lists by
    name.
    """

    id: str
    version: str
    hash: str
    xform: bytes
    media: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    workbook: bytes = b""


def _folder(form_id: str) -> Traversable:
    folder = resources.files("forms") / "questionnaires" / form_id
    if not folder.is_dir():
        raise Refused("questionnaire.unknown_form", form=form_id)
    return folder


@lru_cache(maxsize=64)
def _read(form_id: str, version: str) -> FormFile:
    place = _folder(form_id) / version
    workbook = (place / f"{form_id}.xlsx").read_bytes()
    digest = f"sha256:{hashlib.sha256(workbook).hexdigest()}"
    own = {f"{form_id}.xlsx", f"{form_id}.xml"}
    media = {one.name: one.read_bytes() for one in place.iterdir() if one.is_file() and one.name not in own}
    xform = (place / f"{form_id}.xml").read_bytes()
    return FormFile(form_id, version.removeprefix("v"), digest, xform, media, workbook)


@lru_cache(maxsize=1)
def shipped_forms() -> tuple[str, ...]:
    """Return the ids of the questionnaires that ship, in order."""
    root = resources.files("forms") / "questionnaires"
    return tuple(sorted(one.name for one in root.iterdir() if one.is_dir() and not one.name.startswith("_")))


@lru_cache(maxsize=64)
def shipped_versions(form_id: str) -> tuple[FormFile, ...]:
    """Return every shipped version of a questionnaire, oldest first.

    Raises:
        Refused: ``questionnaire.unknown_form`` (param ``form``).
    """
    names = [one.name for one in _folder(form_id).iterdir() if one.is_dir() and one.name.startswith("v")]
    if not names:
        raise Refused("questionnaire.unknown_form", form=form_id)
    return tuple(_read(form_id, name) for name in sorted(names, key=lambda name: int(name[1:])))
