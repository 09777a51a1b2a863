"""A report and its receipt go by paper alone: printed, scanned and read, at the command line of both ends.

Nothing here knows a network; every sheet is the PDF that the program writes, rasterised by poppler.
"""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.test_bundle import Ends, ends, enrolled, exchange, full, pending

__all__ = ["Ends", "ends", "full"]

WEEK = "2025-W27"

pytestmark = pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm (poppler-utils) is missing")


def sheets(pdf: str | Path, first: int = 1) -> list[Path]:
    """The pages of a PDF as a scanner gives them at 200 dpi, one picture each, in order."""
    name = Path(pdf).with_suffix("")
    order = ["pdftoppm", "-r", "200", "-f", str(first), "-gray", "-jpeg", str(pdf), f"{name}-trang"]
    subprocess.run(order, check=True, timeout=60)
    return sorted(name.parent.glob(f"{name.name}-trang-*.jpg"))


def spoil(picture: Path, turn: int = 0) -> Path:
    """A sheet that was folded, stained and laid askew, saved small."""
    page = np.asarray(Image.open(picture).convert("L")).copy()
    height, width = page.shape
    page[int(height * 0.41) : int(height * 0.41) + 4] = 235
    page[int(height * 0.6) : int(height * 0.6) + 60, int(width * 0.2) : int(width * 0.2) + 60] = 30
    seen = Image.fromarray(page).rotate(turn + 1.2, expand=True, fillcolor=240)
    seen.save(target := picture.with_suffix(".nhàu.jpg"), quality=60)
    return target


def recorded(ends, name="máy một", unit="16813"):
    machine = enrolled(ends, name, unit)
    tasks = [task["code"] for task in machine("tasks", "--json").json][:6]
    for number, code in enumerate(tasks):
        told = machine(
            "record", code, "--percent", str(10 + number), "--result", f"Đã mở {number + 2} lớp tập huấn",
            "--period", WEEK,
        )  # fmt: skip
        assert told.code in {0, 1}
    return machine


def printed(ends, machine, name="báo cáo", *, whole: bool = False) -> list[Path]:
    """The pages of codes of this week's report as they are scanned; whole: with its last page before them."""
    out = ends.on(f"{name}.pdf")
    made = machine("report", "--period", WEEK, "--codes", "--out", out, "--json")
    assert made.code == 0, made.err
    return sheets(out, made.json["pages"] + (0 if whole else 1))


def agree(ends, machine, unit="16813") -> None:
    here = {t["code"]: (t["status"], t["percent"]) for t in machine("tasks", "--json").json}
    there = ends.province("summary", "--unit", unit, "--period", WEEK, "--json").json["tasks"]
    assert {t["code"]: (t["status"], t["percent"]) for t in there} == here


def test_there_and_back_on_paper_alone(ends):
    machine = recorded(ends)
    waits = pending(machine)
    pages = [
        spoil(page, 180 if number % 2 else 0)
        for number, page in enumerate(printed(ends, machine, whole=True))
    ]
    assert pending(machine) == waits + 1, "printing sends nothing"
    read = ends.province("scan", *map(str, reversed(pages)), "--receipt", ends.on("phiếu.pdf"), "--json")
    assert read.code == 0, read.err
    (found,) = read.json
    assert (found["unit"], found["period"], found["missing_pages"]) == ("16813", WEEK, [])
    assert (found["new"], found["known"]) == (waits + 1, 0) and found["symbols"] >= found["needed"]
    agree(ends, machine)

    back = machine("scan", *map(str, map(spoil, sheets(ends.on("phiếu.pdf")))), "--json")
    assert back.code == 0, back.err
    (taken,) = back.json
    assert (taken["report"], taken["unit"], taken["period"]) == (found["report"], "16813", WEEK)
    assert pending(machine) == 0
    assert machine("check").code == 0 and ends.province("check").code == 0

    again = ends.province("scan", *map(str, pages), "--json").json[0]
    assert (again["new"], again["known"]) == (0, waits + 1)
    stick, answer = exchange(ends, machine)
    assert stick.json["new"] == 0 and answer.json["sent"] == 0
    agree(ends, machine)


def test_a_cut_page_is_asked_for_again_and_other_pages_are_named(ends):
    machine = recorded(ends)
    page = printed(ends, machine)[-1]
    whole = Image.open(page).convert("L")
    cut = whole.copy()
    cut.paste(255, (0, 440, whole.width, whole.height))
    cut.paste(255, (450, 0, whole.width, whole.height))
    cut.save(ends.on("nửa.png"))
    read = ends.province("scan", ends.on("nửa.png"))
    assert read.code == 1 and "ô mã. Xin chụp lại trang mã 1." in read.out
    assert ends.province("devices", "--json").json == []
    blank = ends.on("trắng.png")
    Image.new("L", (1000, 1400), 255).save(blank)
    read = ends.province("scan", str(page), blank)
    assert read.code == 0
    assert "tuần 27" in read.out and "Văn phòng 1" in read.out and "trắng.png" in read.out
    own = machine("scan", str(page))
    assert own.code == 0 and "tỉnh" in own.out.casefold()
    gone = ends.province("scan", ends.on("không có.pdf"))
    assert gone.code == 1 and "không có.pdf" in gone.out


def test_a_receipt_for_another_commune_and_another_machine(ends):
    machine, colleague = recorded(ends), enrolled(ends, "máy hai")
    other = enrolled(ends, "máy xã khác", "16738")
    pages = printed(ends, machine)
    ends.province("scan", *map(str, pages), "--receipt", ends.on("phiếu.pdf"))
    slip = [str(page) for page in sheets(ends.on("phiếu.pdf"))]
    before = pending(colleague)
    told = colleague("scan", *slip)
    assert told.code == 1 and "máy khác" in told.err and pending(colleague) == before
    told = other("scan", *slip, "--json")
    assert told.code == 1 and "16813" in told.err and told.json[0]["report"] is None
