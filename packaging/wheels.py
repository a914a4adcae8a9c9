"""The exact wheels every bundle is made of, by SHA-256, for each platform we ship.

    .venv/bin/python packaging/wheels.py     after a change of dependencies: write packaging/wheels.txt anew

``wheels.txt`` is a requirements file that pip checks hash by hash, so what is bundled is what was tried.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from constraints import closure

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "packaging" / "wheels.txt"
CACHE = ROOT / "build" / "cache" / "wheels"

NOT_LOADED_YET = ("pikepdf", "python-stdnum", "rapidfuzz")
"""Libraries in pyproject.toml for work to come; a test tells once the program imports one of them."""

_GLIBC = range(41, 16, -1)  # Debian 13 has 2.41; every older tag runs there too
PYTHON = {"linux-amd64": "3.13", "linux-arm64": "3.13", "windows-amd64": "3.11"}
"""The Python of each platform's bundle: Debian 13's, and the last 3.11 that python.org made for Windows."""


def fetch(platform: str) -> list[Path]:
    """Download the locked wheels of a platform (or take them from ``build/cache``); return their files."""
    target = CACHE / platform
    # The stamp is the lock's own digest: another lock means another look at every hash.
    stamp = target / "lock.sha256"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != digest:
        for old in target.glob("*.whl"):
            old.unlink()
        _download(platform, ["--require-hashes", "-r", str(LOCK)], target)
        stamp.write_text(digest)
    return sorted(target.glob("*.whl"))


def _download(platform: str, what: list[str], target: Path) -> None:
    python = PYTHON[platform]
    abi = "cp" + python.replace(".", "")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--implementation", "cp", "--python-version", python]
    command += [part for one in (abi, "abi3", "none") for part in ("--abi", one)]
    command += [part for one in _tags(platform) for part in ("--platform", one)]
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run([*command, *what, "--dest", str(target)], check=True)


def _tags(platform: str) -> list[str]:
    if platform == "windows-amd64":
        return ["win_amd64"]
    machine = {"linux-amd64": "x86_64", "linux-arm64": "aarch64"}[platform]
    return [f"manylinux_2_{minor}_{machine}" for minor in _GLIBC] + [f"manylinux2014_{machine}"]


def main() -> None:
    """Write the lock from what is installed in ``.venv`` now."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    loaded = [one for one in project["dependencies"] if not one.startswith(NOT_LOADED_YET)]
    wanted = [f"{name}=={version}" for name, version in closure(loaded).items()]
    hashes: dict[str, set[str]] = {one: set() for one in wanted}
    with tempfile.TemporaryDirectory() as place:
        for platform in PYTHON:
            _download(platform, wanted, Path(place) / platform)
            files = {_key(path): path for path in (Path(place) / platform).glob("*.whl")}
            for one in wanted:
                with files[one].open("rb") as file:
                    hashes[one].add(hashlib.file_digest(file, "sha256").hexdigest())
    lines = ["# Made by packaging/wheels.py; pip compares every hash when a bundle is built.\n"]
    lines += [one + _hashes(hashes[one]) for one in wanted]
    LOCK.write_text("".join(lines), encoding="utf-8")


def _hashes(found: set[str]) -> str:
    return "".join(f" \\\n    --hash=sha256:{one}" for one in sorted(found)) + "\n"


def _key(path: Path) -> str:
    name, version = path.name.split("-")[:2]
    return f"{name.replace('_', '-').lower()}=={version}"


if __name__ == "__main__":
    main()
