"""Reads QR symbols out of a grey picture by zxing-cpp, within a budget of pixels."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import zxingcpp

Grey = npt.NDArray[np.uint8]
"""A picture, row by row, 0 black to 255 white."""
Points = npt.NDArray[np.float64]
"""Points (x, y) in pixels or modules, one a row."""

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


class Seen(NamedTuple):
    """A symbol in a picture. data: empty when it was found and could not be read.

    corners: top left, top right, bottom right, bottom left of the symbol itself, however it lies.
    """

    data: bytes
    corners: Points


class Budget:
    """How many pixels may still be looked through: what bounds the time that any picture takes."""

    def __init__(self, pixels: int) -> None:
        self.left = pixels

    def spend(self, pixels: int) -> bool:
        """Take so many; False, and nothing taken, when fewer are left."""
        if pixels > self.left:
            return False
        self.left -= pixels
        return True


def symbols(picture: Grey, budget: Budget) -> list[Seen]:
    """All symbols of a picture, those that could not be read too; none when the budget is spent."""
    if not budget.spend(picture.size):
        return []
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(picture),
        formats=_QR,
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=zxingcpp.Binarizer.LocalAverage,
        return_errors=True,
    )
    return [_seen(one) for one in found]


def drawn(picture: Grey, budget: Budget) -> bytes:
    """What a symbol says that was drawn clean and upright with its quiet zone; empty if it cannot be read."""
    if not budget.spend(picture.size):
        return b""
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(picture),
        formats=_QR,
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=zxingcpp.Binarizer.BoolCast,
        is_pure=True,
    )
    return found[0].bytes if found else b""


def _seen(one: zxingcpp.Barcode) -> Seen:
    place = one.position
    corners = [place.top_left, place.top_right, place.bottom_right, place.bottom_left]
    data = one.bytes if one.valid else b""
    return Seen(data, np.array([(p.x, p.y) for p in corners], np.float64))
