"""Wrong usage of the command line, said in the language in use."""

import argparse
import re
import sys
from typing import NoReturn

from app.words import N_, _

_MESSAGES = (
    (re.compile(r"the following arguments are required: (?P<name>.*)"), N_("{name} is missing")),
    (re.compile(r"unrecognized arguments: (?P<name>.*)"), N_("{name} is not known here")),
    (re.compile(r"argument (?P<name>[^:]*): expected .*argument.*"), N_("a value is missing after {name}")),
    (
        re.compile(r"argument (?P<name>[^:]*): not allowed with argument (?P<other>.*)"),
        N_("{name} and {other} do not go together"),
    ),
    (
        re.compile(r"argument (?P<name>[^:]*): invalid choice: (?P<value>.*?) \(choose from (?P<known>.*)\)"),
        N_("{value} is not possible for {name}; possible are: {known}"),
    ),
    (re.compile(r"argument (?P<name>[^:]*): (?P<words>.*)"), N_("{name}: {words}")),
)
"""What the library says in English, and our words for it."""


class Parser(argparse.ArgumentParser):
    """Ends with 2 and a sentence on standard error, as the library's own, but in our words."""

    def error(self, message: str) -> NoReturn:
        """Say it and end. Raises SystemExit."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {in_words(message)}\n")


def in_words(message: str) -> str:
    """A message of argparse in the language in use, where it is a known one."""
    for pattern, words in _MESSAGES:
        if found := pattern.fullmatch(message):
            return _(words).format(**found.groupdict())
    return message
