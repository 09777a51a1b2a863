"""What a road to the province is for the engine, and the ways it can fail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from app.domain.errors import LedgerError


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an exchange has come, in bytes of bodies. A total is 0 as long as it is not known."""

    phase: Literal["words", "evidence"]
    up: int
    up_total: int
    down: int
    down_total: int


Tell = Callable[[Progress], None]
"""Is told how far it has come; called in the thread that exchanges."""

Stopped = Callable[[], bool]
"""Says whether a person wants it to stop; asked often, in the thread that exchanges."""

Heard = Callable[[int, int], None]
"""Is told while an answer arrives: bytes of its body so far, and of the whole body, 0 if not known."""


def silent(_progress: Progress) -> None:
    """Tells nobody."""


def never() -> bool:
    """Nobody stops it."""
    return False


def unheard(_here: int, _total: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back over HTTP, whoever sent it. headers: their names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoConnection(LedgerError):
    """The province cannot be reached; nothing is lost. Facts: why."""

    code = "no-connection"


class Cut(NoConnection):
    """The connection was there and broke off. Facts: why.

    reply: what had come of the answer, its body cut short; None if its head had not come.
    """

    def __init__(self, *, why: str, reply: Reply | None = None) -> None:
        super().__init__(why=why)
        self.reply = reply


class NoAnswer(NoConnection):
    """Something answered that is not the province: a login page, a proxy, another program."""

    code = "no-answer"


class TooNarrow(NoConnection):
    """Something on the way lets nothing through, however small the parts. Facts: bytes, of the smallest."""

    code = "road-too-narrow"


class CertificateDates(NoConnection):
    """The certificate of the address does not hold on this machine's date: mostly the clock is wrong.

    Facts: today (a date), by this machine's clock.
    """

    code = "certificate-dates"


class PlainHttp(LedgerError):
    """An address that begins with http:// and is not this machine: all could be read on the way.

    Facts: address.
    """

    code = "plain-http"


class StoppedByUser(LedgerError):
    """A person stopped it; what has arrived stays, and the rest goes next time.

    reply: what had come of an answer by then.
    """

    code = "stopped"

    def __init__(self) -> None:
        super().__init__()
        self.reply: Reply | None = None


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


@runtime_checkable
class PartsLink(Link, Protocol):
    """A road that can carry an envelope in parts, because it shows what came back as it came.

    busy: how often the province was busy and said when to come back.
    """

    busy: int

    def call(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, heard: Heard = unheard
    ) -> Reply:
        """One request and what came back, whatever it is.

        Raises Cut with what came of it, NoConnection, StoppedByUser.
        """
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass before the next try. Raises StoppedByUser."""
        ...
