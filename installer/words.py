"""Builds what gettext and Qt load from the one catalogue: `python -m installer.words`.

Qt ships no Vietnamese, so its own words ("Cancel" of a dialog) stand in our catalogue too and become a
.qm, by way of Qt's own format .ts and its own tool. A translator written in Python is no way: it loses
references to None.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from installer.stale import catalogue, qt_built, qt_source


def build(root: Path, qt_words: Iterable[tuple[str, str]] = ()) -> list[Path]:
    """Writes the .mo, and the .qm if there are words of Qt; returns what was written.

    qt_words: (Qt's context, the English words there).
    """
    po = catalogue(root)
    with po.open("rb") as file:
        words = read_po(file, locale="vi")
    mo = po.with_suffix(".mo")
    with mo.open("wb") as file:
        write_mo(file, words)
    built = [mo]
    if pairs := sorted(set(qt_words)):
        qm = qt_built(root)
        ts = qm.with_suffix(".ts")
        write_ts(ts, ((context, source, _vietnamese(words, source)) for context, source in pairs))
        subprocess.run([_lrelease(), "-silent", ts, "-qm", qm], check=True)
        built.append(qm)
    return built


def write_ts(file: Path, words: Iterable[tuple[str, str, str]]) -> None:
    """Writes (context, source, translation) in Qt's format; what has no translation stays English."""
    top = ElementTree.Element("TS", version="2.1", language="vi_VN", sourcelanguage="en")
    contexts: dict[str, ElementTree.Element] = {}
    for context, source, translation in words:
        if context not in contexts:
            contexts[context] = ElementTree.SubElement(top, "context")
            ElementTree.SubElement(contexts[context], "name").text = context
        message = ElementTree.SubElement(contexts[context], "message")
        ElementTree.SubElement(message, "source").text = source
        ElementTree.SubElement(message, "translation").text = translation or source
    ElementTree.indent(top)
    ElementTree.ElementTree(top).write(file, encoding="utf-8", xml_declaration=True)


def _vietnamese(words: Catalog, source: str) -> str:
    message = words.get(source)
    return message.string if message and not message.fuzzy and isinstance(message.string, str) else ""


def _lrelease() -> Path:
    package = importlib.util.find_spec("PySide6")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("PySide6 is not installed here: Qt's own words cannot be built.")
    return Path(package.submodule_search_locations[0]) / (
        "lrelease.exe" if sys.platform == "win32" else "lrelease"
    )


def main() -> int:
    """Builds the words of the copy that this file lies in."""
    root = Path(__file__).resolve().parent.parent
    qt_words: Iterable[tuple[str, str]] = ()
    if qt_source(root).exists():
        from ui.qt_words import QT_WORDS

        qt_words = QT_WORDS
    build(root, qt_words)
    return 0


if __name__ == "__main__":
    sys.exit(main())
