"""The command line's words: what it takes, where; nothing is done here.

`--home`, `--lang` and `--json` may stand before or after the command, so each parser knows them, without a
default of its own that would take back what was said before.
"""

import argparse
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from app.cli import report_words
from app.words import LANGUAGES, N_, _

PROGRAM = "so-nhiem-vu"
SIZES = ("small", "print", "full")


class Usage(Exception):
    """Wrong usage: the sentence of argparse, and the usage line of the command."""

    def __init__(self, problem: str, usage: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.usage = usage


_MESSAGES = (
    (re.compile(r"the following arguments are required: (?P<name>.*)"), N_("{name} is missing")),
    (re.compile(r"unrecognized arguments: (?P<name>.*)"), N_("{name} is not known here")),
    (re.compile(r"argument (?P<name>[^:]*): expected .*argument.*"), N_("a value is missing after {name}")),
    (
        re.compile(r"argument (?P<name>[^:]*): invalid choice: (?P<value>.*?) \(choose from (?P<known>.*)\)"),
        N_("{value} is not possible for {name}; possible are: {known}"),
    ),
    (re.compile(r"one of the arguments (?P<name>.*) is required"), N_("one of {name} is missing")),
    (
        re.compile(r"argument (?P<name>[^:]*): not allowed with argument (?P<value>.*)"),
        N_("{name} and {value} cannot stand together"),
    ),
    (
        re.compile(r"argument (?P<name>[^:]*): invalid int value: (?P<value>.*)"),
        N_("{value} is no number, as {name} needs one"),
    ),
)
"""What the library says in English, and our words for it."""


class Help(argparse.HelpFormatter):
    """The library's headings, in the language in use."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """The line of usage, with our word before it."""
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Says what is wrong instead of ending the program."""

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
        """Raises Usage, in the language in use where the library's message is a known one."""
        raise Usage(_in_words(message), self.format_usage().strip())


def _in_words(message: str) -> str:
    for pattern, words in _MESSAGES:
        if found := pattern.fullmatch(message):
            return _(words).format(**found.groupdict())
    return message


def language(arguments: Sequence[str]) -> str:
    """The language that the arguments name, before they are understood; `vi` by default."""
    for place, argument in enumerate(arguments):
        name, _sign, value = argument.partition("=")
        if name == "--lang":
            wanted = value or (arguments[place + 1] if place + 1 < len(arguments) else "")
            return wanted if wanted in LANGUAGES else "vi"
    return "vi"


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Understand the arguments. Raises Usage; SystemExit after --help or --version."""
    given = _parser().parse_args(list(arguments))
    defaults: dict[str, Any] = {"home": None, "lang": "vi", "json": False}
    for name, value in defaults.items():
        if not hasattr(given, name):
            setattr(given, name, value)
    if given.command == "record":
        _check_record(given)
    if given.command == "report" and (name := report_words.missing(given)):
        raise Usage(_("{name} is missing").format(name=name), _REPORT if given.action is None else _SIGN)
    if given.command == "enrol" and given.code is not None and given.server is None:
        raise Usage(
            _("{name} is missing").format(name="--server"),
            f"{PROGRAM} enrol --server URL --code CODE --name NAME [--ca FILE]",
        )
    return given


def _common() -> Parser:
    common = Parser(add_help=False, allow_abbrev=False)
    common.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS, help=_("the ledger's folder"))
    common.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=_("language"))
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=_("answer as JSON"))
    return common


def _parser() -> Parser:
    common = _common()
    parser = Parser(
        prog=PROGRAM,
        description=_("The task ledger of a commune."),
        parents=[common],
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar=_("COMMAND"), parser_class=Parser)

    def command(name: str, help: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=help, description=help, parents=[common], allow_abbrev=False)

    demo = command("demo", _("play a whole week on this machine"))
    demo.add_argument("--out", metavar="DIR")
    demo.add_argument("--headless", action="store_true")

    enrol = command("enrol", _("enrol this machine with a code or a file of the province"))
    enrol.add_argument("--server", metavar="URL")
    how = enrol.add_mutually_exclusive_group(required=True)
    how.add_argument("--code", metavar="CODE")
    how.add_argument("--file", metavar="FILE", help=_("the file of enrolment from a stick"))
    enrol.add_argument("--name", metavar="NAME", required=True)
    enrol.add_argument("--ca", metavar="FILE", help=_("the certificate (PEM) by which the province is known"))

    command("tasks", _("list the tasks and how far they are"))

    record = command("record", _("record how far a task has come"))
    record.add_argument("code", metavar="CODE", nargs="?")
    record.add_argument("--from", metavar="FILE.csv", dest="table")
    record.add_argument("--period", metavar="2026-W47")
    for name in RECORDED:
        record.add_argument(f"--{name}", metavar="TEXT")

    report_words.add(command("report", _("make, sign or check a report, take the signed one in")), common)

    worksheet = command("worksheet", _("the tasks of a week with empty lines, as PDF, to write on by hand"))
    worksheet.add_argument("--period", metavar="2026-W47", default=None)
    worksheet.add_argument("--out", metavar="FILE.pdf", required=True)

    _add_conflicts(command("conflicts", _("list the fields with two versions, or decide one")), common)
    _add_backup(command("backup", _("make, list or take in copies of the ledger")), common)

    _add_evidence(command("evidence", _("list, add or take away files that show what was done")), common)

    command("sync", _("exchange with the province"))
    _add_bundle(command("bundle", _("exchange with the province by USB stick")), common)
    scan = command("scan", _("read the province's receipts off paper: PDF, pictures, photos"))
    scan.add_argument("files", metavar="FILE", nargs="+")
    schedule = command("schedule", _("have the system exchange with the province by itself, or no longer"))
    schedule.add_argument("action", metavar="on|off", choices=("on", "off"))
    command("status", _("say what waits and when the province was last heard"))
    command("log", _("list every change held"))
    command("check", _("check that file, log and rows agree"))
    return parser


def _add_conflicts(parser: argparse.ArgumentParser, common: Parser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="decide", parser_class=Parser)
    told = _("settle a field by one of its versions, or by new words")
    decide = actions.add_parser("decide", help=told, description=told, parents=[common], allow_abbrev=False)
    decide.add_argument("id", metavar="ID")
    how = decide.add_mutually_exclusive_group(required=True)
    how.add_argument("--take", metavar="N", type=int)
    how.add_argument("--text", metavar="T")


def _add_backup(parser: argparse.ArgumentParser, common: Parser) -> None:
    actions = parser.add_subparsers(dest="action", metavar=_("COMMAND"), parser_class=Parser, required=True)

    def action(name: str, told: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=told, description=told, parents=[common], allow_abbrev=False)

    for name, told in (
        ("make", _("make a verified copy now")),
        ("list", _("list the copies of this ledger")),
    ):
        action(name, told).add_argument("folder", metavar="FOLDER", nargs="?")
    take_in = action("take-in", _("take in a copy of this unit, also of a dead machine"))
    take_in.add_argument("file", metavar="FILE")
    take_in.add_argument("--keys", metavar="keys.json", help=_("the keys out of the other machine's folder"))


def _add_bundle(parser: argparse.ArgumentParser, common: Parser) -> None:
    actions = parser.add_subparsers(dest="action", metavar=_("COMMAND"), parser_class=Parser, required=True)

    def action(name: str, told: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=told, description=told, parents=[common], allow_abbrev=False)
        made.add_argument("file", metavar="FILE")
        return made

    export = action("export", _("write what waits for the province to a stick"))
    export.add_argument(
        "--no-evidence", action="store_true", help=_("the words alone, without files of evidence")
    )
    action("import", _("take the answer of the province from a stick"))


def _add_evidence(parser: argparse.ArgumentParser, common: Parser) -> None:
    actions = parser.add_subparsers(dest="action", metavar=_("COMMAND"), parser_class=Parser)

    def action(name: str, told: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=told, description=told, parents=[common], allow_abbrev=False)

    add = action("add", _("add a photo, a PDF, a Word or an Excel file to a task"))
    add.add_argument("code", metavar="CODE")
    add.add_argument("file", metavar="FILE")
    add.add_argument("--period", metavar="2026-W47")
    add.add_argument("--size", choices=SIZES, default=SIZES[0], help=_("how large a photo is sent"))
    action("list", _("list the files and where they are")).add_argument("code", metavar="CODE", nargs="?")
    action("remove", _("take a file away again")).add_argument("id", metavar="ID")


RECORDED = (
    "status", "percent", "completed-on", "document", "reason", "result", "difficulty", "proposal", "next",
)  # fmt: skip
"""What may be recorded, as options and as headings of a table."""

_REPORT = f"{PROGRAM} report --period P [--line L] [--draft|--codes] [--replace] --out FILE | report sign|…"

_SIGN = f"{PROGRAM} report sign FILE --out SIGNED (--p12 F | --pkcs11 LIB --token NAME) [--role R]"


def _check_record(given: argparse.Namespace) -> None:
    usage = f"{PROGRAM} record CODE [--period 2026-W47] [--status S] … | record --from FILE.csv"
    if (given.code is None) == (given.table is None):
        raise Usage(_("give either a task's code or --from with a table"), usage)
    said = [name for name in RECORDED if getattr(given, name.replace("-", "_")) is not None]
    if given.table is not None and said:
        raise Usage(
            _("--from takes everything from the table; leave out --{name}").format(name=said[0]), usage
        )
