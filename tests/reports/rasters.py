"""Pages as other programs see them: rasters by poppler, symbols by ZBar; skipped where these are missing."""

import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image


def raster(folder, pdf, dpi):
    """The pages of a PDF as grey arrays, by `pdftoppm`."""
    if not shutil.which("pdftoppm"):
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    (folder / "pages.pdf").write_bytes(pdf)
    for old in folder.glob("page-*.png"):
        old.unlink()
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-gray", "-png", "pages.pdf", "page"], cwd=folder, check=True, timeout=60
    )
    return [np.asarray(Image.open(page).convert("L")) for page in sorted(folder.glob("page-*.png"))]


def zbar(folder, picture):
    """The bytes of every QR symbol on a page, end to end, by `zbarimg`."""
    if not shutil.which("zbarimg"):
        pytest.skip("zbarimg (zbar-tools) is not installed")
    Image.fromarray(picture).save(folder / "zbar.png")
    order = ["zbarimg", "--nodbus", "-q", "--raw", "-Sbinary", "--set", "disable", "--set", "qrcode.enable"]
    return subprocess.run([*order, "zbar.png"], cwd=folder, capture_output=True, timeout=60).stdout
