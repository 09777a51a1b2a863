"""`report sign`, `verify` and `timestamp`."""

from pathlib import Path

from app.cli.session import Session


def sign(
    session: Session,
    file: Path,
    out: Path,
    *,
    p12: Path | None,
    pkcs11: Path | None,
    token: str | None,
    role: str,
    number: str | None,
    date: str | None,
) -> int:
    """Sign a report. role: person or agency. number, date: of issue, as they were typed.

    The password or PIN is asked for on the terminal, or is one line of standard input where there is none.
    """
    raise NotImplementedError


def verify(session: Session, file: Path, trust: Path | None) -> int:
    """Say who signed a report; 0 when it is unchanged and trusted, else 1."""
    raise NotImplementedError


def timestamp(session: Session, file: Path, tsa: str, out: Path) -> int:
    """Add the time of a time authority to a signed report. tsa: its address."""
    raise NotImplementedError
