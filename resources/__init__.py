"""What the program carries with it: fonts, icons, words, texts and the province's data.

Found by relative name, so that a source tree, an installed copy and a package look the same to the rest.
"""

from importlib.resources import files
from pathlib import Path


def path(*parts: str) -> Path:
    """The place of a file or folder, named from this one: `path("data", "nghe_an_units.csv")`.

    It need not exist: what is built (a .mo, a .qm) may not be built yet.
    """
    return Path(str(files(__name__).joinpath(*parts)))


def read_text(*parts: str) -> str:
    """The whole text of a UTF-8 file. Raises FileNotFoundError."""
    return path(*parts).read_text(encoding="utf-8")
