"""The network road: HTTP to the province. The only module that meets requests."""

import json
from typing import Any
from urllib.parse import urlsplit

import requests

from sync.client.link import NoAnswer, NoConnection, Problem

CONNECT_SECONDS = 15
ANSWER_SECONDS = 60
MAX_ANSWER = 64 * 1024 * 1024
_TYPE = "urn:so-nhiem-vu:"
_BODY = "application/cose"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class HttpLink:
    """Requests over one kept connection. Bytes are those of bodies and of the headers that are ours.

    address: such as `https://host` or `http://127.0.0.1:8765`. Raises NoConnection where it is none.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NoConnection(why=address)
        self._base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._session = requests.Session()
        self._session.headers.clear()  # its own would cost a hundred bytes a request
        if parts.hostname in _LOOPBACK:
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
                headers={"Content-Type": _BODY},
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
                stream=True,
            )
            self.bytes_up += len(body) + _header_bytes(answer.request.headers)
            content = answer.raw.read(MAX_ANSWER + 1, decode_content=True)
        except (requests.RequestException, OSError, ValueError) as error:
            raise NoConnection(why=_short(error)) from error
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
            facts = {
                k: v for k, v in said.items() if k not in {"type", "title", "status", "detail", "problem"}
            }
            raise Problem(problem.removeprefix(_TYPE), **facts)
    raise NoAnswer()


def _header_bytes(headers: Any) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.items())


def _short(error: Exception) -> str:
    """What the machine said, in one word: the sentence around it says the rest."""
    cause: BaseException = error
    while cause.__cause__ or cause.__context__:
        cause = cause.__cause__ or cause.__context__ or cause
    return type(cause).__name__
