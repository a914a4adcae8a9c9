"""A random life of some computers, lived through ``babutong-cli`` alone, with a record of all that was promised.

Everything a command called done is written down: which entry, about which household. Afterwards the computers
exchange files until nothing changes, and every promise is looked up.
"""

from __future__ import annotations

import io
import json
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from app.cli import main

BEGIN = datetime(2026, 10, 7, 10, 0)  # noqa: DTZ001 -- the command line takes China time without a zone
FIELDS = ("note", "address", "group")
JUMPS = (-3 * 365, -1, 1, 10 * 365)
"""Days a clock may be set forward or back."""


@dataclass
class Machine:
    """One workspace: where it lies, at what level, how wrong its clock is."""

    name: str
    folder: Path
    level: str
    scope: str
    off: timedelta = timedelta()


@dataclass
class Promise:
    """An entry a command printed, and the household it is about."""

    entry: str
    household: str
    machine: str


@dataclass
class Life:
    """Machines, the files on the stick, and what was promised."""

    root: Path
    random: Random
    machines: list[Machine]
    passphrase: Path
    minutes: int = 0
    promises: list[Promise] = field(default_factory=list)
    stick: list[Path] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    backups: list[tuple[Path, Machine]] = field(default_factory=list)

    @property
    def post(self) -> Path:
        return self.root / "stick"

    def call(self, at: Machine | None, *arguments: object) -> tuple[int, dict, str]:
        """Run one command; a crash is no answer and ends the test."""
        self.minutes += 1
        line = [*map(str, arguments), "--json"]
        moment = BEGIN + timedelta(minutes=self.minutes) + (at.off if at else timedelta())
        line += ["--now", moment.strftime("%Y-%m-%dT%H:%M"), "--passphrase-file", str(self.passphrase)]
        if at is not None:
            line += ["--workspace", str(at.folder)]
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            code = main(line)
        text = out.getvalue()
        return code, json.loads(text) if text.startswith("{") else {}, err.getvalue()

    def live(self, steps: int) -> None:
        """Do something at random, many times."""
        acts: list[tuple[int, Callable[[Machine], bool]]] = [
            (40, self.edit), (10, self.member), (12, self.act), (10, self.resolve), (20, self.export),
            (30, self.merge), (6, self.undo), (3, self.backup), (2, self.restore), (2, self.copy), (3, self.clock),
        ]  # fmt: skip
        weights = [weight for weight, _ in acts]
        for _ in range(steps):
            [(_, act)] = self.random.choices(acts, weights)
            machine = self.random.choice(self.machines)
            if act(machine):
                self.done[act.__name__] += 1

    def keep(self, machine: Machine, household: str, code: int, result: dict) -> bool:
        """Write down what a command promised."""
        entries = result.get("entries", []) if code == 0 else []
        self.promises += [Promise(entry, household, machine.name) for entry in entries]
        return bool(entries)

    def homes(self, machine: Machine) -> list[str]:
        _, found, _ = self.call(machine, "household", "list")
        return [one["id"] for one in found["households"]]

    def edit(self, machine: Machine) -> bool:
        homes = self.homes(machine)
        if machine.level != "village" or not homes:
            return False
        home = self.random.choice(homes)
        code = self.random.choice(FIELDS)
        value = f"{code}={machine.name}-{self.minutes}"
        done, result, _ = self.call(machine, "household", "edit", home, value, "--reason", "核对后更正")
        return self.keep(machine, home, done, result)

    def member(self, machine: Machine) -> bool:
        homes = self.homes(machine)
        if machine.level != "village" or not homes:
            return False
        home = self.random.choice(homes)
        _, shown, _ = self.call(machine, "household", "show", home)
        if not shown.get("members"):
            return False
        person = self.random.choice(shown["members"])["id"]
        value = f"work_place=第{self.minutes}工地"
        arguments = ("household", "edit", home, value, "--member", person, "--reason", "核对后更正")
        done, result, _ = self.call(machine, *arguments)
        return self.keep(machine, home, done, result)

    def act(self, machine: Machine) -> bool:
        _, found, _ = self.call(machine, "case", "list")
        cases = found.get("cases", [])
        if not cases:
            return False
        case = self.random.choice(cases)
        _, found, _ = self.call(machine, "case", "actions", case["case"])
        ready = [one for one in found.get("actions", []) if not one["missing"] and not one["targets"]]
        if not ready:
            return False
        action = self.random.choice(ready)
        done, result, _ = self.call(
            machine, "case", "act", case["case"], action["action"], "--reason", "按规定"
        )
        return self.keep(machine, case["household"], done, result)

    def resolve(self, machine: Machine) -> bool:
        _, found, _ = self.call(machine, "conflicts")
        if not found.get("conflicts"):
            return False
        one = self.random.choice(found["conflicts"])
        head = self.random.choice(one["heads"])
        arguments = ("conflicts", "resolve", one["entity"], one["field"], "--take", head["entry"])
        done, result, _ = self.call(machine, *arguments)
        return self.keep(machine, one["household"], done, result)

    def export(self, machine: Machine) -> bool:
        ways = {"village": ("up", "peer"), "township": ("up", "down"), "county": ("down",)}[machine.level]
        return bool(self.export_to(machine, self.random.choice(ways)))

    def export_to(self, machine: Machine, way: str) -> list[Path]:
        self.post.mkdir(exist_ok=True)
        done, result, _ = self.call(machine, "export", "--to", self.post, "--for", way)
        files = [Path(name) for name in result["files"]] if done == 0 else []
        self.stick += files
        return files

    def merge(self, machine: Machine) -> bool:
        """Take in any file: of the right place or not, old or new, again or for the first time."""
        if not self.stick:
            return False
        done, _, _ = self.call(machine, "merge", self.random.choice(self.stick))
        return done == 0

    def undo(self, machine: Machine) -> bool:
        _, found, _ = self.call(machine, "imports", "list")
        if not found.get("imports"):
            return False
        done, _, _ = self.call(machine, "imports", "undo", found["imports"][0]["number"])
        return done == 0

    def backup(self, machine: Machine) -> bool:
        folder = self.root / f"backups-{self.minutes}"
        folder.mkdir()
        done, result, _ = self.call(machine, "backup", "--to", folder)
        assert done == 0
        self.backups.append((Path(result["file"]), machine))
        return True

    def restore(self, _machine: Machine) -> bool:
        """Unpack an old backup as one more computer; what it came from lives on too."""
        if not self.backups:
            return False
        file, origin = self.random.choice(self.backups)
        made = self._twin(origin)
        done, _, told = self.call(None, "restore", file, "--to", made.folder)
        assert done == 0, told
        self.machines.append(made)
        return True

    def copy(self, machine: Machine) -> bool:
        """Copy a workspace's folder, as with a whole disk; both go on."""
        made = self._twin(machine)
        shutil.copytree(machine.folder, made.folder)
        self.machines.append(made)
        return True

    def clock(self, machine: Machine) -> bool:
        machine.off = timedelta(days=self.random.choice(JUMPS))
        return True

    def _twin(self, origin: Machine) -> Machine:
        name = f"{origin.name.split('+')[0]}+{self.minutes}"
        return Machine(name, self.root / name, origin.level, origin.scope, origin.off)

    def meet(self) -> None:
        """Exchange everything in random order until every computer has seen every other's entries."""
        for _ in range(3):
            for level, way in (
                ("village", "peer"),
                ("village", "up"),
                ("township", "up"),
                ("county", "down"),
                ("township", "down"),
            ):
                files = [
                    file for one in self.machines if one.level == level for file in self.export_to(one, way)
                ]
                order = [*self.machines]
                self.random.shuffle(order)
                for machine in order:
                    self.random.shuffle(files)
                    if files:
                        self.call(machine, "merge", *files)

    def history(self, machine: Machine, household: str) -> list[dict]:
        """Return every value a household ever had, as a computer knows it."""
        _, shown, _ = self.call(machine, "household", "history", household, "--reveal")
        return shown.get("history", [])
