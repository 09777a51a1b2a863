"""Secure connections that begin where the last one ended: TLS 1.3, sessions resumed within a process."""

import ssl
import weakref
from typing import Any

from app.words import N_
from sync.client.link import NoConnection

_BAD_AUTHORITY = N_("the certificate that was pinned at enrolment cannot be read")


class Resuming(ssl.SSLContext):
    """Offers the last session to the next connection, which saves the certificates on the way."""

    _session: ssl.SSLSession | None
    _last: "weakref.ref[ssl.SSLSocket] | None"

    def __new__(cls) -> "Resuming":
        """For a client, with nothing to resume yet."""
        made = super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)
        made._session = made._last = None
        return made

    def wrap_socket(self, *given: Any, **more: Any) -> ssl.SSLSocket:
        """As the standard one, with the last session."""
        more.setdefault("session", self._session)
        made = super().wrap_socket(*given, **more)
        self._last = weakref.ref(made)
        return made

    def remember(self) -> None:
        """Keep the session of the newest connection. After an answer: a ticket comes with it, not before."""
        made = self._last() if self._last is not None else None
        if made is not None and (session := made.session) is not None and session.has_ticket:
            self._session = session


def context(ca: str, bundle: str) -> Resuming:
    """A context for the province. ca: PEM of the only authority it trusts; empty for the system's.

    bundle: file of authorities that are trusted beside the system's, which may have none.
    Raises NoConnection where the PEM is none.
    """
    made = Resuming()
    if ca:
        made.minimum_version = ssl.TLSVersion.TLSv1_3  # our own server offers nothing older
        try:
            made.load_verify_locations(cadata=ca)
        except (ssl.SSLError, ValueError) as error:
            raise NoConnection(why=_BAD_AUTHORITY) from error
    else:
        made.load_default_certs()
        made.load_verify_locations(bundle)
    return made
