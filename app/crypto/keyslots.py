"""``keys.json``: the key of the database, wrapped once per passphrase and once for recovery.

The database key is random and never changes; a slot holds it encrypted under a stretched passphrase
or sealed to the recovery key of the township. Any slot opens it, and a slot can be added or changed
without touching the database.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.crypto import passphrase as rule
from app.crypto.interface import INTL_1, KEY_BYTES, Stretching
from app.crypto.suite import suite
from app.domain.errors import BadInput, Refused
from app.domain.parsed import is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.crypto.interface import Rng

FORMAT = "hhkeys/1"
MAX_BYTES = 1_000_000
_SALT, _NONCE, _TAG = 16, 12, 16
_MAX_PASSES, _MAX_MEMORY_KIB, _MAX_LANES = 20, 1024 * 1024, 16
_MIN_MEMORY_KIB = 8
_HEX = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Cost:
    """How dear one try of a passphrase is; tests take a small one."""

    passes: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class PassphraseSlot:
    """The database key under one passphrase; ``owner`` is a person's id or ""."""

    slot: str
    owner: str
    how: Stretching
    nonce: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class RecoverySlot:
    """The database key, and what the office above is told of the workspace, sealed to recovery keys."""

    slot: str
    recipients: tuple[str, ...]
    sealed: bytes


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The whole document."""

    passphrases: tuple[PassphraseSlot, ...]
    recoveries: tuple[RecoverySlot, ...] = ()
    suite_name: str = INTL_1

    def to_bytes(self) -> bytes:
        """Return the bytes of ``keys.json``."""
        doc = {
            "fmt": FORMAT,
            "passphrases": [_passphrase_doc(slot) for slot in self.passphrases],
            "recoveries": [
                {"recipients": list(slot.recipients), "sealed": _text(slot.sealed), "slot": slot.slot}
                for slot in self.recoveries
            ],
            "suite": self.suite_name,
        }
        return (json.dumps(doc, sort_keys=True, indent=1) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The database key and the id of the slot that gave it; ``about`` only from a recovery slot."""

    dek: bytes
    slot: str
    owner: str = ""
    about: bytes = b""

    def __repr__(self) -> str:
        """Never show the key."""
        return f"Unlocked({self.slot})"


STANDARD = Cost()


def new_slots(dek: bytes, passphrase: str, rng: Rng, cost: Cost = STANDARD) -> KeyFile:
    """Return a document with one passphrase slot for the 32-byte ``dek``.

    Raises:
        Refused: the codes of ``passphrase.checked``.
    """
    return KeyFile((_slot(dek, passphrase, "", rng, cost),))


def unlock(file: KeyFile, passphrase: str) -> Unlocked:
    """Try the passphrase on every slot.

    Raises:
        Refused: ``keys.wrong_passphrase``.
    """
    found = _opened(file.passphrases, file.suite_name, passphrase)
    if found is None:
        raise Refused("keys.wrong_passphrase")
    return found


def add_passphrase(
    file: KeyFile, unlocked: Unlocked, passphrase: str, rng: Rng, *, owner: str = "", cost: Cost = STANDARD
) -> KeyFile:
    """Return the document with one more slot.

    Raises:
        Refused: ``keys.passphrase_taken`` when it opens another slot, the codes of ``passphrase.checked``.
    """
    _refuse_taken(file.passphrases, file.suite_name, passphrase)
    added = _slot(unlocked.dek, passphrase, owner, rng, cost)
    return replace(file, passphrases=(*file.passphrases, added))


def change_passphrase(file: KeyFile, old: str, new: str, rng: Rng, cost: Cost = STANDARD) -> KeyFile:
    """Return the document in which the slot that ``old`` opens is opened by ``new``.

    Raises:
        Refused: ``keys.wrong_passphrase``, ``keys.passphrase_taken``, the codes of ``passphrase.checked``.
    """
    unlocked = unlock(file, old)
    others = [slot for slot in file.passphrases if slot.slot != unlocked.slot]
    _refuse_taken(others, file.suite_name, new)
    changed = _slot(unlocked.dek, new, unlocked.owner, rng, cost)
    slots = tuple(changed if slot.slot == unlocked.slot else slot for slot in file.passphrases)
    return replace(file, passphrases=slots)


def set_passphrase(file: KeyFile, unlocked: Unlocked, new: str, rng: Rng, cost: Cost = STANDARD) -> KeyFile:
    """Return the document in which ``new`` alone opens for the owner of ``unlocked``.

    Raises:
        Refused: ``keys.passphrase_taken``, the codes of ``passphrase.checked``.
    """
    others = tuple(slot for slot in file.passphrases if slot.owner != unlocked.owner)
    _refuse_taken(others, file.suite_name, new)
    return replace(file, passphrases=(*others, _slot(unlocked.dek, new, unlocked.owner, rng, cost)))


def remove_owner(file: KeyFile, owner: str) -> KeyFile:
    """Return the document without the passphrases of one person.

    Raises:
        Refused: ``keys.last_slot`` when no passphrase would be left.
    """
    for slot in [one.slot for one in file.passphrases if one.owner == owner]:
        file = remove_slot(file, slot)
    return file


def remove_slot(file: KeyFile, slot: str) -> KeyFile:
    """Return the document without one slot of either kind.

    Raises:
        Refused: ``keys.last_slot`` when no passphrase would be left.
    """
    passphrases = tuple(kept for kept in file.passphrases if kept.slot != slot)
    if not passphrases:
        raise Refused("keys.last_slot")
    recoveries = tuple(kept for kept in file.recoveries if kept.slot != slot)
    return replace(file, passphrases=passphrases, recoveries=recoveries)


def add_recovery(file: KeyFile, unlocked: Unlocked, recipients: Sequence[str], rng: Rng) -> KeyFile:
    """Return the document with the key sealed to ``recipients``, in place of any earlier recovery slot.

    Raises:
        BadInput: ``crypto.bad_key``.
    """
    sealed = suite(file.suite_name).seal(unlocked.dek + unlocked.about, recipients)
    return replace(file, recoveries=(RecoverySlot(_name(rng), tuple(recipients), sealed),))


def recover(file: KeyFile, secrets: Sequence[str]) -> Unlocked:
    """Open a recovery slot with the township's private keys.

    Raises:
        Refused: ``keys.no_recovery`` when no slot is sealed to any of them.
    """
    chosen = suite(file.suite_name)
    own = {chosen.open_public(secret) for secret in secrets}
    for slot in file.recoveries:
        if own & set(slot.recipients):
            payload = chosen.open(slot.sealed, secrets)
            return Unlocked(payload[:KEY_BYTES], slot.slot, about=payload[KEY_BYTES:])
    raise Refused("keys.no_recovery")


def _refuse_taken(slots: Sequence[PassphraseSlot], suite_name: str, passphrase: str) -> None:
    """Refuse a passphrase that opens one of ``slots``: by it the program knows who sits down."""
    if _opened(slots, suite_name, passphrase) is not None:
        raise Refused("keys.passphrase_taken")


def _opened(slots: Sequence[PassphraseSlot], suite_name: str, passphrase: str) -> Unlocked | None:
    chosen, plain = suite(suite_name), rule.normalised(passphrase)
    for slot in slots:
        dek = chosen.unwrap(chosen.stretch(plain, slot.how), slot.nonce, slot.wrapped, _bound(slot))
        if dek is not None:
            return Unlocked(dek, slot.slot, slot.owner)
    return None


def read_key_file(data: bytes) -> KeyFile:
    """Read ``keys.json``.

    Raises:
        BadInput: ``keys.damaged``.
        Refused: ``crypto.suite_reserved`` or ``crypto.suite_unknown``.
    """
    if len(data) > MAX_BYTES:
        raise BadInput("keys.damaged")
    try:
        doc = json.loads(data)
        right = doc["fmt"] == FORMAT
        passphrases = tuple(_read_passphrase(item) for item in doc["passphrases"])
        recoveries = tuple(_read_recovery(item) for item in doc["recoveries"])
        name = str(doc["suite"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput("keys.damaged") from error
    if not right or not passphrases:
        raise BadInput("keys.damaged")
    suite(name)
    return KeyFile(passphrases, recoveries, name)


def _slot(dek: bytes, passphrase: str, owner: str, rng: Rng, cost: Cost) -> PassphraseSlot:
    plain = rule.checked(passphrase)
    how = Stretching(rng(_SALT), cost.passes, cost.memory_kib, cost.lanes)
    empty = PassphraseSlot(_name(rng), owner, how, rng(_NONCE), b"")
    chosen = suite(INTL_1)
    wrapped = chosen.wrap(chosen.stretch(plain, how), empty.nonce, dek, _bound(empty))
    return replace(empty, wrapped=wrapped)


def _name(rng: Rng) -> str:
    return rng(8).hex()


def _bound(slot: PassphraseSlot) -> bytes:
    """What is authenticated with the key: a slot cannot be given another name, owner or cost."""
    how = slot.how
    facts = [FORMAT, slot.slot, slot.owner, how.passes, how.memory_kib, how.lanes]
    return json.dumps(facts, ensure_ascii=False).encode()


def _passphrase_doc(slot: PassphraseSlot) -> dict[str, object]:
    how = slot.how
    return {
        "kdf": {
            "lanes": how.lanes,
            "memory_kib": how.memory_kib,
            "name": "argon2id",
            "passes": how.passes,
            "salt": _text(how.salt),
        },
        "nonce": _text(slot.nonce),
        "owner": slot.owner,
        "slot": slot.slot,
        "wrapped": _text(slot.wrapped),
    }


def _read_passphrase(doc: dict[str, object]) -> PassphraseSlot:
    kdf = doc["kdf"]
    if not is_object(kdf) or kdf["name"] != "argon2id":
        raise ValueError("unknown way of stretching")
    how = Stretching(
        _bytes(kdf["salt"], _SALT),
        _number(kdf["passes"], 1, _MAX_PASSES),
        _number(kdf["memory_kib"], _MIN_MEMORY_KIB, _MAX_MEMORY_KIB),
        _number(kdf["lanes"], 1, _MAX_LANES),
    )
    if how.memory_kib < _MIN_MEMORY_KIB * how.lanes:
        raise ValueError("too little memory for so many lanes")
    nonce, wrapped = _bytes(doc["nonce"], _NONCE), _bytes(doc["wrapped"], KEY_BYTES + _TAG)
    return PassphraseSlot(_slot_name(doc["slot"]), str(doc["owner"]), how, nonce, wrapped)


def _read_recovery(doc: dict[str, object]) -> RecoverySlot:
    recipients = doc["recipients"]
    if not is_list(recipients):
        raise TypeError("recipients are a list")
    return RecoverySlot(_slot_name(doc["slot"]), tuple(map(str, recipients)), _bytes(doc["sealed"]))


def _slot_name(value: object) -> str:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise ValueError("a slot has a name of 16 hex digits")
    return value


def _number(value: object, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError("number out of range")
    return value


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(value: object, length: int = 0) -> bytes:
    if not isinstance(value, str):
        raise TypeError("bytes are written as text")
    data = base64.b64decode(value, validate=True)
    if length and len(data) != length:
        raise ValueError("wrong length")
    return data
