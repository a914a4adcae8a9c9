"""Every write the program can make is exercised by some test."""

from __future__ import annotations

import ast

from tests.architecture.sources import functions, sources


def _names(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name.rpartition(".")[2])
    return found


def test_every_use_case_is_called_by_a_test() -> None:
    tested = set().union(*(_names(one.tree) for one in sources("tests") if "architecture" not in one.path))
    writes = [
        f"{source.path}::{name}"
        for source in sources("app/usecases")
        for name, node in functions(source)
        if not name.startswith("_")
        and "." not in name
        and node.returns
        and "Changes" in ast.unparse(node.returns)
    ]
    assert [one for one in writes if one.rpartition("::")[2] not in tested] == []
