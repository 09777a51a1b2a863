import os

import pikepdf
import pypdfium2
import pytest

from app.domain.reporting import Period
from app.reports.paper import frames
from app.reports.paper.frames import TooMuchForPaper
from app.reports.scanning import reader
from sync.client import paper


def reports(call):
    return [item for item in call("log", "--json").json if item["entity"] == "report"]


def test_a_report_is_written_and_recorded_once_while_it_says_the_same(call, tmp_path):
    out = tmp_path / "báo cáo.pdf"
    found = call("report", "--period", "2025-W27", "--out", str(out))
    assert (found.code, found.err) == (0, "")
    with pikepdf.open(out) as sheet:
        assert len(sheet.pages) >= 1
    call("report", "--period", "2025-W27", "--out", str(out))
    (made,) = reports(call)
    assert (made["fields"]["period"], made["fields"]["line"]) == ("2025-W27", "ubnd_tinh")
    call("record", "A-1", "--percent", "60")
    call("report", "--period", "2025-W27", "--out", str(out))
    assert len(reports(call)) == 2
    call("report", "--period", "2025-W27", "--line", "tinh_uy", "--out", str(out))
    assert [item["fields"]["line"] for item in reports(call)].count("tinh_uy") == 1


def test_a_missing_folder_is_refused_and_not_made(call, tmp_path):
    found = call("report", "--period", "2025-W27", "--out", str(tmp_path / "none" / "r.pdf"))
    assert found.code == 1 and "none" in found.err
    assert not (tmp_path / "none").exists()
    assert reports(call) == []


def test_a_folder_in_place_of_the_file_is_refused(call, tmp_path):
    assert call("report", "--period", "2025-W27", "--out", str(tmp_path)).code == 1
    assert reports(call) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_a_device_is_left_as_it_is(call, tmp_path):
    pipe = tmp_path / "r.pdf"
    os.mkfifo(pipe)
    for more in ((), ("--draft",)):
        found = call("report", "--period", "2025-W27", *more, "--out", str(pipe))
        assert found.code == 1 and "không phải" in found.err
    assert pipe.is_fifo()
    assert reports(call) == []


def test_a_wrong_or_coming_week_is_refused(call, tmp_path):
    for period in ("W27", "2025-W28", "2025-W60", "2025-13", "2025-Q5", "2026-Q1", ""):
        found = call("report", "--period", period, "--out", str(tmp_path / "r.pdf"))
        assert found.code == 1 and "ngoài dự kiến" not in found.err
    assert not (tmp_path / "r.pdf").exists()
    assert call("report", "--period", "2025-W27", "--line", "x", "--out", str(tmp_path / "r.pdf")).code == 2
    assert call("report", "--out", str(tmp_path / "r.pdf")).code == 2
    assert call("report", "--period", "2025-W27").code == 2
    found = call("report", "--period", "2025-W27", "--draft", "--codes", "--out", str(tmp_path / "r.pdf"))
    assert found.code == 2
    assert call("report", "sign", "r.pdf", "--out", "s.pdf").code == 2
    found = call("report", "sign", "r.pdf", "--out", "s.pdf", "--pkcs11", "lib.so")
    assert found.code == 2 and "report sign FILE" in found.err


def words_of(path):
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def test_a_draft_says_so_and_nothing_of_it_is_recorded(call, tmp_path):
    out = tmp_path / "r.pdf"
    found = call("report", "--period", "2025-W27", "--draft", "--out", str(out), "--json")
    assert found.code == 0
    assert (found.json["record"], found.json["new"]) == (None, False)
    assert all("DỰ THẢO" in page for page in words_of(out))
    assert reports(call) == []
    made = call("report", "--period", "2025-W27", "--out", str(out), "--json").json
    assert made["hash"] == found.json["hash"]
    assert not any("DỰ THẢO" in page for page in words_of(out))


def test_what_is_told_of_a_closed_report(call, tmp_path):
    out = tmp_path / "r.pdf"
    said = call("report", "--period", "2025-W27", "--out", str(out), "--json").json
    (made,) = reports(call)
    assert said["record"] == made["id"]
    assert said["hash"] == made["fields"]["hash"]
    assert (said["new"], said["pages"]) == (True, len(words_of(out)))
    assert (said["data_at"], said["pages"]) == (made["fields"]["data_at"], made["fields"]["pages"])
    assert all(said["check_code"] in page for page in words_of(out))
    again = call("report", "--period", "2025-W27", "--out", str(tmp_path / "2.pdf"), "--json").json
    assert (again["record"], again["new"]) == (said["record"], False)
    assert (tmp_path / "2.pdf").read_bytes() == out.read_bytes()


@pytest.mark.parametrize(
    "period", ["2025-07", "2025-Q2", "2025-H1", "2025-9M", "2025", "2025-H2", "2025-W50"]
)
def test_every_kind_of_period_has_its_report(call, clock, tmp_path, period):
    clock.set("2025-12-20 09:00")
    out = tmp_path / "r.pdf"
    named = call("report", "--period", period, "--draft", "--out", str(out))
    assert Period.parse(period).words in named.out
    for line in ("ubnd_tinh", "tinh_uy"):
        said = call("report", "--period", period, "--line", line, "--out", str(out), "--json")
        assert said.code == 0, said.err
        assert said.json["period"] == period
    assert [item["fields"]["period"] for item in reports(call)] == [period, period]


def test_the_pages_of_codes_come_last_and_are_the_same_when_printed_again(call, tmp_path):
    out, again = tmp_path / "r.pdf", tmp_path / "2.pdf"
    call("record", "A-1", "--percent", "60", "--result", "Đã họp với bản")
    said = call("report", "--period", "2025-W27", "--codes", "--out", str(out), "--json").json
    assert len(words_of(out)) > said["pages"]
    assert "Trang mã 1/" in words_of(out)[said["pages"]]
    call("report", "--period", "2025-W27", "--codes", "--out", str(again))
    assert again.read_bytes() == out.read_bytes()
    found = list(reader.read(out, out.name))
    assert [len(page.marks) for page in found] == [1] * said["pages"] + [0] * (len(found) - said["pages"])
    assert {mark.report.hex() for page in found for mark in page.marks} == {said["record"]}
    body = frames.gather(
        {frame.index: frame.body for page in found for frame in page.frames},
        *next((frame.k, frame.n) for page in found for frame in page.frames),
    )
    with pikepdf.open(out) as sheet:
        (attached,) = sheet.attachments.values()
        assert attached.get_file().read_bytes() == body


def test_what_does_not_fit_on_pages_of_codes_is_told_and_the_sheet_is_there_to_be_signed(
    call, tmp_path, monkeypatch
):
    def too_much(opened, record):
        raise TooMuchForPaper(size=80_000, room=70_397)

    monkeypatch.setattr(paper, "printed", too_much)
    out = tmp_path / "r.pdf"
    said = call("report", "--period", "2025-W27", "--codes", "--out", str(out), "--json")
    assert said.code == 1 and "80000" in said.err.replace(".", "")
    assert out.read_bytes().startswith(b"%PDF") and said.json["new"]
