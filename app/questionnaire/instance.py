"""The tree of answers a form starts from: its defaults, or earlier answers fitted to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.questionnaire.definition import JR_NS, FormModel
from app.questionnaire.xpath.node import Node, NodeKind, from_lxml, parse_xml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.questionnaire.definition import Repeat


def _blank_copy(node: Node) -> Node:
    """The structure without answers."""
    twin = node.clone()
    for leaf in [n for n in (twin, *twin.descendants()) if n.kind == NodeKind.ELEMENT]:
        if leaf.is_leaf():
            leaf.set_value("")
    return twin


def insert_child(parent: Node, child: Node, order: tuple[str, ...], before: Node | None = None) -> None:
    """Put ``child`` before a sibling, or where the order of names wants it, after others of its name."""
    rank = {name: i for i, name in enumerate(order)}
    mine = rank.get(child.name, len(order))
    at = 0
    for index, other in enumerate(parent.children, 1):
        if other.kind == NodeKind.ELEMENT and rank.get(other.name, len(order)) <= mine:
            at = index
    if before is not None:
        at = next(i for i, other in enumerate(parent.children) if other is before)
    child.parent = parent
    parent.children.insert(at, child)


def _drop_templates(node: Node) -> None:
    node.children = [c for c in node.children if c.attribute("template", JR_NS) is None]
    for child in node.elements():
        _drop_templates(child)


def _complete(answers: Node, wanted: Node, form: FormModel, path: str) -> None:
    """Add questions the answers leave out (they were not relevant), never rows."""
    order = form.child_order.get(path, ())
    for child in wanted.elements():
        child_path = f"{path}/{child.name}"
        repeats: Mapping[str, Repeat] = form.repeats
        if child_path in repeats:
            continue
        own = answers.element(child.name)
        if own is None:
            insert_child(answers, _blank_copy(child), order)
        else:
            _complete(own, child, form, child_path)
    for path_of_row, repeat in form.repeats.items():
        if path_of_row.rpartition("/")[0] == path:
            name = path_of_row.rpartition("/")[2]
            for row in [c for c in answers.elements() if c.name == name]:
                _complete(row, repeat.template, form, path_of_row)


def _fill_fixed(root: Node, form: FormModel) -> None:
    """A repeat whose rows are fixed has at least the row of its template."""
    for path, repeat in form.repeats.items():
        parent, _, name = path.rpartition("/")
        if repeat.fixed and parent == f"/{root.name}" and root.element(name) is None:
            insert_child(root, repeat.template.clone(), form.child_order.get(parent, ()))


def prepare_instance(form: FormModel, answers: str | bytes | None) -> Node:
    """A fresh root of answers.

    Raises:
        BadInput: ``questionnaire.not_xml``, or ``questionnaire.other_form`` (params ``expected``, ``given``).
    """
    if answers is None:
        root = form.instance.clone()
        _fill_fixed(root, form)
        return root
    root = from_lxml(parse_xml(answers, file="submission.xml"), keep_blank=False)
    given = root.attribute("id") or ""
    if given != form.form_id or root.local != form.instance.local:
        raise BadInput("questionnaire.other_form", expected=form.form_id, given=given)
    _drop_templates(root)
    _complete(root, form.instance, form, f"/{form.instance.name}")
    return root
