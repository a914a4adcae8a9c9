"""A month in three offices through ``babutong-cli``: made, changed, sent up, merged, compared, printed."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verdicts import Verdicts

MADE, LATER = "2026-10-07T10:00", "2026-10-07T10:05"
NEW_ADDRESS = "一组9号"
HEADINGS = ("序号", "村民小组", "户主姓名", "家庭人口数")
_ID_NUMBER = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx](?!\d)|\d{6}\*{4,}")


@dataclass
class Story:
    """Tells it in one folder; ``cli`` runs a command and returns its exit code, stdout and stderr."""

    cli: Callable[[list[str]], tuple[int, str, str]]
    folder: str
    villages: int
    households: int

    def tell(self, say: Verdicts, *, with_check: bool = True) -> None:
        """Go on as long as each step brings what the next one needs."""
        steps = (
            *((("self-check", self.check),) if with_check else ()),
            (f"demo, {self.villages} x {self.households} households", self.make),
            ("household edit in every village", self.edit),
            ("export up", self.send),
            ("merge into the township", self.merge),
            ("equal digests", self.compare),
            ("a second merge brings 0 new", self.merge_again),
            ("print notice", self.print_notice),
        )
        for name, step in steps:
            began = time.monotonic()

            def act(step: Callable[[], str] = step, began: float = began) -> str:
                told = step()
                return f"{told} ({time.monotonic() - began:.1f} s)"

            # The check stands for itself, the others build on each other.
            if not say.attempt(name, act) and step != self.check:
                return

    def check(self) -> str:
        """Let the program look at itself."""
        code, out, err = self.cli(["self-check", "--json"])
        require(out.startswith("{"), f"exit {code}; {err or out}")
        found = json.loads(out)["findings"]
        bad = [one["sentence"] for one in found if not one["ok"]]
        require(code == 0 and not bad, f"exit {code}; {bad}; {err}")
        return f"{len(found)} findings"

    def make(self) -> str:
        """Make the demonstration."""
        counts = ["--villages", str(self.villages), "--households", str(self.households)]
        made = self.ask("demo", self.folder, *counts, now=MADE)
        require(len(made["villages"]) == self.villages, made)
        return ""

    def edit(self) -> str:
        """Change the first household of every village and read it back."""
        for village in self._villages():
            uid = self.ask("household", "list", at=village)["households"][0]["id"]
            change = ["household", "edit", uid, f"address={NEW_ADDRESS}", "--reason", "核对"]
            written = self.ask(*change, at=village)
            require(len(written["entries"]) == 1, written)
            shown = self.ask("household", "show", uid, at=village)["fields"]["address"]
            require(shown == NEW_ADDRESS, shown)
        return NEW_ADDRESS

    def send(self) -> str:
        """Export from every village to the township."""
        self.files: list[str] = []
        self.scopes: dict[str, str] = {}
        for village in self._villages():
            sent = self.ask("export", "--to", f"{self.folder}/sent", "--for", "up", at=village)
            self.files += sent["files"]
            self.scopes[village] = sent["packages"][0]["scope"]
        return f"{len(self.files)} files"

    def merge(self) -> str:
        """Take the packages in: one new entry from each, nothing refused."""
        found = self._merged()
        require([one["new"] for one in found] == [1] * len(self.files), found)
        return f"{sum(one['new'] for one in found)} new, {sum(one['known'] for one in found)} known"

    def compare(self) -> str:
        """Compare every village's digest with the township's of the same area."""
        for village, scope in self.scopes.items():
            low, high = (
                self.ask("digest", "--scope", scope, at=at)["digest"] for at in (village, "township")
            )
            require(low == high and len(low) == 64, (village, low, high))  # noqa: PLR2004 -- SHA-256
        return f"{len(self.scopes)} pairs"

    def merge_again(self) -> str:
        """Take the same packages in once more."""
        new = [one["new"] for one in self._merged()]
        require(new == [0] * len(self.files), new)
        return ""

    def print_notice(self) -> str:
        """Print the notice of the first village."""
        made = self.ask("print", "notice", "--out", f"{self.folder}/notice.pdf", at="village-01")
        require(made["missing"] == [], made)
        return ""

    def ask(self, *command: str, at: str = "", now: str = LATER) -> Any:  # noqa: ANN401 -- JSON of many shapes
        """Run a command that must end with 0 and return what it prints."""
        line = [*command, "--now", now, "--json"]
        if at:
            line += ["--workspace", f"{self.folder}/{at}"]
            line += ["--passphrase-file", f"{self.folder}/passphrase.txt"]
        code, out, err = self.cli(line)
        require(code == 0 and not err.strip(), f"{command[0]}: exit {code}; {err.strip() or out[-400:]}")
        return json.loads(out)

    def _villages(self) -> list[str]:
        return [f"village-{number:02d}" for number in range(1, self.villages + 1)]

    def _merged(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("merge", *self.files, at="township")["files"]
        refused = [one for one in found if one["refused"]]
        require(not refused, refused)
        return found


def require(holds: bool, found: object) -> None:
    """Raise with what was found unless it holds.

    Raises:
        AssertionError: it does not.
    """
    if not holds:
        raise AssertionError(str(found))


def read_notice(path: Path) -> str:
    """Check the text of a notice: the heads of its columns, who signs, and nobody's ID number."""
    pages = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_range() for page in pages)
    lacking = [word for word in (*HEADINGS, "公示", "村民委员会") if word not in text]
    require(not lacking, f"not on the paper: {lacking}")
    require(_ID_NUMBER.search(text) is None, "an ID number stands on a public paper")
    return f"{len(pages)} pages, {' '.join(HEADINGS)}"
