"""``babutong-cli``: the use cases of the program from a terminal or a script, without a window.

Shapes and exit codes stand in ``docs/cli.md``: 0 done, 1 refused or bad input (one sentence on
stderr), 2 usage, 3 the machine.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from app.domain.errors import AppError, Unavailable
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE: Final = 0
REFUSED: Final = 1
MACHINE: Final = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; argparse leaves with 2 on wrong usage."""
    try:
        from app.cli.arguments import build_parser
        from app.cli.desk import Desk
    except (ImportError, SyntaxError, EOFError) as error:
        # A library is lacking or cut off, as when a virus scanner took it: no command starts, not even the
        # self-check, so what it would say is said here with the standard library alone.
        _say_broken(getattr(error, "name", None) or getattr(error, "filename", None) or type(error).__name__)
        return MACHINE
    arguments = build_parser().parse_args(argv)
    desk = Desk(arguments)
    try:
        with desk:
            result = desk.worded(arguments.run(desk, arguments))
    except AppError as error:
        print(sentence(error), file=sys.stderr)  # noqa: T201 -- the terminal is this module's screen
        return MACHINE if isinstance(error, Unavailable) else REFUSED
    desk.show(result)
    for refusal in desk.refusals:
        print(refusal, file=sys.stderr)  # noqa: T201 -- as above
    return REFUSED if desk.refusals else DONE


def _say_broken(name: str) -> None:
    """Say what could not be imported and, in an installed version, which files are not as they should be."""
    from app.files.installed import compare, read_manifest
    from app.paths import MANIFEST, version_dir

    lines = [t("check.modules_missing", count=1, names=name) + t("check.modules_missing_do")]
    tree = version_dir()
    if tree is not None:
        try:
            found = compare(tree, read_manifest(tree / MANIFEST))
        except AppError as error:
            lines.append(sentence(error))
        else:
            bad, missing, changed = (*found.missing, *found.changed), len(found.missing), len(found.changed)
            names = "、".join(bad[:5])
            if bad:
                lines.append(t("check.files_differ", missing=missing, changed=changed, names=names))
    print(*lines, sep="\n", file=sys.stderr)  # noqa: T201 -- as above
