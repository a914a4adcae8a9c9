"""Small installations and update files: versions whose "program" is a shell script that says who it is."""

from __future__ import annotations

import hashlib
import json
import lzma
from io import BytesIO
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.files import update_file
from app.files.installation import Channel, Installation, find
from app.files.stored_zip import StoredZipWriter

PLATFORM = "linux-amd64"
SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = SECRET.public_key().public_bytes_raw()
KEYS = {update_file.key_id(PUBLIC): PUBLIC}

RUN = """#!/bin/sh
# {version}
case "${{1-}} ${{2-}}" in
    "cli self-check") {check} ;;
esac
echo "{version} $*"
"""


def files_of(version: str, check: str = "exit 0", more: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """The contents of a version; ``check`` is what its self-check does."""
    return {
        "run": RUN.format(version=version, check=check).encode(),
        "program/app/version.py": f'VERSION = "{version}"\n'.encode(),
        "site/large.bin": bytes(range(256)) * 2000,
        **(more or {}),
    }


def manifest_of(
    files: dict[str, bytes], version: str, platform: str = PLATFORM, schema: str = "0001"
) -> bytes:
    listed = {
        path: {
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            **({"x": 1} if path == "run" else {}),
        }
        for path, data in sorted(files.items())
    }
    table = {
        "format": "babutong-tree/1",
        "version": version,
        "platform": platform,
        "schema": schema,
        "files": listed,
    }
    return json.dumps(table).encode()


def lay(root: Path, version: str, schema: str = "0001", check: str = "exit 0") -> Path:
    """Put a version's folder into a root."""
    files = files_of(version, check)
    folder = root / "versions" / version
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / "run").chmod(0o755)
    (folder / "files.json").write_bytes(manifest_of(files, version, schema=schema))
    return folder


def make_root(root: Path, version: str = "1.0.0", channel: str = Channel.PORTABLE) -> Installation:
    """An installation with one version in it, seen from that version."""
    lay(root, version)
    (root / "current").write_text(f"{version}\n")
    (root / "channel").write_text(f"{channel}\n")
    return seen_from(root, version)


def seen_from(root: Path, version: str) -> Installation:
    """The installation as a running program of ``version`` sees it."""
    found = find(root)
    assert found is not None
    return Installation(found.root, found.channel, found.current, found.previous, version)


def packed(files: dict[str, bytes]) -> bytes:
    return lzma.compress(b"".join(files[path] for path in sorted(files)), preset=1)


def signature_of(raw: bytes, secret: Ed25519PrivateKey = SECRET) -> bytes:
    public = secret.public_key().public_bytes_raw()
    return json.dumps(
        {"key": update_file.key_id(public), "signature": secret.sign(update_file.signed_bytes(raw)).hex()}
    ).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    archive = StoredZipWriter(out)
    for name, data in members.items():
        archive.add(name, data)
    archive.finish()
    return out.getvalue()


def make_update(
    path: Path, version: str = "1.1.0", files: dict[str, bytes] | None = None, **manifest: str
) -> Path:
    """An update file signed by ``SECRET``."""
    files = files or files_of(version)
    raw = manifest_of(files, version, **manifest)
    path.write_bytes(
        zipped({"files.json": raw, "signature.json": signature_of(raw), "files.xz": packed(files)})
    )
    return path
