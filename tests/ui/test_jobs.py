import threading
from concurrent.futures import Executor, Future

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from ui.jobs import Jobs


def test_a_result_comes_back_on_the_thread_of_the_window(qtbot, jobs):
    seen = []
    owner = QObject()
    jobs.run(owner, threading.get_ident, lambda ident: seen.append((ident, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    worked, delivered = seen[0]
    assert worked != threading.get_ident()
    assert delivered == threading.get_ident()


def test_an_error_goes_to_who_claims_it(qtbot, jobs):
    seen = []
    owner = QObject()
    jobs.run(owner, lambda: 1 / 0, seen.append, lambda error: seen.append(type(error)))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [ZeroDivisionError]


def test_an_error_that_nobody_claims_is_told_to_the_window(qtbot, jobs):
    owner = QObject()
    with qtbot.waitSignal(jobs.unclaimed) as told:
        jobs.run(owner, lambda: 1 / 0)
    assert told.args[0] is owner
    assert isinstance(told.args[1], ZeroDivisionError)


def test_what_arrives_after_its_owner_died_is_dropped(qtbot, jobs):
    gate = threading.Event()
    seen = []
    owner = QObject()
    jobs.unclaimed.connect(lambda *args: seen.append(args))
    jobs.run(owner, lambda: gate.wait(10) and 1, seen.append)
    jobs.run(owner, lambda: gate.wait(10) and 1 / 0)
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(owner, QEvent.Type.DeferredDelete)
    gate.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert seen == []


def test_edits_queue_up_in_the_ledger_lane(qtbot, jobs):
    gate = threading.Event()
    order = []
    owner = QObject()
    jobs.run(owner, lambda: gate.wait(10) and order.append("first"), lane="ledger")
    jobs.run(owner, lambda: order.append("second"), lane="ledger")
    jobs.run(owner, lambda: order.append("free"), lambda _: gate.set())
    qtbot.waitUntil(lambda: jobs.idle)
    assert order == ["free", "first", "second"]


def test_a_work_tells_how_far_it_came(qtbot, jobs):
    seen = []
    owner = QObject()

    def work(task):
        for part in range(3):
            task.progress(part)
        return "done"

    jobs.run_task(owner, work, seen.append, progress=seen.append)
    qtbot.waitUntil(lambda: jobs.idle)
    assert seen == [0, 1, 2, "done"]


class AtOnce(Executor):
    """A lane so fast that every work is over before its future is in anybody's hands."""

    def __init__(self, *args, **kwargs):
        pass

    def submit(self, work, /, *args, **kwargs):
        future = Future()
        future.set_result(work(*args, **kwargs))
        return future


def test_a_work_over_at_once_is_told_in_order_and_after_run_returned(qtbot, monkeypatch):
    monkeypatch.setattr("ui.jobs.ThreadPoolExecutor", AtOnce)
    jobs, seen, owner = Jobs(), [], QObject()
    jobs.run_task(owner, lambda task: task.progress(1) or "done", seen.append, progress=seen.append)
    assert seen == []
    qtbot.waitUntil(lambda: jobs.idle)
    assert seen == [1, "done"]


def test_a_cancelled_work_ends_at_its_next_check_and_says_nothing(qtbot, jobs):
    begun, seen = threading.Event(), []
    owner = QObject()

    def work(task):
        begun.set()
        while True:
            task.check()

    jobs.unclaimed.connect(lambda *args: seen.append(args))
    task = jobs.run_task(owner, work, seen.append, seen.append, progress=seen.append)
    assert begun.wait(10)
    task.cancel()
    qtbot.waitUntil(lambda: jobs.idle)
    assert seen == []


def test_closing_finishes_the_edits_in_the_queue(qtbot):
    jobs = Jobs()
    done = []
    owner = QObject()
    for number in range(5):
        jobs.run(owner, lambda number=number: done.append(number), lane="ledger")
    jobs.close()
    assert done == [0, 1, 2, 3, 4]
    assert jobs.run(owner, lambda: done.append("late")).cancelled
    assert "late" not in done


@pytest.mark.parametrize("failed", [True, False])
def test_an_answer_that_itself_fails_reaches_the_hook(qtbot, jobs, failed):
    owner = QObject()
    with qtbot.captureExceptions() as caught:
        jobs.run(owner, (lambda: 1 / 0) if failed else (lambda: 1), lambda _: {}["x"], lambda _: {}["x"])
        qtbot.waitUntil(lambda: jobs.idle and bool(caught))
    assert caught[0][0] is KeyError
