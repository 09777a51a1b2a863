"""Fuzzing led by what the code does with its input (atheris), for as long as one likes.

    python -m tests.fuzz.guided TARGET [options of libFuzzer, such as -max_total_time=60]

atheris is no dependency of this project: it must be there already (`pip install atheris`, where it has a
wheel). Targets and their samples are those of `tests.fuzz.targets`; anything but an error that a reader
declares is found.
"""

import sys
import tempfile
from contextlib import suppress
from pathlib import Path


def main(arguments: list[str]) -> None:
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed here")
    with atheris.instrument_imports(include=["app", "sync", "tests"]):
        from app.domain.errors import LedgerError
        from tests.fuzz import targets
    if not arguments or arguments[0] not in targets.TARGETS:
        sys.exit(f"one of: {', '.join(targets.TARGETS)}")
    target = targets.TARGETS[arguments[0]]

    def once(data: bytes) -> None:
        with suppress(LedgerError):
            target(data)

    corpus = Path(tempfile.mkdtemp(prefix="so-nhiem-vu-fuzz-"))
    for number, sample in enumerate(targets.samples()[arguments[0]]):
        (corpus / str(number)).write_bytes(sample)
    atheris.Setup([sys.argv[0], str(corpus), *arguments[1:]], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
