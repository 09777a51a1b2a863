"""Text as the record keeps it, and as a search compares it.

What people paste from Word, Zalo or a web page carries signs that no one sees and that break files made
later (DOCX, XLSX, PDF). They are taken out or replaced once, here, on the way in.
"""

import re
import unicodedata
from typing import ClassVar

from app.domain.errors import LedgerError

LIMIT = 20_000
"""Code points that one field may hold, counted after `clean`."""

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Word's and Excel's symbol fonts put their signs at U+F000 to U+F0FF; as first sign of a line it is a bullet.
_BULLETS = re.compile("[\uf000-\uf0ff]")
_BLANKS = re.compile("[\u00a0\u2007\u202f]")
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls but tab and line end
    "\u00ad\u200b\ufeff\u2060"  # soft hyphen, zero-width blanks
    "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"  # direction marks: what is read must be what is stored
    "\ufdd0-\ufdef\ufffe\uffff]"  # not characters; XML refuses them
)
_SURROGATE = re.compile("[\ud800-\udfff]")

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")


class BadText(LedgerError):
    """Half a character (a lone surrogate), as a broken program hands over; facts: position, from 1."""

    code: ClassVar[str] = "bad-text"


class TextTooLong(LedgerError):
    """More than one field holds; facts: length and limit, in characters."""

    code: ClassVar[str] = "text-too-long"


def clean(text: str) -> str:
    """The form in which a text is kept: NFC, at most LIMIT code points, line ends as U+000A.

    Soft, page and other breaks become line ends; blanks that do not break become blanks; U+2011 becomes "-",
    so do the bullets of Word's symbol fonts; other controls, zero-width blanks, soft hyphens and direction
    marks go. Joiners and variation signs stay, they are part of emoji. Blanks at the ends stay: they are
    what was typed. `clean(clean(x)) == clean(x)`.

    Raises BadText for half a surrogate pair and TextTooLong.
    """
    if half := _SURROGATE.search(text):
        raise BadText(position=half.start() + 1)
    text = _LINE_ENDS.sub("\n", text)
    text = _BULLETS.sub("-", text).replace("\u2011", "-")
    text = _BLANKS.sub(" ", text)
    text = unicodedata.normalize("NFC", _DROPPED.sub("", text))
    if len(text) > LIMIT:
        raise TextTooLong(length=len(text), limit=LIMIT)
    return text


def fold(text: str) -> str:
    """What a search compares: no case, no marks, đ as d, one blank for many.

    «Hòa», «hoà» and «HOA» are all `hoa`. For names that must stay apart use `same_name_key`.
    """
    bare = text
    # Taking marks off can leave letters whose case folds again (İ), so it is done until nothing changes.
    while (once := _bare(bare)) != bare:
        bare = once
    return bare


def same_name_key(text: str) -> str:
    """What two spellings of one name share: no case, one blank for many, the tone at the end of its word.

    «Hòa» and «hoà», «Ủy» and «Uỷ» are equal; «Hóa» and «Hoa» are others.
    """
    apart = unicodedata.normalize("NFD", text.casefold())
    return " ".join(unicodedata.normalize("NFC", _WORD.sub(_tone_last, apart)).split())


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return " ".join("".join(c for c in apart if unicodedata.category(c) != "Mn").split())


def _tone_last(word: re.Match[str]) -> str:
    letters = [c for c in word[0] if c not in _TONES]
    return "".join(letters) + "".join(c for c in word[0] if c in _TONES)
