import random
from datetime import UTC, datetime

import zxingcpp

from app.reports.paper import frames, receipt
from tests.reports.rasters import raster
from tests.reports.reading import texts

NOW = datetime(2025, 7, 21, 14, 5, tzinfo=UTC)


def held(week):
    return receipt.Held(
        f"Báo cáo tuần {week} năm 2025", f"2025-07-21/16756/{week:04}", 41, 3, NOW, "7K3F-92QA"
    )


def sheet(reports, answer=b""):
    office = "SỞ KHOA HỌC VÀ CÔNG NGHỆ"
    return receipt.render(receipt.Receipt(office, "Ủy ban nhân dân xã Trường Sơn Đông", NOW, reports, answer))


def plain(pdf):
    return [" ".join(page.split()) for page in texts(pdf)]


def test_it_says_what_the_province_holds_and_carries_its_answer(tmp_path):
    answer = random.Random(3).randbytes(3_000)
    pdf = sheet((held(28), held(29)), answer)
    words, codes = plain(pdf)
    for wanted in ("PHIẾU TIẾP NHẬN", "xã Trường Sơn Đông", "2025-07-21/16756/0029", "7K3F-92QA", "14:05"):
        assert wanted in words
    assert "MÃ KÈM PHIẾU TIẾP NHẬN" in codes
    read = [frames.read_frame(each.bytes) for each in zxingcpp.read_barcodes(raster(tmp_path, pdf, 200)[1])]
    (bodies,) = frames.sets(frame for frame in read if frame).values()
    assert frames.gather(bodies, 8, 28) == answer
    code = words.rpartition("phiếu này: ")[2][:9]
    assert code in codes


def test_the_same_receipt_is_the_same_sheet():
    assert sheet((held(29),), b"answer") == sheet((held(29),), b"answer")


def test_without_an_answer_there_are_no_codes_and_no_talk_of_them():
    (words,) = plain(sheet((held(29),)))
    assert "Quét trang đó" not in words


def test_a_long_pile_goes_on_over_pages():
    pages = plain(sheet(tuple(held(week) for week in range(1, 53))))
    assert len(pages) == 3
    for week in range(1, 53):
        assert sum(f"16756/{week:04}" in page for page in pages) == 1
    assert "NGƯỜI NHẬN" in pages[-1]
