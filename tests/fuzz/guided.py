"""Fuzzing led by what the code does with its input (atheris), for as long as one likes.

    python -m tests.fuzz.guided TARGET [options of libFuzzer, such as -max_total_time=60]

atheris is no dependency of this project: it must be there already (`pip install atheris`, where it has a
wheel). A target takes bytes and lets only the errors out that its reader declares; anything else is found.
"""

import contextlib
import io
import sys
from collections.abc import Callable

from app.domain.errors import LedgerError
from sync.protocol import bundle, enrolment_file, envelope, messages, payload
from sync.server import tus

PUBLIC = bytes.fromhex(
    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
)  # of the key 00 01 .. 1f


def _envelope(data: bytes) -> None:
    envelope.open(data, lambda _: PUBLIC)


def _payload(data: bytes) -> None:
    with contextlib.suppress(payload.BadPayload):
        payload.unwrap(data, 2**20)


def _bundle(data: bytes) -> None:
    source = io.BytesIO(bundle.MAGIC + data)
    bundle.verified(source, bundle.tail(source, "x"), PUBLIC)


def _enrolment(data: bytes) -> None:
    enrolment_file.read(enrolment_file.MAGIC + PUBLIC + data, "x")


def _upload(data: bytes) -> None:
    parts = data.decode("latin-1").split("\n")
    names = ("upload-length", "upload-offset", "upload-metadata", "upload-checksum", "authorization")
    headers = dict(zip(names, parts, strict=False)) | {"content-type": tus.BODY_TYPE}
    readers: tuple[Callable, ...] = (tus.wanted, tus.offset, tus.checksum, tus.leave, tus.check_version)
    for reader in readers:
        try:
            reader(headers)
        except LedgerError:
            continue


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


def main(arguments: list[str]) -> None:
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed here")
    if not arguments or arguments[0] not in TARGETS:
        sys.exit(f"one of: {', '.join(TARGETS)}")
    target = TARGETS[arguments[0]]

    def once(data: bytes) -> None:
        with contextlib.suppress(LedgerError):
            target(data)

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], *arguments[1:]], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
