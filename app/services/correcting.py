"""A report that replaces a signed one: which it is, and what must be known of the old one first."""

from sqlalchemy import Connection

from app.domain.errors import LedgerError
from app.domain.reporting import Period
from app.domain.reports import Replaced
from app.reports import content
from app.reports.layout import profiles
from app.services.reports import Made, ReportElsewhere, by_record, closed, current


class NothingToReplace(LedgerError):
    """No report of the period is signed yet, so none has to be replaced. Facts: period."""

    code = "nothing-to-replace"


class NumberUnknown(LedgerError):
    """The signed report has no number or date yet, by which another could name it. Facts: period."""

    code = "replaced-without-number"


def replaced(
    connection: Connection, period: Period, line: str, *, begin: bool = False
) -> tuple[str, Replaced] | None:
    """The report that the next one of this period corrects: id, number and date; None where it corrects none.

    begin: a correction of the signed report begins; what is a correction already goes on so by itself.
    Raises NothingToReplace, NumberUnknown.
    """
    now = current(connection, period, line)
    if now is not None and now.signed and begin:
        return _named(connection, now)
    if now is not None and now.replaces:
        old = by_record(connection, now.replaces)
        if old is not None:
            return _named(connection, old)
    if begin:
        raise NothingToReplace(period=str(period))
    return None


def printed_number(connection: Connection, made: Made) -> str:
    """The number of a report as its sheet shows it, "45/BC-UBND"; bare where its words are not kept here."""
    if not made.number or made.date is None:
        return made.number
    try:
        words = closed(connection, made.record).content
    except ReportElsewhere:
        return made.number
    label = profiles.PROFILES[words.profile].number_label
    return content.issued(words, made.number, made.date).head.number.removeprefix(label).strip()


def _named(connection: Connection, old: Made) -> tuple[str, Replaced]:
    if not old.number or old.date is None:
        raise NumberUnknown(period=old.period)
    return old.record, Replaced(printed_number(connection, old), old.date)
