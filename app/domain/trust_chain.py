"""The rules of the chain: county root, township, device; nobody certifies outside the own division.

county root -> township (own division, may issue, path length 1) -> devices of the township and
its villages.  A township without a county is its own root; the county can certify it later, and
the township endorses the county's root so that its villages believe it too.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from app.domain.errors import BadInput, Refused
from app.domain.ids import Level
from app.domain.region import is_within, level_of
from app.domain.trust import Certificate, Revocation, TrustDoc, ordered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.domain.trust import Endorsement, Verify

_RANK = {Level.VILLAGE: 0, Level.TOWNSHIP: 1, Level.COUNTY: 2}


def check_signatures(doc: TrustDoc, verify: Verify) -> None:
    """Do nothing when every statement is signed by the one it names.

    Raises:
        BadInput: ``trust.bad_signature``.
    """
    statements: tuple[Certificate | Revocation | Endorsement, ...] = (
        *doc.certificates,
        *doc.revocations,
        *doc.endorsements,
    )
    for statement in statements:
        if not verify(statement.issuer, statement.signed_part(), statement.signature):
            raise BadInput("trust.bad_signature")


@lru_cache(maxsize=16)
def merged(own: TrustDoc, other: TrustDoc, verify: Verify) -> TrustDoc:
    """Return what is believed after reading ``other``: both sets, less what no root of ours vouches for.

    ``other.roots`` is not believed. The epoch never goes down and the order of merging does not matter
    once the same statements have been seen.

    Raises:
        BadInput: ``trust.bad_signature`` when a statement we do not have yet is wrongly signed.
    """
    fresh = ordered(
        (),
        set(other.certificates) - set(own.certificates),
        set(other.revocations) - set(own.revocations),
        set(other.endorsements) - set(own.endorsements),
    )
    check_signatures(fresh, verify)
    union = ordered(
        own.roots,
        {*own.certificates, *other.certificates},
        {*own.revocations, *other.revocations},
        {*own.endorsements, *other.endorsements},
    )
    return _believed(union)


def with_root(doc: TrustDoc, root: Certificate, verify: Verify) -> TrustDoc:
    """Return the document after its owner has decided to believe ``root``.

    Raises:
        BadInput: ``trust.bad_root`` (not a self-signed issuer of a township or county) or
            ``trust.bad_signature``.
    """
    if not _is_proper_root(root):
        raise BadInput("trust.bad_root")
    check_signatures(TrustDoc(certificates=(root,)), verify)
    return ordered(
        (*doc.roots, root.key),
        {*doc.certificates, root},
        set(doc.revocations),
        set(doc.endorsements),
    )


@lru_cache(maxsize=16)
def valid_certificates(doc: TrustDoc) -> tuple[Certificate, ...]:
    """Return the certificates that reach one of ``doc.roots`` by the rules; signatures are not checked."""
    issuers, devices = _vouched(doc)
    standing = _what_stands(doc, issuers)
    kept = [c for c in devices if c.issuer not in standing or c.mark in standing[c.issuer]]
    return (*issuers, *kept)


def certificates_by_device(doc: TrustDoc) -> Mapping[str, tuple[Certificate, ...]]:
    """Return the valid certificates of every device; one device may hold several (代录)."""
    found: dict[str, tuple[Certificate, ...]] = {}
    for certificate in valid_certificates(doc):
        found[certificate.device] = (*found.get(certificate.device, ()), certificate)
    return found


def valid_revocations(doc: TrustDoc) -> tuple[Revocation, ...]:
    """Return the revocations in force: by someone who could have issued the certificate, the last of each.

    Of one issuer about one key the highest serial holds; what that one lifts is not in the answer.
    """
    return tuple(r for r in _latest(_declared(doc)) if not r.lifted)


def revoked_keys(doc: TrustDoc) -> frozenset[str]:
    """Return the signing keys that are revoked now: nothing is sealed to them any more."""
    return frozenset(r.key for r in valid_revocations(doc))


def last_serial(doc: TrustDoc, issuer: str, key: str) -> int:
    """Return the serial of the last that ``issuer`` declared about ``key``, -1 when it never did."""
    return max((r.serial for r in doc.revocations if (r.issuer, r.key) == (issuer, key)), default=-1)


def may_revoke(issuer: str, key: str, doc: TrustDoc) -> bool:
    """Tell whether the holder of the signing key ``issuer`` may revoke ``key``."""
    return _may_revoke(Revocation(key, (), issuer, "", ""), valid_certificates(doc))


def may_issue(issuer: Certificate, certificate: Certificate) -> bool:
    """Tell whether the holder of ``issuer`` may give out ``certificate``, signatures apart."""
    if (
        not issuer.can_issue
        or not _scope_fits(certificate)
        or certificate.valid_from > certificate.valid_until
    ):
        return False
    if not is_within(issuer.scope, certificate.scope) or _RANK[certificate.level] > _RANK[issuer.level]:
        return False
    if certificate.proxy and certificate.level is not Level.VILLAGE:
        return False
    if certificate.can_issue:
        return issuer.is_root and issuer.level is Level.COUNTY and certificate.level is Level.TOWNSHIP
    return True


def _vouched(doc: TrustDoc) -> tuple[list[Certificate], list[Certificate]]:
    """Return the certificates that reach a root, those that may issue first; void ones are among them."""
    roots = _roots(doc)
    issuers = [*roots]
    issuers += [c for c in doc.certificates if c.can_issue and not c.is_root and _issued_by(c, roots)]
    return issuers, [c for c in doc.certificates if not c.can_issue and _issued_by(c, issuers)]


def _believed(doc: TrustDoc) -> TrustDoc:
    issuers, devices = _vouched(doc)
    # What a revocation makes void stays too: the revocation may be lifted.
    kept = {*issuers, *devices}
    keys = {c.key for c in kept if c.is_root}
    return ordered(
        doc.roots,
        kept,
        set(_declared(doc)),
        {e for e in doc.endorsements if e.issuer in keys and e.root in keys},
    )


def _roots(doc: TrustDoc) -> list[Certificate]:
    """Return the self-signed certificates of believed roots, endorsed ones included."""
    candidates = [c for c in doc.certificates if _is_proper_root(c)]
    found = [c for c in candidates if c.key in doc.roots]
    grew = True
    while grew:
        more = [c for c in candidates if c not in found and _endorsed(c, found, doc.endorsements)]
        found += more
        grew = bool(more)
    return found


def _endorsed(root: Certificate, by: Iterable[Certificate], endorsements: Iterable[Endorsement]) -> bool:
    above = [c for c in by if _RANK[root.level] > _RANK[c.level] and is_within(root.scope, c.scope)]
    return any(e.root == root.key and e.issuer == c.key for e in endorsements for c in above)


def _is_proper_root(c: Certificate) -> bool:
    return c.is_root and not c.proxy and c.level is not Level.VILLAGE and _scope_fits(c)


def _scope_fits(c: Certificate) -> bool:
    try:
        return level_of(c.scope) is c.level
    except Refused:
        return False


def _issued_by(certificate: Certificate, issuers: Iterable[Certificate]) -> bool:
    return any(i.key == certificate.issuer and may_issue(i, certificate) for i in issuers)


def _declared(doc: TrustDoc) -> list[Revocation]:
    issuers, devices = _vouched(doc)
    return [r for r in doc.revocations if _may_revoke(r, (*issuers, *devices))]


def _latest(revocations: Iterable[Revocation]) -> list[Revocation]:
    """Return of each issuer about each key what was declared last; equal serials stand together."""
    found: dict[tuple[str, str], list[Revocation]] = {}
    for one in revocations:
        known = found.setdefault((one.issuer, one.key), [])
        if known and one.serial > known[0].serial:
            known.clear()
        if not known or one.serial == known[0].serial:
            known.append(one)
    return [one for known in found.values() for one in known]


def _what_stands(doc: TrustDoc, issuers: list[Certificate]) -> Mapping[str, frozenset[str]]:
    """Return, for each issuing key a root has revoked, the marks of its certificates that still count."""
    declared = [r for r in doc.revocations if r.issuer != r.key and _may_revoke(r, issuers)]
    found: dict[str, frozenset[str]] = {}
    for one in _latest(declared):
        if not one.lifted:
            marks = frozenset(one.stands)
            found[one.key] = found.get(one.key, marks) & marks
    return found


def _may_revoke(revocation: Revocation, valid: Iterable[Certificate]) -> bool:
    everyone = tuple(valid)
    subjects = [c for c in everyone if c.key == revocation.key]
    issuers = [c for c in everyone if c.key == revocation.issuer and c.can_issue]
    return any(may_issue(i, c) for i in issuers for c in subjects if not c.is_root)
