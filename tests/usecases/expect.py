"""Refusals and entries, for tests of use cases.

with refused(office, "workflow.reason_needed"):      # and nothing was written
    hits.strike_hit(office, hit, "")
[body] = written(office, changes)                    # the entries of a write, oldest first
"""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from app.domain.errors import Refused
from tests.usecases.journal import bodies, standing


@contextmanager
def refused(office, code, **params):
    """The block is refused with this code and these params, and changes neither entries nor digest."""
    before = standing(office)
    with pytest.raises(Refused) as caught:
        yield
    assert (caught.value.code, {key: caught.value.params.get(key) for key in params}) == (code, params)
    assert standing(office) == before


def written(office, changes):
    """The entries of one write; every touched entity has exactly one."""
    everything = bodies(office)
    found = everything[len(everything) - len(changes.entries) :]
    assert sorted((body.kind, body.entity) for body in found) == sorted(
        (str(kind), uid) for kind, uid in changes.touched
    )
    return found
