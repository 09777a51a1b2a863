"""Where on a sheet its number, date, signature and seal belong: places that its drawing left in it."""

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pyhanko.pdf_utils.rw_common import PdfHandler

NUMBER, DATE, PERSON, AGENCY = "snv.number", "snv.date", "snv.person", "snv.agency"


class Place(NamedTuple):
    """A rectangle on a page (from 0), in points from the page's lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The four edges: left, bottom, right, top."""
        return self[1:]

    @property
    def width(self) -> float:
        """In points."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """In points."""
        return self.top - self.bottom


def places(document: "PdfHandler") -> dict[str, Place]:
    """The named places of a document that are rectangles (ISO 32000-1, 12.3.2.3)."""
    pages = {_key(reference): number for number, reference in enumerate(_pages(document.root["/Pages"]))}
    found = {}
    for name, target in _named(document):
        goal = entry(target, "/D") if isinstance(target, dict) else target
        if not isinstance(goal, list) or len(goal) != 6 or goal[1] != "/FitR":
            continue
        page = pages.get(_key(goal.raw_get(0)))  # type: ignore[attr-defined]
        if page is not None:
            left, bottom, right, top = (float(number) for number in items(goal)[2:])
            found[name] = Place(page, left, bottom, right, top)
    return found


def entry(dictionary: Any, name: str, default: Any = None) -> Any:
    """What a dictionary of a PDF holds under a name, whether there itself or in an object of its own."""
    try:
        return dictionary[name]  # `get` would give a mere reference
    except KeyError:
        return default


def items(array: Any) -> list[Any]:
    """What an array of a PDF holds, whether there itself or in objects of their own."""
    return [array[at] for at in range(len(array))]


def _named(document: "PdfHandler") -> list[tuple[str, Any]]:
    old = entry(document.root, "/Dests", {})
    found = [(str(name)[1:], old[name]) for name in old]
    nodes = [entry(entry(document.root, "/Names", {}), "/Dests", {})]
    while nodes:
        node = nodes.pop()
        nodes += items(entry(node, "/Kids", []))
        names = items(entry(node, "/Names", []))
        found += [(str(name), target) for name, target in zip(names[::2], names[1::2], strict=False)]
    return found


def _pages(node: Any) -> list[Any]:
    """References to the pages under a node of the page tree, in order."""
    found: list[Any] = []
    kids = node["/Kids"]
    for at, kid in enumerate(items(kids)):
        found += _pages(kid) if kid["/Type"] == "/Pages" else [kids.raw_get(at)]
    return found


def _key(reference: Any) -> tuple[int, int]:
    return (getattr(reference, "idnum", 0), getattr(reference, "generation", 0))
