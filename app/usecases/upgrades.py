"""To a newer version of a questionnaire: first a rehearsal on everything there is, then one at a time.

    rehearse(office, "visit", current_form(office, "visit"))     # reads only
    upgrade_submission(office, uid)                              # an open questionnaire, explicit
    upgrade_draft(office, case, "visit")

What an answer gives up is kept with it: see ``app.questionnaire.upgrade``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import BadInput, Refused
from app.domain.ids import EntityId, Kind
from app.queries import rows
from app.queries.submissions import blob_of, submission_line, submission_lines
from app.queries.verdicts import members_of
from app.questionnaire.corefields import cells
from app.questionnaire.engine import Engine
from app.questionnaire.metablock import instance_in
from app.questionnaire.upgrade import Passage, upgrade
from app.usecases.core_records import Base
from app.usecases.forms import current_form, form_of, model_of
from app.usecases.office import Watch
from app.usecases.visit_drafts import Draft, form_of_draft, read_draft, subject
from app.usecases.visits import new_instance, now_of, open_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy import Connection

    from app.files.form_in import FormFile
    from app.questionnaire.upgrade import Upgraded
    from app.usecases.office import Office
    from app.usecases.visits import Visit

_EXAMPLES = 3
_HEAD = "01"  # the code of 户主


@dataclass(frozen=True, slots=True)
class Touched:
    """One question: path, label, how many questionnaires are concerned and the heads of the first few."""

    path: str
    label: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a newer version would do to the questionnaires there are; nothing was written.

    ``finished`` and ``drafts`` were tried; ``unread`` could not be: their XML or version is not here, or they
    are damaged. ``orphaned`` answers would have no place, ``unoffered`` choices are offered no longer,
    ``required`` questions would be unanswered and ``broken`` answers break a rule.
    """

    form: str
    version: str
    finished: int
    drafts: int
    unread: int
    orphaned: tuple[Touched, ...]
    unoffered: tuple[Touched, ...]
    required: tuple[Touched, ...]
    broken: tuple[Touched, ...]

    @property
    def is_smooth(self) -> bool:
        """Tell whether nothing is lost and nothing has to be answered anew."""
        return not (self.orphaned or self.unoffered or self.required or self.broken or self.unread)


@dataclass(slots=True)
class _Tally:
    labels: dict[str, str] = field(default_factory=dict)
    heads: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, found: Iterable[tuple[str, str]], head: str) -> None:
        for path, label in dict(found).items():
            self.labels.setdefault(path, label or path)
            self.heads[path].append(head)

    def lines(self) -> tuple[Touched, ...]:
        found = (
            Touched(path, self.labels[path], len(heads), tuple(heads[:_EXAMPLES]))
            for path, heads in self.heads.items()
        )
        return tuple(sorted(found, key=lambda one: (-one.count, one.path)))


@dataclass(frozen=True, slots=True)
class _One:
    """A questionnaire to try: its answers and version, None where they cannot be read; whose it is."""

    xml: str | bytes | None
    form: FormFile | None
    head: str
    is_draft: bool


def rehearse(office: Office, form_id: str, new: FormFile, watch: Watch | None = None) -> Rehearsal:
    """Try a version on every questionnaire of the form in this workspace that is under another one.

    Raises:
        Refused: ``work.cancelled``, ``questionnaire.unknown_form``.
    """
    watch = watch or Watch()
    waiting = list(_everything(office, form_id, new))
    tallies = {name: _Tally() for name in ("orphaned", "unoffered", "required", "broken")}
    counts = {"finished": 0, "drafts": 0, "unread": 0}
    for number, one in enumerate(waiting):
        watch.report(number, len(waiting))
        if watch.cancelled():
            raise Refused("work.cancelled")
        done = _tried(office, one, new)
        if done is None:
            counts["unread"] += 1
            continue
        counts["drafts" if one.is_draft else "finished"] += 1
        lost = set(done.unoffered)
        gone = [o for o in done.orphans if o.asked and o not in lost]
        tallies["orphaned"].add(((o.path, o.label) for o in gone), one.head)
        tallies["unoffered"].add(((o.path, f"{o.label}：{o.text}") for o in done.unoffered), one.head)
        tallies["required"].add(((o.path, o.label) for o in done.newly_required), one.head)
        tallies["broken"].add(((o.path, o.label) for o in done.newly_broken), one.head)
    watch.report(len(waiting), len(waiting))
    return Rehearsal(
        form=form_id,
        version=new.version,
        finished=counts["finished"],
        drafts=counts["drafts"],
        unread=counts["unread"],
        orphaned=tallies["orphaned"].lines(),
        unoffered=tallies["unoffered"].lines(),
        required=tallies["required"].lines(),
        broken=tallies["broken"].lines(),
    )


def _tried(office: Office, one: _One, new: FormFile) -> Upgraded | None:
    if one.xml is None or one.form is None:
        return None
    try:
        return upgrade(model_of(one.form), one.xml, model_of(new), Passage(now_of(office)))
    except BadInput:
        # Damaged, or of another form: it is counted, and stays as it is.
        return None


def _everything(office: Office, form_id: str, new: FormFile) -> Iterator[_One]:
    with office.workspace.read() as conn:
        lines = [one for one in submission_lines(conn, form=form_id) if not one.replaced_by]
        heads = {one.household: _head(conn, one.household) for one in lines}
        cases = {
            name: rows.find(conn, Kind.CASE, name.partition(":")[2])
            for name in sorted(office.drafts.subjects(subject(form_id, "")))
        }
        owners = {name: _head(conn, rows.text(case or {}, "household")) for name, case in cases.items()}
    for line in lines:
        if line.form_hash == new.hash:
            continue
        with office.workspace.read() as conn:
            xml = blob_of(conn, line.id) if line.arrived else None
        form = _found(partial(form_of, office, form_id, line.form_hash))
        yield _One(xml, form, heads[line.household], is_draft=False)
    for name, head in owners.items():
        draft = read_draft(office, name)
        form = _found(partial(form_of_draft, office, form_id, draft)) if draft is not None else None
        if draft is not None and (form is None or form.hash != new.hash):
            yield _One(draft.xml, form, head, is_draft=True)


def _found(version: Callable[[], FormFile]) -> FormFile | None:
    try:
        return version()
    except Refused:
        # That version has not come here: the questionnaire is counted as unread.
        return None


def _head(conn: Connection, household: str) -> str:
    people = [values for _, values in members_of(conn, household)]
    people.sort(key=lambda values: values.get("relation") != _HEAD)
    return rows.text(people[0], "name") if people else ""


def upgrade_submission(office: Office, uid: str) -> Visit:
    """Open a finished questionnaire under the newest version; it stays, and what is finished replaces it.

    Raises:
        Refused: ``entity.unknown``, ``submission.replaced``, ``submission.no_file``, ``submission.has_draft``
            while a draft of the case is open, ``submission.newest`` when there is no newer version,
            ``questionnaire.unknown_form``, ``questionnaire.unknown_version``.
    """
    with office.workspace.read() as conn:
        line = submission_line(conn, uid)
        xml = blob_of(conn, uid)
    if line.replaced_by:
        raise Refused("submission.replaced")
    if read_draft(office, subject(line.form, line.case)) is not None:
        raise Refused("submission.has_draft")
    old, new = form_of(office, line.form, line.form_hash), current_form(office, line.form)
    if old.hash == new.hash:
        raise Refused("submission.newest")
    done = _moved(xml, old, new, Passage(now_of(office), new_instance(), instance_in(xml)))
    said = cells(Engine(model_of(old), now_of(office), xml))
    kept = Draft(done.xml, "", new.hash, uid, upgraded=True, base=Base(said, said))
    return open_with(office, EntityId(line.case), new, kept)


def upgrade_draft(office: Office, case: EntityId, form_id: str) -> Visit:
    """Open the draft of a case under the newest version; the draft as kept changes with the next saving.

    Raises:
        Refused: ``submission.no_draft``, ``submission.newest``, ``questionnaire.unknown_form``,
            ``questionnaire.unknown_version``.
    """
    draft = read_draft(office, subject(form_id, case))
    if draft is None:
        raise Refused("submission.no_draft")
    old, new = form_of_draft(office, form_id, draft), current_form(office, form_id)
    if old.hash == new.hash:
        raise Refused("submission.newest")
    passage = Passage(now_of(office))
    if draft.replaces:
        with office.workspace.read() as conn:
            passage = replace(
                passage, instance=new_instance(), deprecates=instance_in(blob_of(conn, draft.replaces))
            )
    done = _moved(draft.xml, old, new, passage)
    base = draft.base or open_with(office, case, old, draft).base
    kept = replace(draft, xml=done.xml, form_hash=new.hash, upgraded=bool(draft.replaces), base=base)
    return open_with(office, case, new, kept)


def _moved(xml: str | bytes, old: FormFile, new: FormFile, passage: Passage) -> Upgraded:
    return upgrade(model_of(old), xml, model_of(new), passage)
