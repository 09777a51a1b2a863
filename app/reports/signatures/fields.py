"""The fields of a sheet that is to be signed: two signatures, and number and date of issue between them.

On paper number and date come after the person's signature (Decree 30/2020/ND-CP, article 15), so their fields
are laid out before it and filled in afterwards. All of it is appended; not a byte of the sheet changes. What
is appended keeps the file an archive's (PDF/A-3): every field has an appearance, fonts in it are embedded.
"""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.generic import NameObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.fields import (
    SigFieldSpec,
    append_signature_field,
    enumerate_sig_fields,
)

from app.reports.layout import places
from app.reports.layout.places import Place, entry, items
from app.reports.signatures import appearance
from app.reports.signatures.appearance import LARGEST_SEAL, Picture

if TYPE_CHECKING:
    from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject

PERSON, AGENCY, NUMBER, DATE = "person", "agency", "number", "date"

_PRINTED, _READ_ONLY = 4, 1
_PART = re.compile(rb"(<pdfaid:part>|pdfaid:part=\")[12]")
_HAND = pdf_name("/SNV_Hand")
"""Our own key beside a person's picture: where it lies on the page, for the seal to find it."""


Writer = IncrementalPdfFileWriter


class Revision(IncrementalPdfFileWriter):
    """What is appended to a document. Its metadata stays as it is, but for the part of PDF/A it claims."""

    def _update_meta(self) -> None:
        """Nothing: pyHanko would date the metadata anew without dating the properties that must agree."""


def revision(pdf: bytes) -> Writer:
    """Begin to append to a document."""
    return Revision(BytesIO(pdf), strict=False)


def written(writer: Writer) -> bytes:
    """The document with what was appended."""
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def prepare(writer: Writer, hand: Picture | None) -> None:
    """Append the fields, at the places the sheet left for them; invisible where it left none.

    hand: the picture the person will sign with; the seal's field lies over a third of it, on its left.
    """
    found = places.places(writer)
    _claim_part_three(writer)
    person = found.get(places.PERSON)
    agency = None if person is None else _seal_place(person, hand)
    _signature(writer, PERSON, "Người ký", person)
    _signature(writer, AGENCY, "Cơ quan ký", agency)
    for name, told, place in (
        (NUMBER, "Số", found.get(places.NUMBER)),
        (DATE, "Ngày ban hành", found.get(places.DATE)),
    ):
        if place is not None:
            _text(writer, name, told, place)


def prepare_agency(writer: Writer) -> None:
    """Append the agency's signature alone, to what was signed in another program."""
    person = places.places(writer).get(places.PERSON)
    _signature(writer, AGENCY, "Cơ quan ký", None if person is None else _seal_place(person, None))


def field(writer: PdfHandler, name: str) -> "DictionaryObject | None":
    """A field of ours by its name."""
    held = items(entry(entry(writer.root, "/AcroForm", {}), "/Fields", []))
    return next((one for one in held if entry(one, "/T") == name), None)


def signed(document: PdfFileReader) -> dict[str, bool]:
    """The names of the signature fields of a document, and whether each is filled."""
    return {name: value is not None for name, value, _ref in enumerate_sig_fields(document)}


def fill(writer: Writer, number: str, issued: date | None) -> bool:
    """Write number and date into their fields; False where a field is missing."""
    done = True
    if number:
        done &= _fill(writer, NUMBER, number, lambda w, h: appearance.number(number, w, h))
    if issued is not None:
        told = f"{issued.day}/{issued.month}/{issued.year}"
        done &= _fill(writer, DATE, told, lambda w, h: appearance.day(issued, w, h))
    return done


def show_hand(writer: Writer, picture: Picture) -> None:
    """Put the person's picture in the middle of its field, between office and name."""
    found = field(writer, PERSON)
    left, bottom, right, top = _box(found)
    x, y = (right - left - picture.width) / 2, (top - bottom - picture.height) / 2
    look = _overlay(writer, appearance.drawn(picture, right - left, top - bottom, x, y))
    edges = (left + x, bottom + y, left + x + picture.width, bottom + y + picture.height)
    look.get_object()[_HAND] = generic.ArrayObject(generic.FloatObject(f"{edge:.2f}") for edge in edges)
    _look(writer, found, look)


def show_seal(writer: Writer, picture: Picture) -> None:
    """Put the seal over the left third of the person's picture (of its place, where there is none)."""
    found = field(writer, AGENCY)
    left, bottom, right, top = _box(found)
    if right - left < 1:
        return
    over = _hand_box(writer)
    x = over[0] + (over[2] - over[0]) / 3 - picture.width - left
    y = (over[1] + over[3]) / 2 - picture.height / 2 - bottom
    x = min(max(x, 0), right - left - picture.width)
    y = min(max(y, 0), top - bottom - picture.height)
    _look(writer, found, _overlay(writer, appearance.drawn(picture, right - left, top - bottom, x, y)))


def _hand_box(writer: Writer) -> tuple[float, ...]:
    """Where the person's picture lies on the page; where it would lie, if it has none."""
    found = field(writer, PERSON)
    look = entry(entry(found, "/AP", {}), "/N", {}) if found is not None else {}
    if _HAND in look:
        return tuple(float(edge) for edge in items(look[_HAND]))
    kept = places.places(writer).get(places.PERSON) if found is None else None
    left, bottom, right, top = kept.box if kept is not None else _box(found)
    wide, high = appearance.HAND
    x, y = (left + right) / 2, (bottom + top) / 2
    return (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def _seal_place(person: Place, hand: Picture | None) -> Place:
    """A square for a seal of any size that is allowed, its right edge a third into the person's picture."""
    wide = hand.width if hand is not None else appearance.HAND[0]
    right = (person.left + person.right) / 2 - wide / 2 + wide / 3
    middle = (person.bottom + person.top) / 2
    left = right - LARGEST_SEAL
    return Place(person.page, left, middle - LARGEST_SEAL / 2, right, middle + LARGEST_SEAL / 2)


def _signature(writer: Writer, name: str, told: str, place: Place | None) -> None:
    append_signature_field(
        writer,
        SigFieldSpec(
            sig_field_name=name,
            on_page=place.page if place is not None else 0,
            box=tuple(round(edge, 2) for edge in place.box) if place is not None else None,  # type: ignore[arg-type]
            readable_field_name=told,
        ),
    )


def _text(writer: Writer, name: str, told: str, place: Place) -> None:
    """A text field that only this program fills: a viewer would draw it with a font of its own."""
    page = writer.find_page_for_modification(place.page)[0]
    blank = RawContent(b"", box=BoxConstraints(width=place.width, height=place.height)).as_form_xobject()
    made = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): pdf_string(name),
            pdf_name("/TU"): pdf_string(told),
            pdf_name("/Ff"): generic.NumberObject(_READ_ONLY),
            pdf_name("/F"): generic.NumberObject(_PRINTED),
            pdf_name("/P"): page,
            pdf_name("/DA"): pdf_string("0 g"),
            pdf_name("/Rect"): generic.ArrayObject(generic.FloatObject(f"{edge:.2f}") for edge in place.box),
            pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(blank)}),
        }
    )
    reference = writer.add_object(made)
    form = writer.root["/AcroForm"]
    form["/Fields"].append(reference)
    writer.update_container(form["/Fields"])
    writer.update_container(form)
    writer.register_annotation(page, reference)


def _fill(writer: Writer, name: str, words: str, draw: "Callable[[float, float], bytes]") -> bool:
    found = field(writer, name)
    if found is None:
        return False
    left, bottom, right, top = _box(found)
    found[pdf_name("/V")] = pdf_string(words)
    _look(writer, found, _overlay(writer, draw(right - left, top - bottom)))
    return True


def _overlay(writer: Writer, page: bytes) -> "IndirectObject":
    """A drawn page as a form that can lie on another."""
    look = writer.import_page_as_xobject(PdfFileReader(BytesIO(page)))
    drawn = look.get_object()
    if b" Tf" not in drawn.data:
        drawn["/Resources"].pop(NameObject("/Font"), None)
    return look  # type: ignore[no-any-return]


def _look(writer: Writer, found: "DictionaryObject | None", look: "IndirectObject") -> None:
    if found is None:
        return
    found[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): look})
    writer.update_container(found)


def _box(found: "DictionaryObject | None") -> tuple[float, float, float, float]:
    if found is None:
        return (0, 0, 0, 0)
    left, bottom, right, top = (float(edge) for edge in items(found["/Rect"]))
    return left, bottom, right, top


def _claim_part_three(writer: Writer) -> None:
    """A seal is transparent, which part 1 of PDF/A forbids (ISO 19005-1, 6.4): from here on it is part 3."""
    held = entry(writer.root, "/Metadata")
    if held is None:
        return
    old = held.data
    new = re.sub(
        rb"(<pdfaid:part>)[12](</pdfaid:part>)|(pdfaid:part=\")[12](\")", rb"\g<1>\g<3>3\g<2>\g<4>", old
    )
    if new == old:
        return
    stream = generic.StreamObject(
        {pdf_name("/Type"): pdf_name("/Metadata"), pdf_name("/Subtype"): pdf_name("/XML")}, stream_data=new
    )
    writer.root[pdf_name("/Metadata")] = writer.add_object(stream)
    writer.update_root()
