"""The words of the command line of `so-nhiem-vu-server`; nothing is done here."""

import argparse
from argparse import SUPPRESS, ArgumentParser

from app.words import LANGUAGES, _
from sync.server.usage import Parser


def parser() -> ArgumentParser:
    """The words of the command line. --db, --home, --lang and --json stand before or after the command."""
    shared = Parser(add_help=False, argument_default=SUPPRESS, allow_abbrev=False)
    shared.add_argument("--db", metavar="URL", help=_("the database, sqlite:///PATH or postgresql://…"))
    shared.add_argument("--home", metavar="DIR", help=_("the folder of the database"))
    shared.add_argument("--lang", choices=LANGUAGES, help=_("the language of the words"))
    shared.add_argument("--json", action="store_true", help=_("the answer as JSON"))
    top = Parser(prog="so-nhiem-vu-server", parents=[shared], allow_abbrev=False)
    commands = top.add_subparsers(dest="command", required=True, metavar=_("COMMAND"))

    def add(name: str, words: str) -> ArgumentParser:
        return commands.add_parser(
            name,
            help=words,
            description=words,
            parents=[shared],
            argument_default=SUPPRESS,
            allow_abbrev=False,
        )

    add("init", _("make the database and load the communes and wards"))
    serving = add("serve", _("listen for the communes"))
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=_port, default=8080)
    serving.add_argument(
        "--cert", metavar="FILE", default=None, help=_("the certificate of this address (PEM): https")
    )
    serving.add_argument("--key", metavar="FILE", default=None, help=_("the key of that certificate (PEM)"))
    serving.add_argument("--until-stdin-closes", action="store_true", default=False, help=SUPPRESS)
    add("import-units", _("load or correct the communes and wards")).add_argument("file", metavar="FILE")
    add("import-tasks", _("issue the tasks of a table, as one notice")).add_argument("file", metavar="FILE")
    add("import-calendar", _("days off and days worked, for everybody: date,name,kind")).add_argument(
        "file", metavar="FILE"
    )
    add(
        "import-rules", _("when reports close and are due: line,frequency,valid_from,cut_off,due,time")
    ).add_argument("file", metavar="FILE")
    withdrawing = add("withdraw", _("withdraw a task from every commune"))
    withdrawing.add_argument("code", metavar="CODE")
    withdrawing.add_argument("--document", required=True, metavar="T", help=_("what the withdrawal rests on"))
    add("enrol-code", _("print a code for one machine of a commune, valid for 30 days")).add_argument(
        "unit", metavar="UNIT"
    )
    handing = add("enrol-file", _("write a file that enrols one machine of a commune without a connection"))
    handing.add_argument("unit", metavar="UNIT")
    handing.add_argument("file", metavar="FILE")
    handing.add_argument(
        "--address", metavar="URL", default="", help=_("where the machine finds the province")
    )
    handing.add_argument(
        "--ca", metavar="FILE", default=None, help=_("the certificate (PEM) by which it knows the province")
    )
    actions = add("bundle", _("exchange with a commune by USB stick")).add_subparsers(
        dest="action", required=True, metavar="import"
    )
    told = _("take in the bundle of a commune and write the answer")
    taking = actions.add_parser(
        "import", help=told, description=told, parents=[shared], argument_default=SUPPRESS, allow_abbrev=False
    )
    taking.add_argument("file", metavar="FILE")
    taking.add_argument("--answer", metavar="FILE", required=True, help=_("where the answer is written"))
    scanning = add("scan", _("take in scanned sheets with codes: PDF, pictures, photos"))
    scanning.add_argument("files", metavar="FILE", nargs="+")
    scanning.add_argument(
        "--receipt", metavar="OUT.pdf", default=None, help=_("where the receipts to send back are written")
    )
    add("devices", _("the machines that are enrolled"))
    add("check", _("whether file, log and rows agree"))
    logging = add("log", _("every change that a commune is sent"))
    logging.add_argument("--unit", required=True, metavar="U")
    summary = add("summary", _("the province's figures"))
    days = summary.add_mutually_exclusive_group()
    days.add_argument("--at", metavar="D", default=None, help=_("the day; today if it is not given"))
    days.add_argument("--period", metavar="W", default=None, help=_("a week such as 2025-W27, at its Sunday"))
    summary.add_argument("--due-to", metavar="D", default=None, help=_("deadlines up to this day are due"))
    summary.add_argument("--unit", metavar="U", default=None, help=_("one commune, with its tasks"))
    return top


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 2**16):
        raise argparse.ArgumentTypeError(_("“{text}” is not a port, 0 to 65535").format(text=text))
    return int(text)
