"""Who is believed: certificates led back to authorities that were named, by lists that were brought along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko_certvalidator import ValidationContext

    from app.reports.signatures.verifying import Revocation, Trust


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found out about one signature."""

    signer: str
    organisation: str
    issuer: str
    time: datetime | None
    stamped: bool
    same_bytes: bool
    own_key: bool
    allowed: bool
    """Whether what was appended since is of the kind that may be."""
    trust: "Trust"
    revocation: "Revocation"
    listed: date | None


class Believed:
    """The authorities, and the lists of revoked certificates at hand. moment: UTC, default now."""

    def __init__(
        self,
        document: "PdfFileReader",
        authorities: Sequence[bytes],
        lists: Sequence[bytes],
        moment: datetime | None,
    ) -> None:
        from asn1crypto.crl import CertificateList
        from asn1crypto.x509 import Certificate

        self._roots = [Certificate.load(one) for one in authorities]
        self._moment = moment or datetime.now(UTC)
        self._lists: list[CertificateList] = [CertificateList.load(one) for one in lists]
        self._others: list[Certificate] = []
        self._read_store(document)

    async def stamp(self, one: "EmbeddedPdfSignature") -> tuple[datetime, bool]:
        """The time of a stamp over the whole document, and whether it is believed."""
        from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_timestamp

        seen = await async_validate_pdf_timestamp(one, self._context(self._moment))
        return seen.timestamp, seen.intact and seen.valid and seen.trusted

    async def signature(self, one: "EmbeddedPdfSignature", proven: datetime | None) -> Seen:
        """Look at one signature. proven: when a believed stamp over it was made, if there is one."""
        from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_signature
        from pyhanko.sign.validation.settings import KeyUsageConstraints

        usage = KeyUsageConstraints(
            key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
        )

        async def at(moment: datetime, *, back: bool) -> Any:
            context = self._context(moment, back=back)
            return await async_validate_pdf_signature(
                one, context, self._context(self._moment), key_usage_settings=usage
            )

        seen = await at(self._moment, back=False)
        stamp = seen.timestamp_validity
        if stamp is not None and stamp.valid and stamp.intact and stamp.trusted:
            proven = stamp.timestamp if proven is None else min(proven, stamp.timestamp)
        moment = self._moment if proven is None else proven
        if proven is not None and not seen.trusted:
            seen = await at(moment, back=True)
        certificate = seen.signing_cert
        revocation, listed = await self._revocation(certificate, one.other_embedded_certs, moment)
        return Seen(
            signer=_part(certificate.subject, "common_name"),
            organisation=_part(certificate.subject, "organization_name"),
            issuer=_part(certificate.issuer, "common_name"),
            time=proven or one.self_reported_timestamp,
            stamped=proven is not None,
            same_bytes=seen.intact,
            own_key=seen.valid,
            allowed=bool(seen.docmdp_ok) and seen.seed_value_ok,
            trust=self._trust(seen, moment, revocation),
            revocation=revocation,
            listed=listed,
        )

    def _trust(self, seen: Any, moment: datetime, revocation: "Revocation") -> "Trust":
        validity = seen.signing_cert["tbs_certificate"]["validity"]
        if seen.revoked or revocation == "revoked":
            return "revoked"
        if seen.trusted:
            return "trusted"
        if moment > validity["not_after"].native:
            return "expired"
        if moment < validity["not_before"].native:
            return "not-yet"
        if seen.signing_cert.self_signed != "no":
            return "unknown"  # its own issuer: pyHanko calls that a broken constraint of the chain
        name = getattr(seen.trust_problem_indic, "name", "")
        return (
            "unusable" if name in {"CHAIN_CONSTRAINTS_FAILURE", "CRYPTO_CONSTRAINTS_FAILURE"} else "unknown"
        )

    async def _revocation(
        self, certificate: "Certificate", others: "list[Certificate]", moment: datetime
    ) -> "tuple[Revocation, date | None]":
        """Whether lists say of every certificate on the way that it was not taken back."""
        from pyhanko_certvalidator import CertificateValidator
        from pyhanko_certvalidator.errors import PathError, RevokedError, ValidationError

        context = self._context(moment, back=moment != self._moment, strict=True)
        validator = CertificateValidator(certificate, others, validation_context=context)
        try:
            path = await validator.async_validate_path()
        except RevokedError:
            return "revoked", None
        except (PathError, ValidationError, ValueError):
            return "unknown", None
        issuers = {one.issuer.hashable for one in list(path)[1:]}
        days = [
            one["tbs_cert_list"]["this_update"].native.date()
            for one in self._lists
            if one.issuer.hashable in issuers
        ]
        return ("good", min(days)) if days else ("unknown", None)

    def _context(self, moment: datetime, *, back: bool = False, strict: bool = False) -> "ValidationContext":
        from pyhanko_certvalidator import ValidationContext

        return ValidationContext(
            trust_roots=self._roots,
            other_certs=self._others,
            crls=self._lists,
            moment=moment,
            allow_fetching=False,
            revocation_mode="require" if strict else "soft-fail",
            retroactive_revinfo=back,
        )

    def _read_store(self, document: "PdfFileReader") -> None:
        """What the file itself carries (ETSI EN 319 142-1, 5.4.2)."""
        from asn1crypto.crl import CertificateList
        from pyhanko.sign.validation.dss import DocumentSecurityStore
        from pyhanko.sign.validation.errors import ValidationInfoReadingError

        try:
            store = DocumentSecurityStore.read_dss(document)
        except (ValidationInfoReadingError, ValueError, LookupError, TypeError):
            return
        self._others += list(store.load_certs())
        self._lists += [CertificateList.load(one.get_object().data) for one in store.crls]


def _part(name: Any, part: str) -> str:
    found = name.native.get(part)
    found = found[-1] if isinstance(found, list) else found
    return str(found or (name.human_friendly if part == "common_name" else ""))
