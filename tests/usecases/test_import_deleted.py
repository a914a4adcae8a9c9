"""Packages that carry lawful deletions: looked at like others, and never taken back."""

from __future__ import annotations

import pytest

from app.domain.deletion import Reach
from app.domain.errors import Refused
from app.files.package import PackageKind
from app.queries.exchange import import_log
from app.usecases import deletions, enrolment, exports, merges
from app.usecases.import_preview import preview
from app.usecases.import_undo import undo_imports
from tests.usecases.exchange import COUNTY, VILLAGE, Computers, digest_of
from tests.usecases.test_deletions import NUMBER, county, demo, here, order, without_case
from tests.usecases.test_sharing import newcomer

__all__ = ["county", "demo", "here"]


def test_a_deletion_is_looked_at_taken_in_and_stays(here: Computers, county) -> None:
    township = here.office("township")
    fresh = newcomer(here, VILLAGE, "fresh")
    request = enrolment.request(fresh, here.post)
    grant, _ = enrolment.grant(township, request, here.post, enrolment.own_code(fresh))
    enrolment.accept(fresh, grant)
    deletions.delete(county, order(without_case(county), Reach.HOUSEHOLD, override=None), NUMBER)
    here.later(minutes=1)
    [down] = exports.export(county, here.post, PackageKind.DOWN)
    [looked] = preview(township, down.files)
    assert (looked.refused, looked.new.entries > 0) == (None, True)
    [taken] = merges.merge_files(township, down.files)
    assert (taken.new, taken.known) == (looked.new.entries, looked.known.entries)
    assert digest_of(township, COUNTY) == digest_of(county, COUNTY)
    with township.workspace.read() as conn:
        number = import_log(conn, {})[0].number
    with pytest.raises(Refused, match=r"imports\.erased"):
        undo_imports(township, [number])
    # Of the deleted entries only digests travel on; to a village that never had them they are new lines.
    here.later(minutes=1)
    [sent] = exports.export(township, here.post, PackageKind.DOWN)
    [again] = preview(fresh, sent.files)
    [came] = merges.merge_files(fresh, sent.files)
    assert (again.refused, again.new.entries, again.known.entries) == (None, came.new, came.known)
    assert (again.known.entries, again.person) == (0, township.actor.name)
