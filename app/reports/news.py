"""«Có gì mới»: what changed since the last report, in five lines for the leader who reads the draft."""

from collections.abc import Callable, Sequence

from app.domain.reports import Report, ReportLine, padded
from app.reports import texts_news as words
from app.reports.annexes import obstructed
from app.reports.letters import one_line
from app.reports.merging import told

_NAMED = 6
"""Tasks named by their codes in one line; the others are counted."""


def news(report: Report) -> tuple[str, ...]:
    """At most five lines: what was done, moved, became late, is in the way, and how much is as before."""
    lines = sorted(report.lines, key=lambda line: (line.code, line.assignment))
    done = [
        line for line in lines if line.changed and line.status == "done" and line.previous_status != "done"
    ]
    moved = [line for line in lines if line.changed and line not in done]
    days = (report.cutoff.date() - report.period.start).days + 1
    late = [line for line in lines if line.timeliness == "overdue" and (line.days or 0) <= days]
    difficult = sum(obstructed(report, line) for line in lines)
    asked = sum(bool(told(line, "proposal", report.period).text) for line in lines)
    quiet = len(lines) - len(done) - len(moved)
    found = [
        _counted(words.DONE, done, lambda line: ""),
        _counted(words.MOVED, moved, _percent),
        _counted(words.LATE, late, lambda line: words.DAYS.format(days=line.days)),
        words.TROUBLES.format(difficulties=padded(difficult), proposals=padded(asked))
        if difficult or asked
        else "",
        words.QUIET.format(count=padded(quiet), total=padded(len(lines))) if quiet else "",
    ]
    return tuple(line for line in found if line) or (words.NOTHING,)


def _counted(pattern: str, lines: Sequence[ReportLine], more: Callable[[ReportLine], str]) -> str:
    if not lines:
        return ""
    named = [one_line(line.code) + more(line) for line in lines[:_NAMED]]
    if rest := len(lines) - _NAMED:
        named += [words.OTHERS.format(count=padded(rest))] if rest > 0 else []
    return pattern.format(count=padded(len(lines)), named=", ".join(named))


def _percent(line: ReportLine) -> str:
    before, now = line.previous_percent, line.percent
    if now is None or before is None or now == before:
        return ""
    return words.FROM_TO.format(before=before, now=now)
