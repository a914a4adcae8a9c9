"""Packages of Debian 13, for this computer's architecture or another, and what a program needs of them.

The mirror is the one this computer already uses; the signatures are checked by apt with Debian's own keys.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from payload import BUILD

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RELEASE = "trixie"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
MACHINE = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}
LOADER = {"amd64": "ld-linux-x86-64.so.2", "arm64": "ld-linux-aarch64.so.1"}


def mirrors() -> tuple[str, str]:
    """Return this computer's addresses of Debian's archive and of its security updates."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN)", "Created-By: Packages"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    sites = [line.split()[0] for line in said.splitlines() if line.endswith(" Debian")]
    security = [site for site in sites if "security" in site]
    archive = [site for site in sites if site not in security]
    if not archive:
        raise SystemExit("apt knows no Debian archive; run apt-get update first")
    return archive[0], (security or [""])[0]


def unpacked(arch: str, packages: Sequence[str]) -> Path:
    """Download packages with all they depend on and unpack them side by side; return that folder.

    Kept under ``build/cache`` and made anew when the list of packages or a version in the archive changes.
    """
    base = BUILD / "cache" / f"debian-13-{arch}"
    archives = _download(base, arch, packages)
    root, stamp = base / "root", base / "unpacked"
    names = "\n".join(path.name for path in archives)
    if stamp.is_file() and stamp.read_text() == names:
        return root
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    # The merged /usr of today's Debian: what a package puts into /lib lies in /usr/lib.
    for name in ("lib", "bin", "sbin", "lib64"):
        (root / "usr" / name).mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(f"usr/{name}")
    for path in archives:
        _unpack(path, root)
    stamp.write_text(names)
    return root


def _download(base: Path, arch: str, packages: Sequence[str]) -> list[Path]:
    archive, security = mirrors()
    for folder in ("lists/partial", "cache/archives/partial"):
        (base / folder).mkdir(parents=True, exist_ok=True)
    (base / "status").touch()
    source = f"deb [signed-by={KEYRING}] {archive} {RELEASE} main\n"
    if security:
        source += f"deb [signed-by={KEYRING}] {security} {RELEASE}-security main\n"
    (base / "sources.list").write_text(source)
    options = {
        "APT::Architecture": arch,
        "APT::Architectures": arch,
        "APT::Sandbox::User": "root",
        "Dir::Cache": f"{base}/cache",
        "Dir::Etc::SourceList": f"{base}/sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": f"{base}/lists",
        "Dir::State::Status": f"{base}/status",
    }
    apt = ["apt-get", "--quiet=2", *(part for item in options.items() for part in ("-o", "=".join(item)))]
    subprocess.run([*apt, "update"], check=True, stdout=subprocess.DEVNULL)
    install = [*apt, "install", "--yes", "--no-install-recommends"]
    subprocess.run([*install, "--download-only", *packages], check=True, stdout=subprocess.DEVNULL)
    plan = [*install, "--simulate", *packages]
    said = subprocess.run(plan, check=True, capture_output=True, text=True).stdout
    chosen = re.findall(r"^Inst (\S+) \((\S+) ", said, re.MULTILINE)
    archives = base / "cache" / "archives"
    return [next(archives.glob(f"{name}_{_escaped(number)}_*.deb")) for name, number in sorted(chosen)]


def _escaped(number: str) -> str:
    """Return a version as apt writes it into the name of a file."""
    return number.replace(":", "%3a")


def _unpack(path: Path, root: Path) -> None:
    """Unpack one archive; links with a target in ``/`` are kept inside ``root`` by the reader below."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(path)], stdout=subprocess.PIPE) as packed:
        # --keep-directory-symlink: /lib stays the link to /usr/lib.
        unpack = ["tar", "-x", "--keep-directory-symlink", "--no-same-owner", "-C", str(root)]
        subprocess.run(unpack, stdin=packed.stdout, check=True)
    if packed.returncode:
        raise SystemExit(f"{path.name} cannot be unpacked")


def real(root: Path, path: Path) -> Path:
    """Follow symbolic links as a program inside ``root`` would."""
    while path.is_symlink():
        target = path.readlink()
        path = root / target.relative_to("/") if target.is_absolute() else path.parent / target
    return path


def libraries(root: Path, arch: str) -> dict[str, Path]:
    """Return every shared library of an unpacked folder by its file name."""
    folders = [root / "usr" / "lib" / MACHINE[arch], root / "usr" / "lib", root / "usr" / "lib64"]
    return {path.name: path for folder in reversed(folders) for path in sorted(folder.glob("*.so*"))}


def needed(path: Path) -> list[str]:
    """Return the names of the shared libraries an ELF file asks for; none for any other file."""
    with path.open("rb") as file:
        if file.read(4) != b"\x7fELF":
            return []
    said = subprocess.run(["readelf", "-d", str(path)], capture_output=True, text=True, check=True).stdout
    return re.findall(r"\(NEEDED\)\s+Shared library: \[([^\]]+)\]", said)


def owner(root: Path, name: str) -> str:
    """Return the name of the folder under ``usr/share/doc`` that describes where a library comes from."""
    base = root.parent
    listed = base / "owners.txt"
    if not listed.is_file() or listed.stat().st_mtime < (base / "unpacked").stat().st_mtime:
        listed.write_text("".join(_contents(path) for path in sorted(base.glob("cache/archives/*.deb"))))
    for line in listed.read_text().splitlines():
        package, _, file = line.partition("\t")
        if file == name:
            return package
    raise SystemExit(f"no package holds {name}")


def _contents(archive: Path) -> str:
    """Return a line ``package<TAB>library`` for every shared library of one archive."""
    asked = ["dpkg-deb", "--contents", str(archive)]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    found = re.findall(r"/([^/\s]+\.so[.\d]*)(?= -> |$)", said, re.MULTILINE)
    return "".join(f"{archive.name.split('_')[0]}\t{name}\n" for name in found)
