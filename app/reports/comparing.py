"""Which pages of two documents look different: to say where a sheet was changed that should be ours."""

from typing import Any

from app.reports.pdfium import ONE_AT_A_TIME

_SCALE = 0.75
"""Pictures of 54 dots an inch: a changed figure still changes some dot."""


def differing_pages(one: bytes, other: bytes) -> tuple[int, ...]:
    """The pages (from 1) that do not look the same, of those that both have; none if one is no document."""
    import pypdfium2

    with ONE_AT_A_TIME:
        try:
            left = pypdfium2.PdfDocument(one)
        except pypdfium2.PdfiumError:
            return ()
        try:
            right = pypdfium2.PdfDocument(other)
            try:
                both = range(min(len(left), len(right)))
                return tuple(place + 1 for place in both if _seen(left, place) != _seen(right, place))
            finally:
                right.close()
        except pypdfium2.PdfiumError:
            return ()
        finally:
            left.close()


def _seen(document: Any, place: int) -> tuple[tuple[float, float], bytes]:
    """Size and picture of a page; no picture where the page is damaged."""
    import pypdfium2

    try:
        page = document[place]
        picture = page.render(scale=_SCALE, grayscale=True, may_draw_forms=False)
    except pypdfium2.PdfiumError:
        return ((0, 0), b"")
    return (page.get_size(), bytes(picture.buffer))
