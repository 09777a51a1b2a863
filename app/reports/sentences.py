"""The sentences that tell the figures; their numbers are locked to the tables."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from app.domain.reports import ReportLine, padded, share, short_date, tally_of
from app.domain.tasks import Tally
from app.reports import texts_body as words
from app.reports.letters import one_line

_LEADS = 8
"""Offices named in one sentence; the others are counted together."""


def summary_sentence(figures: Tally, day: date) -> str:
    """The sentence of II.1 (Tổng hợp chung), whose numbers are locked; `day` is that of the cut-off.

    A status that no task has is given as 0 without a breakdown. Tasks done without a deadline and paused ones
    are named only where there are any; then the parts still add up to the total.
    """
    counts = figures.counts
    parts = [words.TOTAL.format(day=short_date(day), total=padded(counts.total))]
    if not counts.total:
        return parts[0] + "."
    done = [("đúng hạn", figures.done_on_time), ("quá hạn", figures.done_late)]
    if figures.done_undated:
        done.append(("không quy định thời hạn", figures.done_undated))
    under_way = [
        ("trong hạn", figures.under_way_in_time),
        ("quá hạn", figures.under_way_overdue),
        ("thường xuyên", figures.recurring),
    ]
    parts += [
        _part("đã hoàn thành", counts.done, counts.total, done),
        _part("đang thực hiện", counts.in_progress, counts.total, under_way),
        _part("chưa thực hiện", counts.not_started, counts.total, [("quá hạn", figures.not_started_overdue)]),
    ]
    if counts.paused:
        parts.append(_part("tạm dừng", counts.paused, counts.total, []))
    return "; ".join(parts) + "."


def scope_sentence(lines: Sequence[ReportLine]) -> str:
    """How many tasks are shared by all units and how many are the unit's own; "" without tasks."""
    if not lines:
        return ""
    shared = sum(line.shared for line in lines)
    recurring = sum(line.recurring for line in lines)
    own = len(lines) - shared
    said = words.SCOPE.format(shared=padded(shared), own=padded(own))
    return said + (words.OF_WHICH_RECURRING.format(count=padded(recurring)) if recurring else "") + "."


def plan_sentence(lines: Iterable[ReportLine], first: date, last: date, pattern: str) -> str:
    """How far the tasks are whose deadline lies in the calendar period; "" where there are none."""
    due = [line for line in lines if line.deadline and first <= line.deadline <= last]
    if not due:
        return ""
    done = sum(line.status == "done" for line in due)
    late = sum(line.timeliness == "overdue" for line in due)
    left = len(due) - done
    told = pattern.format(total=padded(len(due)), done=_counted(done, len(due)))
    if left:
        told += words.PLAN_LEFT.format(left=_counted(left, len(due)), late=padded(late))
    return told + "."


def comparison(now: Tally, before: Tally, lead: str) -> str:
    """The figures beside those of an earlier period; `lead` says which."""
    late, late_before = overdue(now), overdue(before)
    parts = [
        _moved("tổng số nhiệm vụ được giao", now.counts.total, before.counts.total),
        _moved("số nhiệm vụ hoàn thành", now.counts.done, before.counts.done),
        _moved("số nhiệm vụ quá hạn", late, late_before),
    ]
    if now.counts.total and before.counts.total:
        rate, rate_before = _rate(now), _rate(before)
        parts.append(
            f"tỷ lệ hoàn thành {rate}"
            if rate == rate_before
            else _changed_rate(rate_before, rate, higher=_higher(now, before))
        )
    return f"{lead}: {'; '.join(parts)}."


def group_sentence(figures: Tally, name: str = "") -> str:
    """The figures of a group, led by its name, or of a section; what there is none of is left out."""
    counts = figures.counts
    parts = [
        words.GROUP.format(name=name, total=padded(counts.total))
        if name
        else words.GROUP_TOTAL.format(total=padded(counts.total)),
        f"đã hoàn thành {_counted(counts.done, counts.total)}",
    ]
    for label, value, late in (
        ("đang thực hiện", counts.in_progress, figures.under_way_overdue),
        ("chưa thực hiện", counts.not_started, figures.not_started_overdue),
        ("tạm dừng", counts.paused, 0),
    ):
        if value:
            parts.append(f"{label} {padded(value)}" + (f" (quá hạn {padded(late)})" if late else ""))
    return "; ".join(parts) + "."


def assigned_sentence(lines: Iterable[ReportLine]) -> str:
    """How many tasks each leading office has, the busiest first; "" where no office is known."""
    leads = Counter(one_line(line.lead) for line in lines)
    unknown = leads.pop("", 0)
    if not leads:
        return ""
    ordered = sorted(leads.items(), key=lambda item: (-item[1], item[0]))
    named = [f"{name} {padded(count)}" for name, count in ordered[:_LEADS]]
    if rest := ordered[_LEADS:]:
        named.append(
            words.OTHER_LEADS.format(offices=padded(len(rest)), count=padded(sum(n for _, n in rest)))
        )
    if unknown:
        named.append(words.NO_LEAD.format(count=padded(unknown)))
    total = sum(leads.values()) + unknown
    return words.ASSIGNED.format(total=padded(total), offices=padded(len(leads)), named="; ".join(named))


def trouble_sentence(lines: Sequence[ReportLine], obstructed: int, pointer: str) -> str:
    """How many tasks are overdue and how many have a difficulty; "" where there are none."""
    late = overdue(tally_of(lines))
    parts = [
        f"{padded(count)} {label}"
        for count, label in ((late, words.LATE_TASKS), (obstructed, words.OBSTRUCTED_TASKS))
        if count
    ]
    return f"Có {' và '.join(parts)}{pointer}." if parts else ""


def assessment_sentence(groups: Sequence[tuple[str, Tally]], whole: Tally, obstructed: int) -> str:
    """What the figures come to, without praise: the rate of completion, its extremes, what is late."""
    counts = whole.counts
    if not counts.total:
        return ""
    said = words.RATE.format(done=padded(counts.done), total=padded(counts.total), rate=_rate(whole))
    ordered = sorted((tally for _, tally in groups), key=_share)
    worst, best = ordered[0], ordered[-1]
    if _share(best) > _share(worst):
        said += words.EXTREMES.format(
            best=_those(groups, _share(best)),
            best_rate=_rate(best),
            worst=_those(groups, _share(worst)),
            worst_rate=_rate(worst),
        )
    return said + words.STILL.format(late=padded(overdue(whole)), obstructed=padded(obstructed))


def overdue(figures: Tally) -> int:
    """How many open tasks are past their deadline."""
    return figures.under_way_overdue + figures.not_started_overdue


def _rate(figures: Tally) -> str:
    return share(figures.counts.done, figures.counts.total)


def _higher(now: Tally, before: Tally) -> bool:
    return now.counts.done * before.counts.total > before.counts.done * now.counts.total


def _changed_rate(before: str, now: str, *, higher: bool) -> str:
    way, to = ("tăng", "lên") if higher else ("giảm", "xuống")
    return f"tỷ lệ hoàn thành {way} từ {before} {to} {now}"


def _those(groups: Sequence[tuple[str, Tally]], rate: float) -> str:
    """The group that has a rate by its name, several by their number."""
    named = [name for name, tally in groups if _share(tally) == rate]
    if len(named) == 1:
        return words.ONE_GROUP.format(name=named[0])
    return words.GROUPS.format(count=padded(len(named)))


def _share(figures: Tally) -> float:
    return figures.counts.done / figures.counts.total


def _counted(part: int, whole: int) -> str:
    return f"{padded(part)} ({share(part, whole)})" if part else "0"


def _moved(label: str, now: int, before: int) -> str:
    if now == before:
        return f"{label} không thay đổi ({padded(now)})"
    way, to = ("tăng", "lên") if now > before else ("giảm", "xuống")
    return f"{label} {way} {padded(abs(now - before))} (từ {padded(before)} {to} {padded(now)})"


def _part(label: str, value: int, total: int, details: list[tuple[str, int]]) -> str:
    if not value:
        return f"{label} 0"
    told = ", ".join(f"{name} {padded(number)}" for name, number in details)
    return f"{label} {padded(value)} ({share(value, total)})" + (f", trong đó {told}" if told else "")
