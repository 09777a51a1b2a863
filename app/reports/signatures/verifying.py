"""What can be said of the signatures in a PDF, offline. pyHanko is loaded with the first file.

A signature holds when its bytes are unchanged and nothing but further signatures, form fields and time stamps
was appended. It is trusted when its certificate leads to an authority that was named as one; nothing is
believed by default. "Not revoked" is said only with an unexpired list for every certificate on the way.
"""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from app.domain.errors import LedgerError

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

Change = Literal["", "altered", "appended", "changed", "forged", "unreadable"]
"""What was done to a signed file: bytes inside the signed part; bytes put behind it that are no revision;
pages or fields changed by something appended; the signature is none of its certificate's; not to be read."""

Trust = Literal["trusted", "unknown", "expired", "not-yet", "revoked", "unusable"]
Revocation = Literal["good", "revoked", "unknown"]


class NotReadable(LedgerError):
    """No PDF, or one that is damaged beyond reading."""

    code = "signed-unreadable"


class Locked(NotReadable):
    """A PDF that is encrypted: nothing can be said of it, and nobody signs what he cannot see whole."""

    code = "signed-locked"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature. role: person, agency, or other for a field that another program made.

    time: claimed by the signer's machine; proven when `stamped` (by an authority that is trusted). pages:
    from 1, where something was changed since, as far as that can be told. listed: the day of the oldest list
    of revoked certificates that was used.
    """

    signer: str
    organisation: str
    issuer: str
    role: str
    time: datetime | None
    stamped: bool
    change: Change
    pages: tuple[int, ...]
    trust: Trust
    revocation: Revocation
    listed: date | None

    @property
    def intact(self) -> bool:
        """Whether what was signed is unchanged."""
        return not self.change

    @property
    def trusted(self) -> bool:
        """Whether the signer is who it says, by the authorities that were named."""
        return self.intact and self.trust == "trusted"


@dataclass(frozen=True, slots=True)
class Verdict:
    """All signatures of a file in the order they were made.

    stamps: times of an authority over the whole, and whether it is trusted. number, day: of issue, as the
    fields of the sheet say them; "" and None where they were left blank.
    """

    signatures: tuple[Signature, ...]
    stamps: tuple[tuple[datetime, bool], ...] = ()
    number: str = ""
    day: date | None = None

    @property
    def intact(self) -> bool:
        """Whether there is a signature, and none of what was signed is changed."""
        return bool(self.signatures) and all(one.intact for one in self.signatures)

    @property
    def trusted(self) -> bool:
        """Whether there is a signature, and every one is trusted."""
        return bool(self.signatures) and all(one.trusted for one in self.signatures)


def reader(pdf: bytes) -> "PdfFileReader":
    """The document opened for reading, however other programs wrote it. Raises NotReadable, Locked."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    for noisy in ("pyhanko", "pyhanko_certvalidator"):  # what it has to say is said here, in words
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    try:
        opened = PdfFileReader(BytesIO(pdf), strict=False)
        opened.root["/Pages"]  # what is cut may still have an end that reads
    except _unreadable() as error:
        raise NotReadable from error
    if opened.encrypted:
        raise Locked
    return opened


def first_revision(pdf: bytes) -> bytes:
    """The document as it was before anything was appended to it: a signature, a stamp, a field.

    All of it when nothing was. Raises NotReadable.
    """
    document = reader(pdf)
    end = _end(pdf, document.xrefs.get_startxref_for_revision(0))
    if end is None:
        raise NotReadable
    return pdf[:end]


def verify(
    pdf: bytes, authorities: Sequence[bytes] = (), lists: Sequence[bytes] = (), moment: datetime | None = None
) -> Verdict:
    """Look at every signature of a file.

    authorities: certificates to believe (DER). lists: of revoked certificates (DER), beside those the file
    carries. moment: UTC, default now. Raises NotReadable.
    """
    from app.reports.signatures.trust import Believed

    document = reader(pdf)
    try:
        found = list(document.embedded_signatures)
        filled = _filled(document)
    except _unreadable() as error:
        raise NotReadable from error
    believed = Believed(document, authorities, lists, moment)
    tail = _tail(pdf, document)
    return asyncio.run(_verdict(document, found, filled - len(found), believed, tail))


async def _verdict(
    document: "PdfFileReader", found: "list[EmbeddedPdfSignature]", lost: int, believed: Any, tail: bool
) -> Verdict:
    stamps = []
    for one in found:
        if one.sig_object_type == "/DocTimeStamp":
            stamps.append((one.signed_revision, *await believed.stamp(one)))
    proven = [(revision, time) for revision, time, good in stamps if good]
    signatures = [
        await _signature(document, one, believed, proven, tail)
        for one in found
        if one.sig_object_type != "/DocTimeStamp"
    ]
    signatures += [_lost("", "unreadable")] * lost
    number, day = _issued(document)
    return Verdict(tuple(signatures), tuple((time, good) for _revision, time, good in stamps), number, day)


async def _signature(
    document: "PdfFileReader",
    one: "EmbeddedPdfSignature",
    believed: Any,
    proven: list[tuple[int, datetime]],
    tail: bool,
) -> Signature:
    from app.reports.signatures.changes import number_changed, pages_changed

    try:
        later = [time for revision, time in proven if revision > one.signed_revision]
        seen = await believed.signature(one, min(later, default=None))
        renumbered = one.field_name == "agency" and number_changed(document, one.signed_revision)
    except _unreadable():
        return _lost(one.field_name, "unreadable")
    change: Change = "appended" if tail else ""
    pages: tuple[int, ...] = ()
    if not seen.same_bytes:
        change = "altered"
    elif not seen.own_key:
        change = "forged"
    elif not seen.allowed or renumbered:
        pages = pages_changed(document, one.signed_revision)
        change = "changed"
    return Signature(
        signer=seen.signer,
        organisation=seen.organisation,
        issuer=seen.issuer,
        role=_role(one.field_name),
        time=seen.time,
        stamped=seen.stamped,
        change=change,
        pages=pages,
        trust=seen.trust,
        revocation=seen.revocation,
        listed=seen.listed,
    )


def _issued(document: "PdfFileReader") -> tuple[str, date | None]:
    """Number and date in the fields of the sheet."""
    from app.reports.signatures.changes import text_fields

    number = ""
    try:
        held = {name: words for name, words, _look in text_fields(document.root)}
        number = held.get("number", "")
        day, month, year = (int(part) for part in held["date"].split("/"))
        return number, date(year, month, day)
    except _unreadable():
        return number, None


def _lost(name: str, change: Change) -> Signature:
    return Signature("", "", "", _role(name), None, False, change, (), "unknown", "unknown", None)


def _role(name: str) -> str:
    return name if name in {"person", "agency"} else "other"


def _filled(document: "PdfFileReader") -> int:
    from pyhanko.sign.fields import enumerate_sig_fields

    return sum(1 for _field in enumerate_sig_fields(document, filled_status=True))


def _tail(pdf: bytes, document: "PdfFileReader") -> bool:
    """Whether anything stands behind the last revision."""
    end = _end(pdf, document.xrefs.get_startxref_for_revision(document.xrefs.total_revisions - 1))
    return end is not None and bool(pdf[end:].strip(b"\r\n\0 "))


def _end(pdf: bytes, start: int) -> int | None:
    """Where the revision ends whose cross-reference begins at `start`."""
    end = re.compile(rb"startxref\s+0*%d\s+%%%%EOF(\r\n|\r|\n)?" % start).search(pdf, start)
    return None if end is None else end.end()


def _unreadable() -> tuple[type[Exception], ...]:
    """What the libraries raise over a file that is not what it seems."""
    from pyhanko.pdf_utils.misc import PdfError

    return (
        PdfError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        AssertionError,
        RecursionError,
        OSError,
    )
