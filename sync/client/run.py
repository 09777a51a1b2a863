"""One exchange with the province by network, whoever asks for it: command line, window, schedule.

Two at once are one: the second waits for the first and returns its result.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from app.domain.errors import LedgerError
from app.record.files import alone
from app.services.evidence import vault
from app.services.opening import Opened
from app.storage import diary, meta
from app.storage import evidence as files
from sync.client import uploads
from sync.client.engine import Exchange, synchronise
from sync.client.link import (
    NoAnswer,
    NoConnection,
    OtherProvince,
    Stopped,
    StoppedByUser,
    Tell,
    never,
    silent,
)  # fmt: skip
from sync.client.network import HttpLink

_LOCK = "sync.lock"
_LAST = "last_run"
_EVER = 10**9
_LATER = "evidence-later"
_MAX_BATCHES = 20
_AGAIN: dict[str, Callable[[dict[str, Any]], LedgerError]] = {
    NoConnection.code: lambda facts: NoConnection(why=facts.get("why", "")),
    NoAnswer.code: lambda _: NoAnswer(),
    OtherProvince.code: lambda _: OtherProvince(),
}
"""Failures of another run that hold for whoever waited for it; after any other one it is tried again."""


def run(opened: Opened, *, evidence: bool = True, tell: Tell = silent, stopped: Stopped = never) -> Exchange:
    """Exchange until nothing waits: the words, then the files of evidence where they are wanted.

    A run that is under way, of whatever program on this ledger, is waited for, and its result is returned.
    tell, stopped: called in this thread, or in one beside it.
    Raises NoConnection, NoAnswer, TooNarrow, OtherProvince, PlainHttp, CodeRefused, StoppedByUser.
    """
    before, waited = _last(opened), False

    def look(seconds: float) -> None:
        nonlocal waited
        waited = True
        if stopped():
            raise StoppedByUser()
        time.sleep(seconds)

    with alone(opened.home.path / _LOCK, tries=_EVER, pause=look):
        if waited and (found := _of_another(opened, before)) is not None:
            return found
        try:
            done = _exchange(opened, evidence, tell, stopped)
        except LedgerError as error:
            with suppress(LedgerError):  # what went wrong is what is told
                _keep(opened, failure=error.code, facts={"why": str(error.facts.get("why", ""))})
            raise
        _keep(opened, done=asdict(done))
        return done


def _exchange(opened: Opened, evidence: bool, tell: Tell, stopped: Stopped) -> Exchange:
    began, identity = time.monotonic(), opened.ledger.identity
    link = HttpLink(identity.server, ca=identity.ca, stopped=stopped)
    with opened.ledger.read() as connection:
        held = files.held_count(connection)
    try:
        words = synchronise(opened.ledger, link, opened.sign, tell=tell, stopped=stopped)
        if words.received:  # into a ledger restored from an older copy, perhaps, whose files are still here
            with opened.ledger.edit() as edit:
                files.adopt(edit.connection, vault(opened), opened.ledger.now())
        told = _files(opened, link, tell, stopped) if evidence else ()
    finally:
        link.close()
    with opened.ledger.read() as connection:
        held = files.held_count(connection) - held
    return replace(
        words,
        requests=link.requests,
        bytes_up=link.bytes_up,
        bytes_down=link.bytes_down,
        seconds=time.monotonic() - began,
        told=words.told + told,
        evidence_sent=max(0, held),
    )


def _files(opened: Opened, link: HttpLink, tell: Tell, stopped: Stopped) -> tuple[str, ...]:
    """The files, after the words: those are with the province, so a link that breaks now is no failure.

    Returns the code of what is to be said. What went whole is asked about once more: only a signed answer
    says that the province holds it, and it brings leave for more.
    """
    for _ in range(_MAX_BATCHES):
        with opened.ledger.read() as connection:
            if not files.to_send(connection):
                break
        count, said = _send(opened, link, tell, stopped)
        try:
            if count and said != _LATER:
                synchronise(opened.ledger, link, opened.sign, stopped=stopped)
        except NoConnection:
            said = said or _LATER
        if said:
            return (said,)
        if not count:
            break
    return ()


def _send(opened: Opened, link: HttpLink, tell: Tell, stopped: Stopped) -> tuple[int, str]:
    """How many files went whole, and the code of what stopped it; with a line in the diary."""
    up, down, said = link.bytes_up, link.bytes_down, ""
    try:
        uploads.send(opened, link, tell=tell, stopped=stopped)
    except NoConnection:
        said = _LATER
    except uploads.ProvinceFull as error:
        said = error.code
    with opened.ledger.edit() as edit:
        count = files.sent_count(edit.connection)
        if count or said:
            diary.note(
                edit.connection,
                at=opened.ledger.now(),
                road="network",
                sent=count,
                received=0,
                refused=0,
                bytes_up=link.bytes_up - up,
                bytes_down=link.bytes_down - down,
                failure=said or None,
            )
    return count, said


def _of_another(opened: Opened, before: dict[str, Any]) -> Exchange | None:
    """What the run that was waited for came to; None if it left nothing, or nothing that holds for us.

    Raises what it raised.
    """
    last = _last(opened)
    if last.get("id") == before.get("id"):
        return None  # it was killed, or is older than this
    if again := _AGAIN.get(last.get("failure") or ""):
        raise again(last.get("facts", {}))
    done = last.get("done")
    return Exchange(**{**done, "told": tuple(done["told"])}) if done else None


def _last(opened: Opened) -> dict[str, Any]:
    with opened.ledger.read() as connection:
        return dict(meta.read(connection, _LAST) or {})


def _keep(opened: Opened, **facts: Any) -> None:
    with opened.ledger.edit() as edit:
        meta.write(edit.connection, _LAST, {"id": secrets.token_hex(8), **facts})
