from contextlib import suppress
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from app.reports.signatures.fields import revision, written
from app.reports.signatures.signing import Order, check, sign
from app.reports.signatures.verifying import Locked, NotReadable, first_revision, reader, verify
from app.security.signers import from_file
from tests.reports import signable
from tests.signing import NOW, PASSWORD, Authority, self_issued


@pytest.fixture(scope="module")
def sheet():
    from reportlab.pdfgen.canvas import Canvas

    written = BytesIO()
    canvas = Canvas(written, invariant=1)
    canvas.drawString(72, 720, "startxref 0 %%EOF")
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def appended(pdf, times=1):
    for _ in range(times):
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        writer.update_root()
        out = BytesIO()
        writer.write(out)
        pdf = out.getvalue()
    return pdf


@pytest.mark.parametrize("times", [0, 1, 3])
def test_the_first_revision_is_what_was_there_before_anything_was_appended(sheet, times):
    longer = appended(sheet, times)
    assert len(longer) > len(sheet) or not times
    assert first_revision(longer) == sheet


@pytest.mark.parametrize("bad", [b"", b"no pdf", b"%PDF-1.4\n%%EOF\n"])
def test_what_is_no_pdf_is_told(bad):
    with pytest.raises(NotReadable):
        first_revision(bad)


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def unsigned():
    return signable.sheet(pages=3)


@pytest.fixture(scope="module")
def signed(unsigned, authority):
    with from_file(authority.issue("Chủ tịch xã").p12(), PASSWORD) as key:
        return sign(unsigned, key.signer, Order("person"), NOW)


class TestSigned:
    """What other programs do to a signed file, each told apart; only a further signature changes nothing."""

    def test_as_it_was_signed(self, signed, authority):
        verdict = verify(signed, [authority.der])
        assert verdict.intact and verdict.trusted

    def test_saved_anew(self, signed, unsigned):
        out = BytesIO()
        with pikepdf.open(BytesIO(signed)) as pdf:
            pdf.save(out)
        verdict = verify(out.getvalue())
        assert not verdict.intact and [one.change for one in verdict.signatures] == ["altered"]
        assert first_revision(out.getvalue()) != unsigned

    def test_cut_back_to_what_was_signed(self, signed, unsigned):
        cut = signed[: len(unsigned)]
        assert verify(cut).signatures == () and not verify(cut).intact
        assert first_revision(cut) == unsigned

    @pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
    def test_cut_in_the_middle(self, signed, share):
        cut = signed[: int(len(signed) * share)]
        with suppress(NotReadable):
            assert not verify(cut).intact

    @pytest.mark.parametrize("tail", [b"x" * 9, b"\n%%EOF more", b"\n" + b"z" * 5000])
    def test_bytes_put_behind_it(self, signed, tail):
        try:
            verdict = verify(signed + tail)
        except NotReadable:
            return
        assert not verdict.intact and verdict.signatures[0].change in {"appended", "unreadable"}

    @pytest.mark.parametrize("page", [0, 2])
    def test_a_stamp_on_a_page(self, signed, page):
        writer = revision(signed)
        words = generic.StreamObject(stream_data=b"0 0 100 100 re f")
        writer.add_stream_to_page(page, writer.add_object(words))
        verdict = verify(written(writer))
        assert not verdict.intact
        (one,) = verdict.signatures
        assert (one.change, one.pages) == ("changed", (page + 1,))

    def test_a_note_on_a_page(self, signed):
        writer = revision(signed)
        note = generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
                generic.pdf_name("/Subtype"): generic.pdf_name("/Square"),
                generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 99, 99))),
            }
        )
        writer.register_annotation(writer.find_page_for_modification(1)[0], writer.add_object(note))
        (one,) = verify(written(writer)).signatures
        assert (one.change, one.pages) == ("changed", (2,))

    def test_a_further_signature_of_another_program(self, signed, authority):
        from pyhanko.sign.fields import SigFieldSpec
        from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

        with from_file(authority.issue("Văn thư").p12(), PASSWORD) as key:
            new = SigFieldSpec("Signature1", on_page=0, box=(10, 10, 90, 40))
            meta = PdfSignatureMetadata(field_name="Signature1")
            writer = IncrementalPdfFileWriter(BytesIO(signed))
            made = PdfSigner(meta, key.signer, new_field_spec=new).sign_pdf(writer)
        verdict = verify(made.getvalue(), [authority.der])
        assert verdict.intact and verdict.trusted
        assert [one.role for one in verdict.signatures] == ["person", "other"]

    def test_a_certificate_of_somebody_else_put_into_it(self, signed, authority):
        from asn1crypto.cms import ContentInfo
        from asn1crypto.x509 import Certificate

        field = reader(signed).embedded_signatures[0]
        message = ContentInfo.load(field.pkcs7_content)
        other = Certificate.load(authority.issue("Chủ tịch xã").der)
        message["content"]["certificates"] = [other]
        signer = message["content"]["signer_infos"][0]
        signer["sid"].chosen["serial_number"] = other.serial_number
        start, end = int(field.byte_range[1]) + 1, int(field.byte_range[2]) - 1
        new = message.dump().hex().encode().ljust(end - start, b"0")
        (one,) = verify(signed[:start] + new + signed[end:], [authority.der]).signatures
        assert not one.intact and one.change in {"forged", "unreadable"}


def test_what_is_said_of_a_list_that_has_run_out(authority, signed):
    old = authority.list_of_revoked(since=NOW - timedelta(days=60), until=NOW - timedelta(days=30))
    (one,) = verify(signed, [authority.der], [old], NOW).signatures
    assert one.trusted and one.revocation == "unknown" and one.listed is None
    (one,) = verify(signed, [authority.der], [old, authority.list_of_revoked()], NOW).signatures
    assert one.revocation == "good"


@pytest.mark.parametrize("word", ["", "chữ"])
def test_a_locked_file_is_told_as_such(sheet, word):
    with pikepdf.open(BytesIO(sheet)) as document:
        locked = BytesIO()
        document.save(locked, encryption=pikepdf.Encryption(owner="chủ", user=word))
    with pytest.raises(Locked):
        verify(locked.getvalue())
    with pytest.raises(Locked):
        check(locked.getvalue(), Order("person"))


def test_who_issued_himself_a_certificate_is_not_known_and_nothing_else(unsigned):
    own = self_issued("UBND xã Thử")
    with from_file(own.p12(), PASSWORD) as key:
        signed = sign(unsigned, key.signer, Order("person"), NOW)
    (seen,) = verify(signed).signatures
    assert seen.trust == "unknown"
    assert verify(signed, [own.der]).trusted
