"""`report`: the report of a period as PDF, closed for signing or as a draft."""

from collections.abc import Sequence
from pathlib import Path

from app.cli import outfile
from app.cli.session import Session
from app.domain.errors import LedgerError
from app.domain.reporting import Period
from app.services import closing, drafting, sheets
from app.services.opening import Opened
from app.services.reports import Closed
from app.services.settings import unset
from app.services.weeks import Now
from app.words import _, ngettext
from app.words import period as said

_NAMED = 5  # tasks named by their codes


def report(
    session: Session, period: str, line: str, out: Path, *, codes: bool = False, replace: bool = False
) -> int:
    """Close the report of a period and a line and draw it; what says the same as before is drawn again.

    codes: with the pages that the province reads. replace: it replaces the one that is signed.
    Raises TooMuchForPaper when the sheet had to be written without them.
    """
    wanted = Period.parse(period)
    outfile.check(out)
    from app.reports import content
    from app.reports.paper.frames import TooMuchForPaper

    carried, problem = None, None

    with session.opened() as opened:
        now = session.now(opened)
        closed = closing.finish(opened.ledger, wanted, line, now, correct=replace)
        _warn_of_letters(session, content.every_text(closed.content))
        try:
            carried = _carried(opened, closed.record) if codes else None
        except TooMuchForPaper as error:  # the report is closed by now: it must be there to be signed
            problem = error
        with opened.ledger.read() as connection:
            sheet = sheets.sheet(connection, closed.record, codes=carried)
            left = unset(connection, opened.ledger.identity, line)
        outfile.write(out, sheet)
        session.say(_("Report of {period}: {file}").format(period=said(str(wanted)), file=out))
        _tell(session, opened, closed, now, left)
    session.give(
        {
            "file": str(out),
            "period": str(wanted),
            "line": line,
            "hash": closed.hash.hex(),
            "record": closed.record,
            "pages": closed.made.pages,
            "new": closed.new,
            "check_code": closed.made.check_code,
            "data_at": closed.made.data_at,
        }
    )
    if problem is not None:
        raise problem
    return 0


def draft(session: Session, period: str, line: str, out: Path) -> int:
    """Draw a draft, which says so on every page; nothing is recorded."""
    wanted = Period.parse(period)
    outfile.check(out)
    from app.reports import content, news, pdf

    with session.opened() as opened:
        now = session.now(opened)
        with opened.ledger.read() as connection:
            made = drafting.draft(connection, opened.ledger.identity, wanted, line, now)
    _warn_of_letters(session, content.every_text(made.content))
    outfile.write(out, pdf.render(made.content, draft=True, news=news.news(made.report)))
    session.say(_("Draft of the report of {period}: {file}").format(period=said(str(wanted)), file=out))
    _tell_what_to_see(session, made)
    session.give(
        {
            "file": str(out),
            "period": str(wanted),
            "line": line,
            "hash": made.hash.hex(),
            "record": None,
            "pages": sheets.pages(made.content),
            "new": False,
            "check_code": content.check_code(made.hash),
            "data_at": int(made.report.cutoff.timestamp()),
        }
    )
    return 0


def _tell(session: Session, opened: Opened, closed: Closed, now: Now, left: Sequence[str]) -> None:
    made = closed.made
    session.say(
        _("Check code {code}, {pages} pages.").format(code=made.check_code, pages=made.pages)
        if made.pages
        else _("Check code {code}.").format(code=made.check_code)
    )
    if not closed.new:
        session.say(_("It says the same as the last one, so it was not recorded again."))
    if left and not made.signed:
        session.say(
            _("“Chưa ghi” stands on it where nothing is set yet. Set it, then make the report again.")
        )
    with opened.ledger.read() as connection:
        try:
            fresh = drafting.draft(
                connection, opened.ledger.identity, Period.parse(made.period), made.line, now
            )
        except LedgerError:  # a clock that went back since; the closed report is drawn all the same
            return
    if made.signed and fresh.hash != closed.hash:
        told = _(
            "This is the report as it was signed. What was recorded since is not in it; replace: --replace"
        )
        session.say(told)
    else:
        _tell_what_to_see(session, fresh)


def _tell_what_to_see(session: Session, made: drafting.Draft) -> None:
    if 0 < len(made.later) < len(made.lines):
        told = ngettext(
            "{count} task in it came with a notice of after the data's moment: {codes}",
            "{count} tasks in it came with a notice of after the data's moment: {codes}",
            len(made.later),
        )
        named = ", ".join([*made.later[:_NAMED], *["…"] * (len(made.later) > _NAMED)])
        session.say(told.format(count=len(made.later), codes=named))
    if count := len(made.stale):
        session.say(
            ngettext(
                "{count} sentence was edited before its record changed. Look at it again.",
                "{count} sentences were edited before their records changed. Look at them again.",
                count,
            ).format(count=count)
        )


def _carried(opened: Opened, record: str) -> bytes:
    from sync.client import paper

    return paper.printed(opened, record)


def _warn_of_letters(session: Session, texts: Sequence[str]) -> None:
    from app.reports import pdf

    if letters := pdf.missing_letters(texts):
        session.warn(
            _("No font has these signs, they are printed as boxes: {signs}").format(signs=" ".join(letters))
        )
