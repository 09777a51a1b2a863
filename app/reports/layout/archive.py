"""A PDF that an archive takes: PDF/A-1b, or PDF/A-3b when data is attached (ISO 19005-1 and -3, level B).

What ReportLab leaves out is added here: metadata that says the same as the document's properties, the meaning
of the colours, a line end before `endstream`, names of places on the pages, and the attached file. The same
pages give the same bytes: the file's identifier is the hash of its objects, and no clock enters.
"""

import hashlib
import io
import struct
from functools import cache
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObject, PDFStream, PDFString
from reportlab.pdfgen.canvas import Canvas

LANGUAGE = "vi-VN"
PROGRAM = "Sổ Nhiệm Vụ"
PRODUCER = "Sổ Nhiệm Vụ, ReportLab"
ATTACHED = "du-lieu.snv"
"""The name under which the data of a report is attached."""

_CURVE_POINTS = 1024
_STREAM_END = b"endstream\nendobj\n"
_WHITE = (0xF6D6, 0x10000, 0xD32D)  # D50, as every profile's connection space
_RED, _GREEN, _BLUE = (0x6FA2, 0x38F5, 0x0390), (0x6299, 0xB785, 0x18DA), (0x24A0, 0x0F84, 0xB6CF)


class About(NamedTuple):
    """The document's properties. None is a moment: the content knows none but that of its data."""

    title: str
    author: str
    subject: str


class ArchiveCanvas(Canvas):
    """A canvas whose file is PDF/A. `data`: bytes attached as a file; with them it is part 3, else part 1.

    font: the font in force on a new page; ReportLab's own default would not be embedded.
    """

    _destinations: dict[str, Any]

    def __init__(self, about: About, font: str, data: bytes = b"") -> None:
        self._out = io.BytesIO()
        given: Any = {"initialFontName": font, "pageCompression": 1, "invariant": 1, "lang": LANGUAGE}
        super().__init__(self._out, **given)
        self._doc: Any = _Document(about, data)

    def finished(self) -> bytes:
        """Close the document and give its bytes; nothing can be drawn afterwards."""
        places = {name: place for name, place in self._destinations.items() if place.page is not None}
        if places:
            self._doc.Catalog.Dests = PDFDictionary(places)
        self.save()
        return self._out.getvalue()


class _Document(pdfdoc.PDFDocument):
    """ReportLab's document, written out by our own hand."""

    Catalog: Any
    _pdfVersion: tuple[int, int]

    def __init__(self, about: About, data: bytes) -> None:
        version = (1, 7) if data else (1, 4)
        super().__init__(compression=1, invariant=1, pdfVersion=version, lang=LANGUAGE)
        self.info: Any = _Properties(about)
        catalog = self.Catalog
        catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents", "AF"]
        catalog.ViewerPreferences = PDFDictionary({"DisplayDocTitle": "true"})
        catalog.Metadata = PDFStream(
            PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}),
            _metadata(about, part=3 if data else 1),
        )
        catalog.OutputIntents = PDFArray([self._held(_output_intent(self))])
        if data:
            self._attach(data)

    def _attach(self, data: bytes) -> None:
        subtype = "/application#2Foctet-stream"  # PDFName does not escape the solidus
        sizes = {"Size": len(data), "CheckSum": f"<{hashlib.md5(data, usedforsecurity=False).hexdigest()}>"}
        kept = PDFStream(
            PDFDictionary(
                {"Type": PDFName("EmbeddedFile"), "Subtype": subtype, "Params": PDFDictionary(sizes)}
            ),
            data,
        )
        held = self._held(kept)
        spec = self._held(
            PDFDictionary(
                {
                    "Type": PDFName("Filespec"),
                    "F": PDFString(ATTACHED),
                    "UF": PDFString(ATTACHED),
                    "Desc": PDFString("Dữ liệu của báo cáo, do thiết bị của đơn vị ký"),
                    "AFRelationship": PDFName("Data"),
                    "EF": PDFDictionary({"F": held, "UF": held}),
                }
            )
        )
        self.Catalog.AF = PDFArray([spec])
        self.Catalog.Names = PDFDictionary(
            {"EmbeddedFiles": PDFDictionary({"Names": PDFArray([PDFString(ATTACHED), spec])})}
        )

    def _held(self, thing: PDFObject) -> Any:
        """A reference to an object that has a number of its own."""
        return self.Reference(thing)  # type: ignore[no-untyped-call]

    def format(self) -> bytes:
        """The whole file: header, objects in the order of their numbers, cross-reference table, trailer."""
        root, info = self._held(self.Catalog), self._held(self.info)
        out = io.BytesIO()
        out.write(b"%%PDF-%d.%d\n%%\xe2\xe3\xcf\xd3\n" % self._pdfVersion)
        offsets: list[int] = []
        said = hashlib.sha256()
        while len(offsets) + 1 in self.numberToId:  # objects name further ones while they are written
            name = self.numberToId[len(offsets) + 1]
            body = pdfdoc.PDFIndirectObject(name, self.idToObject[name]).format(self)
            if body.endswith(_STREAM_END):
                body = body[: -len(_STREAM_END)] + b"\n" + _STREAM_END
            offsets.append(out.tell())
            out.write(body)
            said.update(body)
        start = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
        out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
        own = said.hexdigest()[:32].encode()
        out.write(b"trailer\n<< /Size %d /Root %s /Info %s\n/ID [<%s> <%s>] >>\n" % (
            len(offsets) + 1, root.format(self), info.format(self), own, own
        ))  # fmt: skip
        out.write(b"startxref\n%d\n%%%%EOF\n" % start)
        return out.getvalue()


class _Properties(PDFObject):
    """The Info dictionary; the metadata says the same of each of its values."""

    invariant = 1

    def __init__(self, about: About) -> None:
        self._about = about

    def digest(self, signature: Any) -> None:
        """Nothing: the file's identifier comes from its objects."""

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        about = self._about
        values = {
            "Title": PDFString(about.title),
            "Author": PDFString(about.author),
            "Subject": PDFString(about.subject),
            "Creator": PDFString(PROGRAM),
            "Producer": PDFString(PRODUCER),
        }
        return PDFDictionary(values).format(document)


def _metadata(about: About, *, part: int) -> bytes:
    title, author, subject = (escape(text) for text in (about.title, about.author, about.subject))
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
><pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
><dc:format>application/pdf</dc:format
><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title
><dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator
><dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description
><dc:language><rdf:Bag><rdf:li>{LANGUAGE}</rdf:li></rdf:Bag></dc:language></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
><xmp:CreatorTool>{PROGRAM}</xmp:CreatorTool></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
><pdf:Producer>{PRODUCER}</pdf:Producer></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()


def _output_intent(document: _Document) -> PDFDictionary:
    profile = PDFStream(PDFDictionary({"N": 3}), srgb_profile(), filters=[pdfdoc.PDFZCompress])
    return PDFDictionary(
        {
            "Type": PDFName("OutputIntent"),
            "S": PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": PDFString("sRGB IEC61966-2.1"),
            "Info": PDFString("sRGB IEC61966-2.1"),
            "DestOutputProfile": document._held(profile),
        }
    )


@cache
def srgb_profile() -> bytes:
    """What red, green and blue mean: an ICC profile (version 2.1, matrix and curve) of IEC 61966-2-1."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    points = [round(65535 * linear(i / (_CURVE_POINTS - 1))) for i in range(_CURVE_POINTS)]
    curve = b"curv" + struct.pack(f">II{_CURVE_POINTS}H", 0, _CURVE_POINTS, *points)
    name = b"sRGB IEC61966-2.1\0"
    described = b"desc" + struct.pack(">II", 0, len(name)) + name + bytes(4 + 4 + 2 + 1 + 67)
    tags = [
        (b"desc", described),
        (b"cprt", b"text" + bytes(4) + b"No copyright\0"),
        (b"wtpt", _xyz(_WHITE)),
        (b"rXYZ", _xyz(_RED)),
        (b"gXYZ", _xyz(_GREEN)),
        (b"bXYZ", _xyz(_BLUE)),
        (b"rTRC", curve),
        (b"gTRC", curve),
        (b"bTRC", curve),
    ]
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    for sign, value in tags:
        if value not in places:
            places[value] = start + len(body)
            body += value + bytes(-len(value) % 4)
        table += sign + struct.pack(">II", places[value], len(value))
    size = 128 + len(table) + len(body)
    head = struct.pack(
        ">I4xI4s4s4s6H4s28x3I48x",
        size, 0x02100000, b"mntr", b"RGB ", b"XYZ ", 2000, 1, 1, 0, 0, 0, b"acsp", *_WHITE,
    )  # fmt: skip
    return head + table + body


def _xyz(values: tuple[int, int, int]) -> bytes:
    return b"XYZ " + struct.pack(">4x3I", *values)
