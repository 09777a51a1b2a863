"""A report closed here, signed by both, taken back: number and date come with it; a change is placed."""

from datetime import date
from io import BytesIO

import pikepdf
import pytest

from app.reports import content, pdf
from app.reports.comparing import differing_pages
from app.reports.layout.footmark import FootMark
from app.reports.signatures.fields import revision, written
from app.reports.signatures.signing import Order, sign
from app.security.signers import from_file
from app.services import attaching
from tests.reports import samples
from tests.services.test_attaching import NOW, attach, close, drawn
from tests.signing import PASSWORD, Authority


@pytest.fixture(scope="module")
def keys():
    authority = Authority()
    return [authority.issue(role) for role in ("person", "agency")]


@pytest.fixture(autouse=True)
def tasks(office, clock):
    office.task("A", opening=("in_progress", 40, None, None))
    clock.set("2025-07-04 16:00")


def both(sheet, keys):
    orders = Order("person"), Order("agency", number="45", issued=date(2025, 7, 4))
    for order, issued in zip(orders, keys, strict=True):
        with from_file(issued.p12(), PASSWORD) as key:
            sheet = sign(sheet, key.signer, order, NOW)
    return sheet


def test_number_and_date_of_the_agencys_signature_are_kept(office, keys, tmp_path):
    closed = close(office)
    found = attach(office, tmp_path / "a.pdf", both(drawn(office, closed), keys))
    assert (found.report.number, found.report.date, found.report.signer) == ("45", date(2025, 7, 4), "person")


def test_a_stamp_put_on_it_afterwards_is_told_with_its_page(office, keys, tmp_path):
    from pyhanko.pdf_utils.generic import StreamObject

    writer = revision(both(drawn(office, close(office)), keys))
    writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=b"0 0 90 90 re f")))
    with pytest.raises(attaching.SheetChangedPages) as told:
        attach(office, tmp_path / "a.pdf", written(writer))
    assert told.value.facts["pages"] == "1"


def test_a_byte_changed_on_a_page_is_told_with_the_page(office, keys, tmp_path):
    sheet = drawn(office, close(office))
    signed = both(sheet, keys)
    with pikepdf.open(BytesIO(sheet)) as opened:
        at = signed.index(opened.pages[0].Contents.read_raw_bytes()) + 60
    spoiled = signed[:at] + bytes([signed[at] ^ 0xFF]) + signed[at + 1 :]
    with pytest.raises((attaching.SheetChangedPages, attaching.SheetChanged)) as told:
        attach(office, tmp_path / "a.pdf", spoiled)
    assert told.value.code == "sheet-changed-pages" and told.value.facts["pages"] == "1"


def test_pages_that_look_alike_are_the_same():
    made = content.build(samples.report(samples.sample_lines()))
    one = pdf.render(made, draft=False, mark=FootMark(bytes(16), bytes(32)))
    other = pdf.render(made, draft=False, mark=FootMark(b"x" * 16, bytes(32)))
    assert differing_pages(one, one) == () == differing_pages(one, b"nothing")
    assert differing_pages(one, other) == tuple(range(1, pdf.pages(made) + 1))
