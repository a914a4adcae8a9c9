"""In which order questions are computed; finds circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.questionnaire.refs import Reference, references

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.questionnaire.definition import Bind, Repeat

Vertex = tuple[str, str]
"""("value" or "relevant", path)."""


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _hard(found: list[Reference]) -> list[Vertex]:
    """What must be computed before; a reference that picks another row of a repeat is no circle."""
    return [("value", r.path) for r in found if not r.indexed]


def edges_of(binds: Mapping[str, Bind], repeats: Mapping[str, Repeat]) -> dict[Vertex, list[Vertex]]:
    """For each vertex those it needs first."""
    edges: dict[Vertex, list[Vertex]] = {}
    for path, bind in binds.items():
        needs: list[Vertex] = [("relevant", path)]
        if bind.calculate is not None:
            needs.extend(_hard(references(bind.calculate, path)))
        edges["value", path] = needs
        if bind.relevant is not None:
            edges.setdefault(("relevant", path), []).extend(_hard(references(bind.relevant, path)))
    for path, repeat in repeats.items():
        if repeat.control.count is not None:
            edges.setdefault(("relevant", path), []).extend(_hard(references(repeat.control.count, path)))
    for kind, path in [v for needs in list(edges.values()) for v in needs] + list(edges):
        edges.setdefault((kind, path), [("relevant", path)] if kind == "value" else [])
        _link_ancestors(path, edges)
    return edges


def _link_ancestors(path: str, edges: dict[Vertex, list[Vertex]]) -> None:
    while path:
        parent = _parent(path)
        needs = edges.setdefault(("relevant", path), [])
        if not parent or ("relevant", parent) in needs:
            return
        needs.append(("relevant", parent))
        path = parent


def _visit(
    start: Vertex, edges: dict[Vertex, list[Vertex]], rank: dict[Vertex, int], *, strict: bool
) -> None:
    """Depth-first without recursion: forms may chain thousands of calculations."""
    stack = [(start, iter(edges.get(start, ())))]
    open_ = {start}
    while stack:
        vertex, rest = stack[-1]
        for need in rest:
            if need in open_ and strict:
                raise BadInput("questionnaire.cycle", question=need[1])
            if need not in rank and need not in open_:
                open_.add(need)
                stack.append((need, iter(edges.get(need, ()))))
                break
        else:
            stack.pop()
            open_.discard(vertex)
            rank[vertex] = len(rank)


def _ranked(edges: dict[Vertex, list[Vertex]], *, strict: bool) -> dict[Vertex, int]:
    rank: dict[Vertex, int] = {}
    for vertex in edges:
        if vertex not in rank:
            _visit(vertex, edges, rank, strict=strict)
    return rank


def check_cycles(binds: Mapping[str, Bind]) -> None:
    """Refuse calculations that need each other; relevance may be mutual, as in JavaRosa.

    Raises:
        BadInput: ``questionnaire.cycle`` (param ``question``).
    """
    edges: dict[Vertex, list[Vertex]] = {
        ("value", path): [v for v in _hard(references(bind.calculate, path)) if v != ("value", path)]
        for path, bind in binds.items()
        if bind.calculate is not None
    }
    _ranked(edges, strict=True)


def evaluation_order(binds: Mapping[str, Bind], repeats: Mapping[str, Repeat]) -> dict[Vertex, int]:
    """Rank of each vertex; smaller ranks are computed first.

    Raises:
        BadInput: ``questionnaire.cycle`` (param ``question``) when two calculations need each other.
    """
    check_cycles(binds)
    return _ranked(edges_of(binds, repeats), strict=False)
