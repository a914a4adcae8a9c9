"""Build the tree and the two set-up programs for Windows, on Linux: the program's and the paper fonts'.

    sh packaging/windows.sh [--python ZIP]

Needs ``makensis`` (Debian package nsis), ``objdump`` (binutils) and the file ``windows_python.toml`` names;
without that file all the rest is built and checked, and the set-up program says that it is incomplete (exit
code 3). The layout is docs/decisions/0011-installed-tree.md; why there are two, 0012-windows-fonts-apart.md.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import payload
import wheels
import windows_parts as parts

PLATFORM = "windows-amd64"
HERE = payload.ROOT / "packaging"
SCRIPTS = HERE / "windows"
ICON = HERE / "icon" / "babutong.ico"
INPUTS = payload.BUILD / "inputs"
WORK = payload.BUILD / "windows-work"

LIMIT_MB = 40  # the set-up program; it travels on sticks and through chat programs
LIMIT_FONTS_MB = 22  # the one of the fonts, which travels once
DICTIONARY_MB = 64  # of memory while unpacking; 128 would make the set-up program 1 % smaller
LIMIT_PATH = 180  # characters inside the tree: Windows allows 260, the user's folder takes up to 80 of them
MIB = 1 << 20
FONTS_MOMENT = 1_700_000_000  # of the fonts' set-up program, whatever the commit
MISSING_INPUT = 3
"""Exit code: all is built but Python is not in it."""

SYSTEM = re.compile(
    r"(api-ms-win-[\w-]+|advapi32|authz|bcrypt|bcryptprimitives|comctl32|comdlg32|crypt32|d3d11|d3d12|d3d9"
    r"|d3dcompiler_47|dnsapi|dwmapi|dwrite|dxgi|gdi32|imm32|iphlpapi|kernel32|mpr|netapi32|ntdll|ole32|oleaut32"
    r"|rpcrt4|secur32|setupapi|shell32|shlwapi|uiautomationcore|user32|userenv|usp10|uxtheme|version"
    r"|winhttp|winmm|ws2_32|wtsapi32)\.dll|winspool\.drv"
)
"""Libraries every Windows 10 has."""

FROM_PYTHON = frozenset({"python3.dll", "python311.dll", "vcruntime140.dll", "vcruntime140_1.dll"})
"""Libraries the missing Python would bring."""

# The last is no matter to Windows but to the script that unpacks.
_BAD_NAME = re.compile(r'[<>:"|?*\\\x00-\x1f$]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PythonInput:
    """The embeddable Python this is built with: ``windows_python.toml``."""

    version: str
    file: str
    sha256: str

    @property
    def minor(self) -> str:
        """``3.11``."""
        return ".".join(self.version.split(".")[:2])

    @property
    def tag(self) -> str:
        """``python311``, as its files are named."""
        return "python" + self.minor.replace(".", "")


def python_input() -> PythonInput:
    """Read which Python is wanted."""
    return PythonInput(**tomllib.loads((HERE / "windows_python.toml").read_text(encoding="utf-8")))


def find_python(wanted: PythonInput, asked: Path | None) -> Path | None:
    """Return the file to unpack, or None when nobody has put it in place.

    Raises:
        SystemExit: the named file is not there, or a file is not the one this was made for.
    """
    path = asked or INPUTS / wanted.file
    if not path.is_file():
        if asked:
            raise SystemExit(f"there is no {asked}")
        return None
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != wanted.sha256:
        raise SystemExit(f"{path} is not {wanted.file}: its SHA-256 is {found}, wanted is {wanted.sha256}")
    return path


def search_path(wanted: PythonInput) -> str:
    """Return the text of ``python311._pth``: where this Python looks for modules, and nowhere else.

    Without a line ``import site`` neither the user's own packages nor the environment have a say.
    """
    return "\n".join([f"{wanted.tag}.zip", ".", r"..\program", r"..\site", ""])


def assemble(version: str, wanted: PythonInput, python: Path | None) -> Path:
    """Build the root folder anew, without the launcher; returns it."""
    root = payload.BUILD / PLATFORM
    shutil.rmtree(root, ignore_errors=True)
    tree = root / "versions" / version
    payload.copy_program(tree / "program")
    payload.unpack_wheels(wheels.fetch(PLATFORM), tree / "site")
    payload.copy_licences(tree / "licenses")
    if python is not None:
        parts.unpack_python(python, tree / "runtime", f"{wanted.tag}.zip")
        (tree / "runtime" / f"{wanted.tag}._pth").write_text(search_path(wanted), encoding="utf-8")
    parts.compile_modules(tree, wanted.minor)
    payload.settle_modes(tree, executables=set())
    payload.write_manifest(tree, PLATFORM)
    (root / "current").write_text(version + "\n", encoding="ascii")
    (root / "channel").write_text("windows\n", encoding="ascii")
    (root / "babutong-cli.cmd").write_bytes(command_file((SCRIPTS / "babutong-cli.cmd").read_text("utf-8")))
    return root


def command_file(text: str) -> bytes:
    """Encode a batch file as the Chinese console reads it: code page 936, Windows line ends."""
    return text.replace("\n", "\r\n").encode("gbk")


def imports(root: Path) -> dict[str, set[str]]:
    """Return which libraries (lower case) every program and library of the tree loads, by its path."""
    found = {}
    for path in sorted(root.rglob("*")):
        if path.suffix.lower() in {".dll", ".pyd", ".exe"}:
            said = subprocess.run(["objdump", "-p", str(path)], capture_output=True, text=True, check=True)
            found[path.relative_to(root).as_posix()] = library_names(said.stdout)
    return found


def library_names(objdump: str) -> set[str]:
    """Return the libraries named in what ``objdump -p`` says of one file, in lower case."""
    return {name.lower() for name in re.findall(r"^\s*DLL Name: (\S+)\s*$", objdump, re.MULTILINE)}


def unresolved(loads: dict[str, set[str]]) -> dict[str, list[str]]:
    """Return the libraries that Windows would not find, each with who wants it.

    A library is looked for as Python and Qt make Windows look: beside the one that wants it, beside
    ``python.exe``, in the ``.libs`` folders of wheels, and, for Qt's own, in the folders of its bindings.
    """
    there = {path.lower() for path in loads}
    shared = sorted({str(Path(path).parent) for path in there if Path(path).parent.name.endswith(".libs")})
    missing: dict[str, list[str]] = {}
    for path, names in sorted(loads.items()):
        for name in sorted(names):
            places = [*_places(path.lower()), *shared]
            if not SYSTEM.fullmatch(name) and not any(f"{place}/{name}" in there for place in places):
                missing.setdefault(name, []).append(path)
    return missing


def _places(path: str) -> list[str]:
    parts = Path(path).parts
    if parts[0] != "versions":
        return []
    version = "/".join(parts[:2])
    places = [str(Path(path).parent), f"{version}/runtime"]
    if parts[3] in {"pyside6", "shiboken6"}:
        places += [f"{version}/site/pyside6", f"{version}/site/shiboken6"]
    return places


def path_problems(paths: list[str]) -> list[str]:
    """Return what Windows would not unpack: paths too long, names it refuses or takes for the same."""
    problems = [f"longer than {LIMIT_PATH}: {path}" for path in paths if len(path) > LIMIT_PATH]
    problems += [
        f"no name for Windows: {path}" for path in paths if any(map(_BAD_NAME.search, path.split("/")))
    ]
    folded: dict[str, str] = {}
    for path in paths:
        other = folded.setdefault(path.lower(), path)
        if other != path:
            problems.append(f"the same for Windows: {other} and {path}")
    return problems


def check(root: Path, *, complete: bool) -> None:
    """Look for what would only be noticed on the user's computer.

    Raises:
        SystemExit: with everything that is wrong.
    """
    paths = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    problems = path_problems(sorted(paths))
    loads = imports(root)
    missing = unresolved(loads)
    from_input = set() if complete else missing.keys() & FROM_PYTHON
    problems += [
        f"{name} is missing, wanted by {', '.join(users)}"
        for name, users in missing.items()
        if name not in from_input
    ]
    if problems:
        raise SystemExit("\n".join(problems))
    print(f"{len(paths)} files, longest path {max(map(len, paths))} characters")
    print(f"{len(loads)} programs and libraries load only each other and what Windows 10 has")
    if from_input:
        print(f"from the missing input: {', '.join(sorted(from_input))}")


def make_launcher(root: Path, version: str) -> None:
    """Compile ``babutong.exe``."""
    makensis("launcher.nsi", {"VERSION": version, "OUTPUT": str(root / "babutong.exe")})


def make_setup(root: Path, version: str, *, complete: bool) -> Path:
    """Compile the set-up program; returns its file."""
    tree = root / "versions" / version
    fonts = parts.fonts_of(tree)
    for old in (setup_name(version, complete=True), setup_name(version, complete=False)):
        (payload.DIST / old).unlink(missing_ok=True)
    payload.DIST.mkdir(exist_ok=True)
    setup = payload.DIST / setup_name(version, complete=complete)
    size = payload.megabytes(tree) * 1e6
    defined = {
        "VERSION": version,
        "TREE": str(root),
        "FILES": generated("files.nsi", unpacking(tree, fonts.faces)),
        "FONTS_ID": fonts.ident,
        "FONTS_SETUP": fonts.setup_name,
        "FONTS_LIST": generated("fonts.nsi", parts.fonts_listing(fonts)),
        # Twice: the set-up program keeps what it has decompressed until it ends. The fonts are copied.
        "NEED_MB": str(math.ceil((2 * size - fonts.size) / MIB) + 50),
        "FONTS_MB": str(math.ceil(fonts.size / MIB)),
        "SIZE_KB": str(math.ceil((size + fonts.size) / 1024)),
        "OUTPUT": str(setup),
    }
    makensis("setup.nsi", defined if complete else defined | {"INCOMPLETE": ""})
    return setup


def make_fonts(root: Path, version: str) -> Path:
    """Compile the set-up program of the fonts; the same fonts give the same file in every version."""
    fonts = parts.fonts_of(root / "versions" / version)
    payload.DIST.mkdir(exist_ok=True)
    for old in payload.DIST.glob("babutong-fonts-*-setup.exe"):
        old.unlink()
    setup = payload.DIST / fonts.setup_name
    defined = {
        "FONTS_ID": fonts.ident,
        "FILES": generated("fonts-files.nsi", parts.fonts_unpacking(fonts)),
        "NEED_MB": str(math.ceil(2 * fonts.size / MIB) + 10),
        "OUTPUT": str(setup),
    }
    makensis("fonts.nsi", defined, moment=FONTS_MOMENT)
    return setup


def generated(name: str, text: str) -> str:
    """Write a script that another includes; returns its path."""
    WORK.mkdir(parents=True, exist_ok=True)
    (WORK / name).write_text(text, encoding="utf-8")
    return str(WORK / name)


def setup_name(version: str, *, complete: bool) -> str:
    """Return the file name of the set-up program; an incomplete one cannot be taken for the other."""
    return f"babutong-{version}-{PLATFORM}-setup{'' if complete else '-without-python'}.exe"


def unpacking(tree: Path, apart: tuple[Path, ...]) -> str:
    """Return the script lines that unpack one version without the files that come ``apart``.

    Every file is named, like beside like: the same tree gives the same set-up program, and a smaller one.
    """
    lines = []
    folder = None
    files = (path for path in tree.rglob("*") if path.is_file() and path not in apart)
    for path in sorted(files, key=_likeness):
        inside = path.relative_to(tree).parent
        if inside != folder:
            folder = inside
            target = "\\".join((r"$INSTDIR\versions\${VERSION}.new", *inside.parts))
            lines.append(f'SetOutPath "{target}"')
        lines.append(f'File "{path}"')
    return "\n".join(lines) + "\n"


def _likeness(path: Path) -> tuple[str, str, str]:
    return path.suffix.lower(), path.parent.as_posix(), path.name


def makensis(script: str, defined: dict[str, str], moment: int | None = None) -> None:
    """Compile one script, as of the commit or another moment; any warning is an error."""
    defined = defined | {"DICTIONARY_MB": str(DICTIONARY_MB)}
    if ICON.is_file():
        defined = defined | {"ICON": str(ICON)}
    defines = [f"-D{name}={value}" for name, value in defined.items()]
    command = ["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *defines, str(SCRIPTS / script)]
    # Without a UTF-8 locale it cannot read its own arguments; the date goes into the program's head.
    environment = os.environ | {
        "LC_ALL": "C.UTF-8",
        "SOURCE_DATE_EPOCH": str(moment or payload.day_of_build()),
    }
    subprocess.run(command, check=True, env=environment)


def settle_times(root: Path) -> None:
    """Give every file the time of the commit, as the set-up program keeps it."""
    moment = payload.day_of_build()
    for path in root.rglob("*"):
        os.utime(path, (moment, moment))


def report(root: Path, version: str, limits: dict[Path, float]) -> bool:
    """Print the sizes; returns whether every set-up program is small enough."""
    for part in sorted((root / "versions" / version).iterdir()):
        print(f"{payload.megabytes(part):8.1f} MB  {part.name}")
    print(f"{payload.megabytes(root):8.1f} MB  {root.name}")
    too_large = []
    for setup, limit in limits.items():
        print(f"{payload.megabytes(setup):8.1f} MB  {setup.name} (limit {limit})")
        if payload.megabytes(setup) > limit:
            too_large.append(f"TOO LARGE: {setup.name} may have {limit} MB")
    print("\n".join(too_large))
    return not too_large


def say_what_is_missing(wanted: PythonInput) -> None:
    """Tell the person who builds which file to get, and where it goes."""
    place = INPUTS / wanted.file
    print(f"\nThe set-up program is INCOMPLETE: {wanted.file} is missing.")
    print("It is the Windows embeddable package (64-bit) of that version from the Python website.")
    print(f"SHA-256  {wanted.sha256}\nPut it at {place}, or name it by --python, and build again.")
    print(f"安装程序不完整：缺少 {wanted.file}。请把它放到 {place} 再构建一次。")


def main(argv: list[str] | None = None) -> int:
    """Build everything; returns the exit code."""
    parser = argparse.ArgumentParser(description="Build the two set-up programs for Windows.")
    parser.add_argument("--python", type=Path, metavar="ZIP", help="the embeddable Python")
    wanted = python_input()
    python = find_python(wanted, parser.parse_args(argv).python)
    complete = python is not None
    version = payload.version()
    root = assemble(version, wanted, python)
    make_launcher(root, version)
    settle_times(root)
    check(root, complete=complete)
    limits: dict[Path, float] = {
        make_setup(root, version, complete=complete): LIMIT_MB,
        make_fonts(root, version): LIMIT_FONTS_MB,
    }
    small_enough = report(root, version, limits)
    if not complete:
        say_what_is_missing(wanted)
    if not small_enough:
        return 1
    return 0 if complete else MISSING_INPUT


if __name__ == "__main__":
    sys.exit(main())
