import io
import subprocess
from datetime import UTC, date, datetime, timedelta

import pdfplumber
import pikepdf
import pkcs11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reports import content, pdf
from app.reports.layout.footmark import FootMark
from app.reports.signatures import appearance, signing
from app.reports.signatures.appearance import PictureUnusable
from app.reports.signatures.signing import Order, sign
from app.reports.signatures.verifying import first_revision, verify
from app.security.devices import DeviceRemoved, from_device
from app.security.signers import from_file
from tests.reports import samples, signable
from tests.signing import (
    LIBRARY,
    NOW,
    PASSWORD,
    PIN,
    Authority,
    SoftDevice,
    needs_device,
    needs_pdfsig,
    needs_qpdf,
)  # fmt: skip

ISSUED = date(2025, 2, 5)


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def leader(authority):
    return authority.issue("Chủ tịch xã")


@pytest.fixture(scope="module")
def agency(authority):
    return authority.issue("Ủy ban nhân dân xã Mường Thử")


@pytest.fixture(scope="module")
def sheet():
    return signable.sheet()


@pytest.fixture(scope="module")
def one(sheet, leader):
    return by(leader, sheet, Order("person", signable.hand()))


@pytest.fixture(scope="module")
def two(one, agency):
    return by(agency, one, Order("agency", signable.seal(), "05", ISSUED))


def by(issued, pdf, order, moment=NOW, **more):
    with from_file(issued.p12(), PASSWORD) as key:
        return sign(pdf, key.signer, order, moment, **more)


def test_two_signatures_hold_and_the_sheet_is_what_it_was(sheet, one, two, authority, tmp_path):
    assert two.startswith(one) and one.startswith(sheet)
    assert first_revision(one) == first_revision(two) == sheet
    for signed, roles in ((one, ["person"]), (two, ["person", "agency"])):
        verdict = verify(signed, [authority.der])
        assert verdict.intact and verdict.trusted
        assert [made.role for made in verdict.signatures] == roles
        assert [made.time for made in verdict.signatures] == [NOW] * len(roles)


@needs_pdfsig
def test_another_program_finds_them_valid_too_and_refuses_both_after_one_byte(one, two, tmp_path):
    assert signable.pdfsig(tmp_path, one) == ["Signature is Valid"]
    assert signable.pdfsig(tmp_path, two) == ["Signature is Valid"] * 2
    spoiled = bytearray(two)
    spoiled[two.index(b"/Page") + 1] ^= 1
    assert all("Valid" not in said for said in signable.pdfsig(tmp_path, bytes(spoiled)))


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_one_changed_byte_of_what_was_signed_is_seen(data, one, two):
    at = data.draw(st.integers(0, len(one) - 1).filter(lambda at: not in_contents(one, at)))
    spoiled = bytearray(two)
    spoiled[at] ^= data.draw(st.integers(1, 255))
    try:
        verdict = verify(bytes(spoiled))
    except signing.LedgerError as error:
        assert error.code == "signed-unreadable"
        return
    assert not verdict.intact
    assert not any(made.intact for made in verdict.signatures)


def in_contents(pdf, at):
    """Between the brackets of the signature itself, which is no part of what it signs."""
    start = pdf.index(b"/Contents <")
    return start <= at <= pdf.index(b">", start)


@pytest.mark.parametrize(
    ("order", "refused"),
    [
        (Order("agency"), signing.PersonFirst),
        (Order("person", number="05"), signing.NumberLater),
        (Order("person", issued=ISSUED), signing.NumberLater),
        (Order("person", b"no picture"), PictureUnusable),
        (Order("person", signable.seal(ground=(255, 255, 255, 255))), PictureUnusable),
    ],
)
def test_what_is_out_of_order_is_refused(sheet, leader, order, refused):
    with pytest.raises(refused):
        by(leader, sheet, order)


def test_nobody_signs_twice(one, two, leader, agency):
    with pytest.raises(signing.AlreadySigned):
        by(leader, one, Order("person"))
    with pytest.raises(signing.AlreadySigned):
        by(agency, two, Order("agency"))


@pytest.mark.parametrize("picture", [signable.seal(said=False), signable.seal(60)])
def test_a_seal_without_its_real_size_is_refused(one, agency, picture):
    with pytest.raises(PictureUnusable):
        by(agency, one, Order("agency", picture))


def test_what_was_changed_after_the_first_signature_is_not_sealed(one, agency):
    spoiled = one.replace(b"/Page\n", b"/Pagf\n", 1) if b"/Page\n" in one else one[:-40] + b"x" + one[-39:]
    with pytest.raises((signing.ChangedSince, signing.LedgerError)) as told:
        by(agency, spoiled, Order("agency"))
    assert told.value.code in {"signing-changed", "signed-unreadable"}


def test_number_and_date_stand_in_their_gaps(two, one):
    with pikepdf.open(io.BytesIO(two)) as opened:
        held = {str(field.T): field for field in opened.Root.AcroForm.Fields}
        assert (str(held["number"].V), str(held["date"].V)) == ("05", "5/2/2025")
        for name in ("number", "date"):
            look = held[name].AP.N
            for font in look.Resources.Font.values():
                assert "/FontFile2" in font.FontDescriptor
    with pikepdf.open(io.BytesIO(one)) as opened:
        assert all(
            "/V" not in field for field in opened.Root.AcroForm.Fields if str(field.T) in {"number", "date"}
        )


@pytest.mark.parametrize(
    ("typed", "kept"), [("45/BC-UBND", "45"), ("12-BC/ĐU", "12"), (" 12345 ", "12345"), ("45a", "45a")]
)
def test_the_symbol_that_is_printed_already_is_not_written_into_the_gap(one, agency, typed, kept):
    signed = by(agency, one, Order("agency", number=typed))
    assert verify(signed).number == kept
    with pdfplumber.open(io.BytesIO(appearance.number(kept, 20, 14))) as opened:
        (page,) = opened.pages
        assert "".join(char["text"] for char in page.chars) == kept
        assert min(char["x0"] for char in page.chars) > -0.1
        assert max(char["x1"] for char in page.chars) < 20.1


@pytest.mark.parametrize("typed", ["Số bốn mươi lăm", "1234567", "45/2025/BC-UBND"])
def test_a_number_that_has_no_room_is_refused_before_anybody_signs(one, agency, typed):
    with pytest.raises(signing.NumberTooLong):
        by(agency, one, Order("agency", number=typed))


def test_number_and_date_are_told_with_the_verdict(sheet, one, two):
    assert (verify(two).number, verify(two).day) == ("05", ISSUED)
    assert (verify(one).number, verify(one).day) == ("", None) == (verify(sheet).number, verify(sheet).day)


def test_the_pictures_lie_as_the_decree_says(two):
    with pikepdf.open(io.BytesIO(two)) as opened:
        held = {str(field.T): field for field in opened.Root.AcroForm.Fields}
        hand, seal = (drawn(held[name]) for name in ("person", "agency"))
    left, bottom, right, top = signable.PERSON
    assert abs((hand[0] + hand[2]) / 2 - (left + right) / 2) < 0.1  # centred between office and name
    assert abs((hand[1] + hand[3]) / 2 - (bottom + top) / 2) < 0.1
    assert abs((seal[2] - seal[0]) / signable.MM - 36) < 0.1  # the size its resolution gives
    over = (seal[2] - hand[0]) / (hand[2] - hand[0])
    assert 0.3 < over < 0.37 and seal[0] < hand[0]


def drawn(field):
    """Where the picture of a field lies on the page, in points."""
    left, bottom = (float(edge) for edge in list(field.Rect)[:2])
    at = (1, 0, 0, 1, 0, 0)
    for numbers, operator in pikepdf.parse_content_stream(field.AP.N):
        if str(operator) == "cm":
            wide, _b, _c, high, x, y = map(float, numbers)
            at = (at[0] * wide, 0, 0, at[3] * high, at[0] * x + at[4], at[3] * y + at[5])
        elif str(operator) == "Do":
            return left + at[4], bottom + at[5], left + at[4] + at[0], bottom + at[5] + at[3]
    raise AssertionError("no picture")


def test_a_report_of_the_program_is_signed_at_its_places(leader, agency):
    made = content.build(samples.report(samples.sample_lines()))
    mark = FootMark(bytes(16), bytes(32))
    data = b"data" * 100
    sheet = pdf.render(made, draft=False, mark=mark, data=data)
    one = by(leader, sheet, Order("person", signable.hand()))
    two = by(agency, one, Order("agency", signable.seal(), "05", ISSUED))
    assert first_revision(two) == sheet and verify(two).intact
    with pikepdf.open(io.BytesIO(two)) as opened:
        held = {str(field.T): field for field in opened.Root.AcroForm.Fields}
        assert set(held) == {"person", "agency", "number", "date"}
        pages = [page.objgen for page in opened.pages]
        last = pages.index(held["person"].P.objgen)
        assert pages.index(held["number"].P.objgen) == 0 and pages.index(held["agency"].P.objgen) == last > 0
        assert b"<pdfaid:part>3</pdfaid:part>" in opened.Root.Metadata.read_bytes()
        assert list(opened.attachments) == ["du-lieu.snv"]


def test_a_draft_is_not_signed(leader):
    made = content.build(samples.report(samples.sample_lines()))
    with pytest.raises(signing.DraftRefused):
        by(leader, pdf.render(made, draft=True), Order("person"))


def test_the_agency_seals_what_was_signed_in_another_program(sheet, leader, agency):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

    with from_file(leader.p12(), PASSWORD) as key:
        signer = PdfSigner(PdfSignatureMetadata(field_name="Signature1"), key.signer)
        foreign = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(sheet))).getvalue()
    with pytest.raises(signing.NoPlaceForNumber):
        by(agency, foreign, Order("agency", signable.seal(), "05", ISSUED))
    sealed = by(agency, foreign, Order("agency", signable.seal()))
    assert verify(sealed).intact and first_revision(sealed) == sheet
    assert [one.role for one in verify(sealed).signatures] == ["other", "agency"]
    with pikepdf.open(io.BytesIO(sealed)) as opened:
        seal = drawn(next(field for field in opened.Root.AcroForm.Fields if str(field.T) == "agency"))
    middle = (signable.PERSON[0] + signable.PERSON[2]) / 2
    assert abs(seal[2] - (middle - 35 * signable.MM / 6)) < 0.1  # over a third of a signature


def test_without_a_picture_nothing_is_drawn(sheet, leader):
    signed = by(leader, sheet, Order("person"))
    with pikepdf.open(io.BytesIO(signed)) as opened:
        field = next(one for one in opened.Root.AcroForm.Fields if str(one.T) == "person")
        assert not field.AP.N.read_bytes().strip()
    assert verify(signed).intact


@needs_qpdf
def test_the_signed_file_is_still_an_archives(two, tmp_path):
    file = tmp_path / "two.pdf"
    file.write_bytes(two)
    checked = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stdout
    with pikepdf.open(file) as opened:
        assert "/Encrypt" not in opened.trailer
        metadata = opened.Root.Metadata
        assert b"<pdfaid:part>3</pdfaid:part>" in metadata.read_raw_bytes() and "/Filter" not in metadata
        with opened.open_metadata() as said:
            assert said["dc:title"] == str(opened.docinfo["/Title"])
            assert said["pdf:Producer"] == str(opened.docinfo["/Producer"])
        assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert "/NeedAppearances" not in opened.Root.AcroForm and "/Perms" not in opened.Root
        fonts = [
            item
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
        ]
        assert fonts
        for font in fonts:
            assert "/FontFile2" in font.FontDescriptor
        for page in opened.pages:
            for note in page.get("/Annots", []):
                left, _bottom, right, _top = map(float, note.Rect)
                assert left == right or "/N" in note.AP
                assert int(note.F) & 4 and not int(note.F) & 0b100011  # printed, not hidden
        images = [
            item
            for item in opened.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
        ]
        assert len(images) == 4 and not any(item.get("/Interpolate") for item in images)


def test_each_signature_keeps_room_for_a_stamp_and_certifies_nothing(two):
    with pikepdf.open(io.BytesIO(two)) as opened:
        for field in opened.Root.AcroForm.Fields:
            if field.FT == "/Sig":
                assert len(bytes(field.V.Contents)) * 2 == signing.RESERVED
                assert field.V.SubFilter == "/ETSI.CAdES.detached"
                assert "/Reference" not in field.V


def test_the_number_cannot_be_changed_under_the_seal(two):
    from app.reports.signatures import fields

    writer = fields.revision(two)
    assert fields.fill(writer, "06", None)
    person, agency = verify(fields.written(writer)).signatures
    assert person.intact and agency.change == "changed"


def test_a_sheet_without_places_is_signed_without_being_shown(leader, agency):
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 72, "x")
    canvas.save()
    signed = by(leader, out.getvalue(), Order("person", signable.hand()))
    assert verify(signed).intact
    with pytest.raises(signing.NoPlaceForNumber):
        by(agency, signed, Order("agency", number="05"))
    assert verify(by(agency, signed, Order("agency", signable.seal()))).intact


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_stopped_at_any_step_nothing_comes_of_it(sheet, leader, after):
    asked = iter([False] * after + [True] * 9)
    if after < 3:
        with pytest.raises(signing.Stopped):
            by(leader, sheet, Order("person"), stopped=lambda: next(asked))
    else:
        assert verify(by(leader, sheet, Order("person"), stopped=lambda: next(asked))).intact


def test_a_key_that_is_not_the_certificates_gives_no_file(sheet, leader, agency):
    with from_file(leader.p12(), PASSWORD) as key, from_file(agency.p12(), PASSWORD) as other:
        key.signer.signing_key = other.signer.signing_key
        with pytest.raises(signing.SignatureUnsound):
            sign(sheet, key.signer, Order("person"), NOW)


@needs_device
class TestDevice:
    @pytest.fixture
    def device(self, tmp_path, monkeypatch, leader):
        soft = SoftDevice(tmp_path / "device", monkeypatch)
        soft.plug("A")
        soft.put("A", leader)

    def test_a_device_signs(self, device, sheet, authority):
        with from_device(LIBRARY, "A", PIN, NOW) as key:
            signed = sign(sheet, key.signer, Order("person", signable.hand()), NOW)
        assert verify(signed, [authority.der]).trusted

    @pytest.mark.parametrize("raised", [pkcs11.DeviceRemoved, pkcs11.SessionHandleInvalid])
    def test_pulled_out_in_the_middle_it_leaves_nothing(self, device, sheet, raised):
        class Pulled:
            def sign(self, data, **given):
                raise raised

        with pytest.raises(DeviceRemoved), from_device(LIBRARY, "A", PIN, NOW) as key:
            key.signer._load_objects()
            key.signer._key_handle = Pulled()
            sign(sheet, key.signer, Order("person"), NOW)
        with from_device(LIBRARY, "A", PIN, NOW) as key:
            assert verify(sign(sheet, key.signer, Order("person"), NOW)).intact


def test_the_time_of_signing_is_the_one_given(sheet, leader):
    moment = datetime(2025, 7, 18, 9, 2, tzinfo=UTC)
    (made,) = verify(by(leader, sheet, Order("person"), moment)).signatures
    assert made.time == moment and not made.stamped and moment < NOW - timedelta(days=1)
