"""What came back over HTTP, and whether it has the province's own form."""

import json
from typing import Any

from sync.client.link import NoAnswer, Problem, Reply

COSE = "application/cose"
_PROBLEM = "application/problem+json"
_TYPE = "urn:so-nhiem-vu:"
_FRAME = {"type", "title", "status", "detail", "problem", "self"}


def kind(reply: Reply) -> str:
    """The media type that a reply says it has."""
    return reply.headers.get("content-type", "").split(";")[0]


def accepted(reply: Reply) -> bytes:
    """The body of an answer that has the province's own form. Raises NoAnswer, Problem."""
    if reply.status in {200, 204} and kind(reply) in {COSE, ""}:
        return reply.body
    raise refusal(reply)


def refusal(reply: Reply) -> Problem | NoAnswer:
    """What a reply says that is no answer: a problem in the province's form, else NoAnswer."""
    if kind(reply) != _PROBLEM:
        return NoAnswer()
    try:
        said: dict[str, Any] = json.loads(reply.body)
        problem = str(said["type"])
    except (ValueError, KeyError, TypeError):
        return NoAnswer()
    if not problem.startswith(_TYPE):
        return NoAnswer()
    facts = {k: v for k, v in said.items() if k not in _FRAME and isinstance(v, str | int)}
    return Problem(problem.removeprefix(_TYPE), **facts)
