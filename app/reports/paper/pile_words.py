"""What a pile of scans came to, in words: the same at the province and in a commune."""

from collections.abc import Iterable

from app.reports.paper.piles import Page, Scanned, ScanResult
from app.words import N_, SENTENCES, _, explain, ngettext
from app.words import period as said

_NAMED = 20
_LINES = {
    "ubnd_tinh": N_("It is the report for the People's Committee of the province."),
    "tinh_uy": N_("It is the report for the Party Committee of the province."),
}
"""Both of a week look alike but for this."""


def of_set(result: ScanResult, *, back: bool = False) -> list[str]:
    """What became of one set: how far it is read, or what it brought, or why nothing was taken.

    back: in a commune, where receipts come back.
    """
    if result.problem is not None:
        return [explain(result.problem)]
    if result.report is None:
        return [_missing(result)]
    facts = {"period": said(result.period or ""), "unit": result.unit_name, "device": result.machine}
    words = [_told(result, back).format(**facts, known=result.known, new=result.new)]
    if result.check_code:
        told = _("Check code {code}. The machine is enrolled, and its signature is right.")
        words.append(told.format(code=result.check_code))
    if result.line in _LINES:
        words.append(_(_LINES[result.line]))
    if result.refused:
        words.append(
            ngettext(
                "{count} entry was given back:", "{count} entries were given back:", len(result.refused)
            ).format(count=len(result.refused))
        )
    return words + [_(SENTENCES.get(code, code)) for code in dict.fromkeys((*result.refused, *result.told))]


def of_rest(done: Scanned) -> list[str]:
    """The pages without our codes, and the files that could not be read."""
    words = of_unread(done)
    alone = set(done.marked) - {result.report for result in done.results}
    unknown = sum(result.report is None for result in done.results)  # any of them may be one of these
    return [*words, without_codes()] if len(alone) > unknown else words


def of_unread(done: Scanned) -> list[str]:
    """The pages without our codes, and the files that could not be read; no word of what may still come."""
    return [*_pages(done.foreign), *(explain(error) for _name, error in done.unread)]


def without_codes() -> str:
    """What is missing where a report's own pages were seen alone."""
    return _("There are pages of a closed report, but none of its pages of codes. Scan those too.")


def _told(result: ScanResult, back: bool) -> str:
    if not result.machine:
        return _("{unit}, report of {period}: its codes can be read, {known} entries.")
    if back:
        return _("Receipt of the province for the report of {period}: new here {new}, known before {known}.")
    return _("{unit}, report of {period}, machine “{device}”: known before {known}, new {new}.")


def _missing(result: ScanResult) -> str:
    pages = ", ".join(str(page) for page in result.missing_pages)
    return ngettext(
        "Read {symbols} of {needed} code squares. Scan page {pages} of the codes again.",
        "Read {symbols} of {needed} code squares. Scan pages {pages} of the codes again.",
        len(result.missing_pages),
    ).format(symbols=result.symbols, needed=result.needed, pages=pages)


def _pages(foreign: Iterable[Page]) -> list[str]:
    pages = list(foreign)
    words = [
        (
            _("{file}, page {page}: there are no codes of ours on it.")
            if page.readable
            else _("{file}, page {page}: the page is damaged and cannot be shown.")
        ).format(file=page.file, page=page.number)
        for page in pages[:_NAMED]
    ]
    if len(pages) > _NAMED:
        words.append(_("Another {count} pages are without our codes.").format(count=len(pages) - _NAMED))
    return words
