"""The sentences that tell the figures; their numbers are locked to the tables."""

from datetime import date

from app.domain.reports import padded, share, short_date
from app.domain.tasks import Tally


def summary_sentence(figures: Tally, day: date) -> str:
    """The sentence of part 1 (Tổng hợp chung), whose numbers are locked; `day` is that of the cut-off.

    A status that no task has is given as 0 without a breakdown. Tasks done without a deadline and paused ones
    are named only where there are any; then the parts still add up to the total.
    """
    counts = figures.counts
    parts = [f"Tính đến ngày {short_date(day)}, tổng số nhiệm vụ được giao là {padded(counts.total)}"]
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


def _part(label: str, value: int, total: int, details: list[tuple[str, int]]) -> str:
    if not value:
        return f"{label} 0"
    told = ", ".join(f"{name} {padded(number)}" for name, number in details)
    return f"{label} {padded(value)} ({share(value, total)})" + (f", trong đó {told}" if told else "")
