"""The page of the questionnaires, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId
from app.ui.pages.forms_desk import Examined, FormsDesk
from app.ui.texts import t

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.changes import Changes
    from app.questionnaire.diff import Difference
    from app.ui.questionnaire.preview import Previewed
    from app.usecases.forms import FormLine
    from app.wiring.room import Room


def forms_desk(room: Room) -> FormsDesk:
    """Return the callables of the page of the questionnaires."""
    return FormsDesk(
        lines=partial(_lines, room),
        examine=partial(_examine, room),
        repair=_repair,
        publish=partial(_publish, room),
        withdraw=partial(_withdraw, room),
        look=partial(_look, room),
        look_at=partial(_look_at, room),
        save_workbook=partial(_save_workbook, room),
    )


def _lines(room: Room) -> tuple[FormLine, ...]:
    from app.usecases.forms import form_lines

    return form_lines(room.office)


def _examine(room: Room, path: Path) -> Examined:
    from app.files.form_source import read_source
    from app.usecases.form_publishing import examine
    from app.wiring.preview import finding_lines

    found = examine(room.office, read_source(path))
    checked = found.checked
    return Examined(
        path=path,
        form=checked.form_id,
        title=found.title,
        version=checked.version,
        questions=checked.questions,
        problems=finding_lines(checked),
        replaces=found.replaces,
        compared=found.differences is not None,
        breaking=tuple(_words(one) for one in found.differences or () if one.breaking),
        other=tuple(_words(one) for one in found.differences or () if not one.breaking),
        repairs=sum(one.fix is not None for one in checked.findings),
    )


def _words(one: Difference) -> str:
    return t(f"lint.diff_{one.kind}", path=one.path, old=one.old, new=one.new)


def _repair(path: Path, target: Path) -> int:
    from app.files.form_source import read_source
    from app.files.workbook_save import save_workbook
    from app.usecases.form_publishing import repair

    data, count = repair(read_source(path))
    save_workbook(target, data)
    return count


def _publish(room: Room, path: Path) -> Changes:
    from app.files.form_source import read_source
    from app.usecases.form_publishing import publish

    return publish(room.office, read_source(path))


def _withdraw(room: Room, uid: str, reason: str) -> Changes:
    from app.usecases.form_publishing import withdraw

    return withdraw(room.office, EntityId(uid), reason)


def _look(room: Room, path: Path) -> Previewed:
    from app.wiring.preview import preview_of

    return preview_of(path, room.clock)


def _look_at(room: Room, form_id: str, form_hash: str) -> Previewed:
    from app.usecases.forms import form_of, model_of
    from app.wiring.preview import preview_version

    form = form_of(room.office, form_id, form_hash)
    return preview_version(form, model_of(form), room.clock)


def _save_workbook(room: Room, form_id: str, form_hash: str, target: Path) -> None:
    from app.usecases.form_publishing import save_form

    save_form(room.office, form_id, form_hash, target)
