"""Pack the Linux tree: a portable folder as .tar.xz, and a .deb that old systems can read.

Both hold the same files in the same order with the date of the commit, so a second build gives equal bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import payload

APP_ID = "org.babutong.app"
"""Package, menu entry and folder under /opt/apps have one name, as the systems of UOS and Kylin ask."""

HERE = Path(__file__).resolve().parent / "linux"
ICON = Path(__file__).resolve().parent / "icon" / "babutong.svg"
# Only filters that xz 5.2 of Debian 11 knows: machine code of x86 has one, that of arm64 none.
XZ = {
    "amd64": ["--x86", "--lzma2=preset=9e,dict=128MiB"],
    "arm64": ["--lzma2=preset=9e,lc=2,lp=2,dict=128MiB"],
}
OWNER = ["--owner=0", "--group=0", "--numeric-owner", "--sort=name"]


def portable(root: Path, arch: str) -> Path:
    """Pack the folder a user unpacks in the home folder; no administrator is needed."""
    for name in ("install.sh", "使用说明.txt"):
        shutil.copyfile(HERE / name, root / name)
    shutil.copyfile(ICON, root / "babutong.svg")
    (root / "install.sh").chmod(0o755)
    made = payload.DIST / f"babutong-{payload.version()}-linux-{arch}.tar.xz"
    made.unlink(missing_ok=True)
    _pack(root.parent, [root.name], made, arch)
    return made


def deb(root: Path, arch: str) -> Path:
    """Pack the .deb: everything under /opt/apps, a menu entry, two commands; no scripts at installation."""
    stage = root.parent / "deb"
    shutil.rmtree(stage, ignore_errors=True)
    base = stage / "opt" / "apps" / APP_ID
    base.mkdir(parents=True)
    # Links, not copies: nothing of the tree changes on the way.
    subprocess.run(["cp", "-al", str(root), str(base / "files")], check=True)
    for name in ("install.sh", "使用说明.txt", "babutong.svg", "channel"):
        (base / "files" / name).unlink(missing_ok=True)
    (base / "files" / "channel").write_text("deb\n")
    _menu_entry(stage, base, arch)
    (stage / "usr" / "bin").mkdir(parents=True)
    for name in ("babutong", "babutong-cli"):
        (stage / "usr" / "bin" / name).symlink_to(f"/opt/apps/{APP_ID}/files/{name}")
    _control(stage, arch)
    made = payload.DIST / f"{APP_ID}_{payload.version()}_{arch}.deb"
    _archive(stage, made, arch)
    shutil.rmtree(stage)
    return made


def _archive(stage: Path, made: Path, arch: str) -> None:
    """Put a .deb together as deb(5) says: dpkg-deb itself cannot be told how xz should work."""
    parts = [stage / "debian-binary", stage / "control.tar.xz", stage / "data.tar.xz"]
    parts[0].write_text("2.0\n")
    _pack(stage / "DEBIAN", ["."], parts[1], arch)
    _pack(stage, ["./opt", "./usr"], parts[2], arch)
    made.unlink(missing_ok=True)
    subprocess.run(["ar", "rcDS", str(made), *map(str, parts)], check=True)
    # Another program must be able to read it.
    subprocess.run(["dpkg-deb", "--contents", str(made)], check=True, stdout=subprocess.DEVNULL)


def _pack(folder: Path, names: list[str], made: Path, arch: str) -> None:
    """Pack ``names`` below ``folder``: xz, which the dpkg of old systems reads, in one stream."""
    pack = ["tar", "-c", *OWNER, f"--mtime=@{payload.day_of_build()}", "-C", str(folder), *names]
    with made.open("wb") as out, subprocess.Popen(pack, stdout=subprocess.PIPE) as packing:
        subprocess.run(["xz", "-T1", *XZ[arch]], stdin=packing.stdout, stdout=out, check=True)
    if packing.returncode:
        raise SystemExit(f"{made.name} could not be packed")


def _menu_entry(stage: Path, base: Path, arch: str) -> None:
    text = (HERE / "babutong.desktop").read_text(encoding="utf-8")
    text = text.replace("@EXEC@", f"/opt/apps/{APP_ID}/files/babutong").replace("@ICON@", APP_ID)
    for share in (base / "entries", stage / "usr" / "share"):
        (share / "applications").mkdir(parents=True)
        (share / "applications" / f"{APP_ID}.desktop").write_text(text, encoding="utf-8")
        icons = share / "icons" / "hicolor" / "scalable" / "apps"
        icons.mkdir(parents=True)
        shutil.copyfile(ICON, icons / f"{APP_ID}.svg")
    info = {
        "appid": APP_ID,
        "arch": [arch],
        "name": "八步通",
        "permissions": {},
        "version": f"{payload.version()}.0",
    }
    (base / "info").write_text(json.dumps(info, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _control(stage: Path, arch: str) -> None:
    notices = stage / "usr" / "share" / "doc" / APP_ID
    notices.mkdir(parents=True)
    shutil.copyfile(payload.ROOT / "THIRD_PARTY_NOTICES.md", notices / "copyright")
    size = sum(path.lstat().st_size for path in stage.rglob("*")) // 1024
    text = (HERE / "control").read_text(encoding="utf-8")
    for name, value in (("VERSION", f"{payload.version()}.0"), ("ARCH", arch), ("SIZE", str(size))):
        text = text.replace(f"@{name}@", value)
    (stage / "DEBIAN").mkdir()
    (stage / "DEBIAN" / "control").write_text(text, encoding="utf-8")
    sums = []
    for path in sorted(stage.rglob("*")):
        if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.relative_to(stage).parts:
            # The form dpkg --verify reads; it says nothing about trust.
            digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            sums.append(f"{digest}  {path.relative_to(stage)}\n")
    (stage / "DEBIAN" / "md5sums").write_text("".join(sums), encoding="utf-8")
    for path in (stage, *stage.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    for path in (stage / "DEBIAN").iterdir():
        path.chmod(0o644)
