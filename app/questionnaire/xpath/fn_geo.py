"""Functions about places: a point is ``lat lon alt accuracy``, a line or shape points joined by ``;``."""

from __future__ import annotations

import math
from itertools import pairwise

from app.questionnaire.xpath.table import MANY, Function, mismatch, text_at
from app.questionnaire.xpath.values import NAN, Context, Value, text_number, to_text

EARTH_RADIUS_M = 6_378_100.0
_Point = tuple[float, float]
_Segment = tuple[_Point, _Point]
_TRIANGLE = 3


def _point(text: str) -> _Point | None:
    parts = [text_number(p) for p in text.split()]
    if not 2 <= len(parts) <= 4 or any(math.isnan(p) for p in parts):  # noqa: PLR2004 - lat lon [alt [accuracy]]
        return None
    return parts[0], parts[1]


def _points(text: str) -> list[_Point] | None:
    pieces = [p for p in text.split(";") if p.strip()]
    found = [_point(p) for p in pieces]
    return [p for p in found if p is not None] if pieces and None not in found else None


def _gather(args: list[Value]) -> list[_Point] | None:
    """Points of one trace, of a node-set of points, or of several point arguments."""
    texts: list[str] = []
    for value in args:
        texts.extend([n.value() for n in value] if isinstance(value, list) else [to_text(value)])
    return _points(";".join(texts))


def _valid(points: list[_Point]) -> bool:
    return all(abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in points)  # noqa: PLR2004 - degrees


def _area(_context: Context, args: list[Value]) -> Value:
    points = _gather(args)
    if points is None or len(points) < _TRIANGLE:
        return 0.0
    if not _valid(points):
        return NAN
    ring = [*points, points[0]] if points[0] != points[-1] else points
    total = 0.0
    for (lat1, lon1), (lat2, lon2) in pairwise(ring):
        total += math.radians(lon2 - lon1) * (2 + math.sin(math.radians(lat1)) + math.sin(math.radians(lat2)))
    return round(abs(total * EARTH_RADIUS_M * EARTH_RADIUS_M / 2.0) * 100) / 100


def _leg(start: _Point, end: _Point) -> float:
    """Haversine distance in metres."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*start, *end))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(half))


def _distance(_context: Context, args: list[Value]) -> Value:
    points = _gather(args)
    if points is None or not _valid(points):
        return NAN
    total = sum(_leg(a, b) for a, b in pairwise(points))
    return round(total * 100) / 100


def _geofence(_context: Context, args: list[Value]) -> Value:
    point, shape = _point(text_at(args, 0)), _points(text_at(args, 1))
    if point is None or shape is None:
        if not text_at(args, 0) and shape is not None:
            return False
        raise mismatch("geofence")
    lat, lon = point
    inside = False
    for (lat1, lon1), (lat2, lon2) in zip(shape, [*shape[1:], shape[0]], strict=True):
        if (lat1 > lat) != (lat2 > lat) and lon < (lon2 - lon1) * (lat - lat1) / (lat2 - lat1) + lon1:
            inside = not inside
    return inside


def _turn(start: _Point, end: _Point, point: _Point) -> float:
    """On which side of a line a point lies, 0 on it."""
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


def _between(start: _Point, end: _Point, point: _Point) -> bool:
    """Whether a point of the line lies on the segment."""
    return all(min(a, b) <= p <= max(a, b) for a, b, p in zip(start, end, point, strict=True))


def _cross(one: _Segment, other: _Segment) -> bool:
    """Whether two segments have a point in common."""
    turns = [_turn(*one, p) for p in other] + [_turn(*other, p) for p in one]
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    ends = [(one, p) for p in other] + [(other, p) for p in one]
    return any(turn == 0 and _between(*line, p) for turn, (line, p) in zip(turns, ends, strict=True))


def _folds_back(one: _Segment, other: _Segment) -> bool:
    """Whether two segments that share a corner share more than that."""
    corner = next(p for p in one if p in other)
    far = [next((p for p in line if p != corner), corner) for line in (one, other)]
    return _turn(*one, far[1]) == 0 and (_between(*one, far[1]) or _between(*other, far[0]))


def _intersects(_context: Context, args: list[Value]) -> Value:
    """Whether a line or the outline of a shape meets itself anywhere but where it is joined."""
    points = _points(text_at(args, 0)) or []
    legs = [leg for leg in pairwise(points) if leg[0] != leg[1]]
    closed = len(legs) > 1 and legs[0][0] == legs[-1][1]
    for at, one in enumerate(legs):
        for gap, other in enumerate(legs[at + 1 :], 1):
            joined = gap == 1 or (closed and gap == len(legs) - 1)
            if _folds_back(one, other) if joined else _cross(one, other):
                return True
    return False


TABLE = {
    "area": Function(_area, (1, 1)),
    "enclosed-area": Function(_area, (1, 1)),
    "intersects": Function(_intersects, (1, 1)),
    "distance": Function(_distance, (1, MANY)),
    "geofence": Function(_geofence, (2, 2)),
}
