"""Evidence as the window uses it: the same service as at the command line, and small pictures to look at."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from app.domain.errors import LedgerError
from app.record.reading import seen
from app.services import evidence as service
from app.services.evidence import Added, Item, Prepared
from app.services.opening import Opened
from app.services.photos import Size

_LARGEST = 20_000
"""Pixels of a side from which on no small picture is made."""


class Evidence:
    """All of it works on other threads than the window's."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def prepare(self, path: Path, size: Size) -> Prepared:
        """Read a file and make it fit to be sent. Raises what `service.prepare` raises."""
        service.check_room(self._opened, 0)
        return service.prepare(path, size)

    def prepare_picture(self, picture: QImage, name: str, size: Size) -> Prepared:
        """Make a picture of the clipboard fit to be sent. Raises what `service.prepare` raises."""
        with tempfile.TemporaryDirectory(prefix="so-nhiem-vu-") as folder:
            path = Path(folder) / f"{name}.png"
            picture.save(str(path))  # its ending says the form
            return self.prepare(path, size)

    def commit(self, key: Mapping[str, str], prepared: Prepared) -> Added:
        """Seal a prepared file and record it. Raises what `service.commit` raises."""
        return service.commit(self._opened, key, prepared)

    def remove(self, record: str) -> bool:
        """Take a piece of evidence away; False if it was away already."""
        with self._opened.ledger.edit() as edit:
            return service.remove(edit, record)

    def restore(self, item: Item) -> None:
        """Bring back what was taken away."""
        key = {"progress": item.progress, "file": item.sha256}
        with self._opened.ledger.edit() as edit:
            shown = seen(edit.connection, "evidence", [item.record])[(item.record, "removed")]
            edit.set("evidence", key, "removed", False, shown)

    def picture(self, sha256: str, side: int) -> QImage:
        """A small picture of a file, `side` pixels at most; a null one for what is no picture here."""
        try:
            content = service.content(self._opened, sha256)
        except LedgerError:
            return QImage()
        data = QByteArray(content)
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer)
        whole = reader.size()
        if not whole.isValid() or max(whole.width(), whole.height()) > _LARGEST:
            return QImage()
        reader.setScaledSize(whole.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio))
        return reader.read()
