"""May this entry be shown as fact? Role x scope x kind, judged from the trust document.

An entry that may not is kept whole and waits: a certificate that arrives later makes it count. The
matrix is data; what a level may do beyond it is done by the level it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.bound_id import fits
from app.domain.errors import Refused
from app.domain.ids import Kind, Level
from app.domain.region import is_within
from app.domain.trust import device_id
from app.domain.trust_chain import certificates_by_device, valid_revocations
from app.domain.workflow import END
from app.journal.entry import VERSION
from app.journal.redaction import OP, is_redaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.ids import Value
    from app.domain.trust import StreamEnd, TrustDoc
    from app.journal.entry import Body


class EntryState(IntEnum):
    """Stored beside each entry; only ``PROJECTED`` entries write fields or name parents."""

    PROJECTED = 0
    UNKNOWN = 1  # kind or version of a later program
    UNAUTHORISED = 2
    REVOKED = 3
    REDACTED = 4


@dataclass(frozen=True, slots=True)
class OwnRole:
    """What this computer was set up as; counts here until a certificate says otherwise."""

    device: str
    level: Level
    scope: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: who wrote the stream, for which area, and the entry's number in it."""

    device: str
    stream: str
    scope: str
    number: int


_ALL = frozenset(Level)
_VILLAGE = frozenset({Level.VILLAGE})
_TOWNSHIP = frozenset({Level.TOWNSHIP})
_COUNTY = frozenset({Level.COUNTY})
_ABOVE = _TOWNSHIP | _COUNTY

MATRIX: Mapping[Kind, Mapping[str, frozenset[Level]]] = MappingProxyType(
    {
        Kind.PERSON: {"": _ALL},
        Kind.ROUND: {"": _ALL},
        # Two registrations of one household may lie in two villages, and a move always does.
        Kind.HOUSEHOLD: {"": _VILLAGE, "household.alias": _TOWNSHIP | _VILLAGE, "household.mov": _ABOVE},
        Kind.MEMBER: {"": _VILLAGE, "member.mov": _ABOVE},
        Kind.INCOME: {"": _VILLAGE},
        Kind.EXPENSE: {"": _VILLAGE},
        Kind.CONDITIONS: {"": _VILLAGE},
        # A transition says the level of its step; the rest of a case is the village's, but a visit, a
        # judgement and a new round may come from above.
        Kind.CASE: {"": _VILLAGE, "case.visited": _ALL, "case.verdict_set": _ALL, "case.taken_along": _ALL},
        Kind.HIT: {"": _ALL},
        # Which level meets, publishes, hears objections and visits is a matter of the pack.
        Kind.MEETING: {"": _ALL},
        Kind.PUBLICITY: {"": _ALL},
        Kind.OBJECTION: {"": _ALL},
        Kind.SAMPLE: {"": _ABOVE},
        Kind.DOCUMENT: {"": _ALL},
        Kind.ATTACHMENT: {"": _ALL},
        Kind.SUBMISSION: {"": _ALL},
        Kind.FORM: {"": _COUNTY},
        Kind.PACK: {"": _COUNTY},
    }
)
"""Kind -> beginning of the op -> levels; the longest beginning that fits decides."""

_DECIDED = frozenset({"approved"})
_DECISION = frozenset({"decision", "approval_no", "decider", "seen"})  # what only an office above writes
_STANDING = frozenset({"stage", "status", "stage_on", "opened", "closed_stage", "suspended_on"})
_RESOLVED = "conflict.resolved"
_BY_CONTENT = frozenset({OP, _RESOLVED})  # judged by more than the form of the entry
_SIDES = 2
_FOR = {
    Level.VILLAGE: "authority.for_village",
    Level.TOWNSHIP: "authority.for_township",
    Level.COUNTY: "authority.for_county",
}
_PARTS = frozenset({Kind.MEMBER, Kind.INCOME, Kind.EXPENSE, Kind.CONDITIONS, Kind.CASE, Kind.HIT})
_WHOLE = {"household": Kind.HOUSEHOLD, "case": Kind.CASE}
_CASE = str(Kind.CASE)
_KINDS = frozenset(str(kind) for kind in Kind)


class Authority:
    """The judgement under one trust document; make a new one when the document changes."""

    def __init__(self, trust: TrustDoc, own: OwnRole | None = None) -> None:
        self._roles = {
            device: tuple((c.level, c.scope) for c in certificates)
            for device, certificates in certificates_by_device(trust).items()
        }
        if own is not None and own.device not in self._roles:
            self._roles[own.device] = ((own.level, own.scope),)
        self._fitting: dict[tuple[str, str], tuple[Level, ...]] = {}
        self._revocations: dict[str, list[Mapping[str, StreamEnd]]] = {}
        for revocation in valid_revocations(trust):
            ends = {end.stream: end for end in revocation.ends}
            self._revocations.setdefault(device_id(revocation.key), []).append(ends)

    def ends(self, device: str, stream: str) -> tuple[StreamEnd, ...] | None:
        """Return the entries a stream is believed up to: one of each revocation of its device.

        None when the device is not revoked; empty when a revocation does not name the stream, so that
        nothing of it counts.
        """
        every = self._revocations.get(device)
        if every is None:
            return None
        if not all(stream in ends for ends in every):
            return ()
        return tuple(ends[stream] for ends in every)

    def state(self, place: Place, body: Body) -> EntryState:
        """Return whether an entry may be projected.

        A revoked stream counts up to the number named; that the entries up to it are the ones named
        (and not those of another branch) is for the caller, who knows the chain.
        """
        known = 1 <= body.version <= VERSION and body.kind in _KINDS
        if not known and not is_redaction(body):
            return EntryState.UNKNOWN
        if not is_in_place(place.scope, body):
            return EntryState.UNAUTHORISED
        if not any(permits(level, body) for level in self._levels(place.device, place.scope)):
            return EntryState.UNAUTHORISED
        ends = self.ends(place.device, place.stream)
        if ends is not None and place.number > min((end.number for end in ends), default=0):
            return EntryState.REVOKED
        return EntryState.PROJECTED

    def of_stream(self, device: str, stream: str, scope: str) -> StreamRules:
        """Return the same judgement for one stream, quicker when asked for every entry of it."""
        return StreamRules(self, Place(device, stream, scope, 0), self.ends(device, stream))

    def _levels(self, device: str, scope: str) -> tuple[Level, ...]:
        """Return the levels a device works at in an area; asked again for every entry of a stream."""
        found = self._fitting.get((device, scope))
        if found is None:
            roles = self._roles.get(device, ())
            found = tuple(level for level, own in roles if is_within(own, scope))
            self._fitting[device, scope] = found
        return found

    def is_known(self, device: str) -> bool:
        """Tell whether a device holds a valid certificate (or is this computer)."""
        return device in self._roles


class StreamRules:
    """The judgement of one stream; entries of the same form are judged once."""

    def __init__(self, rules: Authority, place: Place, ends: tuple[StreamEnd, ...] | None) -> None:
        self._rules = rules
        self._place = place
        self._is_revoked = ends is not None
        self._states: dict[tuple[Value | None, ...], EntryState] = {}
        self._placed: dict[Value, str] = {}  # ids that stand where they belong, and what they are of

    def state(self, number: int, body: Body) -> EntryState:
        """Return whether entry ``number`` may be projected, as ``Authority.state``."""
        kind, op, changes = body.kind, body.op, body.changes
        if self._is_revoked or op in _BY_CONTENT or not self._is_placed(body):
            return self._judged(number, body)
        # All that a judgement looks at where everything stands in its place.
        form: tuple[Value | None, ...] = (kind, op, body.version)
        if kind == _CASE:
            form = (*form, body.extras.get("level"), changes.get("stage"), changes.get("status"), *changes)
        found = self._states.get(form)
        if found is None:
            found = self._states[form] = self._judged(number, body)
        return found

    def _judged(self, number: int, body: Body) -> EntryState:
        return self._rules.state(replace(self._place, number=number), body)

    def _is_placed(self, body: Body) -> bool:
        kind, placed = body.kind, self._placed
        if placed.get(body.entity) != kind and not self._note(body.entity, kind):
            return False
        if kind in _PARTS:
            changes = body.changes
            for code, whole in _WHOLE.items():
                named = changes.get(code)
                if named is not None and placed.get(named) != whole and not self._note(named, whole):
                    return False
        return True

    def _note(self, uid: Value, kind: str) -> bool:
        fitting = fits(str(uid), kind, self._place.scope)
        if fitting:
            self._placed[uid] = kind
        return fitting


def refuse_misplaced(scope: str, body: Body) -> None:
    """Do nothing when an entry may stand in a stream of ``scope``; asked before one is written here.

    Raises:
        Refused: ``authority.misplaced``.
    """
    if not is_in_place(scope, body):
        raise Refused("authority.misplaced")


def is_in_place(scope: str, body: Body) -> bool:
    """Tell whether a stream of ``scope`` (12 digits) is where this entry belongs.

    What makes up a household is written where the household is at home.
    """
    if is_redaction(body):  # what somebody else wrote out of place must be deleted where it stands
        return True
    if not fits(body.entity, body.kind, scope):
        return False
    if body.kind not in _PARTS:
        return True
    return all(fits(str(body.changes.get(code, "")), kind, scope) for code, kind in _WHOLE.items())


def refuse_unpermitted(level: Level, body: Body) -> None:
    """Do nothing when a level may write this entry; asked before an entry is written here.

    What would be held elsewhere must not count at home, or two computers would never agree.

    Raises:
        Refused: ``authority.for_village``, ``authority.for_township``, ``authority.for_county`` (whose
            business it is) or ``authority.for_nobody``.
    """
    if not permits(level, body):
        allowed = [other for other in Level if permits(other, body)]
        raise Refused(_FOR[allowed[0]] if allowed else "authority.for_nobody")


def permits(level: Level, body: Body) -> bool:
    """Tell whether a level may write this entry, the scope apart; its kind is one we know."""
    if body.op == OP:  # lawful deletion, of whatever kind
        return level is Level.COUNTY and is_redaction(body)
    kind = Kind(body.kind)
    if kind is Kind.CASE and "level" in body.extras:
        # The act of a step: done by the level it claims, and no village approves.
        return body.extras["level"] == level and not (level is Level.VILLAGE and _decides(body))
    if kind is Kind.CASE and not _STANDING.isdisjoint(body.changes):
        return False
    if body.op == _RESOLVED and all(len(body.parents.get(code, ())) >= _SIDES for code in body.changes):
        return True  # whoever has both sides before them may settle it; nothing new is claimed
    return level in _levels_for(kind, body.op)


@lru_cache(maxsize=1000)
def _levels_for(kind: Kind, op: str) -> frozenset[Level]:
    rules = MATRIX[kind]
    return rules[max((start for start in rules if op.startswith(start)), key=len)]


def _decides(body: Body) -> bool:
    """Tell whether an act decides a case.

    To close a case that was decided above is no decision: its last step may be the village's own, as the
    certificate of an exit or what the urgent path left to be made up.
    """
    closes = body.changes.get("stage") == END
    approves = body.changes.get("status") in _DECIDED
    return (approves and not closes) or not _DECISION.isdisjoint(body.changes)
