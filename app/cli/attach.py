"""`report attach`: the signed report, scanned or signed elsewhere, joins what was closed."""

from pathlib import Path

from app.cli.session import Session


def attach(
    session: Session,
    file: Path,
    period: str,
    line: str,
    number: str | None,
    date: str | None,
    signer: str | None,
) -> int:
    """Take a signed report in. number, date: of issue, as they were typed."""
    raise NotImplementedError
