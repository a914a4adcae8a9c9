"""JavaRosa as a child process: the classes are in pyxform's wheel, the small driver is compiled on the spot."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Self

PROPERTIES = {"deviceid": "desk-1", "username": "demo", "phonenumber": "13800000000", "email": "a@b.example"}
SOURCE = Path(__file__).with_name("Oracle.java")


def jar() -> Path:
    """ODK Validate with JavaRosa in it."""
    found = importlib.util.find_spec("pyxform")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"


def missing() -> str:
    """Why JavaRosa cannot run here, "" when it can."""
    for tool in ("java", "javac"):
        if shutil.which(tool) is None:
            return f"no JDK: {tool} is not installed (Debian: default-jdk-headless)"
    return "" if jar().is_file() else "pyxform came without ODK_Validate.jar"


def compile_into(folder: str) -> None:
    """Compile the driver."""
    subprocess.run(
        ["javac", "-encoding", "UTF-8", "-nowarn", "-cp", str(jar()), "-d", folder, str(SOURCE)],
        check=True,
        capture_output=True,
    )


class Refusal(Exception):
    """JavaRosa does not take the form or the act."""


class Oracle:
    """One JavaRosa process; ``nodes`` and ``choices`` mirror its state."""

    def __init__(self, classes: str = "") -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="javarosa-")
        if not classes:
            classes = self._folder.name
            compile_into(classes)
        self._process = subprocess.Popen(
            [
                "java",
                "-Xss4m",
                "-XX:+UseSerialGC",
                "-Duser.timezone=Asia/Shanghai",
                "-Dfile.encoding=UTF-8",
                "-cp",
                f"{jar()}:{classes}",
                "Oracle",
            ]
            + [f"{name}={value}" for name, value in PROPERTIES.items()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self.nodes: dict[str, list[Any]] = {}
        self.choices: dict[str, list[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()
        self._folder.cleanup()

    def load(self, xml: Path, media: Path) -> int:
        """Open a form; returns JavaRosa's clock in milliseconds."""
        self.nodes, self.choices = {}, {}
        return int(self.ask(op="load", xml=str(xml), media=str(media))["now"])

    def ask(self, **request: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request, ensure_ascii=False) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the JavaRosa process has ended")
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            raise Refusal(reply["error"])
        for mine, theirs in ((self.nodes, reply["nodes"]), (self.choices, reply["choices"])):
            for ref, state in theirs.items():
                if state is None:
                    mine.pop(ref, None)
                else:
                    mine[ref] = state
        return reply
