"""Evidence under a task: by button, by drag, by paste; told in words, taken away and brought back."""

import threading

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.services import evidence as service
from app.services import opening
from app.storage.home import Home
from tests.ui import office, seen
from ui import pictures
from ui.evidence import Evidence
from ui.jobs import Jobs
from ui.pages.week import WeekPage
from ui.widgets.buttons import Button
from ui.widgets.combo import Combo
from ui.window import Window

KEY, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


class Desk:
    def __init__(self, folder, qtbot):
        self.qtbot, self.jobs = qtbot, Jobs()
        self.device, self.wire, self.province = office.open_office(folder, *office.many(3))
        home = Home(folder / "home")
        home.path.mkdir()
        device = self.device
        self.opened = opening.Opened(
            home, device.ledger, device.key.sign, "file", device.subkey, device.engine, b""
        )
        self.evidence = Evidence(self.opened)
        self.page = WeekPage(device.ledger, self.jobs, self.evidence)
        self.window = Window((self.page,), self.jobs)
        qtbot.addWidget(self.window)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        self.window.open_page("week")
        self.open("T002")

    def settle(self):
        pictures.settle(self.window)

    def open(self, code):
        self.settle()
        self.window.open_page("week", code)
        self.settle()

    @property
    def panel(self):
        return self.page.editor.form.evidence

    def files(self, code=None):
        with self.device.ledger.read() as connection:
            return [i.name for i in service.items(connection) if code in (None, i.task)]

    def texts(self):
        return [label.text() for label in self.panel.findChildren(QLabel) if label.isVisibleTo(self.panel)]

    def button(self, words):
        return next(
            b for b in self.panel.findChildren(Button) if b.text() == words and b.isVisibleTo(self.panel)
        )

    def drop(self, *files):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        event = QDropEvent(
            QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        self.page.editor.form.dropEvent(event)


@pytest.fixture
def desk(tmp_path, qtbot):
    made = Desk(tmp_path, qtbot)
    yield made
    made.jobs.close()
    made.device.close()
    made.province.close()


def photo(folder, name="Lớp học.jpg", colour=(200, 30, 30), side=1200):
    path = folder / name
    Image.new("RGB", (side, side), colour).save(path, "JPEG", quality=95)
    return path


def test_a_photo_is_added_by_button_and_stands_with_picture_size_and_word(desk, tmp_path):
    desk.page.editor.evidence.ask_files = lambda _parent: [photo(tmp_path)]
    QTest.mouseClick(desk.panel.add_button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.files("T002") == ["Lớp học.jpg"]
    texts = desk.texts()
    assert "Lớp học.jpg" in texts and "Chờ gửi" in texts
    assert any("văn thư mật" in text for text in texts)
    assert desk.panel.summary.text().startswith("1 tệp,")
    (picture,) = desk.panel.pictures.values()
    desk.qtbot.waitUntil(lambda: not picture._image.isNull())
    assert "đã thêm Lớp học.jpg" in desk.page.undo_line._text.text()
    assert seen.faults(desk.window) == []


def test_undo_takes_the_file_away_and_removing_can_be_undone(desk, tmp_path):
    desk.drop(photo(tmp_path))
    desk.settle()
    QTest.keyClick(desk.window, KEY.Key_Z, CONTROL)
    desk.settle()
    assert desk.files() == []
    desk.drop(photo(tmp_path))
    desk.settle()
    QTest.mouseClick(desk.button("Bỏ"), Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.files() == [] and desk.panel.rows == ()
    QTest.keyClick(desk.window, KEY.Key_Z, CONTROL)
    desk.settle()
    assert desk.files("T002") == ["Lớp học.jpg"]


@pytest.mark.parametrize("where", ["list", "box"])
def test_a_picture_of_the_clipboard_is_pasted(desk, where):
    picture = QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor("#336699"))
    QGuiApplication.clipboard().setImage(picture)
    target = desk.page.list if where == "list" else desk.page.editor.form.boxes["result"]
    target.setFocus()
    QTest.keyClick(target, KEY.Key_V, CONTROL)
    desk.settle()
    (name,) = desk.files("T002")
    assert name.startswith("Ảnh dán 01-07-2025")
    assert desk.page.editor.form.boxes["result"].text() == ""


def test_words_are_pasted_as_words(desk):
    QGuiApplication.clipboard().setText("Đã làm xong")
    box = desk.page.editor.form.boxes["result"]
    box.setFocus()
    QTest.keyClick(box, KEY.Key_V, CONTROL)
    assert box.text() == "Đã làm xong"
    assert desk.files() == []


def test_typing_goes_on_while_a_photo_shrinks_and_it_lands_where_it_was_dropped(desk, tmp_path, monkeypatch):
    go, prepare = threading.Event(), desk.evidence.prepare
    monkeypatch.setattr(desk.evidence, "prepare", lambda path, size: (go.wait(20), prepare(path, size))[1])
    desk.drop(photo(tmp_path))
    assert "Đang thu nhỏ, kiểm tra …" in desk.texts()
    box = desk.page.editor.form.boxes["result"]
    box.setFocus()
    QTest.keyClicks(box, "Toi viet")
    assert box.text() == "Toi viet"
    desk.window.open_page("week", "T003")
    go.set()
    desk.settle()
    assert desk.files("T002") == ["Lớp học.jpg"] and desk.files("T003") == []
    assert desk.panel.rows == ()
    assert office.held(desk.device, "T002").text("result") == "Toi viet"


def test_another_size_takes_the_place_of_the_first(desk, tmp_path):
    import os

    path = tmp_path / "a.jpg"
    Image.frombytes("RGB", (900, 900), os.urandom(900 * 900 * 3)).save(path, "JPEG", quality=97)
    desk.drop(path)
    desk.settle()
    combo = next(c for c in desk.panel.findChildren(Combo) if c.isVisibleTo(desk.panel))
    with desk.device.ledger.read() as connection:
        (before,) = service.items(connection)
    combo.setCurrentIndex(2)
    combo.chosen.emit(combo.value())
    desk.settle()
    with desk.device.ledger.read() as connection:
        (after,) = service.items(connection)
    assert after.size > 2 * before.size


def test_what_is_not_taken_is_said_and_the_others_go_on(desk, tmp_path):
    bad = tmp_path / "chuong-trinh.exe"
    bad.write_bytes(b"MZ" + bytes(100))
    desk.drop(bad, photo(tmp_path))
    desk.settle()
    assert "chuong-trinh.exe" in desk.panel.notice.text
    assert "Nhận" in desk.panel.notice.text
    assert desk.files("T002") == ["Lớp học.jpg"]
    assert desk.panel.rows[0].name == "Lớp học.jpg" and len(desk.panel.rows) == 1


def test_the_same_photo_at_another_task_is_told(desk, tmp_path):
    desk.drop(photo(tmp_path))
    desk.settle()
    desk.open("T003")
    desk.drop(photo(tmp_path))
    desk.settle()
    assert "T002" in desk.panel.notice.text


@pytest.mark.parametrize("size", [(1366, 697), (911, 512)])
def test_nothing_is_cut_off(desk, tmp_path, size):
    desk.drop(photo(tmp_path, "Ảnh lớp Bình dân học vụ số ở bản Noọng Dẻ, buổi thứ hai.jpg"))
    desk.window.resize(*size)
    desk.settle()
    desk.qtbot.wait(20)
    assert seen.faults(desk.window) == []


def test_tab_goes_from_adding_to_the_files(desk, tmp_path):
    desk.drop(photo(tmp_path))
    desk.settle()
    desk.panel.add_button.setFocus()
    QTest.keyClick(desk.window.focusWidget(), KEY.Key_Tab)
    assert isinstance(desk.window.focusWidget(), Combo)
    QTest.keyClick(desk.window.focusWidget(), KEY.Key_Tab)
    QTest.keyClick(desk.window.focusWidget(), KEY.Key_Space)
    desk.settle()
    assert desk.files() == []
