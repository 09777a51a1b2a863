"""What wants to be known of a report before anything else: one line over its parts, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.reporting import Period
from app.words import SENTENCES, _, explain
from app.words import period as in_words
from ui.pages.report_bar import KINDS, period_words
from ui.pages.report_data import Asked, Shown
from ui.tokens import Tone

if TYPE_CHECKING:
    from ui.pages.report import ReportPage


def tell(page: ReportPage, shown: Shown) -> None:
    """Say the one thing that matters most, or nothing."""
    notice = page.notice
    made = shown.stands.made
    if shown.refused is not None:
        notice.say(explain(shown.refused), tone=Tone.AMBER, closable=False)
    elif shown.stands.state == "returned":
        why = _(SENTENCES.get(shown.stands.reason, shown.stands.reason))
        said = _("The province gave this report back. Reason: {why}").format(why=why)
        there = ((_("Exchange with the province"), lambda: page.wants_page.emit("exchange", None)),)
        notice.say(said, tone=Tone.RED, actions=there)
    elif shown.stands.elsewhere is not None:
        notice.say(explain(shown.stands.elsewhere), tone=Tone.AMBER)
    elif shown.changed is not None and not page.asked.kept and not shown.signed:
        page.acts.tell_changed(shown)
    elif shown.foreign:
        said = _("No font has these signs, they are printed as boxes: {signs}")
        notice.say(said.format(signs=" ".join(shown.foreign)), tone=Tone.AMBER)
    elif shown.now.warning is not None:
        notice.say(explain(shown.now.warning), tone=Tone.AMBER)
    elif shown.late is not None:
        said = _("The report of {period} was due and is not closed yet.")
        words = said.format(period=in_words(str(shown.late)))
        _offer(page, words, _("Open it"), shown.late, Tone.AMBER)
    elif shown.longest is not None and shown.longest != shown.period and made is None:
        said = _("{longer} ends on the same day, and its report contains this one. One report is enough.")
        kind = _(dict(KINDS)[shown.longest.kind])
        _offer(page, said.format(longer=period_words(shown.longest)), kind, shown.longest, Tone.ACCENT)
    elif shown.contained and made is None:
        names = ", ".join(in_words(str(period)) for period in shown.contained)
        said = _("This report contains: {periods}. One report is enough.")
        notice.say(said.format(periods=names))
    else:
        notice.hide()


def _offer(page: ReportPage, said: str, act: str, period: Period, tone: Tone) -> None:
    there = Asked(period.kind, period, page.asked.line)
    page.notice.say(said, tone=tone, actions=((act, lambda: page.look_at(there)),))
