"""Enrolment (登记) by files: ask, compare the eight digits, grant, accept; starter files; 代录."""

from __future__ import annotations

import platform
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.crypto.device_keys import verify_text
from app.domain.errors import BadInput, Refused
from app.domain.ids import Level
from app.domain.region import is_within, level_of
from app.domain.trust_chain import certificates_by_device, merged, with_root
from app.files import enrolment as files
from app.files.enrolment import Choice, Grant, Starter
from app.files.starter import SUFFIX as STARTER_SUFFIX
from app.files.starter import StarterFile, read_starter, starter_bytes
from app.storage.tx import CIVIL_ZONE
from app.usecases.merges import release_waiting
from app.usecases.recovery import refresh as refresh_recovery
from app.usecases.rounds import open_rounds
from app.usecases.small_files import read_small, write_small
from app.usecases.trust import (
    asking_keys,
    forget_root,
    issuing_keys,
    judge_again,
    keep_label,
    kept_root,
    load_trust,
    own_keys,
    save_trust,
)
from app.usecases.workspaces import name_places

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from app.domain.trust import Certificate, TrustDoc
    from app.usecases.merges import FileOutcome
    from app.usecases.office import Office


@dataclass(frozen=True, slots=True)
class Asked:
    """A request file as the clerk sees it; ``code`` is to be compared with the other screen."""

    level: Level
    scope: str
    place: str
    person: str
    machine: str
    code: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A grant or starter file before it is taken.

    ``roots`` are the 12-digit codes of the areas whose word counts from then on, ``is_new`` that it did not
    before; ``certificate`` is what is granted, ``None`` for a starter file.
    """

    roots: tuple[str, ...]
    is_new: bool
    certificate: Certificate | None
    starter: Starter


def own_code(office: Office) -> str:
    """Return the eight digits this computer shows while it asks to be enrolled."""
    keys = asking_keys(office.workspace)
    return files.comparison_code(keys.key, keys.recipient)


def request(office: Office, folder: Path) -> Path:
    """Write this computer's request file into ``folder``.

    Raises:
        Unavailable: ``disk.read_only`` or ``disk.full``.
    """
    standing = office.workspace.standing()
    keys = asking_keys(office.workspace)
    data = files.request(
        keys, standing.level, standing.scope, person=office.actor.name, machine=platform.node()
    )
    return write_small(folder / f"申请-{standing.scope}-{own_code(office)}{files.REQUEST_SUFFIX}", data)


def read_request(office: Office, path: Path) -> Asked:
    """Return what a request file asks for.

    Raises:
        BadInput: ``enrol.missing`` and the codes of the reader.
    """
    asked = files.read_request(read_small(path, files.MAX_BYTES, "enrol.too_large"), path.name)
    places = office.workspace.standing().places
    code = files.comparison_code(asked.key, asked.recipient)
    return Asked(asked.level, asked.scope, places.get(asked.scope, ""), asked.person, asked.machine, code)


def grant(
    office: Office, path: Path, folder: Path, code: str, choice: Choice | None = None, name: str = ""
) -> tuple[Path, tuple[FileOutcome, ...]]:
    """Certify the computer that asked and write the grant file; packages of its that wait are read in.

    ``code`` is what the clerk heard from the other side. ``name`` is what its place is called here from then
    on (60 characters count), "" for no other name than now.

    Raises:
        Refused: ``enrol.code_differs``, ``enrol.not_issuer``, ``enrol.outside``, ``enrol.scope_level``.
        BadInput: the codes of the reader.
    """
    asked = files.read_request(read_small(path, files.MAX_BYTES, "enrol.too_large"), path.name)
    if "".join(code.split()) != files.comparison_code(asked.key, asked.recipient):
        raise Refused("enrol.code_differs")
    keys = issuing_keys(office.workspace)
    with office.workspace.read() as conn:
        own = load_trust(conn)
    certificate, trust = files.grant(asked, keys, own, _today(office), choice)
    if name.strip():
        name_places(office, {certificate.scope: name.strip()[:60]})
    given = Grant(certificate, trust, _starter(office, certificate.scope))
    name = f"授权-{certificate.scope}-{''.join(code.split())}{files.GRANT_SUFFIX}"
    written = write_small(folder / name, files.grant_bytes(given))
    with office.workspace.write(office.actor) as tx:
        tx.audit("grant", certificate.device, {"scope": certificate.scope, "level": str(certificate.level)})
        save_trust(tx.conn, trust)
        keep_label(tx.conn, certificate.key, person=asked.person, machine=asked.machine)
        judge_again(tx.conn, office.workspace)
    return written, release_waiting(office)


def look_into(office: Office, path: Path) -> Offered:
    """Return what taking a grant or starter file would mean, changing nothing.

    Raises:
        BadInput: as ``accept``.
    """
    certificate, starter, trust = _taken(office, path)
    with office.workspace.read() as conn:
        own = load_trust(conn)
    fresh = set(trust.roots) - set(own.roots)
    roots = {c.scope for c in trust.certificates if c.is_root and c.key in (fresh or trust.roots)}
    return Offered(tuple(sorted(roots)), bool(fresh), certificate, starter)


def accept(office: Office, path: Path) -> tuple[FileOutcome, ...]:
    """Take a grant or a starter file; packages that waited for it are read in.

    Raises:
        BadInput: ``enrol.other_device``, ``enrol.expired``, ``enrol.unproven``, ``starter.not_one`` …
    """
    _, starter, trust = _taken(office, path)
    with office.workspace.write(office.actor) as tx:
        tx.audit("accept", path.suffix, {"places": len(starter.places)})
        save_trust(tx.conn, trust)
        forget_root(tx.conn, trust)
        judge_again(tx.conn, office.workspace)
    if starter.places:
        name_places(office, starter.places)
    refresh_recovery(office)
    return release_waiting(office)


def write_starter(office: Office, folder: Path) -> Path:
    """Write a starter file for everybody below: names, the line, and whom to seal packages to.

    Raises:
        Refused: ``starter.not_above`` at a village's desk.
    """
    standing = office.workspace.standing()
    if standing.level is Level.VILLAGE:
        raise Refused("starter.not_above")
    with office.workspace.read() as conn:
        trust = load_trust(conn)
    made = StarterFile(_starter(office, standing.scope), trust)
    return write_small(folder / f"启动-{standing.scope}{STARTER_SUFFIX}", starter_bytes(made))


def open_proxy(office: Office, village: str) -> Office:
    """Let a township write for a village that never enrols (代录); return the desk for that village.

    Raises:
        Refused: ``enrol.proxy_only_township``, ``region.outside``, ``region.other_level``.
    """
    standing = office.workspace.standing()
    if standing.level is not Level.TOWNSHIP:
        raise Refused("enrol.proxy_only_township")
    if not is_within(standing.scope, village):
        raise Refused("region.outside", place=village)
    if level_of(village) is not Level.VILLAGE:
        raise Refused("region.other_level", level=str(Level.VILLAGE))
    keys = own_keys(office.workspace)
    with office.workspace.read() as conn:
        own = load_trust(conn)
    held = certificates_by_device(own).get(keys.device, ())
    if not any(c.proxy and c.scope == village for c in held):
        asked = files.read_request(files.request(keys, Level.VILLAGE, village), "")
        choice = Choice(Level.VILLAGE, village, proxy=True)
        issuer = issuing_keys(office.workspace)
        _, trust = files.grant(asked, issuer, own, _today(office), choice)
        with office.workspace.write(office.actor) as tx:
            tx.audit("proxy", village, {})
            save_trust(tx.conn, trust)
            judge_again(tx.conn, office.workspace)
    return office.acting(replace(office.actor, level=Level.VILLAGE, scope=village))


def _taken(office: Office, path: Path) -> tuple[Certificate | None, Starter, TrustDoc]:
    """Return the certificate, the starter and our trust document after taking a grant or starter file."""
    data = read_small(path, files.MAX_BYTES, "enrol.too_large")
    if path.name.endswith(STARTER_SUFFIX):
        found = read_starter(data, path.name)
        return None, found.starter, _believed(office, found.trust, path.name)
    given = files.read_grant(data, path.name)
    with office.workspace.read() as conn:
        own = load_trust(conn)
    root, keys = kept_root(office.workspace), own_keys(office.workspace)
    if root is not None and given.certificate.key == root.key:
        keys = root
    trust = files.accept(given, keys, own, today=_today(office), file=path.name, root=root)
    return given.certificate, given.starter, trust


def _believed(office: Office, trust: TrustDoc, file: str) -> TrustDoc:
    """Return our trust document after a starter file: its root is believed if we believe nobody yet."""
    with office.workspace.read() as conn:
        own = load_trust(conn)
    roots = [c for c in trust.certificates if c.is_root and c.key in trust.roots]
    if not own.roots:
        if not roots:
            raise BadInput("enrol.unproven", file=file)
        for root in roots:
            own = with_root(own, root, verify_text)
    return merged(own, trust, verify_text)


def _starter(office: Office, scope: str) -> Starter:
    standing = office.workspace.standing()
    places = {
        code: name
        for code, name in standing.places.items()
        if is_within(scope, code) or is_within(code, scope)
    }
    with office.workspace.write(office.actor) as tx:
        rounds = open_rounds(tx, standing.scope)
    values = rounds[0][1] if rounds else {}
    fen = values.get("line_fen", 0)
    return Starter(
        places,
        str(values.get("pack", "")),
        fen if isinstance(fen, int) else 0,
        str(values.get("line_doc", ""))[:60],
    )


def _today(office: Office) -> date:
    return office.workspace.clock.now().astimezone(CIVIL_ZONE).date()
