"""The network road: HTTP to the province. The only module that meets requests."""

import random
import ssl
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.exceptions import HTTPError
from urllib3.util import SKIP_HEADER

from app.domain.periods import show_date, today
from sync.client import reasons, tls
from sync.client.heads import POOLS
from sync.client.link import (
    CertificateDates,
    Cut,
    Heard,
    NoAnswer,
    NoConnection,
    PlainHttp,
    Reply,
    Stopped,
    StoppedByUser,
    never,
    unheard,
)  # fmt: skip
from sync.client.replies import accepted
from sync.client.stopping import stoppable, wait_stoppable

CONNECT_SECONDS = 15
ANSWER_SECONDS = 60
MAX_ANSWER = 64 * 1024 * 1024
MAX_BUSY = 8
"""How often in a row the province may say that it is busy, before that is the answer."""
LONGEST_BUSY = 120
"""Seconds that are waited at most, whatever the province says."""
_STEP = 16 * 1024
_RECORD = 1200
"""Bytes that are sealed together over TLS: a record that is cut is lost whole. One packet holds as many."""
_BUSY = {429, 503}


class HttpLink:
    """Requests over one kept connection. Bytes are those of bodies and of the headers that are ours.

    address: such as `https://host` or `http://127.0.0.1:8765`. ca: the certificate (PEM) of the only
    authority that may vouch for it; empty for those that the system trusts. stopped: a person wants it to
    end. pause: waits so many seconds.
    Raises NoConnection where the address is none, PlainHttp where all could be read on the way.
    """

    def __init__(
        self,
        address: str,
        *,
        ca: str = "",
        stopped: Stopped = never,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        try:
            parts = urlsplit(address if "://" in address else f"https://{address}")
            host, _port = parts.hostname, parts.port  # these too raise where no such thing stands there
        except ValueError as error:
            raise NoConnection(why=reasons.NO_ADDRESS) from error
        if parts.scheme not in {"http", "https"} or not host:
            raise NoConnection(why=reasons.NO_ADDRESS)
        here = _is_this_machine(host)
        if parts.scheme == "http" and not here:
            raise PlainHttp(address=address)
        self._base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._session = requests.Session()
        # what these libraries add by themselves would cost 170 bytes a request and tells the province nothing
        self._session.headers.clear()
        self._session.headers.update(dict.fromkeys(("User-Agent", "Accept-Encoding"), SKIP_HEADER))
        if here:
            self._session.trust_env = False  # calls to the machine itself never go through an office's proxy
        self._context: tls.Resuming | None = None
        if parts.scheme == "https":
            self._context = tls.context(ca, DEFAULT_CA_BUNDLE_PATH)
        self._session.mount(f"{parts.scheme}://", _Adapter(self._context, pinned=bool(ca)))
        self._stopped = stopped
        self._pause = pause
        self.requests = 0
        self.bytes_up = 0
        self.bytes_down = 0
        self.busy = 0

    def post(self, path: str, body: bytes) -> bytes:
        """Send a body, return the body of the answer.

        Raises NoConnection, NoAnswer, Problem, StoppedByUser.
        """
        return accepted(self.call("POST", path, {}, body))

    def call(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, heard: Heard = unheard
    ) -> Reply:
        """One request and what came back, whatever it is; a busy province is waited for.

        heard: in the thread that calls, unless `stopped` was given. Raises Cut, NoConnection, StoppedByUser.
        """
        after = 0
        for left in reversed(range(MAX_BUSY)):
            reply = self._stoppably(method, path, headers, body, heard)
            seconds = _come_back(reply)
            if seconds is None:
                return reply
            after = seconds
            if not left:
                break
            self.busy += 1
            # all who were sent away at once must not come back at once
            self.wait(seconds * (1 + random.random()))
        raise NoConnection(why=reasons.BUSY, retry_after=after)

    def wait(self, seconds: float) -> None:
        """Let time pass before the next try. Raises StoppedByUser."""
        wait_stoppable(seconds, self._stopped, self._pause)

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def _stoppably(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, heard: Heard
    ) -> Reply:
        arriving = _Arriving()
        try:
            return stoppable(lambda: self._once(method, path, headers, body, heard, arriving), self._stopped)
        except StoppedByUser as stop:
            stop.reply = arriving.reply
            raise

    def _once(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, heard: Heard, into: "_Arriving"
    ) -> Reply:
        self.requests += 1
        try:
            answer = self._session.request(
                method,
                self._base + path,
                data=BytesIO(body) if self._context is not None and len(body) > _RECORD else body or None,
                headers=dict(headers),
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
                stream=True,
            )
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            if reasons.out_of_date(error):
                raise CertificateDates(today=show_date(today(int(time.time())))) from error
            if reasons.unreached(error):
                raise NoConnection(why=reasons.why(error)) from error
            self.bytes_up += len(body)
            raise Cut(why=reasons.why(error)) from error
        self.bytes_up += len(body) + _header_bytes(answer.request.headers)
        return self._read(answer, heard, into)

    def _read(self, answer: requests.Response, heard: Heard, into: "_Arriving") -> Reply:
        into.begin(answer)
        try:
            while part := answer.raw.read1(_STEP, decode_content=True):
                into.content += part
                heard(len(into.content), into.length)
                if len(into.content) > MAX_ANSWER:
                    raise NoAnswer()
            if into.is_short:
                raise ConnectionResetError
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            answer.close()
            raise Cut(why=reasons.why(error), reply=into.reply) from error
        finally:
            self.bytes_down += len(into.content) + _header_bytes(answer.headers)
            if self._context is not None:
                self._context.remember()
        answer.raw.release_conn()
        return Reply(into.status, into.head, bytes(into.content))


class _Arriving:
    """An answer as it arrives."""

    def __init__(self) -> None:
        self.status, self.head, self.content, self.length = 0, dict[str, str](), bytearray(), 0

    def begin(self, answer: requests.Response) -> None:
        """Its head is here."""
        self.head = {name.lower(): value for name, value in answer.headers.items()}
        length = self.head.get("content-length", "")
        self.length = int(length) if length.isascii() and length.isdecimal() else 0
        self.status = answer.status_code

    @property
    def is_short(self) -> bool:
        """Whether bytes are missing that were announced."""
        return len(self.content) < self.length and "content-encoding" not in self.head

    @property
    def reply(self) -> Reply | None:
        """What is here of it; None before its head is, or where its beginning cannot be read by itself."""
        if not self.status or "content-encoding" in self.head:
            return None
        return Reply(self.status, self.head, bytes(self.content))


class _Adapter(HTTPAdapter):
    """Connects in our own way.

    context: resumes sessions over TLS; None for plain HTTP. pinned: nothing else may be trusted beside what
    is in it.
    """

    def __init__(self, context: ssl.SSLContext | None, *, pinned: bool) -> None:
        self._secure: dict[str, Any] = (
            {} if context is None else {"ssl_context": context, "blocksize": _RECORD}
        )
        self._pinned = pinned
        super().__init__()

    def init_poolmanager(self, *given: Any, **more: Any) -> None:
        """As the standard one, with our context and connections."""
        super().init_poolmanager(*given, **{**more, **self._secure})
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
        """As the standard one, with our context and connections."""
        manager = super().proxy_manager_for(proxy, **{**more, **self._secure})
        manager.pool_classes_by_scheme = POOLS
        return manager

    def send(self, request: requests.PreparedRequest, *given: Any, **more: Any) -> requests.Response:
        """What the office's own settings name is trusted too, unless an authority is pinned."""
        if self._pinned:
            more["verify"] = True
        return super().send(request, *given, **more)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Ours holds already what is trusted; the standard one would load its own list at each connection."""
        if verify is True:
            conn.cert_reqs = "CERT_REQUIRED"
        else:
            super().cert_verify(conn, url, verify, cert)


def _come_back(reply: Reply) -> int | None:
    """Seconds after which a busy province wants to be asked again; None where it does not say so."""
    after = reply.headers.get("retry-after", "")
    if reply.status not in _BUSY or not (after.isascii() and after.isdecimal()):
        return None
    return min(int(after[:9]), LONGEST_BUSY)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _header_bytes(headers: Any) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.items())
