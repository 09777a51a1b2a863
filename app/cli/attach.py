"""`report attach`: the signed report, scanned or signed elsewhere, joins what was closed."""

from pathlib import Path

from app.cli.session import Session
from app.domain.periods import parse_date
from app.domain.reporting import Period
from app.services import attaching
from app.services.attaching import Attached
from app.services.issuing import Issue
from app.words import _, explain
from app.words import period as said


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
    wanted = Period.parse(period)
    entered = Issue(number or "", parse_date(date) if date else None, signer or "")
    with session.opened() as opened:
        now = session.now(opened)
        found = attaching.attach(opened, attaching.look(file), wanted, line, entered, now)
    report = found.report
    _tell(session, found)
    session.give(
        {
            "record": report.record,
            "period": report.period,
            "line": report.line,
            "signed": found.how,
            "pages": report.pages,
            "turned": list(found.turned),
            "file": found.file.sha256,
            "name": found.file.name,
            "number": report.number or None,
            "date": report.date.isoformat() if report.date else None,
            "signer": report.signer or None,
            "warnings": [warning.code for warning in found.warnings],
        }
    )
    return 0


def _tell(session: Session, found: Attached) -> None:
    report = found.report
    if found.how == "ink":
        told = _("The scan of the report of {period} is what was closed, all {pages} pages.")
        session.say(told.format(period=said(report.period), pages=report.pages))
        if found.turned:
            session.say(_("Pages that lay turned were read all the same."))
    else:
        told = _("The signed PDF of the report of {period} is what was closed, unchanged.")
        session.say(told.format(period=said(report.period)))
        if found.verdict is not None and not found.verdict.trusted:
            session.say(_("Who signed could not be fully checked here: so-nhiem-vu report verify"))
    for warning in found.warnings:
        session.warn(explain(warning))
    session.say(_("Signed. It waits to be sent, before all other files."))
