"""Make a signed update file of a built tree.

    .venv/bin/python packaging/update.py --key FILE [--tree build/linux-amd64/babutong] [--out DIR]

Takes the version named by ``current`` in the tree, writes ``babutong-<version>-<platform>.upd`` and reads it
back as the program will. The passphrase of the key is asked for, or is the first line of standard input.
"""

from __future__ import annotations

import argparse
import json
import lzma
import platform
import sys
import tempfile
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import payload  # noqa: E402 -- the path is set just above
from release_key import ask_passphrase, load  # noqa: E402

from app.files import update_file  # noqa: E402
from app.files.stored_zip import StoredZipWriter  # noqa: E402


def main() -> None:
    """Make the file that was asked for."""
    own = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), "amd64")
    parser = argparse.ArgumentParser(prog="update.py")
    parser.add_argument("--key", type=Path, required=True)
    parser.add_argument("--tree", type=Path, default=payload.BUILD / f"linux-{own}" / "babutong")
    parser.add_argument("--out", type=Path, default=payload.DIST)
    arguments = parser.parse_args()
    secret = load(arguments.key, ask_passphrase())
    version = (arguments.tree / "current").read_text(encoding="utf-8").strip()
    folder = arguments.tree / "versions" / version
    raw = (folder / "files.json").read_bytes()
    public = secret.public_key().public_bytes_raw()
    signature = {
        "key": update_file.key_id(public),
        "signature": secret.sign(update_file.signed_bytes(raw)).hex(),
    }
    listed = json.loads(raw)
    arguments.out.mkdir(parents=True, exist_ok=True)
    made = arguments.out / f"babutong-{version}-{listed['platform']}{update_file.SUFFIX}"
    with tempfile.TemporaryDirectory() as place:
        packed = pack(folder, list(listed["files"]), Path(place) / "files.xz")
        with made.open("wb") as out:
            write(out, raw, json.dumps(signature).encode(), packed)
    read = update_file.read_update(made, {update_file.key_id(public): public})
    update_file.unpack(read, None, lambda _done, _of: None, lambda: False)
    print(f"{made}: {payload.megabytes(made):.1f} MB, {len(listed['files'])} files, key {signature['key']}")


def pack(folder: Path, names: list[str], target: Path) -> Path:
    """Compress the contents of all files, one after the other."""
    with lzma.open(target, "wb", preset=6) as out:
        for name in names:
            out.write((folder / name).read_bytes())
    return target


def write(out: IO[bytes], raw: bytes, signature: bytes, packed: Path) -> None:
    """Write the three members."""
    archive = StoredZipWriter(out)
    archive.add(update_file.LIST, raw)
    archive.add(update_file.SIGNATURE, signature)
    archive.add(update_file.FILES, packed.read_bytes())
    archive.finish()


if __name__ == "__main__":
    main()
