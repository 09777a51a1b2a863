"""The sheet of a closed report: drawn from its frozen content, the same bytes whenever it is drawn."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from app.domain.reporting import Period
from app.reports import pdf
from app.reports.blocks import Content
from app.reports.layout.footmark import FootMark
from app.reports.paper import texts_codes
from app.services.reports import Closed, closed

if TYPE_CHECKING:
    from app.reports.paper.codes import CodeSheet

_HASH_LETTERS = 16


def sheet(connection: Connection, record: str, *, codes: bytes | None = None) -> bytes:
    """The PDF of a closed report: PDF/A-1b; with the pages of codes PDF/A-3b, what they carry attached.

    codes: what the pages of codes carry, as `sync.client.paper` gives it. Raises ReportNotClosed,
    ReportElsewhere, FrozenDamaged, TooMuchForPaper.
    """
    found = closed(connection, record)
    return pdf.render(
        found.content,
        draft=False,
        mark=FootMark(bytes.fromhex(record), found.hash),
        codes=_code_sheet(found, codes) if codes else None,
        data=codes or b"",
    )


def pages(content: Content) -> int:
    """How many pages a report has, without those of codes."""
    return pdf.pages(content)


def _code_sheet(found: Closed, carried: bytes) -> "CodeSheet":
    from app.reports.paper import frames
    from app.reports.paper.codes import CodeSheet

    made = found.made
    facts = (
        " ".join(found.content.head.issuer),
        texts_codes.REPORT.format(period=Period.parse(made.period).words),
        texts_codes.CHECK.format(code=made.check_code),
        texts_codes.REPORT_HASH.format(hash=found.hash.hex()[:_HASH_LETTERS]),
    )
    return CodeSheet(texts_codes.REPORT_CODES, facts, frames.cut(carried))
