"""Writes requirements.lock anew from pyproject.toml: exact versions, hashes, no address.

Run by whoever changes a dependency, never by an office: `python installer/lock.py [--uv PATH]`. It needs
uv, which is not in the lock itself; without it a throw-away environment is made and uv installed there.
uv.lock names the registry it read, so uv works in a temporary folder and only its export is kept. At
the end both systems' sets are unpacked from wheels, the only proof that nobody there needs a compiler.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "installer" / "requirements.lock"
UV = "uv==0.13.9"

#: What must unpack from wheels alone. uv's own default for Linux is a glibc too old for Qt.
TARGETS = (
    ("x86_64-manylinux_2_34", "3.11"),
    ("x86_64-manylinux_2_34", "3.13"),
    ("x86_64-pc-windows-msvc", "3.11"),
    ("x86_64-pc-windows-msvc", "3.13"),
)

_LINUX = "platform_machine == 'x86_64' and sys_platform == 'linux'"
_WINDOWS = "platform_machine == 'AMD64' and sys_platform == 'win32'"
_BOTH = f"({_LINUX}) or ({_WINDOWS})"


def shorten(text: str) -> str:
    """The export without what each line repeats: that only two systems are meant.

    bootstrap.py refuses every other machine before pip reads the file, in words; with the full markers pip
    would skip each line there and report success.
    """
    for long, short in (  # none of the short ones has a backslash
        (f" and ({_BOTH})", ""),
        (f" ; {_BOTH}", ""),
        (f" ; {_LINUX}", " ; sys_platform == 'linux'"),
        (f" ; {_WINDOWS}", " ; sys_platform == 'win32'"),
    ):
        text = re.sub(re.escape(long) + r"(?=\s|$)", short, text, flags=re.MULTILINE)
    return text


def resolve(uv: str) -> str:
    """The lock's text, resolved for both systems and every Python that pyproject.toml allows."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "pyproject.toml", folder)
        subprocess.run([uv, "lock", "--quiet"], cwd=folder, check=True)
        export = [uv, "export", "--quiet", "--all-groups", "--no-emit-project", "--no-header"]
        export += ["--no-annotate", "--format", "requirements-txt", "-o", "out.txt"]
        subprocess.run(export, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        text = shorten((Path(folder) / "out.txt").read_text(encoding="utf-8"))
    if "://" in text:
        raise SystemExit("The lock names an address; look at what uv exported.")
    return text


def unpack(uv: str, lock: Path) -> None:
    """Unpacks the set of every target from wheels; ends the program where one is missing."""
    for platform, python in TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            command = [uv, "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
            command += [
                "--only-binary",
                ":all:",
                "--python-platform",
                platform,
                "--python-version",
                python,
                "--target",
                folder,
            ]
            subprocess.run([*command, "-r", str(lock)], check=True)
        print(f"unpacked: {platform}, Python {python}", flush=True)


def resolves(uv: str) -> None:
    """Resolves for Python 3.14 as well, where nothing of it was run yet."""
    with tempfile.TemporaryDirectory() as folder:
        for platform in sorted({platform for platform, _ in TARGETS}):
            command = [uv, "pip", "install", "--quiet", "--dry-run", "--no-deps", "--only-binary", ":all:"]
            command += ["--require-hashes", "--python-platform", platform, "--python-version", "3.14"]
            subprocess.run([*command, "--target", folder, "-r", str(LOCK)], check=True)
            print(f"resolved: {platform}, Python 3.14", flush=True)


def _uv(folder: Path) -> str:
    venv.create(folder, with_pip=True)
    bin_ = folder / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([bin_ / "python", "-m", "pip", "install", "--quiet", UV], check=True)
    return str(bin_ / "uv")


def main() -> int:
    """Writes the lock and proves it."""
    parser = argparse.ArgumentParser(prog="lock.py", description="Writes requirements.lock anew.")
    parser.add_argument("--uv", type=Path, help="a uv that is already there")
    parser.add_argument("--no-unpack", action="store_true", help="do not prove it by unpacking")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        uv = str(options.uv.resolve()) if options.uv else _uv(Path(folder))
        text = resolve(uv)
        LOCK.write_text(text, encoding="utf-8", newline="\n")
        count = len(re.findall(r"^[a-z]", text, re.MULTILINE))
        print(f"{LOCK.name}: {count} packages, {text.count('--hash=')} hashes, {len(text) // 1024} kB")
        if not options.no_unpack:
            unpack(uv, LOCK)
            resolves(uv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
