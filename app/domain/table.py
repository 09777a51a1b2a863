"""Tables that people save from a spreadsheet: read right, or refused whole with line and column.

Excel's CSV comes with a BOM, semicolons, a `sep=` line, as "Unicode text" in UTF-16, or in code page 1258 or
1252, which cannot hold Vietnamese and is refused. What is read is NFC. Standard library only.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.errors import LedgerError
from app.domain.text import clean, fold
from app.domain.units import BadTable

_SEPARATOR = re.compile(r'"?sep=([,;\t|])"?[;,\t]*\s*', re.IGNORECASE)
_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')

# UTF-8 that somebody opened as a Western code page and saved again: «Káº¿t quáº£», «Ä‘Æ°á»ng». The third sign
# after "á»" must be none that may follow a word in quotation marks: «khá» is good Vietnamese.
_MOJIBAKE = re.compile("áº[^\\s\\w]|á»[\u00a1-\u00bf™šœžŸ€ƒ†‡ˆ‰‹›]|Ä‘|Æ°|\ufffd")
_LOST = re.compile(r"[^\W\d_]\?[^\W\d_]")
_FEW_LOST = 3  # a question mark between two letters may be an address; three are letters that were lost


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row that is not empty. line: where it begins, from 1; values: by column name, without blanks around.

    A column that the file does not have is not in values; an empty cell is "".
    """

    line: int
    values: Mapping[str, str]


def read_table(
    data: bytes, file: str, columns: Mapping[str, Sequence[str]], required: Sequence[str] = ()
) -> list[TableRow]:
    """Read a whole table, or nothing.

    data: the file as it lies on disk. file: its name, for sentences. columns: each name with the other
    headings that mean it; capitals, accents, and `-`, `_` or a blank do not matter. required: names that must
    be there.
    Raises BadTable with file, line, column, problem and value.
    """
    text = decode_table(data, file)
    first_line = 1
    if declared := _SEPARATOR.fullmatch(text.partition("\n")[0]):
        text = text.partition("\n")[2]
        first_line = 2
    lines = _lines(text, declared[1] if declared else _delimiter(text), first_line, file)
    line, heading = next(lines, (first_line, []))
    heading = _clean(heading, heading, line, file)
    names = _names(heading, columns, line, file)
    for name in required:
        if name not in names:
            raise BadTable(file=file, line=line, column=name, problem="missing-column", value="")
    found = []
    for line, raw in lines:
        cells = _clean(raw, heading, line, file)
        if len(cells) < len(names):
            missing = heading[len(cells)]
            raise BadTable(file=file, line=line, column=missing, problem="cells", value=str(len(cells)))
        for place, cell in enumerate(cells):
            if cell and (place >= len(names) or not names[place]):
                column = heading[place - 1] if 0 < place <= len(heading) else heading[-1]
                raise BadTable(
                    file=file, line=line, column=column, problem="cell-outside", value=_short(cell)
                )
        found.append(TableRow(line, {name: cells[i] for i, name in enumerate(names) if name}))
    if not found:
        raise BadTable(file=file, line=line, column="", problem="empty", value="")
    return found


def decode_table(data: bytes, file: str) -> str:
    """The text of a saved table, line ends as U+000A.

    UTF-8 or UTF-16, with or without a BOM. Raises BadTable for any other code page, and for letters that
    another program lost or mixed up before.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data[1:200:2].count(0) > len(data[1:200:2]) // 2:
        encoding = "utf-16-le"
    else:
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        begins = data.rfind(b"\n", 0, wrong.start) + 1
        around = data[max(begins, wrong.start - 8) : wrong.start + 8]
        shown = _short(around.decode("utf-8", "replace")) if encoding == "utf-8-sig" else encoding.upper()
        raise BadTable(file=file, line=line, column="", problem="encoding", value=shown) from wrong
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    mixed = _MOJIBAKE.search(text)
    if mixed is None and "://" not in text and len(lost := list(_LOST.finditer(text))) >= _FEW_LOST:
        mixed = lost[0]
    if mixed is not None:
        start, line = mixed.start(), text.count("\n", 0, mixed.start()) + 1
        shown = text[max(0, start - 8) : start + 8].replace("\n", " ")
        raise BadTable(file=file, line=line, column="", problem="encoding", value=shown)
    return text


def _delimiter(text: str) -> str:
    """The sign that parts the headings: the most frequent one outside quotation marks."""
    heading = next((line for line in text.split("\n") if line.strip()), "")
    return max(_DELIMITERS, key=_QUOTED.sub("", heading).count)


def _names(heading: Sequence[str], columns: Mapping[str, Sequence[str]], line: int, file: str) -> list[str]:
    """The column names that the headings mean; empty for an empty heading."""
    known = {_key(other): name for name, others in columns.items() for other in (name, *others)}
    names: list[str] = []
    for cell in heading:
        name = known.get(_key(cell), "") if cell else ""
        if cell and (not name or name in names):
            raise BadTable(file=file, line=line, column=_short(cell), problem="heading", value=_short(cell))
        names.append(name)
    while names and not names[-1]:
        names.pop()  # empty cells behind the last heading
    return names


def _key(heading: str) -> str:
    return " ".join(re.split(r"[\s_\-–]+", fold(heading).strip()))


def _lines(text: str, delimiter: str, first_line: int, file: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not empty, with the number it begins at."""
    # how long a cell may be is for `clean`, which names its column; the limit is the whole process's: only up
    csv.field_size_limit(max(len(text), csv.field_size_limit()))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = first_line
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as wrong:
            shown = _short(text.split("\n")[begins - first_line])
            raise BadTable(file=file, line=begins, column="", problem="quotes", value=shown) from wrong
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = first_line + reader.line_num


def _clean(cells: Sequence[str], heading: Sequence[str], line: int, file: str) -> list[str]:
    """Cells as the record keeps text, without blanks around."""
    found = []
    for place, cell in enumerate(cells):
        try:
            found.append(clean(cell).strip())
        except LedgerError as wrong:  # a cell that the record would not take
            column = _short(heading[place]) if place < len(heading) else ""
            raise BadTable(file=file, line=line, column=column, problem=wrong.code, value="") from wrong
    return found


def _short(cell: str) -> str:
    """A cell as a sentence can name it."""
    plain = " ".join(cell.split())
    return plain if len(plain) <= 40 else plain[:39] + "…"
