"""The key file of a workspace; no SQLAlchemy here, the unlock page waits for it."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from app.crypto import keyslots
from app.domain.errors import BadInput, Unavailable
from app.storage.cipher import disk_error
from app.swap import put_in_place, settle_folder

if TYPE_CHECKING:
    from pathlib import Path

    from app.crypto.keyslots import KeyFile

KEYS: Final = "keys.json"


def unlock_key(folder: Path, passphrase: str) -> tuple[bytes, str]:
    """Return the database key and the person the passphrase belongs to ("" for the first one).

    Raises:
        Refused: ``keys.wrong_passphrase``.
        BadInput: ``workspace.missing``, ``keys.damaged``.
    """
    found = keyslots.unlock(load_keys(folder), passphrase)
    return found.dek, found.owner


def change_passphrase(folder: Path, old: str, new: str) -> None:
    """Replace one's own passphrase; the data are not re-encrypted, only the key's wrapping.

    Raises:
        Refused: ``keys.wrong_passphrase``, ``keys.passphrase_taken`` or a code of the passphrase rule.
    """
    save_keys(folder, keyslots.change_passphrase(load_keys(folder), old, new, secrets.token_bytes))


def owners(folder: Path) -> frozenset[str]:
    """Return the ids of those who have a passphrase of their own, "" for the first person.

    Raises:
        BadInput: ``workspace.missing``, ``keys.damaged``.
    """
    return frozenset(slot.owner for slot in load_keys(folder).passphrases)


def load_keys(folder: Path) -> KeyFile:
    """Read ``keys.json``.

    Raises:
        BadInput: ``workspace.missing`` without one, ``keys.damaged``.
    """
    path = folder / KEYS
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise BadInput("workspace.missing", file=folder.name) from error
    except OSError as error:
        raise Unavailable("disk.failing") from error
    return keyslots.read_key_file(data)


def save_keys(folder: Path, keys: KeyFile) -> None:
    """Replace ``keys.json`` in one step, never leaving half of it.

    Raises:
        Unavailable: ``disk.full``, ``disk.failing``, ``disk.read_only``; the old file stands then.
    """
    part = folder / (KEYS + ".part")
    try:
        with part.open("wb") as file:
            file.write(keys.to_bytes())
            file.flush()
            os.fsync(file.fileno())
        put_in_place(part, folder / KEYS)
        settle_folder(folder)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise disk_error(error) from error


def has_keys(folder: Path) -> bool:
    """Tell whether a folder holds a key file."""
    return (folder / KEYS).exists()


def remove_keys(folder: Path) -> None:
    """Delete the key file of a workspace that did not come to be; without it nothing can be opened."""
    (folder / KEYS).unlink(missing_ok=True)
