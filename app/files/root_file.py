"""The keys of a root on a stick: encrypted under a passphrase of their own, beside what everybody may know.

根钥匙-<区划代码>.hhroot
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.crypto import keyslots
from app.crypto.device_keys import root_keys
from app.domain.errors import BadInput
from app.domain.parsed import is_object
from app.domain.trust import canonical, parse_trust
from app.files.enrolment import MAX_BYTES

if TYPE_CHECKING:
    from app.crypto.device_keys import DeviceKeys
    from app.crypto.interface import Rng
    from app.crypto.keyslots import Cost, KeyFile
    from app.domain.trust import TrustDoc

FORMAT = "hhroot/1"
SUFFIX = ".hhroot"


@dataclass(frozen=True, slots=True)
class RootFile:
    """What the file holds: the place (12-digit code), the locked secret, and what its office believed."""

    scope: str
    slots: KeyFile
    trust: TrustDoc


@dataclass(frozen=True, slots=True)
class Locking:
    """How the secret is locked: the passphrase, the randomness and the work of one try."""

    passphrase: str
    rng: Rng
    cost: Cost


def root_file_bytes(keys: DeviceKeys, scope: str, trust: TrustDoc, how: Locking) -> bytes:
    """Return the bytes of the file.

    Raises:
        Refused: the codes of the passphrase rule.
    """
    slots = keyslots.new_slots(keys.sign_secret, how.passphrase, how.rng, how.cost)
    return canonical(
        {
            "fmt": FORMAT,
            "scope": scope,
            "slots": base64.b64encode(slots.to_bytes()).decode(),
            "trust": json.loads(trust.to_bytes()),
        }
    )


def read_root_file(data: bytes, file: str) -> RootFile:
    """Read a file; nothing is unlocked yet.

    Raises:
        BadInput: ``root.not_a_file`` (param ``file``), ``keys.damaged`` and the codes of ``parse_trust``.
    """
    wrong = BadInput("root.not_a_file", file=file)
    if len(data) > MAX_BYTES:
        raise wrong
    try:
        doc: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise wrong from error
    if not is_object(doc) or doc.get("fmt") != FORMAT:
        raise wrong
    try:
        slots = base64.b64decode(str(doc["slots"]), validate=True)
        scope, trust = str(doc["scope"]), doc["trust"]
    except (ValueError, KeyError) as error:
        raise wrong from error
    if not is_object(trust):
        raise wrong
    return RootFile(scope, keyslots.read_key_file(slots), parse_trust(canonical(trust)))


def unlock_root(found: RootFile, passphrase: str) -> DeviceKeys:
    """Return the keys in a file.

    Raises:
        Refused: ``keys.wrong_passphrase``.
    """
    return root_keys(keyslots.unlock(found.slots, passphrase).dek)
