"""Sheets of codes between a commune and its province; in place of paper, a file of the symbols seen."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import LedgerError
from app.reports.layout.footmark import PageMark
from app.reports.paper import frames
from app.reports.paper.frames import Frame, page_of
from app.services.opening import Opened
from sync.client import paper
from sync.server import scans, slips


@dataclass(frozen=True)
class Seen:
    """A page as a reader sees it."""

    number: int
    frames: tuple[Frame, ...] = ()
    marks: tuple[PageMark, ...] = ()
    turned: int = 0
    readable: bool = True


class Unreadable(LedgerError):
    code = "scan-damaged"


def write(path: Path, data: bytes, *, pages=None, leave_out=(), blank: int = 0) -> Path:
    """A scan of the pages of codes for these bytes. leave_out: symbols that nobody can read."""
    lines = ["-"] * blank
    cut = frames.cut(data)
    for page in pages or range(1, -(-len(cut) // frames.PER_PAGE) + 1):
        held = [
            packed.hex()
            for index, packed in enumerate(cut)
            if page_of(index, len(cut)) == page and index not in leave_out
        ]
        lines.append(" ".join(held) or "-")
    path.write_text("\n".join(lines), encoding="ascii")
    return path


def pile(path: Path, *others: Path) -> Path:
    """One scan of all pages of these."""
    path.write_text("\n".join(other.read_text(encoding="ascii") for other in others), encoding="ascii")
    return path


def reader(content: bytes, name: str):
    """Reads what `write` wrote; a line that begins with = is a report's own page."""
    if content.startswith(b"?"):
        raise Unreadable(file=name)
    for number, line in enumerate(content.decode("ascii").splitlines(), 1):
        if line.startswith("="):
            yield Seen(number, marks=(PageMark(bytes.fromhex(line[1:]), bytes(8), 1, 2),))
            continue
        found = () if line == "-" else tuple(frames.read_frame(bytes.fromhex(word)) for word in line.split())
        yield Seen(number, tuple(frame for frame in found if frame is not None))


def close(opened: Opened, period: str = "2025-W27", line: str = "ubnd_tinh", number: int = 1) -> str:
    """A report that is closed; its hash is what a test calls it by."""
    values = {
        "period": period,
        "line": line,
        "hash": hashlib.sha256(f"{period} {line} {number}".encode()).digest(),
        "made_at": opened.ledger.now() + number,
    }
    with opened.ledger.edit() as edit:
        return edit.create("report", values)


def printed(opened: Opened, path: Path, **how) -> Path:
    """Close this week's report and have its pages of codes lie there as a scan."""
    return write(path, paper.printed(opened, close(opened)), **how)


def scanned(desk, *paths: Path):
    """The province scans."""
    return scans.take(desk.store, desk.folder / "scans", paths, reader)


def receipt(desk, result, path: Path) -> Path:
    """The codes of the receipt for a report that was taken in."""
    return write(path, slips.slip(desk.store, result.page_set, result.new).carried)


def taken(opened: Opened, *paths: Path):
    """The commune scans."""
    return paper.take(opened, paths, reader)
