"""From a fresh copy to a running program, with nothing but Python: makes .venv, then does what is asked.

    python3 installer/bootstrap.py [--wheels DIR] demo|test|check|run [...]

This file alone is read by every Python there is, old ones too, so that each can say what it is missing.
"""

import os
import sys

OLDEST, NEWEST = (3, 11), (3, 14)

if not OLDEST <= sys.version_info[:2] <= NEWEST:
    sys.stderr.write(
        "So Nhiem Vu needs Python 3.11, 3.12, 3.13 or 3.14, and this is Python {0}.{1} ({2}). "
        "Start it again with one of those, for example: python3.11 {3}\n".format(
            sys.version_info[0], sys.version_info[1], sys.executable, " ".join(sys.argv)
        )
    )
    sys.exit(1)

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

try:
    from installer.commands import main  # only a Python that is new enough can read it
except ImportError as error:
    if str(error.name).startswith("installer"):
        raise
    sys.stderr.write(
        "This Python lacks a part of its own standard library ({}). Install the whole of it, then start "
        "again; on Debian and Ubuntu:\n  sudo apt-get install python3 python3-venv\n".format(error.name)
    )
    sys.exit(1)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
