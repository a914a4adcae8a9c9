"""The commands of ``form`` that exchange questionnaires with phones."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.desk import target_folder, written
from app.domain.ids import EntityId
from app.queries.phone_submissions import State, SubmissionQuery, list_submissions
from app.ui.texts import sentence, t
from app.usecases import phone_claims, phone_exports, phone_imports

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from typing import Protocol

    from app.cli.desk import Desk, Result
    from app.files.odk_out import OdkWritten
    from app.usecases.phone_plan import ImportCheck, ImportLine

    class Maker(Protocol):
        """What adds a command to the parser."""

        def add(self, name: str, run: Callable[[Desk, Namespace], Result], text: str) -> ArgumentParser:
            """Add one command."""
            ...


def add_phone_commands(group: Maker) -> None:
    """Register the commands of ``form`` that exchange with phones."""
    taking = group.add("import", import_files, "take in questionnaires filled in on phones")
    taking.add_argument("files", nargs="+", help="instance folders, ZIP files, XML files")
    taking.add_argument("--preview", action="store_true", help="change nothing")
    listing = group.add("submissions", submissions, "the finished questionnaires that are here")
    listing.add_argument("--waiting", action="store_true", help="only those of no household yet")
    _add_choice(listing)
    claim = group.add("claim", claim_one, "put a waiting questionnaire down to a case")
    claim.add_argument("submission")
    claim.add_argument("case")
    claim.add_argument("--reason", default="")
    void = group.add("void", void_some, "take back questionnaires nothing was built on")
    void.add_argument("submissions", nargs="+")
    void.add_argument("--reason", required=True)
    export = group.add("export", export_files, "write questionnaires as phones lay them out")
    export.add_argument("--to", required=True, metavar="DIR")
    export.add_argument("--zip", action="store_true", help="one ZIP file")
    export.add_argument("--preview", action="store_true", help="only say how much would leave")
    export.add_argument("--household", action="append", default=[], metavar="ID")
    _add_choice(export)
    blank = group.add("export-blank", export_blank, "write a blank form for phones")
    blank.add_argument("--form", required=True)
    blank.add_argument("--to", required=True, metavar="DIR")
    blank.add_argument("--zip", action="store_true", help="one ZIP file")


def import_files(desk: Desk, arguments: Namespace) -> Result:
    """Take in the files, or only look at them; a file with a problem or nothing new ends it with 1."""
    paths = [Path(name) for name in arguments.files]
    if arguments.preview:
        return _check(phone_imports.check_import(desk.office, paths))
    done = phone_imports.import_submissions(desk.office, paths)
    desk.refusals += [sentence(one) for one in done.check.problems]
    if not done.changes.touched:
        desk.refusals.append(t("phone.nothing"))
    return written(done.changes, **_check(done.check), new=list(done.submissions))


def submissions(desk: Desk, arguments: Namespace) -> Result:
    """List submissions, the latest day first."""
    with desk.office.workspace.read() as conn:
        lines = list_submissions(conn, _query(arguments))
    wanted = [one for one in lines if one.state is State.WAITING or not arguments.waiting]
    return {"submissions": [asdict(one) for one in wanted]}


def claim_one(desk: Desk, arguments: Namespace) -> Result:
    """Put one submission down to a case."""
    submission, case = EntityId(arguments.submission), EntityId(arguments.case)
    done = phone_claims.claim_submission(desk.office, submission, case, arguments.reason)
    return written(done.changes, read=done.is_read)


def void_some(desk: Desk, arguments: Namespace) -> Result:
    """Take submissions back."""
    uids = [EntityId(uid) for uid in arguments.submissions]
    return written(phone_claims.void_submissions(desk.office, uids, arguments.reason))


def export_files(desk: Desk, arguments: Namespace) -> Result:
    """Write submissions, or only say how much would leave."""
    query = _query(arguments)
    summary = asdict(phone_exports.check_export(desk.office, query))
    if arguments.preview:
        return summary
    target = target_folder(arguments.to)
    done = phone_exports.export_submissions(desk.office, query, target, zipped=bool(arguments.zip))
    return {**summary, **_written(done)}


def export_blank(desk: Desk, arguments: Namespace) -> Result:
    """Write a blank form."""
    target = target_folder(arguments.to)
    return _written(
        phone_exports.export_blank(desk.office, arguments.form, target, zipped=bool(arguments.zip))
    )


def _add_choice(parser: ArgumentParser) -> None:
    parser.add_argument("--form", default="")
    parser.add_argument("--since", default="", metavar="YYYY-MM-DD")
    parser.add_argument("--until", default="", metavar="YYYY-MM-DD")
    parser.add_argument("--scope", default="", metavar="CODE")


def _query(arguments: Namespace) -> SubmissionQuery:
    return SubmissionQuery(
        form=arguments.form,
        from_on=arguments.since,
        to_on=arguments.until,
        scope=arguments.scope,
        households=tuple(getattr(arguments, "household", ())),
    )


def _written(done: OdkWritten) -> dict[str, object]:
    return {"target": str(done.target), "written": done.written, "same": done.same}


def _check(check: ImportCheck) -> dict[str, object]:
    problems = [{**one.params, "code": one.code, "text": sentence(one)} for one in check.problems]
    return {
        "submissions": [_line(one) for one in check.lines],
        "problems": problems,
        "skipped": list(check.skipped),
    }


def _line(one: ImportLine) -> dict[str, object]:
    why = sentence(one.why) if one.why is not None else ""
    return {**asdict(one), "missing": list(one.missing), "why": why, "code": one.why.code if one.why else ""}
