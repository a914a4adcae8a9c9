"""The five ceremonies of keys in the real window, one after another, with files between three offices."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.acceptance.ceremony_story import HEIR_PHRASE, LATE, NEW_PHRASE
from tests.acceptance.sittings import PHRASE
from tests.acceptance.terminal import Terminal

OFFICES = ("village-2", "township", "county")


def test_five_ceremonies_one_after_another(tell: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tell("ceremony_story")
    told = json.loads((folder / "told.json").read_text(encoding="utf-8"))

    # The digests of the offices are one after each ceremony, and those of the lost laptop its own.
    for stage, found in told["digests"].items():
        lost = found.pop("village") if stage in {"late", "replaced"} else ""
        assert len(set(found.values())) == 1, stage
        assert lost not in found.values(), stage
    assert told["digests"]["late"] == told["digests"]["stopped"]
    assert len(set(told["codes"])) == 1
    assert len(told["codes"]) == 2

    # Everything a window called saved is found again: on the computer at work, or held.
    here = Terminal(folder, "2026-03-20T09:00")
    for name in OFFICES:
        kept = words(here, name, PHRASE, told["head"], tmp_path)
        assert set(told["saved"]) - {LATE} <= kept, name
        assert LATE not in kept, name
    held = run(here, "township", PHRASE, tmp_path, "device", "held")["held"]
    assert {field["text"]: one["review"] for one in held for field in one["fields"]}[LATE] == "declined"
    assert LATE in words(here, "village", HEIR_PHRASE, told["head"], tmp_path)

    # Each passphrase was in force until the next, and no longer.
    for phrase in (PHRASE, NEW_PHRASE):
        assert here.run("status", at="village", passphrase_file=written(tmp_path, phrase)).code == 1
    assert len(list((folder / "pictures").glob("*.png"))) > 20


def written(folder: Path, phrase: str) -> Path:
    file = folder / "phrase.txt"
    file.write_text(phrase, encoding="utf-8")
    return file


def run(here: Terminal, at: str, phrase: str, folder: Path, *arguments: object) -> dict[str, Any]:
    done = here.run(*arguments, at=at, passphrase_file=written(folder, phrase))
    assert (done.code, done.err) == (0, "")
    return dict(json.loads(done.out))


def words(here: Terminal, at: str, phrase: str, head: str, folder: Path) -> set[str]:
    """Return every value the household's own fields ever had as fact at a computer."""
    homes = run(here, at, phrase, folder, "household", "list")["households"]
    [uid] = [one["id"] for one in homes if one["head"] == head]
    rows = run(here, at, phrase, folder, "household", "history", uid)["history"]
    return {str(row["value"]) for row in rows if row["state"] != "held"}
