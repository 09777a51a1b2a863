"""The parts of a report's body, I to VI, in the order of the regime; none that has nothing to say.

A week tells its figures and what changed, what falls due in 14 days, and difficulties and proposals if there
are any. Longer periods tell all parts; a quarter and longer ones add what the figures come to, a year its
lessons.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import count

from app.domain.reporting import Period
from app.domain.reports import DUE_AHEAD_DAYS, Report, ReportLine, padded, short_date, tally_of
from app.reports import sentences, wording
from app.reports import texts_body as words
from app.reports.annexes import groups_of, in_details, obstructed
from app.reports.blocks import Block, Bullet, Heading, Table
from app.reports.layout.profiles import OF_LINE
from app.reports.merging import Field, told
from app.reports.speaking import Speaker, fixed

_NUMERALS = ("I", "II", "III", "IV", "V", "VI")
_LETTERS = "abcdđeghiklmnopqrstuvxy"
_MOST = {"week": 15}
_MOST_OTHERWISE = 30
"""Tasks that one part tells one by one; the others stand in the annex alone."""

_FEWER = {"week": 8}
_FEWER_OTHERWISE = 16
"""The same of what was done and of what comes next: a text is to stay within a few pages."""


def calendar_days(period: Period) -> tuple[date, date]:
    """The first and last calendar day by which tasks count as those of a longer period (not its data's)."""
    first = (period.start.replace(day=1) + timedelta(days=31)).replace(day=1)
    return first, (period.end.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def following(period: Period) -> Period:
    """The period whose tasks a longer report looks forward to; after nine months the last quarter."""
    return Period("quarter", period.year, 4) if period.kind == "nine_months" else period.next()


class Body:
    """The body of one report. lines: in order of code; tables: its annexes, to which the text points."""

    def __init__(
        self, report: Report, lines: Sequence[ReportLine], tables: Sequence[Table], speaker: Speaker
    ) -> None:
        self._report = report
        self._lines = tuple(lines)
        self._speaker = speaker
        self._figures = tally_of(lines)
        self._labels = {table.number: table.label for table in tables}
        self._day = report.cutoff.date()
        kind = report.period.kind
        fewer = _FEWER.get(kind, _FEWER_OTHERWISE)
        self._most = {"changes": fewer, "next": fewer}
        self._most_otherwise = _MOST.get(kind, _MOST_OTHERWISE)
        self._obstructed = sum(obstructed(report, line) for line in lines)
        moved = [line for line in lines if line.changed and not line.recurring]
        self._apart = {id(line) for line in self._chosen("changes", moved)}

    def blocks(self) -> list[Block]:
        """All parts with their headings, numbered without a gap."""
        parts = self._week() if self._report.weekly else self._longer()
        heading = OF_LINE[self._report.line].heading
        made: list[Block] = []
        said = [(title, blocks) for title, blocks in parts if blocks]
        for numeral, (title, blocks) in zip(_NUMERALS, said, strict=False):
            made += [Heading(1, heading.format(numeral=numeral, title=title)), *blocks]
        return made

    def _week(self) -> list[tuple[str, list[Block]]]:
        results = [
            (words.SUMMARY, self._summary()),
            (words.CHANGES, self._changes()),
            (words.EXTRA, self._free("extra")),
        ]
        return [
            (words.RESULTS, _numbered(results)),
            (words.DIFFICULTIES, self._statements("difficulty")),
            (words.NEXT, self._next_days()),
            (words.PROPOSALS, self._statements("proposal")),
        ]

    def _longer(self) -> list[tuple[str, list[Block]]]:
        results = [
            (words.SUMMARY, self._summary()),
            (words.SHARED, self._shared()),
            (words.OWN, self._own()),
            (words.RECURRING, self._recurring()),
            (words.EXTRA, self._free("extra")),
        ]
        return [
            (words.DIRECTION[self._report.line], self._direction()),
            (words.RESULTS, _numbered(results)),
            self._assessed(),
            (words.DIFFICULTIES, self._troubles()),
            (words.NEXT, _numbered(self._next())),
            (words.PROPOSALS, self._statements("proposal") or [fixed(words.NO_PROPOSAL)]),
        ]

    # ---- I

    def _direction(self) -> list[Block]:
        assigned = sentences.assigned_sentence(self._lines)
        said: list[Block] = [self._speaker.paragraph("assigned", assigned)] if assigned else []
        return [*self._free("direction"), *said] or [fixed(words.NOTHING)]

    # ---- II

    def _summary(self) -> list[Block]:
        report, speaker = self._report, self._speaker
        found = [("summary", sentences.summary_sentence(self._figures, self._day))]
        if not report.weekly:
            found += [("scope", sentences.scope_sentence(self._lines)), ("plan", self._plan())]
            found += self._compared()
            if self._lines and report.empty:
                found.append(("quiet", self._quiet()))
        made: list[Block] = [speaker.paragraph(slot, text) for slot, text in found if text]
        if label := self._labels.get("01"):
            both = len({line.shared for line in self._lines}) > 1
            pattern = words.SEE_SUMMARY_OF_BOTH if both else words.SEE_SUMMARY
            made.append(fixed(pattern.format(label=label)))
        gone = sorted(report.withdrawn, key=lambda task: task.code)
        if gone:
            made.append(fixed(words.WITHDRAWN.format(count=padded(len(gone)))))
            said = [(task.code, wording.withdrawn(task)) for task in gone]
            made += [Bullet(text, task=code, basis=text) for code, text in said]
        return made

    def _plan(self) -> str:
        period = self._report.period
        pattern = words.YEAR_PLAN if period.kind == "year" else words.PLAN
        first, last = calendar_days(period)
        return sentences.plan_sentence(self._lines, first, last, _in_period(pattern, period))

    def _compared(self) -> list[tuple[str, str]]:
        """Beside the period before, and beside the same period a year ago; of a year these are one."""
        report, period = self._report, self._report.period
        yearly = period.kind in {"nine_months", "year"}
        year_before = report.year_before or (report.before if yearly else None)
        found: list[tuple[str, str]] = []
        if report.before and not yearly:
            lead = words.COMPARED.format(period=period.previous().words)
            found.append(("compared", sentences.comparison(self._figures, report.before, lead)))
        if year_before:
            same = Period(period.kind, period.year - 1, period.number)
            pattern = words.COMPARED if period.kind == "year" else words.COMPARED_YEAR
            lead = pattern.format(period=same.words)
            found.append(("compared:year", sentences.comparison(self._figures, year_before, lead)))
        return found

    def _quiet(self) -> str:
        before = self._report.period.previous().words
        return words.NOTHING_CHANGED.format(total=padded(len(self._lines)), before=before)

    def _changes(self) -> list[Block]:
        changed = [line for line in self._lines if line.changed]
        shown = self._chosen("changes", changed)
        made: list[Block] = [self._change(line) for line in shown]
        if not changed:
            made.append(
                self._speaker.paragraph("quiet", self._quiet()) if self._lines else fixed(words.NOTHING)
            )
        if label := self._labels.get("02"):
            if rest := len(changed) - len(shown):
                made.append(fixed(words.SEE_REST.format(count=padded(rest), label=label)))
            made.append(fixed(words.SEE_WEEK.format(label=label)))
        return [*made, *self._see_whole()]

    def _shared(self) -> list[Block]:
        lines = [line for line in self._lines if line.shared]
        if not lines:
            return [fixed(words.NO_TASKS)] if self._lines else []
        made: list[Block] = []
        if len(lines) < len(self._lines):  # else it is what the whole comes to
            made.append(self._speaker.paragraph("shared", sentences.group_sentence(tally_of(lines))))
        for letter, (group, name, held) in zip(_lettered(), groups_of(lines), strict=False):
            text = sentences.group_sentence(tally_of(held), name)
            made.append(self._speaker.paragraph(f"group:{group}", text, leading=f"{letter}) "))
            made += [self._change(line) for line in held if id(line) in self._apart]
        return [*made, *self._see_details()]

    def _own(self) -> list[Block]:
        lines = [line for line in self._lines if not line.shared]
        if not lines:
            return [fixed(words.NO_TASKS)] if self._lines else []
        made: list[Block] = [
            self._speaker.paragraph("own", sentences.group_sentence(tally_of(lines))),
            *(self._change(line) for line in lines if id(line) in self._apart),
        ]
        return made

    def _recurring(self) -> list[Block]:
        lines = [line for line in self._lines if line.recurring]
        return [self._change(line) for line in self._chosen("changes", lines)]

    def _see_details(self) -> list[Block]:
        label = self._labels.get("02")
        return [fixed(words.SEE_DETAILS.format(label=label)), *self._see_whole()] if label else []

    def _see_whole(self) -> list[Block]:
        label = self._labels.get("04")
        return [fixed(words.SEE_WHOLE.format(label=label))] if label else []

    def _change(self, line: ReportLine) -> Bullet:
        return self._told("changes", line, wording.change(line, self._report.period), "result")

    # ---- III: what the figures come to

    def _assessed(self) -> tuple[str, list[Block]]:
        kind = self._report.period.kind
        if kind == "month":
            return words.ASSESSMENT, []
        groups = [(name, tally_of(held)) for _, name, held in groups_of(self._lines)]
        text = sentences.assessment_sentence(groups, self._figures, self._obstructed)
        general: list[Block] = [self._speaker.paragraph("assessment", text)] if text else []
        lessons: list[Block] = self._free("lessons") if kind == "year" else []
        if lessons:
            sections = [(words.GENERAL, general), (words.LESSONS, lessons)]
            return words.ASSESSMENT_AND_LESSONS, _numbered(sections)
        return words.ASSESSMENT, general

    # ---- IV and VI: difficulties, proposals

    def _troubles(self) -> list[Block]:
        label = self._labels.get("03")
        pointer = words.SEE.format(label=label) if label else ""
        text = sentences.trouble_sentence(self._lines, self._obstructed, pointer)
        if not text:
            return [fixed(words.NO_TROUBLE)]
        return [self._speaker.paragraph("trouble", text), *self._statements("difficulty")]

    def _statements(self, field: Field) -> list[Block]:
        lines = [line for line in self._lines if told(line, field, self._report.period).text]
        shown = self._chosen(field, lines)
        made: list[Block] = []
        for line in shown:
            said = told(line, field, self._report.period)
            text = wording.statement(said.text, self._annex_of(line, said.text))
            made.append(self._speaker.bullet(field, line, f"{wording.named(line)}: {text}", said.sources))
        label = self._labels.get("02", "")
        if rest := len(lines) - len(shown):
            made.append(fixed(words.SEE_REST.format(count=padded(rest), label=label)))
        return made

    # ---- V: what comes next

    def _next_days(self) -> list[Block]:
        """Of a week: what falls due in 14 days, and what is late already."""
        ahead = self._due(self._day, self._day + timedelta(days=DUE_AHEAD_DAYS), words.DUE_DAYS)
        label = self._labels.get("02")
        made = [*self._late(words.SEE.format(label=label) if label else ""), *ahead]
        return made or [fixed(words.NOTHING_DUE.format(days=DUE_AHEAD_DAYS))]

    def _next(self) -> list[tuple[str, list[Block]]]:
        """Of a longer period: what falls due until its calendar ends, then the tasks of the one after it."""
        period = self._report.period
        after = following(period)
        _, end = calendar_days(period)
        first, last = calendar_days(after)
        rest_of = words.UNTIL.format(start=short_date(self._day), day=short_date(end))
        if period.kind == "month":
            rest_of = words.REST_OF_MONTH.format(period=period.words)
        focus = self._due(max(first, self._day), last, _in_period(words.DUE_IN, after))
        label = self._labels.get("03")
        late = self._late(words.SEE.format(label=label) if label else "")
        made = [*late, *focus, *self._carried_on(max(last, self._day))]
        return [
            (rest_of, self._due(self._day, end) or [fixed(words.NOTHING_DUE_THEN)]),
            (words.FOCUS.format(period=after.words), made or [fixed(words.NOTHING_DUE_THEN)]),
        ]

    def _due(self, first: date, last: date, lead: str = "") -> list[Block]:
        """What falls due between two days; lead: the sentence before it, which parts it from what is late."""
        lines = [line for line in self._lines if line.due_within(first, (last - first).days)]
        shown = self._chosen("next", sorted(lines, key=lambda line: (str(line.deadline), line.code)))
        made: list[Block] = []
        if lines and lead:
            counted = lead.format(count=padded(len(lines)), days=padded(DUE_AHEAD_DAYS), day=short_date(last))
            made.append(fixed(counted))
        made += [
            self._told("next", line, words.DUE.format(deadline=short_date(line.deadline)), "next_step")
            for line in shown
            if line.deadline
        ]
        if rest := len(lines) - len(shown):
            label = self._labels.get("02", "")
            made.append(fixed(words.SEE_REST.format(count=padded(rest), label=label)))
        return made

    def _late(self, pointer: str) -> list[Block]:
        late = sentences.overdue(self._figures)
        text = words.LATE_FIRST.format(count=padded(late), pointer=pointer)
        return [self._speaker.paragraph("late", text)] if late else []

    def _carried_on(self, last: date) -> list[Block]:
        recurring = padded(sum(line.recurring for line in self._lines))
        others = sum(
            line.open and not line.recurring and (line.deadline is None or line.deadline > last)
            for line in self._lines
        )
        also = words.AND_RECURRING.format(count=recurring) if recurring != "0" else ""
        if others:
            text = words.CARRY_ON.format(count=padded(others), recurring=also)
        elif also:
            text = words.ONLY_RECURRING.format(count=recurring)
        else:
            return []
        return [self._speaker.paragraph("carry_on", text)]

    # ---- what a bullet says

    def _annex_of(self, line: ReportLine, text: str) -> str:
        """The label of the annex that has a text whole."""
        if not in_details(self._report, line):
            return ""
        return self._labels.get("04" if wording.is_long(text) else "02", "")

    def _free(self, slot: str) -> list[Block]:
        return [*self._speaker.free(slot)]

    def _told(self, kind: str, line: ReportLine, how: str, field: Field) -> Bullet:
        said = told(line, field, self._report.period)
        text = wording.statement(said.text, self._annex_of(line, said.text))
        basis = f"{wording.named(line)}: {how}. {text}".rstrip()
        return self._speaker.bullet(kind, line, basis, said.sources)

    def _chosen(self, kind: str, lines: Sequence[ReportLine]) -> list[ReportLine]:
        """As many tasks as a part tells one by one, in their order.

        Those that an officer wrote about come first, then what was done, is late, or has a difficulty. Of a
        longer period's changes each group has its turn.
        """
        most = self._most.get(kind, self._most_otherwise)
        if len(lines) <= most:
            return list(lines)
        ranked = sorted(lines, key=lambda line: self._rank(kind, line))
        if kind == "changes" and not self._report.weekly:
            ranked = _in_turn(ranked)
        kept = {id(line) for line in ranked[:most]}
        return [line for line in lines if id(line) in kept or self._speaker.edited(kind, line)]

    def _rank(self, kind: str, line: ReportLine) -> int:
        if self._speaker.edited(kind, line):
            return 0
        if line.status == "done":
            return 1
        if line.timeliness == "overdue":
            return 2
        return 3 if obstructed(self._report, line) else 4


def _in_turn(lines: Iterable[ReportLine]) -> list[ReportLine]:
    """The first task of each group, then the second of each, and so on."""
    met: Counter[tuple[bool, str]] = Counter()
    turns: list[tuple[int, ReportLine]] = []
    for line in lines:
        met[line.shared, line.group] += 1
        turns.append((met[line.shared, line.group], line))
    return [line for _, line in sorted(turns, key=lambda turn: turn[0])]


def _numbered(sections: Iterable[tuple[str, list[Block]]]) -> list[Block]:
    """Sections of a part with their headings, 1, 2, …; none that is empty."""
    made: list[Block] = []
    for number, (title, blocks) in enumerate(((t, b) for t, b in sections if b), 1):
        made += [Heading(2, f"{number}. {title}"), *blocks]
    return made


def _lettered() -> Iterable[str]:
    """Letters as the decree counts items: a, b, c, d, đ, …; then doubled, and so on."""
    for times in count(1):
        yield from (letter * times for letter in _LETTERS)


def _in_period(pattern: str, period: Period) -> str:
    return pattern.replace("{period}", period.words)
