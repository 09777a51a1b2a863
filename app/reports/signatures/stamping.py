"""What is added to a signed report later: the time of an authority, lists of revoked certificates.

The last signature gets its stamp inside the room that was kept in it (level B-T, ETSI EN 319 142-1); an
earlier one cannot, for the later signature covers it, so a stamp over the whole document is appended as well.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.domain.errors import LedgerError
from app.reports.signatures.signing import RESERVED, ChangedSince
from app.reports.signatures.verifying import reader, verify

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper

PATIENCE = 180
"""Seconds that one answer of a time authority may take: the state's were seen to need 131."""


class NothingSigned(LedgerError):
    """There is no signature in the file that a time could be added to."""

    code = "stamp-nothing-signed"


class StampUnreachable(LedgerError):
    """The time authority does not answer, or something else answers. Facts: address."""

    code = "stamp-unreachable"


class StampAddress(LedgerError):
    """What was given is no address (http or https) of a time authority. Facts: address."""

    code = "stamp-address"


class StampUnsound(LedgerError):
    """What the time authority sent does not fit this file; it was not kept. Facts: address."""

    code = "stamp-unsound"


def stamp(pdf: bytes, address: str, lists: Sequence[bytes] = ()) -> bytes:
    """The file with the time of an authority (RFC 3161), asked for over HTTP.

    lists: of revoked certificates (DER), kept in the file beside the certificates. Raises NothingSigned,
    ChangedSince, StampAddress, StampUnreachable, StampUnsound, NotReadable.
    """
    before = verify(pdf)
    if not before.signatures:
        raise NothingSigned
    if not before.intact:
        raise ChangedSince
    if not _is_address(address):
        raise StampAddress(address=address)
    client = _client(address)
    try:
        made = asyncio.run(_stamped(pdf, client, lists))
    except OSError as error:
        raise StampUnreachable(address=address) from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise StampUnsound(address=address) from error
    after = verify(made)
    if [one.change for one in after.signatures] != [one.change for one in before.signatures]:
        raise StampUnsound(address=address)
    return made


def with_lists(pdf: bytes, lists: Sequence[bytes]) -> bytes:
    """The file with lists of revoked certificates (DER) and the signers' certificates in its store."""
    from asn1crypto.crl import CertificateList
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    from app.reports.signatures import fields

    document = reader(pdf)
    certificates = []
    for one in document.embedded_signatures:
        certificates += [one.signer_cert, *one.other_embedded_certs]
    writer = fields.revision(pdf)
    loaded = [CertificateList.load(one) for one in lists]
    DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=certificates, crls=loaded)
    return fields.written(writer)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _client(address: str) -> "TimeStamper":
    """Asks an authority over HTTP and takes only a stamp of what was asked. Raises OSError, ValueError."""
    from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko_certvalidator import ValidationContext

    nobody = ValidationContext(trust_roots=[])  # whom to believe is asked when the file is looked at

    class Careful(RequestsHTTPTimeStamper):
        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            token = await super().async_timestamp(message_digest, md_algorithm)
            seen = await validate_tst_signed_data(token["content"], nobody, lambda _name: message_digest)
            if not (seen["intact"] and seen["valid"]):
                raise ValueError("a stamp of something else")
            return token

    kind: Any = Careful
    client: TimeStamper = kind(address, timeout=PATIENCE)
    return client


async def _stamped(pdf: bytes, client: "TimeStamper", lists: Sequence[bytes]) -> bytes:
    from pyhanko.sign.signers.pdf_signer import PdfTimeStamper

    from app.reports.signatures import fields

    pdf = await _last_raised(pdf, client)
    if lists:
        pdf = with_lists(pdf, lists)
    out: Any = await PdfTimeStamper(client).async_timestamp_pdf(
        fields.revision(pdf), "sha256", bytes_reserved=RESERVED
    )
    return bytes(out.getvalue())


async def _last_raised(pdf: bytes, client: "TimeStamper") -> bytes:
    """The file with a stamp in its last signature; as it was where something later covers that."""
    from asn1crypto.cms import CMSAttribute, CMSAttributes, ContentInfo
    from cryptography.hazmat.primitives import hashes

    last = reader(pdf).embedded_signatures[-1]
    if last.sig_object_type == "/DocTimeStamp":
        return pdf
    message = ContentInfo.load(last.pkcs7_content)
    signer = message["content"]["signer_infos"][0]
    held = list(signer["unsigned_attrs"]) if signer["unsigned_attrs"] else []
    if any(one["type"].native == "signature_time_stamp_token" for one in held):
        return pdf
    hashed = hashes.Hash(hashes.SHA256())
    hashed.update(signer["signature"].native)
    token = await client.async_timestamp(hashed.finalize(), "sha256")
    new = CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})
    signer["unsigned_attrs"] = CMSAttributes([*held, new])
    start, end = int(last.byte_range[1]) + 1, int(last.byte_range[2]) - 1
    raised: bytes = message.dump().hex().encode()
    if pdf[start - 1 : start] != b"<" or len(raised) > end - start:
        return pdf  # no room: the stamp over the document has to do
    return pdf[:start] + raised.ljust(end - start, b"0") + pdf[end:]
