"""What may be imported where, beyond what the layer contracts can say."""

from __future__ import annotations

import subprocess
import sys

from tests.architecture.sources import PRODUCT, ROOT, Source, imports, sources

PURE = ("app.domain", "app.journal")
"""Rules on plain values: the standard library only, and of that nothing that reaches out of the process."""

OUTSIDE_WORLD = {
    "asyncio", "ctypes", "glob", "multiprocessing", "os", "pathlib", "platform", "random", "secrets", "shutil",
    "signal", "sqlite3", "subprocess", "tempfile", "threading", "time", "tracemalloc", "uuid",
}  # fmt: skip
"""Files, clocks, chance, processes; banned in PURE."""

NETWORK = {
    "asyncio", "ftplib", "http", "httpx", "imaplib", "nntplib", "poplib", "requests", "smtplib", "socket",
    "socketserver", "ssl", "telnetlib", "urllib.request", "urllib3", "webbrowser", "xmlrpc", "PySide6.QtNetwork",
    "PySide6.QtWebSockets", "PySide6.QtWebEngineCore", "PySide6.QtWebEngineWidgets",
}  # fmt: skip
"""The desktop program has no network code."""

GPL_ONLY = {
    "PySide6.QtCharts",
    "PySide6.QtGraphs",
    "PySide6.QtDataVisualization",
    "PySide6.QtVirtualKeyboard",
}
"""Modules of Qt that are not under the LGPL."""

ANY_ALLOWED = (
    "app.cli",
    "app.files.",
    "app.storage.",
    "app.crypto.",
    "app.questionnaire.",
    "reports.kit.",
    "db.",
)
"""Adapters: they speak with untyped libraries."""

WINDOW = ("app.ui", "app.wiring")
"""The window and what joins it to the rest."""


def _within(name: str, roots: set[str]) -> bool:
    return any(name == root or name.startswith(root + ".") for root in roots)


def _found(wanted: set[str], among: list[Source]) -> list[str]:
    return [
        f"{one.path}:{line} {name}" for one in among for line, name in imports(one) if _within(name, wanted)
    ]


def test_the_domain_uses_the_standard_library_only_and_the_journal_msgspec_besides() -> None:
    for folder, more in (("app/domain", set[str]()), ("app/journal", {"msgspec"})):
        allowed = set(sys.stdlib_module_names) | {"app"} | more
        strange = [
            f"{one.path}:{line} {name}"
            for one in sources(folder)
            for line, name in imports(one)
            if name.split(".")[0] not in allowed
        ]
        assert strange == []


def test_the_domain_and_the_journal_do_not_reach_outside() -> None:
    assert _found(OUTSIDE_WORLD, sources("app/domain", "app/journal")) == []


def test_the_program_has_no_network_code() -> None:
    assert _found(NETWORK, sources(*PRODUCT)) == []


def test_no_module_of_qt_under_the_gpl_only() -> None:
    assert _found(GPL_ONLY, sources("app")) == []


def test_no_star_imports() -> None:
    assert [
        f"{one.path}:{line}"
        for one in sources(*PRODUCT)
        for line, name in imports(one)
        if name.endswith(".*")
    ] == []


def test_any_stays_in_the_adapters() -> None:
    loose = [
        f"{one.path}:{line}"
        for one in sources("app", "reports")
        for line, name in imports(one)
        if name == "typing.Any" and not one.module.startswith(ANY_ALLOWED)
    ]
    assert loose == []


def test_everything_outside_the_window_runs_without_qt() -> None:
    modules = [
        one.module
        for one in sources(*PRODUCT)
        if (not one.module.startswith(WINDOW) or one.module == "app.ui.texts")
        and not one.module.endswith(".__main__")
        and one.module != "db.migrations.env"  # run by alembic only
    ]
    script = (
        "import importlib, sys\n"
        "for name in ('PySide6', 'shiboken6'): sys.modules[name] = None\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *modules],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_command_line_answers_without_qt() -> None:
    script = (
        "import sys\n"
        "for name in ('PySide6', 'shiboken6'): sys.modules[name] = None\n"
        "from app.cli import main\n"
        "sys.argv = ['babutong-cli', '--help']\n"
        "sys.exit(main())\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "fields" in ran.stdout
