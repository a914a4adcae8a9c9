"""Cut ICU's data, a third of Qt's size on Linux, down to Chinese, English and the language-neutral parts.

Qt asks it for the order of words and for legacy encodings only; five hundred other languages stay out. The
items are taken out by ICU's own ``icupkg``, so what stays is unchanged; the library around them is made anew.
"""

from __future__ import annotations

import platform
import re
import subprocess
import tempfile
from pathlib import Path

from debian import MACHINE

_LANGUAGES = r"(root|en|en_US|zh|zh_CN|zh_Hans|zh_Hans_CN|pool|res_index)"
_KEPT = re.compile(
    rf"(coll/)?{_LANGUAGES}\.res|coll/ucadata\.icu"
    r"|[a-z]+[A-Z]\w*\.res|(icu|metadata|plurals|pluralRanges|zoneinfo64|windowsZones|keyTypeData)\w*\.res"
    r"|(cnvalias|ulayout|uemoji)\.icu|[^/]+\.nrm"
    r"|(gb|windows-936|ibm-1383|euc-cn|iso-8859_1|us-ascii|ibm-5348|windows-1252)[^/]*\.cnv"
)


def cut(library: Path, arch: str) -> None:
    """Replace ``libicudata.so.N`` by one with the same name, symbol and items, less those left out."""
    asked = ["readelf", "-sW", "--dyn-syms", str(library)]
    symbols = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    found = re.search(r"\s([0-9a-f]{16})\s+(0x[0-9a-f]+|\d+)\s+OBJECT\s.*\s(icudt(\d+)_dat)\b", symbols)
    if found is None:
        raise SystemExit(f"{library.name} holds no ICU data")
    start, size = int(found[1], 16), int(found[2], 0)
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / f"icudt{found[4]}l.dat"
        # In this library the data stands in the first loaded segment, at the same place as in the file.
        data.write_bytes(library.read_bytes()[start : start + size])
        if data.read_bytes()[2:4] != b"\xda\x27":
            raise SystemExit(f"{library.name}: no ICU data at its symbol")
        _take_out(data)
        _link(data, found[3], library, arch)


def _take_out(data: Path) -> None:
    listed = subprocess.run(["icupkg", "-l", str(data)], capture_output=True, text=True, check=True).stdout
    unwanted = [name for name in listed.split() if _KEPT.fullmatch(name) is None]
    names = data.with_name("unwanted.txt")
    names.write_text("\n".join(unwanted))
    subprocess.run(["icupkg", "--ignore-deps", "-r", str(names), str(data)], check=True, capture_output=True)


def _link(data: Path, symbol: str, library: Path, arch: str) -> None:
    source, part = data.with_name("data.s"), data.with_name("data.o")
    lines = [
        ".section .rodata",
        ".balign 16",
        f".globl {symbol}",
        f".type {symbol}, %object",
        f"{symbol}:",
        f'.incbin "{data}"',
        f".size {symbol}, .-{symbol}",
        '.section .note.GNU-stack,"",%progbits',
    ]
    source.write_text("\n".join(lines) + "\n")
    prefix = "" if platform.machine() in MACHINE[arch] else f"{MACHINE[arch]}-"
    subprocess.run([f"{prefix}as", "-o", str(part), str(source)], check=True)
    link = [f"{prefix}ld", "-shared", "-Bsymbolic", "-soname", library.name, "-z", "noexecstack"]
    subprocess.run([*link, "-o", str(library), str(part)], check=True)
