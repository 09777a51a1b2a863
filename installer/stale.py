"""Which built words are older than what they are built from. Standard library only: asked at every start."""

from __future__ import annotations

from pathlib import Path


def catalogue(root: Path) -> Path:
    """The one file of Vietnamese words."""
    return root / "resources" / "translations" / "vi" / "LC_MESSAGES" / "so_nhiem_vu.po"


def qt_source(root: Path) -> Path:
    """The list of Qt's own words that the program shows."""
    return root / "ui" / "qt_words.py"


def qt_built(root: Path) -> Path:
    """The same words in the form that Qt loads."""
    return root / "resources" / "translations" / "vi" / "qt_vi.qm"


def stale_words(root: Path) -> bool:
    """Whether the words are to be built (anew)."""
    if not catalogue(root).exists():
        return False
    pairs = [(catalogue(root).with_suffix(".mo"), [catalogue(root)])]
    if qt_source(root).exists():
        pairs.append((qt_built(root), [catalogue(root), qt_source(root)]))
    return any(
        not built.exists() or built.stat().st_mtime_ns < source.stat().st_mtime_ns
        for built, sources in pairs
        for source in sources
    )
