"""Makes the dictionary that both ends share for messages too short to repeat themselves.

    python -m installer.dictionary

It is trained on messages made up here: requests and answers of the protocol with sentences of
`resources/dictionary/text.txt`, written for this, with random ids. A dictionary that was ever released stays
for ever, byte for byte: a new one gets the next number, and both ends need it before one of them uses it.
"""

import random
import sys
from collections.abc import Iterator

import resources
from app.domain.change import Change, Cursor, Ref, Value
from app.domain.ids import PROVINCE, assignment_id, progress_id, record_id, task_id
from app.record.digest import seal
from sync.protocol.messages import Answer, Request, Row, pack_answer, pack_request

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

NUMBER = 1
SIZE = 12 * 1024  # bytes
SAMPLES = 600
SEED = 20250701

_FIRST_DAY = 1_751_302_800  # 1 July 2025 in Việt Nam
_YEAR = 365 * 86_400
_NUMBER_AT = slice(4, 8)  # where a dictionary says its number (RFC 8878, section 5)


def train(text: str) -> bytes:
    """The dictionary out of sentences, one in a line: the same for the same text and library."""
    chance = random.Random(SEED)
    sentences = text.splitlines()
    samples = [*_messages(chance, sentences), *(line.encode() for line in sentences)]
    made = bytearray(zstd.train_dict(samples, SIZE).dict_content)
    made[_NUMBER_AT] = NUMBER.to_bytes(4, "little")
    return bytes(made)


def _messages(chance: random.Random, sentences: list[str]) -> Iterator[bytes]:
    for number in range(SAMPLES):
        cursor = Cursor(chance.randrange(5000), chance.randbytes(8))
        nonce = chance.randbytes(8)
        count = chance.choice((1, 1, 1, 2, 4))
        if number % 3 == 0:
            yield pack_request(
                Request(nonce=nonce, cursor=cursor, changes=tuple(_progress(chance, sentences, count)))
            )
        else:
            make = _progress if number % 3 == 1 else _tasks
            rows = tuple(Row(_time(chance), change) for change in make(chance, sentences, count))
            end = Cursor(cursor.seq + len(rows), chance.randbytes(8))
            yield pack_answer(
                Answer(nonce=nonce, known=True, start=cursor, rows=rows, cursor=end, time=_time(chance))
            )


def _time(chance: random.Random) -> int:
    return _FIRST_DAY + chance.randrange(_YEAR)


def _said(chance: random.Random, sentences: list[str]) -> str:
    return " ".join(chance.choices(sentences, k=chance.choice((1, 1, 2))))


def _progress(chance: random.Random, sentences: list[str], count: int) -> Iterator[Change]:
    stream, by, at = chance.getrandbits(62), chance.randbytes(16).hex(), _time(chance)
    n = chance.randrange(1, 3000)
    for _ in range(count):
        assignment = chance.randbytes(16).hex()
        week = f"{chance.choice((2025, 2026))}-W{chance.randrange(1, 53):02}"
        percent = chance.randrange(101)
        state: Value = chance.choice(
            (
                ("in_progress", percent, None, None),
                ("not_started", None, None, None),
                ("done", 100, None, None),
            )
        )
        fields: dict[str, Value] = {"assignment": assignment, "week": week}
        if chance.random() < 0.8:
            fields["state"] = state
        for name, often in (("result", 0.7), ("difficulty", 0.4), ("proposal", 0.2), ("next_step", 0.4)):
            if chance.random() < often:
                fields[name] = _said(chance, sentences)
        over = [Ref(stream, max(1, n - chance.randrange(1, 99)), chance.randbytes(2))]
        yield seal(
            stream=stream,
            n=n,
            by=by,
            at=at,
            entity="progress",
            id=progress_id(assignment, week),
            fields=fields,
            over=over if chance.random() < 0.5 else [],
        )
        n, at = n + 1, at + chance.randrange(900)


def _tasks(chance: random.Random, sentences: list[str], count: int) -> Iterator[Change]:
    stream, at, unit = chance.getrandbits(62), _time(chance), f"{chance.randrange(16_000, 18_000):05}"
    n = chance.randrange(1, 9000)
    for _ in range(count):
        code, notice = f"NV-{chance.randrange(1, 200):03}", record_id("notice", chance.randbytes(4).hex())
        task = task_id("KH2025", code)
        deadline = f"{chance.choice((2025, 2026))}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        told: dict[str, Value] = {"programme": "KH2025", "code": code, "title": _said(chance, sentences)}
        given: dict[str, Value] = {"task": task, "unit": unit, "deadline": deadline, "notice": notice}
        for entity, id, fields in (("task", task, told), ("assignment", assignment_id(task, unit), given)):
            yield seal(stream=stream, n=n, by=PROVINCE, at=at, entity=entity, id=id, fields=fields, over=[])
            n += 1


def main() -> None:
    """Write the dictionary beside its text."""
    made = train(resources.read_text("dictionary", "text.txt"))
    target = resources.path("dictionary", f"{NUMBER}.zstd")
    target.write_bytes(made)
    print(f"{target.name}: {len(made):,} bytes")


if __name__ == "__main__":
    main()
