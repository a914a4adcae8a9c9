"""What comes down to a village is its own and that of the offices above, never another village's."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from app.domain.errors import BadInput
from app.domain.region import is_within
from app.files.package import PackageKind
from app.files.package_in import read_package
from app.usecases import attachments, cases, exports
from app.usecases.demo import Plan, make_demo
from app.usecases.demo_month import standing_at
from app.usecases.trust import own_keys
from tests.usecases.exchange import CHEAP, NOW, TOWNSHIP, Computers, edit, household

OWN, OTHER = "990101001201", "990101001202"
SENTINEL = "哨兵住址甲乙丙"


@pytest.fixture
def two_villages(tmp_path):
    """A township with two villages."""
    make_demo(tmp_path / "demo", Plan(2, 6, cost=CHEAP), NOW)
    with Computers(tmp_path / "computers", tmp_path / "demo") as made:
        yield made


@pytest.fixture
def photo(tmp_path):
    data = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(data, "JPEG")
    path = tmp_path / "照片.jpg"
    path.write_bytes(data.getvalue())
    return path


def mentioned(office, scope):
    """Ids of entities, names of persons and members, their numbers, and digests of the files of a village."""
    found: set[str] = set()
    queries = (
        "SELECT name FROM p_member WHERE entity_scope = ?",
        "SELECT id_number FROM p_member WHERE entity_scope = ?",
        "SELECT name FROM p_person WHERE entity_scope = ?",
        "SELECT uid FROM entity WHERE scope = ? AND kind <> 'case'",
        "SELECT substr(file, 8) FROM p_attachment WHERE entity_scope = ?",
        "SELECT substr(blob, 8) FROM p_submission WHERE entity_scope = ?",
    )
    with office.workspace.read() as conn:
        for query in queries:
            found |= {str(text) for text in conn.exec_driver_sql(query, (scope,)).scalars() if text}
    return found


def test_a_package_down_holds_nothing_of_another_village(two_villages, photo):
    here = two_villages
    township, own, other = (here.office(name) for name in ("township", "village-01", "village-02"))
    edit(other, household(other), address=SENTINEL)
    attachments.attach(other, standing_at(other, "apply", OTHER)[0], "apply", photo, SENTINEL)
    attachments.attach(own, standing_at(own, "apply", OWN)[0], "apply", photo, "自己的照片")
    for village in (own, other):
        here.send(village, township, PackageKind.UP)
    for case in standing_at(township, "check", TOWNSHIP):
        data = {"to": "visit", "reason": "不符", "wrong": "household.address"}
        cases.act_on_case(township, case, "check.return", data)
    here.later(minutes=1)
    sent = {one.scope: one for one in exports.export(township, here.post, PackageKind.DOWN, everything=True)}
    assert sorted(sent) == [OWN, OTHER]
    strange = mentioned(township, OTHER) - mentioned(township, OWN)
    assert len(strange) > 30
    secret = own_keys(own.workspace).open_secret
    for file in sent[OWN].files:
        package = read_package(file, [secret])
        assert {is_within(OWN, part.scope) or is_within(part.scope, OWN) for part in package.streams} == {
            True
        }
        assert OTHER not in {part.scope for part in package.streams}
        clear = b"\n".join(
            [
                package.trust,
                repr(package.manifest).encode(),
                *(body for part in package.streams for body in part.entries),
                *package.blobs.values(),
            ]
        )
        assert [text for text in sorted(strange | {SENTINEL}) if text.encode() in clear] == []
        assert strange.isdisjoint({name.removeprefix("sha256:") for name in package.blobs})
        assert strange.isdisjoint(package.attachments)
        with pytest.raises(BadInput, match=r"package\.not_for_us"):
            read_package(file, [own_keys(other.workspace).open_secret])
    # The control: the other village's own package does hold them.
    theirs = read_package(sent[OTHER].files[0], [own_keys(other.workspace).open_secret])
    assert any(SENTINEL.encode() in body for part in theirs.streams for body in part.entries)
