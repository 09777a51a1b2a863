"""A PDF that was signed comes back, from this program or another one."""

from datetime import UTC, datetime

import pytest

from app.domain.reporting import Period
from app.reports.signatures.signing import Order, sign
from app.security.signers import from_file
from app.services import attaching, closing, reports, sheets
from app.services.issuing import Issue
from app.services.weeks import present
from app.storage import evidence as storage
from tests.signing import PASSWORD, Authority

W27 = Period.parse("2025-W27")
LINE = "ubnd_tinh"
NOW = datetime(2025, 7, 4, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def leader():
    return Authority().issue("Lò Văn Tư")


@pytest.fixture(autouse=True)
def tasks(office, clock):
    office.task("A", opening=("in_progress", 40, None, None))
    office.task("B", deadline="2025-07-04")
    clock.set("2025-07-04 16:00")


def close(office, period=W27):
    with office.opened() as opened:
        with opened.ledger.read() as connection:
            now = present(connection, office.clock())
        return closing.finish(opened.ledger, period, LINE, now)


def drawn(office, closed, codes=None):
    with office.opened() as opened, opened.ledger.read() as connection:
        return sheets.sheet(connection, closed.record, codes=codes)


def signed(pdf, leader):
    with from_file(leader.p12(), PASSWORD) as key:
        return sign(pdf, key.signer, Order("person"), NOW)


def attach(office, path, content, period=W27, **more):
    path.write_bytes(content)
    with office.opened() as opened:
        with opened.ledger.read() as connection:
            now = present(connection, office.clock())
        return attaching.attach(opened, attaching.look(path), period, LINE, Issue(), now, **more)


@pytest.mark.parametrize("codes", [None, bytes(range(256)) * 4])
def test_a_signed_pdf_whose_first_revision_is_the_closed_sheet_is_taken(office, leader, tmp_path, codes):
    closed = close(office)
    found = attach(office, tmp_path / "ký.pdf", signed(drawn(office, closed, codes), leader))
    assert (found.report.record, found.how, found.report.signer) == (closed.record, "digital", "Lò Văn Tư")
    assert found.report.signed_at == int(NOW.timestamp())
    with office.opened() as opened, opened.ledger.read() as connection:
        assert reports.state(connection, closed.record) == "signed"
        assert [item.kind for item in storage.to_send(connection)] == ["sheet"]


def test_a_signed_pdf_of_anything_else_is_refused(office, leader, clock, tmp_path):
    closed = close(office)
    ours = signed(drawn(office, closed), leader)
    clock.set("2025-07-11 16:00")
    other = close(office, Period.parse("2025-W28"))
    with pytest.raises(attaching.SheetOtherReport) as refused:
        attach(office, tmp_path / "a.pdf", signed(drawn(office, other), leader))
    assert refused.value.facts["period"] == "2025-W28"
    at = ours.index(b"stream") + 40  # inside the first page
    altered = ours[:at] + bytes([ours[at] ^ 1]) + ours[at + 1 :]
    with pytest.raises(attaching.SheetChanged):
        attach(office, tmp_path / "b.pdf", altered)
    at = ours.index(b"/Contents <") + 400  # inside the signature itself
    broken = ours[:at] + (b"0" if ours[at : at + 1] != b"0" else b"1") + ours[at + 1 :]
    with pytest.raises((attaching.SheetBroken, attaching.SheetChanged)):
        attach(office, tmp_path / "c.pdf", broken)
    with pytest.raises(attaching.SheetBroken):
        attach(office, tmp_path / "cut.pdf", ours[: len(ours) - 900])
    with pytest.raises(attaching.SheetUnsigned):
        attach(office, tmp_path / "d.pdf", drawn(office, closed))


def test_the_sheet_goes_first_and_an_older_one_of_the_report_goes_no_more(office, leader, tmp_path):
    closed = close(office)
    first = attach(office, tmp_path / "1.pdf", signed(drawn(office, closed), leader))
    again = attach(office, tmp_path / "1.pdf", (tmp_path / "1.pdf").read_bytes())
    assert again.file == first.file
    with from_file(leader.p12(), PASSWORD) as key:
        other = sign(drawn(office, closed), key.signer, Order("person"), NOW.replace(minute=50))
    second = attach(office, tmp_path / "2.pdf", other)
    with office.opened() as opened, opened.ledger.read() as connection:
        assert [item.sha256 for item in storage.to_send(connection)] == [second.file.sha256]


def test_an_earlier_version_that_was_signed_is_kept_when_somebody_says_so(office, leader, tmp_path):
    from app.services.lines import line
    from app.services.progress import record

    closed = close(office)
    scan = attaching.Seen("quét.pdf", b"scan", marks(closed), (), None)
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, office.clock())
        record(edit, line(edit.connection, "A", W27.week, now), now, percent=60)
    later = close(office)
    with office.opened() as opened:
        with pytest.raises(attaching.SheetOtherVersion):
            attaching.attach(opened, scan, W27, LINE, Issue(), now)
        found = attaching.attach(opened, scan, W27, LINE, Issue(), now, keep=True)
        assert found.report.record == closed.record != later.record
        with opened.ledger.read() as connection:
            counting = reports.current(connection, W27, LINE)
    assert counting is not None and counting.record == closed.record


def test_a_sheet_that_lies_here_while_the_ledger_was_restored_is_taken_up(office, leader, tmp_path):
    closed = close(office)
    found = attach(office, tmp_path / "1.pdf", signed(drawn(office, closed), leader))
    from app.services.evidence import vault
    from app.storage.tables import file

    with office.opened() as opened, opened.ledger.edit() as edit:
        edit.connection.execute(file.delete())
        assert storage.adopt(edit.connection, vault(opened), 1) == [found.file.sha256]
        assert [item.kind for item in storage.to_send(edit.connection)] == ["sheet"]


def marks(closed):
    from app.reports.layout.footmark import PageMark

    pages = closed.made.pages
    mark = PageMark(bytes.fromhex(closed.record), closed.hash[:8], 1, pages)
    return tuple((number, mark._replace(page=number)) for number in range(1, pages + 1))
