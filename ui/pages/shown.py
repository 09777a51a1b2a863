"""What the pages of the week show, read in one go; and one task under the pen, which hands back what stood
there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.domain.change import Change, Held, Value
from app.domain.errors import LedgerError
from app.domain.ids import progress_id
from app.domain.merge import Seen
from app.domain.periods import Week, local
from app.domain.progress import State
from app.domain.text import fold
from app.services import conflicts, drafts, evidence, lines, progress, reports, weeks
from app.services.conflicts import Conflict
from app.services.drafts import Left
from app.services.evidence import Item
from app.services.lines import FIELDS, Line
from app.services.weeks import Now
from app.storage import drafts as kept
from app.storage.ledger import Edit, Ledger


@dataclass(frozen=True, slots=True)
class Shown:
    """The ledger as it stands now.

    conflicts: what waits to be decided, by assignment, in whatever week. left: drafts, each with what stood
    on the screen when it was begun; after a start they are what the run before left behind.
    report_week: the week whose report is due next; its data may have ended already, so that what is recorded
    now goes into the week after. made: whether that report was made. due: when it must be signed, in Hanoi
    time. evidence: of the week, by record of progress.
    """

    now: Now
    lines: tuple[Line, ...]
    conflicts: Mapping[str, tuple[Conflict, ...]]
    left: tuple[tuple[Left, Seen], ...]
    made: bool
    due: datetime | None
    evidence: Mapping[str, tuple[Item, ...]]
    report_week: Week

    def line(self, assignment: str) -> Line | None:
        """The line of an assignment."""
        return next((line for line in self.lines if line.assignment == assignment), None)

    def coded(self, code: str) -> Line | None:
        """The line of a task's code; capitals and accents do not matter where no code is written just so."""
        folded = fold(code)
        near = (line for line in self.lines if fold(line.code) == folded)
        return next((line for line in self.lines if line.code == code), next(near, None))


def read(ledger: Ledger, week: Week | None = None) -> Shown:
    """Read what the pages show; the number of queries does not depend on the number of tasks.

    week: one before the present, to record in it what its report still lacks.
    """
    with ledger.read() as connection:
        now = weeks.present(connection, ledger.now())
        if week is not None and week < now.week:
            now = replace(now, week=week, latest=now.latest or now.week)
        found = tuple(lines.lines(connection, now.week, now))
        waiting = conflicts.conflicts(connection, ledger.identity)
        reported = _reported(now)
        made = bool(reports.made(connection, reported))
        behind = tuple((item, kept.seen(connection, item.draft)) for item in drafts.left(connection))
        files = evidence.items(connection, [line.progress for line in found])
    named = {line.progress: tuple(item for item in files if item.progress == line.progress) for line in found}
    waits = _by_assignment(waiting, found)
    return Shown(now, found, waits, behind, made, now.calendar.due(reported), named, reported)


@dataclass(slots=True)
class Reading:
    """How a page of the week is read: the present week, or the one before it that somebody looks at."""

    ledger: Ledger
    week: Week | None = None

    def __call__(self) -> Shown:
        return read(self.ledger, self.week)


def _reported(now: Now) -> Week:
    """The week whose report is due next; the one that is recorded where the clock is known to be wrong."""
    if now.clock_behind:
        return now.week
    return now.calendar.open_period("week", local(now.moment)).week


def _by_assignment(found: list[Conflict], given: tuple[Line, ...]) -> dict[str, tuple[Conflict, ...]]:
    by_code: dict[str, list[Line]] = {}
    for line in given:
        by_code.setdefault(line.code, []).append(line)
    placed: dict[str, tuple[Conflict, ...]] = {}
    for item in found:
        if item.entity != "progress" or item.week is None:
            continue
        for line in by_code.get(item.code, ()):
            if progress_id(line.assignment, str(item.week)) == item.record:
                placed[line.assignment] = (*placed.get(line.assignment, ()), item)
    return placed


class Sheet:
    """One task under the pen, from opening it to leaving it.

    An edit hands back what stood on the screen when the task was opened, or what this sheet wrote itself
    since: what came in meanwhile was not seen, and so is not written over. The methods that take a ledger
    run in the ledger's lane, one after the other; each sees what the one before it wrote.
    """

    def __init__(self, line: Line, now: Now) -> None:
        self.line = line
        self.now = now
        self._seen: dict[str, Seen] = {name: line.fields[name] for name in FIELDS}
        self._said: State | None = line.said

    @property
    def said(self) -> State | None:
        """The state that this week says, as far as this sheet knows."""
        return self._said

    @property
    def state(self) -> State:
        """The state shown: this week's, or the one that holds."""
        return self._said or self.line.state

    def text(self, field: str) -> str:
        """The text shown, as it was read or written here."""
        value = self._seen[field].value
        return value if isinstance(value, str) else ""

    def take(self, line: Line, field: str) -> None:
        """A newer reading of one field stands on the screen now."""
        self._seen[field] = line.fields[field]
        if field == "state":
            self._said = line.said

    def resume(self, field: str, seen: Seen) -> None:
        """A draft goes on: what stood on the screen when it was begun counts."""
        self._seen[field] = seen

    def stated(
        self,
        status: str | None,
        percent: int | None,
        completed_on: date | None,
        words: str | None,
    ) -> State:
        """The state that the form says; see `progress.stated`. words: document of a pause, or reason."""
        line = replace(self.line, said=self._said)
        paused = (status or self.state.status) == "paused"
        return progress.stated(
            line,
            self.now,
            status=status,
            percent=percent,
            completed_on=completed_on,
            document=words if paused else None,
            reason=None if paused else words,
        )

    def keep(self, ledger: Ledger, field: str, text: str) -> int:
        """Keep what is typed so far; returns when, in seconds UTC."""
        with ledger.edit() as edit:
            return drafts.keep(edit, self.line, field, text, self._seen[field]).at

    def write_text(self, ledger: Ledger, field: str, text: str) -> Change | None:
        """Make one change of a field's text; its draft goes. Refused, the text stays as a draft.

        Blanks alone choose between no two versions: a key pressed by accident settles nothing.
        """
        shown = self._seen[field]
        if shown.conflict and text != self.text(field) and text.strip() == self.text(field).strip():
            with ledger.edit() as edit:
                drafts.drop(edit, self.line.progress, field)
            return None
        try:
            return self._write(
                ledger,
                field,
                lambda edit: progress.write_text(edit, self.line, field, text, self.now, self._seen[field]),
            )
        except LedgerError:
            self.keep(ledger, field, text)
            raise

    def write_state(self, ledger: Ledger, state: State) -> Change | None:
        """Make one change of a state."""
        made = self._write(
            ledger,
            "state",
            lambda edit: progress.write_state(edit, self.line, state, self.now, self._seen["state"]),
        )
        self._said = state
        return made

    def put_back(self, ledger: Ledger, field: str, value: Value) -> Change | None:
        """Take an own change back: write what stood there before, or nothing."""
        made = self._write(
            ledger,
            field,
            lambda edit: edit.set("progress", self.line.key, field, value, self._seen[field]),
        )
        if field == "state":
            self._said = State.from_wire(value) if value is not None else None
        return made

    def choose(self, ledger: Ledger, conflict: Conflict, value: Value) -> Change | None:
        """Settle a conflict of this task, in whatever week, by one of its values."""
        key = {"assignment": self.line.assignment, "week": str(conflict.week)}

        def write(edit: Edit) -> Change | None:
            made = edit.set("progress", key, conflict.field, value, conflict.seen)
            if conflict.record == self.line.progress:
                drafts.drop(edit, conflict.record, conflict.field)
            return made

        with ledger.edit() as edit:
            made = write(edit)
        if conflict.record == self.line.progress and made is not None:
            self._seen[conflict.field] = Seen(value, (Held(made),), False)
            if conflict.field == "state":
                self._said = State.from_wire(value)
        return made

    def value(self, field: str) -> Value:
        """What stands in a field of the week's record, as this sheet saw or wrote it."""
        return self._seen[field].value

    def _write(self, ledger: Ledger, field: str, work: Callable[[Edit], Change | None]) -> Change | None:
        with ledger.edit() as edit:
            made = work(edit)
            if field != "state":
                drafts.drop(edit, self.line.progress, field)
        if made is not None:
            self._seen[field] = Seen(made.fields[field], (Held(made),), False)
        return made


def settle_old(ledger: Ledger, left: Left) -> None:
    """Record a draft of a week that is over, in that week."""
    with ledger.edit() as edit:
        drafts.settle(edit, left.draft.record, left.draft.field)
