"""A report as ordered content, put together from what the ledger says.

The same content becomes the sheet (`app.reports.pdf`), the text for Word, and the hash by which two reports
are compared. Lengths, fonts and page breaks have no place here.
"""

from app.domain.reports import Report, tally_of
from app.reports import annexes, texts, titles
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
from app.reports.layout.profiles import OF_LINE, PROFILES
from app.reports.letters import one_line, printable
from app.reports.locked import numbers_kept
from app.reports.parts import Body
from app.reports.speaking import Speaker, free_slots
from app.reports.titles import addressed, hyphened, issued, issuer_in_words

__all__ = [
    "Align", "BadContent", "Bar", "Block", "Bullet", "Chart", "Column", "Content", "Head", "Heading",
    "Paragraph", "Source", "Table", "addressed", "build", "canonical", "check_code", "content_hash",
    "every_text", "free_slots", "hyphened", "issued", "issuer_in_words", "mapped", "numbers_kept", "parse",
    "plain_text",
]  # fmt: skip


def build(report: Report) -> Content:
    """Put a report together: the parts that the regime wants, and none that has nothing to say.

    The same report gives the same content, in whatever order its lines stand.
    """
    profile, unit = OF_LINE[report.line], report.unit
    lines = sorted(report.lines, key=lambda line: (line.code, line.assignment))
    speaker = Speaker(report, lines)
    number, day = titles.blank_number(report), titles.blank_date(report)
    tables = annexes.tables(report, lines, number, day, issuer_in_words(unit, report.line))
    head = titles.head(report)
    subject = f"{head.subject[0].lower()}{head.subject[1:]}"
    built = Content(
        form=FORM,
        profile=profile.name,
        title=one_line(f"Báo cáo {subject}".replace("\n", ", ")),
        head=head,
        addressees=titles.set_lines(unit.addressees) if profile.addressed else (),
        blocks=(
            speaker.paragraph("opening", titles.opening(report)),
            *Body(report, lines, tables, speaker).blocks(),
            speaker.paragraph("closing", titles.closing(report), ending=profile.ending),
        ),
        authority=titles.set_lines(unit.authority),
        signer=titles.set_or_not(unit.signer),
        recipients=titles.recipients(unit, profile),
        tables=tables,
        chart=annexes.chart(report, tally_of(lines)),
        replaces=titles.replaced(report),
    )
    printed: Content = mapped(built, printable)
    return printed


def plain_text(content: Content) -> str:
    """The whole report as text to paste into Word, in reading order; cells of the annexes divided by tabs."""
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
    if content.chart:
        whole += ["", content.chart.title, *(f"{bar.word}\t{bar.count}" for bar in content.chart.bars)]
    for table in content.tables:
        whole += ["", table.label, table.title, table.belongs_to, table.note]
        if any(column.over for column in table.columns):
            whole.append("\t".join(column.over for column in table.columns))
        headings = tuple(column.heading for column in table.columns)
        whole += ["\t".join(one_line(cell) for cell in row) for row in (headings, *table.rows)]
    return "\n".join(whole) + "\n"
