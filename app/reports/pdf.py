"""A report's content as PDF. ReportLab is loaded with the first sheet, not with the program."""

from collections.abc import Iterable

from app.reports.content import Content


def render(content: Content, *, draft: bool) -> bytes:
    """Draw the whole report: portrait text, then the annex on landscape pages with numbers of its own.

    The same content gives the same bytes. A draft says «DỰ THẢO» at the top of every page. Safe on any
    thread. Letters that no font has are drawn as boxes; `missing_letters` names them beforehand.

    Raises OSError when the program's own font files are missing or damaged.
    """
    from app.reports import sheet

    return sheet.draw(content, draft=draft)


def missing_letters(texts: str | Iterable[str]) -> tuple[str, ...]:
    """The letters that no font has, each once, in the order met; empty when all can be printed.

    Takes one text, or all of a report (`content.every_text`). Line ends do not count.
    """
    from app.reports import fonts, letters

    known = fonts.letters()
    whole = texts if isinstance(texts, str) else "\n".join(texts)
    met = dict.fromkeys(letters.printable(whole))
    return tuple(letter for letter in met if letter != "\n" and letter not in known)
