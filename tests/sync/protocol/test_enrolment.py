import hashlib
import hmac
import re
import secrets
from itertools import combinations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.enrolment import (
    ALPHABET,
    CodeCharacter,
    CodeGroup,
    CodeLength,
    CodeMistyped,
    answer_holds,
    code_hash,
    code_mac,
    enrol_answer,
    enrol_request,
    new_code,
    read_code,
    request_holds,
)

CODE = new_code(lambda count: bytes(range(count)))
OTHER = new_code(lambda count: bytes(range(1, count + 1)))


@given(st.binary(min_size=20, max_size=20))
def test_a_code_is_four_groups_of_five_letters_that_it_reads_itself(random):
    dice = iter([random])
    code = new_code(lambda count: next(dice, bytes(range(count))))
    assert re.fullmatch(rf"[{ALPHABET}]{{5}}(-[{ALPHABET}]{{5}}){{3}}", code)
    assert read_code(code) == code


def test_no_letter_looks_like_another_sign():
    assert len(ALPHABET) == len(set(ALPHABET)) == 23
    assert not set("ILO01") & set(ALPHABET)


def test_no_letter_is_likelier_than_another():
    """Bytes that would favour the first letters are thrown away and drawn again."""
    given_out = []

    def random(count):
        given_out.append(count)
        return b"\xff\xfe\xfd" * 20 if len(given_out) == 1 else bytes(count)

    assert new_code(random).startswith("AAAAA")
    assert len(given_out) == 2


def test_codes_differ():
    assert len({new_code(secrets.token_bytes) for _ in range(200)}) == 200


def test_every_single_wrong_letter_is_noticed():
    for place, right in enumerate(CODE):
        for wrong in set(ALPHABET) - {right} if right != "-" else ():
            with pytest.raises(CodeMistyped):
                read_code(CODE[:place] + wrong + CODE[place + 1 :])


@pytest.mark.parametrize("code", [CODE, OTHER])
def test_any_two_letters_changed_about_are_noticed(code):
    for one, two in combinations([place for place, letter in enumerate(code) if letter != "-"], 2):
        if code[one] != code[two]:
            letters = list(code)
            letters[one], letters[two] = letters[two], letters[one]
            with pytest.raises(CodeMistyped):
                read_code("".join(letters))


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        CODE.replace("-", ""),
        CODE.replace("-", " "),
        f"  {CODE}\n",
        CODE.replace("-", "–"),
        CODE.replace("-", "−"),
        CODE.replace("-", " - "),
        " ".join(CODE),
        "".join(chr(ord(sign) + 0xFEE0) for sign in CODE),
        CODE[:3] + "\u00ad" + CODE[3:],
        CODE[:8] + "\n" + CODE[8:],
    ],
)
def test_the_way_of_typing_does_not_matter(typed):
    assert read_code(typed) == CODE


@pytest.mark.parametrize("sign", ["0", "1", "O", "I", "L", "Đ", "Â", "!", "ẞ"])
def test_a_character_that_no_code_has_is_named_with_its_group(sign):
    typed = CODE[:13] + sign + CODE[14:]
    for text in (typed, typed.replace("-", "").lower()):
        with pytest.raises(CodeCharacter) as caught:
            read_code(text)
        facts = caught.value.facts
        if sign == "ẞ":  # its small form has a capital of two letters
            assert facts["character"] in "ẞß"
            continue
        assert (facts["character"], facts["group"]) == (sign.upper(), 3)
        assert facts["typed"] == (CODE[12:13] + sign + CODE[14:17]).upper()


def test_a_group_with_a_letter_missing_is_named():
    with pytest.raises(CodeGroup) as caught:
        read_code(CODE[:7] + CODE[8:])
    assert caught.value.facts == {"group": 2, "typed": CODE[6] + CODE[8:11], "count": 4}


@pytest.mark.parametrize(
    ("typed", "count"),
    [("", 0), ("A", 1), (CODE.replace("-", "")[:-1], 19), (CODE.replace("-", "") + "A", 21), (CODE[:17], 15)],
)
def test_a_wrong_length_is_told(typed, count):
    with pytest.raises(CodeLength) as caught:
        read_code(typed)
    assert caught.value.facts == {"count": count}


def test_a_pasted_megabyte_is_refused_at_once():
    with pytest.raises(CodeMistyped) as caught:
        read_code("A" * 1_000_000)
    assert len(str(caught.value)) < 100


@given(st.text())
def test_anything_typed_is_a_code_or_mistyped(text):
    try:
        code = read_code(text)
    except CodeMistyped:
        return
    assert read_code(code) == code


def test_each_slip_has_a_code_of_its_own():
    slips = [CodeMistyped, CodeCharacter, CodeGroup, CodeLength]
    assert len({slip.code for slip in slips}) == 4
    assert all(issubclass(slip, CodeMistyped) for slip in slips)


def test_the_hash_does_not_depend_on_the_way_of_typing():
    assert code_hash(CODE.lower()) == code_hash(CODE)
    assert len(code_hash(CODE)) == 32
    assert code_hash(CODE) != code_hash(OTHER)


def test_the_mac_is_hmac_sha256_under_the_letters_over_the_parts_as_cbor():
    key = CODE.replace("-", "").encode()
    assert (
        code_mac(CODE, "a", 1, b"\x02")
        == hmac.new(key, bytes.fromhex("836161014102"), hashlib.sha256).digest()
    )


def test_parts_do_not_run_into_one_another():
    macs = [
        code_mac(CODE, *parts) for parts in [("ab", "c"), ("a", "bc"), ("abc",), (b"ab", "c"), ("1",), (1,)]
    ]
    assert len(set(macs)) == len(macs)


REQUEST = enrol_request(CODE, device=77, public_key=b"k" * 32, box_key=b"b" * 32, program="0.1.0")
PARTS = {
    "unit": "16681",
    "unit_name": "Phường Thành Vinh",
    "device_name": "Văn phòng 1",
    "province_key": b"p" * 32,
    "box_key": b"q" * 32,
    "certificate": b"envelope",
}
ANSWER = enrol_answer(CODE, REQUEST, **PARTS)


def test_both_messages_hold_for_who_knows_the_code():
    assert request_holds(REQUEST, CODE)
    assert answer_holds(ANSWER, REQUEST, CODE)
    assert not request_holds(REQUEST, OTHER)
    assert not answer_holds(ANSWER, REQUEST, OTHER)


@pytest.mark.parametrize(
    "other",
    [
        {"device": 78},
        {"public_key": b"x" * 32},
        {"box_key": b"x" * 32},
        {"program": "0.1.1"},
        {"code_hash": bytes(32)},
        {"mac": bytes(32)},
    ],
)
def test_a_changed_request_does_not_hold(other):
    assert not request_holds(msgspec.structs.replace(REQUEST, **other), CODE)


@pytest.mark.parametrize("name", [*PARTS, "mac"])
def test_a_changed_answer_does_not_hold(name):
    value = getattr(ANSWER, name)
    changed = value[:-1] + (b"!" if isinstance(value, bytes) else "!")
    assert not answer_holds(msgspec.structs.replace(ANSWER, **{name: changed}), REQUEST, CODE)


def test_an_answer_to_another_request_does_not_hold():
    another = enrol_request(CODE, device=78, public_key=b"k" * 32, box_key=b"b" * 32, program="0.1.0")
    assert not answer_holds(ANSWER, another, CODE)


def test_the_code_itself_is_in_neither_message():
    letters = CODE.replace("-", "").encode()
    for message in (REQUEST, ANSWER):
        assert letters not in msgspec.msgpack.encode(message)
