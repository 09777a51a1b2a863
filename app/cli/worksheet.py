"""`worksheet`: the tasks of a week with empty lines, as PDF, to be written on by hand."""

from pathlib import Path

from app.cli import outfile
from app.cli.session import Session
from app.domain.periods import Week
from app.words import _


def worksheet(session: Session, period: str | None, out: Path) -> int:
    """Draw the worksheet of a week, the present one where none is named; nothing is recorded."""
    wanted = Week.parse(period) if period is not None else None
    outfile.check(out)
    from app.services.worksheet import sheet

    with session.opened() as opened:
        now = session.now(opened)
        week = wanted or now.week
        with opened.ledger.read() as connection:
            made = sheet(connection, opened.ledger.identity, week, now)
    outfile.write(out, made)
    session.say(_("Worksheet of week {week}: {file}").format(week=week.number, file=out))
    session.give({"file": str(out), "period": str(week)})
    return 0
