"""What the window knows of the report page before it is made: loading the page itself takes its time."""

from __future__ import annotations

from app.words import N_
from ui.pages.base import Page


class ReportEntry(Page):
    """Its place on the rail, and what it shows."""

    key, icon, word, short, group = "reports", "document_text", N_("Reports"), N_("Reports"), 0
    shows = frozenset(
        {
            "progress", "assignment", "task", "notice", "unit_settings", "unit", "source", "report",
            "sentence", "receipt", "holiday", "reporting_rule",
        }
    )  # fmt: skip
