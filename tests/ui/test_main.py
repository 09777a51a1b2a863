import math
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import event

from app.domain.ids import random_id, random_stream
from app.services import opening
from app.services.lines import lines
from app.services.weeks import present
from app.storage import backup, tables
from app.storage.home import Home
from app.storage.meta import Identity
from sync.client.engine import Exchange, synchronise
from sync.client.link import NoConnection, Progress, StoppedByUser
from sync.protocol.enrolment import new_code
from sync.server import enrolment
from tests.ui import office, seen
from tests.world import UNIT, Clock, Province, Wire, units
from ui import main, pictures, starting, tokens
from ui.application import SingleWindow, WindowOpen
from ui.jobs import Jobs
from ui.pages import first_run
from ui.widgets.buttons import Button
from ui.window import Window

PAGES = ["week", "tasks", "reports", "exchange", "settings"]


def enrolled(home, clock, province):
    def present_device(newcomer):
        certificate = province.enrol(newcomer.device, newcomer.public_key, box_key=newcomer.box_key)
        with province.store.read() as connection:
            pinned = province.store.public_key(connection)
            box_key = province.store.box_key(connection)
        return Identity(
            UNIT,
            "Xã Mường Xén",
            newcomer.device,
            "Văn phòng 1",
            random_stream(),
            "test",
            pinned,
            certificate,
            random_id(),
            box_key,
        )

    code = new_code(lambda n: bytes(range(n)))
    return opening.enrol(home, clock, code, "Lương Thị Hà", present_device, keyring=False)


@pytest.fixture
def place(tmp_path):
    clock = Clock(office.START)
    province = Province(tmp_path / "province.db", clock)
    province.issue(*units(UNIT), *office.many(5))
    home = Home(tmp_path / "home")
    opened = enrolled(home, clock, province)
    wire = Wire(province)
    synchronise(opened.ledger, wire, opened.sign)
    yield home, opened, wire, clock
    opened.close()
    province.close()


@pytest.fixture
def desk(place, qtbot):
    _, opened, wire, _ = place
    made = main.Desk(opened, Jobs(), lambda **_: synchronise(opened.ledger, wire, opened.sign))
    qtbot.addWidget(made.window)
    made.start(exchange=False)
    pictures.settle(made.window)
    yield made
    made.courier.stop()
    made.watch.stop()
    made.jobs.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Recording:
    """Records as another program on the same file does."""

    def __init__(self, opened):
        self.ledger, self.clock = opened.ledger, opened.ledger.now


def test_the_rail_holds_the_pages_of_this_version_and_no_other(desk):
    assert [page.key for page in desk.window.pages if not page.under] == PAGES
    assert not any(child.inherits("PracticeBand") for child in desk.window.children())


def test_the_band_says_two_versions_on_every_page_until_none_is_left_and_leads_there(
    place, desk, tmp_path, qtbot
):
    _, opened, wire, _ = place
    other = office.second_device(Recording(opened), tmp_path / "other.db", wire)
    office.record(other, "T001", result="Ban")
    other.sync(wire)
    other.close()
    office.record(Recording(opened), "T001", result="Toi")
    desk.courier.send()
    qtbot.waitUntil(lambda: "1 chỗ có hai bản khác nhau" in desk.window.band.state.text)
    QTest.mouseClick(desk.window.band, Qt.MouseButton.LeftButton)
    assert desk.window.page.key == "two"
    qtbot.waitUntil(lambda: len(desk.window.page.buttons) == 2)
    desk.window.page.buttons[0].click()
    qtbot.waitUntil(lambda: "hai bản" not in desk.window.band.state.text)


def test_f5_sends_and_the_band_says_so(place, desk, qtbot):
    office.record(Recording(place[1]), "T001", percent=40)
    desk.watch.look()
    qtbot.waitUntil(lambda: "1 mục chờ gửi" in desk.window.band.state.text)
    with qtbot.waitSignal(desk.courier.went):
        QTest.keyClick(desk.window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "Tỉnh đã nhận tất cả" in desk.window.band.state.text)


def test_without_a_connection_the_band_is_calm_and_it_is_tried_again(place, desk, qtbot):
    office.record(Recording(place[1]), "T001", percent=40)
    place[2].lose = "request"
    with qtbot.waitSignal(desk.courier.missed) as missed:
        desk.courier.send()
    assert isinstance(missed.args[0], NoConnection)
    qtbot.waitUntil(lambda: "Chưa có mạng" in desk.window.band.state.text)
    assert desk.window.notice.text == ""
    qtbot.waitUntil(lambda: desk.courier.wait <= 60)  # by itself, within the first wait


def test_f5_without_a_connection_is_answered_though_nothing_waits(place, desk, qtbot):
    with qtbot.waitSignal(desk.courier.went):
        desk.courier.send()
    qtbot.waitUntil(lambda: "Tỉnh đã nhận tất cả" in desk.window.band.state.text)
    place[2].lose = "request"
    with qtbot.waitSignal(desk.courier.missed):
        QTest.keyClick(desk.window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "Chưa có mạng" in desk.window.band.state.text)
    assert "Tỉnh đã nhận tất cả" in desk.window.band.state.text


def test_what_another_program_wrote_is_shown(place, desk, qtbot):
    desk.watch.look()
    qtbot.waitUntil(lambda: desk.jobs.idle)
    office.record(Recording(place[1]), "T001", percent=40)
    with qtbot.waitSignal(desk.watch.foreign):
        desk.watch.look()


def test_an_edit_is_sent_with_what_follows(desk):
    assert desk.courier.wait == math.inf
    desk.window.pages[-1].touched.emit(frozenset({"unit_settings"}))
    assert 25 < desk.courier.wait <= 30


def test_closing_keeps_the_text_and_leaves_a_verified_copy(place, desk, qtbot):
    home = place[0]
    settings_page = next(page for page in desk.window.pages if page.key == "settings")
    desk.window.open_page("settings")
    pictures.settle(desk.window)
    settings_page.fields["signer"].box.setText("Nguyễn Văn Minh")
    with qtbot.waitSignal(desk.closed, timeout=20_000):
        desk.window.close()
    assert not desk.window.isVisible()
    (copy,) = backup.made(home)
    assert copy.path.stat().st_size > 0
    again = opening.open_home(home, place[3])
    from app.services import settings

    with again.ledger.read() as connection:
        kept = settings.shown(connection, again.ledger.identity)["signer"]
    again.close()
    assert settings.value(kept) == "Nguyễn Văn Minh"


def test_a_copy_that_fails_is_said_and_a_person_decides(place, desk, qtbot):
    home = place[0]
    for path in home.backups.iterdir():
        path.unlink()
    home.backups.rmdir()
    home.backups.write_text("a file where the folder should be", encoding="utf-8")
    desk.window.close()
    dialog = desk.closing.dialog
    qtbot.waitUntil(lambda: dialog.line.isHidden())
    assert desk.window.isVisible()
    with qtbot.waitSignal(desk.closed):
        dialog.without.emit()
    assert not desk.window.isVisible()


@pytest.mark.parametrize("size", [(1366, 768), (1366, 697), (911, 465), (800, 600)])
def test_nothing_is_cut_off_on_any_page(desk, qtbot, size):
    desk.window.resize(*size)
    for page in desk.window.pages:
        desk.window.open_page(page.key)
        pictures.settle(desk.window)
        qtbot.wait(150)
        pictures.settle(desk.window)
        assert seen.faults(desk.window) == [], page.key
    assert desk.window.size().toTuple() == size


@pytest.mark.parametrize("key", [*PAGES, "two"])
def test_a_page_asks_a_fixed_number_of_queries(tmp_path, qtbot, key):
    def asked(count):
        folder = tmp_path / str(count)
        folder.mkdir()
        device, _, province = office.open_office(folder, *office.many(count))
        opened = opening.Opened(
            Home(folder), device.ledger, device.key.sign, "file", device.subkey, device.engine, b""
        )
        desk = main.Desk(opened, Jobs(), lambda: None)
        qtbot.addWidget(desk.window)
        desk.window.show()
        statements = []
        event.listen(device.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        desk.window.open_page(key)
        pictures.settle(desk.window)
        desk.jobs.close()
        device.close()
        province.close()
        return len(statements)

    few = asked(3)
    assert 0 < few < 40
    assert asked(60) == few


def test_pictures_of_all_pages(place, tmp_path):
    home, opened, _, clock = place
    folder = tmp_path / "pictures"
    folder.mkdir()
    files = main.pictures(home, clock, folder, language="vi", colours=tokens.LIGHT)
    assert [file.name for file in files] == [f"{n}-{key}.png" for n, key in enumerate(PAGES, 1)]
    with opened.ledger.read() as connection:
        now = present(connection, opened.ledger.now())
        assert len(lines(connection, now.week, now)) == 5


def test_the_first_run_ends_in_the_window_without_a_restart(tmp_path, qtbot, monkeypatch):
    clock = Clock(office.START)
    province = Province(tmp_path / "province.db", clock)
    province.issue(*units(UNIT), *office.many(2))
    home, kept = Home(tmp_path / "home"), []
    monkeypatch.setattr(starting.Starting, "enrol", lambda *_asked: enrolled(home, clock, province))
    first = main._first_run(home, clock, kept)
    qtbot.addWidget(first)
    first.card.server.setText("http://127.0.0.1:9")
    first.card.code.setText(new_code(lambda n: bytes(range(n))))
    first.card.name.setText("Lương Thị Hà")
    for _step in range(3):
        first.go_on()
    qtbot.waitUntil(lambda: bool(kept) and not first.isVisible())
    (desk,) = kept
    qtbot.addWidget(desk.window)
    assert desk.window.isVisible()
    assert str(home.path) in desk.window.notice.text  # where the keys lie, said once
    with qtbot.waitSignal(desk.closed, timeout=20_000):
        desk.window.close()
    assert len(backup.made(home)) == 1
    province.close()


def test_a_file_of_the_province_is_enough_to_begin_without_any_connection(tmp_path, qtbot):
    clock = Clock(office.START)
    province = Province(tmp_path / "province.db", clock)
    province.issue(*units(UNIT), *office.many(4))
    with province.store.write() as connection:
        made = enrolment.enrol_file(province.store, connection, UNIT, address="http://127.0.0.1:9")
    file = tmp_path / "ghi-danh"
    file.write_bytes(made)
    home, kept = Home(tmp_path / "home"), []
    home.path.mkdir()
    home.mark_demo({"start": office.START, "began": 0.0})  # whose keys never go into a keyring
    first = main._first_run(home, clock, kept)
    qtbot.addWidget(first)
    first.open_file(file)
    qtbot.waitUntil(lambda: first.step == first_run.FILE)
    assert "(16813)" in first.card.unit.text() and "4 nhiệm vụ" in first.card.unit_facts.text()
    assert not home.is_enrolled
    first.go_on()
    first.card.name.setText("Lương Thị Hà")
    first.go_on()
    qtbot.waitUntil(lambda: bool(kept) and not first.isVisible())
    (desk,) = kept
    qtbot.addWidget(desk.window)
    assert "Có thể làm việc ngay" in desk.window.notice.text
    qtbot.waitUntil(lambda: desk.window.page.shown is not None and len(desk.window.page.shown.lines) == 4)
    with qtbot.waitSignal(desk.closed, timeout=20_000):
        desk.window.close()
    province.close()


def test_the_program_runs_until_its_window_is_closed_and_ends_well(place, qtbot):
    home, opened, _, clock = place
    opened.close()

    def close():
        shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, Window) and w.isVisible()]
        for window in shown:
            window.close()
        if not shown:  # the ledger is still being opened
            QTimer.singleShot(50, close)

    QTimer.singleShot(300, close)
    assert main.run(home, clock, language="vi") == 0
    assert len(backup.made(home)) == 1


def test_a_second_window_on_the_same_home_is_refused(place, qtbot):
    home, _, _, clock = place
    first = SingleWindow(home.path)
    first.take()
    with pytest.raises(WindowOpen):
        main.run(home, clock, language="vi")
    first.release()


class Road:
    """An exchange that tells what the test wants, and waits until it is let go or stopped."""

    def __init__(self):
        self.asked, self.tell, self.go = [], None, threading.Event()
        self.first, self.fails = Progress("words", 10, 20, 0, 0), None

    def __call__(self, *, evidence, tell, stopped):
        self.asked.append(evidence)
        self.tell = tell
        tell(self.first)
        while not self.go.wait(0.01):
            if stopped():
                raise StoppedByUser()
        if self.fails is not None:
            raise self.fails
        return Exchange(0, 0, 0, 0, 1, 20, 20, 0.1, ())


@pytest.fixture
def road(place, qtbot):
    road = Road()
    with place[1].ledger.edit() as edit:
        edit.connection.execute(
            tables.file.insert().values(sha256="ab" * 32, size=4 << 20, kind="photo", added_at=1, sent=0)
        )
    made = main.Desk(place[1], Jobs(), road)
    qtbot.addWidget(made.window)
    made.start(exchange=False)
    pictures.settle(made.window)
    yield road, made
    road.go.set()
    made.courier.stop()
    made.watch.stop()
    made.jobs.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def press(desk, words):
    button = next(b for b in desk.window.findChildren(Button) if b.text() == words and b.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_much_evidence_waits_for_a_word_while_the_words_go(road, qtbot):
    road, desk = road
    desk.courier.send()
    qtbot.waitUntil(lambda: "1 tệp minh chứng (4,0 MB)" in desk.window.question.text)
    assert road.asked == [False]
    assert not desk.window.isActiveWindow() or desk.window.focusWidget() is not None  # nothing is modal
    with desk.opened.ledger.edit() as edit:
        edit.connection.execute(
            tables.file.insert().values(sha256="cd" * 32, size=4 << 20, kind="photo", added_at=1, sent=0)
        )
    desk.watch.refresh()
    qtbot.waitUntil(lambda: "2 tệp minh chứng (8,0 MB)" in desk.window.question.text)
    press(desk, "Gửi cả ảnh")
    assert desk.window.question.text == ""
    road.go.set()
    qtbot.waitUntil(lambda: road.asked == [False, True])


def test_a_province_that_was_not_reached_is_not_said_to_be(road, qtbot):
    road, desk = road
    road.first, road.fails = Progress("words", 0, 200, 0, 0), NoConnection(why="")
    with qtbot.waitSignal(desk.courier.told):
        desk.courier.send()
    assert desk.window.question.text == ""
    with qtbot.waitSignal(desk.courier.missed):
        road.go.set()
    desk.watch.refresh()
    qtbot.waitUntil(lambda: desk.jobs.idle)
    assert desk.window.question.text == ""


def test_words_only_is_asked_once(road, qtbot):
    road, desk = road
    desk.courier.send()
    qtbot.waitUntil(lambda: desk.window.question.text != "")
    press(desk, "Chỉ gửi chữ")
    road.go.set()
    qtbot.waitUntil(lambda: not desk.courier.busy)
    with qtbot.waitSignal(desk.courier.went):
        desk.courier.send()
    qtbot.waitUntil(lambda: desk.jobs.idle)
    assert road.asked == [False, False]
    assert desk.window.question.text == ""


def test_an_exchange_is_stopped_from_its_page_and_no_error_is_said(road, qtbot):
    road, desk = road
    desk.window.open_page("exchange")
    pictures.settle(desk.window)
    desk.courier.send()
    qtbot.waitUntil(lambda: road.asked != [] and desk.exchange_page.stop_button.isVisible())
    with qtbot.waitSignal(desk.courier.missed):
        QTest.mouseClick(desk.exchange_page.stop_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.exchange_page.send_button.isVisible())
    assert desk.window.notice.text == ""
