"""`schedule on|off`: whether the system exchanges with the province by itself, while no window is open."""

from app.cli.session import Session
from app.services.scheduling import EVERY_MINUTES, Task
from app.words import N_, _

_WORDS = {
    "yes": N_(
        "While you are logged on, this machine now tries to exchange with the province about every {minutes} "
        "minutes."
    ),
    "later": N_(
        "The task is written, but could not be begun now. It begins by itself when you next log on to this "
        "machine."
    ),
    "no": N_(
        "The task is written, but this machine has no systemd that would run it. Leave the window open, or "
        "have your own scheduler call: so-nhiem-vu sync"
    ),
}


def schedule(session: Session, wanted: str) -> int:
    """Turn it on or off. Raises NotEnrolled, ScheduleUnknown, ScheduleRefused, LedgerNoAccess."""
    task = Task(session.home)
    if wanted == "off":
        task.off()
        session.give({"schedule": "off"})
        session.say(_("This machine no longer exchanges with the province by itself; the window still does."))
        return 0
    done = task.on()
    session.give({"schedule": "on", "works": done.works})
    words = _(_WORDS[done.works]).format(minutes=EVERY_MINUTES)
    if done.works == "yes":
        session.say(words)
    else:
        session.warn(words)
    return 0
