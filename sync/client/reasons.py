"""Why there is no connection: a phrase of the catalogue for whatever the libraries below raise."""

from collections.abc import Iterator

from app.words import N_

NO_ADDRESS = N_("this is no address; it looks like https://name-of-the-province")
BUSY = N_("the province has too much to do just now")
TROUBLE = N_("the province answers, but something is wrong there")
BROKEN = N_("the connection broke off")
_SETTINGS = N_("the network settings of this machine name a file that is not there")
_BAD_DATES = (9, 10)  # OpenSSL: not yet valid, expired
_PROXY = {"ProxyError", "InvalidProxyURL", "InvalidSchema"}
_STRANGER = {"SSLCertVerificationError"}
_NO_TLS = {"SSLError"}
_ENDED = {"SSLEOFError", "SSLZeroReturnError", "SSLSyscallError"}
_NO_NAME = {"gaierror", "NameResolutionError"}
_NOBODY = {"ConnectionRefusedError"}
_NOWHERE = {"InvalidURL", "MissingSchema", "LocationParseError", "UnicodeError"}
_REASONS = (
    # the scheme of the address is known by now, so an unknown one is a proxy's
    (_PROXY, N_("the proxy of this network does not let it through")),
    (_STRANGER, N_("the certificate at this address is not accepted")),
    (_NO_TLS, N_("no secure connection is offered there; is it https:// or http:// on the paper?")),
    ({"ConnectTimeout", "ReadTimeout", "TimeoutError", "ConnectTimeoutError", "ReadTimeoutError"},
     N_("no answer came in time")),
    (_NO_NAME, N_("this name is not known in this network")),
    (_NOBODY, N_("nobody listens at this address")),
    (_NOWHERE, NO_ADDRESS),
)  # fmt: skip
"""By the names of the errors, of whichever library; the first line that fits decides."""
_UNREACHED = (
    _PROXY
    | _STRANGER
    | _NO_TLS
    | _NO_NAME
    | _NOBODY
    | _NOWHERE
    | {"ConnectTimeout", "ConnectTimeoutError", "NewConnectionError"}
)


def why(error: BaseException) -> str:
    """What went wrong, as far as the chain of errors tells: a phrase of the catalogue."""
    chain = list(_chain(error))
    if _names_no_file(chain):
        return _SETTINGS
    names = _names(chain)
    return next((words for kinds, words in _REASONS if kinds & names), BROKEN)


def out_of_date(error: BaseException) -> bool:
    """Whether a certificate is refused for its dates alone."""
    return any(getattr(link, "verify_code", None) in _BAD_DATES for link in _chain(error))


def unreached(error: BaseException) -> bool:
    """Whether nothing was sent, because there was no connection to send it over."""
    chain = list(_chain(error))
    return _names_no_file(chain) or bool(_UNREACHED & _names(chain))


def _names(chain: list[BaseException]) -> set[str]:
    names = {type(link).__name__ for link in chain}
    if names & _ENDED:  # a secure connection that was there, or began to be, and ended
        names -= _NO_TLS
    return names


def _names_no_file(chain: list[BaseException]) -> bool:
    """How requests says that REQUESTS_CA_BUNDLE leads nowhere."""
    return any(type(link) is OSError and link.errno is None for link in chain)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and those that it came from."""
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__ or _inner(link)


def _inner(error: BaseException) -> BaseException | None:
    """The error that these libraries wrap into another one, as its argument or its `reason`."""
    inner = getattr(error, "reason", None) or (error.args[0] if error.args else None)
    return inner if isinstance(inner, BaseException) else None
