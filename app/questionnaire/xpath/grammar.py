"""XPath 1.0 as a Lark grammar; the contextual lexer tells ``*`` and ``div`` as names from operators."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from lark import Lark, Token, Tree
from lark.exceptions import LarkError, UnexpectedInput

from app.questionnaire.xpath.values import ExpressionError

_NC = r"[^\W\d][\w.\-\u00b7]*"

_AXES = (
    "ancestor-or-self|ancestor|attribute|child|descendant-or-self|descendant|following-sibling|following"
    "|namespace|parent|preceding-sibling|preceding|self"
)

_GRAMMAR = rf"""
?start: or_expr
?or_expr: and_expr | or_expr "or" and_expr
?and_expr: equality | and_expr "and" equality
?equality: relation | equality EQ_OP relation -> compare
?relation: sum_expr | relation REL_OP sum_expr -> compare
?sum_expr: product | sum_expr PLUS product -> arith | sum_expr MINUS product -> arith
?product: unary | product STAR unary -> arith | product DIV unary -> arith | product MOD unary -> arith
?unary: union | MINUS unary -> negate
?union: path | union "|" path
?path: location | filter | filter SLASH steps -> filter_path
location: ROOT -> root
    | SLASH steps -> absolute
    | DSLASH steps -> absolute_deep
    | steps -> relative
    | filter DSLASH steps -> filter_deep
steps: step | steps SLASH step | steps DSLASH step
step: AXIS "::" node_test predicate* -> step
    | "@" node_test predicate* -> attribute_step
    | node_test predicate* -> step_child
    | DOT predicate* -> step_self
    | DDOT predicate* -> step_parent
node_test: NAME -> test_name
    | WILD -> test_ns
    | STAR -> test_any
    | NODETYPE "(" LITERAL? ")" -> test_type
predicate: "[" or_expr "]"
filter: primary predicate*
?primary: "(" or_expr ")" -> parens
    | LITERAL -> literal
    | NUMBER -> number
    | FUNC "(" [or_expr ("," or_expr)*] ")" -> call

EQ_OP: "=" | "!="
REL_OP: "<=" | ">=" | "<" | ">"
PLUS: "+"
MINUS: "-"
STAR: "*"
DIV: "div"
MOD: "mod"
ROOT.3: /\/(?!\s*[\w@.*\/])/
SLASH.1: "/"
DSLASH.2: "//"
DDOT.2: ".."
DOT.1: /\.(?!\d)/
NUMBER.2: /\d+(\.\d*)?|\.\d+/
LITERAL: /"[^"]*"|'[^']*'/
AXIS.4: /({_AXES})(?=\s*::)/
NODETYPE.4: /(comment|text|processing-instruction|node)(?=\s*\()/
FUNC.3: /{_NC}(:{_NC})?(?=\s*\()/
WILD.2: /{_NC}:\*/
NAME: /{_NC}(:(?!:){_NC})?/
%ignore /[ \t\r\n]+/
"""

Parsed = Tree[Token] | Token


class _Parser(Protocol):
    def parse(self, text: str) -> Parsed: ...


@cache
def _parser() -> _Parser:
    return Lark(
        _GRAMMAR, parser="lalr", lexer="contextual", propagate_positions=False, maybe_placeholders=False
    )


def parse(text: str) -> Parsed:
    """Parse an expression.

    Raises:
        ExpressionError: ``questionnaire.expression_syntax`` (params ``expression``, ``column`` from 1).
    """
    try:
        return _parser().parse(text)
    except LarkError as error:
        found = error.column if isinstance(error, UnexpectedInput) else 1
        column = found if found > 0 else len(text) + 1
        raise ExpressionError("questionnaire.expression_syntax", expression=text, column=column) from error
