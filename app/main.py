"""Entry point of `so-nhiem-vu`: the window, the demo, or a command. The composition root.

Everything that is slow to load is imported where it is needed: a command loads no Qt, no drawing of paper,
no network unless it uses it.
"""

import gc
import os
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from app import words
from app.cli.parser import Usage, language, parse
from app.domain.errors import LedgerError
from app.words import _, explain

if TYPE_CHECKING:
    from app.cli.session import Session

Clock = Callable[[], int]
"""Gives seconds UTC."""


class NoDisplay(LedgerError):
    """The window was wanted where there is no screen."""

    code = "no-display"


DONE, REFUSED, WRONG_USAGE, NO_CONNECTION = range(4)
_NO_CONNECTION_CODES = (
    "no-connection", "no-answer", "road-too-narrow", "certificate-dates", "stamp-unreachable",
)  # fmt: skip


def main(argv: Sequence[str] | None = None, *, clock: Clock | None = None) -> int:
    """Do what the arguments say; returns the exit code.

    argv: without the program's name, default the process's own. clock: gives seconds UTC, default the demo's
    in a home that the demo made, else the machine's.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8()
    words.use(language(arguments))
    folder: Path | None = None
    try:
        given = parse(arguments)
        words.use(given.lang)
        if given.command == "demo":
            folder = Path(given.out or "demo-out")
            return _demo(given, clock)
        from app.storage.home import Home

        home = Home.locate(given.home)
        folder = home.path
        return _run(given, home.path, clock)
    except Usage as wrong:
        _complain(_("This cannot be understood: {problem}").format(problem=wrong.problem))
        _complain(wrong.usage)
        return WRONG_USAGE
    except SystemExit as end:  # after --help
        return end.code if isinstance(end.code, int) else REFUSED
    except LedgerError as error:
        _complain(explain(error))
        return NO_CONNECTION if error.code in _NO_CONNECTION_CODES else REFUSED
    except KeyboardInterrupt:
        return REFUSED
    except BrokenPipeError:
        _let_go_of_output()
        return REFUSED
    except Exception as error:  # noqa: BLE001  a bug: kept whole for whoever mends it, one calm sentence here
        _note(error, folder)
        _complain(explain(error))
        return REFUSED


def _run(given: Namespace, folder: Path, clock: Clock | None) -> int:
    from app.record.clock import demo_clock
    from app.storage.home import Home

    time_of = clock or demo_clock(folder) or _now
    home = Home(folder)
    if given.command is None:
        if not _has_display():
            raise NoDisplay()
        code: int = load_window().run(home, time_of, language=given.lang)
        return code
    from app.cli.session import Session

    session = Session(home, time_of, given.json)
    return _command(given, session)


def load_window() -> ModuleType:
    """The window's module.

    Qt's import hook reads the source of what is loaded after it, and the collector walks through all that is
    loaded, again and again, and finds nothing: so what has no Qt comes first, and the collector after all.
    """
    gc.disable()
    try:
        from app.services import opening  # noqa: F401
        from ui import main as window
    finally:
        gc.freeze()
        gc.enable()
    return window


def _command(given: Namespace, session: "Session") -> int:
    """Each command loads its own module."""
    match given.command:
        case "enrol":
            from app.cli.enrol import by_file, enrol

            if given.file is not None:
                return by_file(session, given.file, given.name, given.server or "", given.ca)
            return enrol(session, given.server, given.code, given.name, given.ca)
        case "tasks":
            from app.cli.tasks import tasks

            return tasks(session)
        case "record":
            return _record(given, session)
        case "report":
            return _report(given, session)
        case "worksheet":
            from app.cli.worksheet import worksheet

            return worksheet(session, given.period, Path(given.out))
        case "conflicts":
            from app.cli.conflicts import decide, listed

            if given.action is None:
                return listed(session)
            return decide(session, given.id, given.take, given.text)
        case "backup":
            return _backup(given, session)
        case "schedule":
            from app.cli.schedule import schedule

            return schedule(session, given.action)
        case "evidence":
            return _evidence(given, session)
        case "bundle":
            from app.cli import bundle

            if given.action == "export":
                return bundle.export(session, given.file, evidence=not given.no_evidence)
            return bundle.take(session, given.file)
        case "scan":
            from app.cli.scan import scan

            return scan(session, given.files)
        case "sync":
            from app.cli.sync import sync

            return sync(session)
        case "status":
            from app.cli.status import status

            return status(session)
        case "log":
            from app.cli.log import log

            return log(session)
        case _:
            from app.cli.check import check

            return check(session)


def _backup(given: Namespace, session: "Session") -> int:
    from app.cli import backup

    if given.action == "make":
        return backup.make(session, given.folder)
    if given.action == "list":
        return backup.listed(session, given.folder)
    return backup.take_in(session, given.file, given.keys)


def _report(given: Namespace, session: "Session") -> int:
    if given.action is None:
        from app.cli.report import draft, report

        if given.draft:
            return draft(session, given.period, given.line, Path(given.out))
        more = {"codes": given.codes, "replace": given.replace}
        return report(session, given.period, given.line, Path(given.out), **more)
    if given.action == "attach":
        from app.cli.attach import attach

        return attach(
            session, Path(given.file), given.period, given.line, given.number, given.date, given.signer
        )
    from app.cli import signing

    if given.action == "verify":
        return signing.verify(session, given)
    return signing.timestamp(session, given) if given.action == "timestamp" else signing.sign(session, given)


def _record(given: Namespace, session: "Session") -> int:
    from app.cli.parser import RECORDED
    from app.cli.record import record_one, record_table

    if given.table is not None:
        return record_table(session, Path(given.table), given.period)
    said = {name: getattr(given, name.replace("-", "_")) for name in RECORDED}
    return record_one(session, given.code, given.period, said)


def _evidence(given: Namespace, session: "Session") -> int:
    from app.cli import evidence

    match given.action:
        case "add":
            return evidence.add(session, given.code, Path(given.file), given.period, given.size)
        case "remove":
            return evidence.remove(session, given.id)
        case _:
            return evidence.listed(session, getattr(given, "code", None))


def _demo(given: Namespace, clock: Clock | None) -> int:
    from app import demo

    def window(home: Path, pictures: Path | None) -> None:
        """Open the window on the demo's home, or write a picture of each page."""
        from app.record.clock import demo_clock
        from app.storage.home import Home
        from ui import main as screen

        time_of = clock or demo_clock(home) or _now
        if pictures is None:
            screen.run(Home(home), time_of, language=given.lang)
        else:
            screen.pictures(Home(home), time_of, pictures, language=given.lang)

    def command(arguments: Sequence[str]) -> int:
        return main([*arguments, "--lang", given.lang], clock=clock)

    out = Path(given.out) if given.out else None
    headless = given.headless
    if not headless and not _has_display():
        print(_("There is no screen here: the demo writes pictures of its window instead."))
        headless = True
    if headless:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return demo.run(command, out=out, headless=headless, window=window)


def _has_display() -> bool:
    """Whether Qt can open a window; without one it would end the whole process."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _now() -> int:
    return int(time.time())


def _speak_utf8() -> None:
    """Vietnamese reaches a pipe or an old console whole, whatever code page the machine has."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _complain(sentence: str) -> None:
    if sys.stderr is None:  # pythonw has none
        return
    if sys.stdout is not None:
        sys.stdout.flush()
    print(sentence, file=sys.stderr)


def _let_go_of_output() -> None:
    """The reader went away; without this the interpreter complains once more when it ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())


def _note(error: Exception, folder: Path | None) -> None:
    """Keep a bug whole in the home's `logs`, if there is a home and room in it."""
    import traceback

    try:
        if folder is None or not folder.is_dir():
            return
        logs = folder / "logs"
        logs.mkdir(exist_ok=True)
        with (logs / "errors.log").open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(time.strftime("%Y-%m-%dT%H:%M:%SZ\n", time.gmtime()))
            file.writelines(traceback.format_exception(error))
    except OSError:
        return


if __name__ == "__main__":
    sys.exit(main())
