"""Labels, hints and messages in the active language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaire.xpath.values import Context, ExpressionError, to_text

if TYPE_CHECKING:
    from app.questionnaire.definition import Control, FormModel, Message, TextSource
    from app.questionnaire.state import Entry
    from app.questionnaire.xpath.compiler import Expression
    from app.questionnaire.xpath.node import Node
    from app.questionnaire.xpath.values import Scope

Parts = tuple["str | Expression", ...]


_WRITTEN = ("", "long", "short")


def _form(message: Message, form: str) -> Parts:
    """The wanted form; the plain text is all that is to be read, in the order written.

    Forms by hand may have a long and a short text beside each other, XLSForms never do.
    """
    if form:
        return message.forms.get(form, ())
    return tuple(part for name, parts in message.forms.items() if name in _WRITTEN for part in parts)


class Wording:
    """Turns text sources into words; ``language`` may be changed at any time, ``scope`` is what they read."""

    def __init__(self, form: FormModel, scope: Scope) -> None:
        self._form = form
        self.scope = scope
        self.language = form.default_language
        scope.itext = self.translate

    def _message(self, text_id: str) -> Message | None:
        active = self._form.itext.get(self.language, {})
        default = self._form.itext.get(self._form.default_language, {})
        return active.get(text_id) or default.get(text_id)

    def _run(self, expression: Expression, node: Node) -> str:
        try:
            return to_text(expression.run(Context(node, self.scope, node)))
        except ExpressionError:
            return ""

    def _join(self, parts: Parts, node: Node) -> str:
        return "".join(p if isinstance(p, str) else self._run(p, node) for p in parts)

    def translate(self, text_id: str, node: Node) -> str:
        """The plain form of an itext entry; outputs are read from ``node``."""
        message = self._message(text_id)
        return self._join(_form(message, ""), node) if message is not None else ""

    def text(self, source: TextSource | None, node: Node, form: str = "") -> str:
        """The words of a label at ``node``; ``form`` picks image, audio or guidance."""
        if source is None:
            return ""
        if source.itext_id:
            message = self._message(source.itext_id)
            return self._join(_form(message, form), node) if message is not None else ""
        if form:
            return ""
        if source.ref is not None:
            return self._run(source.ref, node)
        return self._join(source.parts, node)

    def picture(self, text_id: str, node: Node) -> str:
        """The picture that goes with an itext entry, as the form names it; "" when there is none."""
        message = self._message(text_id)
        return self._join(_form(message, "image"), node) if message is not None else ""

    def is_fixed(self, source: TextSource | None) -> bool:
        """Whether a text stays the same whatever is answered (until the language is switched)."""
        if source is None:
            return True
        if not source.itext_id:
            return source.is_fixed
        message = self._message(source.itext_id)
        forms = message.forms.values() if message is not None else ()
        return all(isinstance(part, str) for parts in forms for part in parts)

    def label(self, entry: Entry) -> str:
        """The question's label."""
        return self.text(entry.control.label, entry.node) if entry.control is not None else ""

    def hint(self, entry: Entry) -> str:
        """The question's hint."""
        return self.text(entry.control.hint, entry.node) if entry.control is not None else ""

    def guidance(self, entry: Entry) -> str:
        """The longer explanation of how to fill in."""
        if entry.control is None:
            return ""
        inline = self.text(entry.control.guidance, entry.node)
        return inline or self.text(entry.control.hint, entry.node, "guidance")

    def group_label(self, control: Control, node: Node) -> str:
        """The label of a group or repeat."""
        return self.text(control.label, node)

    def constraint_message(self, entry: Entry) -> str:
        """What the form says when the constraint is broken, "" when it says nothing."""
        return self.text(entry.bind.constraint_message, entry.node) if entry.bind is not None else ""

    def required_message(self, entry: Entry) -> str:
        """What the form says when the answer is missing, "" when it says nothing."""
        return self.text(entry.bind.required_message, entry.node) if entry.bind is not None else ""
