"""A report as ordered content, without any layout.

The same content becomes the sheet (`app.reports.pdf`), the text for Word, and the hash by which two reports
are compared. Lengths, fonts and page breaks have no place here.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from app.domain.reports import (
    DUE_AHEAD_DAYS,
    UNSET,
    ReportLine,
    UnitBlock,
    WeeklyReport,
    long_date,
    moment,
    own_name,
    short_date,
    summary_sentence,
    tally_of,
)
from app.reports import texts, wording
from app.reports.letters import one_line, printable
from app.reports.profiles import OF_LINE, PROFILES, Profile

_NUMERALS = ("I", "II", "III", "IV", "V")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body; `level` 1 is a part, 2 a section of it."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullet:
    """An item of a list; its hyphen belongs to the form, not to the text."""

    text: str


Block = Heading | Paragraph | Bullet


@dataclass(frozen=True, slots=True)
class Head:
    """The title block of page 1, from the superior body to the report's subject."""

    superior: str | None
    issuer: tuple[str, ...]
    number: str
    place_date: str
    type: str
    subject: str


@dataclass(frozen=True, slots=True)
class Annex:
    """A table with its heading. Each row has as many cells as there are columns."""

    label: str
    title: str
    belongs_to: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A whole report in reading order.

    `profile` names the form (`app.reports.profiles`). `title` is the document's name outside the sheet.
    `addressees` is empty where the form has none. `recipients` carry neither hyphen nor punctuation.
    """

    profile: str
    title: str
    head: Head
    addressees: tuple[str, ...]
    blocks: tuple[Block, ...]
    authority: tuple[str, ...]
    signer: str
    recipients: tuple[str, ...]
    annex: Annex | None


def weekly(report: WeeklyReport) -> Content:
    """Put a weekly report together: the parts that the regime wants, and none that has nothing to say."""
    profile = OF_LINE[report.line]
    unit = report.unit
    issuer = issuer_in_words(unit, report.line)
    period = texts.PERIOD.format(week=report.week, year=report.year)
    lines = tuple(sorted(report.lines, key=lambda line: line.code))
    listed = tuple(line for line in lines if line.listed)
    number = profile.numbering.format(
        number=texts.BLANK if report.number is None else f"{report.number:02d}", symbol=_set(unit.symbol)
    )
    day = long_date(report.issued) if report.issued else texts.BLANK_DATE.format(year=report.cutoff.year)
    cutoff = moment(report.cutoff)
    subject = texts.SUBJECT.format(period=period, start=short_date(report.start), end=short_date(report.end))
    head = Head(
        superior=_set(unit.superior) if unit.superior or profile.superior_needed else None,
        issuer=_set_lines(unit.issuer),
        number=profile.number_label + number,
        place_date=texts.PLACE_DATE.format(place=_set(unit.place), date=day),
        type=texts.TYPE,
        subject=subject,
    )
    opening = texts.OPENING.format(
        basis=one_line(report.notice or "") or texts.BASIS, issuer=issuer, period=period, cutoff=cutoff
    )
    closing = texts.CLOSING.format(period=period, issuer=issuer) + profile.ending
    body = _body(report, lines, profile, annexed=bool(listed))
    annex = None
    if listed:
        annex = Annex(
            label=texts.ANNEX,
            title=texts.ANNEX_TITLE.format(period=period.upper()),
            belongs_to=texts.ANNEX_OF.format(number=number, date=day, issuer=issuer),
            note=texts.ANNEX_DATA.format(cutoff=cutoff),
            columns=texts.HEADINGS,
            rows=tuple(wording.cells(line, position) for position, line in enumerate(listed, 1)),
        )
    return Content(
        profile=profile.name,
        title=one_line(f"Báo cáo {subject[0].lower()}{subject[1:]}"),
        head=head,
        addressees=_set_lines(unit.addressees) if profile.addressed else (),
        blocks=(Paragraph(opening), *body, Paragraph(closing)),
        authority=_set_lines(unit.authority),
        signer=_set(unit.signer),
        recipients=_recipients(unit, profile),
        annex=annex,
    )


def issuer_in_words(unit: UnitBlock, line: str) -> str:
    """The body that reports, inside a sentence: "Ủy ban nhân dân xã Mường Xén"."""
    return texts.ISSUER[line].format(kind=texts.KIND[unit.kind], name=own_name(one_line(unit.name)))


def content_hash(content: Content) -> bytes:
    """SHA-256 over what the report says; layout, fonts and the draft's mark do not enter."""
    form = json.dumps(_canonical(content), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(form.encode("utf-8")).digest()


def every_text(content: Content) -> tuple[str, ...]:
    """All texts of a report, for instance to name the letters that no font has."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    mapped(content, note)
    return tuple(found)


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The same content (or a part of it) with every text changed by a function."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(mapped(part, change) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: mapped(getattr(value, field.name), change) for field in fields(value)}
        return replace(value, **parts)
    return value


def plain_text(content: Content) -> str:
    """The whole report as text to paste into Word, in reading order; cells of the annex divided by tabs."""
    profile = PROFILES[content.profile]
    head = content.head
    lines = [line for line in (head.superior, *head.issuer) if line]
    lines += ["*"] if profile.starred else []
    lines += [*profile.banner, head.number, head.place_date, "", head.type, head.subject, ""]
    if content.addressees:
        lines += [*addressed(content.addressees), ""]
    for block in content.blocks:
        lines.append(f"- {block.text}" if isinstance(block, Bullet) else block.text)
    lines += ["", *content.authority, "", content.signer, "", texts.RECIPIENTS, *hyphened(content.recipients)]
    annex = content.annex
    if annex:
        lines += ["", annex.label, annex.title, annex.belongs_to, annex.note]
    whole = [printable(line) for line in lines]
    for row in (annex.columns, *annex.rows) if annex else ():
        whole.append("\t".join(one_line(cell) for cell in row))
    return "\n".join(whole) + "\n"


def addressed(addressees: tuple[str, ...]) -> list[str]:
    """«Kính gửi» as it is printed: one addressee on the same line, several below it, one on each line."""
    if len(addressees) == 1:
        return [f"{texts.ADDRESSED} {addressees[0]}."]
    return [texts.ADDRESSED, *hyphened(addressees)]


def hyphened(items: tuple[str, ...]) -> list[str]:
    """Items as the decree lists them: a hyphen before each, «;» between them, «.» after the last."""
    return [f"- {item};" for item in items[:-1]] + [f"- {items[-1]}."]


def _body(
    report: WeeklyReport, lines: tuple[ReportLine, ...], profile: Profile, *, annexed: bool
) -> list[Block]:
    cutoff = report.cutoff.date()
    summary: list[Block] = [Heading(2, texts.SUMMARY), Paragraph(summary_sentence(tally_of(lines), cutoff))]
    changes: list[Block] = [Heading(2, texts.CHANGES)]
    changes += [_told(line, wording.change(line), line.result) for line in lines if line.changed]
    if len(changes) == 1:
        changes.append(Paragraph(texts.NOTHING))
    if annexed:
        changes.append(Paragraph(texts.SEE_ANNEX))
    ahead: list[Block] = [
        _told(line, texts.DUE.format(deadline=short_date(line.deadline)), line.next_step)
        for line in sorted(lines, key=lambda line: (str(line.deadline), line.code))
        if line.deadline and line.due_within(cutoff, DUE_AHEAD_DAYS)
    ]
    parts: list[tuple[str, list[Block]]] = [
        (texts.RESULTS, [*summary, *changes]),
        (texts.DIFFICULTIES, _statements(lines, lambda line: line.difficulty)),
        (texts.NEXT, ahead or [Paragraph(texts.NOTHING_DUE.format(days=DUE_AHEAD_DAYS))]),
        (texts.PROPOSALS, _statements(lines, lambda line: line.proposal)),
    ]
    body: list[Block] = []
    told = [(title, blocks) for title, blocks in parts if blocks]
    for numeral, (title, blocks) in zip(_NUMERALS, told, strict=False):
        body += [Heading(1, profile.heading.format(numeral=numeral, title=title)), *blocks]
    return body


def _told(line: ReportLine, how: str, text: str) -> Bullet:
    return Bullet(f"{wording.named(line)}: {how}. {wording.statement(text, line)}".rstrip())


def _statements(lines: tuple[ReportLine, ...], text: Callable[[ReportLine], str]) -> list[Block]:
    return [
        Bullet(f"{wording.named(line)}: {wording.statement(text(line), line)}")
        for line in lines
        if text(line).strip()
    ]


def _set(text: str | None) -> str:
    return one_line(text or "") or UNSET


def _set_lines(lines: tuple[str, ...] | None) -> tuple[str, ...]:
    """Lines without hyphens and punctuation at their ends; the form puts its own."""
    bare = (one_line(line).removeprefix("-").lstrip().rstrip(" ;.") for line in lines or ())
    return tuple(line for line in bare if line) or (UNSET,)


def _recipients(unit: UnitBlock, profile: Profile) -> tuple[str, ...]:
    """The recipients as the form wants them.

    The state's begin with «Như trên», since the addressee stands above; the Party's never do. Both end with
    the office that files a copy.
    """
    given = [line for line in _set_lines(unit.recipients) if line.casefold() != texts.AS_ABOVE.casefold()]
    filing = [line for line in given if line.casefold().startswith("lưu")]
    others = [line for line in given if line not in filing]
    first = [texts.AS_ABOVE] if profile.addressed else []
    return (*first, *others, *(filing or [profile.filing]))


def _canonical(value: object) -> object:
    """Lists and texts alone; a value of ours leads with its own name, so that no two kinds look alike."""
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(_canonical(getattr(value, field.name)) for field in fields(value))]
    if isinstance(value, tuple):
        return ["", *(_canonical(part) for part in value)]
    return printable(value) if isinstance(value, str) else value
