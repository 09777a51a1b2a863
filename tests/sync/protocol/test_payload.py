import random
import time
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sync.protocol import dictionary, envelope, payload, ppmd
from sync.protocol.errors import BadMessage
from sync.protocol.payload import BadPayload, NewerPayload, unwrap, wrap

TEXT = "Đã hoàn thành, chờ ý kiến của cấp trên. ".encode() * 50
WORDS = (
    "giao",
    "nhận",
    "họp",
    "bản",
    "thôn",
    "đường",
    "điện",
    "nước",
    "trạm",
    "kho",
    "máy",
    "sổ",
    "đơn",
    "thư",
)
DICE = random.Random(7)
SAID = " ".join(DICE.choices(WORDS, k=900)).encode()
SHORT = SAID[:200]
NOISE = random.Random(7).randbytes(500)
LARGE = " ".join(DICE.choices(WORDS, k=150_000)).encode()
FORMS = {
    payload.PLAIN: NOISE,
    payload.ZSTANDARD: LARGE,
    payload.WITH_DICTIONARY: SHORT,
    payload.PPMD: SAID,
}
HEAD = 5  # bytes of a PPMd payload before the coder's own
PARTS = st.binary(min_size=1, max_size=5)


@settings(deadline=None)
@given(st.binary(max_size=200) | PARTS.map(lambda part: part * 300) | st.binary(min_size=1000, max_size=1100))
def test_a_message_comes_out_as_it_went_in(message):
    carried = wrap(message)
    assert unwrap(carried) == message
    assert wrap(message) == carried


@pytest.mark.parametrize(("form", "message"), FORMS.items())
def test_the_shortest_form_is_taken(form, message):
    carried = wrap(message)
    assert carried[0] == form
    assert unwrap(carried) == message
    assert len(carried) <= len(message) + 1


def test_noise_is_carried_as_it_is():
    assert wrap(NOISE) == bytes((payload.PLAIN,)) + NOISE
    assert wrap(b"") == bytes((payload.PLAIN,))


def test_long_messages_are_not_for_ppmd():
    """It takes as long to read as to write, and a server reads what comes."""
    lines = "\n".join(f"Việc {n * n} đã xong." for n in range(ppmd.LIMIT // 20)).encode()
    assert wrap(lines[: ppmd.LIMIT])[0] == payload.PPMD
    assert wrap(lines[: ppmd.LIMIT + 1])[0] == payload.ZSTANDARD


def frame(message, **options):
    return bytes((payload.ZSTANDARD,)) + payload.zstd.compress(message, **options)[4:]


def ppmd_said(size, body, number=dictionary.NEWEST):
    return bytes((payload.PPMD, number)) + size.to_bytes(3, "big") + body


BOMBS = {
    "Zstandard": frame(bytes(200_000_000)),
    "with a dictionary": b"\2"
    + payload.zstd.compress(bytes(200_000_000), zstd_dict=payload.zstd.ZstdDict(dictionary.content(1)))[4:],
    "PPMd": ppmd_said(ppmd.LIMIT, ppmd.press(bytes(ppmd.LIMIT), 1)),
    "PPMd that says more": ppmd_said(2**24 - 1, ppmd.press(bytes(ppmd.LIMIT), 1)),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_without_taking_the_room(bomb):
    assert len(bomb) < 20_000
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(BadPayload):
            unwrap(bomb, limit=500_000)
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
        assert time.process_time() - began < 10
    finally:
        tracemalloc.stop()


def test_a_few_bytes_never_become_as_much_as_a_large_message_may_have():
    with pytest.raises(BadPayload):
        unwrap(frame(bytes(20_000_000)))


def test_what_is_sent_can_be_read_however_well_it_can_be_pressed():
    for message in (bytes(900_000), bytes(20_000_000), LARGE):
        assert unwrap(wrap(message)) == message


@pytest.mark.parametrize("message", FORMS.values(), ids=FORMS)
def test_the_limit_is_exact(message):
    assert unwrap(wrap(message), limit=len(message)) == message
    with pytest.raises(BadPayload):
        unwrap(wrap(message), limit=len(message) - 1)


def test_a_window_that_would_take_much_memory_is_refused():
    options = {
        payload.zstd.CompressionParameter.window_log: 27,
        payload.zstd.CompressionParameter.content_size_flag: 0,
    }
    big = random.Random(7).randbytes(300_000)
    writer = payload.zstd.ZstdCompressor(options=options)
    made = writer.compress(big) + writer.flush(payload.zstd.ZstdCompressor.FLUSH_FRAME)
    with pytest.raises(BadPayload):
        unwrap(bytes((payload.ZSTANDARD,)) + made[4:])


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\x01",
        b"\x02",
        b"\x03",
        b"\x03\x01",
        b"\x03\x01\x00\x00\x00",
        b"\x03\x01\x00\x00\x05",
        *(wrap(message)[:-1] for message in (LARGE, SHORT, SAID)),
        *(wrap(message) + b"\x00" for message in (LARGE, SHORT, SAID)),
        wrap(SHORT) + wrap(SHORT)[1:],
        wrap(SAID) + wrap(SAID)[HEAD:],
        wrap(SAID)[:HEAD],
        b"\x01" + wrap(SHORT)[1:],
        b"\x02" + wrap(LARGE)[1:],
    ],
)
def test_damage_is_refused(damaged):
    with pytest.raises(BadPayload):
        unwrap(damaged)


@pytest.mark.parametrize(
    "newer",
    [
        b"\x04" + SAID,
        b"\xff",
        ppmd_said(len(SAID), ppmd.press(SAID, 1), number=0),
        ppmd_said(len(SAID), ppmd.press(SAID, 1), number=2),
        wrap(SHORT)[:3] + b"\x09" + wrap(SHORT)[4:],
    ],
)
def test_what_only_a_newer_program_knows_is_told_from_damage(newer):
    """With a code of its own, once the signature holds: a person is to install the newest version."""
    with pytest.raises(NewerPayload):
        unwrap(newer)


def test_an_envelope_with_an_unknown_dictionary_is_a_message_that_cannot_be_read(monkeypatch):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    monkeypatch.setattr(payload, "wrap", lambda _: ppmd_said(9, b"whatever", number=200))
    sealed = envelope.seal(SAID, 5, key.sign)
    with pytest.raises(BadMessage) as refused:
        envelope.open(sealed, lambda _: key.public_key().public_bytes_raw())
    assert refused.value.code == "bad-message"


CARRIED = [wrap(message) for message in (SHORT, SAID, NOISE)]


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(CARRIED),
    st.integers(0, 10**9),
    st.binary(max_size=3),
    st.integers(0, 3),
    st.booleans(),
)
@example(CARRIED[1], HEAD - 1, b"\xff", 1, False)
def test_whatever_was_changed_is_refused_or_read_within_bounds(good, where, put, gone, cut):
    """The signature stands before it; but it is not for the reader to rely on this."""
    at = where % len(good)
    bad = good[:at] + put + (b"" if cut else good[at + gone :])
    with suppress(BadPayload):
        assert len(unwrap(bad, limit=20_000)) <= 20_000


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300), st.integers(1, 70_000))
@example(bytes(300), 70_000)
@example(b"\xff" * 300, 70_000)
@example(b"", 1)
def test_whatever_a_stranger_says_in_ppmd_is_refused_or_read(body, size):
    with suppress(BadPayload):
        assert len(unwrap(ppmd_said(size, body))) == size


@pytest.mark.slow
@settings(deadline=None, max_examples=5000)
@given(st.binary(max_size=2000), st.integers(1, ppmd.LIMIT), st.integers(0, 1000))
def test_ppmd_bears_thousands_of_strangers(body, size, kept):
    """pyppmd spoils memory on damaged input when it is called carelessly: then this test ends the process."""
    with suppress(BadPayload):
        unwrap(ppmd_said(size, CARRIED[1][HEAD : HEAD + kept] + body))


def test_the_beginning_of_every_ppmd_stream_is_that_of_the_dictionary():
    """What the coder says of the dictionary is left out; whatever follows must not have changed it."""
    for message in (b"\0", b"\xff" * 900, NOISE, SAID, SAID * 30):
        assert ppmd.expand(ppmd.press(message, 1), len(message), 1) == message


def test_ppmd_keeps_to_what_it_once_wrote():
    """Both ends, on every system and in every version, must come to the same bytes."""
    assert ppmd.press("Đã xong việc thứ nhất, đang làm việc thứ hai.".encode(), 1).hex() == GOLDEN


GOLDEN = "a916be32cbabec95c7026614f79118c200"
