"""Make a key that signs updates, and name its public half to the program.

    .venv/bin/python packaging/release_key.py new FILE      a new pair: FILE stays offline
    .venv/bin/python packaging/release_key.py trust FILE    let the program take updates signed by it

FILE is the private key, PKCS #8 encrypted with a passphrase (asked for, or the first line of standard input).
It never comes near the repository: keep it on two sticks in two places. ``trust`` adds the public half to
``app/release_keys.json``, which ships; two can stand there, so that a new key is known before the old goes.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

ROOT = Path(__file__).resolve().parents[1]
KEYS = ROOT / "app" / "release_keys.json"
_LEAST = 12  # characters of a passphrase


def main() -> None:
    """Do what was asked."""
    parser = argparse.ArgumentParser(prog="release_key.py")
    parser.add_argument("what", choices=["new", "trust"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--keys", type=Path, default=KEYS, help="the list to add to")
    arguments = parser.parse_args()
    if arguments.what == "new":
        make(arguments.file, ask_passphrase())
    else:
        trust(load(arguments.file, ask_passphrase()), arguments.keys)


def ask_passphrase() -> str:
    """Return the passphrase: typed, or the first line of standard input."""
    return getpass.getpass("passphrase: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def make(file: Path, passphrase: str) -> None:
    """Write a new private key; an existing file is never overwritten."""
    if len(passphrase) < _LEAST:
        raise SystemExit(f"the passphrase needs {_LEAST} characters or more")
    secret = Ed25519PrivateKey.generate()
    text = secret.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode())
    )
    with file.open("xb") as out:
        file.chmod(0o600)
        out.write(text)
    print(
        f"private key: {file} (keep it offline)\npublic key:  {secret.public_key().public_bytes_raw().hex()}"
    )


def load(file: Path, passphrase: str) -> Ed25519PrivateKey:
    """Return the private key in a file."""
    try:
        secret = load_pem_private_key(file.read_bytes(), passphrase.encode())
    except ValueError as error:
        raise SystemExit(f"{file}: not a key, or another passphrase") from error
    if not isinstance(secret, Ed25519PrivateKey):
        raise SystemExit(f"{file}: not an Ed25519 key")
    return secret


def trust(secret: Ed25519PrivateKey, keys: Path) -> None:
    """Add the public half of a key to the list the program ships."""
    public = secret.public_key().public_bytes_raw().hex()
    known = json.loads(keys.read_text(encoding="utf-8"))
    if all(one["public"] != public for one in known["keys"]):
        known["keys"].append({"public": public})
        keys.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    print(f"{keys.name}: {len(known['keys'])} key(s)")


if __name__ == "__main__":
    main()
