"""The province takes in what is scanned: whole or not at all, once, whoever brings it first."""

import random
from argparse import Namespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from app.domain.change import START
from app.record import log, outside
from app.record.faults import DiskFull
from app.record.tables import rows, symbol
from app.reports.paper.frames import cut, read_frame
from app.storage.tables import exchange
from sync.client import engine, paper
from sync.protocol import envelope, messages
from sync.protocol import paper as form
from sync.server import paper_desk, scans, slips
from sync.server.tables import device, scan, scanned
from tests.sync.sheets import close, pile, printed, receipt, taken, write
from tests.sync.sheets import scanned as scan_in
from tests.sync.sticks import OTHER, Desk, record, there_and_back, waiting
from tests.sync.whole import faults
from tests.world import UNIT, Clock


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


def long_words(count: int) -> str:
    """Words that nothing makes shorter than five bits a letter."""
    chosen = random.Random(count)
    return "".join(chosen.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(count))


def sync(desk, opened):
    return engine.synchronise(opened.ledger, desk.wire(), opened.sign)


def results(done):
    return [item.facts() for item in done.results]


def test_what_a_commune_prints_is_in_the_provinces_book(desk, opened, tmp_path):
    record(opened, "Đã mở lớp")
    done = scan_in(desk, printed(opened, tmp_path / "a"))
    (result,) = done.results
    assert done.good and result.complete
    assert (result.unit, result.unit_name, result.period) == (UNIT, f"Xã {UNIT}", "2025-W27")
    assert (result.missing_pages, result.known) == ((), 0) and result.new == waiting(opened)
    with desk.store.read() as connection:
        words = connection.execute(select(rows["progress"].c.result)).scalars().all()
        assert words == ["Đã mở lớp"]
        assert connection.execute(select(rows["report"].c.id)).scalars().all() == [result.report]
    assert set(result.facts()) == {
        "report", "unit", "period", "symbols", "needed", "missing_pages", "new", "known"
    }  # fmt: skip


def test_there_and_back_without_any_network(desk, opened, tmp_path):
    record(opened, "Đã mở lớp")
    (result,) = scan_in(desk, printed(opened, tmp_path / "a")).results
    (back,) = taken(opened, receipt(desk, result, tmp_path / "b")).results
    assert back.complete and back.report == result.report and back.new >= result.new
    assert waiting(opened) == 0
    assert faults(opened.ledger, desk.store, UNIT) == []
    with opened.ledger.read() as connection:
        assert [row.road for row in connection.execute(select(exchange))] == ["paper"]
    done = sync(desk, opened)
    assert (done.sent, done.received, done.told) == (0, 0, ())


def test_a_page_may_come_later_and_in_another_scan(desk, opened, tmp_path):
    record(opened, long_words(19_500))
    data = paper.printed(opened, close(opened))
    first = write(tmp_path / "1", data, pages=[1])
    second = write(tmp_path / "2", data, pages=[2])
    done = scan_in(desk, first)
    (result,) = done.results
    assert not done.good and result.report is None and result.missing_pages == (2,)
    assert 28 == result.symbols < result.needed
    with desk.store.read() as connection:
        assert connection.execute(select(rows["progress"].c.id)).all() == []
    (result,) = scan_in(desk, second).results
    assert result.complete and result.new == waiting(opened) and result.symbols == 56


def test_of_two_half_pages_only_what_is_missing_is_named(desk, opened, tmp_path):
    record(opened, long_words(7_000))
    data = paper.printed(opened, close(opened))
    scan_in(desk, write(tmp_path / "a", data, leave_out=range(20)))
    (result,) = scan_in(desk, write(tmp_path / "b", data, leave_out=range(15, 28))).results
    assert result.complete and result.symbols == 23


def test_one_symbol_in_five_may_be_spoiled(desk, opened, tmp_path):
    record(opened, long_words(6_500))
    done = scan_in(desk, write(tmp_path / "a", paper.printed(opened, close(opened)), leave_out=range(6)))
    assert done.good


def test_a_pile_of_two_reports_in_any_order_and_a_sheet_twice(desk, opened, tmp_path):
    other = desk.machine("khác", OTHER)
    record(opened, long_words(15_000))
    record(other, "Mưa", unit=OTHER)
    one, two = (paper.printed(machine, close(machine)) for machine in (opened, other))
    parts = [
        write(tmp_path / "2", one, pages=[2]), write(tmp_path / "3", two, blank=1),
        write(tmp_path / "1", one, pages=[1]), write(tmp_path / "4", two),
    ]  # fmt: skip
    done = scan_in(desk, pile(tmp_path / "pile", *parts))
    assert done.good and [page.number for page in done.foreign] == [2]
    assert {item.unit for item in done.results} == {UNIT, OTHER}
    assert all(item.new and not item.known for item in done.results)
    again = scan_in(desk, tmp_path / "pile")
    assert again.good and all(item.known and not item.new for item in again.results)
    other.close()


def test_one_page_of_what_is_held_is_held(desk, opened, tmp_path):
    record(opened, long_words(15_000))
    data = paper.printed(opened, close(opened))
    scan_in(desk, write(tmp_path / "a", data))
    done = scan_in(desk, write(tmp_path / "b", data, pages=[2]))
    assert done.good and done.results[0].new == 0 and done.results[0].missing_pages == ()


def test_after_the_network_it_is_known(desk, opened, tmp_path):
    record(opened, "Đã mở lớp")
    sheets = printed(opened, tmp_path / "a")
    count = waiting(opened)
    sync(desk, opened)
    (result,) = scan_in(desk, sheets).results
    assert (result.new, result.known, result.complete) == (0, count, True)
    with desk.store.read() as connection:
        assert len(connection.execute(select(rows["receipt"].c.id)).all()) == 1
    assert taken(opened, receipt(desk, result, tmp_path / "b")).results[0].known == count


def test_network_stick_and_paper_give_one_entry(desk, opened, tmp_path):
    record(opened, "Đã mở lớp")
    sheets = printed(opened, tmp_path / "a")
    there_and_back(desk, opened, tmp_path)
    record(opened, "Mưa", "difficulty")
    (result,) = scan_in(desk, sheets).results
    sync(desk, opened)
    taken(opened, receipt(desk, result, tmp_path / "b"))
    assert faults(opened.ledger, desk.store, UNIT) == []
    with desk.store.read() as connection:
        assert len([h for h in log.read(connection) if h.change.fields.get("result") == "Đã mở lớp"]) == 1


def test_the_scan_is_kept_with_what_it_shows(desk, opened, tmp_path):
    sheets = printed(opened, tmp_path / "báo cáo.scan")
    (tmp_path / "x").write_text("-")
    (result,) = scan_in(desk, sheets, tmp_path / "x").results
    scan_in(desk, sheets)
    with desk.store.read() as connection:
        (kept,) = connection.execute(select(scan)).all()
        assert [tuple(row) for row in connection.execute(select(scanned))] == [(kept.sha256, result.report)]
    assert kept.name == "báo cáo.scan"
    path = desk.folder / "scans" / kept.sha256[:2] / kept.sha256
    assert path.read_bytes() == sheets.read_bytes()


def test_a_page_without_our_codes_is_named_and_nothing_else(desk, tmp_path):
    (tmp_path / "blank").write_text("-\n-")
    done = scan_in(desk, tmp_path / "blank")
    assert done.good and done.results == () and len(done.foreign) == 2
    assert not (desk.folder / "scans").exists()


def test_a_file_that_cannot_be_read_holds_up_no_other(desk, opened, tmp_path):
    (tmp_path / "bad").write_bytes(b"?")
    done = scan_in(desk, tmp_path / "bad", tmp_path / "none", printed(opened, tmp_path / "a"))
    assert [error.code for _, error in done.unread] == ["scan-damaged", "file-unreadable"]
    assert done.results[0].complete and not done.good


@pytest.mark.parametrize("place", ["none/b.pdf", "other.txt", "."])
def test_where_no_receipt_can_lie_nothing_is_taken(desk, opened, tmp_path, place):
    (tmp_path / "other.txt").write_text("of somebody else")
    sheet = printed(opened, tmp_path / "a")
    asked = Namespace(files=[str(sheet)], receipt=str(tmp_path / place))
    with pytest.raises(outside.FileUnwritable):
        paper_desk.take(asked, desk.store, desk.folder / "scans")
    assert not (desk.folder / "scans").exists()
    assert results(scan_in(desk, sheet))[0]["known"] == 0


def test_what_was_taken_is_told_though_the_receipt_finds_no_room(desk, opened, tmp_path, monkeypatch):
    sheet = printed(opened, tmp_path / "a")
    done = scan_in(desk, sheet)
    monkeypatch.setattr(scans, "take", lambda *_: done)

    def full(*_):
        raise DiskFull(path="b.pdf")

    monkeypatch.setattr(slips, "render_all", full)
    asked = Namespace(files=[str(sheet)], receipt=str(tmp_path / "b.pdf"))
    (facts,), words, good = paper_desk.take(asked, desk.store, desk.folder / "scans")
    assert facts["new"] == waiting(opened) and not good
    assert "2025" in words and "b.pdf" in words
    assert not (tmp_path / "b.pdf").exists()


def test_a_receipt_never_tells_of_more_than_the_sheets_carry(desk, opened, tmp_path):
    (result,) = scan_in(desk, printed(opened, tmp_path / "a")).results
    found = slips.slip(desk.store, result.page_set, 10**20)
    assert (found.new, found.known) == (result.new, 0)


def test_the_two_reports_of_a_week_are_told_apart(desk, opened, tmp_path):
    record(opened, "Đã mở lớp")
    sheets = [
        write(tmp_path / line, paper.printed(opened, close(opened, line=line, number=number)))
        for number, line in enumerate(("ubnd_tinh", "tinh_uy"))
    ]
    done = scan_in(desk, *sheets)
    assert [result.line for result in done.results] == ["ubnd_tinh", "tinh_uy"]
    first, second = ("\n".join(paper_desk.words_of(result)) for result in done.results)
    assert "People's Committee" in first and "Party Committee" in second


def test_a_machine_that_nobody_knows(desk, opened, tmp_path):
    record(opened, long_words(15_000))
    data = form.pack(form.Carried(form.unpack(paper.printed(opened, close(opened))).envelope))
    with desk.store.write() as connection:
        connection.execute(device.delete())
    (result,) = scan_in(desk, write(tmp_path / "a", data)).results
    assert result.problem is not None and result.problem.code == "paper-machine-unknown"
    with desk.store.read() as connection:
        assert connection.execute(select(rows["progress"].c.id)).all() == []
    desk.province.enrol(opened.ledger.identity.device, form_key(opened), box_key=bytes(32))
    assert scan_in(desk, write(tmp_path / "b", data, pages=[1])).good


def form_key(opened) -> bytes:
    """The public key of a machine, out of its certificate."""
    certificate = opened.ledger.identity.certificate
    key = opened.ledger.identity.province_key
    return messages.unpack_certificate(envelope.open(certificate, lambda _: key)[1]).public_key


def test_a_province_that_lost_the_machine_has_its_certificate_from_the_sheet(desk, opened, tmp_path):
    record(opened, "Đã mở lớp")
    sheets = printed(opened, tmp_path / "a")
    with desk.store.write() as connection:
        connection.execute(device.delete())
    (result,) = scan_in(desk, sheets).results
    assert result.complete and result.enrolled


def test_a_set_that_somebody_else_signed_is_refused(desk, opened, tmp_path):
    data = paper.printed(opened, close(opened))
    carried = form.unpack(data)
    forged = envelope.seal(b"anything", opened.ledger.identity.device, Ed25519PrivateKey.generate().sign)
    (result,) = scan_in(
        desk, write(tmp_path / "a", form.pack(form.Carried(forged, carried.introduction)))
    ).results
    assert result.problem is not None and result.problem.code == "paper-signer" and not result.complete


def test_whatever_codes_hold_is_told_and_nothing_enters(desk, opened, tmp_path):
    """Codes that anybody could have made, and some that only a machine of ours could sign."""
    number, key = opened.ledger.identity.device, opened.sign
    asked = messages.Request(nonce=bytes(8), cursor=START)
    of_no_report = messages.pack_request(asked)
    made = [
        b"x", b"\x82\x40\x40", b"\x83", b"\xd2", b"\xd2" * 500,
        form.pack(form.Carried(envelope.seal(b"no message", number, key))),
        form.pack(form.Carried(envelope.seal(of_no_report, number, key))),
        form.pack(form.Carried(envelope.seal(of_no_report, 5, key), b"no enrolment")),
        form.pack(form.Carried(envelope.seal(of_no_report, 5, key), opened.ledger.identity.certificate)),
    ]  # fmt: skip
    paths = [write(tmp_path / str(place), data) for place, data in enumerate(made)]
    done = scan_in(desk, *paths)
    assert len(done.results) == len(made) and not done.good
    assert all(item.problem is not None and item.report is None for item in done.results)
    with desk.store.read() as connection:
        assert connection.execute(select(rows["report"].c.id)).all() == []


def test_a_report_that_is_given_back_is_told_on_its_receipt(desk, opened, tmp_path):
    other = desk.machine("khác", OTHER)
    record(other, "Mưa", unit=OTHER)
    sync(desk, other)
    with other.ledger.read() as connection:
        theirs = connection.execute(select(rows["assignment"].c.id).where(rows["assignment"].c.unit == OTHER))
        theirs = theirs.scalar()
    with opened.ledger.edit() as edit:
        edit.set("progress", {"assignment": theirs, "week": "2025-W27"}, "result", "Không phải việc của xã")
    record(opened, "Đã mở lớp")
    (result,) = scan_in(desk, printed(opened, tmp_path / "a")).results
    assert result.refused == ("not-yours",) and not result.complete
    assert slips.render(desk.store, result.page_set, result.new).startswith(b"%PDF-")
    (back,) = taken(opened, receipt(desk, result, tmp_path / "b")).results
    assert back.refused == ("not-yours",) and not back.complete
    assert waiting(opened) == 0
    assert taken(opened, tmp_path / "b").good, "told once"
    other.close()


def test_the_provinces_own_receipt_is_told_from_a_report(desk, opened, tmp_path):
    (result,) = scan_in(desk, printed(opened, tmp_path / "a")).results
    (own,) = scan_in(desk, receipt(desk, result, tmp_path / "b")).results
    assert own.problem is not None and own.problem.code == "paper-is-receipt"


def test_symbols_of_a_forger_do_not_keep_the_right_ones_out(desk, opened, tmp_path):
    record(opened, long_words(6_000))
    data = paper.printed(opened, close(opened))
    right = [read_frame(packed) for packed in cut(data)]
    wrong = [f.__class__(f.page_set, f.index, f.n, f.k, bytes(400)).packed().hex() for f in right[:5]]
    (tmp_path / "forged").write_text(" ".join(wrong))
    scan_in(desk, tmp_path / "forged")
    (result,) = scan_in(desk, write(tmp_path / "half", data, leave_out=[*range(5), *range(13, 28)])).results
    assert result.report is None
    assert scan_in(desk, write(tmp_path / "whole", data)).good
    with desk.store.read() as connection:
        assert len(connection.execute(select(symbol)).all()) == 1
