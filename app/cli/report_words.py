"""The command line's words for `report`: the report itself, and what is done with its sheet afterwards."""

import argparse

from app.words import _

LINES = ("ubnd_tinh", "tinh_uy")
ROLES = ("person", "agency")


def add(report: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Have `report` know its words. common: what every command knows.

    A password or a PIN is no option: whoever lists the programs that run would read it.
    """
    _add_report(report)
    report.set_defaults(action=None)
    actions = report.add_subparsers(dest="action", metavar="sign|verify|attach|timestamp")

    def action(name: str, told: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=told, description=told, parents=[common], allow_abbrev=False)
        made.add_argument("file", metavar="FILE")
        return made

    sign = action("sign", _("sign a report with a certificate file or a signature device"))
    sign.add_argument("--out", metavar="FILE.pdf", required=True)
    how = sign.add_mutually_exclusive_group(required=True)
    how.add_argument("--p12", metavar="FILE.p12", help=_("the certificate with its key, as a file"))
    how.add_argument("--pkcs11", metavar="FILE", help=_("the library of the signature device"))
    sign.add_argument("--token", metavar="NAME", help=_("the name of the signature device"))
    sign.add_argument("--role", choices=ROLES, default=ROLES[0], help=_("who signs: a person or the agency"))
    sign.add_argument("--certificate", metavar="NUMBER", help=_("its number, where there are several"))
    sign.add_argument("--picture", metavar="FILE.png", help=_("the picture of the signature or of the seal"))
    _add_issue(sign)

    verify = action("verify", _("say who signed a report and whether it is unchanged"))
    verify.add_argument("--trust", metavar="FILE.pem", help=_("certificates of authorities to believe"))

    attach = action("attach", _("take in the signed report: its scan, or a PDF that was signed elsewhere"))
    attach.add_argument("--period", metavar="P", required=True)
    attach.add_argument("--line", choices=LINES, default=LINES[0])
    _add_issue(attach)
    attach.add_argument("--signer", metavar="NAME", help=_("who signed"))

    timestamp = action("timestamp", _("add the time of a time authority to a signed report"))
    timestamp.add_argument("--tsa", metavar="URL", required=True)
    for one in (sign, verify, timestamp):
        one.add_argument("--crl", metavar="FILE", action="append", help=_("a list of revoked certificates"))
    timestamp.add_argument("--out", metavar="FILE.pdf", required=True)


def missing(given: argparse.Namespace) -> str:
    """The option without which what was given of `report` makes no sense; "" when all is there."""
    if given.action is None:
        return next((f"--{name}" for name in ("period", "out") if getattr(given, name) is None), "")
    if given.action == "sign" and given.pkcs11 is not None and given.token is None:
        return "--token"
    return ""


def _add_report(report: argparse.ArgumentParser) -> None:
    report.add_argument("--period", metavar="P", help=_("2026-W47, 2026-11, 2026-Q4, 2026-H2, 2026-9M, 2026"))
    report.add_argument("--line", choices=LINES, default=LINES[0])
    what = report.add_mutually_exclusive_group()
    what.add_argument("--draft", action="store_true", help=_("a draft, of which nothing is recorded"))
    what.add_argument("--codes", action="store_true", help=_("with the codes that the province reads"))
    report.add_argument("--replace", action="store_true", help=_("a report that replaces the signed one"))
    report.add_argument("--out", metavar="FILE.pdf")


def _add_issue(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--number", metavar="N", help=_("the number in the office's book"))
    parser.add_argument("--date", metavar="D", help=_("the day of issue, like 24/6/2025"))
