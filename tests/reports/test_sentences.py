from dataclasses import replace
from datetime import date

from hypothesis import given

from app.domain.reports import padded, tally_of
from app.reports.sentences import summary_sentence
from tests.domain.test_reports import UNDER_WAY, lines

DAY = date(2025, 6, 24)


@given(lines())
def test_the_locked_sentence_says_the_figures(tasks):
    counts = tally_of(tasks).counts
    sentence = summary_sentence(tally_of(tasks), DAY)
    total = padded(counts.total)
    assert sentence.startswith(f"Tính đến ngày 24/6/2025, tổng số nhiệm vụ được giao là {total}")
    if counts.total:
        assert f"; đã hoàn thành {padded(counts.done)}" in sentence
        assert f"; đang thực hiện {padded(counts.in_progress)}" in sentence
        assert f"; chưa thực hiện {padded(counts.not_started)}" in sentence
    assert ("; tạm dừng " in sentence) == bool(counts.paused)
    assert sentence.endswith(".")


def test_the_sentence_of_the_province_on_its_day():
    done = replace(UNDER_WAY, status="done", timeliness="done_on_time")
    new = replace(UNDER_WAY, status="not_started")
    weekly = replace(UNDER_WAY, timeliness="recurring", recurring=True)
    tasks = [done] * 3 + [UNDER_WAY] * 72 + [weekly] * 3 + [new] * 3
    assert summary_sentence(tally_of(tasks), DAY) == (
        "Tính đến ngày 24/6/2025, tổng số nhiệm vụ được giao là 81; đã hoàn thành 03 (3,7%), "
        "trong đó đúng hạn 03, quá hạn 0; đang thực hiện 75 (92,6%), trong đó trong hạn 75, quá hạn 0, "
        "thường xuyên 03; chưa thực hiện 03 (3,7%), trong đó quá hạn 0."
    )
