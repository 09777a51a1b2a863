"""Printed pages that several tests damage in their own ways."""

import numpy as np
import pytest

from app.reports.content import build
from app.reports.layout.footmark import FootMark
from app.reports.pdf import render
from tests.benchmarks.damage import LEVELS, damaged
from tests.reports.samples import changed, report, sample_lines
from tests.reports.scanning import samples

MARK = FootMark(bytes(range(16)), bytes(range(32)))


@pytest.fixture(scope="session")
def code_page():
    """The page of codes of a week, 600 dpi."""
    return samples.code_page(0)


@pytest.fixture(scope="session")
def office():
    """The same as an office scanner hands it over, 200 dpi."""
    return samples.scan(samples.codes(samples.frames(0)))


@pytest.fixture(scope="session")
def spoiled(code_page):
    """The same after folds, stains, a pen, a seal and blots."""
    return damaged(code_page, LEVELS[8], 0)


@pytest.fixture(scope="session")
def snapshot(code_page):
    """The same as a poor phone sees it: the decoder alone reads next to nothing."""
    return damaged(code_page, LEVELS[11], 0)


@pytest.fixture(scope="session")
def closed():
    """The PDF of a closed report with few rows."""
    return render(build(report(changed(sample_lines(), 12)[:12])), draft=False, mark=MARK)


@pytest.fixture(scope="session")
def report_page(closed):
    """Its first page, 600 dpi."""
    return samples.raster(closed)


@pytest.fixture(scope="session")
def annex_page(closed):
    """The last page, which lies on its side; as tall as it is fed to a scanner."""
    return np.ascontiguousarray(np.rot90(samples.raster(closed, -1)))
