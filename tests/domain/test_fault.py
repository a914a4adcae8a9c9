from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.fault import Fault, Severity, error, errors_of, refuse_errors, warning


def test_findings() -> None:
    assert error("a.b", "name", z=1, y="x") == Fault("a.b", Severity.ERROR, "name", (("y", "x"), ("z", 1)))
    assert warning("a.c") == Fault("a.c", Severity.WARNING)


def test_only_errors_stop_a_write() -> None:
    refuse_errors([warning("a.w", n=1)])
    findings = [warning("a.w"), error("a.first", n=2), error("a.second")]
    assert [fault.code for fault in errors_of(findings)] == ["a.first", "a.second"]
    with pytest.raises(Refused) as refusal:
        refuse_errors(findings)
    assert (refusal.value.code, refusal.value.params) == ("a.first", {"n": 2})
