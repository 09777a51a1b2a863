from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import Week
from app.domain.reporting import Period
from app.domain.reports import ReportLine, WeekWords
from app.reports.blocks import Source
from app.reports.letters import one_line
from app.reports.merging import sentences, told

MONTH = Period("month", 2025, 7)
W27, W28, W29 = (Week(2025, number) for number in (27, 28, 29))
TASK = ReportLine(code="A-1", title="Việc", line="ubnd_tinh", status="in_progress", timeliness="on_track")


def line(*weeks):
    return replace(TASK, weeks=tuple(WeekWords(week, result=text) for week, text in weeks))


def test_a_repeated_sentence_is_told_once_and_keeps_its_weeks():
    found = told(
        line(
            (W27, "Đã lắp 3 điểm. Chờ thiết bị"),
            (W28, "đã lắp 3 điểm; \nĐã nhận thiết bị."),
            (W29, "Đã nhận  thiết bị."),
        ),
        "result",
        MONTH,
    )
    assert found.text == "Đã lắp 3 điểm. Chờ thiết bị. Đã nhận thiết bị."
    assert found.sources == (
        Source("Đã lắp 3 điểm.", ("2025-W27", "2025-W28")),
        Source("Chờ thiết bị", ("2025-W27",)),
        Source("Đã nhận thiết bị.", ("2025-W28", "2025-W29")),
    )


def test_a_longer_period_tells_the_newest_words():
    spoken = line((W27, "Cũ."), (W28, "Mới."), (W29, " "))
    for kind, number in (("quarter", 3), ("half", 2), ("nine_months", 0), ("year", 0)):
        found = told(spoken, "result", Period(kind, 2025, number))
        assert found == ("Mới.", (Source("Mới.", ("2025-W28",)),))


def test_a_sentence_that_a_week_says_twice_names_it_once():
    found = told(
        line(
            (W27, "Đã họp. Đã họp."),
        ),
        "result",
        MONTH,
    )
    assert found == ("Đã họp.", (Source("Đã họp.", ("2025-W27",)),))


def test_what_was_in_the_way_of_a_task_that_is_done_is_told_no_more():
    weeks = (
        WeekWords(W27, "Một.", "Thiếu cáp", "Cấp cáp", "Hai"), WeekWords(W28, "Hai.", next_step="Ba"),
    )  # fmt: skip
    under_way = replace(TASK, weeks=weeks)
    done = replace(under_way, status="done", timeliness="done_on_time", percent=100)
    for field, open_text in (("difficulty", "Thiếu cáp."), ("proposal", "Cấp cáp.")):
        assert told(under_way, field, MONTH).text == open_text
        assert told(done, field, MONTH).text == ""
    assert told(under_way, "next_step", MONTH).text == told(done, "next_step", MONTH).text == "Ba."
    assert told(done, "result", MONTH).text == "Một. Hai."


def test_a_week_s_words_stay_as_they_were_written():
    assert told(replace(TASK, result=" Câu một.\nCâu hai "), "result", Period("week", 2025, 27)) == (
        "Câu một.\nCâu hai", (),
    )  # fmt: skip


def test_an_abbreviation_does_not_end_a_sentence():
    assert sentences("Đã họp tại TP. Vinh với 12 người. Kết luận 1.200 hộ.") == [
        "Đã họp tại TP. Vinh với 12 người.", "Kết luận 1.200 hộ.",
    ]  # fmt: skip


@given(st.text(alphabet="aB.?! \n…ệ9", max_size=60))
def test_no_letter_is_lost_between_sentences(text):
    assert "".join("".join(sentences(text)).split()) == "".join(one_line(text).split())


@given(st.lists(st.lists(st.sampled_from(["Một.", "Hai!", "Ba", "Bốn; năm."]), max_size=3), max_size=5))
def test_each_sentence_of_each_week_is_found_again(spoken):
    weeks = [(Week(2025, 27 + place), " ".join(said)) for place, said in enumerate(spoken)]
    found = told(line(*weeks), "result", MONTH)
    for week, text in weeks:
        for sentence in sentences(text):
            held = [s for s in found.sources if s.text.rstrip(".") == sentence.rstrip(".")]
            assert len(held) == 1
            assert str(week) in held[0].weeks
