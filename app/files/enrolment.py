"""Enrolment by two small files: the request a computer makes and the grant the level above returns.

    申请.hhreq   public keys, the place and level asked for, self-signed
    授权.hhcert  the certificate, the issuer's trust document and what is needed to start

Both screens show the same eight digits; the clerk compares them face to face or by telephone, which is
what makes the keys in the file those of the computer in front of the cadre. Neither file holds a secret.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from app.crypto.device_keys import verify_text
from app.domain.errors import BadInput, Refused
from app.domain.ids import Level
from app.domain.parsed import is_object
from app.domain.region import level_of
from app.domain.trust import (
    Certificate,
    Endorsement,
    TrustDoc,
    canonical,
    certificate_bytes,
    device_id,
    ordered,
    parse_trust,
    read_certificate,
)
from app.domain.trust_chain import may_issue, merged, valid_certificates, with_root

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from app.crypto.device_keys import DeviceKeys

REQUEST_FORMAT = "hhreq/1"
GRANT_FORMAT = "hhcert/1"
REQUEST_SUFFIX = ".hhreq"
GRANT_SUFFIX = ".hhcert"
MAX_BYTES = 4_000_000
CODE_DIGITS = 8
DAYS_VALID = 540  # eighteen months
DAYS_ROOT = 7300  # twenty years

_KEY = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_RECIPIENT = re.compile(r"age1[0-9a-z]{58}")
_SCOPE = re.compile(r"[0-9]{12}")
_LABEL = re.compile(r"[^\x00-\x1f\x7f]{0,60}")
_MONEY = 10**12


@dataclass(frozen=True, slots=True)
class Request:
    """What a computer asks for; ``person`` and ``machine`` are labels for the clerk, both may be ""."""

    key: str
    recipient: str
    level: Level
    scope: str
    person: str = ""
    machine: str = ""
    signature: str = ""

    @property
    def device(self) -> str:
        """The id of the asking device."""
        return device_id(self.key)

    @property
    def code(self) -> str:
        """The comparison code shown on both screens: eight digits that follow from the public keys."""
        return comparison_code(self.key, self.recipient)


@dataclass(frozen=True, slots=True)
class Starter:
    """What a new computer needs to begin; all of it may be missing.

    ``places`` maps 12-digit codes to names; ``line_fen`` (per head and year) and ``line_doc`` are the
    poverty line in force, ``pack`` the id and version of the policy pack ("s8/v1").
    """

    places: Mapping[str, str] = field(default_factory=dict[str, str])
    pack: str = ""
    line_fen: int = 0
    line_doc: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the clerk decides to certify: ``proxy`` marks 代录, ``person`` is a person's id or ""."""

    level: Level
    scope: str
    proxy: bool = False
    person: str = ""
    days: int = DAYS_VALID


@dataclass(frozen=True, slots=True)
class Grant:
    """The answer: the certificate, what its issuer believes, and the starter."""

    certificate: Certificate
    trust: TrustDoc
    starter: Starter = Starter()


def comparison_code(key: str, recipient: str) -> str:
    """Return eight digits from the SHA-256 of both public keys."""
    digest = hashlib.sha256(b"babutong-enrol\0" + f"{key} {recipient}".encode()).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def request(keys: DeviceKeys, level: Level, scope: str, *, person: str = "", machine: str = "") -> bytes:
    """Return the bytes of a request file, signed with the device's own key.

    Raises:
        Refused: ``enrol.scope_level`` when the code is not of that level.
    """
    _check_scope(level, scope)
    made = Request(keys.key, keys.recipient, level, scope, person.strip()[:60], machine.strip()[:60])
    return canonical(_request_doc(replace(made, signature=keys.sign(_request_message(made)))))


def read_request(data: bytes, file: str) -> Request:
    """Read and verify a request file.

    Raises:
        BadInput: ``enrol.too_large``, ``enrol.not_a_request`` or ``enrol.bad_signature`` (param ``file``).
    """
    doc = _document(data, REQUEST_FORMAT, file, "enrol.not_a_request")
    try:
        found = Request(
            _text(doc["key"], _KEY),
            _text(doc["recipient"], _RECIPIENT),
            Level(_text(doc["level"], _LABEL)),
            _text(doc["scope"], _SCOPE),
            _text(doc["person"], _LABEL),
            _text(doc["machine"], _LABEL),
            _text(doc["signature"], _SIGNATURE),
        )
        same = canonical(_request_doc(found)) == data
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput("enrol.not_a_request", file=file) from error
    if not same:
        raise BadInput("enrol.not_a_request", file=file)
    if not verify_text(found.key, _request_message(found), found.signature):
        raise BadInput("enrol.bad_signature", file=file)
    return found


def make_root(keys: DeviceKeys, level: Level, scope: str, today: date, days: int = DAYS_ROOT) -> Certificate:
    """Return a self-signed root certificate of a county, or of a township that has no county yet.

    Raises:
        Refused: ``enrol.scope_level``, ``enrol.no_village_root``.
    """
    _check_scope(level, scope)
    if level is Level.VILLAGE:
        raise Refused("enrol.no_village_root")
    root = Certificate(
        keys.key, keys.recipient, level, scope, *_validity(today, days), issuer=keys.key, can_issue=True
    )
    return replace(root, signature=keys.sign(root.signed_part()))


def found_trust(root: Certificate) -> TrustDoc:
    """Return the first trust document of the one who made ``root``."""
    return with_root(TrustDoc(), root, verify_text)


def grant(
    asked: Request,
    keys: DeviceKeys,
    trust: TrustDoc,
    today: date,
    choice: Choice | None = None,
) -> tuple[Certificate, TrustDoc]:
    """Certify the asking device; return the certificate and the trust document that holds it.

    Without a ``choice`` it gets what it asked for. A township certified by a county may itself issue.

    Raises:
        Refused: ``enrol.not_issuer`` (these keys may not certify anybody today), ``enrol.outside``
            (the place, level or form of certificate is not theirs to give), ``enrol.scope_level``.
    """
    chosen = choice or Choice(asked.level, asked.scope)
    level = chosen.level
    _check_scope(level, chosen.scope)
    issuers = [c for c in valid_certificates(trust) if c.key == keys.key and c.can_issue]
    issuers = [c for c in issuers if c.current(today)]
    if not issuers:
        raise Refused("enrol.not_issuer")
    made = Certificate(
        asked.key,
        asked.recipient,
        level,
        chosen.scope,
        *_validity(today, chosen.days),
        issuer=keys.key,
        can_issue=level is Level.TOWNSHIP and any(c.is_root and c.level is Level.COUNTY for c in issuers),
        proxy=chosen.proxy,
        person=chosen.person,
    )
    if not any(may_issue(issuer, made) for issuer in issuers):
        raise Refused("enrol.outside")
    signed = replace(made, signature=keys.sign(made.signed_part()))
    return signed, merged(trust, ordered((), {signed}, set(), set()), verify_text)


def grant_bytes(given: Grant) -> bytes:
    """Return the bytes of a grant file."""
    return canonical(
        {
            "certificate": json.loads(certificate_bytes(given.certificate)),
            "fmt": GRANT_FORMAT,
            "starter": {
                "line_doc": given.starter.line_doc,
                "line_fen": given.starter.line_fen,
                "pack": given.starter.pack,
                "places": dict(given.starter.places),
            },
            "trust": json.loads(given.trust.to_bytes()),
        }
    )


def read_grant(data: bytes, file: str) -> Grant:
    """Read a grant file; whether it is for this computer is asked by ``accept``.

    Raises:
        BadInput: ``enrol.too_large``, ``enrol.not_a_grant`` (param ``file``) and the codes of
            ``parse_trust``.
    """
    doc = _document(data, GRANT_FORMAT, file, "enrol.not_a_grant")
    try:
        starter = _object(doc["starter"])
        found = Grant(
            read_certificate(_object(doc["certificate"])),
            parse_trust(canonical(_object(doc["trust"]))),
            Starter(
                {_text(c, _SCOPE): _text(n, _LABEL) for c, n in _object(starter["places"]).items()},
                _text(starter["pack"], _LABEL),
                _fen(starter["line_fen"]),
                _text(starter["line_doc"], _LABEL),
            ),
        )
        same = grant_bytes(found) == data
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput("enrol.not_a_grant", file=file) from error
    if not same:
        raise BadInput("enrol.not_a_grant", file=file)
    return found


def accept(
    given: Grant,
    keys: DeviceKeys,
    own: TrustDoc,
    *,
    today: date,
    file: str,
    root: DeviceKeys | None = None,
) -> TrustDoc:
    """Return the trust document of this computer after it has taken the grant.

    ``keys`` are those it asked with, ``root`` those of its own root, if it has one apart. A computer that
    believes nobody yet, or its own root alone, takes the grant's roots as its own: the file was handed over
    by the one who compared the code. A root that certified nobody else is given up then; one that did is
    countersigned.

    Raises:
        BadInput: ``enrol.other_device`` (made for another computer), ``enrol.expired``,
            ``enrol.unproven`` (no root vouches for it) and the codes of ``merged`` and ``with_root``.
    """
    if given.certificate.key != keys.key or given.certificate.recipient != keys.recipient:
        raise BadInput("enrol.other_device", file=file)
    if not given.certificate.current(today):
        raise BadInput("enrol.expired", file=file)
    mine = {keys.key} if root is None else {keys.key, root.key}
    trust = TrustDoc() if root is not None and is_unused(own, mine) else own
    for one in given.trust.certificates:
        if one.key in given.trust.roots and one.is_root and set(own.roots) <= mine:
            trust = with_root(trust, one, verify_text)
    trust = merged(trust, given.trust, verify_text)
    if given.certificate not in valid_certificates(trust):
        raise BadInput("enrol.unproven", file=file)
    return _endorsed(trust, root or keys)


def is_unused(trust: TrustDoc, mine: Collection[str]) -> bool:
    """Tell whether nobody but the holder of the signing keys ``mine`` is certified, and by nobody else."""
    return all(c.key in mine and c.issuer in mine for c in valid_certificates(trust))


def _endorsed(trust: TrustDoc, keys: DeviceKeys) -> TrustDoc:
    """A township that was its own root vouches for the county's, so that its villages follow."""
    roots = [c for c in valid_certificates(trust) if c.is_root]
    own = [c for c in roots if c.key == keys.key and c.level is Level.TOWNSHIP]
    above = [c for c in roots if c.level is Level.COUNTY]
    if not own or not above:
        return trust
    made = [Endorsement(c.key, keys.key) for c in above]
    signed = {replace(e, signature=keys.sign(e.signed_part())) for e in made}
    return merged(trust, ordered((), set(), set(), signed), verify_text)


def _check_scope(level: Level, scope: str) -> None:
    if not _SCOPE.fullmatch(scope) or level_of(scope) is not level:
        raise Refused("enrol.scope_level")


def _validity(today: date, days: int) -> tuple[str, str]:
    return today.isoformat(), (today + timedelta(days=days)).isoformat()


def _request_message(r: Request) -> bytes:
    doc = _request_doc(r)
    del doc["signature"]
    return b"hhreq/1\0" + canonical(doc)


def _request_doc(r: Request) -> dict[str, object]:
    return {
        "fmt": REQUEST_FORMAT,
        "key": r.key,
        "level": str(r.level),
        "machine": r.machine,
        "person": r.person,
        "recipient": r.recipient,
        "scope": r.scope,
        "signature": r.signature,
    }


def _document(data: bytes, fmt: str, file: str, code: str) -> Mapping[str, object]:
    if len(data) > MAX_BYTES:
        raise BadInput("enrol.too_large", file=file)
    try:
        doc = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadInput(code, file=file) from error
    if not is_object(doc) or doc.get("fmt") != fmt:
        raise BadInput(code, file=file)
    return doc


def _text(value: object, shape: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise ValueError("text of another shape")
    return value


def _fen(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MONEY:
        raise ValueError("no amount")
    return value


def _object(value: object) -> Mapping[str, object]:
    if not is_object(value):
        raise TypeError("no object")
    return value
