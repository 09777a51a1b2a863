"""The communes and wards of the province."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from app.domain.errors import LedgerError
from app.domain.text import clean, same_name_key

COLUMNS = ("code", "name", "kind", "former_district", "mountainous")
KINDS = ("xa", "phuong")

_CODE = re.compile(r"[0-9]{5}")
_SEPARATOR = re.compile(r"sep=([,;\t])")
_MOUNTAINOUS = {"1": True, "0": False, "": None}


class BadTable(LedgerError):
    """A table that cannot be taken; nothing of it is.

    facts: file, line (from 1, as an editor counts), column (the heading, or empty for the whole line),
    problem (`heading`, `missing-column`, `cells`, `twice`, `empty`, `quotes`, `unit-code`, `unit-name`,
    `unit-kind`, `unit-mountainous`, or the code of the error behind it), value.
    """

    code: ClassVar[str] = "bad-table"


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune (xã) or ward (phường).

    code: the official five digits. kind: `xa` or `phuong`. former_district: for grouping only, districts
    ended on 1 July 2025. mountainous: None where it is not established.
    """

    code: str
    name: str
    kind: str
    former_district: str
    mountainous: bool | None

    def is_called(self, name: str) -> bool:
        """Whether a name means this unit, wherever its tone marks stand (òa or oà, ủy or uỷ)."""
        return same_name_key(name) == same_name_key(self.name)


def read_units(text: str, file: str = "") -> tuple[Unit, ...]:
    """Read the table of units, all or nothing; in the order of the file.

    text: decoded; a BOM, a `sep=` line, semicolons or tabs for commas, blanks around cells and other letter
    case in headings are taken. Raises BadTable.
    """
    text = text.removeprefix("\ufeff")
    first_line = 1
    if declared := _SEPARATOR.match(text):
        text = text.partition("\n")[2]
        first_line = 2
    heading_text = text.partition("\n")[0]
    delimiter = declared[1] if declared else max(",;\t", key=heading_text.count)
    lines = _lines(text, delimiter, first_line, file)
    line, heading = next(lines, (first_line, []))
    heading = [cell.lower() for cell in heading]
    for name in heading:
        if name not in COLUMNS or heading.count(name) > 1:
            raise BadTable(file=file, line=line, column=name, problem="heading", value=name)
    for name in COLUMNS:
        if name not in heading:
            raise BadTable(file=file, line=line, column=name, problem="missing-column", value="")
    found: dict[str, Unit] = {}
    for line, cells in lines:
        if len(cells) != len(heading):
            raise BadTable(file=file, line=line, column="", problem="cells", value=str(len(cells)))
        row = dict(zip(heading, cells, strict=True))
        unit = _unit(row, line, file)
        if unit.code in found:
            raise BadTable(file=file, line=line, column="code", problem="twice", value=unit.code)
        found[unit.code] = unit
    if not found:
        raise BadTable(file=file, line=line, column="", problem="empty", value="")
    return tuple(found.values())


def _lines(text: str, delimiter: str, first_line: int, file: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not empty with the number it begins at, cells clean and without blanks around."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = first_line
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as wrong:
            shown = text.split("\n")[begins - first_line].strip()[:40]
            raise BadTable(file=file, line=begins, column="", problem="quotes", value=shown) from wrong
        if cells is None:
            return
        try:
            cells = [clean(cell).strip() for cell in cells]
        except LedgerError as wrong:  # a cell that the record would not take
            raise BadTable(file=file, line=begins, column="", problem=wrong.code, value="") from wrong
        if any(cells):
            yield begins, cells
        begins = first_line + reader.line_num


def _unit(row: dict[str, str], line: int, file: str) -> Unit:
    if not _CODE.fullmatch(row["code"]):
        raise BadTable(file=file, line=line, column="code", problem="unit-code", value=row["code"])
    if not row["name"] or "\n" in row["name"]:
        raise BadTable(file=file, line=line, column="name", problem="unit-name", value=row["name"])
    if row["kind"] not in KINDS:
        raise BadTable(file=file, line=line, column="kind", problem="unit-kind", value=row["kind"])
    if row["mountainous"] not in _MOUNTAINOUS:
        value = row["mountainous"]
        raise BadTable(file=file, line=line, column="mountainous", problem="unit-mountainous", value=value)
    return Unit(
        row["code"], row["name"], row["kind"], row["former_district"], _MOUNTAINOUS[row["mountainous"]]
    )
