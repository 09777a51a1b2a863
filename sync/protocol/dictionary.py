"""The dictionaries that both ends share, by number; `installer/dictionary.py` makes them.

One that was ever released stays, byte for byte: what was pressed with it can be read with nothing else.
"""

from functools import lru_cache

import resources

NONE, NEWEST = 0, 1


class UnknownDictionary(ValueError):
    """A dictionary that this program does not have: what names it comes from a newer one."""


@lru_cache(maxsize=4)
def content(number: int) -> bytes:
    """The bytes of a dictionary, in the form of RFC 8878, section 5. Raises UnknownDictionary."""
    if not NONE < number <= NEWEST:
        raise UnknownDictionary(number)
    return resources.path("dictionary", f"{number}.zstd").read_bytes()
