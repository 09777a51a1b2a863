"""Enrolment: the code that the province prints on paper, and what is proven with it.

A code is four groups of five letters, from an alphabet in which nothing looks like something else:
no I, L, O, and no digits. 19 letters are random (about 86 bits), the last one checks the others:
the letters, counted from 0 and weighted by their places 1 to 20, sum up to a multiple of 23. As 23
is prime, every single wrong letter and every two letters changed about are noticed.

The code is the secret of both ends. The device sends a hash of it, never the code; and each side's
public key comes with an HMAC under the code, so nobody between them can put in a key of his own.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable

from app.domain.errors import LedgerError
from sync.protocol import strict
from sync.protocol.messages import VERSION, EnrolAnswer, EnrolRequest

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ"
LETTERS = 20
GROUP = 5

_BASE = len(ALPHABET)  # 23, a prime
_FAIR = 256 - 256 % _BASE  # bytes from here on would make the first letters likelier


class CodeMistyped(LedgerError):
    """All letters are possible, but they do not fit together: one is wrong, or two changed places."""

    code = "code-mistyped"


class CodeCharacter(CodeMistyped):
    """A character that no code has. Facts: `character`, `group` (1 to 4), `typed` (the group)."""

    code = "code-mistyped-character"


class CodeGroup(CodeMistyped):
    """A group that has not five letters. Facts: `group` (1 to 4), `typed`, `count`."""

    code = "code-mistyped-group"


class CodeLength(CodeMistyped):
    """Not twenty letters, and no telling where. Fact: `count`, the letters typed."""

    code = "code-mistyped-length"


def new_code(random: Callable[[int], bytes]) -> str:
    """A fresh code, like ABCDE-FGHJK-MNPQR-STUVW.

    random: gives that many random bytes, of the kind made for secrets (`secrets.token_bytes`).
    """
    letters = ""
    while len(letters) < LETTERS - 1:
        letters += "".join(ALPHABET[byte % _BASE] for byte in random(LETTERS) if byte < _FAIR)
    letters = letters[: LETTERS - 1]
    # sum + 20 * check = 0 (mod 23); pow gives the inverse of 20.
    check = -_weighted(letters) * pow(LETTERS, -1, _BASE) % _BASE
    return _grouped(letters + ALPHABET[check])


def read_code(text: str) -> str:
    """The code that `text` means, in its printed form.

    Capitals, spaces, line ends and hyphens do not matter. Raises CodeMistyped, or one of its kinds
    where it can be told what is wrong.
    """
    groups = _typed_groups(text)
    letters = "".join(groups)
    in_groups = len(groups) == LETTERS // GROUP
    if not in_groups:
        groups = [letters[start : start + GROUP] for start in range(0, len(letters), GROUP)]
    for number, group in enumerate(groups[: LETTERS // GROUP], start=1):
        for character in group:
            if character not in ALPHABET:
                raise CodeCharacter(character=character, group=number, typed=group[: 2 * GROUP])
    if in_groups:
        for number, group in enumerate(groups, start=1):
            if len(group) != GROUP:
                raise CodeGroup(group=number, typed=group[: 2 * GROUP], count=len(group))
    if len(letters) != LETTERS:
        raise CodeLength(count=len(letters))
    if _weighted(letters) % _BASE:
        raise CodeMistyped()
    return _grouped(letters)


def _typed_groups(text: str) -> list[str]:
    """The typed characters in capitals, parted where a space or a hyphen stood."""
    plain = unicodedata.normalize("NFKC", text)
    marked = ""
    for character in plain[: 10 * LETTERS]:  # nobody types more; a pasted megabyte is not read
        kind = unicodedata.category(character)
        if kind == "Cf":  # soft hyphens and the like, which nobody sees
            continue
        parting = character.isspace() or kind == "Pd" or character in "_.−"
        capital = character.upper()
        marked += " " if parting else capital if len(capital) == 1 else character
    return marked.split()


def _weighted(letters: str) -> int:
    return sum(place * ALPHABET.index(letter) for place, letter in enumerate(letters, start=1))


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def code_hash(code: str) -> bytes:
    """The 32 bytes by which the province finds the code. Raises CodeMistyped."""
    return hashlib.sha256(b"so-nhiem-vu enrolment code\0" + _secret(code)).digest()


def code_mac(code: str, *parts: int | str | bytes) -> bytes:
    """HMAC-SHA256 under the code over the parts, each with its type and length. Raises CodeMistyped."""
    return hmac.digest(_secret(code), strict.dumps(list(parts)), "sha256")


def enrol_request(code: str, *, device: int, public_key: bytes, box_key: bytes, program: str) -> EnrolRequest:
    """The device's first message. Raises CodeMistyped.

    device: the 63-bit number it has drawn. public_key, box_key: 32 bytes each. program: its version.
    """
    hashed = code_hash(code)
    mac = code_mac(code, "request", VERSION, hashed, device, public_key, box_key, program)
    return EnrolRequest(
        code_hash=hashed, device=device, public_key=public_key, box_key=box_key, program=program, mac=mac
    )


def request_holds(request: EnrolRequest, code: str) -> bool:
    """Was the request made by somebody who knows the code, and not changed since?"""
    right = enrol_request(
        code,
        device=request.device,
        public_key=request.public_key,
        box_key=request.box_key,
        program=request.program,
    )
    return hmac.compare_digest(right.mac, request.mac) and right == request


def enrol_answer(
    code: str,
    request: EnrolRequest,
    *,
    unit: str,
    unit_name: str,
    device_name: str,
    province_key: bytes,
    box_key: bytes,
    certificate: bytes,
) -> EnrolAnswer:
    """The province's answer to this very request; an answer to another one does not hold for it."""
    mac = code_mac(
        code, "answer", request.mac, unit, unit_name, device_name, province_key, box_key, certificate
    )
    return EnrolAnswer(
        unit=unit,
        unit_name=unit_name,
        device_name=device_name,
        province_key=province_key,
        box_key=box_key,
        certificate=certificate,
        mac=mac,
    )


def answer_holds(answer: EnrolAnswer, request: EnrolRequest, code: str) -> bool:
    """Was the answer to this request made by somebody who knows the code, and not changed since?"""
    right = enrol_answer(
        code,
        request,
        unit=answer.unit,
        unit_name=answer.unit_name,
        device_name=answer.device_name,
        province_key=answer.province_key,
        box_key=answer.box_key,
        certificate=answer.certificate,
    )
    return hmac.compare_digest(right.mac, answer.mac)


def _secret(code: str) -> bytes:
    return read_code(code).replace("-", "").encode("ascii")
