"""What lies outside the desk's own area is left alone, and a file that is refused has brought nothing."""

from __future__ import annotations

import pytest

from app.domain.errors import AppError
from app.domain.ids import EntityId, Kind
from app.files.package import PackageKind
from app.usecases import attachments, exports, households, merges, papers
from tests.usecases.exchange import Computers, count, digest_of
from tests.usecases.expect import refused
from tests.usecases.test_attachments import photo as photo  # noqa: PLC0414 -- a fixture
from tests.usecases.test_cases import NEIGHBOUR, neighbour
from tests.usecases.village import VILLAGE


def test_papers_of_another_village_are_neither_printed_again_nor_voided(village):
    case = village.bring(village.open("吴福生", "exit"), "certify")
    issued = papers.issue_certificate(village.office, case)
    with refused(village.office, "region.outside", place=VILLAGE):
        papers.reprint(neighbour(village), issued.document)
    with refused(village.office, "region.outside", place=VILLAGE):
        papers.void_document(neighbour(village), issued.document, "写错")


def test_nothing_is_moved_to_another_village_or_household_by_an_edit(village):
    home, other = village.add_home("吴福生", ["吴小弟"]), village.add_home("赵六")
    with refused(village.office, "region.outside", place=NEIGHBOUR):
        edit = households.Edit(Kind.HOUSEHOLD, home, {"village": NEIGHBOUR})
        households.edit(village.office, home, [edit])
    with village.office.workspace.read() as conn:
        query = "SELECT uid FROM p_member WHERE household = ? AND relation = '03'"
        son = EntityId(conn.exec_driver_sql(query, (home,)).scalar())
    with refused(village.office, "entity.other_household"):
        households.edit(village.office, home, [households.Edit(Kind.MEMBER, son, {"household": other})])
    with refused(village.office, "entity.other_household"):
        households.edit(village.office, home, [households.Edit(Kind.MEMBER, "", {"household": other})])


def test_a_package_whose_photos_cannot_be_kept_brings_nothing(computers: Computers, photo):
    village, township = computers.office("village-01"), computers.office("township")
    with village.workspace.read() as conn:
        case = EntityId(conn.exec_driver_sql("SELECT uid FROM case_line ORDER BY sort LIMIT 1").scalar())
    attachments.attach(village, case, "visit", photo)
    computers.later(minutes=1)
    [sent] = exports.export(village, computers.post, PackageKind.UP)
    folder = township.workspace.folder / "attachments"
    folder.write_bytes(b"a file stands in the way")
    before = digest_of(township), count(township, "journal"), count(township, "import_log")
    [outcome] = merges.merge_files(township, sent.files)
    assert isinstance(outcome.refused, AppError)
    assert (outcome.refused.code, outcome.new) == ("attachment.not_written", 0)
    assert (digest_of(township), count(township, "journal"), count(township, "import_log")) == before
    folder.unlink()
    [again] = merges.merge_files(township, sent.files)
    assert (again.refused, again.new) == (None, 1)


@pytest.mark.parametrize("kind", [Kind.PERSON, Kind.ROUND, Kind.CASE])
def test_what_is_no_part_of_a_household_is_not_edited_as_one(village, kind):
    home = village.add_home("吴福生")
    with refused(village.office, "entity.not_editable", kind=str(kind)):
        households.edit(village.office, home, [households.Edit(kind, home, {"name": "甲"})])
