"""Print the exact versions of everything the program and its gates need, as installed now.

After a change of dependencies, with the gates green:
``.venv/bin/python packaging/constraints.py > build.txt && mv build.txt packaging/constraints.txt``
"""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def closure(wanted: list[str]) -> dict[str, str]:
    """Return name and installed version of the wanted distributions and of all they need."""
    seen: dict[tuple[str, str], str] = {}
    waiting = [Requirement(one) for one in wanted]
    while waiting:
        need = waiting.pop()
        for extra in ("", *sorted(need.extras)):
            key = (canonicalize_name(need.name), extra)
            if key in seen:
                continue
            found = metadata.distribution(need.name)
            seen[key] = found.version
            inner = [Requirement(one) for one in found.requires or []]
            waiting += [one for one in inner if one.marker is None or one.marker.evaluate({"extra": extra})]
    return {name: version for (name, _extra), version in sorted(seen.items())}


def main() -> None:
    """Print the file."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    print("# The versions the gates were last passed with; pyproject.toml says what is allowed.")
    print("# Made by packaging/constraints.py after a change of dependencies; not edited by hand.")
    for name, version in closure(project["dependencies"] + project["optional-dependencies"]["dev"]).items():
        print(f"{name}=={version}")


if __name__ == "__main__":
    main()
