"""On which pages a document was changed after a revision of it."""

from typing import TYPE_CHECKING

from app.reports.places import entry

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
