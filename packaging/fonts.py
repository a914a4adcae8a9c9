"""Build the fonts that ship in ``reports/assets/fonts`` from distribution packages.

    python packaging/fonts.py            fetch the packages, rebuild every face, rewrite SHA256SUMS
    python packaging/fonts.py --check    no network: compare the shipped faces with SHA256SUMS

Sources are Debian 12 packages (``apt-get download``, unpacked with ``dpkg-deb``, nothing installed) and npm
packages (``npm pack``), in the versions named below, each checked against its SHA-256. A face is either
copied unaltered or cut down with fontTools: no hinting, no layout tables (the kit draws glyph ids), and a new
family name, because the Open Font License reserves the original names for unmodified fonts.

The 8105 characters of 通用规范汉字表 are read from the ``kTGH`` field of the Unicode Han database; 级别2 of
GB 18030-2022 is the blocks of the standard plus that list.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parent.parent / "reports" / "assets" / "fonts"
SUMS = "SHA256SUMS"
LICENSES = "LICENSES"


class Market(StrEnum):
    """Where a source package comes from."""

    DEBIAN = "debian"
    NPM = "npm"


@dataclass(frozen=True, slots=True)
class Package:
    """One source package; ``sha256`` is of the archive as downloaded."""

    market: Market
    name: str
    version: str
    sha256: str


SONG = Package(
    Market.NPM,
    "@expo-google-fonts/noto-serif-sc",
    "0.4.3",
    "ff6bcf5ba68d92dfecc05544bb150f9e724741a932354a0dd97e7289c40a3f5e",
)
HEI = Package(
    Market.NPM,
    "@expo-google-fonts/noto-sans-sc",
    "0.4.3",
    "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
)
KAI = Package(
    Market.DEBIAN,
    "fonts-lxgw-wenkai",
    "1.250+repack-1",
    "6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe304615318",
)
FANG = Package(
    Market.DEBIAN,
    "texlive-lang-chinese",
    "2022.20230122-1",
    "9cfa07bd44e7b9098e26f0ecac1b5ad210d2249d474c8074d53de92d650b0ec0",
)
LATIN = Package(
    Market.DEBIAN,
    "fonts-liberation2",
    "2.1.5-1",
    "35ffaa54f117e633e89a5da89af235a073b34dbe582726fbf6989568f7fd9bda",
)
HAN_DATABASE = Package(
    Market.DEBIAN,
    "unicode-data",
    "15.0.0-1",
    "5efef23bbb1c6a133ecbdd63a2cfa07159ccacf5466a49e2426101c5ecd691fc",
)
PACKAGES = (SONG, HEI, KAI, FANG, LATIN, HAN_DATABASE)


class Repertoire(StrEnum):
    """Which Han characters a cut-down face keeps."""

    COMMON = "8105"  # 通用规范汉字表
    LEVEL2 = "L2"  # GB 18030-2022 级别2


@dataclass(frozen=True, slots=True)
class Cut:
    """A face made by cutting down another one."""

    family: str
    package: Package
    path: str
    repertoire: Repertoire


@dataclass(frozen=True, slots=True)
class Copy:
    """A file shipped as it is."""

    target: str
    package: Package
    path: str


_WENKAI = "usr/share/fonts/truetype/lxgw-wenkai"
CUTS = (
    Cut("GWSong-L2", SONG, "package/400Regular/NotoSerifSC_400Regular.ttf", Repertoire.LEVEL2),
    Cut("GWBiaoSong-8105", SONG, "package/700Bold/NotoSerifSC_700Bold.ttf", Repertoire.COMMON),
    Cut("GWHei-8105", HEI, "package/500Medium/NotoSansSC_500Medium.ttf", Repertoire.COMMON),
    Cut("GWKai-8105", KAI, f"{_WENKAI}/LXGWWenKai-Regular.ttf", Repertoire.COMMON),
    Cut("GWKaiLight-8105", KAI, f"{_WENKAI}/LXGWWenKai-Light.ttf", Repertoire.COMMON),
)
_TEXMF = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
_TEXDOC = "usr/share/doc/texlive-doc/fonts/fandol"
COPIES = (
    Copy("FandolFang-Regular.otf", FANG, f"{_TEXMF}/FandolFang-Regular.otf"),
    Copy(
        "LiberationSerif-Regular.ttf",
        LATIN,
        "usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf",
    ),
    Copy(f"{LICENSES}/Fandol-README.txt", FANG, f"{_TEXDOC}/README"),
    Copy(f"{LICENSES}/Fandol-GPL-3.txt", FANG, f"{_TEXDOC}/COPYING.gz"),
    Copy(f"{LICENSES}/GWSong-GWBiaoSong-OFL.txt", SONG, "package/LICENSE_FONT"),
    Copy(f"{LICENSES}/GWHei-OFL.txt", HEI, "package/LICENSE_FONT"),
    Copy(f"{LICENSES}/GWKai-OFL.txt", KAI, "usr/share/doc/fonts-lxgw-wenkai/copyright"),
    Copy(f"{LICENSES}/LiberationSerif-OFL.txt", LATIN, "usr/share/doc/fonts-liberation2/copyright"),
)

# 级别2 of GB 18030-2022 outside the 8105 list: unified ideographs, extension A, 21 compatibility ideographs.
_LEVEL2_BLOCKS = ((0x4E00, 0x9FEF), (0x3400, 0x4DB5))
_LEVEL2_COMPATIBILITY = (
    *(0xF92C, 0xF979, 0xF995, 0xF9E7, 0xF9F1, 0xFA0C, 0xFA0D, 0xFA0E, 0xFA0F, 0xFA11, 0xFA13),
    *(0xFA14, 0xFA18, 0xFA1F, 0xFA20, 0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29),
)
# Everything beside Han characters that papers use; a face keeps what it has of these.
_SYMBOL_BLOCKS = (
    (0x0020, 0x024F),  # Latin with the pinyin letters
    (0x02C7, 0x02DD),  # tone marks
    (0x0370, 0x04FF),  # Greek, Cyrillic
    (0x1E00, 0x1EFF),  # Latin additional
    (0x2010, 0x2044),  # dashes, quotation marks, ellipsis, per mille
    (0x2070, 0x209C),  # raised and lowered digits
    (0x20A0, 0x20BF),  # currency
    (0x2100, 0x218F),  # letter-like symbols, number forms
    (0x2190, 0x23FF),  # arrows, operators, technical
    (0x2460, 0x27BF),  # circled numbers, boxes, check marks
    (0x2E80, 0x2FDF),  # radicals
    (0x2FF0, 0x33FF),  # CJK marks, kana, bopomofo, enclosed and squared characters
    (0xFE10, 0xFE6F),  # vertical and small forms
    (0xFF01, 0xFFEE),  # full-width and half-width forms
)


def common_characters(database: Path) -> frozenset[int]:
    """Return the 8105 code points of 通用规范汉字表 from the unpacked Han database package."""
    table = database / "usr/share/unicode/Unihan_OtherMappings.txt.bz2"
    found: set[int] = set()
    with bz2.open(table, "rt", encoding="utf-8") as lines:
        for line in lines:
            code, tab, field = line.partition("\t")
            if tab and field.startswith("kTGH\t"):
                found.add(int(code.removeprefix("U+"), 16))
    if len(found) != 8105:  # noqa: PLR2004 - the size of the standard's list
        sys.exit(f"{table.name}: {len(found)} characters carry kTGH, 8105 expected")
    return frozenset(found)


def repertoire_of(kind: Repertoire, common: frozenset[int]) -> set[int]:
    """Return every code point a face of this repertoire is asked for, symbols included."""
    wanted = set(common)
    for first, last in _SYMBOL_BLOCKS:
        wanted.update(range(first, last + 1))
    if kind is Repertoire.LEVEL2:
        for first, last in _LEVEL2_BLOCKS:
            wanted.update(range(first, last + 1))
        wanted.update(_LEVEL2_COMPATIBILITY)
    return wanted


def cut_down(source: Path, target: Path, family: str, wanted: set[int]) -> None:
    """Write ``source`` reduced to ``wanted`` under a new family name; the same bytes on every run."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.name_languages = [0x409]
    options.drop_tables = [
        *options.drop_tables,
        "GSUB",
        "GPOS",
        "GDEF",
        "BASE",
        "vhea",
        "vmtx",
        "VORG",
        "DSIG",
    ]
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    names = font["name"]
    for record in list(names.names):
        if record.nameID in {1, 3, 4, 6}:
            names.setName(family, record.nameID, record.platformID, record.platEncID, record.langID)
    font.save(target, reorderTables=True)
    font.close()


def fetch(package: Package, work: Path) -> Path:
    """Download and unpack one package under ``work``; return the folder it was unpacked to."""
    print(f"fetching {package.name} {package.version}", flush=True)
    store = work / package.name.rpartition("/")[2]
    store.mkdir()
    if package.market is Market.DEBIAN:
        subprocess.run(
            ["apt-get", "-qq", "download", f"{package.name}={package.version}"], cwd=store, check=True
        )
    else:
        subprocess.run(
            ["npm", "pack", "--silent", f"{package.name}@{package.version}"], cwd=store, check=True
        )
    archive = next(store.iterdir())
    if digest(archive) != package.sha256:
        sys.exit(f"{archive.name}: SHA-256 is {digest(archive)}, {package.sha256} expected")
    tree = store / "tree"
    if package.market is Market.DEBIAN:
        subprocess.run(["dpkg-deb", "-x", archive.name, tree.name], cwd=store, check=True)
    else:
        with tarfile.open(archive) as tar:
            tar.extractall(tree, filter="data")
    return tree


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def copy(source: Path, target: Path) -> None:
    """Copy a file, unpacking it if the distribution compressed it."""
    if source.suffix == ".gz":
        target.write_bytes(gzip.decompress(source.read_bytes()))
    else:
        shutil.copyfile(source, target)


def build(out: Path) -> None:
    """Fetch every package and write all faces, licences and their sums to ``out``."""
    (out / LICENSES).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        trees = {package: fetch(package, Path(folder)) for package in PACKAGES}
        for item in COPIES:
            copy(trees[item.package] / item.path, out / item.target)
        common = common_characters(trees[HAN_DATABASE])
        for cut in CUTS:
            print(f"cutting {cut.family}", flush=True)
            source = trees[cut.package] / cut.path
            cut_down(source, out / f"{cut.family}.ttf", cut.family, repertoire_of(cut.repertoire, common))
        (out / "8105.txt").write_text("".join(map(chr, sorted(common))) + "\n", encoding="utf-8")
    (out / SUMS).write_text(
        "".join(f"{digest(path)}  {name}\n" for name, path in shipped(out)), encoding="ascii"
    )


def shipped(out: Path) -> list[tuple[str, Path]]:
    """Return (name, path) of every file the sums cover, in name order."""
    names = [item.target for item in COPIES] + [f"{cut.family}.ttf" for cut in CUTS] + ["8105.txt"]
    return [(name, out / name) for name in sorted(names)]


def check(out: Path) -> None:
    """Compare the shipped files with the recorded sums; exit 1 and name the first that differs."""
    recorded = dict(
        reversed(line.split("  ", 1)) for line in (out / SUMS).read_text(encoding="ascii").splitlines()
    )
    for name, path in shipped(out):
        if not path.is_file() or recorded.get(name) != digest(path):
            sys.exit(f"{name}: differs from {SUMS}")
    print(f"{len(recorded)} files as recorded")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Build the vendored fonts.")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to")
    parser.add_argument("--check", action="store_true", help="only compare with the recorded sums")
    given = parser.parse_args()
    if given.check:
        check(given.out)
    else:
        build(given.out)


if __name__ == "__main__":
    main()
