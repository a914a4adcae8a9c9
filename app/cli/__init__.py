"""``babutong-cli``: the use cases of the program from a terminal or a script, without a window.

Shapes and exit codes stand in ``docs/cli.md``: 0 done, 1 refused or bad input (one sentence on
stderr), 2 usage, 3 the machine.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from app.cli.arguments import build_parser
from app.cli.desk import Desk
from app.domain.errors import AppError, Unavailable
from app.ui.texts import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE: Final = 0
REFUSED: Final = 1
MACHINE: Final = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; argparse leaves with 2 on wrong usage."""
    arguments = build_parser().parse_args(argv)
    desk = Desk(arguments)
    try:
        with desk:
            result = arguments.run(desk, arguments)
    except AppError as error:
        print(sentence(error), file=sys.stderr)  # noqa: T201 -- the terminal is this module's screen
        return MACHINE if isinstance(error, Unavailable) else REFUSED
    desk.show(result)
    for refusal in desk.refusals:
        print(refusal, file=sys.stderr)  # noqa: T201 -- as above
    return REFUSED if desk.refusals else DONE
