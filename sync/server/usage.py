"""Wrong usage of the command line, said in the language in use."""

import argparse
import re
import sys
from typing import Any, NoReturn

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


class Help(argparse.HelpFormatter):
    """The library's headings, in the language in use."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """The line of usage, with our word before it."""
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Ends with 2 and a sentence on standard error, as the library's own, but in our words."""

    def __init__(self, **given: Any) -> None:
        parents = given.pop("parents", ())
        super().__init__(**{"formatter_class": Help, **given, "add_help": False})
        self._positionals.title = _("commands and values")
        self._optionals.title = _("options")
        if given.get("add_help", True):
            self.add_argument("-h", "--help", action="help", help=_("show this help"))
        for parent in parents:  # only now, so that its options stand under the same heading
            self._add_container_actions(parent)

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
