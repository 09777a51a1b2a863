import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import payload
from sync.protocol.payload import BadPayload, unwrap, wrap

TEXT = "Đã hoàn thành, chờ ý kiến của cấp trên. ".encode() * 50


@given(st.binary(max_size=200) | st.binary(min_size=1, max_size=5).map(lambda part: part * 300))
def test_a_message_comes_out_as_it_went_in(message):
    carried = wrap(message)
    assert unwrap(carried) == message
    assert wrap(message) == carried


def test_the_shorter_form_is_taken():
    noise = random.Random(7).randbytes(300)
    assert wrap(noise) == bytes((payload.PLAIN,)) + noise
    assert wrap(b"") == bytes((payload.PLAIN,))
    assert wrap(TEXT)[0] == payload.ZSTANDARD
    assert len(wrap(TEXT)) < len(TEXT) // 10


def test_large_messages_too():
    message = random.Random(7).randbytes(3000) * 1000
    assert unwrap(wrap(message)) == message


def test_a_bomb_is_refused_without_taking_the_room():
    bomb = wrap(bytes(200_000_000))
    assert len(bomb) < 10_000
    tracemalloc.start()
    try:
        with pytest.raises(BadPayload):
            unwrap(bomb, limit=5_000_000)
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("message", [TEXT, random.Random(7).randbytes(500)])
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
    frame = writer.compress(big) + writer.flush(payload.zstd.ZstdCompressor.FLUSH_FRAME)
    with pytest.raises(BadPayload):
        unwrap(bytes((payload.ZSTANDARD,)) + frame)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\x01",
        b"\x02" + TEXT,
        b"\xff",
        wrap(TEXT)[:-1],
        wrap(TEXT) + b"\x00",
        wrap(TEXT) + wrap(TEXT)[1:],
    ],
)
def test_damage_is_refused(damaged):
    with pytest.raises(BadPayload):
        unwrap(damaged)
