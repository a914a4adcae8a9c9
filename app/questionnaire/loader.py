"""From XForm XML to a ``FormModel``."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.questionnaire.controls import read_body
from app.questionnaire.definition import (
    HH_NS,
    HTML_NS,
    JR_NS,
    ODK_NS,
    ORX_NS,
    Bind,
    Control,
    ControlKind,
    FormModel,
    Repeat,
    SetValue,
)
from app.questionnaire.ordering import evaluation_order
from app.questionnaire.refs import references, resolve
from app.questionnaire.secondary import from_attachment, wrap
from app.questionnaire.texts import read_itext, source_of
from app.questionnaire.xpath.compiler import Expression, compile_expression
from app.questionnaire.xpath.node import Node, document, from_lxml, parse_xml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.questionnaire.xpath.node import XmlElement

_ACTIONS = {"setvalue", "setgeopoint"}
_EVENTS = {"xforms-ready": "odk-instance-load"}  # the older name


def _find(node: Node, *names: str) -> Node | None:
    here: Node | None = node
    for name in names:
        here = next((n for n in here.elements() if n.local == name), None) if here is not None else None
    return here


def _namespaces(source: XmlElement) -> dict[str, str]:
    found = {"jr": JR_NS, "orx": ORX_NS, "odk": ODK_NS, "h": HTML_NS, "hh": HH_NS}
    for element in source.iter():
        found.update({prefix: uri for prefix, uri in element.nsmap.items() if prefix})
    return found


def _expression(node: Node, name: str, ns: str = "") -> Expression | None:
    text = node.attribute(name, ns)
    return compile_expression(text) if text and text.strip() else None


def _bind(node: Node, root_path: str) -> Bind:
    message = node.attribute("constraintMsg", JR_NS)
    required = node.attribute("requiredMsg", JR_NS)
    declared = (node.attribute("type") or "string").rpartition(":")[2]
    return Bind(
        path=resolve(node.attribute("nodeset") or node.attribute("ref") or "", root_path),
        type=declared,
        relevant=_expression(node, "relevant"),
        calculate=_expression(node, "calculate"),
        readonly=_expression(node, "readonly"),
        required=_expression(node, "required"),
        constraint=_expression(node, "constraint"),
        constraint_message=source_of(message) if message else None,
        required_message=source_of(required) if required else None,
        preload=node.attribute("preload", JR_NS) or "",
        preload_params=node.attribute("preloadParams", JR_NS) or "",
        core=node.attribute("field", HH_NS) or "",
    )


def read_action(node: Node, owner: str, base: str) -> SetValue:
    """A ``setvalue`` element in the model, a control or a repeat."""
    target = node.attribute("ref") or node.attribute("bind") or "."
    events = frozenset(_EVENTS.get(e, e) for e in (node.attribute("event") or "").split())
    value = node.attribute("value")
    compiled = compile_expression(target)
    found = references(compiled, owner or base)
    return SetValue(
        events=events,
        target=compiled,
        target_path=found[0].path if found else "",
        value=compile_expression(value) if value else None,
        text=node.value(),
        owner=owner,
    )


def _actions_below(node: Node, owner: str, base: str) -> list[SetValue]:
    """Actions in the body with the control or repeat around them."""
    found: list[SetValue] = []
    for child in node.elements():
        if child.local in _ACTIONS:
            found.append(read_action(child, owner, base))
            continue
        ref = child.attribute("ref") or child.attribute("nodeset")
        inner = (
            resolve(ref, owner or base) if ref and child.local not in {"label", "hint", "value"} else owner
        )
        found.extend(_actions_below(child, inner, base))
    return found


def _plain(node: Node) -> Node:
    """A copy of a row without the mark of a template."""
    twin = node.clone()
    twin.attributes = [a for a in twin.attributes if a.ns != JR_NS]
    return twin


def _split_templates(root: Node, repeats: dict[str, Control]) -> dict[str, Repeat]:
    """Take templates out of the instance; the first row serves where none is marked."""
    templates: dict[str, Node] = {}
    rows: dict[str, list[Node]] = {}

    def visit(node: Node, path: str) -> None:
        for child in node.elements():
            child_path = f"{path}/{child.name}"
            visit(child, child_path)
            if child_path not in repeats:
                continue
            if child.attribute("template", JR_NS) is not None:
                templates[child_path] = _plain(child)
                node.children = [c for c in node.children if c is not child]
            else:
                rows.setdefault(child_path, []).append(_plain(child))

    visit(root, f"/{root.name}")
    found: dict[str, Repeat] = {}
    for path, control in repeats.items():
        own = rows.get(path, [])
        template = templates.get(path) or (own[0] if own else None)
        if template is None:
            continue
        fixed = control.options.get("noAddRemove", "").strip() == "true()"
        found[path] = Repeat(path, template, control, fixed, tuple(own))
    return found


def _child_order(root: Node) -> dict[str, tuple[str, ...]]:
    """Names below each path in document order, templates included."""
    found: dict[str, tuple[str, ...]] = {}

    def visit(node: Node, path: str) -> None:
        names = found.get(path, ()) + tuple(c.name for c in node.elements())
        found[path] = tuple(dict.fromkeys(names))
        for child in node.elements():
            visit(child, f"{path}/{child.name}")

    visit(root, f"/{root.name}")
    return found


def _secondary(model: Node, media: Mapping[str, bytes]) -> tuple[dict[str, Node], list[str]]:
    instances: dict[str, Node] = {}
    missing: list[str] = []
    for node in [n for n in model.elements() if n.local == "instance"][1:]:
        name = node.attribute("id") or ""
        src = node.attribute("src")
        if src:
            loaded = from_attachment(src, media)
            if loaded is None:
                missing.append(src.rpartition("/")[2])
            instances[name] = wrap(name, loaded)
        else:
            instances[name] = wrap(name, next(iter(node.elements()), None))
    return instances, missing


def _add_meta(root: Node, namespaces: dict[str, str], *, prefixed: bool) -> str:
    """Give the form an instance id when it has none; returns its path, "" when the form has its own."""
    meta = next((n for n in root.elements() if n.local == "meta"), None)
    if meta is not None and any(c.local == "instanceID" for c in meta.elements()):
        return ""
    if meta is None:
        prefix = "orx" if prefixed else ""
        meta = Node(root.kind, "meta", ns=namespaces["orx"] if prefix else root.ns, prefix=prefix)
        root.append(meta)
    holder = Node(root.kind, "instanceID", ns=meta.ns, prefix=meta.prefix)
    meta.append(holder)
    return f"/{root.name}/{meta.name}/{holder.name}"


def load_form(xform_xml: str | bytes, media: Mapping[str, bytes] | None = None) -> FormModel:
    """Load an XForm; ``media`` holds the attached lists by file name.

    Raises:
        BadInput: ``questionnaire.not_xml``, ``questionnaire.no_model``, ``questionnaire.expression_syntax``,
            ``questionnaire.cycle`` and those of damaged lists.
    """
    source = parse_xml(xform_xml, file="xform.xml")
    namespaces = _namespaces(source)
    html = from_lxml(source, keep_blank=False)
    model = _find(html, "head", "model")
    instance = _find(model, "instance") if model is not None else None
    root = next(iter(instance.elements()), None) if instance is not None else None
    body = _find(html, "body")
    if model is None or root is None or body is None:
        raise BadInput("questionnaire.no_model")
    base = f"/{root.name}"
    itext, language = read_itext(model)
    controls = read_body(body, base)
    flat = [c for top in controls for c in top.walk()]
    id_path = _add_meta(root, namespaces, prefixed="orx" in source.nsmap)
    order = _child_order(root)
    repeats = _split_templates(root, {c.path: c for c in flat if c.kind == ControlKind.REPEAT})
    binds = {b.path: b for b in (_bind(n, base) for n in model.elements() if n.local == "bind")}
    if id_path:
        binds[id_path] = Bind(path=id_path, preload="uid")
    instances, missing = _secondary(model, media or {})
    actions = [read_action(n, "", base) for n in model.elements() if n.local in _ACTIONS]
    actions += _actions_below(body, "", base)
    title = _find(html, "head", "title")
    document(root)
    return FormModel(
        form_id=root.attribute("id") or "",
        version=root.attribute("version") or "",
        title=title.value() if title is not None else "",
        instance=root,
        binds=MappingProxyType(binds),
        body=controls,
        controls=MappingProxyType({c.path: c for c in flat if c.path and c.kind != ControlKind.REPEAT}),
        repeats=MappingProxyType(repeats),
        itext=MappingProxyType(itext),
        default_language=language,
        instances=MappingProxyType(instances),
        actions=tuple(actions),
        namespaces=MappingProxyType(namespaces),
        order=MappingProxyType(evaluation_order(binds, repeats)),
        child_order=MappingProxyType(order),
        main_id=(instance.attribute("id") or "") if instance is not None else "",
        missing_media=tuple(missing),
    )
