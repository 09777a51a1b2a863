"""When to try to reach the province: decided from what happened, and when, by a clock that only goes forward.

Nothing here asks for the time, draws a number or waits: whoever runs it says what happened and hands in the
moment (seconds of one monotonic clock) and, after a failure, a random number. So a wall clock in a wrong year
delays nothing.

The system's "you are online" is never believed: a change of the network is a reason to try, no more.
"""

import math
from dataclasses import dataclass, replace
from typing import Self

GATHER = 30.0
"""Seconds from the first of a group of edits until they go."""

EDIT_APART = 120.0
"""Seconds that edits let pass after a failed try: who types all day without a network is not tried with."""

NETWORK_APART = 15.0
"""Seconds between two tries that a changing network brings about: some change ten times a minute."""

LOOK = 900.0
"""Seconds after a success until the province is asked for news, give or take a fifth."""

FIRST_WAIT, LONGEST_WAIT = 60.0, 1800.0
"""Bounds of the wait after one failure and after many; the wait is drawn between FLOOR and its bound."""

FLOOR = 5.0
LONGEST_AFTER = 3600.0
"""The longest that "come back later" is honoured, in seconds."""

REST = 1800.0
"""Seconds that nothing is tried by itself after a person stopped a transfer."""

LEADS = (1800.0, 600.0, 180.0)
"""Seconds before a deadline at which it is tried whatever the wait."""

_SAME = 60.0  # seconds: a deadline worked out anew from another clock is never quite where it was
_MOST_DOUBLINGS = 16
_NEVER = math.inf


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known so far; each method gives the plan after something happened. Moments in seconds.

    running: a try is under way. wanted: when edits, the start or a person want a try; retry: when the wait
    after the last one ends; network: when the network changed since the last try began. began, failed_at:
    the last try, and the last that failed. not_before: the province said to come later. rests: until when a
    person's "stop" holds. deadline: the cut-off to be met, and since when it is known.
    """

    running: bool = False
    asked: float = _NEVER
    wanted: float = _NEVER
    retry: float = _NEVER
    network: float = _NEVER
    failures: int = 0
    began_at: float = -_NEVER
    failed_at: float = -_NEVER
    not_before: float = -_NEVER
    rests: float = -_NEVER
    deadline_at: float = _NEVER
    deadline_known: float = -_NEVER

    @property
    def due(self) -> float:
        """When to try next; infinite only while a try is under way, or before anything happened."""
        if self.running:
            return _NEVER
        network = max(self.network, self.began_at + NETWORK_APART)
        by_itself = max(min(self.wanted, self.retry, network), self.rests)
        return min(self.asked, max(min(by_itself, self._before_deadline()), self.not_before))

    def started(self, now: float) -> Self:
        """The program began."""
        return self if self.running else replace(self, wanted=min(self.wanted, now))

    def edited(self, now: float) -> Self:
        """Something was written that the province does not have."""
        soonest = max(now + GATHER, self.failed_at + EDIT_APART)
        return replace(self, wanted=min(self.wanted, soonest))

    def network_changed(self, now: float) -> Self:
        """The system says that the network is another one, or reaches further, than a moment ago."""
        return replace(self, network=min(self.network, now), failures=0)

    def asked_for(self, now: float) -> Self:
        """A person wants it now: that ends every wait."""
        return replace(self, asked=min(self.asked, now), rests=-_NEVER)

    def deadline(self, now: float, at: float) -> Self:
        """The next cut-off, as far as it is known now. at: in the past or infinite, there is none."""
        same = abs(at - self.deadline_at) < _SAME
        return replace(self, deadline_at=at, deadline_known=self.deadline_known if same else now)

    def began(self, now: float) -> Self:
        """A try begins: it takes along all that was written so far."""
        return replace(
            self,
            running=True,
            asked=_NEVER,
            wanted=_NEVER,
            retry=_NEVER,
            network=_NEVER,
            began_at=now,
        )

    def succeeded(self, now: float, random: float = 0.5) -> Self:
        """The try went well. random: in [0, 1), so that the machines of a province do not come together."""
        return replace(
            self,
            running=False,
            network=_NEVER,  # whatever changed meanwhile, there is a way
            failures=0,
            failed_at=-_NEVER,
            not_before=-_NEVER,
            retry=now + LOOK * (0.8 + 0.4 * random),
        )

    def failed(self, now: float, random: float, retry_after: float = 0.0) -> Self:
        """The try failed. random: in [0, 1). retry_after: seconds that the province asked to wait, or 0."""
        bound = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self.failures, _MOST_DOUBLINGS))
        asked_to_wait = now + min(retry_after, LONGEST_AFTER) if retry_after > 0 else -_NEVER
        return replace(
            self,
            running=False,
            failures=self.failures + 1,
            failed_at=now,
            not_before=asked_to_wait,
            retry=now + FLOOR + (bound - FLOOR) * random,
        )

    def stopped(self, now: float) -> Self:
        """A person stopped it. What waits goes when a person asks, before a deadline, or after a rest."""
        return replace(self, running=False, asked=_NEVER, network=_NEVER, retry=now + REST, rests=now + REST)

    def _before_deadline(self) -> float:
        """The first lead that came after the deadline was known and after the last try."""
        passed = max(self.deadline_known, self.began_at)
        leads = (self.deadline_at - lead for lead in LEADS)
        return min((moment for moment in leads if moment > passed), default=_NEVER)
