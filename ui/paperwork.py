"""What the report page does that needs the whole home, not the ledger alone: codes, scans, signatures.

Called on other threads. What is heavy to load (the readers of scans, the exchange's messages) is loaded then.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.reporting import Period
from app.services.issuing import Issue
from app.services.opening import Opened
from app.services.weeks import Now
from ui.signing import Signatures

if TYPE_CHECKING:
    from app.services.attaching import Attached, Seen


class Paperwork:
    """For an open home."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.signatures = Signatures(opened.home, opened.ledger.now)

    def codes(self, record: str) -> bytes:
        """What the page of codes of a closed report carries. Raises what `sync.client.paper` does."""
        from sync.client import paper

        return paper.printed(self.opened, record)

    def look(self, path: Path, *, stopped: Callable[[], bool], told: Callable[[int], None]) -> Seen:
        """Read a scan or a signed PDF. Raises what `attaching.look` does."""
        from app.services import attaching

        return attaching.look(path, stopped=stopped, told=told)

    def signed(self, sha256: str) -> bytes:
        """A signed sheet that is kept. Raises EvidenceMissing, EvidenceDamaged."""
        from app.services import evidence

        return evidence.content(self.opened, sha256)

    def attach(
        self, seen: Seen, period: Period, line: str, entered: Issue, now: Now, *, keep: bool
    ) -> Attached:
        """Keep what was read as the signed sheet. Raises what `attaching.attach` does."""
        from app.services import attaching

        return attaching.attach(self.opened, seen, period, line, entered, now, keep=keep)
