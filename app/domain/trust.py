"""Who may speak for which area: certificates, revocations and endorsements in one document.

Every statement is signed on its own, so two documents are merged by taking both sets. People appear
by id only: the document travels in clear text with every package. The rules are in
``app.domain.trust_chain``; signatures are checked by a function the caller brings.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from app.domain.calendar import parse_date
from app.domain.errors import BadInput
from app.domain.ids import Level
from app.domain.parsed import is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

FORMAT = "hhtrust/1"
MAX_BYTES = 1_000_000

Verify = Callable[[str, bytes, str], bool]
"""(public key hex, message, signature hex) -> whether the signature is right."""

_KEY = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_SCOPE = re.compile(r"[0-9]{12}")
_ID = re.compile(r"[0-9a-f]{32}")
_PERSON = re.compile(r"([0-9a-f]{32})?")
_RECIPIENT = re.compile(r"age1[0-9a-z]{58}")
_WORD = re.compile(r"[a-z0-9_]{1,40}")
_MAX_NUMBER = 2**53


@dataclass(frozen=True, slots=True)
class Certificate:
    """``issuer`` says: the holder of ``key`` works at ``level`` for ``scope``.

    ``key`` and ``issuer`` are public signing keys (64 hex digits), ``recipient`` is the key to seal
    to. An issuing certificate signed by its own key is a root. ``can_issue`` lets a township certify
    devices of its own division. ``proxy`` marks a township's device that writes for a village (代录).
    """

    key: str
    recipient: str
    level: Level
    scope: str
    valid_from: str
    valid_until: str
    issuer: str
    can_issue: bool = False
    proxy: bool = False
    person: str = ""
    signature: str = ""

    @property
    def device(self) -> str:
        """The id of the device the key belongs to."""
        return device_id(self.key)

    @property
    def is_root(self) -> bool:
        """Tell whether the holder vouches for its own right to issue.

        A township that signs a proxy certificate for its own device uses a right it has already.
        """
        return self.key == self.issuer and self.can_issue

    def current(self, today: date) -> bool:
        """Tell whether ``today`` (civil date) lies in the validity, both ends included.

        Asked before something new is exported or issued, never when old entries are judged:
        what counts as fact must not depend on the day one looks.
        """
        return self.valid_from <= today.isoformat() <= self.valid_until

    @property
    def mark(self) -> str:
        """The 32 hex digits by which a revocation names this certificate."""
        return hashlib.sha256(self.signed_part()).hexdigest()[:32]

    def signed_part(self) -> bytes:
        """Return the bytes the issuer signs."""
        return b"hhcert/1\0" + canonical(_without_signature(_certificate_doc(self)))


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """Up to which entry a stream is believed: its number and its id (32 hex digits)."""

    stream: str
    number: int
    entry: str


@dataclass(frozen=True, slots=True)
class Revocation:
    """``issuer`` says: of ``key`` only these streams count, up to these entries; never by a date.

    ``declared_on`` and ``reason`` (a code) are for the reader only. Of several by one issuer about one key
    the highest ``serial`` (0 and up) holds, so that a mistake can be taken back in any order of merging:
    ``lifted`` says that nothing is revoked any more. ``stands`` are the marks (``Certificate.mark``) of what
    the key had certified until then; other certificates by it are void.
    """

    key: str
    ends: tuple[StreamEnd, ...]
    issuer: str
    declared_on: str
    reason: str
    signature: str = ""
    serial: int = 0
    lifted: bool = False
    stands: tuple[str, ...] = ()

    def signed_part(self) -> bytes:
        """Return the bytes the issuer signs."""
        return b"hhrevoke/1\0" + canonical(_without_signature(_revocation_doc(self)))


@dataclass(frozen=True, slots=True)
class Endorsement:
    """The root ``issuer`` says: ``root`` stands above me; who trusts me may trust it."""

    root: str
    issuer: str
    signature: str = ""

    def signed_part(self) -> bytes:
        """Return the bytes the issuer signs."""
        return b"hhendorse/1\0" + canonical({"issuer": self.issuer, "root": self.root})


@dataclass(frozen=True, slots=True)
class TrustDoc:
    """All statements a workspace knows; ``roots`` are the signing keys it was set up to believe.

    ``roots`` is this workspace's own choice: that of a document received is never taken over.
    """

    roots: tuple[str, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    revocations: tuple[Revocation, ...] = ()
    endorsements: tuple[Endorsement, ...] = ()

    @property
    def epoch(self) -> int:
        """How many statements there are: it never goes down, whoever is merged with whom."""
        return len(self.certificates) + len(self.revocations) + len(self.endorsements)

    def to_bytes(self) -> bytes:
        """Return the canonical bytes of the document."""
        return canonical(
            {
                "certificates": [_certificate_doc(c) for c in self.certificates],
                "endorsements": [_endorsement_doc(e) for e in self.endorsements],
                "epoch": self.epoch,
                "fmt": FORMAT,
                "revocations": [_revocation_doc(r) for r in self.revocations],
                "roots": list(self.roots),
            }
        )


def device_id(key: str) -> str:
    """Return the id of the device that signs with ``key``: 32 hex digits of the key's SHA-256."""
    return hashlib.sha256(b"babutong-device\0" + bytes.fromhex(key)).hexdigest()[:32]


def canonical(doc: Mapping[str, object]) -> bytes:
    """Return the one JSON spelling that is signed: sorted keys, no spaces, UTF-8."""
    return json.dumps(doc, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def ordered(
    roots: Sequence[str],
    certificates: set[Certificate],
    revocations: set[Revocation],
    endorsements: set[Endorsement],
) -> TrustDoc:
    """Return the document of these sets; equal sets give equal bytes."""
    return TrustDoc(
        tuple(sorted(set(roots))),
        tuple(sorted(certificates, key=lambda c: canonical(_certificate_doc(c)))),
        tuple(sorted(revocations, key=lambda r: canonical(_revocation_doc(r)))),
        tuple(sorted(endorsements, key=lambda e: canonical(_endorsement_doc(e)))),
    )


@lru_cache(maxsize=16)
def parse_trust(data: bytes) -> TrustDoc:
    """Read a trust document; its signatures are still to be checked.

    Every package of a township carries the same one: the last few are kept.

    Raises:
        BadInput: ``trust.too_large`` or ``trust.bad_shape``.
    """
    if len(data) > MAX_BYTES:
        raise BadInput("trust.too_large")
    try:
        doc = json.loads(data)
        read = ordered(
            [_text(key, _KEY) for key in _list(doc["roots"])],
            {read_certificate(item) for item in _rows(doc["certificates"])},
            {_read_revocation(item) for item in _rows(doc["revocations"])},
            {_read_endorsement(item) for item in _rows(doc["endorsements"])},
        )
        same = read.to_bytes() == data
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput("trust.bad_shape") from error
    if not same:
        raise BadInput("trust.bad_shape")
    return read


def certificate_bytes(certificate: Certificate) -> bytes:
    """Return the canonical bytes of one certificate with its signature."""
    return canonical(_certificate_doc(certificate))


def _certificate_doc(c: Certificate) -> dict[str, object]:
    return {
        "can_issue": int(c.can_issue),
        "issuer": c.issuer,
        "key": c.key,
        "level": str(c.level),
        "person": c.person,
        "proxy": int(c.proxy),
        "recipient": c.recipient,
        "scope": c.scope,
        "signature": c.signature,
        "valid_from": c.valid_from,
        "valid_until": c.valid_until,
    }


def _revocation_doc(r: Revocation) -> dict[str, object]:
    # What the first of its kind does not need is left out: earlier programs read it as they always did.
    later: dict[str, object] = {"serial": r.serial, "lifted": int(r.lifted), "stands": list(r.stands)}
    return {key: value for key, value in later.items() if value} | {
        "declared_on": r.declared_on,
        "ends": [{"entry": end.entry, "number": end.number, "stream": end.stream} for end in r.ends],
        "issuer": r.issuer,
        "key": r.key,
        "reason": r.reason,
        "signature": r.signature,
    }


def _endorsement_doc(e: Endorsement) -> dict[str, object]:
    return {"issuer": e.issuer, "root": e.root, "signature": e.signature}


def _without_signature(doc: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in doc.items() if key != "signature"}


def read_certificate(doc: Mapping[str, object]) -> Certificate:
    """Build a certificate from its JSON object.

    Raises:
        ValueError: a field has the wrong shape (KeyError: is missing; TypeError: is no text).
    """
    return Certificate(
        key=_text(doc["key"], _KEY),
        recipient=_text(doc["recipient"], _RECIPIENT),
        level=Level(_text(doc["level"], _WORD)),
        scope=_text(doc["scope"], _SCOPE),
        valid_from=_date(doc["valid_from"]),
        valid_until=_date(doc["valid_until"]),
        issuer=_text(doc["issuer"], _KEY),
        can_issue=_flag(doc["can_issue"]),
        proxy=_flag(doc["proxy"]),
        person=_text(doc["person"], _PERSON),
        signature=_text(doc["signature"], _SIGNATURE),
    )


def _read_revocation(doc: Mapping[str, object]) -> Revocation:
    ends = [
        StreamEnd(_text(item["stream"], _ID), _number(item["number"]), _text(item["entry"], _ID))
        for item in _rows(doc["ends"])
    ]
    return Revocation(
        key=_text(doc["key"], _KEY),
        ends=tuple(ends),
        issuer=_text(doc["issuer"], _KEY),
        declared_on=_date(doc["declared_on"]),
        reason=_text(doc["reason"], _WORD),
        signature=_text(doc["signature"], _SIGNATURE),
        serial=_number(doc.get("serial", 0)),
        lifted=_flag(doc.get("lifted", 0)),
        stands=tuple(_text(mark, _ID) for mark in _list(doc.get("stands", []))),
    )


def _read_endorsement(doc: Mapping[str, object]) -> Endorsement:
    return Endorsement(
        _text(doc["root"], _KEY), _text(doc["issuer"], _KEY), _text(doc["signature"], _SIGNATURE)
    )


# What is no text, list or number raises one of the errors parse_trust turns into BadInput.
def _text(value: object, shape: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise ValueError("text of another shape")
    return value


def _list(value: object) -> list[object]:
    if not is_list(value):
        raise TypeError("no list")
    return value


def _rows(value: object) -> list[Mapping[str, object]]:
    return [_row(item) for item in _list(value)]


def _row(value: object) -> Mapping[str, object]:
    if not is_object(value):
        raise TypeError("no object")
    return value


def _flag(value: object) -> bool:
    return bool(_number(value, 1))


def _number(value: object, most: int = _MAX_NUMBER) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError("number out of range")
    return value


def _date(value: object) -> str:
    found = parse_date(value)
    if found is None:
        raise ValueError("no date")
    return found.isoformat()
