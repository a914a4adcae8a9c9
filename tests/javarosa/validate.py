"""Ask ODK Validate about XForms: ``.venv/bin/python tests/javarosa/validate.py FILE.xml…``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.javarosa.oracle import jar, missing  # noqa: E402 - run as a script


def complaints(xml: Path) -> str:
    """What ODK Validate says against a form, "" when it takes it."""
    done = subprocess.run(["java", "-jar", str(jar()), str(xml)], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else (done.stderr or done.stdout).strip() or f"exit {done.returncode}"


def main(files: list[str]) -> int:
    why = missing()
    if why:
        print(why, file=sys.stderr)
        return 3
    bad = 0
    for name in files:
        said = complaints(Path(name))
        bad += bool(said)
        print(f"{name}: {said or 'valid'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
