"""A report's content as PDF. ReportLab is loaded with the first sheet, not with the program."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from app.reports.content import Content, issued
from app.reports.layout.footmark import FootMark

if TYPE_CHECKING:
    from app.reports.paper.codes import CodeSheet


class Issued(NamedTuple):
    """Number and date that the clerk gave after the signature; `number` as written, "5" or "05/BC-UBND"."""

    number: str
    day: date


def render(
    content: Content,
    *,
    draft: bool,
    mark: FootMark | None = None,
    issued: Issued | None = None,
    codes: "CodeSheet | None" = None,
    data: bytes = b"",
    news: Sequence[str] = (),
) -> bytes:
    """Draw the whole report: portrait text, then the tables as annexes with page numbers of their own.

    The same content gives the same bytes. A draft says «DỰ THẢO» at the top of every page, has no mark, and
    shows `news` (`app.reports.news`) in a frame on its first page. The pages of a closed report carry its
    mark at their foot, except the pages of `codes` at the end. The file is PDF/A-1b; with `data`, which is
    attached, PDF/A-3b. Places of number, date and signatures have names in it ("snv.number", "snv.date" with
    "snv.day" and "snv.month", "snv.person", "snv.agency"). Safe on any thread. Letters that no font has are
    drawn as boxes; `missing_letters` names them beforehand.

    Raises OSError when the program's own font files are missing or damaged.
    """
    from app.reports.layout import sheet

    made = sheet.Sheet(
        _with(content, issued) if issued else content,
        draft=draft,
        mark=None if draft else mark,
        data=data,
        news=news,
    )
    made.draw()
    return made.finished(codes)


def pages(content: Content) -> int:
    """How many pages text and tables take, without pages of codes."""
    from app.reports.layout import sheet

    made = sheet.Sheet(content, draft=False)
    made.draw()
    return made.pages


def missing_letters(texts: str | Iterable[str]) -> tuple[str, ...]:
    """The letters that no font has, each once, in the order met; empty when all can be printed.

    Takes one text, or all of a report (`content.every_text`). Line ends do not count.
    """
    from app.reports import letters
    from app.reports.layout import fonts

    known = fonts.letters()
    whole = texts if isinstance(texts, str) else "\n".join(texts)
    met = dict.fromkeys(letters.printable(whole))
    return tuple(letter for letter in met if letter != "\n" and letter not in known)


def _with(content: Content, given: Issued) -> Content:
    return issued(content, given.number, given.day)
