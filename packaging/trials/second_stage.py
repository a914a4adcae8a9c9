"""Configure the packages of a minimal system of another architecture; runs in namespaces of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import chroots
import namespaces


def main() -> int:
    """Run debootstrap's second stage in the folder named on the command line."""
    root = Path(sys.argv[1])
    if not namespaces.has_binfmt():
        namespaces.teach_arm64()
    chroots.mount("-t", "proc", "proc", str(root / "proc"))
    # What debootstrap calls a container may not make devices: it binds those of the computer instead.
    environment = {**os.environ, "container": "lxc", "DEBIAN_FRONTEND": "noninteractive"}
    stage = ["chroot", str(root), "/debootstrap/debootstrap", "--second-stage"]
    return subprocess.run(stage, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
