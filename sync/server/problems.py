"""What goes wrong, as problem details (RFC 9457): code, sentence, facts, and nothing of what was sent."""

import json
import logging
from collections.abc import Mapping
from datetime import date

from starlette.responses import Response

from app.domain.errors import LedgerError
from app.words import explain

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:so-nhiem-vu:"
COME_BACK = 5
"""Seconds after which it is worth to ask again, where the province cannot take a request just now."""

_STATUS: Mapping[str, int] = {
    "code-unknown": 404,
    "code-used": 409,
    "code-expired": 410,
    "enrol-altered": 403,
    "device-taken": 409,
    "not-our-certificate": 403,
    "escrow-closed": 403,
    "escrow-other-unit": 403,
    "unknown-device": 403,
    "paper-only-here": 403,
    "unknown-signer": 403,
    "unknown-unit": 404,
    "bad-envelope": 400,
    "bad-message": 400,
    "bad-date": 400,
    "bad-week": 400,
    "request-too-large": 413,
    "bad-request": 400,
    "not-found": 404,
    "method-not-allowed": 405,
    "home-missing": 503,
    "ledger-busy": 503,
    "database-unreachable": 503,
    "province-busy": 503,
    "disk-full": 507,
    "upload-no-leave": 401,
    "upload-wrong-leave": 403,
    "upload-unknown": 404,
    "upload-offset": 409,
    "upload-version": 412,
    "upload-too-large": 413,
    "upload-type": 415,
    "upload-checksum": 460,
    "upload-no-room": 507,
}
_PRIVATE = frozenset({"path", "why", "reason", "folder", "file"})  # of this machine; not for others to know

_log = logging.getLogger("so_nhiem_vu.server")


class NotFound(LedgerError):
    """Nothing lies at this address."""

    code = "not-found"


class MethodNotAllowed(LedgerError):
    """The address is there, but not for this method."""

    code = "method-not-allowed"


class BodyTooLarge(LedgerError):
    """More bytes than one request may have. Facts: limit, in MiB."""

    code = "request-too-large"


class NotUnderstood(LedgerError):
    """A request that does not fit the description of the interface."""

    code = "bad-request"


def problem(error: Exception) -> Response:
    """The answer that tells an error. A bug is logged, and told as one, without its words."""
    if not isinstance(error, LedgerError):
        _log.error("unexpected", exc_info=error)
        return _response("bug", 500, explain(error), {})
    status = _STATUS.get(error.code, 500)
    if status >= 500 and error.code != "province-busy":
        _log.error("%s %s", error.code, error.facts)
    return _response(error.code, status, explain(error), error.facts)


def _response(code: str, status: int, title: str, facts: Mapping[str, object]) -> Response:
    told = {name: _plain(fact) for name, fact in facts.items() if name not in _PRIVATE}
    content = {**told, "type": TYPE + code, "title": title, "status": status}
    headers = {413: {"Connection": "close"}, 503: {"Retry-After": str(COME_BACK)}}.get(status)
    return Response(json.dumps(content, ensure_ascii=False), status, headers, MEDIA_TYPE)


def _plain(fact: object) -> object:
    if isinstance(fact, date):
        return fact.isoformat()
    return fact if isinstance(fact, int | str | None) else str(fact)
