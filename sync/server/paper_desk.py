"""What the provincial office does with paper at its desk: scan sheets, print receipts."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from app.domain.errors import LedgerError
from app.record import outside
from app.reports.paper import pile_words
from app.reports.paper.piles import ScanResult
from app.words import _, explain
from sync.server import scans, slips
from sync.server.store import Store

Said = tuple[list[dict[str, Any]], str, bool]
"""Facts for JSON, the words, and whether all is complete."""


def take(options: Namespace, store: Store, folder: Path) -> Said:
    """Take in scanned sheets, and write the receipts where they are wanted.

    A receipt that cannot be written is told. Raises FileUnwritable where that shows before anything is taken,
    and what `scans.take` raises.
    """
    wanted = None if (given := getattr(options, "receipt", None)) is None else Path(given)
    if wanted is not None:  # nothing is taken of which no word could be given back
        outside.check(wanted, _is_pdf)
    done = scans.take(store, folder, [Path(file) for file in options.files])
    words = [line for result in done.results for line in words_of(result)] + pile_words.of_rest(done)
    good = done.good
    if wanted is not None:
        try:
            words.append(_write_receipts(store, done.results, wanted))
        except LedgerError as error:  # what was taken in is told all the same; scanned again it is known
            words.append(explain(error))
            good = False
    return [result.facts() for result in done.results], "\n".join(words), good


def words_of(result: ScanResult) -> list[str]:
    """What became of one set of sheets."""
    words = pile_words.of_set(result)
    if result.enrolled:
        words.append(_("The machine “{device}” is enrolled by these sheets.").format(device=result.machine))
    return words


def _write_receipts(store: Store, results: tuple[ScanResult, ...], target: Path) -> str:
    sheets = slips.render_all(store, results)
    if sheets is None:
        return _("No receipt was made: nothing was taken in.")
    with outside.written(target, _is_pdf) as out:
        out.write(sheets)
    return _("The receipts lie at {file}. Send them back by post.").format(file=target)


def _is_pdf(path: Path) -> bool:
    return outside.begins_with(path, b"%PDF-")
