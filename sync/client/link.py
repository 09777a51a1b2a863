"""What a road to the province is for the engine, and the ways it can fail."""

from typing import Protocol

from app.domain.errors import LedgerError


class NoConnection(LedgerError):
    """The province cannot be reached; nothing is lost. Facts: why."""

    code = "no-connection"


class NoAnswer(NoConnection):
    """Something answered that is not the province: a login page, a proxy, another program."""

    code = "no-answer"


class OtherProvince(LedgerError):
    """What answers is signed by another key than the one that this device pinned."""

    code = "other-province"


class Problem(LedgerError):
    """A refusal in the province's own form (RFC 9457); `problem` is its code. Not signed, so never believed
    about data: it only says why an enrolment is refused, or that the device is not known.
    """

    code = "problem"

    def __init__(self, problem: str, **facts: object) -> None:
        super().__init__(problem=problem, **facts)
        self.problem = problem


class Link(Protocol):
    """One road for requests and answers, which counts what went over it."""

    requests: int
    bytes_up: int
    bytes_down: int

    def post(self, path: str, body: bytes) -> bytes:
        """Send a body, return the body of the answer. Raises NoConnection, NoAnswer, Problem."""
        ...
