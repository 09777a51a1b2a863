"""A report as ordered content: what its parts say, in the order of the regime.

The same content becomes the sheet (`app.reports.pdf`), the text for Word, and the hash by which two reports
are compared. Lengths, fonts and page breaks have no place here.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from app.domain.reports import (
    DUE_AHEAD_DAYS,
    UNSET,
    Report,
    ReportLine,
    UnitBlock,
    long_date,
    moment,
    own_name,
    short_date,
    tally_of,
)
from app.reports import texts, wording
from app.reports.blocks import (
    Align,
    Bar,
    Block,
    Bullet,
    Chart,
    Column,
    Content,
    Head,
    Heading,
    Paragraph,
    Source,
    Table,
    every_text,
    mapped,
)
from app.reports.canonical import FORM, BadContent, canonical, check_code, content_hash, parse
from app.reports.letters import one_line, printable
from app.reports.profiles import OF_LINE, PROFILES, Profile
from app.reports.sentences import summary_sentence

__all__ = [
    "Align", "BadContent", "Bar", "Block", "Bullet", "Chart", "Column", "Content", "Head", "Heading",
    "Paragraph", "Source", "Table", "addressed", "build", "canonical", "check_code", "content_hash",
    "every_text", "hyphened", "issued", "issuer_in_words", "mapped", "parse", "plain_text",
]  # fmt: skip

_NUMERALS = ("I", "II", "III", "IV", "V")


def build(report: Report) -> Content:
    """Put a report together: the parts that the regime wants, and none that has nothing to say."""
    profile = OF_LINE[report.line]
    unit = report.unit
    issuer = issuer_in_words(unit, report.line)
    period = report.period.words
    lines = tuple(sorted(report.lines, key=lambda line: line.code))
    listed = tuple(line for line in lines if line.listed)
    number = profile.numbering.format(number=texts.BLANK, symbol=_set(unit.symbol))
    day = texts.BLANK_DATE.format(year=report.cutoff.year)
    cutoff = moment(report.cutoff)
    subject = texts.SUBJECT.format(
        period=period, start=short_date(report.period.start), end=short_date(report.period.end)
    )
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
    tables: tuple[Table, ...] = ()
    if listed:
        table = Table(
            number="02",
            label=texts.ANNEX,
            title=texts.ANNEX_TITLE.format(period=period.upper()),
            belongs_to=texts.ANNEX_OF.format(number=number, date=day, issuer=issuer),
            note=texts.ANNEX_DATA.format(cutoff=cutoff),
            columns=wording.COLUMNS,
            rows=tuple(wording.cells(line, position) for position, line in enumerate(listed, 1)),
        )
        tables = (table,)
    return Content(
        form=FORM,
        profile=profile.name,
        title=one_line(f"Báo cáo {subject[0].lower()}{subject[1:]}"),
        head=head,
        addressees=_set_lines(unit.addressees) if profile.addressed else (),
        blocks=(
            _said(report, Paragraph, "opening", opening),
            *body,
            _said(report, Paragraph, "closing", closing),
        ),
        authority=_set_lines(unit.authority),
        signer=_set(unit.signer),
        recipients=_recipients(unit, profile),
        tables=tables,
    )


def issued(content: Content, number: str, day: date) -> Content:
    """The content with number and date of issue in their places, as the sheet shows them once it is signed.

    number: as the clerk wrote it, "5" or "05/BC-UBND".
    """
    own = number.strip().partition("/")[0].strip()
    own = f"{int(own):02d}" if own.isdecimal() else own

    def filled(text: str) -> str:
        blank = texts.BLANK_DATE.partition("{")[0]
        text = re.sub(re.escape(blank) + "[0-9]{4}", long_date(day), text)
        return text.replace(texts.BLANK, own)

    head = replace(
        content.head, number=filled(content.head.number), place_date=filled(content.head.place_date)
    )
    tables = tuple(replace(table, belongs_to=filled(table.belongs_to)) for table in content.tables)
    return replace(content, head=head, tables=tables)


def issuer_in_words(unit: UnitBlock, line: str) -> str:
    """The body that reports, inside a sentence: "Ủy ban nhân dân xã Mường Xén"."""
    return texts.ISSUER[line].format(kind=texts.KIND[unit.kind], name=own_name(one_line(unit.name)))


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
    whole = [printable(line) for line in lines]
    for table in content.tables:
        heading = (table.label, table.title, table.belongs_to, table.note)
        whole += ["", *(printable(line) for line in heading if line)]
        headings = tuple(f"{column.over} {column.heading}" for column in table.columns)
        whole += ["\t".join(one_line(cell) for cell in row) for row in (headings, *table.rows)]
    return "\n".join(whole) + "\n"


def addressed(addressees: tuple[str, ...]) -> list[str]:
    """«Kính gửi» as it is printed: one addressee on the same line, several below it, one on each line."""
    if len(addressees) == 1:
        return [f"{texts.ADDRESSED} {addressees[0]}."]
    return [texts.ADDRESSED, *hyphened(addressees)]


def hyphened(items: tuple[str, ...]) -> list[str]:
    """Items as the decree lists them: a hyphen before each, «;» between them, «.» after the last."""
    return [f"- {item};" for item in items[:-1]] + [f"- {items[-1]}."]


def _body(report: Report, lines: tuple[ReportLine, ...], profile: Profile, *, annexed: bool) -> list[Block]:
    cutoff = report.cutoff.date()
    summary: list[Block] = [
        Heading(2, texts.SUMMARY),
        _said(report, Paragraph, "summary", summary_sentence(tally_of(lines), cutoff)),
    ]
    changes: list[Block] = [Heading(2, texts.CHANGES)]
    changes += [
        _told(report, "changes", line, wording.change(line), line.result) for line in lines if line.changed
    ]
    if len(changes) == 1:
        changes.append(_fixed(texts.NOTHING))
    if annexed:
        changes.append(_fixed(texts.SEE_ANNEX))
    ahead: list[Block] = [
        _told(report, "next", line, texts.DUE.format(deadline=short_date(line.deadline)), line.next_step)
        for line in sorted(lines, key=lambda line: (str(line.deadline), line.code))
        if line.deadline and line.due_within(cutoff, DUE_AHEAD_DAYS)
    ]
    parts: list[tuple[str, list[Block]]] = [
        (texts.RESULTS, [*summary, *changes]),
        (texts.DIFFICULTIES, _statements(report, "difficulty", lines, lambda line: line.difficulty)),
        (texts.NEXT, ahead or [_fixed(texts.NOTHING_DUE.format(days=DUE_AHEAD_DAYS))]),
        (texts.PROPOSALS, _statements(report, "proposal", lines, lambda line: line.proposal)),
    ]
    body: list[Block] = []
    told = [(title, blocks) for title, blocks in parts if blocks]
    for numeral, (title, blocks) in zip(_NUMERALS, told, strict=False):
        body += [Heading(1, profile.heading.format(numeral=numeral, title=title)), *blocks]
    return body


def _said(
    report: Report, kind: type[Paragraph] | type[Bullet], slot: str, basis: str, task: str = ""
) -> Paragraph | Bullet:
    """A sentence of a slot: the officer's words where there are any, else those made from the record."""
    edited = report.sentences.get(slot)
    text = printable(edited.text).strip() if edited and edited.text.strip() else basis
    return kind(text=text, slot=slot, task=task, basis=basis)


def _fixed(text: str) -> Paragraph:
    return Paragraph(text, basis=text)


def _told(report: Report, slot: str, line: ReportLine, how: str, text: str) -> Block:
    basis = f"{wording.named(line)}: {how}. {wording.statement(text, line)}".rstrip()
    return _said(report, Bullet, f"{slot}:{line.code}", basis, line.code)


def _statements(
    report: Report, slot: str, lines: tuple[ReportLine, ...], text: Callable[[ReportLine], str]
) -> list[Block]:
    return [
        _said(
            report,
            Bullet,
            f"{slot}:{line.code}",
            f"{wording.named(line)}: {wording.statement(text(line), line)}",
            line.code,
        )
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
