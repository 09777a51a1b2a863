"""What of a document was changed after a revision of it: on which pages, and in the fields of its number."""

from typing import TYPE_CHECKING, Any

from app.reports.layout.places import entry, items

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

_UP = {"/Parent", "/P", "/StructParent", "/Dest", "/A"}
"""Entries that lead away from a page."""


def pages_changed(document: "PdfFileReader", revision: int) -> tuple[int, ...]:
    """The pages (from 1) that show anything written after a revision; fields of forms do not count."""
    from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject

    newer = {
        (reference.idnum, reference.generation)
        for later in range(revision + 1, document.xrefs.total_revisions)
        for reference in document.xrefs.explicit_refs_in_revision(later)
    }

    def touched(thing: object, seen: set[tuple[int, int]]) -> bool:
        if isinstance(thing, IndirectObject):
            key = (thing.idnum, thing.generation)
            if key in seen:
                return False
            seen.add(key)
            return key in newer or touched(thing.get_object(), seen)
        if isinstance(thing, DictionaryObject):
            return any(touched(thing.raw_get(name), seen) for name in thing if str(name) not in _UP)
        if isinstance(thing, ArrayObject):
            return any(touched(thing.raw_get(at), seen) for at in range(len(thing)))
        return False

    found = []
    for number in range(int(document.root["/Pages"]["/Count"])):
        page = document.find_page_for_modification(number)[0].get_object()
        notes = entry(page, "/Annots", [])
        others = [notes.raw_get(at) for at in range(len(notes)) if entry(notes[at], "/Subtype") != "/Widget"]
        shown = [page.raw_get(name) for name in page if str(name) not in _UP | {"/Annots"}]
        if any(touched(thing, set()) for thing in [*shown, *others]):
            found.append(number + 1)
    return tuple(found)


def number_changed(document: "PdfFileReader", revision: int) -> bool:
    """Whether number or date of issue read otherwise now than in a revision.

    A lock on these fields would say so to every program, but pyHanko then takes any later time stamp for a
    change of them.
    """
    return text_fields(document.get_historical_root(revision)) != text_fields(document.root)


def text_fields(root: Any) -> list[tuple[str, str, Any]]:
    """Name, value and appearance (the code that draws it) of the text fields under a document's root."""
    held = items(entry(entry(root, "/AcroForm", {}), "/Fields", []))
    texts = [one for one in held if entry(one, "/FT") == "/Tx"]
    return [
        (str(one["/T"]), str(entry(one, "/V", "")), entry(entry(one, "/AP", {}), "/N").data) for one in texts
    ]
