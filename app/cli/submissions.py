"""Commands about finished questionnaires: list them, read one, take out its XML, rehearse a newer version."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.reads import find_household
from app.files.workbook_save import save_workbook
from app.queries.submissions import blob_of, submission_lines
from app.questionnaire.answers import to_plain
from app.usecases.forms import current_form
from app.usecases.submissions import show_submission
from app.usecases.upgrades import rehearse

if TYPE_CHECKING:
    from argparse import Namespace

    from app.cli.desk import Desk, Result


def listing(desk: Desk, arguments: Namespace) -> Result:
    """Finished questionnaires, newest first, all or those of one household."""
    equal = {"household": find_household(desk, arguments.household)} if arguments.household else {}
    with desk.office.workspace.read() as conn:
        return {"submissions": [asdict(line) for line in submission_lines(conn, **equal)]}


def show(desk: Desk, arguments: Namespace) -> Result:
    """One finished questionnaire; sensitive answers are masked unless ``--reveal``."""
    sheet = show_submission(desk.office, arguments.id, clear=bool(arguments.reveal))
    sha256 = ""
    if sheet.line.arrived:
        with desk.office.workspace.read() as conn:
            sha256 = hashlib.sha256(blob_of(conn, arguments.id)).hexdigest()
    return {
        **asdict(sheet.line),
        "title": sheet.title,
        "has_form": sheet.has_form,
        "newer": sheet.newer,
        "xml_sha256": sha256,
        "answers": to_plain(sheet.answers),
        "orphans": [asdict(orphan) for orphan in sheet.orphans],
    }


def xml(desk: Desk, arguments: Namespace) -> Result:
    """Write the XML of a finished questionnaire, byte for byte as it was kept; noted in the audit."""
    with desk.office.workspace.read() as conn:
        data = blob_of(conn, arguments.id)
    path = Path(arguments.out)
    save_workbook(path, data)
    with desk.office.workspace.write(desk.office.actor) as tx:
        tx.audit("submission_xml", arguments.id, {"file": path.name})
    return {"file": str(path), "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def rehearsal(desk: Desk, arguments: Namespace) -> Result:
    """Try the newest version of a questionnaire on all there are; nothing is changed."""
    return asdict(rehearse(desk.office, arguments.form, current_form(desk.office, arguments.form)))
