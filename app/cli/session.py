"""What every command works with: the home, the clock, and where words go."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.services.opening import Clock, Opened, open_home
from app.services.weeks import Now, present
from app.storage.home import Home
from app.words import explain


@dataclass(frozen=True, slots=True)
class Session:
    """One call of the command line. json: standard output is JSON alone."""

    home: Home
    clock: Clock
    json: bool = False

    @contextmanager
    def opened(self) -> Iterator[Opened]:
        """The ledger of the home, closed afterwards. Raises what `open_home` raises."""
        opened = open_home(self.home, self.clock)
        try:
            yield opened
        finally:
            opened.close()

    def now(self, opened: Opened) -> Now:
        """The present; a clock that is wrong is named on standard error, before anything is kept."""
        with opened.ledger.read() as connection:
            now = present(connection, opened.ledger.now())
        if now.warning is not None:
            self.warn(explain(now.warning))
        return now

    def say(self, words: str) -> None:
        """A line for a person on standard output; nothing where JSON was asked for."""
        if not self.json:
            print(words)

    def give(self, value: Any) -> None:
        """The answer as JSON, where it was asked for."""
        if self.json:
            print(json.dumps(value, ensure_ascii=False, indent=1))

    def warn(self, words: str) -> None:
        """A line on standard error."""
        if sys.stdout is not None:  # pythonw, which the Task Scheduler calls, has none
            sys.stdout.flush()
        print(words, file=sys.stderr)
