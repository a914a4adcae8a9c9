"""What a script can say to `babutong-cli` stands in its documentation, and nothing that it cannot."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from app.cli.arguments import build_parser
from tests.architecture.sources import ROOT

DOCUMENT = ROOT / "docs" / "cli.md"


def _commands(
    parser: argparse.ArgumentParser, path: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield every command that can be run with its parser."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield path, parser
    for group in groups:
        for name, inner in group.choices.items():
            yield from _commands(inner, f"{path} {name}".strip())


def _options(parser: argparse.ArgumentParser) -> set[str]:
    return {name for action in parser._actions for name in action.option_strings if name.startswith("--")} - {
        "--help"
    }


def test_every_command_is_documented() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    lacking = [
        command
        for command, _parser in _commands(build_parser())
        if not re.search(rf"(?<![\w-]){re.escape(command)}(?![\w-])", text)
    ]
    assert lacking == []


def test_every_option_is_documented_and_every_documented_one_exists() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    options = set().union(*(_options(parser) for _command, parser in _commands(build_parser())))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) == options
