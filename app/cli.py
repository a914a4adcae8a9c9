"""``babutong-cli``: the program without a window, for scripts and tests."""

from __future__ import annotations

import argparse
import json
import sys

from app.domain.fields import FIELDS


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 done, 2 not asked rightly."""
    parser = argparse.ArgumentParser(prog="babutong-cli")
    commands = parser.add_subparsers(dest="command", required=True)
    fields = commands.add_parser(
        "fields", help="kind, code, type, unit and whether it is personal, of every field"
    )
    fields.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    rows = [
        {
            "kind": kind.value,
            "code": one.code,
            "type": one.type.value,
            "unit": one.unit,
            "sensitive": one.sensitive,
        }
        for kind, table in FIELDS.items()
        for one in table.values()
    ]
    if asked.json:
        json.dump(rows, sys.stdout, ensure_ascii=False)
    else:
        sys.stdout.writelines("\t".join(str(cell) for cell in row.values()) + "\n" for row in rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
