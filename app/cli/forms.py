"""Commands about questionnaires: check a workbook, compare two, publish one, list the versions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.cli.desk import written
from app.cli.form_cases import cases
from app.cli.form_preview import preview
from app.domain.errors import BadInput, Unavailable
from app.domain.fault import Severity
from app.domain.ids import EntityId
from app.files.form_source import read_source
from app.ui.texts import t

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Sequence

    from app.cli.desk import Desk, Result
    from app.files.form_source import FormSource
    from app.questionnaire.definition import FormModel
    from app.questionnaire.diff import Difference
    from app.questionnaire.lint.finding import Finding, Fix


class Group(Protocol):
    """Takes in the commands of a group."""

    def add(self, name: str, run: Callable[[Desk, Namespace], Result], text: str) -> ArgumentParser:
        """Add a command and return its parser."""


def add_form_commands(group: Group) -> None:
    """Add the commands of ``form``."""
    checking = group.add("check", check, "every problem of a questionnaire's workbook")
    checking.add_argument("file")
    checking.add_argument("--fix", default="", metavar="OUT.xlsx", help="write a repaired copy")
    comparing = group.add("diff", diff, "what a new version of a questionnaire breaks")
    comparing.add_argument("old")
    comparing.add_argument("new")
    looking = group.add("preview", preview, "open a window that shows a workbook as it will be filled in")
    looking.add_argument("file")
    trial = group.add("cases", cases, "run recorded cases of other engines; always ends with 0")
    trial.add_argument("dir")
    publishing = group.add("publish", publish, "publish a questionnaire for all below (county)")
    publishing.add_argument("file")
    withdrawing = group.add("withdraw", withdraw, "take a published version out of use (county)")
    withdrawing.add_argument("id")
    withdrawing.add_argument("--reason", required=True)
    group.add("list", versions, "every version of every questionnaire")


def check(desk: Desk, arguments: Namespace) -> Result:
    """Every problem of a workbook, each with its place and what to do; ``--fix`` writes a repaired copy."""
    from app.questionnaire.lint.check import check_workbook

    path = Path(arguments.file)
    source = read_source(path)
    checked = check_workbook(source.workbook, source.name, source.media)
    wrong = sum(1 for f in checked.findings if f.severity is Severity.ERROR)
    if wrong:
        desk.refusals.append(t("lint.refused", file=path.name, count=wrong))
    show = _problem_json if arguments.json else _problem_text
    result: dict[str, object] = {
        "file": path.name,
        "form_id": checked.form_id,
        "version": checked.version,
        "publishable": checked.publishable,
        "questions": checked.questions,
        "problems": [show(f) for f in checked.findings],
    }
    if arguments.fix:
        fixes = [f.fix for f in checked.findings if f.fix is not None]
        result["fixed"] = _write_fixed(source, fixes, Path(arguments.fix))
    return result


def _write_fixed(source: FormSource, fixes: Sequence[Fix], out: Path) -> dict[str, object]:
    from app.questionnaire.lint.cells import is_excel
    from app.questionnaire.lint.repair import apply_fixes

    if not is_excel(source.workbook):
        raise BadInput("lint.fix_only_xlsx", file=source.name)
    try:
        out.write_bytes(apply_fixes(source.workbook, fixes))
    except OSError as error:
        raise Unavailable("disk.read_only") from error
    return {"file": str(out), "count": len(fixes)}


def _problem_json(found: Finding) -> dict[str, object]:
    fix = found.fix
    return {
        "severity": str(found.severity),
        "code": found.code,
        "sheet": found.sheet,
        "row": found.row,
        "column": found.column,
        "header": found.header,
        "message": t(found.code, **found.params),
        "fix": {"kind": str(fix.kind), "old": fix.old, "new": fix.new} if fix is not None else None,
    }


def _problem_text(found: Finding) -> str:
    place = f"{found.sheet}!{found.column}{found.row or ''}"
    return f"[{t(f'lint.severity_{found.severity}')}] {place} {t(found.code, **found.params)}"


def _model(path: Path) -> FormModel:
    from app.questionnaire.compile import compile_workbook
    from app.questionnaire.loader import load_form

    source = read_source(path)
    return load_form(compile_workbook(source.workbook, source.name).xform_xml, source.media)


def diff(_desk: Desk, arguments: Namespace) -> Result:
    """What a new version changes: first what breaks, then what is free."""
    from app.questionnaire.diff import diff_forms

    found = diff_forms(_model(Path(arguments.old)), _model(Path(arguments.new)))
    show = _difference_json if arguments.json else _difference_text
    return {
        "breaking": [show(d) for d in found if d.breaking],
        "other": [show(d) for d in found if not d.breaking],
    }


def _difference_text(one: Difference) -> str:
    return t(f"lint.diff_{one.kind}", path=one.path, old=one.old, new=one.new)


def _difference_json(one: Difference) -> dict[str, object]:
    return {
        "kind": str(one.kind),
        "path": one.path,
        "old": one.old,
        "new": one.new,
        "message": _difference_text(one),
    }


def publish(desk: Desk, arguments: Namespace) -> Result:
    """Publish a workbook without errors; prints which version it now is."""
    from app.usecases.form_publishing import publish as publish_form
    from app.usecases.forms import form_lines

    changes = publish_form(desk.office, read_source(Path(arguments.file)))
    uid = changes.touched[0][1]
    line = next(one for one in form_lines(desk.office) if one.uid == uid)
    return written(changes, form=line.form, version=line.version, hash=line.hash)


def withdraw(desk: Desk, arguments: Namespace) -> Result:
    """Take a version out of use."""
    from app.usecases.form_publishing import withdraw as withdraw_form

    return written(withdraw_form(desk.office, EntityId(arguments.id), arguments.reason))


def versions(desk: Desk, _arguments: Namespace) -> Result:
    """List the versions there are here, by form, oldest first."""
    from dataclasses import asdict

    from app.usecases.forms import form_lines

    return {"forms": [asdict(line) for line in form_lines(desk.office)]}
