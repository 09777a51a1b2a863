"""What frames a report: title block, opening and closing sentences, addressees, signature, recipients."""

import re
from dataclasses import replace
from datetime import date

from app.domain.reports import UNSET, Report, UnitBlock, long_date, moment, own_name, short_date
from app.reports import texts, texts_body
from app.reports.blocks import Content, Head
from app.reports.layout.profiles import OF_LINE, Profile
from app.reports.letters import one_line

_BLANK_DATE = re.compile(re.escape(texts.BLANK_DATE.partition("{")[0]) + "[0-9]{4}")


def head(report: Report) -> Head:
    """The title block, with the places for number and date left free."""
    profile, unit = OF_LINE[report.line], report.unit
    superior = set_or_not(unit.superior) if unit.superior or profile.superior_needed else None
    place_date = texts.PLACE_DATE.format(place=set_or_not(unit.place), date=blank_date(report))
    return Head(
        superior=superior,
        issuer=set_lines(unit.issuer),
        number=profile.number_label + blank_number(report),
        place_date=place_date,
        type=texts.TYPE,
        subject=_subject(report, profile),
    )


def blank_number(report: Report) -> str:
    """The number and symbol as they are printed before the clerk gives a number."""
    numbering = OF_LINE[report.line].numbering
    return numbering.format(number=texts.BLANK, symbol=set_or_not(report.unit.symbol))


def blank_date(report: Report) -> str:
    """The date of issue as it is printed before there is one."""
    return texts.BLANK_DATE.format(year=report.cutoff.year)


def issued(content: Content, number: str, day: date) -> Content:
    """The content with number and date of issue in their places, as the sheet shows them once it is signed.

    number: as the clerk wrote it, "5" or "05/BC-UBND".
    """
    own = _own_number(number)

    def filled(text: str) -> str:
        return _BLANK_DATE.sub(long_date(day), text).replace(texts.BLANK, own)

    head = content.head
    head = replace(head, number=filled(head.number), place_date=filled(head.place_date))
    tables = tuple(replace(table, belongs_to=filled(table.belongs_to)) for table in content.tables)
    return replace(content, head=head, tables=tables)


def opening(report: Report) -> str:
    """What the report answers, who reports on which period, and up to when its data go."""
    basis = texts_body.BASIS.get(report.period.kind, texts_body.OTHER_BASIS)
    start, end = short_date(report.period.start), short_date(report.period.end)
    begun = texts_body.BEGUN.format(start=start, end=end)
    instead = ""
    if report.replaces:
        number, day = _replaced(report)
        instead = texts_body.OPENING_INSTEAD.format(number=number, date=f"ngày {day}")
    return texts_body.OPENING.format(
        basis=one_line(report.notice or "") or basis,
        issuer=issuer_in_words(report.unit, report.line),
        period=report.period.words,
        instead=instead,
        begun="" if report.weekly else begun,
        cutoff=moment(report.cutoff),
    )


def closing(report: Report) -> str:
    """The last sentence, without the sign that ends the body."""
    return texts_body.CLOSING.format(
        work=texts.WORK, period=report.period.words, issuer=issuer_in_words(report.unit, report.line)
    )


def replaced(report: Report) -> str:
    """The report that this one corrects, "số 45/BC-UBND ngày 18/7/2025"; "" where it corrects none."""
    return "số {} ngày {}".format(*_replaced(report)) if report.replaces else ""


def issuer_in_words(unit: UnitBlock, line: str) -> str:
    """The body that reports, inside a sentence: "Ủy ban nhân dân xã Mường Xén"."""
    return texts.ISSUER[line].format(kind=texts.KIND[unit.kind], name=own_name(one_line(unit.name)))


def recipients(unit: UnitBlock, profile: Profile) -> tuple[str, ...]:
    """The recipients as the form wants them.

    The state's begin with «Như trên», since the addressee stands above; the Party's never do. Both end with
    the office that files a copy.
    """
    given = [line for line in set_lines(unit.recipients) if line.casefold() != texts.AS_ABOVE.casefold()]
    filing = [line for line in given if line.casefold().startswith("lưu")]
    others = [line for line in given if line not in filing]
    first = [texts.AS_ABOVE] if profile.addressed else []
    return (*first, *others, *(filing or [profile.filing]))


def addressed(addressees: tuple[str, ...]) -> list[str]:
    """«Kính gửi» as it is printed: one addressee on the same line, several below it, one on each line."""
    if len(addressees) == 1:
        return [f"{texts.ADDRESSED} {addressees[0]}."]
    return [texts.ADDRESSED, *hyphened(addressees)]


def hyphened(items: tuple[str, ...]) -> list[str]:
    """Items as the decree lists them: a hyphen before each, «;» between them, «.» after the last."""
    return [f"- {item};" for item in items[:-1]] + [f"- {items[-1]}."]


def set_or_not(text: str | None) -> str:
    """A setting in one line, «Chưa ghi» where nobody has filled it in."""
    return one_line(text or "") or UNSET


def set_lines(lines: tuple[str, ...] | None) -> tuple[str, ...]:
    """Lines without hyphens and punctuation at their ends; the form puts its own."""
    bare = (one_line(line).removeprefix("-").lstrip().rstrip(" ;.") for line in lines or ())
    return tuple(line for line in bare if line) or (UNSET,)


def _subject(report: Report, profile: Profile) -> str:
    lines = [texts.SUBJECT.format(work=texts.WORK), report.period.words]
    if report.weekly:
        start, end = short_date(report.period.start), short_date(report.period.end)
        lines[1] += texts.FROM_TO.format(start=start, end=end)
    if report.replaces:
        number, day = _replaced(report)
        lines.append(texts.INSTEAD.format(number=number, day=day))
    return "\n".join(lines)


def _replaced(report: Report) -> tuple[str, str]:
    """Number with symbol, and date of the report that this one corrects."""
    old = report.replaces
    if old is None:
        return "", ""
    number = one_line(old.number)
    if "/" not in number:
        numbering = OF_LINE[report.line].numbering
        number = numbering.format(number=_own_number(number), symbol=set_or_not(report.unit.symbol))
    return number, short_date(old.date)


def _own_number(number: str) -> str:
    """The number of a document without its symbol, padded as the decree has it."""
    own = re.split("[/-]", one_line(number), maxsplit=1)[0].strip()
    return f"{int(own):02d}" if own.isascii() and own.isdecimal() else own
