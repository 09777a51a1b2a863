"""Evidence in the editor: files come by button, drag or paste, shrink in the background, and are one change
each; what is typed meanwhile is not disturbed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.periods import local
from app.services import progress
from app.services.evidence import Added, Item, Prepared
from app.services.lines import Line
from app.services.photos import Size
from app.services.weeks import Now
from app.words import _
from ui import marks, problems, standing
from ui.evidence import Evidence
from ui.jobs import Jobs, Task
from ui.pages.form import Form
from ui.pages.shown import Reading, Shown
from ui.tokens import Tone
from ui.widgets.evidence import SIDE, FileRow, count_words

_PICTURES = 40
"""Small pictures that are kept for the tasks that were looked at."""
_KINDS = "*.jpg *.jpeg *.png *.webp *.heic *.pdf *.docx *.xlsx *.doc *.xls"

Source = Path | tuple[QImage, str]
"""A file, or a picture of the clipboard with the name that it gets."""


class EvidencePart(QObject):
    """Joins the panel under a task to the ledger."""

    written = Signal(object)
    """A fresh `Shown`, after an own edit."""
    recorded = Signal(str, object)
    """What was done, in words, and what takes it back."""

    def __init__(
        self, form: Form, evidence: Evidence | None, reading: Reading, jobs: Jobs, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._form, self.panel = form, form.evidence
        panel = form.evidence
        self._evidence, self._reading, self._jobs = evidence, reading, jobs
        self._line: Line | None = None
        self._now: Now | None = None
        self._items: tuple[Item, ...] = ()
        self._under_way: dict[str, list[str]] = {}
        self._sources: dict[str, tuple[Source, Size]] = {}
        self._images: dict[str, QImage] = {}
        self.ask_files: Callable[[QWidget], list[Path]] = _ask_files
        panel.setVisible(evidence is not None)
        form.takes, form.brought = self.takes, self.take
        for box in form.boxes.values():
            box.takes, box.brought = self.takes, self.take
        panel.wanted.connect(self._choose)
        panel.removed.connect(self._remove)
        panel.resized.connect(self._resize)

    # What is shown

    def show(self, line: Line, shown: Shown) -> None:
        """Show the evidence of a line."""
        if self._line is None or line.progress != self._line.progress:
            self.panel.notice.hide()
        self._line, self._now = line, shown.now
        self._items = shown.evidence.get(line.progress, ())
        self.panel.set_writable(not line.withdrawn)
        self._fill()

    def _fill(self) -> None:
        if self._line is None:
            return
        rows = [self._row(item) for item in self._items]
        for name in self._under_way.get(self._line.progress, ()):
            rows.append(FileRow(name, name, _("Being made ready …"), None, "", removable=False))
        whole = sum(item.size for item in self._items)
        self.panel.show_rows(rows, count_words(len(self._items), standing.amount(whole)))
        self._fetch()

    def _row(self, item: Item) -> FileRow:
        source = self._sources.get(item.record)
        amount = standing.amount(item.size)
        if not item.here:
            amount += " · " + _("kept on another machine")
        choice = source[1] if source and item.exchange == "waiting" and not item.sent else ""
        writable = self._line is not None and not self._line.withdrawn
        mark = marks.exchange(item.exchange) if item.file_known else None
        return FileRow(item.record, item.name, amount, mark, item.sha256, choice, writable)

    def _fetch(self) -> None:
        """Small pictures that were not made yet."""
        evidence = self._evidence
        for item in self._items:
            if item.sha256 in self._images:
                self.panel.set_picture(item.sha256, self._images[item.sha256])
            elif item.here and evidence is not None:
                self._images[item.sha256] = QImage()
                self._jobs.run(
                    self,
                    partial(evidence.picture, item.sha256, 2 * SIDE),
                    partial(self._keep, item.sha256),
                    lambda _error: None,
                )
        while len(self._images) > _PICTURES:
            self._images.pop(next(iter(self._images)))

    def _keep(self, name: str, image: QImage) -> None:
        self._images[name] = image
        self.panel.set_picture(name, image)

    # Adding

    def takes(self, data: QMimeData) -> bool:
        """Whether something that is dragged or pasted is evidence."""
        return self._evidence is not None and bool(_files(data) or data.hasImage())

    def take(self, data: QMimeData) -> None:
        """Something was dropped or pasted: files, or a picture."""
        files = _files(data)
        if files:
            self.add(files)
        elif data.hasImage() and isinstance(image := data.imageData(), QImage):
            moment = f"{local(self._reading.ledger.now()):%d-%m-%Y %H.%M.%S}"
            self.add([(image, _("Pasted picture {moment}").format(moment=moment))])

    def paste(self) -> None:
        """Ctrl+V where no text is written."""
        data = QGuiApplication.clipboard().mimeData()
        if data is not None and self.takes(data):
            self.take(data)

    def _choose(self) -> None:
        self.add(self.ask_files(self.panel))

    def add(self, sources: Sequence[Source], size: Size = "small", *, instead: Item | None = None) -> None:
        """Make files fit to be sent, one after the other in the background, and record each.

        instead: what the one file takes the place of, at another size.
        """
        line, now, evidence = self._line, self._now, self._evidence
        if line is None or now is None or evidence is None or not sources or line.withdrawn:
            return
        self.panel.notice.hide()
        self._under_way.setdefault(line.progress, []).extend(_name(source) for source in sources)
        self._fill()

        def work(task: Task) -> None:
            for source in sources:
                task.check()
                try:
                    made: Prepared | Exception = _prepared(evidence, source, size)
                except Exception as error:  # noqa: BLE001  told at its file; the others go on
                    made = error
                task.progress((source, made))

        def ready(told: tuple[Source, Prepared | Exception]) -> None:
            source, made = told
            self._under_way[line.progress].remove(_name(source))
            if isinstance(made, Exception):
                self._refused(line, source, made)
            else:
                self._commit(line, now, made, (source, size), instead)

        self._jobs.run_task(self, work, progress=ready)

    def _commit(
        self, line: Line, now: Now, made: Prepared, source: tuple[Source, Size], instead: Item | None
    ) -> None:
        evidence = self._evidence
        assert evidence is not None

        def work() -> tuple[Added, Shown]:
            progress.check(line, now)
            added = evidence.commit(line.key, made)
            if instead is not None and instead.record != added.record:
                evidence.remove(instead.record)
            return added, self._reading()

        def done(result: tuple[Added, Shown]) -> None:
            added, shown = result
            if added.kind == "photo":
                self._sources[added.record] = source
            self.written.emit(shown)
            self._tell(line, added)
            focus = self._form.window().focusWidget()
            if self._is_open(line) and focus not in self._form.boxes.values():  # not from under the typing
                self._form.area.ensureWidgetVisible(self.panel)
            words = _("{code}: added {name}.") if added.new else _("{code}: {name} is there already.")
            undo = (lambda: self._take_back(added.record)) if added.new and instead is None else None
            self.recorded.emit(words.format(code=line.code, name=added.name), undo)

        self._jobs.run(self, work, done, lambda error: self._refused(line, source[0], error), lane="ledger")

    def _tell(self, line: Line, added: Added) -> None:
        """What is worth knowing of a file that was added."""
        said = []
        if added.had_place:
            said.append(_("The place where the photo was taken was dropped from it."))
        for code in added.elsewhere:
            words = _("This file is at the task {code} already; it is kept and sent once.")
            said.append(words.format(code=code))
        if said and self._is_open(line):
            self.panel.notice.say(" ".join(said))

    def _refused(self, line: Line, source: Source, error: BaseException) -> None:
        self._fill()
        said = problems.problem(error)
        named = () if _name(source) in said.text else (_name(source),)
        place = () if self._is_open(line) else (line.code,)
        self.panel.notice.say(": ".join((*place, *named, said.text)), tone=Tone.RED, code=said.code)

    def _is_open(self, line: Line) -> bool:
        return self._line is not None and self._line.progress == line.progress

    # Taking away

    def _item(self, record: str) -> Item | None:
        return next((item for item in self._items if item.record == record), None)

    def _remove(self, record: str) -> None:
        item = self._item(record)
        if item is None or self._line is None:
            return
        code = self._line.code
        undo = self._undo_of(item)
        self._write(
            lambda evidence: evidence.remove(record),
            lambda: self.recorded.emit(_("{code}: removed {name}.").format(code=code, name=item.name), undo),
        )

    def _undo_of(self, item: Item) -> Callable[[], None]:
        return lambda: self._write(lambda evidence: evidence.restore(item), lambda: None)

    def _take_back(self, record: str) -> None:
        self._write(lambda evidence: evidence.remove(record), lambda: None)

    def _resize(self, record: str, size: str) -> None:
        item, source = self._item(record), self._sources.get(record)
        wanted: Mapping[str, Size] = {"small": "small", "print": "print", "full": "full"}
        if item is not None and source is not None and size in wanted:
            self.add([source[0]], wanted[size], instead=item)

    def _write(self, act: Callable[[Evidence], object], then: Callable[[], object]) -> None:
        evidence = self._evidence
        if evidence is None:
            return

        def work() -> Shown:
            act(evidence)
            return self._reading()

        def done(shown: Shown) -> None:
            self.written.emit(shown)
            then()

        self._jobs.run(self, work, done, lane="ledger")


def _prepared(evidence: Evidence, source: Source, size: Size) -> Prepared:
    if isinstance(source, Path):
        return evidence.prepare(source, size)
    return evidence.prepare_picture(*source, size)


def _name(source: Source) -> str:
    return source.name if isinstance(source, Path) else source[1]


def _files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []


def _ask_files(parent: QWidget) -> list[Path]:
    places = QStandardPaths.standardLocations(QStandardPaths.StandardLocation.PicturesLocation)
    kinds = _("Photos, PDF, Word, Excel ({pattern})").format(pattern=f"{_KINDS} {_KINDS.upper()}")
    found, _kind = QFileDialog.getOpenFileNames(parent, _("Add a file"), places[0] if places else "", kinds)
    return [Path(name) for name in found]
