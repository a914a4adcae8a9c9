"""Submissions of phones, known by their content and kept byte for byte."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.files import odk_sources, odk_submission
from app.files.odk_submission import read_head, reading
from tests.files.odk_samples import ID, PICTURE, collect, folder, kobo, kobo_one, packed


def read(*paths):
    """Submissions with their media as bytes, problems as (code, params), skipped files."""
    with reading(paths) as batch:
        found = [(one, {m.name: m.source.read() for m in one.media}) for one in batch.submissions]
        return found, [(e.code, e.params) for e in batch.problems], batch.skipped


def only(*paths):
    [(one, media)], problems, _ = read(*paths)
    assert problems == []
    return one, media


def problem(*paths):
    found, [(code, params)], _ = read(*paths)
    assert found == []
    return code, params


def test_an_instance_folder_of_collect(tmp_path):
    xml = collect(inside="<photo>1.jpg</photo><voice>2.m4a</voice>", meta="<orx:audit>audit.csv</orx:audit>")
    where = folder(
        tmp_path / "wells_2026-03-01",
        {
            "wells_2026-03-01.xml": xml,
            "1.jpg": PICTURE,
            "audit.csv": b"event\n",
            ".nomedia": b"",
            "Thumbs.db": b"x",
        },
    )
    one, media = only(where)
    assert (one.xml, media) == (xml, {"1.jpg": PICTURE, "audit.csv": b"event\n"})
    assert (one.head.form, one.head.version, one.head.instance_id) == ("wells", "7", ID)
    assert (one.head.origin, one.missing, one.completed, one.row) == ("collect", ("2.m4a",), False, 0)
    assert one.file == "wells_2026-03-01/wells_2026-03-01.xml"


def test_folders_and_their_zip_say_the_same(tmp_path):
    files = {
        "instances/uuid1/submission.xml": collect(instance="uuid:1"),
        "instances/uuid1/a.jpg": PICTURE,
        "instances/uuid2/submission.xml": collect(
            instance="uuid:2", meta="<orx:deprecatedID>uuid:1</orx:deprecatedID>"
        ),
        "wells.xml": b"<h:html xmlns:h='http://www.w3.org/1999/xhtml'/>",
    }
    plain, _, skipped = read(folder(tmp_path / "storage", files))
    zipped, problems, _ = read(packed(tmp_path / "all.zip", files))
    assert [(one.xml, media) for one, media in plain] == [(one.xml, media) for one, media in zipped]
    assert [one.head.replaced for one, _ in plain] == ["", "uuid:1"]
    assert {one.head.origin for one, _ in plain} == {"central"}
    assert (problems, skipped) == ([], ["storage/wells.xml"])


def test_a_combined_export_gives_each_its_own_bytes(tmp_path):
    parts = [kobo_one(1, "<photo>p.jpg</photo>"), kobo_one(2, "<photo>q.jpg</photo>"), kobo_one(3)]
    files = {
        "export.xml": kobo(*parts),
        "attachments/00000001-0000-4000-8000-000000000000/p.jpg": PICTURE,
        "attachments/q.jpg": b"q",
        "attachments/nobody.jpg": b"n",
    }
    found, problems, skipped = read(folder(tmp_path / "kobo", files))
    assert [one.xml for one, _ in found] == parts
    assert [media for _, media in found] == [{"p.jpg": PICTURE}, {"q.jpg": b"q"}, {}]
    assert [one.row for one, _ in found] == [2, 3, 4]
    assert {one.head.origin for one, _ in found} == {"kobo"}
    assert (problems, skipped) == ([], ["kobo/attachments/nobody.jpg"])


def test_the_export_of_the_other_interface_has_results_inside(tmp_path):
    path = tmp_path / "data.xml"
    path.write_bytes(kobo(kobo_one(1), inside="<count>1</count><results>", end="</results>"))
    one, _ = only(path)
    assert one.xml == kobo_one(1)


def test_a_slice_that_needs_the_namespaces_around_it_is_completed_and_kept(tmp_path):
    part = kobo_one(1, "<orx:note>n</orx:note>")
    path = tmp_path / "data.xml"
    path.write_bytes(kobo(part, root='<root xmlns:orx="http://openrosa.org/xforms?a=1&amp;b=2">'))
    one, _ = only(path)
    assert (one.completed, one.original) == (True, part)
    assert one.xml == part.replace(b"<aXy7 ", b'<aXy7 xmlns:orx="http://openrosa.org/xforms?a=1&amp;b=2" ', 1)
    path.write_bytes(kobo(part))
    assert problem(path)[0] == "phone.not_xml"


def test_a_bad_slice_leaves_the_others(tmp_path):
    path = tmp_path / "data.xml"
    secret = b'<a id="a" encrypted="yes"><b/></a>'
    path.write_bytes(kobo(kobo_one(1), secret, kobo_one(3), b'<list id="x"/>'))
    found, problems, _ = read(path)
    assert [one.xml for one, _ in found] == [kobo_one(1), kobo_one(3)]
    assert problems == [("phone.encrypted", {"file": "data.xml"})]


@pytest.mark.parametrize("head", [b"\xff\xfe", b"<?xml version='1.0' encoding='iso-8859-1'?>"])
def test_a_combined_export_must_be_utf8(tmp_path, head):
    body = b"<root>" + kobo_one(1) + b"</root>"
    path = tmp_path / "data.xml"
    path.write_bytes(head + (body.decode().encode("utf-16-le") if head.startswith(b"\xff") else body))
    assert problem(path) == ("phone.encoding", {"file": "data.xml"})


@pytest.mark.parametrize(
    ("xml", "code", "row"),
    [
        (b"<data id='a'>\n<b></data>", "phone.not_xml", 2),
        (b"<data id='a'>\n<p:b/></data>", "phone.not_xml", 2),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]>\n<data id='a'>&x;</data>", "phone.doctype", 1),
        (b"<?xml version='1.0' encoding='nonsense-7'?><data id='a'/>", "phone.encoding", None),
        (b"<?xml version='1.0' encoding='cp037'?><data id='a'/>", "phone.encoding", None),
        (b"<?xml version='1.0' encoding='gb18030'?><data id='a'/>", "phone.encoding", None),
        (b"<data><b/></data>", "phone.not_a_submission", None),
        (b"<data id='a' encrypted='yes'/>", "phone.encrypted", None),
    ],
)
def test_what_is_no_good_submission(tmp_path, xml, code, row):
    path = tmp_path / "one.xml"
    path.write_bytes(xml)
    found, params = problem(path)
    assert (found, params["file"], params.get("row")) == (code, "one.xml", row)


def test_the_form_may_be_named_by_the_namespace_and_the_id_by_the_root():
    head = read_head(
        b"<data xmlns='http://example.org/wells' instanceID='uuid:9' submissionDate='x'><hh/></data>"
    )
    assert (head.form, head.instance_id, head.origin, head.case) == (
        "http://example.org/wells",
        "uuid:9",
        "central",
        "",
    )
    assert read_head(b"<data id='a' xmlns:hh='h' hh:case='c1'/>").case == "c1"


def test_bounds(tmp_path, monkeypatch):
    monkeypatch.setattr(odk_submission, "MAX_XML", 2_000_000)
    monkeypatch.setattr(odk_submission, "MAX_COMBINED", 3_000_000)
    monkeypatch.setattr(odk_submission, "MAX_MEDIA", 1_000_000)
    big = tmp_path / "big.xml"
    big.write_bytes(collect(inside="<t>" + "a" * 2_000_000 + "</t>"))
    assert problem(big) == ("phone.xml_too_large", {"file": "big.xml", "limit_mb": 2})
    big.write_bytes(b"<" + b" " * 3_000_000)
    assert problem(big) == ("phone.xml_too_large", {"file": "big.xml", "limit_mb": 3})
    where = folder(tmp_path / "i", {"a.xml": collect(), "v.mp4": bytes(1_000_001)})
    assert problem(where) == ("phone.media_too_large", {"file": "i/v.mp4", "limit_mb": 1})
    monkeypatch.setattr(odk_sources, "MAX_FILES", 1)
    monkeypatch.setattr(odk_sources._Room.__init__, "__defaults__", (1, 10))
    assert problem(where) == ("phone.too_much", {"file": "i"})
    monkeypatch.setattr(odk_sources._Room.__init__, "__defaults__", (1, 10**9))
    assert problem(where) == ("phone.too_many_files", {"file": "i", "limit": 1})
    assert problem(packed(tmp_path / "i.zip", {"a.xml": b"<a/>", "b": b""}))[1] == {
        "file": "i.zip",
        "limit": 1,
    }
    monkeypatch.setattr(odk_sources, "MAX_DEPTH", 2)
    monkeypatch.setattr(odk_sources._Room.__init__, "__defaults__", (9, 10**9))
    deep = folder(tmp_path / "deep", {"a/b/c.xml": collect()})
    assert problem(deep) == ("phone.too_deep", {"file": "deep/a/b"})


def hostile(where: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(where, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return where


def test_a_zip_cannot_lead_outside_or_swell(tmp_path, monkeypatch):
    monkeypatch.setattr(odk_sources, "RATIO_FREE", 1000)
    link = zipfile.ZipInfo("link.jpg")
    link.external_attr = 0o120777 << 16
    path = hostile(
        tmp_path / "x.zip",
        ("../../evil.xml", collect()),
        ("/etc/evil.xml", collect()),
        ("c:evil.xml", collect()),
        ("a/nul.jpg", b"n"),
        ("good/submission.xml", collect()),
        ("GOOD/submission.xml", collect()),
        (link, b"/etc/passwd"),
        ("/".join("abcdefghijklm") + ".xml", collect()),
        ("bomb.jpg", bytes(1_000_000)),
        ("empty/", b""),
    )
    found, problems, _ = read(path)
    assert [one.file for one, _ in found] == ["x.zip/good/submission.xml"]
    assert [code for code, _ in problems] == [
        "phone.bad_name",
        "phone.bad_name",
        "phone.bad_name",
        "phone.bad_name",
        "phone.name_twice",
        "phone.link",
        "phone.too_deep",
        "phone.zip_bomb",
    ]


def test_a_zip_with_a_password_or_a_wrong_checksum_or_of_another_kind(tmp_path):
    path = packed(tmp_path / "x.zip", {"a/1.xml": collect(), "b/2.xml": collect(instance="uuid:2")})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1  # the flag that says a password is needed
    spoilt = data.index(b"b/2.xml") + len("b/2.xml") + 8
    data[spoilt] ^= 0xFF
    path.write_bytes(bytes(data))
    found, problems, _ = read(path)
    assert (found, [code for code, _ in problems]) == ([], ["phone.zip_locked", "phone.bad_member"])
    path.write_bytes(path.read_bytes()[:40] + b"PK\x05\x06" + b"\xff" * 18)
    assert problem(path)[0] == "phone.bad_zip"
    sheet = packed(tmp_path / "x.xlsx", {"[Content_Types].xml": b"<a/>"})
    assert problem(sheet) == ("phone.not_a_submission", {"file": "x.xlsx"})


def test_files_that_are_gone_or_links(tmp_path):
    assert problem(tmp_path / "gone.xml") == ("phone.not_readable", {"file": "gone.xml"})
    where = folder(tmp_path / "i", {"a.xml": collect()})
    (where / "b.jpg").symlink_to("/etc/passwd")
    found, problems, _ = read(where)
    assert (len(found), problems) == (1, [("phone.link", {"file": "i/b.jpg"})])


def test_a_file_that_goes_while_it_is_read(tmp_path, monkeypatch):
    where = folder(tmp_path / "i", {"a.xml": collect()})
    whole = Path.open

    def gone(path, *args, **kwargs):
        if path.name == "a.xml":
            raise OSError
        return whole(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", gone)
    assert problem(where) == ("phone.not_readable", {"file": "a.xml"})


def test_drawings_are_media_and_loose_media_belong_to_nobody(tmp_path):
    where = folder(tmp_path / "i", {"a.xml": collect(), "map.svg": b"<svg id='x'><g/></svg>"})
    _, media = only(where)
    assert list(media) == ["map.svg"]
    assert problem(where / "map.svg") == ("phone.not_a_submission", {"file": "map.svg"})


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("half.zip", b"PK\x03\x04" + bytes(90), "phone.bad_zip"),
        ("half", b"PK\x03\x04" + bytes(90), "phone.bad_zip"),
        ("none.zip", b"", "phone.bad_zip"),
        ("empty.xml", b"", "phone.empty"),
        ("blank.xml", b"\xef\xbb\xbf \r\n", "phone.empty"),
        ("text.xml", b"hello", "phone.not_a_submission"),
        ("form.xml", b"<html><body/></html>", "phone.not_a_submission"),
        ("list.csv", b"a,b\n", "phone.not_a_submission"),
        ("empty.jpg", b"", "phone.empty"),
    ],
)
def test_no_file_the_person_chose_goes_without_a_word(tmp_path, name, data, code):
    path = tmp_path / name
    path.write_bytes(data)
    found, [told], skipped = read(path)
    assert (found, told, skipped) == ([], (code, {"file": name}), [])


@pytest.mark.parametrize("xml", [collect(inside="<photo>1.jpg</photo>"), b"<data>"])
def test_of_files_chosen_one_by_one_only_those_named_belong(tmp_path, xml):
    where = folder(tmp_path / "i", {"a.xml": xml, "1.jpg": PICTURE, "list.csv": b"a,b\n"})
    found, problems, skipped = read(*sorted(where.iterdir()))
    assert [list(media) for _, media in found] == ([["1.jpg"]] if xml != b"<data>" else [])
    assert problems[-1] == ("phone.not_a_submission", {"file": "list.csv"})
    assert skipped == []


def test_what_lies_in_a_folder_and_is_no_submission(tmp_path):
    files = {
        "a/submission.xml": collect(),
        "b/b.xml": b"",
        "c/c.xml": b"hello",
        "d/d.xml": b"<data id='a'><b>",
        "readme.txt": b"hello",
        "odd": b"<html/>",
        "more.zip": b"PK\x03\x04",
    }
    for where in (folder(tmp_path / "i", files), packed(tmp_path / "i.zip", files)):
        found, problems, skipped = read(where)
        assert len(found) == 1
        assert {(code, params["file"].partition("/")[2]) for code, params in problems} == {
            ("phone.empty", "b/b.xml"),
            ("phone.not_a_submission", "c/c.xml"),
            ("phone.not_xml", "d/d.xml"),
            ("phone.zip_inside", "more.zip"),
        }
        assert {name.partition("/")[2] for name in skipped} == {"readme.txt", "odd"}


def test_each_source_is_counted_for_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(odk_sources, "MAX_FILES", 2)
    monkeypatch.setattr(odk_sources._Room.__init__, "__defaults__", (2, 10**9))
    many = folder(tmp_path / "many", {f"{n}/{n}.xml": collect(instance=f"uuid:{n}") for n in range(3)})
    few = packed(tmp_path / "few.zip", {f"{n}/{n}.xml": collect(instance=f"uuid:{n}") for n in range(4, 6)})
    found, problems, _ = read(many, few, *sorted(many.rglob("*.xml")))
    assert problems == [("phone.too_many_files", {"file": "many", "limit": 2})]
    assert len(found) == 5


def test_a_chosen_file_that_cannot_be_read(tmp_path, monkeypatch):
    path = tmp_path / "list.csv"
    path.write_bytes(b"a")
    calls = iter([b"a"])

    def once(_path, _size):
        try:
            return next(calls)
        except StopIteration:
            raise BadInput("phone.not_readable", file="list.csv") from None

    monkeypatch.setattr(odk_sources, "_read_file", once)
    assert problem(path) == ("phone.not_readable", {"file": "list.csv"})


def test_media_of_a_bad_submission_are_not_called_loose(tmp_path):
    where = folder(tmp_path / "i", {"a.xml": b"<data id='a'>", "1.jpg": PICTURE})
    found, problems, skipped = read(where)
    assert (found, [code for code, _ in problems], skipped) == ([], ["phone.not_xml"], [])


def test_a_media_name_the_other_system_could_not_keep(tmp_path):
    where = folder(tmp_path / "i", {"a.xml": collect(), "1?.jpg": PICTURE})
    assert problem(where) == ("phone.bad_name", {"file": "i/1?.jpg"})


texts = st.text(st.characters(exclude_characters="<>&\r\0", exclude_categories=["Cc", "Cs"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    start=st.sampled_from(
        [b"", b"\xef\xbb\xbf", b"<?xml version='1.0'?>", b"<!-- <a> -->\r\n", b"<?x y?>\r\n  "]
    ),
    quote=st.sampled_from(["'", '"']),
    swapped=st.booleans(),
    body=st.lists(
        st.one_of(
            texts,
            st.just("\r\n\t"),
            st.just("<![CDATA[<&>]]>"),
            st.just("<!--x-->"),
            st.just("<?p i?>"),
            st.just("<a b = 'c'  />"),
            st.just("<n:q xmlns:n='u:n'>&#13;</n:q >"),
            st.just("&amp;&#x4e2d;"),
        ),
        max_size=6,
    ),
    end=st.sampled_from([b"", b"\r\n", b"<!-- end -->", b" <?z?>\n"]),
    utf16=st.booleans(),
)
def test_any_bytes_come_back_as_they_were(tmp_path_factory, start, quote, swapped, body, end, utf16):
    attributes = [f"id={quote}f{quote}", f"version = {quote}1{quote}"]
    inside = " ".join(reversed(attributes) if swapped else attributes)
    middle = f"<data  {inside} >{''.join(body)}<meta><instanceID>{ID}</instanceID></meta></data >"
    xml = start + middle.encode() + end
    if utf16:
        xml = xml.decode("utf-8-sig").encode("utf-16")
    path = tmp_path_factory.mktemp("odk") / "one.xml"
    path.write_bytes(xml)
    one, _ = only(path)
    assert (one.xml, one.head.form, one.head.instance_id) == (xml, "f", ID)
