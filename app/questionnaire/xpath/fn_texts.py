"""Text functions."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import re
import uuid

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.questionnaire.xpath.table import MANY, Function, mismatch, number_at, text_at
from app.questionnaire.xpath.values import Context, ExpressionError, Value, node_text, to_text

_DIGESTS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_SIGNATURE = 64
_BLANKS = re.compile(r"[ \t\r\n]+")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def _texts(args: list[Value]) -> list[str]:
    """All arguments as texts; a node-set gives one text per node."""
    found: list[str] = []
    for value in args:
        if isinstance(value, list):
            found.extend(node_text(n) for n in value)
        else:
            found.append(to_text(value))
    return found


def _concat(_context: Context, args: list[Value]) -> Value:
    return "".join(_texts(args))


def _join(_context: Context, args: list[Value]) -> Value:
    return text_at(args, 0).join(_texts(args[1:]))


def _starts_with(_context: Context, args: list[Value]) -> Value:
    return text_at(args, 0).startswith(text_at(args, 1))


def _ends_with(_context: Context, args: list[Value]) -> Value:
    return text_at(args, 0).endswith(text_at(args, 1))


def _contains(_context: Context, args: list[Value]) -> Value:
    return text_at(args, 1) in text_at(args, 0)


def _substring_before(_context: Context, args: list[Value]) -> Value:
    text, mark = text_at(args, 0), text_at(args, 1)
    return text.partition(mark)[0] if mark and mark in text else ""


def _substring_after(_context: Context, args: list[Value]) -> Value:
    text, mark = text_at(args, 0), text_at(args, 1)
    if not mark:
        return text
    return text.partition(mark)[2]


def _half_up(number: float) -> float:
    return number if math.isinf(number) or math.isnan(number) else float(math.floor(number + 0.5))


def _substring(context: Context, args: list[Value]) -> Value:
    text = text_at(args, 0)
    first = _half_up(number_at(context, args, 1))
    last = first + _half_up(number_at(context, args, 2)) if len(args) > 2 else math.inf  # noqa: PLR2004 - third
    return "".join(c for i, c in enumerate(text, 1) if first <= i < last)


def _cut(number: float, length: int) -> int:
    if math.isnan(number):
        return 0
    whole = int(max(-length, min(length, number)))
    return max(length + whole, 0) if whole < 0 else whole


def _substr(context: Context, args: list[Value]) -> Value:
    text = text_at(args, 0)
    start = _cut(number_at(context, args, 1), len(text))
    end = _cut(number_at(context, args, 2), len(text)) if len(args) > 2 else len(text)  # noqa: PLR2004 - third
    return text[start:end]


def _string_length(context: Context, args: list[Value]) -> Value:
    return float(len(to_text(args[0] if args else [context.node])))


def _normalize_space(context: Context, args: list[Value]) -> Value:
    return " ".join(_BLANKS.split(to_text(args[0] if args else [context.node]).strip(" \t\r\n")))


def _translate(_context: Context, args: list[Value]) -> Value:
    source, target = text_at(args, 1), text_at(args, 2)
    table: dict[int, str | None] = {}
    for index, char in enumerate(source):
        table.setdefault(ord(char), target[index] if index < len(target) else None)
    return text_at(args, 0).translate(table)


def _regex(_context: Context, args: list[Value]) -> Value:
    pattern = text_at(args, 1)
    try:
        return re.fullmatch(pattern, text_at(args, 0)) is not None
    except re.error as error:
        raise ExpressionError("questionnaire.wrong_pattern", pattern=pattern) from error


def _digest(_context: Context, args: list[Value]) -> Value:
    algorithm, encoding = text_at(args, 1), text_at(args, 2, "base64")
    if algorithm not in _DIGESTS or encoding not in {"hex", "base64"}:
        raise mismatch("digest")
    raw = hashlib.new(_DIGESTS[algorithm], text_at(args, 0).encode(), usedforsecurity=False).digest()
    return raw.hex() if encoding == "hex" else base64.b64encode(raw).decode()


def _base64_decode(_context: Context, args: list[Value]) -> Value:
    text = text_at(args, 0)
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        return raw.decode("utf-8", errors="replace")
    except binascii.Error:
        return ""


def _extract_signed(_context: Context, args: list[Value]) -> Value:
    """The words behind an Ed25519 signature of 64 bytes, "" when the public key does not fit it."""
    try:
        signed = base64.b64decode(text_at(args, 0), validate=True)
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(text_at(args, 1), validate=True))
        key.verify(signed[:_SIGNATURE], signed[_SIGNATURE:])
        return signed[_SIGNATURE:].decode()
    except (ValueError, InvalidSignature):
        return ""


def _uuid(context: Context, args: list[Value]) -> Value:
    rng = context.scope.rng
    if not args:
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    length = number_at(context, args, 0)
    return "".join(rng.choice(_ALPHABET) for _ in range(int(length) if math.isfinite(length) else 0))


TABLE = {
    "concat": Function(_concat, (0, MANY)),
    "join": Function(_join, (1, MANY)),
    "starts-with": Function(_starts_with, (2, 2)),
    "ends-with": Function(_ends_with, (2, 2)),
    "contains": Function(_contains, (2, 2)),
    "substring-before": Function(_substring_before, (2, 2)),
    "substring-after": Function(_substring_after, (2, 2)),
    "substring": Function(_substring, (2, 3)),
    "substr": Function(_substr, (2, 3)),
    "string-length": Function(_string_length, (0, 1)),
    "normalize-space": Function(_normalize_space, (0, 1)),
    "translate": Function(_translate, (3, 3)),
    "regex": Function(_regex, (2, 2)),
    "digest": Function(_digest, (2, 3)),
    "extract-signed": Function(_extract_signed, (2, 2)),
    "base64-decode": Function(_base64_decode, (1, 1)),
    "uuid": Function(_uuid, (0, 1)),
}
