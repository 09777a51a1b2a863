"""The folder .venv: made once, from the lock, and known again by its stamp. Standard library only."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from installer import machine

Way = Literal["venv", "apt-get", "outer pip", "none"]


class SetupFailed(Exception):
    """The environment could not be made; the text says why and what to do, for a person."""


def way(*, ensurepip: bool, may_install: bool, pip: bool) -> Way:
    """How an environment with pip can be made here.

    Debian's python3 has venv but not ensurepip: `python -m venv` fails there and leaves half a folder, so
    it is asked for first. `outer pip` is the system's pip working on an environment without its own.
    """
    if ensurepip:
        return "venv"
    if may_install:
        return "apt-get"
    return "outer pip" if pip else "none"


@dataclass(frozen=True)
class Environment:
    """The .venv of one copy of the project."""

    root: Path

    @property
    def folder(self) -> Path:
        """Where it lies. It cannot be moved: its scripts hold the path."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.script("python")

    @property
    def lock(self) -> Path:
        """What is to be in it, with hashes."""
        return self.root / "installer" / "requirements.lock"

    def script(self, name: str) -> Path:
        """The place of a command that a package installed."""
        if sys.platform == "win32":
            return self.folder / "Scripts" / f"{name}.exe"
        return self.folder / "bin" / name

    def wanted(self) -> dict[str, str]:
        """What a stamp says if the environment is whole and still fits."""
        return {
            "lock": _hash(self.lock),
            "project": _hash(self.root / "pyproject.toml"),
            "python": "{}.{}".format(*sys.version_info[:2]),
            "place": str(self.folder),
        }

    def stamp(self) -> dict[str, str]:
        """What was noted when it was made; empty if it never came to an end."""
        try:
            noted = json.loads((self.folder / "stamp.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}

    def note(self, facts: dict[str, str]) -> None:
        """Writes the stamp, last of all."""
        new = self.folder / "stamp.json.new"
        new.write_text(json.dumps(facts, indent=1), encoding="utf-8")
        new.replace(self.folder / "stamp.json")

    def ready(self) -> bool:
        """Whether nothing is to be done."""
        return self.wanted().items() <= self.stamp().items()

    def prepare(self, wheels: Path | None = None) -> None:
        """Makes it, or what of it no longer fits; does nothing if it is ready. Raises SetupFailed.

        wheels: a folder that holds every package, for a machine without a connection.
        """
        if self.ready():
            return
        with _alone(self.root / ".venv.lock"):  # a second start waits for the first and finds it done
            wanted, noted = self.wanted(), self.stamp()
            if any(wanted[key] != noted.get(key) for key in ("lock", "python", "place")):
                self._make(wheels)
                noted = {}
            if wanted["project"] != noted.get("project"):
                self._install(["--no-deps", "--no-build-isolation", "--no-index", "-e", str(self.root)])
            self.note({**noted, **wanted})

    def _make(self, wheels: Path | None) -> None:
        if Path(sys.prefix).resolve() == self.folder.resolve():
            raise SetupFailed(
                "The environment is to be made anew: start with the system's Python, not with its own."
            )
        if sys.platform == "win32" and len(str(self.root)) > 80:
            print(
                "Note: this folder's path is long; if files cannot be written, move it nearer to the drive."
            )
        chosen = self._way()
        print("Making .venv and installing the packages; this takes a minute or two.", flush=True)
        if self.folder.is_symlink():
            self.folder.unlink()
        elif self.folder.exists():
            shutil.rmtree(self.folder)
        arguments = ["--without-pip"] if chosen == "outer pip" else []
        self._run(
            [sys.executable, "-m", "venv", *arguments, str(self.folder)], "The environment could not be made."
        )
        source = ["--no-index", "--find-links", str(wheels)] if wheels else []
        self._install(
            ["--require-hashes", "--only-binary", ":all:", "--no-deps", *source, "-r", str(self.lock)]
        )

    def _way(self) -> Way:
        def choose(may_install: bool) -> Way:
            return way(ensurepip=_has_ensurepip(), may_install=may_install, pip=_has_pip())

        chosen = choose(sys.platform != "win32" and machine.elevation() is not None)
        if chosen == "apt-get":
            machine.install(["python3-venv"])
            chosen = choose(may_install=False)
        if chosen == "none":
            raise SetupFailed(
                "This Python can make no environment with pip. Run this, then start again:\n  "
                + machine.by_hand(["python3-venv"])
            )
        return chosen

    def _install(self, arguments: list[str]) -> None:
        pip = [str(self.python), "-m", "pip"]
        if subprocess.run([*pip, "--version"], check=False, capture_output=True).returncode:
            pip = [sys.executable, "-m", "pip", "--python", str(self.python)]
        quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
        self._run(
            [*pip, "install", *quiet, *arguments],
            "The packages could not be installed; the lines above say which. Look at the connection (or give "
            "a folder of packages with --wheels DIR) and start again: nothing else was changed.",
        )

    def _run(self, command: list[str], otherwise: str) -> None:
        if subprocess.run(command, check=False, stdin=subprocess.DEVNULL, env=child_environment()).returncode:
            raise SetupFailed(otherwise)


def child_environment() -> dict[str, str]:
    """What every child gets: this process's environment, with text in UTF-8 on Windows too."""
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"}


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _has_ensurepip() -> bool:
    # asked of a child: apt-get may just have brought it, behind this process's back
    asked = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


def _has_pip() -> bool:
    asked = [sys.executable, "-c", "import pip; print(pip.__version__)"]
    said = subprocess.run(asked, check=False, capture_output=True, encoding="utf-8")
    if said.returncode:
        return False
    major, minor = said.stdout.strip().split(".")[:2]
    return (int(major), int(minor)) >= (22, 3)  # the first that knows --python


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with lock.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
