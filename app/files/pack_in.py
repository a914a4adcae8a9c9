"""Read a policy pack from its files.

    pack = load_shipped("s8/v1")                 # a folder of forms/packs
    pack = read_pack({"pack.toml": b"…", …})     # the files of a published pack

A pack is ``pack.toml``, one ``workflow-<id>.toml`` for each workflow it names, ``wording.toml``,
``codes.toml`` and ``holidays/<year>.toml``. Years without a table of the pack's own are taken from the
``chinesecalendar`` library as far as it knows them; any other year stays unknown.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from app.domain.calendar import Calendar, HolidayYear
from app.domain.errors import BadInput
from app.domain.pack import Pack
from app.files.codes_in import parse_codes
from app.files.holidays_in import library_years
from app.files.pack_rules_in import (
    read_dimensions,
    read_holidays,
    read_issuers,
    read_labels,
    read_lines,
    read_parameters,
    read_publicity,
    read_quorum,
    read_registers,
    read_wording,
)
from app.files.pack_workflow_in import read_workflow
from app.files.toml_table import open_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from app.domain.codes import CodeLists
    from app.domain.workflow import Workflow
    from app.files.toml_table import TomlTable

_MAIN = "pack.toml"
_CODES = "codes.toml"
_WORDING = "wording.toml"


def shipped_packs() -> tuple[str, ...]:
    """Return the packs that ship, such as "s8/v1", sorted."""
    root = resources.files("forms") / "packs"
    folders = [one for one in root.iterdir() if one.is_dir() and not one.name.startswith("_")]
    return tuple(
        sorted(
            f"{folder.name}/{version.name}"
            for folder in folders
            for version in folder.iterdir()
            if version.is_dir() and (version / _MAIN).is_file()
        )
    )


@lru_cache(maxsize=8)
def load_shipped(ref: str) -> Pack:
    """Return a pack that ships.

    Raises:
        BadInput: ``pack.not_shipped`` (param ``ref``) and the codes of ``read_pack``.
    """
    return read_pack(shipped_files(ref))


def shipped_files(ref: str) -> dict[str, bytes]:
    """Return the files of a pack that ships, by path inside its folder; what publishing a pack would send.

    Code lists taken over from another pack are among them.

    Raises:
        BadInput: ``pack.not_shipped`` (param ``ref``).
    """
    if ref not in shipped_packs():
        raise BadInput("pack.not_shipped", ref=ref)
    files = _files_below(resources.files("forms") / "packs" / ref, "")
    borrowed = open_toml(files[_MAIN], _MAIN).text("codes_from", "")
    if borrowed and borrowed != ref:
        files[_CODES] = shipped_files(borrowed)[_CODES]
    return files


def read_pack(files: Mapping[str, bytes]) -> Pack:
    """Return the pack in these files, by path inside its folder.

    Raises:
        BadInput: with ``file`` and, where there is one, ``key``: ``pack.no_file``, ``pack.strange_file``, the
            codes of ``TomlTable``, ``read_workflow``, the readers of ``pack_rules_in`` and ``parse_codes``.
    """
    main = open_toml(_file(files, _MAIN), _MAIN)
    publicity = read_publicity(main)
    workflows = _workflows(files, main, frozenset(publicity))
    pack = Pack(
        id=main.text("id"),
        version=main.whole("version", least=1),
        name=main.text("name"),
        workflows=workflows,
        publicity=publicity,
        quorum=read_quorum(main),
        lines=read_lines(main),
        dimensions=read_dimensions(main),
        registers=read_registers(main),
        labels=read_labels(main),
        issuers=read_issuers(main),
        wording=read_wording(open_toml(_file(files, _WORDING), _WORDING)),
        calendar=Calendar(_years(files)),
        parameters=read_parameters(main),
        codes=_codes(files),
        hash=pack_hash(files),
    )
    main.text("codes_from", "")
    main.text("note", "")
    main.done()
    _refuse_strange(files, workflows)
    return pack


def pack_hash(files: Mapping[str, bytes]) -> str:
    """Return "sha256:…" over path, length and bytes of every file, sorted by path."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\n{len(files[path])}\n".encode())
        digest.update(files[path])
    return f"sha256:{digest.hexdigest()}"


def _workflows(files: Mapping[str, bytes], main: TomlTable, publicity: frozenset[str]) -> dict[str, Workflow]:
    names = main.texts("workflows")
    if not names:
        raise BadInput("pack.missing", file=_MAIN, key="workflows")
    found: dict[str, Workflow] = {}
    for name in names:
        path = f"workflow-{name}.toml"
        workflow = read_workflow(open_toml(_file(files, path), path), publicity)
        if workflow.id != name:
            raise BadInput("pack.bad_value", file=path, key="id", value=workflow.id)
        found[name] = workflow
    return found


def _codes(files: Mapping[str, bytes]) -> CodeLists:
    return parse_codes(files[_CODES], _CODES) if _CODES in files else {}


def _years(files: Mapping[str, bytes]) -> dict[int, HolidayYear]:
    years = library_years()
    for path in sorted(files):
        if path.startswith("holidays/"):
            year = read_holidays(open_toml(files[path], path))
            if path != f"holidays/{year.year}.toml":
                raise BadInput("pack.bad_value", file=path, key="year", value=year.year)
            years[year.year] = year
    return years


def _file(files: Mapping[str, bytes], path: str) -> bytes:
    if path not in files:
        raise BadInput("pack.no_file", file=path)
    return files[path]


def _refuse_strange(files: Mapping[str, bytes], workflows: Mapping[str, Workflow]) -> None:
    known = {_MAIN, _CODES, _WORDING, *(f"workflow-{name}.toml" for name in workflows)}
    for path in sorted(files):
        if path not in known and not path.startswith("holidays/"):
            raise BadInput("pack.strange_file", file=path)


def _files_below(folder: Traversable, prefix: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for one in folder.iterdir():
        if one.is_dir():
            found |= _files_below(one, f"{prefix}{one.name}/")
        else:
            found[f"{prefix}{one.name}"] = one.read_bytes()
    return found
