"""Numbers in a sentence that an officer may reword: they stay those of the tables."""

import re
from collections import Counter

from app.reports.letters import one_line

# a number with its designation, if any: 81 · 3,7% · 614.025 · 3/4 · 26/6/2025 · 348/KH-UBND · BCD25-007
_WORD = re.compile(r"[\w/.,%-]*\d[\w/.,%-]*")
_DATE = re.compile(r"\d{1,2}/\d{1,2}(?:/\d{4})?")
_NAMED = re.compile(
    r"(?<!\w)(?:ngày|tháng|năm|quý|tuần|điều|khoản|mục|phụ lục|biểu|đề án"
    r"|(?:nghị quyết|nghị định|quyết định|quy định|chỉ thị|chương trình|kế hoạch|thông báo|công văn|báo cáo"
    r"|tờ trình|hướng dẫn|kết luận|thông tư)(?: số)?)\s+$",
    re.IGNORECASE,
)


def numbers_kept(basis: str, text: str) -> bool:
    """Whether an edited sentence still says the numbers of the one that the program wrote, in any order.

    No figure may go, change or be added. Dates, and what names a document, a task or a period, may be added
    but not taken away. A sentence that the program left empty has no numbers to keep.
    """
    if not basis.strip():
        return True
    figures, names = _numbers(basis)
    own_figures, own_names = _numbers(text)
    return figures == own_figures and not names - own_names


def _numbers(text: str) -> tuple[Counter[str], Counter[str]]:
    """The figures, and the numbers that are part of a name."""
    plain = one_line(text)
    figures: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for found in _WORD.finditer(plain):
        word = found[0].strip("/.,-")
        lettered = any(letter.isalpha() for letter in word)
        if lettered or _DATE.fullmatch(word) or _NAMED.search(plain, 0, found.start()):
            names[word.casefold()] += 1
        else:
            figures[word.lstrip("0") or "0"] += 1
    return figures, names
