"""A forgotten passphrase by two small files: what the computer asks and what the office above returns.

    找回.hhforgot   the recovery slot of the computer, sealed to the office above; a one-time key to answer to
    找回.hhrec      the database key, sealed to that one-time key

The keys of the computer lie in its encrypted database, so it cannot sign what it asks: everything rests on
the eight digits that both screens show and on knowing the person. They are drawn from a slow function of
the whole file, so that nobody finds a file of their own with the same digits (10^8 tries at 0.16 s).

The one-time private key waits in the workspace's folder, in the clear: alone it opens nothing, and whoever
has both that disk and the answer has what the answer is for. It is deleted with the answer.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.crypto.interface import INTL_1, KEY_BYTES, Stretching
from app.crypto.keyslots import KeyFile, RecoverySlot, Unlocked, recover
from app.crypto.suite import suite
from app.domain.errors import BadInput
from app.domain.ids import Level
from app.domain.parsed import is_list, is_object
from app.domain.trust import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REQUEST_FORMAT, ANSWER_FORMAT, PENDING_FORMAT = "hhforgot/1", "hhrec/1", "hhpending/1"
REQUEST_SUFFIX, ANSWER_SUFFIX = ".hhforgot", ".hhrec"
MAX_BYTES = 200_000
CODE_DIGITS = 8

_SLOT = re.compile(r"[0-9a-f]{16}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[0-9a-f]{0,64}")
_SCOPE = re.compile(r"[0-9]{12}")
_CODE = re.compile(r"[0-9]{8}")
_RECIPIENT = re.compile(r"age1[0-9a-z]{58}")
_SECRET = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")
_LABEL = re.compile(r"[^\x00-\x1f\x7f]{0,60}")
_MOST_RECIPIENTS = 200
_CODE_SALT = b"babutong-forgot1"


@dataclass(frozen=True, slots=True)
class About:
    """What the computer sealed beside its key: which workspace it is, at what level, for which area."""

    workspace: str
    device: str
    level: Level
    scope: str

    def to_bytes(self) -> bytes:
        """Return the bytes that are sealed behind the key."""
        return canonical(
            {
                "device": self.device,
                "level": str(self.level),
                "scope": self.scope,
                "workspace": self.workspace,
            }
        )


@dataclass(frozen=True, slots=True)
class Request:
    """What a computer asks: its sealed slot, the one-time key, and labels for the clerk (may be "")."""

    slot: RecoverySlot
    recipient: str
    person: str = ""
    machine: str = ""

    def to_bytes(self) -> bytes:
        """Return the bytes of the file."""
        return canonical(
            {
                "fmt": REQUEST_FORMAT,
                "machine": self.machine,
                "person": self.person,
                "recipient": self.recipient,
                "recipients": list(self.slot.recipients),
                "sealed": _text(self.slot.sealed),
                "slot": self.slot.slot,
            }
        )

    @property
    def digest(self) -> str:
        """The SHA-256 of the file, by which the answer names it."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @property
    def code(self) -> str:
        """The eight digits of both screens; takes as long as a try of a passphrase."""
        how = Stretching(_CODE_SALT)
        key = suite(INTL_1).stretch(self.digest, how)
        return f"{int.from_bytes(key[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


@dataclass(frozen=True, slots=True)
class Pending:
    """What the computer keeps until the answer comes; ``repr`` hides the key."""

    secret: str
    digest: str
    code: str
    at: str

    def __repr__(self) -> str:
        """Never show the key."""
        return f"Pending({self.digest})"

    def to_bytes(self) -> bytes:
        """Return the bytes of the file in the workspace's folder."""
        return canonical(
            {
                "at": self.at,
                "code": self.code,
                "fmt": PENDING_FORMAT,
                "request": self.digest,
                "secret": self.secret,
            }
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """The database key sealed to the one-time key of the request named by ``digest``."""

    digest: str
    sealed: bytes

    def to_bytes(self) -> bytes:
        """Return the bytes of the file."""
        return canonical({"fmt": ANSWER_FORMAT, "request": self.digest, "sealed": _text(self.sealed)})


def open_request(asked: Request, secrets: Sequence[str], file: str) -> tuple[Unlocked, About]:
    """Open the sealed slot with the private keys of the office above.

    Raises:
        Refused: ``keys.no_recovery`` when it is sealed to somebody else.
        BadInput: ``crypto.not_opened``, ``recovery.not_a_request`` (param ``file``).
    """
    unlocked = recover(KeyFile((), (asked.slot,)), secrets)
    return unlocked, read_about(unlocked.about, file)


def answer(asked: Request, unlocked: Unlocked) -> Answer:
    """Seal the database key to the one-time key."""
    payload = unlocked.dek + unlocked.about
    return Answer(asked.digest, suite(INTL_1).seal(payload, [asked.recipient]))


def open_answer(given: Answer, pending: Pending, file: str) -> bytes:
    """Return the 32-byte database key.

    Raises:
        BadInput: ``recovery.other_request`` (it answers another one), ``recovery.damaged`` (param ``file``).
    """
    if given.digest != pending.digest:
        raise BadInput("recovery.other_request", file=file)
    try:
        payload = suite(INTL_1).open(given.sealed, [pending.secret])
    except BadInput as error:
        raise BadInput("recovery.damaged", file=file) from error
    if len(payload) < KEY_BYTES:
        raise BadInput("recovery.damaged", file=file)
    return payload[:KEY_BYTES]


def read_request(data: bytes, file: str) -> Request:
    """Read a request.

    Raises:
        BadInput: ``recovery.not_a_request`` (param ``file``).
    """
    try:
        doc = _document(data, REQUEST_FORMAT)
        slot = RecoverySlot(
            _checked(doc["slot"], _SLOT), _recipients(doc["recipients"]), _sealed(doc["sealed"])
        )
        found = Request(
            slot,
            _checked(doc["recipient"], _RECIPIENT),
            _checked(doc["person"], _LABEL),
            _checked(doc["machine"], _LABEL),
        )
        _refuse_other_spelling(found.to_bytes(), data)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput("recovery.not_a_request", file=file) from error
    return found


def read_answer(data: bytes, file: str) -> Answer:
    """Read an answer.

    Raises:
        BadInput: ``recovery.not_an_answer`` (param ``file``).
    """
    try:
        doc = _document(data, ANSWER_FORMAT)
        found = Answer(_checked(doc["request"], _DIGEST), _sealed(doc["sealed"]))
        _refuse_other_spelling(found.to_bytes(), data)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput("recovery.not_an_answer", file=file) from error
    return found


def read_pending(data: bytes) -> Pending | None:
    """Read what was kept of a request; None when it is damaged, for then a new one can be made."""
    try:
        doc = _document(data, PENDING_FORMAT)
        return Pending(
            _checked(doc["secret"], _SECRET),
            _checked(doc["request"], _DIGEST),
            _checked(doc["code"], _CODE),
            _checked(doc["at"], _LABEL),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def read_about(data: bytes, file: str) -> About:
    """Read what is sealed behind a key.

    Raises:
        BadInput: ``recovery.not_a_request`` (param ``file``).
    """
    try:
        doc = json.loads(data)
        level = Level(_checked(doc["level"], _LABEL))
        scope = _checked(doc["scope"], _SCOPE)
        return About(_checked(doc["workspace"], _ID), _checked(doc["device"], _ID), level, scope)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput("recovery.not_a_request", file=file) from error


def _document(data: bytes, fmt: str) -> Mapping[str, object]:
    if len(data) > MAX_BYTES:
        raise ValueError("too long")
    doc = json.loads(data)
    if not is_object(doc) or doc.get("fmt") != fmt:
        raise ValueError("another kind of file")
    return doc


def _refuse_other_spelling(own: bytes, data: bytes) -> None:
    """One file has one spelling, or its digest would not name it."""
    if own != data:
        raise ValueError("another spelling")


def _recipients(value: object) -> tuple[str, ...]:
    if not is_list(value) or not 0 < len(value) <= _MOST_RECIPIENTS:
        raise ValueError("a list of recipients")
    return tuple(_checked(one, _RECIPIENT) for one in value)


def _checked(value: object, shape: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise ValueError("text of another shape")
    return value


def _sealed(value: object) -> bytes:
    if not isinstance(value, str) or not value:
        raise TypeError("bytes are written as text")
    return base64.b64decode(value, validate=True)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
