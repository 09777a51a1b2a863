"""`report attach` on scans as they come from an office: turned, mixed up, incomplete."""

import pytest

from app.storage import evidence as storage
from tests.cli.paper import pictures, scan


@pytest.fixture
def made(call, clock, tmp_path):
    """A report that was closed and printed: its pages as pictures, and what the command said."""

    def make(period="2025-W27", line="ubnd_tinh", name="r.pdf"):
        out = tmp_path / name
        found = call("report", "--period", period, "--line", line, "--out", str(out), "--json")
        assert found.code == 0, found.err
        return pictures(out), found.json

    clock.set("2025-07-04 09:00")
    call("record", "A-1", "--percent", "60", "--period", "2025-W27")
    return make


def attach(call, file, *more, period="2025-W27"):
    return call("report", "attach", str(file), "--period", period, *more)


def test_a_turned_scan_joins_the_report_it_is_of(call, made, office, tmp_path):
    pages, report = made()
    assert report["pages"] == len(pages) >= 2
    turned = scan(tmp_path / "quét.pdf", list(reversed(pages)), {0: 180, 1: 2})
    found = attach(call, turned, "--number", "45", "--date", "4/7/2025", "--signer", "Lò Văn Tư", "--json")
    assert (found.code, found.err) == (0, "")
    said = found.json
    assert (said["record"], said["signed"], said["turned"]) == (report["record"], "ink", [1])
    assert (said["number"], said["date"], said["signer"]) == ("45", "2025-07-04", "Lò Văn Tư")
    assert said["warnings"] == []
    with office.opened() as opened, opened.ledger.read() as connection:
        assert [(item.kind, item.sha256) for item in storage.to_send(connection)] == [("sheet", said["file"])]


def test_the_signed_week_takes_no_record_and_its_report_is_drawn_as_it_was(call, made, tmp_path):
    pages, report = made()
    before = (tmp_path / "r.pdf").read_bytes()
    assert attach(call, scan(tmp_path / "s.pdf", pages)).code == 0
    refused = call("record", "A-1", "--percent", "70", "--period", "2025-W27")
    assert refused.code == 1 and "đã ký" in refused.err and "tuần 28" in refused.err
    assert call("record", "A-1", "--percent", "70").code == 0
    _, again = made(name="again.pdf")
    assert (again["record"], again["new"]) == (report["record"], False)
    assert (tmp_path / "again.pdf").read_bytes() == before


def test_a_report_that_replaces_the_signed_one(call, made, tmp_path):
    pages, report = made()
    assert attach(call, scan(tmp_path / "s.pdf", pages)).code == 0
    replace = ("report", "--period", "2025-W27", "--replace", "--out", str(tmp_path / "t.pdf"))
    assert "chưa" in call(*replace).err  # the old one has no number yet
    attach(call, tmp_path / "s.pdf", "--number", "45", "--date", "2025-07-04")
    found = call(*replace, "--json").json
    assert found["new"] and found["record"] != report["record"]
    assert call("record", "A-1", "--percent", "70", "--period", "2025-W27").code == 0
    later = attach(call, tmp_path / "s.pdf")
    assert later.code == 1 and found["check_code"] in later.err


def test_a_scan_of_another_week_line_or_version_is_named(call, clock, made, tmp_path):
    old, first = made()
    clock.set("2025-07-11 09:00")
    other, _ = made("2025-W28", name="w28.pdf")
    party, _ = made(line="tinh_uy", name="party.pdf")
    wrong = attach(call, scan(tmp_path / "1.pdf", other))
    assert wrong.code == 1 and "tuần 28" in wrong.err and "tuần 27" in wrong.err
    wrong = attach(call, scan(tmp_path / "2.pdf", party))
    assert wrong.code == 1 and "--line tinh_uy" in wrong.err
    mixed = attach(call, scan(tmp_path / "3.pdf", [old[0], other[-1]]))
    assert mixed.code == 1 and "tuần 28" in mixed.err
    call("record", "A-1", "--percent", "80", "--period", "2025-W27")
    _, second = made(name="new.pdf")
    wrong = attach(call, scan(tmp_path / "4.pdf", old))
    assert wrong.code == 1 and first["check_code"] in wrong.err and second["check_code"] in wrong.err
    assert all(item["fields"].get("sheet") is None for item in call("log", "--json").json)


def test_a_missing_page_is_named(call, made, tmp_path):
    pages, _ = made()
    found = attach(call, scan(tmp_path / "s.pdf", pages[:-1]))
    assert found.code == 1 and f"Thiếu trang {len(pages)}/{len(pages)}" in found.err


def test_what_is_no_scan_of_ours_is_refused(call, made, tmp_path):
    pages, _ = made()
    ours = scan(tmp_path / "s.pdf", pages)
    blank = scan(tmp_path / "blank.pdf", [pages[0].point(lambda _: 255)])
    (tmp_path / "text.pdf").write_text("xin chào", encoding="utf-8")
    (tmp_path / "empty.pdf").write_bytes(b"")
    for file, more, words in (
        (blank, (), "mã ở chân trang"),
        (tmp_path / "r.pdf", (), "chưa ai ký"),
        (tmp_path / "none.pdf", (), "none.pdf"),
        (tmp_path / "text.pdf", (), "text.pdf"),
        (tmp_path / "empty.pdf", (), "empty.pdf"),
        (ours, ("--date", "hôm nay"), "hôm nay"),
    ):
        found = attach(call, file, *more)
        assert found.code == 1 and words in found.err and "ngoài dự kiến" not in found.err
    assert "tuần 27" in attach(call, ours, period="2025-W26").err
    assert "chưa lập báo cáo tháng 7" in attach(call, blank, period="2025-07").err
    assert "W26" in attach(call, ours, period="W26").err


def test_odd_numbers_and_dates_are_named_and_kept(call, made, tmp_path):
    pages, _ = made()
    sheet = scan(tmp_path / "s.pdf", pages)
    found = attach(call, sheet, "--number", "4b", "--date", "5/7/2025", "--json")
    assert found.code == 0
    assert found.json["warnings"] == ["number-odd", "issue-ahead"]
    assert "«4b»" in found.err
    assert found.json["number"] == "4b"
