"""The certificate that the province's address shows: TLS 1.3 only, as small as it can be."""

import ssl
from pathlib import Path

from app.domain.errors import LedgerError
from app.record.faults import why
from app.record.outside import ordinary


class CertificateUnusable(LedgerError):
    """The certificate, or its key, cannot be served with. Facts: file, why."""

    code = "certificate-unusable"


class KeyMissing(LedgerError):
    """Of certificate and key, only one was given."""

    code = "certificate-half"


def certificate(file: str | None, key: str | None) -> ssl.SSLContext | None:
    """A context for these two files (PEM); None where neither is given.

    Raises KeyMissing, CertificateUnusable.
    """
    if file is None and key is None:
        return None
    if file is None or key is None:
        raise KeyMissing()
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.num_tickets = 1  # one to go on with; each costs a connection a quarter of a kilobyte
    try:
        for given in (file, key):
            ordinary(Path(given)).close()  # a pipe would be waited for
        made.load_cert_chain(
            file, key, password=lambda: b""
        )  # a key under a password would wait for a person
    except ssl.SSLError as error:
        raise CertificateUnusable(file=file, why=error.reason or "SSL") from error
    except OSError as error:
        raise CertificateUnusable(file=file, why=why(error)) from error
    return made
