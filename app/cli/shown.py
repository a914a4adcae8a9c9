"""Results for a reader at the terminal: the words for codes and keys. Scripts ask for ``--json``.

in_words(result, Words(policy, places))      # the same shape, codes replaced where words are known
labelled(result)                             # only labels, for JSON too: they are words by their nature
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.domain.parsed import is_list
from app.domain.workflow import END
from app.queries.field_value import words_of
from app.ui.texts import has, t

if TYPE_CHECKING:
    from app.queries.policy import Policy
    from app.usecases.policy import Policy as KnownPacks

Row = Mapping[str, object]

_SENTENCE = ["code", "field", "params"]
_STEPS = frozenset({"stage", "step", "steps", "from_step"})
_KEYS = {
    "kind": ("conflicts.kind_", "arrival.way_"),
    "level": ("detail.level_",),
    "role": ("detail.level_",),
}
_KINDS = frozenset(str(kind) for kind in FIELDS)
_STATES = {"devices": "device.state_", "history": "history.state_", "areas": "sharing.state_"}
_STATUS = {
    "households": "household_status",
    "cases": "case_status",
    "card": "case_status",
    "": "household_status",
}
_OF_KIND = {"members": Kind.MEMBER, "": Kind.HOUSEHOLD}


class Words:
    """What codes are called in this workspace; ``places`` names villages by 12-digit code."""

    def __init__(self, policy: KnownPacks, places: Mapping[str, str]) -> None:
        self.policy: Policy = policy
        self.places = places
        workflows = [one for pack in policy.packs.values() for one in pack.workflows.values()]
        self.steps = {step.id: step.name for one in workflows for step in one.steps}
        self.steps[END] = t("cli.ended")
        self.workflows = {one.id: one.name for one in workflows}

    def of(self, kind: Kind, code: str, value: object) -> str:
        """Return a field's value in words; what is sensitive stays as it came, masked or shown on request."""
        known = FIELDS[kind].get(code)
        if known is None or known.sensitive or not isinstance(value, (str, int)):
            return str(value)
        return words_of(self.policy, known, value, {})


def in_words(found: object, words: Words, within: str = "") -> object:
    """Return a result with codes in words; ``within`` is the key of what it stands in."""
    if isinstance(found, Mapping):
        row = cast("Row", found)
        if sorted(row) == _SENTENCE:
            return _sentence(row)
        return {key: _cell(row, key, words, within) for key in row}
    if is_list(found) or isinstance(found, tuple):
        return [in_words(one, words, within) for one in cast("list[object]", found)]
    return _plain(found)


def labelled(found: object) -> object:
    """Return a result in which every label is words."""
    if isinstance(found, Mapping):
        row = cast("Row", found)
        return {key: _label(value) if key == "label" else labelled(value) for key, value in row.items()}
    if is_list(found) or isinstance(found, tuple):
        return [labelled(one) for one in cast("list[object]", found)]
    return found


def _cell(row: Row, key: str, words: Words, within: str) -> object:
    value = row[key]
    if key == "cases" and isinstance(value, Mapping):
        return _counts(cast("Row", value), words)
    kind = _kind_of(row, key, within)
    if kind is not None and isinstance(value, Mapping):
        values = cast("Row", value)
        return {_field(kind, code): words.of(kind, code, one) for code, one in values.items()}
    if not isinstance(value, str):
        return in_words(value, words, key)
    return _word(row, key, value, words, within)


def _counts(found: Row, words: Words) -> Row:
    """Return the numbers of cases by workflow and step under their names."""
    return {
        words.workflows.get(workflow, workflow): {
            words.steps.get(step, step): one for step, one in of.items()
        }
        for workflow, of in cast("Mapping[str, Row]", found).items()
    }


def _kind_of(row: Row, key: str, within: str) -> Kind | None:
    """Return the kind whose fields stand under a key, None for anything else."""
    if key == "fields" and "id" in row:
        return _OF_KIND.get(within)
    return {"conditions": Kind.CONDITIONS, "values": Kind.CASE}.get(key)


def _word(row: Row, key: str, value: str, words: Words, within: str) -> str:
    """Return the words for a code, which stands under ``key``."""
    if key in _STEPS:
        return " ".join(words.steps.get(one, one) for one in value.split())
    if key == "status" and within in _STATUS:
        return words.policy.codes(_STATUS[within]).label(value)
    if key in {"field", "value"} and str(row.get("kind", "")) in _KINDS:
        return _of_field(row, key, value, words)
    if key == "state":
        return _state(row, value, within)
    named = {"workflow": words.workflows, "village": words.places}
    return named[key].get(value, value) if key in named else _known(key, value)


def _state(row: Row, value: str, within: str) -> str:
    if (within, value) == ("areas", "delivered"):
        return t("sharing.state_delivered", day=str(row.get("up_to", ""))[:10])
    return _first((_STATES.get(within, "") + value,), value)


def _known(key: str, value: str) -> str:
    return (
        _label(value)
        if key == "label"
        else _first(tuple(f"{one}{value}" for one in _KEYS.get(key, ())), value)
    )


def _of_field(row: Row, key: str, value: str, words: Words) -> str:
    kind = Kind(str(row["kind"]))
    return _field(kind, value) if key == "field" else words.of(kind, str(row.get("field", "")), value)


def _field(kind: Kind, code: str) -> str:
    return _label(f"field.{kind}.{code}", code)


def _label(value: object, otherwise: str | None = None) -> str:
    text = str(value)
    return t(text) if "." in text and has(text) else text if otherwise is None else otherwise


def _first(keys: tuple[str, ...], otherwise: str) -> str:
    return next((t(key) for key in keys if "." in key and has(key)), otherwise)


def _sentence(row: Row) -> str:
    code, params = str(row["code"]), cast("list[tuple[str, str | int]]", row["params"])
    return t(code, **dict(params)) if has(code) else code


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return t("app.yes") if value else t("app.no")
    return "" if value is None else value
