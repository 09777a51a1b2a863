"""Digests: what names a change, and the running hash of a feed."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import cbor2

from app.domain.change import DIGEST_BYTES, Change, Ref, Value
from app.domain.fields import entity_number, field_number

VALUE_DIGEST_BYTES = 16
CHAIN_BYTES = 8


def canonical(value: Any) -> bytes:
    """Canonical CBOR (RFC 8949 section 4.2) of a value."""
    return cbor2.dumps(value, canonical=True)


def value_digest(value: Value) -> bytes:
    """16 bytes that stand for a value, so that an erased one leaves the digest of its change whole."""
    return hashlib.sha256(canonical(value)).digest()[:VALUE_DIGEST_BYTES]


def seal(
    *,
    stream: int,
    n: int,
    by: str,
    at: int,
    entity: str,
    id: str,
    fields: Mapping[str, Value],
    over: Iterable[Ref],
) -> Change:
    """Make a change: its digest is 8 bytes of SHA-256 over its CBOR, values by their own digests."""
    listed = tuple(sorted(set(over)))
    content = [
        stream,
        n,
        by,
        at,
        entity_number(entity),
        id,
        {field_number(entity, name): value_digest(value) for name, value in fields.items()},
        [list(ref) for ref in listed],
    ]
    digest = hashlib.sha256(canonical(content)).digest()[:DIGEST_BYTES]
    return Change(stream, n, by, at, entity, id, dict(fields), listed, digest)


def chain_next(chain: bytes, digest: bytes, arrived: int) -> bytes:
    """The running hash of a feed after one more row: over the change's digest and its time of arrival."""
    return hashlib.sha256(chain + digest + arrived.to_bytes(8, "big")).digest()[:CHAIN_BYTES]
