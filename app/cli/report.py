"""`report`: the weekly report as PDF."""

from pathlib import Path

from app.cli.session import Session
from app.domain.errors import LedgerError
from app.domain.periods import Week
from app.record.faults import LedgerNoAccess, why
from app.record.files import write_whole
from app.services.reports import draft, write_report
from app.services.settings import unset
from app.words import _


class FolderMissing(LedgerError):
    """The folder of a file that is to be written is not there. Facts: folder."""

    code = "folder-missing"


class FileUnwritable(LedgerError):
    """A file that cannot be written. Facts: file, why."""

    code = "file-unwritable"


def report(session: Session, period: str, line: str, out: Path) -> int:
    """Make the report of a week and a line; recorded only if it says something new."""
    week = Week.parse(period)
    try:
        if not out.absolute().parent.is_dir():
            raise FolderMissing(folder=str(out.absolute().parent))
        if out.is_dir():
            raise FileUnwritable(file=str(out), why=_("this is a folder"))
    except OSError as error:  # a name that the system cannot even look for
        raise FileUnwritable(file=str(out), why=why(error)) from error
    from app.reports import content, pdf

    with session.opened() as opened:
        now = session.now(opened)
        with opened.ledger.read() as connection:
            made = draft(connection, opened.ledger.identity, week, line, now)
            missing = unset(connection, opened.ledger.identity, line)
        if letters := pdf.missing_letters(content.every_text(made.content)):
            session.warn(
                _("No font has these signs, they are printed as boxes: {signs}").format(
                    signs=" ".join(letters)
                )
            )
        sheet = pdf.render(made.content, draft=bool(missing))
        try:
            write_whole(out.absolute(), sheet, keep=True)
        except LedgerNoAccess as error:
            raise FileUnwritable(file=str(out), why=_("the system does not allow it")) from error
        with opened.ledger.edit() as edit:
            recorded = write_report(edit, week, line, made.hash)
    session.say(_("Report of week {week}: {file}").format(week=week, file=out))
    if recorded is None:
        session.say(_("It says the same as the last one, so it was not recorded again."))
    session.give({"file": str(out), "period": str(week), "line": line, "hash": made.hash.hex()})
    return 0
