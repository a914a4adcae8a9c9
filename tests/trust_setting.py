"""A county, two townships and their villages with real keys, for tests of trust, packages and enrolment."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from app.crypto.device_keys import DeviceKeys, new_device_keys, verify_text
from app.domain.ids import Level
from app.domain.trust import Certificate, TrustDoc, ordered
from app.domain.trust_chain import merged, with_root

TODAY = date(2026, 3, 2)
COUNTY = "990101000000"
TOWNSHIP = "990101001000"
VILLAGE = "990101001201"
OTHER_TOWNSHIP = "990101002000"
OTHER_VILLAGE = "990101002201"


def rng(seed: str):
    """Bytes that follow from the seed: the same in every run."""
    state = [0]

    def draw(count: int) -> bytes:
        state[0] += 1
        return hashlib.shake_256(f"{seed}/{state[0]}".encode()).digest(count)

    return draw


def keys(name: str) -> DeviceKeys:
    """Signing keys follow from the name; the sealing key is drawn by age itself."""
    return _KEYS.setdefault(name, new_device_keys(rng(name)))


_KEYS: dict[str, DeviceKeys] = {}


def certificate(subject: str, level: Level, scope: str, issuer: str, **given: object) -> Certificate:
    pair, signer = keys(subject), keys(issuer)
    made = Certificate(pair.key, pair.recipient, level, scope, "2026-01-01", "2027-06-30", issuer=signer.key)
    made = replace(made, **given)
    return replace(made, signature=signer.sign(made.signed_part()))


@dataclass(frozen=True)
class Setting:
    """The usual tree: county root, one township that may issue, its own village."""

    root: Certificate
    township: Certificate
    village: Certificate
    trust: TrustDoc


def usual() -> Setting:
    root = certificate("county", Level.COUNTY, COUNTY, "county", can_issue=True)
    township = certificate("township", Level.TOWNSHIP, TOWNSHIP, "county", can_issue=True)
    village = certificate("village", Level.VILLAGE, VILLAGE, "township")
    trust = with_root(TrustDoc(), root, verify_text)
    trust = merged(trust, ordered((), {township, village}, set(), set()), verify_text)
    return Setting(root, township, village, trust)
