"""What was found out about signatures, in words: who signed, unchanged or not, what could not be checked."""

from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.periods import HANOI, show_date
from app.words import _

if TYPE_CHECKING:
    from app.reports.signatures.verifying import Signature, Verdict


def summary(verdict: "Verdict") -> str:
    """One sentence for the whole file."""
    if not verdict.signatures:
        return _("This file is not signed.")
    if not verdict.intact:
        return _("This file is not as it was signed. Do not use it; ask for the file as it was signed.")
    if not verified(verdict):
        return _("The content is unchanged since it was signed. Not all could be verified; see below.")
    return _("The signatures are right and the content is unchanged.")


def verified(verdict: "Verdict") -> bool:
    """Whether nothing is left unknown: trusted, and by valid lists not revoked."""
    return verdict.trusted and all(one.revocation == "good" for one in verdict.signatures)


def lines(one: "Signature") -> tuple[str, ...]:
    """What is said of one signature, a sentence each: who and when, content, certificate, revocation."""
    return (_who(one), _content(one), *_certificate(one))


def _who(one: "Signature") -> str:
    name = one.signer or _("unknown")
    if one.organisation and one.organisation != one.signer:
        name = f"{name} ({one.organisation})"
    if one.role == "person":
        name = _("Person in charge: {name}").format(name=name)
    elif one.role == "agency":
        name = _("Agency: {name}").format(name=name)
    if one.time is None:
        return _("{name}; the time of signing is not known").format(name=name)
    if one.stamped:
        return _("{name}; signed before {time}, by the stamp of a time authority").format(
            name=name, time=moment(one.time)
        )
    return _("{name}; signed at {time}, as the signer's machine says").format(
        name=name, time=moment(one.time)
    )


def _content(one: "Signature") -> str:
    if one.change == "altered":
        return _("The signed content was changed afterwards, or another program saved the file anew.")
    if one.change == "appended":
        return _("Something was put behind the end of the file after it was signed.")
    if one.change == "changed" and one.pages:
        pages = ", ".join(map(str, one.pages))
        return _("The document was changed after it was signed, on page {pages}.").format(pages=pages)
    if one.change == "changed":
        return _("The document was changed after it was signed; its pages show nothing of it.")
    if one.change == "forged":
        return _("The signature was not made with the key of its certificate.")
    if one.change == "unreadable":
        return _("The signature is damaged or of a kind that cannot be read.")
    return _("The content is unchanged since.")


def _certificate(one: "Signature") -> tuple[str, ...]:
    """Nothing is said of the certificate behind a signature that does not hold."""
    if not one.intact:
        return ()
    issuer = one.issuer or _("unknown")
    if one.trust == "revoked":
        return (_("The certificate was revoked by {issuer}.").format(issuer=issuer),)
    if one.trust == "expired":
        return (_("Not verified: the certificate has run out and no stamp says it held then."),)
    if one.trust == "not-yet":
        return (_("Not verified: the certificate holds only from a later day on."),)
    if one.trust == "unusable":
        return (_("Not verified: the certificate was not issued for signing documents."),)
    if one.trust == "unknown":
        told = _("Not verified: the authority “{issuer}” was not named as one to believe.")
        return (told.format(issuer=issuer),)
    if one.revocation == "good" and one.listed is not None:
        told = _("Valid by the list of revoked certificates of {day}.")
        return (told.format(day=show_date(one.listed)),)
    return (
        _("Issued by {issuer}.").format(issuer=issuer),
        _("Not verified yet whether the certificate was revoked: there is no valid list of it here."),
    )


def moment(time: datetime) -> str:
    """A moment as people here write it, in Hanoi time."""
    here = time.astimezone(HANOI)
    return f"{here:%H:%M} {show_date(here.date())}"
