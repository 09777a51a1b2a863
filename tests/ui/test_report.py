import io
from datetime import date

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from sqlalchemy import update

from app.domain.periods import Week
from app.domain.reporting import Period
from app.record.tables import change
from app.services import closing, issuing, reports, sentences, weeks
from app.services.printing import NoPrinter, Printer
from app.services.weeks import calendar
from sync.server.issuing import Wanted
from tests.ui import office, seen
from tests.world import UNIT, task_id
from ui.models.rows import Roles
from ui.pages.base import Plan
from ui.pages.report import ReportPage
from ui.pages.report_data import Asked
from ui.widgets.buttons import Button
from ui.widgets.chip import Chip

WEEK = Period.parse("2025-W27")


@pytest.fixture
def place(tmp_path):
    device, wire, province = office.open_office(tmp_path, *office.many(3))
    office.record(device, "T001", percent=40, result="Đã lắp xong đường truyền.")
    yield device, wire
    device.close()
    province.close()


@pytest.fixture
def page(place, qtbot, jobs):
    made = ReportPage(place[0].ledger, jobs)
    qtbot.addWidget(made)
    made.resize(1166, 640)
    with qtbot.waitExposed(made):
        made.show()
    made.reload()
    qtbot.waitUntil(lambda: made.preview.sheet.shown)
    return made


def records(device):
    with device.ledger.read() as connection:
        return reports.made(connection, WEEK)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        whole = " ".join(page.get_textpage().get_text_range() for page in document)
        return " ".join(whole.split())
    finally:
        document.close()


class FakeDesk:
    """A machine with one printer, or with none; what is printed is kept."""

    def __init__(self, *printers: str) -> None:
        self._printers = printers
        self.printed: list[bytes] = []

    def printers(self):
        if not self._printers:
            raise NoPrinter()
        return tuple(Printer(name, name, True, "A4", ("A4",), False) for name in self._printers)

    def put(self, pdf, order, *, stopped, told, left=lambda: False):
        self.printed.append(pdf)
        return "printed"


def close(page, qtbot, desk=None):
    """Close the report; the printing window opens."""
    page.acts.ask.desk = desk or FakeDesk("HP LaserJet P1102")
    page.acts.ask_close()
    QTest.mouseClick(answers(page.question)[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.shown.frozen and page.acts.panel is not None)
    return page.acts.panel


def answers(notice):
    row = notice._buttons
    return [row.itemAt(place).widget() for place in range(row.count())]


def test_the_preview_shows_the_draft_and_records_nothing(place, page):
    assert page.bar.name.text().startswith("Tuần 27")
    assert page.flow.chip.text() == "Đang viết"
    assert page.preview.name.text().startswith("Trang 1/")
    assert "DỰ THẢO" in text_of(page.shown.sheet)
    assert "Đã lắp xong đường truyền" in text_of(page.shown.sheet)
    assert records(place[0]) == []


def test_what_is_missing_stands_at_the_left(page):
    assert sorted(page.missing.list.rows.keys()) == ["T002", "T003"]
    assert page.missing.heading.text() == "2 nhiệm vụ chưa ghi tuần này"
    assert page.shown.unset == ("signer", "recipients")


def test_a_draft_is_saved_as_a_draft_and_nothing_is_recorded(place, page, qtbot, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(page.acts.ask, "file", lambda name: asked.append(name) or str(tmp_path / name))
    QTest.mouseClick(page.preview.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.undo_line.isVisible())
    assert asked == ["BC-tuan-27-2025.pdf"]
    saved = text_of((tmp_path / asked[0]).read_bytes())
    assert "Đã lắp xong đường truyền" in saved and "DỰ THẢO" in saved
    assert records(place[0]) == []


def test_closing_is_asked_and_records_once_and_the_same_again_records_nothing(place, page, qtbot):
    QTest.mouseClick(page.bar.next_button, Qt.MouseButton.LeftButton)
    assert "không sửa được nữa" in page.question.text and records(place[0]) == []
    QTest.mouseClick(answers(page.question)[1], Qt.MouseButton.LeftButton)
    assert not page.question.isVisible() and records(place[0]) == []
    desk = FakeDesk("HP LaserJet P1102")
    panel = close(page, qtbot, desk)
    [made] = records(place[0])
    assert page.flow.chip.text() == "Chờ ký"
    assert made.check_code in page.flow.words.text() and "lần 1" in page.flow.words.text()
    assert page.bar.next_button.text() == "Đã ký, đóng dấu"
    assert "DỰ THẢO" not in text_of(page.shown.sheet) and made.check_code in text_of(page.shown.sheet)
    qtbot.waitUntil(panel.print_button.isEnabled)
    with qtbot.waitSignal(panel.printed):
        panel.print_sheet()
    assert text_of(desk.printed[0]) == text_of(page.shown.sheet)
    panel.close()
    page.acts.close()
    qtbot.waitUntil(lambda: "không chốt thêm" in page.question.text)
    assert len(records(place[0])) == 1
    page.acts.panel.close()


def test_after_closing_the_focus_stands_where_work_goes_on(page, qtbot):
    page.acts.ask.desk = FakeDesk("HP LaserJet P1102")
    page.activateWindow()
    page.bar.next_button.setFocus()
    QTest.keyClick(page.bar.next_button, Qt.Key.Key_Space)
    assert answers(page.question)[0].hasFocus()
    QTest.keyClick(answers(page.question)[0], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.shown.frozen and page.acts.panel is not None)
    page.acts.panel.close()
    assert page.window().focusWidget() is page.bar.next_button
    assert page.bar.next_button.text() == "Đã ký, đóng dấu"


def test_the_closed_sheet_is_the_same_whenever_it_is_saved(place, page, qtbot, tmp_path, monkeypatch):
    close(page, qtbot).close()
    saved = []
    for name in ("một.pdf", "hai.pdf"):
        monkeypatch.setattr(page.acts.ask, "file", lambda _plain, name=name: str(tmp_path / name))
        page.undo_line.dismiss()
        page.acts.save_pdf()
        qtbot.waitUntil(lambda: page.undo_line.isVisible())
        saved.append((tmp_path / name).read_bytes())
    assert saved[0] == saved[1]


def test_what_changed_after_the_closing_is_said_with_two_choices(place, page, qtbot):
    close(page, qtbot).close()
    office.record(place[0], "T002", percent=30, result="Vừa làm xong một nửa.")
    page.reload()
    qtbot.waitUntil(lambda: "Nội dung đã đổi sau khi in bản ký" in page.notice.text)
    assert not page.shown.frozen and "Vừa làm xong một nửa" in text_of(page.shown.sheet)
    again, keep = answers(page.notice)
    assert (again.text(), keep.text()) == ("In lại để ký", "Giữ bản đã in")
    QTest.mouseClick(keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.shown.frozen)
    assert "Vừa làm xong một nửa" not in text_of(page.shown.sheet)
    assert not page.notice.isVisible() and len(records(place[0])) == 1


def test_a_week_without_work_says_so_before_it_is_closed(tmp_path, qtbot, jobs):
    device, _wire, province = office.open_office(tmp_path, *office.many(2))
    page = ReportPage(device.ledger, jobs)
    qtbot.addWidget(page)
    page.show()
    page.reload()
    qtbot.waitUntil(lambda: page.preview.sheet.shown)
    page.acts.ask_close()
    assert "Không phát sinh: 2/2 nhiệm vụ không đổi" in page.question.text
    device.close()
    province.close()


def test_a_place_that_takes_no_file_is_said_and_nothing_is_recorded(
    place, page, qtbot, tmp_path, monkeypatch
):
    (tmp_path / "folder.pdf").mkdir()
    monkeypatch.setattr(page.acts.ask, "file", lambda _name: str(tmp_path / "folder.pdf"))
    page.acts.save_pdf()
    qtbot.waitUntil(lambda: "folder.pdf" in page.question.text)
    assert page.bar.next_button.isEnabled()
    assert records(place[0]) == []


def test_without_a_printer_the_draft_can_be_saved_from_the_printing_window(
    page, qtbot, tmp_path, monkeypatch
):
    page.acts.ask.desk = FakeDesk()
    monkeypatch.setattr(page.acts.ask, "file", lambda name: str(tmp_path / name))
    page.print_page()
    panel = page.acts.panel
    qtbot.waitUntil(panel.notice.isVisible)
    with qtbot.waitSignal(panel.saved):
        panel.save()
    assert "DỰ THẢO" in text_of((tmp_path / "BC-tuan-27-2025.pdf").read_bytes())
    panel.close()


def test_the_worksheet_of_the_week_is_printed_from_here(page, qtbot):
    page.acts.ask.desk = FakeDesk("HP LaserJet P1102")
    QTest.mouseClick(page.missing.sheet_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.acts.panel is not None)
    document = page.acts.panel._document
    assert document.file_name == "phieu-ghi-tay-tuan-27-2025.pdf" and "T002" in text_of(document.pdf)
    page.acts.panel.close()


def test_the_whole_text_goes_to_the_clipboard(page):
    page.acts.copy_text()
    assert "Đã lắp xong đường truyền" in QGuiApplication.clipboard().text()


def test_no_change_in_the_week_is_recorded_from_here(place, page, qtbot):
    page.missing.list.select("T002")
    with qtbot.waitSignal(page.touched):
        QTest.mouseClick(page.missing.nothing_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.missing.list.rows.keys() == ["T003"])
    assert office.held(place[0], "T002").recorded


def test_pages_turn(page, qtbot):
    assert not page.preview.before.isEnabled()
    QTest.mouseClick(page.preview.after, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.preview.name.text().startswith("Trang 2/"))
    assert page.preview.before.isEnabled()


def test_page_down_reads_on_to_the_next_page(page, qtbot):
    page.preview.after.setFocus()
    for _press in range(3):
        QTest.keyClick(page.preview.after, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: page.preview.name.text().startswith("Trang 2/"))


def test_the_week_before_and_the_other_line(page, qtbot):
    page.bar.lines.chosen.emit("tinh_uy")
    qtbot.waitUntil(lambda: page.shown.line == "tinh_uy")
    assert not page.bar.later.isEnabled()
    QTest.mouseClick(page.bar.earlier, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.shown.period.number == 26)
    assert page.bar.later.isEnabled()


def test_a_week_that_has_no_report_says_why_and_saves_nothing(page, qtbot):
    page.show_target(next(week for week in weeks_of(2025) if calendar().due(week) is None))
    qtbot.waitUntil(lambda: page.shown.refused is not None)
    assert page.notice.isVisible()
    assert not page.preview.sheet.shown
    assert not page.preview.save_button.isEnabled() and not page.bar.next_button.isVisible()


def weeks_of(year):
    week = Week(year, 1)
    while week.year == year:
        yield week
        week = week.next()


@pytest.mark.parametrize("size", [(1166, 712), (1166, 640), (835, 456), (724, 544)])
def test_nothing_is_cut_off(page, qtbot, size):
    page.resize(*size)
    page.fit(Plan.of(size[0] + (200 if size[0] > 1000 else 76)))
    page.acts.ask_close()
    for view in ("page", "words"):
        page.preview.show_view(view)
        qtbot.waitUntil(lambda: seen.faults(page) == [])


def test_a_place_with_two_versions_is_named_before_signing_and_leads_there(place, page, qtbot, tmp_path):
    device, wire = place
    other = office.second_device(device, tmp_path / "other.db", wire)
    office.record(other, "T001", result="Đã lắp một nửa.")
    office.record(device, "T001", result="Đã lắp xong cả hai.")
    other.sync(wire)
    device.sync(wire)
    other.close()
    page.reload()

    def found():
        return [b for b in page.missing.findChildren(Button) if b.text() == "Chọn bản"]

    qtbot.waitUntil(lambda: len(found()) == 1)
    with qtbot.waitSignal(page.wants_page) as wanted:
        QTest.mouseClick(found()[0], Qt.MouseButton.LeftButton)
    assert wanted.args == ["two", None]


def test_ctrl_s_says_that_all_is_saved(page):
    page.save_now()
    assert page.undo_line._text.text() == "Đã lưu."


def test_a_report_that_was_closed_at_another_machine_is_named_so(place, page, qtbot, tmp_path):
    device, wire = place
    other = office.second_device(device, tmp_path / "other.db", wire)
    office.record(other, "T003", result="Việc của máy kia.")
    with other.ledger.read() as connection:
        now = weeks.present(connection, other.ledger.now())
    closing.finish(other.ledger, WEEK, "ubnd_tinh", now)
    with other.ledger.edit() as edit:
        sentences.write_sentence(edit, WEEK, "ubnd_tinh", "extra", "Thêm sau khi chốt.", "")
    other.sync(wire)
    device.sync(wire)
    other.close()
    page.reload()
    qtbot.waitUntil(lambda: page.flow.chip.text() == "Chờ ký")
    assert page.notice.isVisible() and page.shown.stands.elsewhere is not None
    assert not page.shown.frozen


def test_a_report_that_the_province_gave_back_says_why(place, page, qtbot):
    close(page, qtbot).close()
    [made] = records(place[0])
    with place[0].engine.begin() as connection:
        of_report = change.c.record == made.record
        connection.execute(update(change).where(of_report).values(refused="not-yours", arrived=1))
    page.reload()
    qtbot.waitUntil(lambda: page.flow.chip.text() == "Tỉnh trả lại")
    assert page.notice.text.startswith("Tỉnh trả lại báo cáo này. Lý do: ")
    with qtbot.waitSignal(page.wants_page) as wanted:
        QTest.mouseClick(answers(page.notice)[0], Qt.MouseButton.LeftButton)
    assert wanted.args == ["exchange", None]


# Signature


def sign(page, qtbot, **said):
    """Enter number, date and signer, as the clerk does."""
    page.acts.do("issue")
    form = page.acts.signature.form
    for name, text in said.items():
        getattr(form, name).set_text(text)
    return form


def test_number_and_date_are_entered_once_it_is_signed(place, page, qtbot):
    close(page, qtbot).close()
    form = sign(page, qtbot, number="45/BC-UBND", day="1/7/2025", signer="Nguyễn Văn Minh")
    form.steps.set_value("deputy")
    form._arrange()
    QTest.mouseClick(form.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.shown.signed)
    [made] = records(place[0])
    assert (made.number, made.date, made.signed) == ("45", date(2025, 7, 1), "ink")
    assert made.signer == "KT. CHỦ TỊCH, PHÓ CHỦ TỊCH, Nguyễn Văn Minh"
    assert page.flow.chip.text() == "Đã ký. Chờ gửi." and "Số 45, ngày 01/07/2025" in page.flow.words.text()
    assert page.bar.next_button.text() == "Quét bản ký"
    qtbot.waitUntil(lambda: not form.isVisible())


def test_a_wrong_number_can_be_corrected_until_the_province_has_it(place, page, qtbot):
    close(page, qtbot).close()
    sign(page, qtbot, number="54", day="1/7/2025", signer="Nguyễn Văn Minh").check()
    qtbot.waitUntil(lambda: page.shown.signed and page.flow.links["number"].isVisible())
    page.flow.links["number"].click()
    form = page.acts.signature.form
    assert (form.number.text(), form.day.text()) == ("54", "01/07/2025")
    form.number.set_text("45")
    form.check()
    qtbot.waitUntil(lambda: "Số 45" in page.flow.words.text())
    [made] = records(place[0])
    assert (made.number, made.signer, made.signed) == ("45", "Nguyễn Văn Minh", "ink")


def test_a_number_entered_by_hand_leaves_a_digital_signature_digital(place, page, qtbot):
    close(page, qtbot).close()
    with place[0].ledger.edit() as edit:
        now = weeks.present(edit.connection, place[0].ledger.now())
        [made] = reports.made(edit.connection, WEEK)
        issuing.issue(edit, made.record, issuing.Issue(), now, how="digital", signed_at=now.clock)
    page.reload()
    qtbot.waitUntil(lambda: page.shown.signed)
    sign(page, qtbot, number="45", day="1/7/2025", signer="Nguyễn Văn Minh").check()
    qtbot.waitUntil(lambda: "Số 45" in page.flow.words.text())
    assert records(place[0])[0].signed == "digital"


def test_without_a_number_nothing_is_recorded_as_signed(place, page, qtbot):
    close(page, qtbot).close()
    page.acts.do("issue")
    form = page.acts.signature.form
    form.check()
    assert "Ghi số" in form.fields["number"].fault and form.isVisible()
    qtbot.waitUntil(lambda: page._jobs.idle)
    assert not records(place[0])[0].signed
    form.reject()


def test_what_looks_wrong_is_said_beside_its_field_and_kept_all_the_same(place, page, qtbot):
    close(page, qtbot).close()
    form = sign(page, qtbot, number="A5", day="2/7/2031", signer="Nguyễn Văn Minh")
    form.check()
    qtbot.waitUntil(lambda: bool(form.fields["day"].fault))
    assert "A5" in form.fields["number"].fault and form.isVisible()
    form.day.setText("ngày kia")
    form.check()
    assert "ngày kia" in form.fields["day"].fault
    form.number.setText("5")
    form.day.setText("1/7/2025")
    form.check()
    qtbot.waitUntil(lambda: not form.isVisible())
    assert [(made.number, made.date) for made in records(place[0])] == [("5", date(2025, 7, 1))]


def test_a_signed_report_is_not_edited_but_replaced(place, page, qtbot):
    close(page, qtbot).close()
    form = sign(page, qtbot, number="45", day="1/7/2025", signer="Nguyễn Văn Minh")
    form.check()
    qtbot.waitUntil(lambda: page.shown.signed)
    assert not page.missing.nothing_button.isVisible()  # a signed week takes no record
    page.show_sentence("changes:T001")
    assert page.words.box.isReadOnly()
    page.question.say("Tệp đã ký đúng với nội dung đã chốt.")
    page.acts.do("correct")
    qtbot.waitUntil(lambda: "Thay thế Báo cáo số 45/BC-UBND" in page.flow.words.text())
    assert page.question.isHidden()  # that was said of the signed one
    assert not page.words.box.isReadOnly() and "DỰ THẢO" in text_of(page.shown.sheet)
    write(page, qtbot, "extra", "Bổ sung phần đã sót.")
    close(page, qtbot).close()
    newest, _first = records(place[0])
    assert newest.replaces == _first.record and not page.asked.correct
    assert "45/BC-UBND" in text_of(page.shown.sheet) and page.flow.chip.text() == "Chờ ký"


# Words


def write(page, qtbot, slot, text):
    page.show_sentence(slot)
    page.words.box.set_text(text)
    with qtbot.waitSignal(page.touched):
        page.words.commit()


def test_a_sentence_is_put_otherwise_and_given_back(place, page, qtbot):
    page.show_sentence("changes:T001")
    basis = page.words.box.text()
    assert "Đã lắp xong đường truyền" in basis and page.words.box.hasFocus()
    write(page, qtbot, "changes:T001", basis.replace("Đã lắp xong", "Xã đã lắp xong"))
    qtbot.waitUntil(lambda: "Xã đã lắp xong đường truyền" in text_of(page.shown.sheet))
    assert "đã sửa câu" in page.words.name.text()
    assert office.held(place[0], "T001").text("result") == "Đã lắp xong đường truyền."
    with qtbot.waitSignal(page.touched):
        QTest.mouseClick(page.words.back_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Xã đã lắp xong" not in text_of(page.shown.sheet))
    assert page.words.box.text() == basis


def test_the_numbers_of_a_sentence_cannot_be_changed(page, qtbot):
    page.show_sentence("changes:T001")
    wrong = page.words.box.text().replace("40%", "90%")
    page.words.box.set_text(wrong)
    page.words.commit()
    qtbot.waitUntil(lambda: bool(page.words._fault.text()))
    assert page.words.box.text() == wrong
    page.words.step(1)
    page.words.step(-1)
    assert page.words.box.text() == wrong  # not in the report, and not lost
    assert "90%" not in text_of(page.shown.sheet)


def test_a_part_that_is_written_by_hand_comes_into_the_report(page, qtbot):
    write(page, qtbot, "extra", "Tiếp đoàn công tác về chuyển đổi số.")
    qtbot.waitUntil(lambda: "Tiếp đoàn công tác" in text_of(page.shown.sheet))


def test_a_long_sentence_is_kept_while_it_is_typed(page, qtbot, monkeypatch):
    page.show_sentence("extra")
    QTest.keyClicks(page.words.box, "Tiep doan ")
    page.words.box._timer.stop()  # the pause never comes
    with qtbot.waitSignal(page.touched):
        page.words.box.typed_on.emit()
    QTest.keyClicks(page.words.box, "cua tinh")
    with qtbot.assertNotEmitted(page.words.wrote):  # not each two seconds: each is a change that travels
        page.words.box.typed_on.emit()
    monkeypatch.setattr(page.words, "_committed", page.words._committed - 60)
    with qtbot.waitSignal(page.touched):
        page.words.box.typed_on.emit()
    qtbot.waitUntil(lambda: "Tiep doan cua tinh" in text_of(page.shown.sheet))


def test_a_fault_goes_when_the_numbers_stand_there_again(page, qtbot):
    page.show_sentence("changes:T001")
    right = page.words.box.text()
    page.words.box.set_text(right.replace("40%", "90%"))
    page.words.commit()
    qtbot.waitUntil(lambda: bool(page.words._fault.text()))
    page.words.box.set_text(right)
    page.words.commit()
    assert not page.words._fault.text()


def test_what_is_written_into_one_report_does_not_stand_in_another(page, qtbot):
    odd = "Tiếp đoàn\u00a0công tác.\n\n\nHọp."  # kept in another form than it was typed
    write(page, qtbot, "extra", odd)
    page.look_at(Asked("month", None, "ubnd_tinh"))
    qtbot.waitUntil(lambda: page.shown.period.kind == "month")
    page.show_sentence("extra")
    assert page.words.box.text() == ""
    page.words.box.set_text("Hai dòng.")
    page.words.commit()
    page.look_at(Asked())  # while it is on its way into the ledger
    qtbot.waitUntil(lambda: page.shown.period.kind == "week" and not page.words.box.isReadOnly())
    page.show_sentence("extra")
    assert "Tiếp đoàn công tác" in page.words.box.text()
    page.look_at(Asked("month", None, "ubnd_tinh"))
    qtbot.waitUntil(lambda: "Hai dòng." in text_of(page.shown.sheet))
    assert page.words.box.text() == "Hai dòng."


def test_words_that_another_machine_changed_later_are_shown_instead_of_those_typed_here(
    place, page, qtbot, tmp_path
):
    write(page, qtbot, "extra", "Tiếp đoàn công tác.")
    qtbot.waitUntil(lambda: "Tiếp đoàn" in text_of(page.shown.sheet))
    with place[0].ledger.edit() as edit:
        sentences.write_sentence(edit, WEEK, "ubnd_tinh", "extra", "Tiếp hai đoàn.", "")
    page.words.list.setFocus()
    page.reload()
    qtbot.waitUntil(lambda: page.words.box.text() == "Tiếp hai đoàn.")


def test_a_sentence_whose_record_changed_is_offered_side_by_side(place, page, qtbot):
    page.show_sentence("changes:T001")
    own = page.words.box.text() + " Bà con phấn khởi."
    write(page, qtbot, "changes:T001", own)
    office.record(place[0], "T001", percent=60, result="Đã lắp xong và chạy thử.")
    page.reload()
    qtbot.waitUntil(page.words.aside.isVisible)
    assert page.words.box.text() == own and "chạy thử" in page.words.fresh.text()
    with qtbot.waitSignal(page.touched):
        QTest.mouseClick(page.words.take_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.words.aside.isVisible())
    assert "chạy thử" in page.words.box.text() and "phấn khởi" not in text_of(page.shown.sheet)


def test_words_of_a_sentence_that_goes_meanwhile_are_kept(place, page, qtbot):
    device, wire = place
    page.show_sentence("changes:T001")
    QTest.keyClicks(page.words.box, "Moi viet. ")
    gone = {"task": task_id("P", "T001"), "unit": UNIT, "withdrawn_on": "2025-07-01"}
    wire.province.issue(Wanted("assignment", gone))
    device.sync(wire)
    page.reload()
    qtbot.waitUntil(lambda: "changes:T001" in {item.slot for item in page.shown.draft.stale}, timeout=8_000)
    assert "Moi viet" in page.words._shown["changes:T001"].text


def test_f2_opens_the_task_of_the_sentence(page, qtbot):
    page.activateWindow()
    page.show_sentence("changes:T001")
    with qtbot.waitSignal(page.wants_page) as wanted:
        QTest.keyClick(page.words.box, Qt.Key.Key_F2)
    assert wanted.args == ["week", "T001"]


def test_what_another_machine_wrote_in_a_sentence_is_not_written_over(place, page, qtbot, tmp_path):
    device, wire = place
    other = office.second_device(device, tmp_path / "other.db", wire)
    slot, basis = "extra", ""
    with other.ledger.edit() as edit:
        sentences.write_sentence(edit, WEEK, "ubnd_tinh", slot, "Của máy kia.", basis)
    other.sync(wire)
    device.sync(wire)
    write(page, qtbot, slot, "Của máy này.")
    with device.ledger.read() as connection:
        held, _basis = sentences.shown(connection, WEEK, "ubnd_tinh", slot)
    assert held.conflict and {head.change.fields["text"] for head in held.heads} == {
        "Của máy kia.",
        "Của máy này.",
    }
    qtbot.waitUntil(lambda: any(b.text() == "Chọn bản" for b in page.missing.findChildren(Button)))
    assert page.words.list.currentIndex().data(Roles.ROW).flags[0].word == "2 bản"
    other.close()


def test_two_edits_of_one_sentence_are_one_after_the_other(place, page, qtbot):
    page.show_sentence("extra")
    for text in ("Một.", "Hai."):
        page.words.box.set_text(text)
        page.words.commit()
    qtbot.waitUntil(lambda: "Hai." in text_of(page.shown.sheet))
    with place[0].ledger.read() as connection:
        held, _basis = sentences.shown(connection, WEEK, "ubnd_tinh", "extra")
    assert (held.value, held.conflict) == ("Hai.", False)


# Other periods


def test_a_month_shows_its_own_sheet_and_what_was_never_recorded(page, qtbot):
    page.bar.kind_chosen.emit("month")
    qtbot.waitUntil(lambda: page.shown.period == Period.parse("2025-07"))
    assert page.bar.name.text() == "Tháng 7/2025"
    assert "THÁNG 7 NĂM 2025" in text_of(page.shown.sheet).upper()
    assert sorted(page.missing.list.rows.keys()) == ["T002", "T003"]
    assert not page.missing.nothing_button.isVisible()
    assert page.title == "Báo cáo" and page.subtitle == "Hạn nộp 17:00, ngày 16/07"
    page.show_sentence("direction")
    assert page.words.box.text() == ""


def test_the_sum_of_a_month_names_only_what_stands_above_it(page, qtbot):
    page.look_at(Asked("month", None, "ubnd_tinh"))
    qtbot.waitUntil(lambda: page.shown.period.kind == "month")
    chips = [chip.text() for chip in page.compared.findChildren(Chip)]
    assert "Tạm dừng" not in chips and page.compared.sum.text() == "3 = 0 + 1 + 2"


def test_what_the_weeks_wrote_is_folded_under_the_sentence_of_a_month(place, page, qtbot):
    page.show_target(Period.parse("2025-07"))
    qtbot.waitUntil(lambda: page.shown.period.kind == "month" and bool(page.words._shown))
    slot = next(slot for slot, item in page.words._shown.items() if item.weeks)
    page.show_sentence(slot)
    assert page.words.weeks.isHidden()
    QTest.mouseClick(page.words.weeks_button, Qt.MouseButton.LeftButton)
    assert page.words.weeks.text() == "Tuần 27: Đã lắp xong đường truyền."
    assert page.words.weeks.isVisible()


def test_where_several_periods_end_together_one_report_is_offered(page, qtbot):
    page.show_target(Period.parse("2025-06"))
    qtbot.waitUntil(lambda: "Chỉ cần một báo cáo" in page.notice.text)
    QTest.mouseClick(answers(page.notice)[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.shown.period == Period.parse("2025-H1"))
    assert "gồm cả: quý II năm 2025, tháng 6 năm 2025" in page.notice.text


def test_a_period_does_not_turn_under_the_fingers_but_when_the_page_is_opened(place, page, qtbot):
    place[0].clock.now += 3 * 86_400 + 7 * 3600  # Friday 17:21: late, and nothing is blocked
    page.reload()
    qtbot.waitUntil(lambda: page.shown.now.week == Week(2025, 28))
    assert page.shown.period == WEEK and page.bar.next_button.isEnabled()
    page.focus_start()
    qtbot.waitUntil(lambda: page.shown.period == Period.parse("2025-W28"))
    assert "tuần 27" in page.notice.text.lower() and "chưa chốt" in page.notice.text
    QTest.mouseClick(answers(page.notice)[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.shown.period == WEEK)


def test_the_key_for_the_week_leads_back_from_another_period(page, qtbot):
    page.look_at(Asked("month", None, "tinh_uy"))
    qtbot.waitUntil(lambda: page.shown.period.kind == "month")
    page.show_target("week")
    qtbot.waitUntil(lambda: page.shown.period == WEEK)
    assert page.shown.line == "tinh_uy"


def test_after_the_cut_off_the_report_that_is_due_is_shown(place, page, qtbot):
    place[0].clock.now += 3 * 86_400 + 5 * 3600  # Friday 15:21
    page.look_at(Asked())
    qtbot.waitUntil(lambda: page.shown.now.week == Week(2025, 28))
    assert page.shown.period == WEEK and page.bar.later.isEnabled()


def test_what_is_missing_after_the_cut_off_is_recorded_in_the_week_of_the_report(place, page, qtbot):
    place[0].clock.now += 3 * 86_400 + 5 * 3600  # Friday 15:21
    page.look_at(Asked())
    qtbot.waitUntil(lambda: page.shown.now.week == Week(2025, 28))
    page.missing.list.select("T002")
    with qtbot.waitSignal(page.wants_page) as wanted:
        QTest.mouseClick(page.missing.record_button, Qt.MouseButton.LeftButton)
    assert wanted.args == ["week", ("T002", WEEK.week)]


def test_from_the_week_to_the_printing_window_by_keyboard_alone(page, qtbot):
    """Ctrl+B has opened the page; the first thing missing has the focus."""
    page.acts.ask.desk = FakeDesk("HP LaserJet P1102")
    page.activateWindow()
    page.focus_start()
    assert page.missing.list.hasFocus()
    for code in ("T002", "T003"):
        page.missing.list.select(code)
        page.missing.nothing_button.setFocus()
        with qtbot.waitSignal(page.touched):
            QTest.keyClick(page.missing.nothing_button, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda code=code: code not in set(page.missing.list.rows.keys()))
    page.focus_start()
    assert page.bar.next_button.hasFocus()
    QTest.keyClick(page.bar.next_button, Qt.Key.Key_Return)
    yes = answers(page.question)[0]
    assert yes.hasFocus()
    QTest.keyClick(yes, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.acts.panel is not None)
    page.acts.panel.close()
