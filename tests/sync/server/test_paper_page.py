"""«Nhận giấy» over real HTTP: files dropped, what the page is told, receipts, and who is sent away."""

import threading

import pytest
import requests
import uvicorn

from app import words
from app.reports.scanning import reader as scanner
from sync.client import paper
from sync.server import paper_page
from sync.server.api import make_api
from sync.server.serving import listening
from tests.sync.sheets import close, reader, write
from tests.sync.sticks import Desk, record
from tests.world import Clock

ONE = b"%PDF-"


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A commune's machine, and the address of the province."""
    words.use("vi")
    desk = Desk(tmp_path, Clock())
    opened = desk.machine("máy")
    monkeypatch.setattr(paper_page.router, "__defaults__", (reader,))
    with listening("127.0.0.1", 0) as bound:
        api = make_api(desk.store, tmp_path / "files", scans=tmp_path / "scans")
        server = uvicorn.Server(uvicorn.Config(api, log_config=None, access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
        thread.start()
        yield opened, f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)
    words.use("en")
    opened.close()
    desk.close()


def post(address, content, name="báo cáo.pdf", **headers):
    return requests.post(f"{address}/paper", params={"name": name}, data=content, headers=headers, timeout=30)


def codes(opened, path, **how) -> bytes:
    record(opened, "Đã mở lớp")
    return write(path, paper.printed(opened, close(opened)), **how).read_bytes()


def test_the_page_its_parts_and_its_words(served):
    _, address = served
    page = requests.get(f"{address}/paper", timeout=30)
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert "<title>Nhận giấy</title>" in page.text and "$" not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    for part, kind in (("paper.js", "text/javascript"), ("paper.css", "text/css")):
        assert f'"/paper/{part}"' in page.text
        got = requests.get(f"{address}/paper/{part}", timeout=30)
        assert got.status_code == 200 and got.headers["content-type"].startswith(kind)


def test_a_file_is_taken_in_and_its_receipt_can_be_printed(served, tmp_path):
    opened, address = served
    content = codes(opened, tmp_path / "a", blank=1)
    said = post(address, content).json()
    (found,) = said["sets"]
    assert said["good"] and found["good"] and found["period"] == "2025-W27" and found["new"] == 4
    assert "tuần 27" in found["words"][0] and "Mã kiểm tra" in found["words"][1]
    assert "báo cáo.pdf, trang 1" in said["rest"][0]
    sheet = requests.get(address + found["receipt"], timeout=60)
    assert sheet.content.startswith(ONE) and sheet.headers["content-type"] == "application/pdf"
    pages = list(scanner.read(sheet.content, "phiếu.pdf"))
    assert sum(len(page.frames) for page in pages)
    again = post(address, content).json()["sets"][0]
    assert (again["new"], again["known"], again["id"]) == (0, 4, found["id"])


def test_what_is_missing_is_said_and_a_later_file_completes_it(served, tmp_path):
    opened, address = served
    data = paper.printed(opened, close(opened))
    first = write(tmp_path / "1", data, leave_out=range(1, 28)).read_bytes()
    (found,) = post(address, first).json()["sets"]
    assert found["receipt"] is None and not found["good"] and found["missing_pages"] == [1]
    assert "Xin chụp lại trang mã 1" in found["words"][0]
    rest = write(tmp_path / "2", data, leave_out=[0]).read_bytes()
    (later,) = post(address, rest).json()["sets"]
    assert later["good"] and later["id"] == found["id"]


def test_the_page_learns_which_reports_came_without_their_codes(served, tmp_path):
    opened, address = served
    record(opened, "Đã mở lớp")
    report = close(opened)
    alone = post(address, b"=" + report.encode()).json()
    assert alone["marked"] == [report] and alone["rest"] == [] and alone["sets"] == []
    sheet = write(tmp_path / "a", paper.printed(opened, report)).read_bytes()
    (found,) = post(address, sheet).json()["sets"]
    assert found["report"] == report  # by which the page takes its own words back


def test_a_file_that_is_no_scan_is_told(served):
    _, address = served
    said = post(address, b"?", "hỏng.pdf").json()
    assert not said["good"] and said["sets"] == [] and "hỏng.pdf" in said["rest"][0]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "10.0.0.9"}, {"Forwarded": "for=10.0.0.9"}, {"Via": "1.1 proxy"},
        {"Host": "tinh.example"}, {"Origin": "http://[::1"}, {"Origin": "http://other.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)  # fmt: skip
def test_who_is_not_at_this_machine_is_sent_away(served, tmp_path, headers):
    opened, address = served
    refused = post(address, codes(opened, tmp_path / "a"), **headers)
    assert refused.status_code == 403 and refused.json()["type"].endswith("paper-only-here")
    assert "máy của tỉnh" in refused.json()["title"]
    page = requests.get(f"{address}/paper", headers=headers, timeout=30)
    assert page.status_code == 403 and "máy của tỉnh" in page.text
    assert not (tmp_path / "scans").exists()


@pytest.mark.parametrize(
    ("host", "near"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.9", False), ("", False)],
)
def test_which_addresses_are_this_machine(host, near):
    assert paper_page._is_loopback(host) is near


def test_more_than_a_file_may_have_is_cut_off(served, monkeypatch):
    _, address = served
    monkeypatch.setattr(paper_page, "LIMIT", 1000)
    announced = post(address, b"x" * 2000)
    assert announced.status_code == 413
    streamed = post(address, iter([b"x" * 600, b"x" * 600]))
    assert streamed.status_code == 413


@pytest.mark.parametrize("end", ["receipts/00000000", "receipts/nothing", "receipts/%00", "other"])
def test_what_is_not_there(served, end):
    _, address = served
    assert requests.get(f"{address}/paper/{end}", timeout=30).status_code == 404


def test_names_of_files_are_only_names(served, tmp_path):
    opened, address = served
    post(address, codes(opened, tmp_path / "a"), "../../bí mật/báo cáo.pdf")
    assert [path.name for path in (tmp_path / "scans").glob("*/*") if len(path.name) != 64] == []
