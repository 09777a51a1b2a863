"""What the codes of a report carry, and what a commune takes from a receipt on paper."""

import random

import cbor2
import pytest
from sqlalchemy import select

from app.domain.ids import assignment_id, task_id
from app.record.engine import write_copy
from app.record.tables import rows
from app.reports.paper import frames
from app.services.opening import enrol, open_home
from app.storage import outgoing
from app.storage.home import Home
from sync.client import engine, enrolment_file, paper
from sync.protocol import messages, payload
from sync.protocol import paper as form
from sync.server import enrolment, slips
from tests.sync.sheets import close, printed, receipt, scanned, taken, write
from tests.sync.sticks import OTHER, Desk, record, reopened, waiting
from tests.sync.whole import faults_of
from tests.world import UNIT, Clock, Province, Wanted, task


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path, Clock())
    yield made
    made.close()


@pytest.fixture
def opened(desk):
    made = desk.machine("máy")
    yield made
    made.close()


def sync(desk, opened):
    return engine.synchronise(opened.ledger, desk.wire(), opened.sign)


def request(data: bytes) -> messages.Request:
    """The request in the bytes of codes, not verified."""
    sealed = form.unpack(data).envelope
    return messages.unpack_request(payload.unwrap(cbor2.loads(sealed).value[2]))


def said(data: bytes) -> set[str]:
    return {
        value for made in request(data).changes for value in made.fields.values() if isinstance(value, str)
    }


def write_for(opened, code: str, words: str, week: str = "2025-W27", field: str = "result"):
    key = {"assignment": assignment_id(task_id("P", code), UNIT), "week": week}
    with opened.ledger.edit() as edit:
        edit.set("progress", key, field, words)


def settings(opened, words: str):
    with opened.ledger.edit() as edit:
        edit.set("unit_settings", {"unit": UNIT}, "place", words)


# ---- what is carried -----------------------------------------------------------------------------


def test_the_weeks_words_its_report_and_who_wrote_them(desk, opened):
    sync(desk, opened)
    record(opened, "Đã mở lớp")
    report = close(opened)
    made = request(paper.printed(opened, report))
    assert made.changes[-1].id == report and made.changes[-1].entity == "report"
    assert [c.entity for c in made.changes] == ["progress", "report"]
    assert {c.name for c in made.changes} == {c.name for c in _waiting(opened)}


def test_people_and_machines_that_the_words_need_come_along(desk, opened):
    record(opened, "Đã mở lớp")
    entities = {c.entity for c in request(paper.printed(opened, close(opened))).changes}
    assert {"person", "machine", "progress", "report"} <= entities


def test_evidence_and_sentences_of_the_week_come_along(desk, opened):
    sync(desk, opened)
    progress = record(opened, "Đã mở lớp").id
    with opened.ledger.edit() as edit:
        edit.write(
            "evidence", {"progress": progress, "file": "ab" * 32}, {"name": "ảnh.jpg", "caption": "Lớp học"}
        )
        key = {"period": "2025-W27", "line": "ubnd_tinh", "slot": "summary"}
        edit.write("sentence", key, {"text": "Xã đã mở lớp", "basis": "Xã mở lớp"})
    assert {"Lớp học", "Xã đã mở lớp"} <= said(paper.printed(opened, close(opened)))


def test_another_line_and_a_later_week_stay_for_their_own_sheet(desk, opened):
    desk.province.issue(*task("A-2", UNIT))
    given = {"task": task_id("P", "A-2"), "unit": UNIT, "line": "tinh_uy"}
    desk.province.issue(Wanted("assignment", given))
    sync(desk, opened)
    write_for(opened, "A-1", "Đã mở lớp")
    write_for(opened, "A-2", "Việc của Đảng")
    write_for(opened, "A-1", "Tuần sau", "2025-W28")
    close(opened, line="tinh_uy", number=2)
    mine = said(paper.printed(opened, close(opened)))
    assert "Đã mở lớp" in mine and not {"Việc của Đảng", "Tuần sau"} & mine
    theirs = said(paper.printed(opened, close(opened, line="tinh_uy", number=3)))
    assert "Việc của Đảng" in theirs and "Đã mở lớp" not in theirs


def test_what_is_late_goes_along_where_it_costs_no_page(desk, opened):
    sync(desk, opened)
    paper.printed(opened, close(opened, "2025-W26"))
    write_for(opened, "A-1", "Muộn", "2025-W26")
    settings(opened, "Mường Xén")
    assert {"Muộn", "Mường Xén"} <= said(paper.printed(opened, close(opened)))


def test_what_is_on_another_sheet_under_way_is_not_said_twice(desk, opened):
    sync(desk, opened)
    write_for(opened, "A-1", "Tuần trước", "2025-W26")
    paper.printed(opened, close(opened, "2025-W26"))
    assert "Tuần trước" not in said(paper.printed(opened, close(opened)))


def test_a_report_closed_again_brings_the_one_before_though_that_was_printed(desk, opened, tmp_path):
    sync(desk, opened)
    record(opened, "Đã mở lớp")
    first = close(opened)
    sheet = paper.printed(opened, first)
    second = close(opened, number=2)
    assert [c.id for c in request(paper.printed(opened, second)).changes][-2:] == [first, second]
    assert paper.printed(opened, first) == sheet
    found = scanned(desk, write(tmp_path / "hai", paper.printed(opened, second)))
    taken(opened, receipt(desk, found.results[0], tmp_path / "phiếu"))
    assert waiting(opened) == 0


def test_a_month_takes_in_its_weeks(desk, opened):
    sync(desk, opened)
    write_for(opened, "A-1", "Tuần 26", "2025-W26")
    write_for(opened, "A-1", "Tuần 27", "2025-W27")
    write_for(opened, "A-1", "Tuần 33", "2025-W33")
    words = said(paper.printed(opened, close(opened, "2025-07")))
    assert {"Tuần 26", "Tuần 27"} <= words and "Tuần 33" not in words


def test_printed_again_while_it_waits_it_is_the_same(desk, opened):
    record(opened, "Đã mở lớp")
    report = close(opened)
    first = paper.printed(opened, report)
    record(opened, "Thêm", "difficulty")
    again = reopened(opened, desk.clock)
    assert paper.printed(again, report) == first
    again.close()


def test_with_all_acknowledged_it_stays_the_same_until_something_waits(desk, opened):
    record(opened, "Đã mở lớp")
    report = close(opened)
    first = paper.printed(opened, report)
    sync(desk, opened)
    assert paper.printed(opened, report) == first
    with opened.ledger.edit() as edit:
        edit.write("report", {}, {"number": "45/BC-UBND"}, record=report)
    second = paper.printed(opened, report)
    assert second != first and "45/BC-UBND" in said(second) and "Đã mở lớp" not in said(second)


def test_nothing_is_deleted_by_printing(desk, opened):
    record(opened, "Đã mở lớp")
    report = close(opened)
    before = waiting(opened)
    paper.printed(opened, report)
    assert waiting(opened) == before


def test_the_certificate_goes_along_where_there_is_room(desk, opened):
    record(opened, "Đã mở lớp")
    carried = form.unpack(paper.printed(opened, close(opened)))
    assert carried.introduction == opened.ledger.identity.certificate


def test_a_report_that_is_not_there(opened):
    with pytest.raises(Exception) as caught:
        paper.printed(opened, "0" * 32)
    assert caught.value.code == "report-unknown"


def _waiting(opened):
    with opened.ledger.read() as connection:
        return outgoing.waiting(connection)


# ---- receipts ------------------------------------------------------------------------------------


def test_a_receipt_brings_what_the_province_wrote_too(desk, opened, tmp_path):
    sync(desk, opened)
    record(opened, "Đã mở lớp")
    sheets = printed(opened, tmp_path / "a")
    desk.province.issue(*task("A-9", UNIT))
    (result,) = scanned(desk, sheets).results
    (back,) = taken(opened, receipt(desk, result, tmp_path / "b")).results
    assert back.complete and waiting(opened) == 0
    with opened.ledger.read() as connection:
        assert "A-9" in connection.execute(select(rows["task"].c.code)).scalars().all()
        given = connection.execute(select(rows["receipt"])).one()
    assert given.report == result.report and given.number.endswith(f"/{UNIT}/0001")
    assert faults_of(opened.ledger, desk.store, UNIT) == []


def test_a_feed_too_long_for_four_pages_is_told_as_far_as_it_fits(desk, opened, tmp_path):
    sync(desk, opened)
    record(opened, "Đã mở lớp")
    sheets = printed(opened, tmp_path / "a")
    (result,) = scanned(desk, sheets).results
    for number in range(60):
        desk.province.issue(*task(f"L-{number}", UNIT, title=f"{number} " + _noise(1_500, number)))
    slip = slips.slip(desk.store, result.page_set)
    assert 0 < len(slip.carried) <= frames.room(slips.PAGES)
    (back,) = taken(opened, write(tmp_path / "b", slip.carried)).results
    assert back.complete and waiting(opened) == 0
    assert sync(desk, opened).told == ()
    assert faults_of(opened.ledger, desk.store, UNIT) == []


def test_where_not_even_the_acknowledgement_fits_there_are_no_codes(desk, opened, tmp_path):
    sync(desk, opened)
    record(opened, "Đã mở lớp")
    sheets = printed(opened, tmp_path / "a")
    for number in range(60):
        desk.province.issue(*task(f"L-{number}", UNIT, title=f"{number} " + _noise(1_500, number)))
    (result,) = scanned(desk, sheets).results
    assert result.complete
    assert slips.slip(desk.store, result.page_set, result.new).carried == b""
    assert b"%PDF" in slips.render(desk.store, result.page_set, result.new)


def test_the_same_receipt_twice_and_after_the_network(desk, opened, tmp_path):
    record(opened, "Đã mở lớp")
    sheets = printed(opened, tmp_path / "a")
    (result,) = scanned(desk, sheets).results
    codes = receipt(desk, result, tmp_path / "b")
    assert taken(opened, codes).results[0].new
    (again,) = taken(opened, codes).results
    assert again.complete and (again.new, again.known) == (0, result.new)
    record(opened, "Mưa", "difficulty")
    sync(desk, opened)
    assert taken(opened, codes).good and waiting(opened) == 0
    assert faults_of(opened.ledger, desk.store, UNIT) == []


def test_what_was_written_since_still_waits(desk, opened, tmp_path):
    record(opened, "Đã mở lớp")
    sheets = printed(opened, tmp_path / "a")
    record(opened, "Mưa", "difficulty")
    (result,) = scanned(desk, sheets).results
    taken(opened, receipt(desk, result, tmp_path / "b"))
    assert waiting(opened) == 1


def test_a_receipt_in_two_scans(desk, opened, tmp_path):
    record(opened, "Đã mở lớp")
    (result,) = scanned(desk, printed(opened, tmp_path / "a")).results
    carried = slips.slip(desk.store, result.page_set).carried
    cut = frames.cut(carried)
    first = write(tmp_path / "1", carried, leave_out=range(1, len(cut)))
    done = taken(opened, first)
    assert not done.good and done.results[0].missing_pages == (1,) and waiting(opened)
    assert taken(opened, write(tmp_path / "2", carried, leave_out=[0])).good
    assert waiting(opened) == 0


def test_another_commune_another_machine_another_province(desk, opened, tmp_path):
    other, colleague = desk.machine("khác", OTHER), desk.machine("đồng nghiệp")
    elsewhere = Desk(_folder(tmp_path / "tỉnh khác"), desk.clock)
    stranger = elsewhere.machine("máy")
    (result,) = scanned(desk, printed(opened, tmp_path / "a")).results
    codes = receipt(desk, result, tmp_path / "b")
    for machine, code in (
        (other, "paper-other-unit"), (colleague, "paper-other-machine"), (stranger, "paper-other-province"),
    ):  # fmt: skip
        before = waiting(machine)
        (told,) = taken(machine, codes).results
        assert told.problem is not None and told.problem.code == code
        assert waiting(machine) == before
        machine.close()
    elsewhere.close()


def test_a_machine_put_back_to_before_the_sheet_does_not_know_it(desk, opened, tmp_path):
    sync(desk, opened)
    copy = tmp_path / "bản sao"
    write_copy(opened._engine, copy)
    record(opened, "Đã mở lớp")
    (result,) = scanned(desk, printed(opened, tmp_path / "a")).results
    codes = receipt(desk, result, tmp_path / "b")
    opened.close()
    opened.home.ledger.write_bytes(copy.read_bytes())
    for end in ("-wal", "-shm"):
        opened.home.ledger.with_name(opened.home.ledger.name + end).unlink(missing_ok=True)
    again = open_home(opened.home, desk.clock)
    (told,) = taken(again, codes).results
    assert told.problem is not None and told.problem.code == "paper-unknown-sheet"
    assert sync(desk, again).received
    again.close()


def test_a_province_that_went_back_is_told_and_nothing_taken(desk, opened, tmp_path):
    sync(desk, opened)
    write_copy(desk.province.engine, tmp_path / "trước.db")
    desk.province.issue(*task("A-2", UNIT))
    sync(desk, opened)
    desk.province.close()
    desk.province = Province(tmp_path / "trước.db", desk.clock, new=False)
    desk.clock.now += 60
    desk.province.issue(*task("A-3", UNIT))
    record(opened, "Đã mở lớp")
    (result,) = scanned(desk, printed(opened, tmp_path / "a")).results
    assert result.complete
    before = waiting(opened)
    (told,) = taken(opened, receipt(desk, result, tmp_path / "b")).results
    assert told.problem is not None and told.problem.code == "paper-elsewhere"
    assert waiting(opened) == before
    sync(desk, opened)
    assert waiting(opened) == 0 and faults_of(opened.ledger, desk.store, UNIT) == []


def test_a_machine_by_file_is_confirmed_by_paper_alone(desk, tmp_path):
    with desk.store.write() as connection:
        content = enrolment.enrol_file(desk.store, connection, UNIT)
    (tmp_path / "ghi danh").write_bytes(content)
    found = enrolment_file.read(tmp_path / "ghi danh", desk.clock())
    opened = enrol(
        Home(tmp_path / "mới"), desk.clock, found.content.code, "Lương Thị Hà",
        lambda newcomer: found.identity(newcomer, "test"), keyring=False, fill=found.fill,
    )  # fmt: skip
    record(opened, "Đã mở lớp")
    (result,) = scanned(desk, printed(opened, tmp_path / "a")).results
    assert result.complete and result.enrolled
    (back,) = taken(opened, receipt(desk, result, tmp_path / "b")).results
    assert back.complete and back.enrolled and waiting(opened) == 0
    assert opened.ledger.identity.certificate and not opened.ledger.identity.enrolment
    opened.close()


def test_own_pages_are_told_as_such(desk, opened, tmp_path):
    sheets = printed(opened, tmp_path / "a")
    before = waiting(opened)
    (told,) = taken(opened, sheets).results
    assert told.complete and told.told == ("paper-is-report",) and told.new == 0
    assert waiting(opened) == before
    colleague = desk.machine("đồng nghiệp")
    (told,) = taken(colleague, sheets).results
    assert told.problem is not None and told.problem.code == "paper-is-report"
    colleague.close()


def _noise(count: int, seed: int) -> str:
    return "".join(random.Random(seed).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=count))


def _folder(path):
    path.mkdir()
    return path
