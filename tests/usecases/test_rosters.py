"""Import a roster: the dry run, all or nothing, the backup before it, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.errors import BadInput, Refused, Unavailable
from app.domain.ids import Kind
from app.domain.synthetic import synthetic_people
from app.files.roster_in import read_roster
from app.files.roster_template import render_roster
from app.queries import rows
from app.storage.backup import FOLDER
from app.usecases import rosters
from app.usecases.rosters import Options, dry_run, import_roster
from tests.files.sheets import write
from tests.usecases.journal import audited, bodies, ops, standing
from tests.usecases.village import VILLAGE, synthetic_id

PEOPLE = synthetic_people(5, 12, date(2026, 3, 1))
HEAD_ROW = ["户编号", "组", "姓名", "身份证号", "与户主关系", "备注一下"]
FIRST = ["1", "三组", "吴福生", synthetic_id(1), "户主", ""]
SECOND = ["2", "三组", "赵大山", synthetic_id(2), "户主", ""]


def template(village, tmp_path, people=PEOPLE):
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(render_roster(village.office.policy.lists, people))
    return path


def sheet(tmp_path, *lines, name="表.xlsx"):
    return write(tmp_path / name, ("花名册", [HEAD_ROW, *lines]))


def backups(village):
    return [path.name for path in (village.office.workspace.folder / FOLDER).glob("*")]


def test_a_dry_run_tells_what_would_come_and_writes_nothing(village, tmp_path):
    before = standing(village.office)
    draft = dry_run(village.office, template(village, tmp_path))
    assert (len(draft.households), draft.is_clean) == (12, True)
    assert draft.persons == sum(len(home.members) for home in PEOPLE)
    assert standing(village.office) == before
    assert backups(village) == []


def test_all_of_it_comes_in_after_a_backup(village, tmp_path):
    number = len(bodies(village.office))
    seen = []
    changes = import_roster(
        village.office, template(village, tmp_path), report=lambda done, of: seen.append((done, of))
    )
    written = ops(village.office)[number:]
    assert written.count("household.imported") == 12
    assert written.count("member.imported") == sum(len(home.members) for home in PEOPLE)
    assert len(changes.entries) == len(written)
    assert (seen[0], seen[-1]) == ((0, 12), (12, 12))
    (backup,) = backups(village)
    assert "import" in backup
    with village.office.workspace.read() as conn:
        homes = rows.where(conn, Kind.HOUSEHOLD, village=VILLAGE)
        people = rows.where(conn, Kind.MEMBER)
    assert {values["status"] for _, values in homes} == {"active"}
    assert {values["household"] for _, values in people} == {uid for uid, _ in homes}
    assert {values["status"] for _, values in people} == {"present"}


def test_a_case_is_opened_for_every_household_when_wanted(village, tmp_path):
    import_roster(village.office, template(village, tmp_path), Options(open_cases=True))
    with village.office.workspace.read() as conn:
        found = rows.where(conn, Kind.CASE)
    assert len(found) == 12
    assert {values["stage"] for _, values in found} == {"apply"}


def test_one_wrong_cell_keeps_everything_out(village, tmp_path):
    bad = ["3", "三组", "钱多多", synthetic_id(3)[:-1] + "5", "户主", ""]
    path = sheet(tmp_path, FIRST, bad, SECOND)
    before = standing(village.office)
    with pytest.raises(BadInput) as error:
        import_roster(village.office, path)
    assert error.value.code == "roster.not_clean"
    assert (error.value.params["row"], error.value.params["column"]) == (3, "D")
    assert (error.value.params["sheet"], error.value.params["count"]) == ("花名册", 1)
    assert standing(village.office) == before
    assert backups(village) == []


def test_the_same_file_twice_is_refused(village, tmp_path):
    path = sheet(tmp_path, FIRST, SECOND)
    import_roster(village.office, path)
    before = standing(village.office)
    draft = dry_run(village.office, path)
    assert [p.code for p in draft.errors].count("roster.person_known") == 2
    assert [p.code for p in draft.errors].count("roster.code_known") == 2
    first = next(p for p in draft.errors if p.code == "roster.person_known")
    assert (first.row, first.column, dict(first.params)) == (2, "D", {"name": "吴福生"})
    with pytest.raises(BadInput):
        import_roster(village.office, path)
    assert standing(village.office) == before


def test_somebody_of_another_village_is_only_a_warning(village, tmp_path):
    home = village.add_home("吴福生")
    with village.office.workspace.write(village.office.actor) as tx:
        tx.record("household.edited", Kind.HOUSEHOLD, home, {"village": "990101001299"})
    draft = dry_run(village.office, sheet(tmp_path, FIRST))
    assert draft.is_clean
    assert "roster.person_elsewhere" in {p.code for p in draft.problems}


def test_stopping_halfway_leaves_nothing(village, tmp_path):
    path = template(village, tmp_path, synthetic_people(5, 60, date(2026, 3, 1)))
    looked = []

    def after_twenty():
        looked.append(1)
        return len(looked) > 2

    before = standing(village.office)
    with pytest.raises(Refused) as error:
        import_roster(village.office, path, cancelled=after_twenty)
    assert error.value.code == "work.cancelled"
    assert len(looked) == 3
    assert standing(village.office) == before


def test_without_a_round_no_case_can_be_opened_and_nothing_comes_in(village, tmp_path):
    with village.office.workspace.write(village.office.actor) as tx:
        from app.usecases.rounds import round_in_force

        tx.record("round.closed", Kind.ROUND, round_in_force(tx, VILLAGE)[0], {"status": "closed"})
    before = standing(village.office)
    with pytest.raises(Refused) as error:
        import_roster(village.office, sheet(tmp_path, FIRST), Options(open_cases=True))
    assert error.value.code == "round.none_open"
    assert standing(village.office) == before
    import_roster(village.office, sheet(tmp_path, FIRST))
    assert ops(village.office)[-2:] == ["household.imported", "member.imported"]


def test_another_village_is_not_ours(village, tmp_path):
    before = standing(village.office)
    with pytest.raises(Refused) as error:
        import_roster(village.office, sheet(tmp_path, FIRST), Options(village="990101001299"))
    assert error.value.code == "region.outside"
    assert standing(village.office) == before


def test_a_person_points_at_the_headings(village, tmp_path):
    lines = [
        ["石板村"],
        ["户", "", "户内人", "证件", "和户主什么关系"],
        ["1", "三组", "吴福生", synthetic_id(1), "户主"],
    ]
    path = write(tmp_path / "乱.xlsx", ("名单", lines))
    preview = rosters.preview_roster(path)
    assert (preview.guess, preview.sheets[0].rows[2][2]) == (None, "吴福生")
    assert [p.code for p in dry_run(village.office, path).errors] == ["roster.no_header"]
    mapped = rosters.map_header(path, "名单", 2)
    pointed = replace(
        mapped, columns={1: "household.group", 2: "member.name", 3: "member.id_number", 4: "member.relation"}
    )
    assert {target for target, _ in rosters.roster_targets()} >= set(pointed.columns.values())
    import_roster(village.office, path, Options(mapping=pointed))
    with village.office.workspace.read() as conn:
        ((_, member),) = rows.where(conn, Kind.MEMBER)
    assert (member["name"], member["relation"]) == ("吴福生", "01")


def test_a_row_that_is_not_there(tmp_path):
    path = sheet(tmp_path, FIRST)
    with pytest.raises(BadInput) as error:
        rosters.map_header(path, "花名册", 99)
    assert error.value.code == "roster.no_row"


def test_an_old_number_is_confirmed_by_a_person(village, tmp_path):
    old = "990101700101123"
    path = sheet(tmp_path, ["1", "三组", "吴福生", old, "户主", ""])
    assert [p.code for p in dry_run(village.office, path).errors] == ["identity.old_number"]
    assert dry_run(village.office, path, Options(confirmed_old=frozenset({old}))).is_clean


def test_a_file_without_anybody(village, tmp_path):
    path = sheet(tmp_path)
    with pytest.raises(BadInput) as error:
        import_roster(village.office, path)
    assert error.value.code == "roster.not_clean"
    assert dict(error.value.params)["row"] == 0


def test_a_missing_file(village, tmp_path):
    with pytest.raises(BadInput) as error:
        dry_run(village.office, tmp_path / "没有.xlsx")
    assert error.value.code == "workbook.not_found"


def test_the_error_copy_lists_every_finding_and_is_audited(village, tmp_path):
    bad = ["3", "三组", "钱多多", synthetic_id(3)[:-1] + "5", "邻居", ""]
    path, target = sheet(tmp_path, FIRST, bad), tmp_path / "错误清单.xlsx"
    rosters.write_error_copy(village.office, path, target, Options(), lambda p: f"{p.code} {p.row}")
    from app.files.workbook_in import read_workbook

    listed, copy = read_workbook(target).sheets
    codes = [p.code for p in dry_run(village.office, path).problems]
    assert [row[-1].split()[0] for row in listed.rows[1:]] == codes
    assert copy.rows[2][2] == "钱多多"
    action, subject, detail = audited(village.office)[-1]
    assert (action, subject) == ("export", "roster_errors")
    assert "错误清单.xlsx" in detail


def test_the_template_is_read_back_empty_and_an_unwritable_place_is_said(village, tmp_path):
    path = tmp_path / "模板.xlsx"
    rosters.write_template(village.office, path)
    assert {p.code for p in dry_run(village.office, path).errors} == {"roster.no_rows"}
    with pytest.raises(Unavailable) as error:
        rosters.write_template(village.office, tmp_path / "没有这个文件夹" / "模板.xlsx")
    assert error.value.code == "workbook.cannot_write"


def test_the_example_people_are_read_like_any_others(village, tmp_path):
    setting = rosters.Setting(village.office.policy.lists, VILLAGE, village.today)
    assert read_roster(template(village, tmp_path), setting).is_clean


def test_a_draft_without_findings_that_cannot_come_in_is_empty(village, tmp_path):
    draft = rosters.dry_run(village.office, template(village, tmp_path), rosters.Options())
    assert draft.errors == ()
    told = rosters.not_clean(draft)
    assert (told.code, told.params) == ("roster.empty", {"file": draft.file})
