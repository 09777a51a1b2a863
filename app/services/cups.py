"""Printing through CUPS, by its own programs: the PDF goes to the queue as it is, at exactly 100 %.

`print-scaling=none` is what keeps small codes readable: "fit", which printing dialogs propose, prints at 94 %
where the printer has margins of 6 mm. CUPS tells how a job goes only when it is asked, so it is asked again
and again for a bounded time. A job that a printer does not take is withdrawn: «In lại» then prints it once.
"""

import os
import re
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from app.services.printing import (
    NoPrinter,
    Order,
    Printer,
    PrinterGone,
    PrinterSilent,
    PrintRefused,
    show_pages,
)
from app.words import _

POLL_SECONDS = 0.5
PATIENCE_SECONDS = 120.0
"""How long a job that goes on is followed; the queue keeps it after that."""
SILENCE_SECONDS = 20.0
"""How long a printer may be stopped or out of reach before the job is withdrawn."""

_CALL_SECONDS = 12
_BROKEN = re.compile(r"abort|cancel|error|stopped(?!-point)", re.IGNORECASE)
_UNREACHED = re.compile(
    r"not exist|unavailable|not responding|unreachable|off-?line|turned off", re.IGNORECASE
)


class Answer(NamedTuple):
    """What a program of the system said."""

    code: int
    out: str
    error: str


Run = Callable[[Sequence[str], bytes], Answer]
"""Runs a program with bytes as its input. Raises NoPrinter where there is no such program or no answer."""

State = Literal["waiting", "printing", "done", "failed", "silent"]


class Standing(NamedTuple):
    """How a job stands; why: the printer's own words, if any."""

    state: State
    why: str = ""


Outcome = Literal["printed", "queued", "stopped"]
"""printed: the printer has it all. queued: CUPS goes on with it. stopped: withdrawn as the person wished."""


def run(command: Sequence[str], given: bytes = b"") -> Answer:
    """Run a program of CUPS, in English, for 12 seconds at most."""
    try:
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            timeout=_CALL_SECONDS,
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"},
        )
    except (OSError, subprocess.TimeoutExpired) as wrong:
        raise NoPrinter() from wrong
    return Answer(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


class Cups:
    """The printing service of this machine. Safe on any thread."""

    def __init__(self, run: Run = run) -> None:
        self._run = run

    def printers(self) -> tuple[Printer, ...]:
        """The printers, the default one first. Raises NoPrinter when there are none."""
        names = self._run(["lpstat", "-e"], b"").out.split()
        if not names:
            raise NoPrinter()
        default = self._run(["lpstat", "-d"], b"").out.rpartition(": ")[2].strip()
        found = (self._printer(name, default=name == default) for name in names)
        return tuple(sorted(found, key=lambda each: not each.default))

    def send(self, pdf: bytes, order: Order) -> str:
        """Give a PDF to the queue; gives the job's id. Raises PrinterGone, PrintRefused, NoPrinter."""
        command = ["lp", "-d", order.printer, "-t", order.title, "-n", str(order.copies)]
        command += ["-o", "print-scaling=none", "-o", f"media={order.paper}", "-o", f"sides={order.sides}"]
        command += ["-o", "number-up=1", "-o", "collate=true"]
        if order.pages:
            command += ["-P", show_pages(order.pages)]
        answer = self._run(command, pdf)
        job = re.search(r"request id is (\S+)", answer.out)
        if answer.code == 0 and job:
            return job[1]
        if "does not exist" in answer.error:
            raise PrinterGone(printer=order.printer)
        raise PrintRefused(printer=order.printer, why=_plain(_words(answer.error)))

    def standing(self, job: str) -> Standing:
        """How a job stands now."""
        printer = job.rpartition("-")[0]
        under_way = _job(self._run(["lpstat", "-l", "-W", "not-completed", "-o", printer], b"").out, job)
        if under_way is None:
            ended = _job(self._run(["lpstat", "-l", "-W", "completed", "-o", printer], b"").out, job)
            if ended is not None and _BROKEN.search(ended.alerts):
                return Standing("failed", ended.status)
            return Standing("done")
        stopped = _stopped(self._run(["lpstat", "-l", "-p", printer], b"").out)
        if stopped is not None:
            return Standing("silent", stopped or under_way.status)
        if _UNREACHED.search(under_way.status):
            return Standing("silent", under_way.status)
        return Standing("printing" if "printing" in under_way.alerts else "waiting", under_way.status)

    def cancel(self, job: str) -> None:
        """Withdraw a job; one that is done already stays done."""
        self._run(["cancel", job], b"")

    def follow(
        self,
        job: str,
        *,
        stopped: Callable[[], bool] = lambda: False,
        left: Callable[[], bool] = lambda: False,
        told: Callable[[Standing], object] = lambda _standing: None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] = time.sleep,
    ) -> Outcome:
        """Ask how a job goes until it is done, withdrawn, or has been followed long enough.

        stopped: whether a person gave up; left: whether the program ends, and the queue goes on without it.
        told: hears each new standing. Raises PrinterSilent after
        withdrawing a job that its printer did not take, PrintRefused when the printing failed.
        """
        printer = job.rpartition("-")[0]
        began = heard = clock()
        last: Standing | None = None
        while True:
            now = self.standing(job)
            if now != last:
                told(now)
                last = now
            if now.state == "done":
                return "printed"
            if now.state == "failed":
                raise PrintRefused(printer=printer, why=_plain(now.why))
            if stopped():
                self.cancel(job)
                return "stopped"
            if left():
                return "queued"
            if now.state != "silent":
                heard = clock()
            elif clock() - heard >= SILENCE_SECONDS:
                self.cancel(job)
                raise PrinterSilent(printer=printer, why=_plain(now.why))
            if clock() - began >= PATIENCE_SECONDS:
                return "queued"
            pause(POLL_SECONDS)

    def _printer(self, name: str, *, default: bool) -> Printer:
        try:
            options = self._run(["lpoptions", "-p", name, "-l"], b"").out
        except NoPrinter:
            options = ""  # one that is out of reach does not hide the others
        paper, papers = _choices(options, "PageSize") or _choices(options, "media") or ("", ())
        sides = _choices(options, "Duplex") or _choices(options, "sides")
        words = re.search(r"^\tDescription: (.+)$", self._run(["lpstat", "-l", "-p", name], b"").out, re.M)
        return Printer(
            name,
            words[1].strip() if words else name,
            default,
            paper,
            papers,
            sides is not None and any("none" not in each.lower() and "one" not in each for each in sides[1]),
        )


class _Job(NamedTuple):
    status: str
    alerts: str


def _job(listing: str, job: str) -> _Job | None:
    """One job of a long listing of `lpstat`: its line, then lines that begin with a tab."""
    lines = listing.splitlines()
    for place, line in enumerate(lines):
        if line.split(" ", 1)[0] == job:
            found = {"Status": "", "Alerts": ""}
            for more in lines[place + 1 :]:
                if not more.startswith("\t"):
                    break
                name, _, value = more.strip().partition(":")
                if name in found:
                    found[name] = value.strip()
            return _Job(found["Status"], found["Alerts"])
    return None


def _stopped(listing: str) -> str | None:
    """Why a printer stands still, "" if it does not say; None when it does not stand still."""
    first, _, rest = listing.partition("\n")
    if " disabled " not in first:
        return None
    return rest.partition("\n")[0].strip()


def _choices(options: str, name: str) -> tuple[str, tuple[str, ...]] | None:
    """The choice that is set and all choices, from a line `Name/Words: a *b c`."""
    line = re.search(rf"^{name}(?:/[^:]*)?: (.+)$", options, re.M)
    if line is None:
        return None
    choices = line[1].split()
    set_to = next((each[1:] for each in choices if each.startswith("*")), "")
    return set_to, tuple(each.lstrip("*") for each in choices if not each.startswith("Custom."))


def _words(error: str) -> str:
    """The printer's complaint without the name of the program that passed it on."""
    return " ".join(error.split()).removeprefix("lp: ").removeprefix("Error - ")


def _plain(why: str) -> str:
    """What CUPS says most often, in our own words; the rest as the printer says it."""
    if not why:
        return _("it gives no reason")
    if _UNREACHED.search(why):
        return _("it is off or cannot be reached")
    if "not accepting" in why:
        return _("its queue is closed")
    if why.lower() == "paused":
        return _("it is paused")
    return why
