import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reports import tally_of
from app.reports.locked import numbers_kept
from app.reports.sentences import summary_sentence
from tests.domain.test_reports import DAY, lines

BASIS = "Đã hoàn thành 03 (3,7%), đang thực hiện 75; Kế hoạch số 348/KH-UBND, ngày 24/6/2025."


@pytest.mark.parametrize(
    "text",
    [
        BASIS,
        "Theo Kế hoạch số 348/KH-UBND, đến ngày 24/6/2025 đang thực hiện 75, hoàn thành 3 (đạt 3,7%).",
        BASIS + " Thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024, tháng 7 năm 2025.",
    ],
)
def test_words_may_change_around_the_numbers(text):
    assert numbers_kept(BASIS, text)


@pytest.mark.parametrize(
    "text",
    [
        BASIS.replace("75", "76"),
        BASIS.replace("3,7%", "3,8%"),
        BASIS.replace("3,7%", "37%"),
        BASIS.replace(" 75", ""),
        BASIS + " Thêm 02 nhiệm vụ.",
        BASIS + " Hoàn thành 03.",
        BASIS + " Tổng số 03.",
        BASIS.replace("348/KH-UBND", "349/KH-UBND"),
        BASIS.replace("24/6/2025", "25/6/2025"),
        "",
    ],
)
def test_no_number_changes_goes_or_comes(text):
    assert not numbers_kept(BASIS, text)


def test_what_the_program_left_empty_has_nothing_to_keep():
    assert numbers_kept("", "Đã họp 05 lần.")


@given(lines(), st.data())
def test_every_figure_of_the_summary_is_locked(tasks, data):
    basis = summary_sentence(tally_of(tasks), DAY)
    assert numbers_kept(basis, basis)
    parts = re.split("([0-9]+)", basis)
    place = data.draw(st.sampled_from(range(1, len(parts), 2)))
    parts[place] = str(int(parts[place]) + 1)
    assert not numbers_kept(basis, "".join(parts))
