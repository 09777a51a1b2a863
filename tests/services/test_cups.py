"""Printing through a real CUPS: what comes out is A4, at 100 %, with the codes at their size."""

import io
import itertools
import random
import threading

import pikepdf
import pytest
import zxingcpp
from reportlab.lib.pagesizes import A4, landscape

from app.reports.content import build
from app.reports.layout import blank, fonts
from app.reports.layout.footmark import FootMark
from app.reports.paper import codes, frames
from app.reports.pdf import render
from app.reports.scanning import reader
from app.services import cups as cups_module
from app.services.cups import Answer, Cups
from app.services.printing import (
    TWO_SIDED,
    NoPrinter,
    Order,
    PrinterGone,
    PrinterSilent,
    PrintRefused,
)
from tests.reports.paper.test_codes import drawn
from tests.reports.rasters import raster
from tests.reports.reading import texts
from tests.reports.samples import changed, report, sample_lines
from tests.services.printing_house import printing_house

WEEK = random.Random(7).randbytes(6_000)


@pytest.fixture(scope="module")
def house():
    with pytest.MonkeyPatch.context() as patch, printing_house(patch) as opened:
        opened.add("Van-thu")
        opened.add("Cu", paper="Letter", margin=18)
        opened.add("Tat", device="socket://127.0.0.1:9/")
        yield opened


@pytest.fixture(scope="module")
def sheet():
    return drawn(WEEK)


def order(house, number, printer="Van-thu", **more):
    return Order(printer, f"{house.title}-{number}", **more)


def paper(house, pdf, asked):
    cups = Cups()
    assert cups.follow(cups.send(pdf, asked)) == "printed"
    return house.printed(asked.title)


def placed(page, dpi):
    """Every symbol on a raster: index, left, top, width and height in mm."""
    found = {}
    for each in zxingcpp.read_barcodes(page):
        frame = frames.read_frame(each.bytes)
        if frame:
            at, mm = each.position, 25.4 / dpi
            size = ((at.top_right.x - at.top_left.x) * mm, (at.bottom_left.y - at.top_left.y) * mm)
            found[frame.index] = (at.top_left.x * mm, at.top_left.y * mm, *size)
    return found


def opened(pdf):
    return pikepdf.open(io.BytesIO(pdf))


def sizes(pdf):
    with opened(pdf) as found:
        return [tuple(round(float(edge)) for edge in page.mediabox[2:]) for page in found.pages]


@pytest.mark.parametrize("printer", ["Van-thu", "Cu"])
def test_a_page_of_codes_comes_out_on_a4_at_full_size(house, sheet, tmp_path, printer):
    out = paper(house, sheet, order(house, printer, printer))
    assert sizes(out) == [(595, 842)]
    with opened(out) as pdf:
        assert not pdf.pages[0].get_images(), "rectangles still, not a picture"
    (page,) = raster(tmp_path, out, 300)
    found = placed(page, 300)
    assert sorted(found) == list(range(28))
    for index, (x, y, wide, high) in found.items():
        left, top = (edge / 300 * 25.4 for edge in codes.corner(codes.place_of(index, 28)))
        assert (wide, high) == pytest.approx((32.6, 32.6), abs=0.3)
        assert (x, y) == pytest.approx((left, top), abs=0.3)


def test_a_whole_report_comes_out_with_its_annex_lying_and_its_codes_whole(house, tmp_path):
    content = build(report(changed(sample_lines(), 6)))
    codes_of_week = codes.CodeSheet("MÃ KÈM BÁO CÁO", ("Tuần 26 năm 2025",), frames.cut(WEEK))
    pdf = render(content, draft=False, mark=FootMark(bytes(16), bytes(32)), codes=codes_of_week, data=WEEK)
    out = paper(house, pdf, order(house, "report"))
    assert len(sizes(out)) == len(sizes(pdf))
    assert {tuple(sorted(size)) for size in sizes(out)} == {(595, 842)}
    read = [frame for page in reader.read(out, "out.pdf") for frame in page.frames]
    assert frames.gather({frame.index: frame.body for frame in read}, read[0].k, read[0].n) == WEEK


@pytest.fixture(scope="module")
def leaves():
    """Three pages that say which they are; the second one lies on its side."""
    out = io.BytesIO()
    canvas = blank.canvas(out, "leaves")
    for number, size in enumerate((A4, landscape(A4), A4), 1):
        canvas.setPageSize(size)
        canvas.setFont(fonts.REGULAR, 40)
        canvas.drawString(100, 100, f"leaf {number}")
        canvas.rect(72, 72, 144, 72)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_all_pages_two_copies_both_sides(house, leaves):
    out = paper(house, leaves, order(house, "all", copies=2, sides=TWO_SIDED))
    copy = ["leaf 1", "leaf 2", "leaf 3"]
    assert [text.strip() for text in texts(out)] == [*copy, "", *copy, ""], (
        "each copy begins a sheet of its own"
    )
    assert {tuple(sorted(size)) for size in sizes(out)} == {(595, 842)}


def test_only_the_page_that_jammed(house, leaves):
    out = paper(house, leaves, order(house, "jam", pages=(3,)))
    assert [text.split() for text in texts(out)] == [["leaf", "3"]]


def test_printers_say_what_they_are(house):
    found = {each.name: each for each in Cups().printers()}
    assert set(found) == {"Van-thu", "Cu", "Tat"}
    assert found["Van-thu"].words == "Máy in Van-thu"
    assert found["Van-thu"].set_to_a4 and found["Van-thu"].a4 == "A4"
    assert not found["Cu"].set_to_a4 and found["Cu"].paper == "Letter" and found["Cu"].a4 == "A4"


def test_a_printer_that_is_gone_is_named(house, sheet):
    with pytest.raises(PrinterGone) as gone:
        Cups().send(sheet, order(house, "gone", "Khong-co"))
    assert gone.value.facts == {"printer": "Khong-co"}


def test_a_printer_that_takes_no_jobs_says_so(house, sheet):
    house.add("Dong")
    house.tell("cupsreject", "Dong")
    with pytest.raises(PrintRefused) as refused:
        Cups().send(sheet, order(house, "closed", "Dong"))
    assert refused.value.facts["why"] == "its queue is closed"
    house.tell("lpadmin", "-x", "Dong")


@pytest.mark.slow
def test_a_printer_that_is_switched_off_loses_nothing_and_prints_nothing_later(house, sheet):
    cups, ticks = Cups(), itertools.count()
    job = cups.send(sheet, order(house, "off", "Tat"))
    met = []

    def wait(_seconds):
        """CUPS itself takes its time to find out."""
        threading.Event().wait(0 if met[-1].state == "silent" else 0.3)

    with pytest.raises(PrinterSilent) as silent:
        cups.follow(job, told=met.append, clock=lambda: next(ticks), pause=wait)
    assert silent.value.facts["why"] == "it is off or cannot be reached"
    assert met[-1].state == "silent"
    assert cups.standing(job).state in {"failed", "done"}


def test_a_printer_that_stands_still_says_why(house, sheet):
    house.add("Ket")
    house.tell("cupsdisable", "-r", "Het giay", "Ket")
    cups, ticks = Cups(), itertools.count(step=7)
    job = cups.send(sheet, order(house, "still", "Ket"))
    with pytest.raises(PrinterSilent) as silent:
        cups.follow(job, clock=lambda: next(ticks), pause=lambda _s: None)
    assert silent.value.facts == {"printer": "Ket", "why": "Het giay"}
    house.tell("lpadmin", "-x", "Ket")


def test_a_job_can_be_withdrawn(house, sheet):
    house.add("Cham")
    house.tell("cupsdisable", "Cham")
    cups = Cups()
    job = cups.send(sheet, order(house, "slow", "Cham"))
    assert cups.follow(job, stopped=lambda: True) == "stopped"
    assert cups.standing(job).state not in {"waiting", "printing"}
    house.tell("lpadmin", "-x", "Cham")


# With a stand-in for what cannot be had here


def talking(**answers):
    """What each program says; lists are said one after the other, the last for ever."""

    def run(command, _given):
        said = answers[command[0]]
        text = (said.pop(0) if len(said) > 1 else said[0]) if isinstance(said, list) else said
        return Answer(0, text, "")

    return Cups(run)


def test_no_printing_service_is_no_printer():
    with pytest.raises(NoPrinter):
        talking(lpstat="").printers()
    with pytest.raises(NoPrinter):
        cups_module.run(["a-program-that-nobody-has"])


def test_a_printer_without_a_driver_names_its_sizes_in_another_way():
    options = "media/Media Size: *na_letter_8.5x11in iso_a4_210x297mm\n"
    options += "sides/2-Sided: *one-sided two-sided-long-edge\n"
    (printer,) = talking(lpstat="Tang2", lpoptions=options).printers()
    assert (printer.set_to_a4, printer.a4, printer.two_sided) == (False, "iso_a4_210x297mm", True)


def test_a_printer_with_small_paper_alone_has_no_a4():
    (printer,) = talking(
        lpstat="Ve", lpoptions="PageSize/Media Size: *A5 A6\nDuplex/2-Sided: *None\n"
    ).printers()
    assert (printer.set_to_a4, printer.a4, printer.two_sided) == (False, None, False)


def test_a_printer_that_says_nothing_is_asked_for_a4():
    (printer,) = talking(lpstat="Tho", lpoptions="").printers()
    assert (printer.set_to_a4, printer.a4) == (True, "A4")


def test_a_printer_out_of_reach_does_not_hide_the_others():
    def run(command, _given):
        if command[0] == "lpoptions" and "Xa" in command:
            raise NoPrinter
        return Answer(0, {"-e": "Xa\nGan", "-d": "system default destination: Gan"}.get(command[1], ""), "")

    assert [(each.name, each.default) for each in Cups(run).printers()] == [("Gan", True), ("Xa", False)]


def test_a_long_job_is_left_to_the_queue():
    job = "P-1 someone 9 today\n\tStatus: \n\tAlerts: job-printing\n\tqueued for P\n"
    ticks = itertools.count(step=50)
    outcome = talking(lpstat=job).follow("P-1", clock=lambda: next(ticks), pause=lambda _s: None)
    assert outcome == "queued"


def test_a_job_goes_on_when_the_program_ends():
    job = "P-1 someone 9 today\n\tStatus: \n\tAlerts: job-printing\n\tqueued for P\n"
    asked = []

    def run(command, _given):
        asked.append(command[0])
        return Answer(0, job, "")

    assert Cups(run).follow("P-1", left=lambda: True) == "queued"
    assert "cancel" not in asked


def test_a_job_that_the_printer_gives_up_is_told():
    ended = "P-1 someone 9 today\n\tStatus: Paper jam\n\tAlerts: job-aborted-by-system\n"
    with pytest.raises(PrintRefused) as refused:
        talking(lpstat=["", ended]).follow("P-1")
    assert refused.value.facts == {"printer": "P", "why": "Paper jam"}
