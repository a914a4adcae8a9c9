"""Record what is released under ``forms/``: a published folder never changes.

    .venv/bin/python packaging/publish_forms.py packs/s8/v1    release one folder
    .venv/bin/python packaging/publish_forms.py --check        compare every folder with its record

Cases name the pack and the questionnaire they were judged by, so a released version must stay as it was
for ever; a change is a new folder ``vN``. ``forms/PUBLISHED.json`` holds ``published`` (folder to digest)
and ``unreleased`` (folders that may still change). Every version folder is in exactly one of the two.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

FORMS = Path(__file__).resolve().parents[1] / "forms"
RECORD = "PUBLISHED.json"


@dataclass(frozen=True, slots=True)
class Record:
    """What ``PUBLISHED.json`` says."""

    published: dict[str, str]
    unreleased: list[str]


def read_record(forms: Path) -> Record:
    """Return the record of a forms folder."""
    found = json.loads((forms / RECORD).read_text(encoding="utf-8"))
    return Record(dict(found["published"]), list(found["unreleased"]))


def write_record(forms: Path, record: Record) -> None:
    """Write the record in a form that shows small differences."""
    table = {"published": record.published, "unreleased": sorted(record.unreleased)}
    (forms / RECORD).write_text(json.dumps(table, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def version_folders(forms: Path) -> list[str]:
    """Return every folder ``packs/<id>/vN`` and ``questionnaires/<id>/vN`` by its path from ``forms``."""
    found = [*forms.glob("packs/*/v[0-9]*"), *forms.glob("questionnaires/*/v[0-9]*")]
    return sorted(folder.relative_to(forms).as_posix() for folder in found if folder.is_dir())


def digest(folder: Path) -> str:
    """Return the digest over names and contents of all files of a folder, whatever their order on disk."""
    whole = hashlib.sha256()
    for file in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix()):
        if file.is_file() and "__pycache__" not in file.parts:
            name = file.relative_to(folder).as_posix().encode()
            content = hashlib.sha256(file.read_bytes()).digest()
            whole.update(len(name).to_bytes(4, "big") + name + content)
    return f"sha256:{whole.hexdigest()}"


def findings(forms: Path) -> list[str]:
    """Return what is wrong, one line a finding; nothing if the record and the folders agree."""
    record, present = read_record(forms), version_folders(forms)
    lines = [
        f"{name}: in neither list"
        for name in present
        if name not in record.published | dict.fromkeys(record.unreleased)
    ]
    lines += [f"{name}: in both lists" for name in record.unreleased if name in record.published]
    lines += [
        f"{name}: recorded but gone"
        for name in (*record.published, *record.unreleased)
        if name not in present
    ]
    lines += [
        f"{name}: changed after its release; make a new version"
        for name, recorded in record.published.items()
        if name in present and digest(forms / name) != recorded
    ]
    return lines


def publish(forms: Path, name: str) -> str:
    """Record ``name`` as released and return what was done; a released folder that changed is refused."""
    record = read_record(forms)
    if name not in version_folders(forms):
        return f"{name}: no such version folder"
    fresh = digest(forms / name)
    if record.published.get(name, fresh) != fresh:
        return f"{name}: changed after its release; make a new version"
    unreleased = [one for one in record.unreleased if one != name]
    write_record(forms, Record({**record.published, name: fresh}, unreleased))
    return f"{name}: released as {fresh}"


def main(arguments: list[str]) -> int:
    """Run one of the two commands; 1 if something is wrong, 2 if it was not asked rightly."""
    if len(arguments) != 1:
        sys.stderr.write(__doc__ or "")
        return 2
    lines = findings(FORMS) if arguments == ["--check"] else [publish(FORMS, arguments[0])]
    sys.stdout.writelines(line + "\n" for line in lines)
    return 0 if all(": released as " in line for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
