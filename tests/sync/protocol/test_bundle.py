"""A bundle is read whole and verified, or refused; whatever lies on the stick."""

import hashlib
import io
import os
import tracemalloc

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import LedgerError
from sync.protocol import bundle, envelope, strict
from sync.protocol.errors import BadMessage

SENDER, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
BOX, STRANGER = X25519PrivateKey.generate(), X25519PrivateKey.generate()
KID, TO = 77, 5


def public(key) -> bytes:
    return key.public_key().public_bytes_raw()


def written(*parts, introduction=b"paper", to=((TO, BOX),), kind="request", sign=SENDER.sign) -> bytes:
    out = io.BytesIO()
    writer = bundle.Writer(out, kind, "16813", 1_000, KID, sign, [(kid, public(box)) for kid, box in to])
    for which, name, content in parts:
        writer.add(which, name, len(content), iter([content[:10], content[10:]]))
    writer.finish(introduction)
    assert writer.size == len(out.getvalue())
    return out.getvalue()


def read(data: bytes, *, key=None, kid=TO, box=BOX):
    """Header and parts, as a receiver takes them."""
    source = io.BytesIO(data)
    end = bundle.tail(source, "a.gói")
    header = bundle.verified(source, end, key or public(SENDER))
    opened = bundle.content_key(end, header, kid, box)
    return (
        end,
        header,
        [(part.which, part.name, part.read()) for part in bundle.parts(source, end, header, opened)],
    )


PARTS = (
    ("envelope", "", b"words " * 100),
    ("certificate", "4d", b"c" * 5),
    ("file", "ab" * 32, os.urandom(3 * bundle.CHUNK)),
    ("file", "cd" * 32, b""),
)
WHOLE = written(*PARTS)
SMALL = written(("envelope", "", b"a few words that wait"))


def test_what_was_put_in_comes_out_in_order():
    end, header, found = read(WHOLE)
    assert found == list(PARTS)
    assert (end.kid, end.introduction, header.unit, header.created, header.kind) == (
        KID, b"paper", "16813", 1_000, "request",
    )  # fmt: skip


def test_each_recipient_opens_it_and_nobody_else():
    data = written(*PARTS, to=((TO, BOX), (6, STRANGER)))
    assert read(data, kid=6, box=STRANGER)[2] == read(data)[2]
    for kid, box in ((TO, STRANGER), (6, BOX), (7, BOX)):
        with pytest.raises(bundle.BundleClosed):
            read(data, kid=kid, box=box)


def test_a_key_that_was_sealed_for_one_kind_or_place_opens_no_other():
    """The sealed key of one bundle, put into the header of another one by a sender of his own."""
    source = io.BytesIO(SMALL)
    end = bundle.tail(source, "a")
    header = bundle.verified(source, end, public(SENDER))
    for kid, kind in ((TO, "answer"), (TO + 1, "request")):
        moved = bundle.Header(
            1, kind, header.unit, 1, [bundle.Recipient(kid, header.recipients[0].sealed)], 1, bytes(32), 1
        )
        with pytest.raises(bundle.BundleClosed):
            bundle.content_key(end, moved, kid, BOX)


def test_another_signer_is_told_apart_from_damage():
    with pytest.raises(bundle.BundleSigner):
        read(WHOLE, key=public(OTHER))
    with pytest.raises(bundle.BundleSigner):
        read(written(*PARTS, sign=OTHER.sign))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", bundle.MAGIC[:5], bytes(5_000), WHOLE[1:]])
def test_another_file_is_named_as_such(data):
    with pytest.raises(bundle.BundleForeign):
        read(data)


def test_a_newer_form_is_named_as_such():
    with pytest.raises(bundle.BundleNewer):
        read(bundle.MAGIC[:-1] + b"\x02" + SMALL[len(bundle.MAGIC) :])


def refused(data: bytes) -> None:
    with pytest.raises(LedgerError):
        read(data)


def test_one_byte_more_less_or_other_anywhere_is_refused():
    for place in range(len(SMALL)):
        refused(SMALL[:place] + bytes((SMALL[place] ^ 1,)) + SMALL[place + 1 :])
        refused(SMALL[:place] + SMALL[place + 1 :])
        refused(SMALL[:place])
        refused(SMALL[:place] + b"\0" + SMALL[place:])
    refused(SMALL + b"\0")


def test_a_bundle_cut_at_every_64th_byte_is_refused():
    for place in range(0, len(WHOLE), 64):
        refused(WHOLE[:place])


def test_damage_is_seen_without_the_key():
    """Whoever only carries a bundle, or writes it, can tell whether it is whole."""
    start = len(bundle.MAGIC)
    for place in (start, start + 70_000):
        altered = io.BytesIO(WHOLE[:place] + bytes((WHOLE[place] ^ 1,)) + WHOLE[place + 1 :])
        with pytest.raises(bundle.BundleDamaged):
            bundle.verified(altered, bundle.tail(altered, "a"), public(SENDER))


def test_chunks_cannot_be_moved_or_left_out_even_by_the_sender():
    """Whoever signs anew over changed content still has to know the key of each chunk's place."""
    source = io.BytesIO(WHOLE)
    end = bundle.tail(source, "a")
    header = bundle.verified(source, end, public(SENDER))
    key = bundle.content_key(end, header, TO, BOX)
    start, size = len(bundle.MAGIC), bundle.CHUNK + 16
    content = WHOLE[start : start + header.length]
    swapped = content[size : 2 * size] + content[:size] + content[2 * size :]
    for changed in (swapped, content[: 2 * size], content[size:]):
        altered = bundle.Header(
            1,
            "request",
            "16813",
            1,
            header.recipients,
            len(changed),
            hashlib.sha256(changed).digest(),
            header.parts,
        )
        with pytest.raises(bundle.BundleDamaged):
            list(bundle.parts(io.BytesIO(bundle.MAGIC + changed), end, altered, key))


def sealed(plain: bytes, count: int) -> tuple:
    """A rightly sealed content of somebody who does not keep to the form."""
    out = io.BytesIO()
    writer = bundle.Writer(out, "request", "1", 1, KID, SENDER.sign, [(TO, public(BOX))])
    writer._take(plain)
    writer._parts = count
    writer.finish()
    end = bundle.tail(out, "a")
    header = bundle.verified(out, end, public(SENDER))
    return out, end, header, bundle.content_key(end, header, TO, BOX)


def head(*values) -> bytes:
    packed = strict.dumps(list(values))
    return len(packed).to_bytes(2, "big") + packed


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"\xff\xff",
        head("envelope", "", 5),
        head("envelope", "", 5) + b"1234",
        head("envelope", "", 4) + b"12345",
        head("program", "", 4) + b"1234",
        head("envelope", "x" * 65, 4) + b"1234",
        head("envelope", "", -4) + b"1234",
        head("envelope", "", 2**40) + b"1234",
        head("envelope", "") + b"1234",
    ],
)
def test_parts_that_do_not_keep_to_the_form_are_refused(plain):
    out, end, header, key = sealed(plain, 1)
    with pytest.raises(BadMessage):
        for part in bundle.parts(out, end, header, key):
            part.read()


def test_envelopes_stand_before_files():
    out, end, header, key = sealed(head("file", "a", 0) + head("envelope", "", 0), 2)
    with pytest.raises(BadMessage):
        list(bundle.parts(out, end, header, key))
    with pytest.raises(ValueError, match="last"):
        written(("file", "a", b""), ("envelope", "", b""))


def test_a_part_has_the_length_that_was_announced():
    writer = bundle.Writer(io.BytesIO(), "request", "1", 1, KID, SENDER.sign, [(TO, public(BOX))])
    for content in (b"123", b"12345"):
        with pytest.raises(ValueError, match="length"):
            writer.add("file", "a", 4, iter([content]))


def test_a_header_that_is_another_signed_message_is_refused():
    """A certificate or a request that the sender signed does not pass for a header."""
    for payload in (strict.dumps([1, b"x"]), b"", b"\xff"):
        signed = envelope.seal(payload, KID, SENDER.sign)
        lengths = (0).to_bytes(4, "big") + len(signed).to_bytes(4, "big")
        check = hashlib.sha256(bundle.MAGIC + signed + lengths).digest()[:16]
        with pytest.raises(bundle.BundleSigner):
            read(bundle.MAGIC + bytes(16) + signed + lengths + check)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_mutation_does_anything_but_be_refused(data):
    source = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(source) - 1))
        match data.draw(st.sampled_from(["set", "cut", "put", "end"])):
            case "set":
                source[place] = data.draw(st.integers(0, 255))
            case "cut":
                del source[place : place + data.draw(st.integers(1, 200))]
            case "put":
                source[place:place] = data.draw(st.binary(min_size=1, max_size=40))
            case _:
                del source[place:]
        if not source:
            break
    if bytes(source) != SMALL:
        refused(bytes(source))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=600))
def test_no_bytes_behind_the_mark_do_anything_but_be_refused(data):
    refused(bundle.MAGIC + data)


def test_memory_does_not_grow_with_the_size(tmp_path):
    size = 24 * 1024 * 1024
    path = tmp_path / "large"
    tracemalloc.start()
    try:
        with path.open("w+b") as file:
            writer = bundle.Writer(file, "request", "1", 1, KID, SENDER.sign, [(TO, public(BOX))])
            block = bytes(1024 * 1024)
            writer.add("file", "a", size, (block for _ in range(size // len(block))))
            writer.finish()
            end = bundle.tail(file, "large")
            header = bundle.verified(file, end, public(SENDER))
            key = bundle.content_key(end, header, TO, BOX)
            found = 0
            for part in bundle.parts(file, end, header, key):
                for chunk in part.chunks:
                    found += len(chunk)
        assert found == size
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_the_size_is_known_before_it_is_written():
    lengths = [len(content) for _, _, content in PARTS]
    assert len(WHOLE) <= bundle.sealed_size(lengths, 1) <= len(WHOLE) + 4_096
