"""What of the program and its libraries cannot be imported: a bundle may have left one out.

Qt and the window are not asked here, because the command line never loads Qt; the window is tried in a
process of its own. Imports inside functions count: their lack would show only when somebody prints.
"""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PACKAGES = ("app", "db", "forms", "reports")
_LEFT_OUT = frozenset({"app.ui", "app.wiring", "db.migrations.env"})
_QT = frozenset({"PySide6", "shiboken6"})


def missing_parts(packages: Sequence[str] = PACKAGES) -> tuple[str, ...]:
    """Return the names of modules and libraries that cannot be imported, sorted; empty when all can."""
    # As app.storage.search_keys does: the phrases are slow to read, and a bundle leaves them out.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    missing: set[str] = set()
    libraries: set[str] = set()
    for name in (found for package in packages for found in _modules(package)):
        wanted = _import(name)
        if wanted:
            missing.add(wanted)
        else:
            libraries |= _late_imports(name)
    own = {*sys.stdlib_module_names, *packages, *_QT}
    return tuple(sorted(missing | {wanted for name in libraries - own if (wanted := _import(name))}))


def _modules(name: str) -> Iterator[str]:
    """Yield a package and what is below it, as far as it can be imported without Qt."""
    yield name
    package = sys.modules.get(name) if not _import(name) else None
    for found in pkgutil.iter_modules(package.__path__ if package is not None else [], f"{name}."):
        if found.name in _LEFT_OUT or found.name.endswith(".__main__"):
            continue
        if found.ispkg:
            yield from _modules(found.name)
        else:
            yield found.name


def _import(name: str) -> str:
    """Import a module; return "" or the name of what stopped it."""
    try:
        importlib.import_module(name)
    except ImportError as error:
        return error.name or name
    except Exception:  # noqa: BLE001 -- a damaged module may raise anything; which one it is, is the finding
        return name
    return ""


def _late_imports(name: str) -> set[str]:
    """Return the top-level names a module imports anywhere but for the type checker."""
    file = getattr(sys.modules[name], "__file__", None)
    if file is None or not Path(file).is_file() or Path(file).suffix != ".py":
        return set()
    waiting: list[ast.AST] = [ast.parse(Path(file).read_bytes())]
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.stmt | ast.ExceptHandler | ast.Module):
            waiting += ast.iter_child_nodes(node)
    return found - {""}
