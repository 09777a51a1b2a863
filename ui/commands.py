"""Every command of the window in one tuple: shortcuts and the help page are made from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from app.words import N_

if TYPE_CHECKING:
    from ui.window import Window


class Command(NamedTuple):
    """A name that never changes, its words (msgid), its keys, and what it does."""

    id: str
    word: str
    keys: str
    act: Callable[[Window], object]


COMMANDS: tuple[Command, ...] = (
    Command("find", N_("Search"), "Ctrl+F", lambda w: w.page.start_search()),
    Command("weekly-report", N_("Report of the week"), "Ctrl+B", lambda w: w.open_page("reports", "week")),
    Command("print", N_("Print"), "Ctrl+P", lambda w: w.page.print_page()),
    Command("sync-now", N_("Try to send now"), "F5", lambda w: w.send_now()),
    Command(
        "round",
        N_("Between the page, the exchange line and the pages at the left"),
        "F6",
        lambda w: w.go_round(),
    ),
    Command("undo", N_("Undo"), "Ctrl+Z", lambda w: w.page.undo()),
    Command("save", N_("Keep what is being written now"), "Ctrl+S", lambda w: w.page.save_now()),
    Command("paste", N_("Paste a picture or file as evidence"), "Ctrl+V", lambda w: w.page.paste()),
    Command("next", N_("Next task, in the same field"), "Alt+Down", lambda w: w.page.step(1)),
    Command("previous", N_("Previous task, in the same field"), "Alt+Up", lambda w: w.page.step(-1)),
    Command("help", N_("Help and all keys"), "F1", lambda w: w.show_help()),
)

LISTED_KEYS: tuple[tuple[str, str], ...] = (
    ("↑ ↓ Home End", N_("Move in a list or table")),
    ("← →", N_("Fold and unfold a group")),
    ("Enter", N_("Open; in the list: go into the first field")),
    ("Tab", N_("Next field or button")),
    ("F2", N_("In a report: the task of the sentence")),
    ("Esc", N_("Back to the list; text is kept")),
    ("A-Z", N_("Typing in a list searches it")),
)
"""Keys that widgets handle themselves; the help page lists them too."""
