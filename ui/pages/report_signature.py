"""How a report is signed: number and date, the scan of the signed copy, a digital signature."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.periods import BadDate, parse_date
from app.services import weeks
from app.services.issuing import Issue
from app.services.weeks import Now
from app.storage.ledger import Ledger
from app.words import _, ngettext
from ui.jobs import Jobs, Task
from ui.pages.report_issue import IssueForm
from ui.tokens import Tone

if TYPE_CHECKING:
    from app.services.attaching import Attached, Seen
    from ui.pages.report import ReportPage
    from ui.pages.report_acts import Acts
    from ui.pages.signatures import SignaturesWindow
    from ui.pages.signing import SigningWindow
    from ui.paperwork import Paperwork

CLOSED = frozenset({"report"})
"""The kind of entity that all of this writes."""


class Signature(QObject):
    """The acts of the report page that end in a signature."""

    def __init__(
        self, page: ReportPage, acts: Acts, ledger: Ledger, jobs: Jobs, paper: Paperwork | None
    ) -> None:
        super().__init__(page)
        self._page, self._acts, self._ledger, self._jobs, self._paper = page, acts, ledger, jobs, paper
        self.form: IssueForm | None = None
        self.window: SigningWindow | None = None
        self.checking: SignaturesWindow | None = None
        """The windows that were opened last."""

    def issue(self) -> None:
        """«Đã ký, đóng dấu»: number, date and signer."""
        shown = self._page.shown
        if shown is None or shown.stands.made is None:
            return
        form = IssueForm(
            self._ledger, self._jobs, shown.stands.made, shown.stands.words, shown.now.today, self._page
        )
        form.recorded.connect(self._signed)
        self.form = form
        form.open()

    def scan(self) -> None:
        """«Quét bản ký»: read a scan of the signed copy, or a PDF that was signed, and keep it."""
        files = self._acts.ask.scan() if self._paper is not None else ""
        if files:
            self.take_scan(Path(files))

    def take_scan(self, path: Path, entered: Issue | None = None) -> None:
        """Read a file away from the ledger's lane, which takes its time, then keep it if it is the report.

        entered: what is known of number and date already.
        """
        shown, paper = self._page.shown, self._paper
        if shown is None or paper is None:
            return
        period, line, kept = shown.period, shown.line, bool(self._page.asked.kept)
        said = _("Reading {file}…").format(file=path.name)

        def look(task: Task) -> tuple[Seen, Now]:
            with self._ledger.read() as connection:
                now = weeks.present(connection, self._ledger.now())
            return paper.look(path, stopped=lambda: task.cancelled, told=task.progress), now

        def keep(found: tuple[Seen, Now]) -> None:
            seen, now = found

            def work() -> Attached:
                return paper.attach(seen, period, line, entered or Issue(), now, keep=kept)

            self._acts.run(work, self._attached)

        def told(number: int) -> None:
            page = _("Page {n}").format(n=number)
            self._page.question.say(f"{said} {page}", actions=stop)

        reading = self._jobs.run_task(self._page, look, keep, self._acts.say_failed, progress=told)
        stop = ((_("Stop"), reading.cancel),)
        self._page.question.say(said, actions=stop)

    def _attached(self, done: Attached) -> None:
        pages = done.report.pages
        said = (
            ngettext(
                "The scan is what was closed, whole: {n} page.",
                "The scan is what was closed, whole: {n} pages.",
                pages,
            ).format(n=pages)
            if done.how == "ink"
            else _("The signed file is what was closed, and its signatures hold.")
        )
        self._page.question.say(said, tone=Tone.GREEN)
        self._signed()

    def _signed(self) -> None:
        self._page.touched.emit(CLOSED)
        self._page.reload()

    def save_copy(self) -> None:
        """«Lưu bản đã ký»: the scan or the signed file, as it lies in the book."""
        shown, paper = self._page.shown, self._paper
        made = shown.stands.made if shown is not None else None
        if made is None or paper is None or not made.sheet:
            return
        sha256, name = made.sheet, made.sheet_name

        def found(content: bytes) -> None:
            self._acts.save(content, name, Path(name).suffix.lower())

        self._acts.run(lambda: paper.signed(sha256), found)

    def check(self) -> None:
        """«Kiểm tra chữ ký»: what can be said of a signed file, in words."""
        if self._paper is None:
            return
        from ui.pages.signatures import SignaturesWindow

        window = self.checking = SignaturesWindow(self._paper.signatures, self._jobs, self._page)
        window.open()
        shown, paper = self._page.shown, self._paper
        if shown is not None and (made := shown.stands.made) is not None and made.sheet:
            sha256, name = made.sheet, made.sheet_name
            self._acts.run(lambda: paper.signed(sha256), lambda pdf: window.show_document(pdf, name))

    def sign(self, sheet: bytes, name: str) -> None:
        """«Ký số»: the sheet of a closed report; on top of the first signature, where it has one."""
        shown, paper = self._page.shown, self._paper
        if paper is None or shown is None:
            return
        made = shown.stands.made
        if made is not None and made.signed == "digital" and made.sheet:
            sha256, kept = made.sheet, made.sheet_name
            self._acts.run(lambda: paper.signed(sha256), lambda pdf: self._open(paper, pdf, kept))
        else:
            self._open(paper, sheet, name)

    def _open(self, paper: Paperwork, sheet: bytes, name: str) -> None:
        from ui.pages.signing import SigningWindow  # late: few days sign anything

        window = SigningWindow(paper.signatures, self._jobs, sheet, name, self._page)
        window.taken.connect(lambda path: self.take_scan(path, _entered(window)))
        window.ink.connect(self._acts.print_shown)
        self.window = window
        window.open()


def _entered(window: SigningWindow) -> Issue:
    """Number and date as the agency's signature carries them; nothing where it is not there yet."""
    number, day = window.form.number.value_text(), None
    with suppress(BadDate):
        day = parse_date(window.form.day.value_text())
    return Issue(number, day if number else None)
