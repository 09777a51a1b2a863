import sys

from PySide6.QtGui import QGuiApplication

from app.domain.text import TextTooLong
from ui import problems
from ui.widgets.buttons import Button
from ui.widgets.notices import Notice


def test_an_error_of_ours_is_a_sentence_with_its_code(qtbot):
    problem = problems.problem(TextTooLong(length=30_000, limit=20_000))
    assert problem.code == "text-too-long"
    assert "30000" in problem.text.replace(".", "")
    assert problem.details == ""


def test_a_bug_is_one_calm_sentence_with_details_to_copy(qtbot):
    notice = Notice()
    qtbot.addWidget(notice)
    notice.resize(800, 60)
    try:
        raise RuntimeError("secret detail")
    except RuntimeError as error:
        problems.show(error, notice)
    assert "secret" not in notice.text
    assert "Traceback" not in notice.text
    assert "Chữ đã ghi vẫn còn" in notice.text
    copy = next(b for b in notice.findChildren(Button) if b.text() == "Chép chi tiết")
    copy.click()
    assert "RuntimeError: secret detail" in QGuiApplication.clipboard().text()


def test_what_nobody_caught_is_said(qtbot):
    before = sys.excepthook
    unexpected = problems.Unexpected()
    unexpected.install()
    try:
        with qtbot.waitSignal(unexpected.happened) as told:
            error = ValueError("x")
            sys.excepthook(ValueError, error, None)
        assert told.args == [error]
    finally:
        unexpected.remove()
    assert sys.excepthook is before
