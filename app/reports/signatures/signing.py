"""A report signed in its own PDF: PAdES, level B-B (ETSI EN 319 142-1), the person first, then the agency.

Each signature is an approval, none certifies: other programs of the state put signatures of their own into
the file afterwards, and a certified file would be called broken by them. All work is in memory; who calls
writes the finished file.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from app.domain.errors import LedgerError
from app.reports import texts
from app.reports.pdfium import ONE_AT_A_TIME
from app.reports.signatures import appearance, verifying
from app.reports.signatures.verifying import reader

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import Signer
    from pyhanko.sign.signers.pdf_signer import PdfSigner

Role = Literal["person", "agency"]

RESERVED = 24_576
"""Hexadecimal digits kept for a signature: room for a time stamp that is put into it later."""

_MARGIN = 20 * appearance.MM
_PROGRAM = "Sổ Nhiệm Vụ"
_WITH_SYMBOL = re.compile(r"\s*(\d+)\s*[/-]\s*[^\W\d].*", re.DOTALL)


class AlreadySigned(LedgerError):
    """The person, or the agency, has signed this file."""

    code = "signing-already"


class PersonFirst(LedgerError):
    """The agency signs only what the person has signed (Decree 30/2020/ND-CP, article 13)."""

    code = "signing-person-first"


class NumberLater(LedgerError):
    """Number and date come with the agency's signature, after the person's."""

    code = "signing-number-later"


class NoPlaceForNumber(LedgerError):
    """The sheet has no fields for number and date: it is none of this program's, or was signed elsewhere."""

    code = "signing-no-place"


class NumberTooLong(LedgerError):
    """The number has no room in the gap left for it. Facts: number."""

    code = "signing-number-long"


class ChangedSince(LedgerError):
    """What was signed before has been changed since, so nobody may sign on top of it."""

    code = "signing-changed"


class DraftRefused(LedgerError):
    """A draft is no report, and nobody signs it."""

    code = "signing-draft"


class SignatureUnsound(LedgerError):
    """The signature that was made does not fit the certificate. Facts: name."""

    code = "signing-key-differs"


class Stopped(LedgerError):
    """It was stopped in time; nothing was kept."""

    code = "signing-stopped"


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: who signs, with which picture (PNG), and the number and date the agency gives."""

    role: Role
    picture: bytes | None = None
    number: str = ""
    issued: date | None = None


def plain_number(text: str) -> str:
    """The number of the book alone: "45" of "45/BC-UBND", for the symbol stands on the sheet already."""
    found = _WITH_SYMBOL.fullmatch(text)
    return found[1] if found is not None else " ".join(text.split())


def check(pdf: bytes, order: Order) -> None:
    """Refuse what cannot be signed in this order, before anybody is asked for a PIN.

    Raises AlreadySigned, PersonFirst, NumberLater, NumberTooLong, NoPlaceForNumber, ChangedSince,
    DraftRefused, NotReadable, PictureUnusable.
    """
    from app.reports.signatures import fields

    document = reader(pdf)
    if _draft(pdf):
        raise DraftRefused
    held = fields.signed(document)
    if held.get(order.role):
        raise AlreadySigned
    numbered = bool(order.number) or order.issued is not None
    if order.role == "person" and numbered:
        raise NumberLater
    if any(held.values()) and not all(one.intact for one in verifying.verify(pdf).signatures):
        raise ChangedSince
    if order.role == "agency":
        if not any(held.values()):
            raise PersonFirst
        if numbered and fields.field(document, fields.NUMBER) is None:
            raise NoPlaceForNumber
        if order.number and not appearance.has_room(plain_number(order.number)):
            raise NumberTooLong(number=order.number)
    if order.picture is not None:
        (appearance.hand if order.role == "person" else appearance.seal)(order.picture)


def sign(
    pdf: bytes, signer: "Signer", order: Order, moment: datetime, stopped: Callable[[], bool] = lambda: False
) -> bytes:
    """The document with one signature more, and its fields if it had none.

    signer: pyHanko's. moment: claimed as time of signing. stopped: asked between the steps.
    Raises what `check` raises, SignatureUnsound, Stopped, and what the signer raises.
    """
    check(pdf, order)
    writer = _laid_out(pdf, order)
    if stopped():
        raise Stopped
    made = asyncio.run(_signed(writer, signer, order, moment, stopped))
    if stopped():
        raise Stopped
    _sound(made, order.role)
    return made


def _draft(pdf: bytes) -> bool:
    """Whether the top margin of the first page says that it is a draft."""
    import pypdfium2

    with ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError:
            return False
        try:
            page = document[0]
            width, height = page.get_size()
            words: str = page.get_textpage().get_text_bounded(0, height - _MARGIN, width, height)
        except (pypdfium2.PdfiumError, IndexError):
            return False
        finally:
            document.close()
    return texts.DRAFT in words


def _laid_out(pdf: bytes, order: Order) -> "IncrementalPdfFileWriter":
    from app.reports.signatures import fields

    writer = fields.revision(pdf)
    if order.role == "person":
        hand = appearance.hand(order.picture) if order.picture is not None else None
        if fields.field(writer, fields.PERSON) is None:
            fields.prepare(writer, hand)
        if hand is not None:
            fields.show_hand(writer, hand)
        return writer
    if fields.field(writer, fields.AGENCY) is None:
        fields.prepare_agency(writer)
    if not fields.fill(writer, plain_number(order.number), order.issued):
        raise NoPlaceForNumber
    if order.picture is not None:
        fields.show_seal(writer, appearance.seal(order.picture))
    return writer


async def _signed(
    writer: "IncrementalPdfFileWriter",
    signer: "Signer",
    order: Order,
    moment: datetime,
    stopped: Callable[[], bool],
) -> bytes:
    """PyHanko's own steps, so that it can be stopped before the key is used, and after."""
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    session = _signing(signer, order).init_signing_session(writer, existing_fields_only=True)
    session.system_time = moment
    ready = session.prepare_tbs_document(validation_info=None, bytes_reserved=RESERVED)
    prepared, out = ready.digest_tbs_document()
    if stopped():
        raise Stopped
    await ready.perform_signature(
        document_digest=prepared.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=moment),
    )
    made: Any = out
    return bytes(made.getvalue())


def _signing(signer: "Signer", order: Order) -> "PdfSigner":
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers.pdf_byterange import BuildProps
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
    from pyhanko.stamp import NoOpStampStyle

    meta = PdfSignatureMetadata(
        field_name=order.role,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=signer.subject_name,
        certify=False,
        app_build_props=BuildProps(name=_PROGRAM),
    )
    return PdfSigner(meta, signer, stamp_style=NoOpStampStyle())


def _sound(pdf: bytes, role: Role) -> None:
    """Check the new signature by its certificate: the key of another makes one that fits nothing."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    made = next(
        one for one in PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures if one.field_name == role
    )
    intact, valid = validate_sig_integrity(
        made.signer_info, made.signer_cert, "data", actual_digest=made.compute_digest()
    )
    if not (intact and valid):
        raise SignatureUnsound(name=str(made.signer_cert.subject.native.get("common_name", "")))
