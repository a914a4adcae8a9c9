"""What may stand in the repository: no machine's paths, no person's number, every licence named."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.sources import EVERYWHERE, ROOT, sources, tracked_texts

# The patterns escape their dots and split their words, so that this file does not match itself.
MACHINE_PATHS = re.compile(r"(?<![\w.$~{-])/(?:work|home/(?!cadre/)[a-z]\w*|Users/\w+)/|[A-Z]:\\Users\\")
TEMPORARY = re.compile(r"(?<![\w.$~{-])/tm[p]/")
INDEX_HOSTS = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs\.|npmmirror\.|deb\.debian\.org|mirrors?\.[a-z]+\.(?:edu|com|cn)",
    re.IGNORECASE,
)
ID_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])([1-9]\d{5})((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
MADE_UP_REGIONS = ("99", "00")
"""No place in the country has a code that begins so."""

SUPPRESSION = re.compile(r"#\s*type:\s*ignore(?P<code>\[[\w, -]+\])?(?P<reason>.*)")


def _check_digit_right(number: str) -> bool:
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def test_no_paths_of_one_machine() -> None:
    found = [f"{path}: {hit}" for path, text in tracked_texts() for hit in MACHINE_PATHS.findall(text)]
    assert found == []
    assert [path for path, text in tracked_texts() if TEMPORARY.search(text)] == []


def test_no_package_index_is_named() -> None:
    assert [path for path, text in tracked_texts() if INDEX_HOSTS.search(text)] == []


def test_no_identity_number_of_a_real_region() -> None:
    found = [
        f"{path}: region {hit[1]}"
        for path, text in tracked_texts()
        for hit in ID_NUMBER.finditer(text)
        if not hit[1].startswith(MADE_UP_REGIONS) and _check_digit_right(hit[0])
    ]
    assert found == []


def test_every_suppressed_type_error_says_which_and_why() -> None:
    bare = [
        f"{source.path}:{number}"
        for source in sources(*EVERYWHERE)
        for number, line in enumerate(source.text.splitlines(), 1)
        if (hit := SUPPRESSION.search(line))
        and "SUPPRESSION" not in line
        and not (hit["code"] and hit["reason"].strip(" #"))
    ]
    assert bare == []


def _decorators_and_calls(tree: ast.AST) -> Iterator[tuple[int, str, ast.Call | None]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func), node
        elif isinstance(node, ast.FunctionDef):
            yield from ((one.lineno, ast.unparse(one), None) for one in node.decorator_list)


def test_no_test_is_skipped_without_a_reason() -> None:
    silent = []
    for source in sources("tests"):
        for line, name, call in _decorators_and_calls(source.tree):
            if name not in {
                "pytest.skip",
                "pytest.mark.skip",
                "pytest.mark.skipif",
                "pytest.xfail",
                "pytest.mark.xfail",
            }:
                continue
            by_word = call is not None and any(word.arg == "reason" for word in call.keywords)
            by_place = call is not None and name in {"pytest.skip", "pytest.xfail"} and call.args
            if not by_word and not by_place:
                silent.append(f"{source.path}:{line} {name}")
    assert silent == []


def _runtime_distributions() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(one) for one in project["dependencies"]]
    while waiting:
        need = waiting.pop()
        for extra in ("", *need.extras):
            if (canonicalize_name(need.name), extra) in seen:
                continue
            seen.add((canonicalize_name(need.name), extra))
            inner = [Requirement(one) for one in metadata.requires(need.name) or []]
            waiting += [one for one in inner if one.marker is None or one.marker.evaluate({"extra": extra})]
    return {name for name, _extra in seen}


def test_every_library_that_ships_is_in_the_notices() -> None:
    text = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    named = {canonicalize_name(name) for name in re.findall(r"^\| ([\w.-]+)", text, re.MULTILINE)}
    assert _runtime_distributions() - named == set()


def test_every_font_that_ships_is_in_the_notices() -> None:
    text = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    families = {name.rstrip("*") for name in re.findall(r"`([\w-]+\*?)\.(?:ttf|otf)`", text)}
    folder = ROOT / "reports" / "assets" / "fonts"
    fonts = [file.stem for file in folder.iterdir() if file.suffix in {".ttf", ".otf", ".ttc"}]
    assert [font for font in fonts if not any(font.startswith(family) for family in families)] == []


def test_the_licence_is_apache_2() -> None:
    assert (
        "Apache License\n                           Version 2.0, January 2004"
        in (ROOT / "LICENSE").read_text()
    )
