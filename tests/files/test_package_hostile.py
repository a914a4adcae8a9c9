"""Crafted packages (most by an insider who signs them rightly) and random damage; none may get through."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.files import package as p
from app.files.package_in import LIMITS, Limits, read_attachment
from app.files.stored_zip import Member, StoredZipWriter, content
from app.journal import chain
from app.journal.entry import canonical
from tests.files.package_setting import (
    BLOB,
    PHOTO,
    Forgery,
    deflated,
    entries,
    opened_up,
    read_bytes,
    seal,
    sealed,
    secrets,
    stream,
    written,
)
from tests.trust_setting import TOWNSHIP, keys

NAME = "x.hhpkg"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("package"))


def read(data: bytes, limits: Limits = LIMITS) -> p.Package:
    return read_bytes(data, limits)


def code_of(data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(BadInput) as caught:
        read(data, limits)
    return caught.value.code


def test_the_forgers_tools_make_a_package_that_is_read(path: Path) -> None:
    """The control: what follows is refused for what was changed, not for how it was put together."""
    forged = opened_up(path)
    assert {s.uid for s in read(forged.bytes()).streams} == {stream().uid, sealed().uid}
    forged.put_entries([*entries(3, "new")])
    assert read(forged.bytes()).streams[0].entries == entries(3, "new")


def _entry(text: bytes, old: bytes, new: bytes) -> bytes:
    assert old in text
    return text.replace(old, new, 1)


def _lines(change: Callable[[bytes], bytes]) -> Callable[[Forgery], None]:
    return lambda forged: forged.put_entries([change(entries(1)[0])])


def _heads(**changes: object) -> Callable[[Forgery], None]:
    def change(forged: Forgery) -> None:
        own = keys("village").key
        heads = [replace(h, **changes) if h.key == own else h for h in forged.manifest.streams]
        forged.manifest = replace(forged.manifest, streams=tuple(heads))

    return change


def _manifest(**changes: object) -> Callable[[Forgery], None]:
    return lambda forged: setattr(forged, "manifest", replace(forged.manifest, **changes))


def _member(name: str, data: bytes | None) -> Callable[[Forgery], None]:
    def change(forged: Forgery) -> None:
        if data is None:
            del forged.members[name]
        else:
            forged.members[name] = data

    return change


def _frames(data: bytes, count: int = 1) -> Callable[[Forgery], None]:
    return lambda forged: forged.put_frames(data, count)


def _raw(data: bytes, told: int | None = None, packed: bytes | None = None) -> Callable[[Forgery], None]:
    return lambda forged: forged.put_lines(data, packed, told)


def _reseal_as_sender(forged: Forgery) -> None:
    """Claim another device's stream: same name, own seal."""
    other = replace(sealed(), entries=sealed().entries[:2])
    heads = [h for h in forged.manifest.streams if h.key == keys("village").key]
    fake = p.StreamHead(
        other.uid, other.scope, keys("village").key, other.incarnation, 0, 3, sealed().head, "0" * 128
    )
    forged.manifest = replace(forged.manifest, streams=(*heads, fake))
    forged.put_lines(b"".join(e + b"\n" for e in (*stream().entries, *sealed().entries)))


def _rewrite_other(forged: Forgery) -> None:
    """Change an entry of another device and recompute its chain, which the sender cannot seal."""
    lines = [*sealed().entries[:-1], entries(1, "forged")[0]]
    link = chain.genesis(sealed().uid)
    for n, line in enumerate(lines, start=1):
        link = chain.link(link, sealed().uid, n, line)
    fake = replace(forged.manifest.streams[0], uid=sealed().uid, key=sealed().key)
    fake = replace(fake, incarnation=sealed().incarnation, n=3, head=link.hex(), seal=sealed().seal)
    forged.manifest = replace(forged.manifest, streams=(fake,))
    forged.put_lines(b"".join(line + b"\n" for line in lines))


def _twice(forged: Forgery) -> None:
    head = next(h for h in forged.manifest.streams if h.uid == stream().uid)
    forged.manifest = replace(forged.manifest, streams=(head, head))
    forged.put_lines(b"".join(line + b"\n" for line in stream().entries * 2))


def _swap_entries(forged: Forgery) -> None:
    lines = list(stream().entries)
    lines[1], lines[2] = lines[2], lines[1]
    forged.manifest = replace(
        forged.manifest, streams=tuple(h for h in forged.manifest.streams if h.uid == stream().uid)
    )
    forged.put_lines(b"".join(line + b"\n" for line in lines))


DEEP = b"[" * 30_000 + b"]" * 30_000
OTHER_PHOTO = "att/" + "0" * 64 + ".age"

INSIDER = [
    ("extra member", _member("evil.exe", b"MZ"), "package.foreign_member"),
    ("traversal", _member("../../etc/passwd", b"x"), "package.foreign_member"),
    ("absolute", _member("/etc/passwd", b"x"), "package.foreign_member"),
    ("backslash", _member("att\\..\\x", b"x"), "package.foreign_member"),
    ("photo folder", _member("att/", b""), "package.foreign_member"),
    ("upper case digest", _member("att/" + "A" * 64 + ".age", b""), "package.foreign_member"),
    ("no entries", _member(p.ENTRIES, None), "package.member_missing"),
    ("entries in the clear", _member(p.ENTRIES, b"\n".join(entries(2))), "package.not_opened"),
    ("entries for others", _member(p.ENTRIES, seal(b"", "stranger")), "package.not_opened"),
    ("age cut short", _member(p.ENTRIES, seal(deflated(b"x" * 70_000))[:-1]), "package.not_opened"),
    ("honest bomb", _raw(bytes(300_000_000)), "package.bomb"),
    ("ratio", _raw(b"a" * 30_000_000), "package.bomb"),
    ("lying bomb", _raw(bytes(90_000_000), told=1000), "package.raw_size_differs"),
    ("told too much", _raw(b"\n", told=2), "package.raw_size_differs"),
    ("told too little", _raw(b"ab\n", told=2), "package.raw_size_differs"),
    ("trailing data", _raw(b"\n", packed=deflated(b"\n") + b"more"), "package.raw_size_differs"),
    ("deflate cut short", _raw(b"x" * 99, packed=deflated(b"x" * 99)[:-2]), "package.raw_size_differs"),
    ("no deflate", _raw(b"x", packed=b"\xff\xff\xff"), "package.not_inflated"),
    ("no last newline", _raw(b"x"), "package.lines_miscounted"),
    ("an entry more", _raw(b"\n" * 9), "package.lines_miscounted"),
    ("empty lines", _raw(b"\n" * 8), "package.entry_not_canonical"),
    ("blank", _lines(lambda e: _entry(e, b'"h":', b'"h": ')), "package.entry_not_canonical"),
    ("key twice", _lines(lambda e: _entry(e, b'{"a"', b'{"a":"x","a"')), "package.entry_not_canonical"),
    ("NUL", _lines(lambda e: _entry(e, b'"03-', b'"\\u0000-')), "package.entry_not_canonical"),
    ("raw NUL", _lines(lambda e: _entry(e, b'"03-', b'"\0-')), "package.entry_not_canonical"),
    ("surrogate", _lines(lambda e: _entry(e, b'"03-', b'"\\ud800-')), "package.entry_not_canonical"),
    ("bad UTF-8", _lines(lambda e: _entry(e, b'"03-', b'"\xff-')), "package.entry_not_canonical"),
    ("BOM", _lines(lambda e: b"\xef\xbb\xbf" + e), "package.entry_not_canonical"),
    ("deep nesting", _lines(lambda _: DEEP), "package.entry_bad_shape"),
    ("float", _lines(lambda e: _entry(e, b'"v":1', b'"v":1.5')), "package.entry_bad_shape"),
    ("NaN", _lines(lambda e: _entry(e, b'"v":1', b'"v":NaN')), "package.entry_not_canonical"),
    ("exponent", _lines(lambda e: _entry(e, b'"v":1', b'"v":1e400')), "package.entry_bad_shape"),
    ("large number", _lines(lambda e: _entry(e, b'"v":1', b'"v":' + b"9" * 30)), "package.entry_bad_shape"),
    (
        "endless number",
        _lines(lambda e: _entry(e, b'"v":1', b'"v":' + b"9" * 9000)),
        "package.entry_bad_shape",
    ),
    ("true", _lines(lambda e: _entry(e, b'"v":1', b'"v":true')), "package.entry_bad_shape"),
    ("nested value", _lines(lambda e: _entry(e, b'"03-0000"', b'{"x":1}')), "package.entry_bad_shape"),
    (
        "too long",
        _lines(lambda e: _entry(e, b'"03-0000"', b'"' + b"x" * 65_536 + b'"')),
        "package.entry_too_long",
    ),
    (
        "digest of another entry",
        _lines(lambda e: b"#" + hashlib.sha256(e).hexdigest().encode()),
        "package.chain_broken",
    ),
    (
        "half a digest",
        _lines(lambda e: b"#" + hashlib.sha256(e).hexdigest().encode()[:40]),
        "package.entry_not_canonical",
    ),
    ("wrong order", _swap_entries, "package.chain_broken"),
    ("other head", _heads(head="0" * 64), "package.chain_broken"),
    ("no seal", _heads(seal="0" * 128), "package.seal_broken"),
    ("other scope", _heads(scope=TOWNSHIP), "package.stream_misnamed"),
    ("other incarnation", _heads(incarnation="9" * 32), "package.stream_misnamed"),
    ("other writer", _heads(key=keys("county").key), "package.stream_misnamed"),
    ("stolen stream", _reseal_as_sender, "package.stream_misnamed"),
    ("rewritten stream", _rewrite_other, "package.seal_broken"),
    ("stream twice", _twice, "package.stream_twice"),
    ("part of a stream", _heads(base=2), "package.incremental"),
    ("blob renamed", _frames(bytes(32) + len(BLOB).to_bytes(4, "big") + BLOB), "package.blob_differs"),
    ("blob too long", _frames(bytes(32) + (4_000_001).to_bytes(4, "big") + b"x"), "package.blob_too_large"),
    ("blob cut", _frames(bytes(32) + (9).to_bytes(4, "big") + b"x"), "package.blob_too_large"),
    ("half a frame", _frames(bytes(20)), "package.blob_differs"),
    ("blobs miscounted", _frames(b"", 1), "package.blobs_miscounted"),
    ("blob bomb", _frames(bytes(70_000_000)), "package.bomb"),
    ("photo renamed", _member(OTHER_PHOTO, seal(PHOTO)), "package.attachment_misnamed"),
    ("photo in the clear", _member(OTHER_PHOTO, PHOTO), "package.not_opened"),
    ("another epoch", _manifest(trust_epoch=99), "package.trust_differs"),
    ("trust nonsense", _member(p.TRUST, b"{}"), "trust.bad_shape"),
    ("trust too large", _member(p.TRUST, b" " * 1_000_001), "package.member_too_large"),
    ("for others only", _manifest(to=("0" * 16,)), "package.not_for_us"),
    ("later reader", _manifest(min_reader=3), "package.newer"),
    ("names in counts", _manifest(counts={"张三": 1}), "package.bad_manifest"),
    ("traversal in app", _manifest(app="a b"), "package.bad_manifest"),
    ("negative", _manifest(raw=-1), "package.bad_manifest"),
    ("forged sender", lambda f: setattr(f, "signer", keys("stranger")), "package.bad_signature"),
]


@pytest.mark.parametrize(("change", "code"), [i[1:] for i in INSIDER], ids=[i[0] for i in INSIDER])
def test_an_insider_gets_nothing_through(path: Path, change: Callable[[Forgery], None], code: str) -> None:
    forged = opened_up(path)
    change(forged)
    if code == "package.member_missing":
        forged.members.setdefault(p.TRUST, b"")
    assert code_of(forged.bytes()) == code


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m + b" ",
        lambda m: m.replace(b'"app":', b'"app": '),
        lambda m: m.replace(b'{"acks"', b'{"acks":[],"acks"'),
        lambda m: m.replace(b'"kind":"up"', b'"kind":"sideways"'),
        lambda m: m.replace(b'"wall":', b'"extra":1,"wall":'),
        lambda m: m.replace(b'"volume":[1,1]', b'"volume":[1]'),
        lambda m: m.replace(b'"volume":[1,1]', b'"volume":7'),
        lambda m: m.replace(b'"blobs":{', b'"blobs":[{').replace(b"}", b"}]", 1),
        lambda m: m.replace(b'"streams":[', b'"streams":[7,'),
        lambda m: m.replace(b'"min_reader":1', b'"min_reader":"1"'),
        lambda _: b"",
        lambda _: b"null",
        lambda _: b"[]",
        lambda _: DEEP,
        lambda _: b"\xff",
    ],
)
def test_a_rightly_signed_manifest_has_one_spelling(path: Path, change: Callable[[bytes], bytes]) -> None:
    forged = opened_up(path)
    assert code_of(forged.bytes_with(change(p.encode_manifest(forged.manifest)))) == "package.bad_manifest"


@pytest.mark.parametrize(("name", "value"), [("fmt", "hhpkg/2"), ("suite", "gm-1"), ("min_reader", 3)])
def test_what_a_later_program_wrote_is_called_so(path: Path, name: str, value: object) -> None:
    forged = opened_up(path)
    doc = json.loads(p.encode_manifest(forged.manifest))
    assert code_of(forged.bytes_with(canonical({**doc, name: value}))) == "package.newer"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: {**m, p.ENTRIES: m[p.ENTRIES][:-1] + b"\0"}, "package.digest_differs"),
        (lambda m: {**m, p.ENTRIES: m[p.ENTRIES] + b"\0"}, "package.size_differs"),
        (lambda m: {**m, OTHER_PHOTO: b""}, "package.files_differ"),
        (lambda m: {k: v for k, v in m.items() if not k.startswith("att/")}, "package.files_differ"),
    ],
)
def test_members_must_be_those_the_manifest_lists(path: Path, change, code: str) -> None:
    forged = opened_up(path)
    signed = p.encode_manifest(forged.manifest)
    forged.members = change(forged.members)
    assert code_of(forged.bytes_with(signed)) == code


def test_a_file_list_that_names_one_twice_is_refused(path: Path) -> None:
    forged = opened_up(path)
    marks = forged.manifest.files
    twice = replace(forged.manifest, files=(*marks, marks[0]))
    assert code_of(forged.bytes_with(p.encode_manifest(twice))) == "package.files_differ"


def _standard_zip(path: Path, **how: object) -> bytes:
    forged = opened_up(path)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", **how) as archive:
        for name, data in forged.members.items():
            archive.writestr(name, data)
        archive.writestr(p.MANIFEST, p.encode_manifest(forged.manifest))
        archive.writestr(p.SIGNATURE, bytes(64))
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda d: b"", "package.not_a_package"),
        (lambda d: b"PK\x03\x04", "package.truncated"),
        (lambda d: b"%PDF-1.7" + d, "package.not_a_package"),
        (lambda d: d + b"\0", "package.truncated"),
        (lambda d: d[:-1], "package.truncated"),
        (lambda d: d[:-22] + d[-22:-2] + b"\1\0", "package.bad_archive"),
        (lambda d: d[:60] + b"hidden" + d[60:], "package.bad_archive"),
        (lambda d: d + d, "package.bad_archive"),
        (lambda d: d.replace(b"blobs.age", b"BLOBS.age", 1), "package.bad_archive"),
        (lambda d: d.replace(b"blobs.age", b"blobs\xffage"), "package.bad_archive"),
        (lambda d: d.replace(b"manifest.sig", b"manifest.sih"), "package.foreign_member"),
    ],
)
def test_the_archive_itself_has_one_spelling(path: Path, data, code: str) -> None:
    assert code_of(data(path.read_bytes())) == code


def test_nothing_lies_between_the_last_member_and_the_directory(path: Path) -> None:
    data = path.read_bytes()
    start = int.from_bytes(data[-6:-2], "little")
    moved = data[:start] + b"hidden" + data[start:-6] + (start + 6).to_bytes(4, "little") + data[-2:]
    assert code_of(moved) == "package.bad_archive"


def test_a_file_that_shrinks_while_it_is_read() -> None:
    member = Member("a", 0, 10, 0)
    with pytest.raises(BadInput) as caught:
        content(io.BytesIO(b"short"), member, NAME)
    assert (caught.value.code, caught.value.params) == ("package.truncated", {"file": NAME})


def test_a_zip_made_by_another_program_is_refused(path: Path) -> None:
    for how in ({}, {"compression": zipfile.ZIP_DEFLATED}):
        assert code_of(_standard_zip(path, **how)) == "package.bad_archive"


def test_a_member_written_twice_is_refused(path: Path) -> None:
    forged = opened_up(path)
    target = io.BytesIO()
    archive = StoredZipWriter(target)
    for name in (p.TRUST, p.TRUST):
        archive.add(name, forged.members[name])
    archive.finish()
    assert code_of(target.getvalue()) == "package.bad_archive"


def test_the_signature_of_another_package_does_not_fit(path: Path, tmp_path: Path) -> None:
    forged, other = opened_up(path), opened_up(written(tmp_path, streams=(stream(count=2),)))
    signature = keys("village").sign(p.SIGN_CONTEXT + p.encode_manifest(other.manifest))
    swapped = io.BytesIO()
    archive = StoredZipWriter(swapped)
    for name, data in forged.members.items():
        archive.add(name, data)
    archive.add(p.MANIFEST, p.encode_manifest(forged.manifest))
    archive.add(p.SIGNATURE, bytes.fromhex(signature))
    archive.finish()
    assert code_of(swapped.getvalue()) == "package.bad_signature"


def test_limits_are_kept(path: Path) -> None:
    data = path.read_bytes()
    assert code_of(data, Limits(file=len(data) - 1)) == "package.too_large"
    assert code_of(data, Limits(manifest=100)) == "package.member_too_large"
    assert code_of(data, Limits(sealed=100)) == "package.member_too_large"
    assert code_of(data, Limits(attachment=100)) == "package.member_too_large"
    assert code_of(data, Limits(raw=100)) == "package.bomb"
    assert code_of(data, Limits(blob=100)) == "package.blob_too_large"


def test_a_photo_that_is_not_there(path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read_attachment(path, "0" * 64, secrets("township"))
    assert caught.value.code == "package.attachment_missing"
