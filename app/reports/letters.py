"""Text on its way to paper: one form of every letter, and nothing that a font cannot draw unnoticed.

The record is clean already; a settings file, a pasted name or an older device may not be. So the renderer
does it once more, at its own edge.
"""

import re
import unicodedata

_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_BLANKS = re.compile("[\t\u2007\u202f]")
_SYMBOLS = re.compile("[\ue000-\uf8ff]")  # Word's bullets come from the private use area
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
    "\ufdd0-\ufdef\ufff9-\uffff\ud800-\udfff]"
)


def printable(text: str) -> str:
    """The form in which a text is set: NFC, U+000A for every line end, "-" for U+2011 and for Word's bullets.

    Tabs become blanks; controls, soft hyphens, zero-width signs, direction marks and half characters go. A
    blank that does not break (U+00A0) stays: the sheet's own blanks are such.
    """
    text = _BLANKS.sub(" ", _BREAKS.sub("\n", text))
    text = _SYMBOLS.sub("-", text).replace("\u2011", "-")
    return unicodedata.normalize("NFC", _DROPPED.sub("", text))


def one_line(text: str) -> str:
    """A printable text without line ends and doubled blanks, for a sentence."""
    return " ".join(printable(text).split())


def brief(text: str, limit: int) -> str:
    """The beginning of a text in one line, at most `limit` letters, cut after a sentence or else a word.

    What was cut is shown by «…».
    """
    line = one_line(text)
    if len(line) <= limit:
        return line
    head = line[:limit]
    sentence = max(head.rfind(end) for end in (". ", "; ", "! ", "? "))
    if sentence > limit // 2:
        return head[: sentence + 1] + " …"
    word = head.rfind(" ")
    return (head[:word] if word > limit // 2 else head).rstrip(" ,;:") + " …"
