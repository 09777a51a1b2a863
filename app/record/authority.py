"""A certificate authority out of a file: by it, and by no other, a machine will know the province."""

import re
import ssl
from pathlib import Path

from app.domain.errors import LedgerError
from app.record import outside

_LIMIT = 100_000
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", re.DOTALL)


class NotACertificate(LedgerError):
    """The file holds no certificate in the form PEM. Facts: file."""

    code = "no-certificate"


def read(path: Path) -> str:
    """The certificates (PEM) in a file, and nothing else of it: no key, no notes.

    Raises FileUnreadable, NotACertificate.
    """
    with outside.opened(path) as source:
        content = source.read(_LIMIT).decode("ascii", errors="replace")
    found = "".join(_CERTIFICATE.findall(content))
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=found)
    except (ssl.SSLError, ValueError) as error:
        raise NotACertificate(file=str(path)) from error
    return found
