"""Papers as files: numbers, what is kept, what is refused, and the audit of what was printed."""

from __future__ import annotations

import json
import re

import pypdfium2
import pytest
from sqlalchemy import select

from app.domain.document import DocumentType, ListKind, Output, Paper
from app.domain.errors import Refused, Unavailable
from app.domain.ids import EntityId, Kind, Level, Value
from app.queries import rows
from app.storage import tables
from app.usecases import cases, households, papers, publicity, samples
from reports.kit.fonts import Role, vendored
from tests.usecases.village import VILLAGE, Village, only

NO_FONT = "\U0002a6a5"  # four dragons: a name may contain it, our fonts do not


def text_of(paper: Paper) -> list[str]:
    pdf = pypdfium2.PdfDocument(paper.data)
    return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pdf]


def audit_rows(village: Village) -> list[tuple[str, str, dict[str, Value]]]:
    with village.office.workspace.read() as conn:
        found = conn.execute(select(tables.audit).order_by(tables.audit.c.n)).all()
    assert {row.person for row in found} <= {village.office.actor.person}
    return [(row.action, row.subject, json.loads(row.detail)) for row in found]


def documents(village: Village) -> list[dict[str, Value]]:
    with village.office.workspace.read() as conn:
        return [values for _, values in rows.where(conn, Kind.DOCUMENT)]


def at_certify(village: Village, head: str = "吴福生") -> EntityId:
    return village.bring(village.open(head, "exit"), "certify")


def entries(village: Village) -> int:
    with village.office.workspace.read() as conn:
        return len(conn.execute(select(tables.journal.c.lid)).all())


def no_long_number(paper: Paper) -> None:
    assert not re.search(r"\d{17}", "".join(text_of(paper)))
    assert not re.search(rb"\d{17}", paper.data)


def test_looking_at_a_notice_records_nothing_printing_it_goes_into_the_audit(village: Village) -> None:
    uid = village.plan_notice([village.bring(village.open("吴福生"), "publicise")])
    before = entries(village)
    seen = papers.preview_notice(village.office, uid)
    assert audit_rows(village) == []
    printed = papers.print_notice(village.office, uid)
    saved = papers.print_notice(village.office, uid, Output.SAVE)
    assert seen == printed == saved
    detail = {"paper": "notice", "name": printed.name, "file": printed.digest}
    assert audit_rows(village) == [("print", uid, detail), ("save", uid, detail)]
    assert entries(village) == before


def test_a_long_notice_holds_every_household_once_and_nothing_private(village: Village) -> None:
    heads = [f"吴{one}{two}" for one in "甲乙丙丁戊己" for two in "子丑寅卯辰巳午"]
    many = [village.open(head) for head in heads]
    for case in many:
        village.bring(case, "appraise")
    village.appraise(many)
    paper = papers.preview_notice(village.office, village.plan_notice(many))
    pages = text_of(paper)
    assert len(pages) == 3
    assert [f"第{n}页共3页" in page for n, page in enumerate(pages, start=1)] == [True] * 3
    whole = "".join(pages)
    assert [whole.count(head) for head in heads] == [1] * len(heads)
    assert "序号村民小组户主姓名家庭人口数" in whole
    assert paper.missing == ()
    no_long_number(paper)
    for private in ("19900000001", "6217990", "990101", "健康", "因病"):
        assert private not in whole
    assert "吴" not in paper.name


def test_characters_without_a_font_are_told_on_a_list_and_a_notice(village: Village) -> None:
    assert vendored().check(NO_FONT, Role.KAI) == (NO_FONT,)
    case = village.bring(village.open(f"吴{NO_FONT}"), "publicise")
    assert papers.preview_notice(village.office, village.plan_notice([case])).missing == (NO_FONT,)
    assert papers.preview_list(village.office, ListKind.STEP, [case]).missing == (NO_FONT,)


def test_posting_keeps_the_notice_as_a_document_and_striking_voids_it(village: Village) -> None:
    uid = village.plan_notice([village.bring(village.open("吴福生"), "publicise")])
    paper = papers.preview_notice(village.office, uid)
    publicity.post_publicity(village.office, uid, village.today, "村务公开栏", "陈志明")
    (kept,) = documents(village)
    assert (kept["type"], kept["publicity"], kept["file"]) == ("notice", uid, paper.digest)
    with village.office.workspace.read() as conn:
        assert conn.execute(select(tables.blob.c.data)).scalar() == paper.data
    publicity.strike_publicity(village.office, uid, "张贴地点写错")
    assert documents(village) == []


def test_a_certificate_gets_a_number_a_file_and_its_place_in_the_case(village: Village) -> None:
    case = at_certify(village)
    before = entries(village)
    seen = papers.preview_certificate(village.office, case)
    assert entries(village) == before
    issued = papers.issue_certificate(village.office, case)
    assert issued.paper == seen
    assert issued.paper.name == "退出证书-990101001201-2026-0001.pdf"
    document = village.values(Kind.DOCUMENT, issued.document)
    assert document["no"] == "990101001201-2026-0001"
    assert document["type"] == DocumentType.CERTIFICATE
    assert (document["case"], document["household"]) == (case, village.homes["吴福生"])
    assert (document["issued_on"], document["file"]) == (village.today.isoformat(), issued.paper.digest)
    assert village.values(Kind.CASE, case)["certificate"] == issued.document
    (page,) = text_of(issued.paper)
    assert "编号：990101001201-2026-0001" in page
    assert "吴福生" in page
    no_long_number(issued.paper)
    cases.act_on_case(village.office, case, "certify.issued", {})
    assert village.stage(case) == "end"


def test_numbers_count_on_by_village_and_year(village: Village) -> None:
    first, second = at_certify(village), at_certify(village, "赵·买买提")
    numbers = [papers.issue_certificate(village.office, case).paper.name for case in (first, second)]
    village.pass_days(330)
    third = papers.preview_certificate(
        village.office, village.bring(village.open("龙正华", "exit"), "certify")
    )
    assert [name[-8:-4] for name in (*numbers, third.name)] == ["0001", "0002", "0001"]
    assert "-2027-" in third.name


def test_a_certificate_is_issued_once_and_only_at_its_step(village: Village) -> None:
    early = village.open("赵·买买提", "exit")
    with pytest.raises(Refused, match=r"workflow\.not_at_step"):
        papers.issue_certificate(village.office, early)
    case = at_certify(village)
    papers.issue_certificate(village.office, case)
    for act in (papers.issue_certificate, papers.preview_certificate):
        with pytest.raises(Refused, match=r"paper\.already_issued") as told:
            act(village.office, case)
        assert told.value.params == {"no": "990101001201-2026-0001"}


def test_a_reprint_is_the_same_file_under_the_same_number_and_is_recorded(village: Village) -> None:
    case = at_certify(village)
    issued = papers.issue_certificate(village.office, case)
    village.pass_days(30)
    rename = households.Edit(Kind.MEMBER, member_of(village, "吴福生"), {"name": "吴富生"})
    households.edit(village.office, village.homes["吴福生"], [rename], "姓名写错")
    before = entries(village)
    again = papers.reprint(village.office, issued.document, "原件被水泡坏")
    assert again.paper.data == issued.paper.data
    assert "2026-0001" in again.paper.name
    assert entries(village) == before + 1
    assert [action for action, subject, _ in audit_rows(village) if subject == case] == ["print", "print"]


def test_printing_a_certificate_issues_it_once_and_then_prints_the_same_again(village: Village) -> None:
    case = at_certify(village)
    first = papers.print_certificate(village.office, case)
    again = papers.print_certificate(village.office, case)
    assert (again.document, again.paper.data) == (first.document, first.paper.data)
    papers.void_document(village.office, first.document, "人口数写错")
    assert papers.print_certificate(village.office, case).paper.name.endswith("-0002.pdf")


def member_of(village: Village, name: str) -> str:
    with village.office.workspace.read() as conn:
        return next(uid for uid, values in rows.where(conn, Kind.MEMBER) if values["name"] == name)


def test_a_void_certificate_stays_void_and_its_number_is_not_used_again(village: Village) -> None:
    case = at_certify(village)
    first = papers.issue_certificate(village.office, case)
    with pytest.raises(Refused, match=r"workflow\.reason_needed"):
        papers.void_document(village.office, first.document, "")
    papers.void_document(village.office, first.document, "人口数写错")
    for act in (papers.void_document, papers.reprint):
        with pytest.raises(Refused, match=r"paper\.void"):
            act(village.office, first.document, "再来一次")
    with pytest.raises(Refused, match=r"workflow\.missing"):
        cases.act_on_case(village.office, case, "certify.issued", {})
    second = papers.issue_certificate(village.office, case)
    assert second.paper.name.endswith("-0002.pdf")
    assert village.values(Kind.DOCUMENT, second.document)["replaces"] == first.document
    assert [action for action, _, _ in audit_rows(village)] == ["print", "void", "print"]


def test_a_notice_is_voided_by_striking_its_round_only(village: Village) -> None:
    village.publicise([village.bring(village.open("吴福生"), "publicise")])
    with village.office.workspace.read() as conn:
        ((document, _),) = rows.where(conn, Kind.DOCUMENT)
    with pytest.raises(Refused, match=r"paper\.strike_notice"):
        papers.void_document(village.office, EntityId(document), "贴错")


def test_a_missing_character_stops_a_certificate_and_is_named(village: Village) -> None:
    case = at_certify(village, f"吴{NO_FONT}")
    before = entries(village)
    with pytest.raises(Refused, match=r"paper\.missing_characters") as told:
        papers.issue_certificate(village.office, case)
    assert told.value.params == {"chars": NO_FONT, "count": 1}
    assert entries(village) == before
    assert audit_rows(village) == []


def test_text_too_long_for_its_page_stops_a_certificate(village: Village) -> None:
    village.add_home("吴福生", group="山那边靠近水库的第三自然村" * 12)
    case = at_certify(village)
    with pytest.raises(Refused, match=r"paper\.does_not_fit"):
        papers.preview_certificate(village.office, case)


def test_a_document_whose_file_has_not_arrived_cannot_be_reprinted(village: Village) -> None:
    with village.office.workspace.write(village.office.actor) as tx:
        uid = tx.new_id()
        fields: dict[str, Value] = {"type": "certificate", "no": "1", "file": "sha256:" + "0" * 64}
        tx.record("document.issued", Kind.DOCUMENT, uid, fields)
    with pytest.raises(Unavailable, match=r"paper\.not_here"):
        papers.reprint(village.office, uid, "原件遗失")


@pytest.mark.parametrize("kind", list(ListKind))
def test_every_list_prints_with_the_print_mark_and_without_a_long_number(
    village: Village, kind: ListKind
) -> None:
    village.add_home("吴福生", ["吴小明"])
    case = village.bring(village.open("吴福生"), "check")
    subject = {
        ListKind.MINUTES: lambda: EntityId(str(village.values(Kind.CASE, case)["meeting"])),
        ListKind.SAMPLE: lambda: only(
            samples.draw_sample(village.at(Level.TOWNSHIP), [case], "2026", 1000), Kind.SAMPLE
        ),
        ListKind.SLIP: lambda: sent_back(village, case),
    }.get(kind, lambda: case)()
    paper = papers.preview_list(village.office, kind, [subject])
    papers.note_output(village.office, paper, Output.PRINT)
    (page,) = text_of(paper)
    assert "陈志明2026年3月10日打印" in page
    assert page.endswith("第1页共1页")
    assert "吴福生" in page
    assert paper.name.endswith("-2026-03-10.pdf")
    assert "吴" not in paper.name
    no_long_number(paper)
    ((action, about, detail),) = audit_rows(village)
    assert about in {VILLAGE, subject}
    assert (action, detail["paper"], detail["file"]) == ("print", kind.value, paper.digest)


def sent_back(village: Village, case: EntityId) -> EntityId:
    given: dict[str, Value] = {"reason": "材料不全", "to": "visit"}
    cases.act_on_case(village.at(Level.TOWNSHIP), case, "check.return", given)
    return case


def test_a_list_of_nothing_is_refused(village: Village) -> None:
    with pytest.raises(Refused, match=r"paper\.nobody"):
        papers.preview_list(village.office, ListKind.STEP, [])


def test_file_names_keep_words_and_drop_what_a_disk_dislikes() -> None:
    assert papers.file_name("公示\n名单", "", "a/b:c*?", "2026-03-02") == "公示名单-abc-2026-03-02.pdf"
