"""A report is closed: made for signing, with its content frozen under the hash that its record names.

Content and record are one transaction. Nothing of a signed report is edited; a correction is a new report
that names it.
"""

from app.domain.change import Value
from app.domain.errors import LedgerError
from app.domain.reporting import Period
from app.reports import canonical
from app.services import sheets
from app.services.drafting import Draft, draft
from app.services.reports import Closed, ReportElsewhere, by_record, closed, current, made
from app.services.weeks import Now
from app.storage import frozen
from app.storage.ledger import Edit, Ledger


class ReportSigned(LedgerError):
    """The report of a period is signed, so another one can only replace it. Facts: period."""

    code = "report-signed"


def finish(ledger: Ledger, period: Period, line: str, now: Now, *, correct: bool = False) -> Closed:
    """The report of a period as it is printed for signing: closed now, or the signed one as it is.

    A signed one is given word for word, whatever was recorded since; `correct` makes another that replaces
    it. One that was signed at another machine is taken up where this ledger says the same.
    Raises ReportElsewhere, and what `draft` raises.
    """
    with ledger.read() as connection:
        standing = current(connection, period, line)
        if standing is not None and standing.signed and not correct:
            try:
                return closed(connection, standing.record)
            except ReportElsewhere:
                made_now = draft(connection, ledger.identity, period, line, now)
                if made_now.hash != standing.hash:
                    raise
        else:
            made_now = draft(connection, ledger.identity, period, line, now, correct=correct)
    count = sheets.pages(made_now.content)
    with ledger.edit() as edit:
        return close(edit, made_now, count)


def close(edit: Edit, draft: Draft, pages: int) -> Closed:
    """Freeze a draft and record that it was made; the newest report of its period and line is used again when
    it says the same.

    pages: of the sheet, without pages of codes. Raises ReportSigned when another content is signed already
    and the draft does not replace it.
    """
    period, line = draft.report.period, draft.report.line
    before = current(edit.connection, period, line)
    content = canonical.canonical(draft.content)
    frozen.keep(edit.connection, content, edit.at)
    if before is not None and before.hash == draft.hash:
        return Closed(before.record, draft.content, draft.hash, False, before)
    if before is not None and before.signed and draft.replaces != before.record:
        raise ReportSigned(period=str(period))
    newest = made(edit.connection, period, line)
    # two of one second, or one by a clock that stands behind: the later one is still the newer
    at = max([edit.at, *(item.made_at + 1 for item in newest[:1])])
    values: dict[str, Value] = {
        "period": str(period),
        "line": line,
        "hash": draft.hash,
        "made_at": at,
        "pages": pages,
        "data_at": int(draft.report.cutoff.timestamp()),
    }
    if draft.replaces:
        values["replaces"] = draft.replaces
    record = edit.create("report", values)
    found = by_record(edit.connection, record)
    assert found is not None
    return Closed(record, draft.content, draft.hash, True, found)
