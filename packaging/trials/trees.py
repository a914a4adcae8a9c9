"""The built tree a trial is about."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import payload  # the path is set just above

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "artefacts" / "trials"
KEPT = ROOT / "build" / "trials"
OWN = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), "")


def find_tree(given: Path | None, arch: str = OWN) -> Path:
    """Return the folder of the tree; ends the program with how to build it when there is none."""
    tree = (given or ROOT / "build" / f"linux-{arch}" / "babutong").resolve()
    if not (tree / "babutong-cli").is_file() or not version_of(tree).is_dir():
        sys.stderr.write(f"no tree at {tree}; build it: sh packaging/linux.sh --arch {arch} --only tree\n")
        raise SystemExit(3)
    if payload.version() != version_of(tree).name:
        sys.stderr.write(f"{tree} is {version_of(tree).name}, the repository {payload.version()}\n")
    return tree


def version_of(tree: Path) -> Path:
    """Return the folder of the version that starts."""
    current = tree / "current"
    return tree / "versions" / (current.read_text(encoding="utf-8").strip() if current.is_file() else "none")
