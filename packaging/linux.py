"""Build the Linux bundle: the tree with its own C library and Python, the portable folder and the .deb.

    sh packaging/linux.sh                        for this computer's architecture
    sh packaging/linux.sh --arch arm64           for another one; nothing of it has to run here
    sh packaging/linux.sh --only tree            no archives

Writes ``build/linux-<arch>/babutong`` and, from it, ``dist/``. The layout and its reasons are
docs/decisions/0011-installed-tree.md; what was tried on old systems is docs/installing.md.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import debian
import icu
import linux_archives
import payload
import wheels

PYTHON = wheels.PYTHON["linux-amd64"]
HERE = Path(__file__).resolve().parent / "linux"
CONTENTS = tomllib.loads((HERE / "contents.toml").read_text(encoding="utf-8"))
_FCITX = "qt6/plugins/platforminputcontexts/libfcitxplatforminputcontextplugin-qt6.so"
LIMIT_TREE, LIMIT_DEB = 230.0, 65.0
"""MB (10^6 bytes) that a tree and a .deb may have."""


def main() -> int:
    """Build what was asked for; 1 when a bundle is larger than it may be."""
    own = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
    parser = argparse.ArgumentParser(prog="linux.sh")
    parser.add_argument("--arch", choices=["amd64", "arm64"], default=own)
    parser.add_argument("--only", choices=["tree", "deb", "portable"], action="append")
    arguments = parser.parse_args()
    parts = set(arguments.only or ["tree", "deb", "portable"])
    root = build_tree(arguments.arch, own)
    sizes = [("tree", payload.megabytes(root), LIMIT_TREE)]
    payload.DIST.mkdir(exist_ok=True)
    if "portable" in parts:
        made = linux_archives.portable(root, arguments.arch)
        print(f"{made.relative_to(payload.ROOT)}: {payload.megabytes(made):.1f} MB")
    if "deb" in parts:
        made = linux_archives.deb(root, arguments.arch)
        print(f"{made.relative_to(payload.ROOT)}: {payload.megabytes(made):.1f} MB")
        sizes.append(("deb", payload.megabytes(made), LIMIT_DEB))
    for name, size, limit in sizes:
        print(f"{name}: {size:.1f} MB of {limit:.0f}")
    return int(any(size > limit for _, size, limit in sizes))


def build_tree(arch: str, own: str) -> Path:
    """Assemble the root folder for an architecture; ``own`` is the one whose Python runs here."""
    root = payload.BUILD / f"linux-{arch}" / "babutong"
    shutil.rmtree(root, ignore_errors=True)
    tree = root / "versions" / payload.version()
    system = debian.unpacked(arch, CONTENTS["packages"])
    payload.copy_program(tree / "program")
    payload.unpack_wheels(wheels.fetch(f"linux-{arch}"), tree / "site")
    _take_python(system, arch, tree)
    _strip(tree / "site", arch)
    icu.cut(next(tree.glob("site/PySide6/Qt/lib/libicudata.so.*")), arch)
    _take_libraries(system, arch, tree)
    payload.copy_licences(tree / "licenses")
    _debian_licences(system, tree)
    _compile(tree, own)
    _write_starters(root, tree, arch)
    payload.settle_modes(root, _executables(tree, arch) | {"babutong", "babutong-cli", "install.sh"})
    payload.write_manifest(tree, f"linux-{arch}")
    (tree / "files.json").chmod(0o644)
    return root


def _executables(tree: Path, arch: str) -> set[str]:
    inside = ["run", f"runtime/bin/python{PYTHON}", f"runtime/lib/{debian.LOADER[arch]}"]
    return {f"versions/{tree.name}/{name}" for name in inside}


def _take_python(system: Path, arch: str, tree: Path) -> None:
    """Copy Python, its library without what the program never loads, and the paths it looks in."""
    runtime = tree / "runtime"
    library = runtime / "lib" / f"python{PYTHON}"
    (runtime / "bin").mkdir(parents=True)
    shutil.copyfile(system / "usr" / "bin" / f"python{PYTHON}", runtime / "bin" / f"python{PYTHON}")
    shutil.copytree(
        system / "usr" / "lib" / f"python{PYTHON}",
        library,
        ignore=shutil.ignore_patterns(*CONTENTS["stdlib_dropped"], *CONTENTS["dynload_dropped"]),
        symlinks=True,
    )
    for link in [path for path in library.rglob("*") if path.is_symlink()]:
        target = debian.real(system, system / "usr" / "lib" / f"python{PYTHON}" / link.relative_to(library))
        link.unlink()
        if target.is_file():
            shutil.copyfile(target, link)
    # A path file instead of PYTHONPATH: programs started from ours must not see our paths.
    packages = library.parent / "python3" / "dist-packages"
    packages.mkdir(parents=True)
    (packages / "babutong.pth").write_text("../../../../program\n../../../../site\n")
    plugins = tree / "site" / "PySide6" / "Qt" / "plugins" / "platforminputcontexts"
    shutil.copyfile(system / "usr" / "lib" / debian.MACHINE[arch] / _FCITX, plugins / Path(_FCITX).name)


def _take_libraries(system: Path, arch: str, tree: Path) -> None:
    """Copy every shared library of Debian that something in the tree asks for, and what those ask for."""
    lib = tree / "runtime" / "lib"
    available = debian.libraries(system, arch)
    inside = {path.name for path in (tree / "site").rglob("*.so*")}
    waiting = [path for path in tree.rglob("*") if path.is_file()]
    # Loaded by name at run time, so that no file says it is needed.
    wanted = {debian.LOADER[arch], "libgcc_s.so.1", "libnss_files.so.2"} & set(available)
    while waiting or wanted:
        for path in waiting:
            wanted |= set(debian.needed(path))
        fresh = sorted(name for name in wanted if name not in inside and not (lib / name).exists())
        missing = [name for name in fresh if name not in available]
        if missing:
            raise SystemExit(f"no package of the list holds {', '.join(missing)}")
        for name in fresh:
            shutil.copyfile(debian.real(system, available[name]), lib / name)
        waiting, wanted = [lib / name for name in fresh], set()
    (tree / "runtime" / "etc").mkdir()
    shutil.copyfile(HERE / "fonts.conf", tree / "runtime" / "etc" / "fonts.conf")


def _strip(site: Path, arch: str) -> None:
    """Take debugging symbols out of the libraries; those of Qt and PySide stay byte for byte."""
    tool = "strip" if platform.machine() in debian.MACHINE[arch] else f"{debian.MACHINE[arch]}-strip"
    for path in sorted(site.rglob("*.so*")):
        if path.name.startswith("libicu") or not {"PySide6", "shiboken6"} & set(path.parts):
            subprocess.run([tool, "--strip-unneeded", str(path)], check=True)


def _debian_licences(system: Path, tree: Path) -> None:
    """Copy the licence text of every Debian package a file was taken from, and name its version."""
    target = tree / "licenses" / "debian"
    target.mkdir()
    owners = {debian.owner(system, path.name) for path in (tree / "runtime" / "lib").glob("*.so*")}
    owners |= {f"python{PYTHON}-minimal", f"libpython{PYTHON}-stdlib", "fcitx-frontend-qt6"}
    archives = system.parent / "cache" / "archives"
    lines = []
    for package in sorted(owners):
        text = debian.real(system, system / "usr" / "share" / "doc" / package) / "copyright"
        shutil.copyfile(debian.real(system, text), target / f"{package}.txt")
        name = next(archives.glob(f"{package}_*.deb")).name
        lines.append(" ".join(name.removesuffix(".deb").replace("%3a", ":").split("_")))
    (target / "VERSIONS.txt").write_text("\n".join(lines) + "\n")


def _compile(tree: Path, own: str) -> None:
    """Compile all Python files with the same Python; compiled files are alike on every architecture.

    Our own files stay readable beside the compiled ones; of the libraries only the compiled ones stay.
    """
    system = debian.unpacked(own, CONTENTS["packages"])
    loader = debian.real(system, debian.libraries(system, own)[debian.LOADER[own]])
    # Unchecked: no look at the source at every start, and no harm when a copy changes dates.
    command = [str(loader), "--library-path", str(system / "usr" / "lib" / debian.MACHINE[own])]
    command += [str(system / "usr" / "bin" / f"python{PYTHON}"), "-s", "-m", "compileall", "-q"]
    command += ["--invalidation-mode", "unchecked-hash", "-s", str(tree)]
    environment = {"PYTHONHOME": str(system / "usr"), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    libraries = [tree / "site", tree / "runtime" / "lib"]
    for more in ([str(tree / "program")], ["-b", *map(str, libraries)]):
        subprocess.run([*command, *more], check=True, env=environment, stdout=sys.stderr)
    for folder in libraries:
        for source in folder.rglob("*.py"):
            if not source.with_suffix(".pyc").is_file():
                raise SystemExit(f"not compiled: {source}")
            source.unlink()


def _write_starters(root: Path, tree: Path, arch: str) -> None:
    """Write the launcher, the starter of this version and the small files that say which one it is."""
    text = (HERE / "run").read_text(encoding="utf-8")
    text = text.replace("@PYTHON@", PYTHON).replace("@LOADER@", debian.LOADER[arch])
    (tree / "run").write_text(text, encoding="utf-8")
    for name in ("babutong", "babutong-cli"):
        shutil.copyfile(HERE / "launch", root / name)
    (root / "current").write_text(f"{tree.name}\n")
    (root / "channel").write_text("portable\n")


if __name__ == "__main__":
    sys.exit(main())
