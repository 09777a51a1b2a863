"""The network road: HTTP to the province. The only module that meets requests."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError
from urllib3.util import SKIP_HEADER

from app.words import N_
from sync.client.link import NoAnswer, NoConnection, Problem

CONNECT_SECONDS = 15
ANSWER_SECONDS = 60
MAX_ANSWER = 64 * 1024 * 1024
_FRAME = {"type", "title", "status", "detail", "problem", "self"}
_TYPE = "urn:so-nhiem-vu:"
_BODY = "application/cose"
_NO_ADDRESS = N_("this is no address; it looks like https://name-of-the-province")
_BROKEN = N_("the connection broke off")
_SETTINGS = N_("the network settings of this machine name a file that is not there")
_CLOCK = N_("the certificate does not hold on the date of this machine; check its clock first")
_BAD_DATES = (9, 10)  # OpenSSL: not yet valid, expired
_REASONS = (
    # the scheme of the address is known by now, so an unknown one is a proxy's
    ({"ProxyError", "InvalidProxyURL", "InvalidSchema"},
     N_("the proxy of this network does not let it through")),
    ({"SSLCertVerificationError"}, N_("the certificate at this address is not accepted")),
    ({"SSLError"}, N_("no secure connection is offered there; is it https:// or http:// on the paper?")),
    ({"ConnectTimeout", "ReadTimeout", "TimeoutError", "ConnectTimeoutError", "ReadTimeoutError"},
     N_("no answer came in time")),
    ({"gaierror", "NameResolutionError"}, N_("this name is not known in this network")),
    ({"ConnectionRefusedError"}, N_("nobody listens at this address")),
    ({"InvalidURL", "MissingSchema", "LocationParseError", "UnicodeError"}, _NO_ADDRESS),
)  # fmt: skip
"""By the names of the errors, of whichever library; the first line that fits decides."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class HttpLink:
    """Requests over one kept connection. Bytes are those of bodies and of the headers that are ours.

    address: such as `https://host` or `http://127.0.0.1:8765`. Raises NoConnection where it is none.
    """

    def __init__(self, address: str) -> None:
        try:
            parts = urlsplit(address if "://" in address else f"https://{address}")
            host, _port = parts.hostname, parts.port  # these too raise where no such thing stands there
        except ValueError as error:
            raise NoConnection(why=_NO_ADDRESS) from error
        if parts.scheme not in {"http", "https"} or not host:
            raise NoConnection(why=_NO_ADDRESS)
        self._base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._session = requests.Session()
        # what these libraries add by themselves would cost 170 bytes a request and tells the province nothing
        self._session.headers.clear()
        self._session.headers.update(dict.fromkeys(("User-Agent", "Accept-Encoding"), SKIP_HEADER))
        if host in _LOOPBACK:
            self._session.trust_env = False  # calls to the machine itself never go through an office's proxy
        self.requests = 0
        self.bytes_up = 0
        self.bytes_down = 0

    def post(self, path: str, body: bytes) -> bytes:
        """Send a body, return the body of the answer. Raises NoConnection, NoAnswer, Problem."""
        self.requests += 1
        try:
            answer = self._session.post(
                self._base + path,
                data=body,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
                stream=True,
            )
            self.bytes_up += len(body) + _header_bytes(answer.request.headers)
            content = answer.raw.read(MAX_ANSWER + 1, decode_content=True)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise NoConnection(why=_why(error)) from error
        self.bytes_down += len(content) + _header_bytes(answer.headers)
        return _accepted(answer, content)

    def close(self) -> None:
        """End the connection."""
        self._session.close()


def _accepted(answer: requests.Response, content: bytes) -> bytes:
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    if answer.status_code in {200, 204} and kind in {_BODY, ""} and len(content) <= MAX_ANSWER:
        return content
    if kind == "application/problem+json":
        try:
            said: dict[str, Any] = json.loads(content)
            problem = str(said["type"])
        except (ValueError, KeyError, TypeError) as error:
            raise NoAnswer() from error
        if problem.startswith(_TYPE):
            facts = {k: v for k, v in said.items() if k not in _FRAME and isinstance(v, str | int)}
            raise Problem(problem.removeprefix(_TYPE), **facts)
    raise NoAnswer()


def _header_bytes(headers: Any) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.items())


def _why(error: BaseException) -> str:
    """What went wrong, as far as the chain of errors tells: a phrase of the catalogue."""
    chain = list(_chain(error))
    if any(getattr(link, "verify_code", None) in _BAD_DATES for link in chain):
        return _CLOCK
    if any(type(link) is OSError and link.errno is None for link in chain):
        return _SETTINGS  # how requests says that REQUESTS_CA_BUNDLE leads nowhere
    names = {type(link).__name__ for link in chain}
    return next((words for kinds, words in _REASONS if kinds & names), _BROKEN)


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
