"""Every code that can be raised and every word that is shown has its sentence, and every sentence is used."""

from __future__ import annotations

import ast
import json
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from app.domain.fields import FIELDS
from tests.architecture.sources import ROOT, Source, sources

TABLES = ROOT / "app" / "ui" / "i18n"
LANGUAGES = sorted(folder.name for folder in TABLES.iterdir() if folder.is_dir())

RAISING = {"AppError", "Refused", "BadInput", "Unavailable"}
FINDING = {"error", "warning"}
"""``app.domain.fault``: findings are collected and told like errors; their second argument is a field."""

WORDS = {"t"}

FIELD_LABELS = {f"field.{kind.value}.{code}" for kind, table in FIELDS.items() for code in table}
"""Labels of the fields; they are fetched by the field they belong to."""

LATIN_ALLOWED = {
    "PDF", "Excel", "Ctrl", "Enter", "Shift", "Alt", "Esc", "Tab", "USB",
    "xlsx", "xls", "csv", "jpg", "jpeg", "png", "JPEG", "PNG", "UTF", "toml", "zip",
}  # fmt: skip
"""Everything else in a sentence is Chinese, but for endings of files: these have no other name."""


@dataclass(frozen=True, slots=True)
class Use:
    """One call that names a sentence. ``key`` is a regular expression; ``params`` None if they are not literal."""

    where: str
    key: str
    exact: bool
    params: frozenset[str] | None
    is_words: bool


Tables = dict[str, list[str]]
"""Codes kept in a dict at the top of a module, by the name of the dict."""


def _tables(source: Source) -> Tables:
    found: Tables = {}
    for node in source.tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        inner = [one for one in ast.walk(node.value) if isinstance(one, ast.Dict)]
        if isinstance(target, ast.Name) and inner:
            values = [value for one in inner for value in one.values]
            found[target.id] = [str(value.value) for value in values if isinstance(value, ast.Constant)]
    return found


def _pattern(node: ast.expr, tables: Tables) -> list[tuple[str, bool]]:
    """Return what the first argument can be: literals, f-strings as patterns, both arms of a condition, a table's codes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [(re.escape(node.value), True)]
    if isinstance(node, ast.JoinedStr):
        parts = [
            re.escape(str(one.value)) if isinstance(one, ast.Constant) else r"[\w.]+" for one in node.values
        ]
        return [("".join(parts), False)]
    if isinstance(node, ast.IfExp):
        return _pattern(node.body, tables) + _pattern(node.orelse, tables)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return [(re.escape(code), True) for code in tables.get(node.value.id, [])]
    return []


def _uses(source: Source) -> Iterator[Use]:
    tables = _tables(source)
    findings = {
        alias.asname or alias.name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "app.domain.fault"
        for alias in node.names
    } & FINDING
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        is_words = name in WORDS
        if name not in RAISING | findings and not is_words:
            continue
        named = {word.arg for word in node.keywords}
        own = {"field"} if name in findings else set()  # where the finding is, no parameter of its sentence
        params = None if None in named else frozenset(word for word in named if word) - own
        for key, exact in _pattern(node.args[0], tables):
            yield Use(f"{source.path}:{node.lineno}", key, exact, params, is_words)


@cache
def uses() -> tuple[Use, ...]:
    """Every use in the program."""
    return tuple(use for source in sources("app") for use in _uses(source))


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found = dict(pairs)
    assert len(found) == len(pairs), "a key stands twice in one table"
    return found


@cache
def sentences(language: str) -> dict[str, str]:
    """Every key of a language with its sentence; checks that each stands in the table of its area."""
    found: dict[str, str] = {}
    for file in sorted((TABLES / language).glob("*.json")):
        table = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=_once)
        strange = [key for key in table if key.partition(".")[0] != file.stem]
        assert strange == [], f"{file.name} holds keys of another area"
        found |= table
    return found


def placeholders(sentence: str) -> set[str]:
    """Names in braces; a broken sentence raises ValueError."""
    return {
        name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name is not None
    }


def test_there_are_uses_and_sentences() -> None:
    assert len(uses()) > 50
    assert len(sentences("zh")) > 50


def test_every_code_and_word_has_its_sentence() -> None:
    keys = sentences("zh").keys()
    lacking = {
        f"{use.where} {use.key}" for use in uses() if not any(re.fullmatch(use.key, key) for key in keys)
    }
    assert sorted(lacking) == []


def _codes_in(tree: ast.AST) -> set[str]:
    """Literals that look like codes, but for names of operations given to ``record`` or ``Transition``."""
    operations = {
        id(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and node.args
        and (getattr(node.func, "attr", "") == "record" or getattr(node.func, "id", "") == "Transition")
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*", node.value)
        and id(node) not in operations
    }


def test_codes_chosen_from_a_table_have_their_sentences() -> None:
    areas = {key.partition(".")[0] for key in sentences("zh")}
    lacking = {
        f"{source.path} {code}"
        for source in sources("app")
        if any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in RAISING
            and node.args
            and not _pattern(node.args[0], {})
            for node in ast.walk(source.tree)
        )
        for code in _codes_in(source.tree) - sentences("zh").keys()
        if code.partition(".")[0] in areas
    }
    assert sorted(lacking) == []


def test_every_sentence_is_used() -> None:
    literals = {
        node.value
        for source in sources("app")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    patterns = [re.compile(use.key) for use in uses() if not use.exact] + [
        re.compile(pattern)
        for source in sources("app")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.JoinedStr)
        for pattern, _exact in _pattern(node, {})
        if re.match(r"[a-z_]+\\\.", pattern)
    ]
    unused = [
        key
        for key in sentences("zh")
        if key not in literals
        and key not in FIELD_LABELS
        and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert unused == []


def test_placeholders_are_given_by_every_use() -> None:
    wrong = []
    for use in uses():
        for key, sentence in sentences("zh").items():
            if use.params is None or not use.exact or not re.fullmatch(use.key, key):
                continue
            missing = placeholders(sentence) - use.params
            needless = use.params - placeholders(sentence) if use.is_words else set()
            if missing or needless:
                wrong.append(f"{use.where} {key}: missing {sorted(missing)}, not used {sorted(needless)}")
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sentence_can_be_filled_in(language: str) -> None:
    broken = [
        key
        for key, sentence in sentences(language).items()
        if not sentence.strip() or not all(name.isidentifier() for name in placeholders(sentence))
    ]
    assert broken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_complete(language: str) -> None:
    assert sentences(language).keys() == sentences("zh").keys()
    assert {key: placeholders(text) for key, text in sentences(language).items()} == {
        key: placeholders(text) for key, text in sentences("zh").items()
    }


def test_every_field_has_its_label() -> None:
    assert sorted(FIELD_LABELS - sentences("zh").keys()) == []


def test_sentences_are_chinese() -> None:
    foreign = {
        key: words
        for key, sentence in sentences("zh").items()
        if (
            words := set(re.findall(r"[A-Za-z]{3,}", re.sub(r"\{\w+\}|\.[a-z]+", "", sentence)))
            - LATIN_ALLOWED
        )
    }
    assert foreign == {}
