"""What bootstrap.py can be asked for, once the Python is known to be new enough. Standard library only."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from shutil import which

from installer import machine
from installer.environment import Environment, SetupFailed, child_environment
from installer.stale import stale_words

ROOT = Path(__file__).resolve().parent.parent

_EPILOG = """\
commands:
  demo [...]            a commune's week on this machine: real server, real ledger (--headless --out DIR)
  test [--slow] [...]   the tests; --slow runs those that take minutes instead; the rest goes to pytest
  check                 ruff, mypy and import-linter
  run [...]             the program itself, with the words that follow
"""

_NO_TESTS = 5  # pytest's exit code when it found nothing to run


def main(arguments: list[str]) -> int:
    """Prepares the machine and runs one command.

    Returns the command's own exit code, 1 if the machine will not do, 2 for wrong usage.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    options = _parse(arguments)
    if (wrong := machine.problem(machine.Facts.here())) is not None:
        return _stop(wrong)
    if sys.version_info[:2] == (3, 14):
        note = "with Python 3.14 only the packages were resolved; the program was never run with it."
        print(f"Note: {note}", file=sys.stderr)
    environment = Environment(ROOT)
    try:
        environment.prepare(options.wheels)
        window = options.command in ("demo", "run") and "--headless" not in options.rest
        _prepare_qt(environment, screen=window and machine.has_screen())
        _prepare_words(environment)
        return _run(environment, options.command, options.rest)
    except SetupFailed as failure:
        return _stop(str(failure))
    except OSError as failure:  # a full disk, a folder that may not be written: the system says it best
        return _stop(f"The set-up could not be finished: {failure}")
    except KeyboardInterrupt:
        return 130


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bootstrap.py",
        description="Makes everything that Sổ Nhiệm Vụ needs in .venv, once, and then does what is asked.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--wheels", type=Path, metavar="DIR", help="take the packages from this folder alone")
    parser.add_argument("command", choices=("demo", "test", "check", "run"))
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.wheels is not None:
        options.wheels = options.wheels.resolve()
        if not options.wheels.is_dir():
            parser.error(f"--wheels: there is no folder {options.wheels}")
    if options.command == "check" and options.rest:
        parser.error(f"check takes nothing more: {' '.join(options.rest)}")
    return options


def _prepare_qt(environment: Environment, *, screen: bool) -> None:
    """Sees to the system's libraries under Qt; what was found once is not asked again. Raises SetupFailed."""
    if sys.platform != "linux":
        return
    steps = [("qt", machine.qt_failure, machine.QT_LIBRARIES)]
    if screen:
        steps.append(("screen", machine.screen_failure, machine.SCREEN_LIBRARIES))
    for name, failure, packages in steps:
        stamp = environment.stamp()
        if name in stamp:
            continue
        missing = failure(environment.python)
        if missing and machine.install(packages):
            missing = failure(environment.python)
        if missing:
            line = machine.by_hand(packages)
            raise SetupFailed(
                f"Qt lacks libraries of the system ({missing}). Run this, then start again:\n  {line}"
            )
        environment.note({**stamp, name: "found"})


def _prepare_words(environment: Environment) -> None:
    if stale_words(ROOT):
        command = [str(environment.python), "-m", "installer.words"]
        if subprocess.run(command, cwd=ROOT, check=False, env=child_environment()).returncode:
            raise SetupFailed("The Vietnamese words could not be built; the lines above say why.")


def _prepare_test_tools() -> None:
    missing = [tool for name, tool in machine.TEST_TOOLS.items() if not (which(name) or Path(name).exists())]
    if missing and sys.platform == "linux" and not machine.install(missing):
        print(f"Note: without {' and '.join(missing)} the tests that use them are left out. To have them:")
        print(f"  {machine.by_hand(missing)}", flush=True)


def _run(environment: Environment, command: str, rest: list[str]) -> int:
    if command == "test":
        return _test(environment, rest)
    if command == "check":
        return _check(environment)
    program = str(environment.script("so-nhiem-vu"))
    words = [program, "demo", *rest] if command == "demo" else [program, *rest]
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(program, words, child_environment())  # so that a signal meant for the program reaches it
    return subprocess.run(words, check=False, env=child_environment()).returncode


def _test(environment: Environment, rest: list[str]) -> int:
    _prepare_test_tools()
    chosen = ["-m", "not slow", "-n", "auto", "--dist", "loadfile"]  # the files of tests side by side
    if "--slow" in rest:
        rest = [word for word in rest if word != "--slow"]
        chosen = ["-m", "slow", "--hypothesis-profile=slow", "--timeout=3600"]
    command = [str(environment.python), "-m", "pytest", "-q", *chosen, *rest]
    code = subprocess.run(command, cwd=ROOT, check=False, env=child_environment()).returncode
    if code == _NO_TESTS:
        print("No test was run: that counts as a failure.", file=sys.stderr)
    return code


def _check(environment: Environment) -> int:
    python = str(environment.python)
    failed = []
    for name, command in (
        ("ruff check", [python, "-m", "ruff", "check", "."]),
        ("ruff format", [python, "-m", "ruff", "format", "--check", "--quiet", "."]),
        ("mypy", [python, "-m", "mypy"]),
        ("import-linter", [str(environment.script("lint-imports"))]),
    ):
        print(f"== {name}", flush=True)
        if subprocess.run(command, cwd=ROOT, check=False, env=child_environment()).returncode:
            failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def _stop(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
