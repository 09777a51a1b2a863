"""The whole sheet: body by ReportLab's platypus, annex on the canvas, page numbers, the file's properties."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reportlab.lib.colors import black
from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate
from reportlab.platypus import Paragraph as SetParagraph
from reportlab.platypus.paraparser import ParaFrag

from app.reports import boxes, fonts, texts
from app.reports.boxes import MM
from app.reports.content import Block, Bullet, Content, Heading, Table, mapped
from app.reports.letters import printable
from app.reports.profiles import PROFILES, Profile
from app.reports.ruler import Ruler
from app.reports.table import AnnexTable

_INDENT = 10 * MM
_NUMBER_DOWN = 10 * MM
"""Baseline of the page number under the upper edge."""


def draw(content: Content, *, draft: bool) -> bytes:
    """Draw a report; see `app.reports.pdf.render`."""
    fonts.letters()
    profile = PROFILES[content.profile]
    ruler = Ruler()
    room = A4[0] - (profile.left + profile.right) * MM
    content = mapped(content, lambda text: fonts.drawable(printable(text)))
    story = _story(content, profile, room, ruler)
    out = io.BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        pageTemplates=[_template(profile, draft=draft)],
        title=content.title,
        author=", ".join(content.head.issuer),
        subject=content.head.subject,
        creator="Sổ Nhiệm Vụ",
        producer="Sổ Nhiệm Vụ, ReportLab",
        lang="vi-VN",
        displayDocTitle=1,
        invariant=1,
        pageCompression=1,
        initialFontName=fonts.REGULAR,
    )
    document._doSave = 0  # type: ignore[attr-defined]  # the annex follows on the same canvas
    document.build(story)
    canvas: Canvas = document.canv
    for table in content.tables:
        _annex(canvas, table, profile, ruler, draft=draft)
    canvas.save()
    return out.getvalue()


def _story(content: Content, profile: Profile, room: float, ruler: Ruler) -> list[Flowable]:
    story: list[Flowable] = [boxes.title_block(content, profile, room, ruler)]
    if content.addressees:
        story.append(boxes.addressees(content, profile, room, ruler))
    styles = _styles(profile)
    story += [part for block in content.blocks for part in _paragraphs(block, styles)]
    closing = story.pop()  # two lines or more, which stay with the signature
    story.append(KeepTogether([closing, boxes.signature(content, profile, room, ruler)]))
    return story


def _styles(profile: Profile) -> dict[str, ParagraphStyle]:
    body = ParagraphStyle(
        "body",
        fontName=fonts.REGULAR,
        fontSize=profile.body_size,
        leading=profile.leading,
        alignment=TA_JUSTIFY,
        firstLineIndent=_INDENT,
        spaceBefore=6,
        allowWidows=0,
        allowOrphans=0,
        splitLongWords=1,
        bulletFontName=fonts.REGULAR,
    )
    heading = ParagraphStyle("heading", parent=body, fontName=fonts.BOLD, alignment=TA_LEFT, keepWithNext=1)
    return {"body": body, "heading": heading}


def _paragraphs(block: Block, styles: dict[str, ParagraphStyle]) -> list[SetParagraph]:
    """A block as one paragraph, or as one for each line of an officer's own text."""
    return [_paragraph(replace(block, text=line), styles) for line in block.text.split("\n") if line.strip()]


def _paragraph(block: Block, styles: dict[str, ParagraphStyle]) -> SetParagraph:
    """A paragraph without ReportLab's markup: what people wrote is never read as tags."""
    style = styles["heading" if isinstance(block, Heading) else "body"]
    text = f"- {block.text}" if isinstance(block, Bullet) else block.text
    fragment = ParaFrag(
        rise=0,
        greek=0,
        link=[],
        fontName=style.fontName,
        bold=0,
        italic=0,
        fontSize=style.fontSize,
        textColor=black,
        us_lines=[],
        text=text,
    )
    return SetParagraph("", style, frags=[fragment])


def _template(profile: Profile, *, draft: bool) -> PageTemplate:
    frame = Frame(
        profile.left * MM,
        profile.bottom * MM,
        A4[0] - (profile.left + profile.right) * MM,
        A4[1] - (profile.top + profile.bottom) * MM,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip

    def furnish(canvas: Canvas, document: Any) -> None:
        _furnish(canvas, profile, A4, document.page, draft=draft)

    return PageTemplate(id="text", frames=[frame], onPage=furnish, pagesize=A4)


def _furnish(
    canvas: Canvas, profile: Profile, page: tuple[float, float], number: int, *, draft: bool
) -> None:
    """What stands in the top margin: the number (hidden on the first page), and «DỰ THẢO» on a draft."""
    y = page[1] - _NUMBER_DOWN
    left, right = profile.left * MM, page[0] - profile.right * MM
    if number > 1:
        canvas.setFont(fonts.REGULAR, profile.page_number_size)
        canvas.drawCentredString((left + right) / 2, y, str(number))
    if draft:
        canvas.setFont(fonts.BOLD, 12)
        canvas.drawRightString(right, y, texts.DRAFT)


def _annex(canvas: Canvas, annex: Table, profile: Profile, ruler: Ruler, *, draft: bool) -> None:
    page = landscape(A4) if annex.landscape else A4
    table = AnnexTable(
        canvas,
        _annex_pages(canvas, profile, page, draft=draft),
        ruler,
        left=profile.left * MM,
        top=page[1] - profile.top * MM,
        bottom=profile.bottom * MM,
        width=page[0] - (profile.left + profile.right) * MM,
    )
    table.draw(annex)


def _annex_pages(
    canvas: Canvas, profile: Profile, page: tuple[float, float], *, draft: bool
) -> Callable[[], None]:
    """A function that begins one page of the annex after another; their numbers start anew."""
    number = 0

    def begin() -> None:
        nonlocal number
        number += 1
        canvas.setPageSize(page)
        _furnish(canvas, profile, page, number, draft=draft)

    return begin
