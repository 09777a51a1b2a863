"""`report sign`, `verify` and `timestamp`."""

import getpass
import io
import sys
from argparse import Namespace
from datetime import datetime
from pathlib import Path

from app.cli import outfile
from app.cli.session import Session
from app.domain.errors import LedgerError
from app.domain.periods import HANOI, parse_date
from app.services import signing, verdicts
from app.services.signing import Way
from app.words import _, explain

_LONGEST = 1024  # letters of a password; whatever else is poured in is not waited for


class SecretMissing(LedgerError):
    """Neither a terminal to ask at nor a line of standard input."""

    code = "signing-secret-missing"


def sign(session: Session, given: Namespace) -> int:
    """Sign a report.

    The password or PIN is asked for on the terminal, or is one line of standard input where there is none.
    """
    from app.reports.signatures.signing import Order

    out = Path(given.out)
    outfile.check(out)
    picture = signing.read(Path(given.picture)) if given.picture else None
    issued = parse_date(given.date) if given.date else None
    order = Order(given.role, picture, (given.number or "").strip(), issued)
    file, driver = (Path(path) if path else None for path in (given.p12, given.pkcs11))
    way = Way(file, driver, given.token, given.certificate)
    asked = _("Password of the file: ") if driver is None else _("PIN of the signing device: ")
    made = signing.sign(
        session.home,
        signing.read(Path(given.file)),
        way,
        lambda: _secret(asked),
        order,
        session.clock(),
        lists=_lists(given),
    )
    outfile.write(out, made.pdf)
    for warning in made.warnings:
        session.warn(explain(warning))
    verdict = signing.verify(session.home, made.pdf, None, session.clock())
    own = verdict.signatures[-1]
    time = verdicts.moment(own.time) if own.time is not None else ""
    session.say(_("Signed at {time} by {name}: {file}").format(time=time, name=own.signer, file=out))
    session.say(_("Checked: the signature is right and the document is unchanged."))
    if order.picture is None:
        session.say(_("No picture was given (--picture), so a print shows nothing of this signature."))
    session.say(_("The stamp of a time authority is added when there is a connection: report timestamp"))
    session.give(
        {
            "file": str(out),
            "role": own.role,
            "signer": own.signer,
            "time": _iso(own.time),
            "certificate": made.certificate.number,
            "warnings": [warning.code for warning in made.warnings],
        }
    )
    return 0


def verify(session: Session, given: Namespace) -> int:
    """Say who signed a report; 0 when it is unchanged and trusted, else 1."""
    trust = Path(given.trust) if given.trust else None
    pdf = signing.read(Path(given.file))
    verdict = signing.verify(session.home, pdf, trust, session.clock(), _lists(given))
    good = verdict.intact and verdict.trusted
    told = [verdicts.summary(verdict)]
    for one in verdict.signatures:
        first, *others = verdicts.lines(one)
        told += [f"- {first}", *(f"  {line}" for line in others)]
    session.say("\n".join(told))
    session.give(
        {
            "intact": verdict.intact,
            "trusted": verdict.trusted,
            "signatures": [
                {"signer": one.signer, "role": one.role, "time": _iso(one.time), "revocation": one.revocation}
                for one in verdict.signatures
            ],
        }
    )
    if session.json and not good:
        session.warn("\n".join(told))
    return 0 if good else 1


def timestamp(session: Session, given: Namespace) -> int:
    """Add the time of a time authority to a signed report."""
    out = Path(given.out)
    outfile.check(out)
    pdf = signing.stamp(signing.read(Path(given.file)), given.tsa, _lists(given))
    outfile.write(out, pdf)
    stamps = signing.verify(session.home, pdf, None, session.clock()).stamps
    time = stamps[-1][0] if stamps else None
    shown = verdicts.moment(time) if time is not None else ""
    session.say(_("Stamped at {time} by the time authority: {file}").format(time=shown, file=out))
    session.give({"file": str(out), "time": _iso(time)})
    return 0


def _lists(given: Namespace) -> tuple[bytes, ...]:
    return tuple(signing.revoked(Path(path)) for path in given.crl or ())


def _secret(asked: str) -> str:
    """The password or PIN, asked for once. Raises SecretMissing."""
    if sys.stdin is not None and sys.stdin.isatty():
        try:
            return getpass.getpass(asked)
        except EOFError as error:
            raise SecretMissing from error
    if isinstance(sys.stdin, io.TextIOWrapper) and sys.platform != "win32":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # surroundings may say ASCII
    line = sys.stdin.readline(_LONGEST) if sys.stdin is not None else ""
    if not line:
        raise SecretMissing
    return line.rstrip("\r\n")


def _iso(time: datetime | None) -> str | None:
    return time.astimezone(HANOI).isoformat(timespec="seconds") if time is not None else None
