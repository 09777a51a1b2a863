"""What can be wrong with what arrives, by any road."""

from app.domain.errors import LedgerError


class BadEnvelope(LedgerError):
    """Not an envelope of ours, damaged on the way, or not signed by whom it names."""

    code = "bad-envelope"


class UnknownSigner(LedgerError):
    """A well-formed envelope of a signer whose key is not known here. Fact: `kid`."""

    code = "unknown-signer"


class BadMessage(LedgerError):
    """The signature holds, but what is inside is no message of the protocol. Fact: `why`, for the log."""

    code = "bad-message"
