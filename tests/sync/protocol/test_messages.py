import random

import cbor2
import pytest
from hypothesis import given

from app.domain.change import START, Cursor
from sync.protocol import messages
from sync.protocol.errors import BadMessage
from sync.protocol.messages import (
    Answer,
    Certificate,
    EnrolAnswer,
    EnrolRequest,
    Refusal,
    Request,
    Row,
    pack_answer,
    pack_certificate,
    pack_enrol_answer,
    pack_enrol_request,
    pack_request,
    unpack_answer,
    unpack_certificate,
    unpack_enrol_answer,
    unpack_enrol_request,
    unpack_request,
)
from tests.sync.protocol.made import REQUESTS, answers, progress

NONCE = b"nonce--8"
CHAIN = b"chain--8"
REQUEST = Request(
    nonce=NONCE,
    cursor=Cursor(5, CHAIN),
    changes=(progress(), progress(n=4, over=())),
    earlier=(Cursor(3, CHAIN),),
    back=(b"an answer",),
    files=(b"f" * 32,),
)
ANSWER = Answer(
    nonce=NONCE,
    known=True,
    start=Cursor(5, CHAIN),
    rows=(Row(1_751_300_100, progress(stream=9)), Row(1_751_300_101, 1)),
    cursor=Cursor(7, b"further8"),
    refused=(Refusal(0, "not-yours"),),
    time=1_751_300_101,
    files=("16681.leave", ""),
)
ENROL_REQUEST = EnrolRequest(
    code_hash=bytes(32), device=77, public_key=b"k" * 32, box_key=b"b" * 32, program="0.1.0", mac=b"m" * 32
)
ENROL_ANSWER = EnrolAnswer(
    unit="16681",
    unit_name="Phường Thành Vinh",
    device_name="Văn phòng 1",
    province_key=b"p" * 32,
    box_key=b"q" * 32,
    certificate=b"envelope",
    mac=b"m" * 32,
)
CERTIFICATE = Certificate(
    device=77,
    public_key=b"k" * 32,
    box_key=b"b" * 32,
    unit="16681",
    device_name="Văn phòng 1",
    at=1_751_300_000,
)
ALL = [
    (REQUEST, pack_request, unpack_request),
    (ANSWER, pack_answer, unpack_answer),
    (ENROL_REQUEST, pack_enrol_request, unpack_enrol_request),
    (ENROL_ANSWER, pack_enrol_answer, unpack_enrol_answer),
    (CERTIFICATE, pack_certificate, unpack_certificate),
]


@given(REQUESTS)
def test_a_request_comes_back_whole(request):
    data = pack_request(request)
    assert unpack_request(data) == request
    assert pack_request(unpack_request(data)) == data


@given(answers())
def test_an_answer_comes_back_whole(answer):
    data = pack_answer(answer)
    assert unpack_answer(data) == answer
    assert pack_answer(unpack_answer(data)) == data


@pytest.mark.parametrize(("message", "pack", "unpack"), ALL)
def test_every_message_comes_back_whole(message, pack, unpack):
    back = unpack(pack(message))
    assert back == message
    assert type(back) is type(message)


def test_the_types_that_come_back_are_those_of_the_domain():
    request = unpack_request(pack_request(REQUEST))
    assert type(request.cursor) is Cursor
    assert [type(cursor) for cursor in request.earlier] == [Cursor]
    assert isinstance(unpack_answer(pack_answer(ANSWER)).rows, tuple)


@pytest.mark.parametrize(("message", "pack", "unpack"), ALL)
def test_no_message_is_taken_for_another(message, pack, unpack):
    for _, _, other in ALL:
        # The two of an enrolment have as many parts as a request; the types tell them apart.
        if other is not unpack:
            with pytest.raises(BadMessage):
                other(pack(message))


@pytest.mark.parametrize(("message", "pack", "unpack"), ALL)
def test_changed_bytes_are_refused_or_are_another_message(message, pack, unpack):
    good = pack(message)
    dice = random.Random(len(good))
    refused = 0
    for _ in range(1500):
        where = dice.randrange(len(good))
        bad = good[:where] + dice.randbytes(dice.randrange(3)) + good[where + dice.randrange(3) :]
        try:
            back = unpack(bad)
        except BadMessage:
            refused += 1
        else:
            assert pack(back) == bad
    assert refused > 500


def altered(message, pack, place, value):
    parts = cbor2.loads(pack(message))
    parts[place] = value
    return cbor2.dumps(parts)


TABLE = cbor2.loads(pack_request(REQUEST))[3]
ROWS = cbor2.loads(pack_answer(ANSWER))[4]
CURSOR = [5, CHAIN]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, 0),
        (0, 2),
        (0, True),
        (1, b"short"),
        (1, "nonce--8"),
        (2, [5]),
        (2, [-1, CHAIN]),
        (2, [5, b"x"]),
        (2, None),
        (3, None),
        (3, [1]),
        (3, TABLE[:-1]),
        (3, [TABLE]),
        (3, {}),
        (4, [[5, "chain--8"]]),
        (4, CURSOR),
        (5, ["text"]),
        (5, None),
    ],
)
def test_a_request_of_another_shape_is_refused(place, value):
    with pytest.raises(BadMessage):
        unpack_request(altered(REQUEST, pack_request, place, value))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, 2),
        (1, b""),
        (2, 1),
        (2, False),
        (3, [4, CHAIN]),
        (3, [6, CHAIN]),
        (4, []),
        (4, [1, 1, 0, []]),
        (4, [2, 1, [0, -1], []]),
        (4, [2, 1, -2, []]),
        (4, [2, 1, [0, True], []]),
        (4, [2, 1, 100_000, []]),
        (4, [2, 1, None, []]),
        (4, [2, -1, 0, []]),
        (4, [2, 1, [-1, 1], TABLE]),
        (4, [2, 1, 1, ROWS[3]]),
        (4, [True, 1, 0, []]),
        (4, [*ROWS, 0]),
        (4, ROWS[:-1]),
        (4, {}),
        (5, [8, CHAIN]),
        (6, [[0, "Not A Code"]]),
        (6, [[0, ""]]),
        (6, [[-1, "not-yours"]]),
        (6, [[0, "x" * 65]]),
        (6, [[0, "not-yours\n"]]),
        (7, -1),
        (7, 1.5),
        (8, None),
        (8, [b"leave"]),
        (8, [None]),
        (8, ["x" * 201]),
    ],
)
def test_an_answer_of_another_shape_is_refused(place, value):
    with pytest.raises(BadMessage):
        unpack_answer(altered(ANSWER, pack_answer, place, value))


def answer(**other):
    parts = {"nonce": NONCE, "known": True, "start": START, "rows": (), "cursor": START, "time": 1}
    return Answer(**{**parts, **other})


@pytest.mark.parametrize(
    "bad",
    [
        answer(known=False, start=Cursor(1, CHAIN), cursor=Cursor(1, CHAIN)),
        answer(known=False, rows=(Row(1, 0),), cursor=Cursor(1, CHAIN)),
        answer(cursor=Cursor(1, CHAIN)),
        answer(start=Cursor(4, CHAIN), cursor=Cursor(4, b"another8")),
        answer(rows=(Row(1, 0),)),
        answer(refused=(Refusal(0, "Bad Code"),)),
        answer(time=-1),
    ],
)
def test_an_answer_whose_numbers_disagree_is_neither_sent_nor_taken(bad):
    with pytest.raises(BadMessage):
        pack_answer(bad)


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, 2), (1, bytes(31)), (2, 2**63), (3, bytes(33)), (4, None), (5, ""), (5, "x" * 65), (6, bytes(16))],
)
def test_an_enrolment_of_another_shape_is_refused(place, value):
    with pytest.raises(BadMessage):
        unpack_enrol_request(altered(ENROL_REQUEST, pack_enrol_request, place, value))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, 16681),
        (0, ""),
        (1, "x" * 201),
        (2, None),
        (3, bytes(31)),
        (4, ""),
        (5, b""),
        (5, bytes(2001)),
        (6, b""),
    ],
)
def test_an_answer_to_an_enrolment_of_another_shape_is_refused(place, value):
    with pytest.raises(BadMessage):
        unpack_enrol_answer(altered(ENROL_ANSWER, pack_enrol_answer, place, value))


@pytest.mark.parametrize(("place", "value"), [(0, -1), (1, b""), (2, b""), (3, 1), (4, ""), (5, None)])
def test_a_certificate_of_another_shape_is_refused(place, value):
    with pytest.raises(BadMessage):
        unpack_certificate(altered(CERTIFICATE, pack_certificate, place, value))


def test_too_many_changes_are_refused(monkeypatch):
    many = altered(REQUEST, pack_request, 4, [CURSOR] * (messages.MAX_EARLIER + 1))
    with pytest.raises(BadMessage):
        unpack_request(many)


def test_an_empty_request_is_small():
    assert len(pack_request(Request(nonce=NONCE, cursor=Cursor(500, CHAIN)))) <= 31
