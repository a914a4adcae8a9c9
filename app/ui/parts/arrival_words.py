"""What is said about a file that was looked at or taken in, the important first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.queries.tone import Tone
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from app.queries.arrival import Double, Looked
    from app.queries.import_undo import UndoExtent
    from app.ui.desks.sharing import FileLine, TakenLine

_MINUTE_MS = 60_000
_WRONG_MS = 10 * _MINUTE_MS  # less is how clocks are
_SPANS = (("years", 365 * 1440), ("days", 1440), ("hours", 60), ("minutes", 1))
_AT = len("2026-10-07T09:30")
_DOUBLES = 6  # told one by one
_QUIET = frozenset({"valid"})


@dataclass(frozen=True, slots=True)
class Told:
    """What is told about one file: its state in a few words, plain lines, and lines to mind."""

    state: str
    tone: Tone
    lines: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def moment(iso: str) -> str:
    """Return a moment as it is read: day and minute."""
    return iso[:_AT].replace("T", " ")


def span(milliseconds: int) -> str:
    """Return a length of time in its largest whole unit, rounded: "3 年", "40 分钟"."""
    minutes = milliseconds // _MINUTE_MS
    unit, size = next((found for found in _SPANS if minutes >= found[1]), _SPANS[-1])
    return t(f"sharing.span_{unit}", number=round(minutes / size))


def told_before(line: FileLine) -> Told:
    """Return what to say about a file that was looked at."""
    looked = line.looked
    if looked.refused is not None:
        return Told(t("arrival.says_refused"), Tone.RED, (), (sentence(looked.refused),))
    state, tone = _state(looked)
    lines = [_written(looked), *_certificate(looked, quiet=True), *_news(looked)]
    return Told(state, tone, tuple(lines), tuple(_warnings(looked)))


def told_after(line: TakenLine) -> Told:
    """Return what to say about a file that was taken in."""
    if line.refused is not None:
        return Told(t("arrival.says_refused"), Tone.RED, (), (sentence(line.refused),))
    if line.waiting:
        text = t("arrival.taken_waiting", place=line.place, number=line.held)
        return Told(t("arrival.says_waiting"), Tone.AMBER, (), (text,))
    counted = t(
        "arrival.taken", new=line.new, households=line.households, persons=line.persons, known=line.known
    )
    released = [t("arrival.taken_released", number=line.released)] if line.released else []
    warnings = [t("arrival.taken_conflicts", number=line.conflicts)] if line.conflicts else []
    warnings += [t("arrival.taken_held", number=line.held)] if line.held else []
    warnings += [t("arrival.unknown_kinds", number=line.unknown)] if line.unknown else []
    state = t("arrival.says_taken") if line.new else t("arrival.says_known")
    return Told(state, Tone.GREEN, (counted, *released), tuple(warnings))


def told_left() -> Told:
    """Return what to say about a file that was left out."""
    return Told(t("arrival.says_left"), Tone.NEUTRAL, (t("arrival.left_why"),))


def undo_question(extent: UndoExtent) -> str:
    """Return what is asked before imports are taken back."""
    return t("arrival.undo_ask", entries=extent.entries, households=extent.households, persons=extent.persons)


def _state(looked: Looked) -> tuple[str, Tone]:
    wrong = max(looked.ahead_ms, looked.behind_ms) > _WRONG_MS
    found = (
        (looked.certificate == "unknown", t("arrival.says_waiting"), Tone.AMBER),
        (looked.certificate == "revoked", t("arrival.says_revoked"), Tone.RED),
        (looked.forked > 0, t("arrival.says_fork"), Tone.AMBER),
        (wrong, t("arrival.says_clock"), Tone.AMBER),
        (bool(looked.doubles), t("arrival.says_doubles", number=len(looked.doubles)), Tone.AMBER),
        (looked.unknown > 0, t("arrival.says_unknown", number=looked.unknown), Tone.AMBER),
        (looked.missing > 0 or bool(looked.volumes), t("arrival.says_missing"), Tone.AMBER),
        (looked.new.entries == 0, t("arrival.says_known"), Tone.NEUTRAL),
    )
    return next(((text, tone) for yes, text, tone in found if yes), (t("arrival.says_fine"), Tone.GREEN))


def _written(looked: Looked) -> str:
    at = moment(looked.written_at)
    if looked.person:
        return t("arrival.written_by", at=at, person=looked.person)
    return t("arrival.written", at=at)


def _certificate(looked: Looked, *, quiet: bool) -> list[str]:
    """Return the line about the certificate when it belongs among the quiet ones, or among the others."""
    if (looked.certificate in _QUIET) is not quiet:
        return []
    if looked.certificate == "valid":
        return [t("arrival.valid", until=looked.until) if looked.until else t("arrival.valid_root")]
    return [t(f"arrival.{looked.certificate}", until=looked.until, number=looked.held.entries)]


def _news(looked: Looked) -> list[str]:
    told: list[str] = []
    if looked.first_at and moment(looked.first_at) == moment(looked.last_at):
        told.append(t("arrival.period_one", first=moment(looked.first_at)))
    elif looked.first_at:
        told.append(t("arrival.period", first=moment(looked.first_at), last=moment(looked.last_at)))
    if looked.added:
        told.append(t("arrival.added", number=looked.added))
    if looked.seen_at:
        told.append(t("arrival.again", at=moment(looked.seen_at)))
    elif not looked.new.entries and looked.certificate != "unknown":
        told.append(t("arrival.older"))
    return told


def _warnings(looked: Looked) -> list[str]:
    told = _certificate(looked, quiet=False)
    if looked.ahead_ms > _WRONG_MS:
        told.append(t("arrival.ahead", span=span(looked.ahead_ms)))
    if looked.behind_ms > _WRONG_MS:
        told.append(t("arrival.behind", span=span(looked.behind_ms)))
    if looked.certificate not in {"unknown", "revoked"} and looked.held.entries:
        told.append(t("arrival.held", number=looked.held.entries))
    if looked.forked:
        told.append(t("arrival.forked", number=looked.forked))
    if looked.missing:
        told.append(t("arrival.missing", number=looked.missing))
    if looked.volumes:
        lacking = "、".join(map(str, looked.volumes))
        told.append(t("arrival.volumes", of=looked.volume[1], lacking=lacking))
    if looked.unknown:
        told.append(t("arrival.unknown_kinds", number=looked.unknown))
    return told + _doubles(looked)


def _doubles(looked: Looked) -> list[str]:
    told = [_double(one) for one in looked.doubles[:_DOUBLES]]
    more = len(looked.doubles) - _DOUBLES
    return [*told, t("arrival.doubles_more", number=more)] if more > 0 else told


def _double(one: Double) -> str:
    key = f"arrival.double_{one.reason}" if one.code else f"arrival.double_among_{one.reason}"
    return t(key, name=one.name, coming=one.coming_place, place=one.place, head=one.head, code=one.code)
