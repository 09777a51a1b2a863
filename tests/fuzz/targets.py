"""Readers of what comes from outside, as functions of bytes that let only unexpected errors out."""

import io
import os
from collections.abc import Callable
from contextlib import suppress

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.domain.change import START, Cursor
from app.domain.errors import LedgerError
from app.domain.ids import random_id
from app.record.writing import make
from sync.protocol import bundle, enrolment, enrolment_file, envelope, messages, payload
from sync.server import tus
from tests.sync.places import SPOT

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()


def _envelope(data: bytes) -> None:
    envelope.open(data, lambda _: PUBLIC)


def _payload(data: bytes) -> None:
    with suppress(payload.BadPayload):
        payload.unwrap(data, 2**20)


def _bundle(data: bytes) -> None:
    source = io.BytesIO(data)
    bundle.verified(source, bundle.tail(source, "x"), PUBLIC)


def _enrolment(data: bytes) -> None:
    enrolment_file.read(data, "x")


def _upload(data: bytes) -> None:
    parts = data.decode("latin-1").split("\n")
    names = ("upload-length", "upload-offset", "upload-metadata", "upload-checksum", "authorization")
    headers = dict(zip(names, parts, strict=False)) | {"content-type": tus.BODY_TYPE}
    readers: tuple[Callable, ...] = (tus.wanted, tus.offset, tus.checksum, tus.leave, tus.check_version)
    for reader in readers:
        with suppress(LedgerError):
            reader(headers)


TARGETS: dict[str, Callable[[bytes], object]] = {
    "envelope": _envelope,
    "payload": _payload,
    "request": messages.unpack_request,
    "answer": messages.unpack_answer,
    "certificate": messages.unpack_certificate,
    "bundle": _bundle,
    "enrolment": _enrolment,
    "upload": _upload,
}


def samples() -> dict[str, list[bytes]]:
    """One whole thing of each kind, to begin from."""
    changes = tuple(
        make(
            stream=5, n=n, by=random_id(), at=1_751_245_200, entity="progress", key=SPOT,
            values={"result": f"Đã rà soát {n} hồ sơ"}, seen={},
        )
        for n in (1, 2)
    )  # fmt: skip
    request = messages.pack_request(messages.Request(nonce=bytes(8), cursor=START, changes=changes))
    answer = messages.pack_answer(
        messages.Answer(
            nonce=bytes(8),
            known=True,
            start=START,
            cursor=Cursor(1, bytes(8)),
            time=9,
            rows=(messages.Row(7, changes[0]),),
        )
    )
    certificate = messages.Certificate(
        device=5, public_key=PUBLIC, box_key=PUBLIC, unit="16813", device_name="Máy 1", at=9
    )
    out = io.BytesIO()
    writer = bundle.Writer(out, "request", "16813", 9, 5, KEY.sign, [(0, _box())])
    writer.add("envelope", "", 4, iter([b"abcd"]))
    writer.finish()
    content = enrolment_file.EnrolFile(
        code=enrolment.new_code(os.urandom), created=9, unit="16813", unit_name="Xã", province_key=PUBLIC,
        box_key=PUBLIC, server="https://x", ca="", answer=envelope.seal(answer, 0, KEY.sign),
    )  # fmt: skip
    sealed = envelope.seal(enrolment_file.pack(content), 0, KEY.sign)
    return {
        "envelope": [envelope.seal(request, 5, KEY.sign)],
        "payload": [payload.wrap(request), payload.wrap(request * 3), b"\0abc"],
        "request": [request],
        "answer": [answer],
        "certificate": [messages.pack_certificate(certificate)],
        "bundle": [out.getvalue()],
        "enrolment": [enrolment_file.write(content, sealed)],
        "upload": [b"5\n0\nsha256 " + b"MDA=" * 22 + b",resume\nsha256 " + b"A" * 43 + b"=\nBearer 1.2.3"],
    }


def _box() -> bytes:
    return X25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()
