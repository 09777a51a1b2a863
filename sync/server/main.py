"""`so-nhiem-vu-server`: the composition root of the province's side."""

import io
import logging
import logging.handlers
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from app.domain.errors import LedgerError
from app.words import LANGUAGES, explain, use
from sync.server import cli, parser, place

_REFUSED, _USAGE = 1, 2
_LOG_BYTES, _LOG_FILES = 1_000_000, 3

_log = logging.getLogger("so_nhiem_vu.server")


def main(argv: Sequence[str] | None = None, clock: Callable[[], int] | None = None) -> int:
    """Run one command; returns 0 done, 1 refused with a reason on standard error, 2 wrong usage.

    argv: without the program's name; None takes the process's own. clock: seconds UTC; None takes the
    system's, or the demo's beside a database that the demo made.
    """
    _speak_utf8()
    given = list(sys.argv[1:] if argv is None else argv)
    use(_language(given))
    try:
        options = parser.parser().parse_args(given)
    except SystemExit as ended:
        return _USAGE if ended.code not in {0, None} else 0
    home = place.locate(options)
    _log_into(home.folder)
    try:
        return cli.run(options, home, clock or home.demo_clock() or _system_clock)
    except LedgerError as error:
        print(explain(error), file=sys.stderr)
        return _REFUSED
    except KeyboardInterrupt:
        return _REFUSED
    except BrokenPipeError:
        sys.stdout = io.StringIO()  # whoever read has gone; nothing is left to be flushed into the pipe
        return _REFUSED
    except Exception as error:  # noqa: BLE001 - the edge: a calm sentence, and the rest in the log file
        _log.error("unexpected", exc_info=error)
        print(explain(error), file=sys.stderr)
        return _REFUSED


def _system_clock() -> int:
    return int(time.time())


def _language(given: Sequence[str]) -> str:
    """The language, known before the options are read, so that their errors speak it too."""
    for place_, word in enumerate(given):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else None
        if word == "--lang" and place_ + 1 < len(given):
            value = given[place_ + 1]
        if value in LANGUAGES:
            return str(value)
    return LANGUAGES[0]


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _log_into(folder: Path) -> None:
    """What nobody should see on a screen goes into a file, where there is a folder for it; else nowhere."""
    handler: logging.Handler = logging.NullHandler()
    if folder.is_dir():
        try:
            handler = logging.handlers.RotatingFileHandler(
                folder / "server.log",
                maxBytes=_LOG_BYTES,
                backupCount=_LOG_FILES,
                encoding="utf-8",
                delay=True,
            )
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        except OSError:
            handler = logging.NullHandler()
    for name in ("so_nhiem_vu.server", "uvicorn", "asyncio"):
        logger = logging.getLogger(name)
        for old in logger.handlers[:]:
            logger.removeHandler(old)
            old.close()
        logger.addHandler(handler)
        logger.setLevel(logging.WARNING)
        logger.propagate = False


if __name__ == "__main__":
    sys.exit(main())
